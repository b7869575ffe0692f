"""Findings as other programs read them: SARIF 2.1.0 for code hosts, JUnit XML for build servers."""

from collections.abc import Callable, Mapping, Sequence
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

import msgspec

from criteria.findings import Finding, errors
from criteria.mends import mend, told
from criteria.sentences import SENTENCES

Found = Mapping[str, Sequence[Finding]]
"""File name, with forward slashes, to its findings."""
SARIF = "https://json.schemastore.org/sarif-2.1.0.json"


def sarif(found: Found, language: str) -> str:
    """One run; each finding names its rule, and a file as a whole is its first line."""
    used = sorted({each.code for findings in found.values() for each in findings})
    log = {
        "$schema": SARIF,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "intyga criteria lint", "rules": [_rule(code, language) for code in used]}},
                "columnKind": "unicodeCodePoints",
                "artifacts": [{"location": {"uri": quote(file)}} for file in found],
                "results": [
                    _result(file, place, each, used, language)
                    for place, (file, findings) in enumerate(found.items())
                    for each in findings
                ],
            }
        ],
    }
    return msgspec.json.format(msgspec.json.encode(log), indent=2).decode() + "\n"


def junit(found: Found, language: str) -> str:
    """One case for each file; errors are failures, warnings are told in its output."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>']
    failed = sum(any(errors(findings)) for findings in found.values())
    counts = f'tests="{len(found)}" failures="{failed}" errors="0" skipped="0"'
    lines += [f'<testsuites name="intyga criteria lint" {counts}>', f'  <testsuite name="criteria" {counts}>']
    for file, findings in found.items():
        lines += _case(file, findings, language)
    return "\n".join([*lines, "  </testsuite>", "</testsuites>", ""])


REPORTS: dict[str, Callable[[Found, str], str]] = {"sarif": sarif, "junit": junit}


def _rule(code: str, language: str) -> dict[str, object]:
    severity = SENTENCES[code][0]
    rule: dict[str, object] = {
        "id": code,
        "shortDescription": {"text": code.replace("-", " ")},
        "defaultConfiguration": {"level": severity},
    }
    proposal = mend(code, language)
    return rule | ({"help": {"text": proposal}} if proposal else {})


def _result(file: str, place: int, each: Finding, used: list[str], language: str) -> dict[str, object]:
    region = {"startLine": max(1, each.line), "startColumn": max(1, each.column)}
    where = {"artifactLocation": {"uri": quote(file), "index": place}, "region": region}
    return {
        "ruleId": each.code,
        "ruleIndex": used.index(each.code),
        "level": each.severity,
        "message": {"text": told(each, language)},
        "locations": [
            {"physicalLocation": where}
            | ({"logicalLocations": [{"fullyQualifiedName": each.path}]} if each.path else {})
        ],
    }


def _case(file: str, findings: Sequence[Finding], language: str) -> list[str]:
    begin = f'    <testcase classname="criteria" name={_attribute(file)} file={_attribute(file)}'
    if not findings:
        return [f"{begin}/>"]
    failing = list(errors(findings))
    lines = [f"{begin}>"]
    if failing:
        first = _attribute(f"{failing[0].code} ({len(failing)})")
        lines_of = "\n".join(_line(file, each, language) for each in failing)
        lines.append(f'      <failure type="criteria" message={first}>{_text(lines_of)}</failure>')
    warnings = [each for each in findings if each.severity == "warning"]
    if warnings:
        lines_of = "\n".join(_line(file, each, language) for each in warnings)
        lines.append(f"      <system-out>{_text(lines_of)}</system-out>")
    return [*lines, "    </testcase>"]


def _line(file: str, each: Finding, language: str) -> str:
    return f"{file}:{each.line}:{each.column}: {each.severity} {each.code} {told(each, language)}"


def _text(text: str) -> str:
    return escape(_allowed(text))


def _attribute(text: str) -> str:
    return quoteattr(_allowed(text))


def _allowed(text: str) -> str:
    """XML 1.0 has no way to write control characters, and a file can be named with them."""
    return "".join(each if each >= " " or each in "\n\t" else "�" for each in text if not "\ud800" <= each <= "\udfff")
