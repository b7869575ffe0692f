"""One faulty file per code; `¤` marks where the finding must point and is taken away before reading."""

from pathlib import Path

from criteria import reader
from criteria.findings import Finding
from criteria.identity import identity
from criteria.linter import lint_bytes
from criteria.model import Edition

SOUND = Path(reader.__file__).with_name("new.yaml").read_text(encoding="utf-8").replace("STANDARD", "min-standard")
FACT = "- {id: measure, type: number, title: {sv: Mått, en: Measure}, unit: mm, maximum: {parameter: example_max}}"
OUTCOME_2 = SOUND[SOUND.index("      - id: M1.L2") :]
TABLE = """- id: measure
                type: table
                title: {sv: Mått, en: Measure}
                columns:
                  - {id: a, title: {sv: A, en: A}, kind: number, unit: mm, maximum: {parameter: example_max}}
                  - {id: t, title: {sv: T, en: T}, kind: text}
                  - """
CHOICE = "- {id: measure, type: choice, title: {sv: V, en: C}, options: [%s]}"


def edition() -> Edition:
    return reader.read(SOUND.encode())


def shelf(standard: str, number: str) -> Edition:
    """What a file under test may reuse."""
    if (standard, number) != ("min-standard", "2026.1"):
        raise LookupError
    return edition()


def changed(old: str, new: str) -> str:
    assert SOUND.count(old) >= 1, old
    return SOUND.replace(old, new, 1)


def using(module: str = "M1", sha256: str | None = None, extra: str = "", **changes: str) -> str:
    """A standard whose only module is reused."""
    head = SOUND[: SOUND.index("modules:\n  - id: M1")].replace("standard: min-standard", "standard: other")
    for name in ("sources", "parameters", "prerequisites"):
        start = head.index(f"{name}:\n")
        head = head[:start] + head[head.index("\n\n", start) :]
    for old, new in changes.items():
        assert old in head
        head = head.replace(old, new)
    return f"""{head}{extra}
modules:
  - use: ¤{{standard: min-standard, module: {module}, edition: "2026.1", sha256: {sha256 or identity(edition())}}}
"""


def elsewhere(text: str, mark: str) -> str:
    """The same file with the mark moved."""
    return text.replace("¤", "").replace(mark, f"¤{mark}")


def found(text: str) -> tuple[Finding, ...]:
    return lint_bytes(text.replace("¤", "").encode(), modules=shelf)


def place(text: str) -> tuple[int, int]:
    before = text[: text.index("¤")]
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def table(column: str) -> str:
    return changed(FACT, TABLE + column)


FORM = {
    "file-bom": "¤\ufeff" + SOUND,
    "file-line-ends": "¤" + SOUND.replace("\n", "\r\n"),
    "file-empty": "¤ \n",
    "character": changed("Yrkets namn", "Yrkets¤\u202e namn"),
    "tab": changed('  sv: "Utkast', '¤\t sv: "Utkast'),
    "depth": "¤" + "- " * 41 + "x",
    "yaml": changed("title: {sv: Yrkets namn", "title: sv¤: {sv: Yrkets namn"),
    "alias": changed("{sv: Yrkets namn, en: Name of the trade role}", "¤*other"),
    "anchor": changed("{sv: Yrkets namn", "¤&name {sv: Yrkets namn"),
    "tag": changed("standard: min-standard", "standard: ¤!!python/name:os.system min-standard"),
    "directive": "¤%YAML 1.1\n---\n" + SOUND,
    "merge-key": changed("status: draft", "¤<<: {status: draft}"),
    "second-document": SOUND + '¤---\nformat: "1"\n',
    "key-not-text": changed("status: draft", "¤[status]: draft"),
    "key-repeated": changed("status: draft", "status: draft\n¤status: review"),
    "ambiguous-word": changed("country: SE", "country: ¤NO"),
    "number-form": changed("value: 0.5", "value: ¤5e-1"),
    "unquoted-date": changed('valid_from: "2026-01-01"', "valid_from: ¤2026-01-01"),
}
SHAPE = {
    "unquoted": changed('edition: "2026.1"', "edition: ¤2026.1"),
    "quoted-number": changed("value: 0.5", 'value: ¤"0.5"'),
    "unknown-key": changed("status: draft", "¤statsu: draft"),
    "key-missing": elsewhere(changed("status: draft", "# nothing"), 'format: "1"'),
    "value-missing": changed("licence: CC-BY-4.0", "licence:¤"),
    "wrong-kind": changed("languages: [sv, en]", "languages: ¤sv"),
    "unknown-choice": changed("kind: skill # knowledge, skill, competence", "kind: ¤skil"),
    "form": changed('edition: "2026.1"', 'edition: ¤"2026"'),
    "too-long": changed("short: Modulens namn", "short: ¤Ett kortnamn som är för långt"),
    "too-short": changed("languages: [sv, en]", "languages: ¤[]"),
    "out-of-range": changed("seqf: 4", "seqf: ¤9"),
    "origin-in-file": changed("    workload: PT8H", "    ¤origin: {}\n    workload: PT8H"),
    "reuse-unknown": using().replace("{standard: min-standard", "{standard: nowhere"),
    "reuse-module-unknown": elsewhere(using(module="M9"), "M9"),
    "reuse-changed": elsewhere(using(sha256="a" * 64), "a" * 64),
    "reuse-differs": using(extra="sources: [{id: rule, title: Något annat}]\n"),
    "reuse-loosened": using(**{"  - {name: evidence-enough}\n": ""}),
}
SENSE = {
    "sv-missing": changed(
        "title: {sv: Yrkets namn, en: Name of the trade role}", "title: ¤{en: Name of the trade role}"
    ),
    "en-missing": changed("title: {sv: Yrkets namn, en: Name of the trade role}", "title: ¤{sv: Yrkets namn}"),
    "text-blank": changed("sv: Yrkets namn", 'sv: ¤" "'),
    "language-tag": changed("{sv: Yrkets namn", "{sv: Yrkets namn, ¤Svenska: x"),
    "language-undeclared": changed("{sv: Yrkets namn", "{sv: Yrkets namn, ¤fi: x"),
    "id-repeated": changed("id: M1.2", "id: ¤M1.1"),
    "item-repeated": changed("allowed: [OBS, PRA]", "allowed: [OBS, PRA, ¤OBS]"),
    "reference-unknown": changed("source: [rule]", "source: [¤rulle]"),
    "unused": changed("  - {id: rule,", "  - ¤{id: spare, title: Reserv}\n  - {id: rule,"),
    "mean-without-parts": table("¤{id: m, title: {sv: M, en: M}, kind: mean, mean_of: [a]}"),
    "mean-of-not-number": table("{id: m, title: {sv: M, en: M}, kind: mean, mean_of: [a, ¤t]}"),
    "mean-of-elsewhere": table("{id: m, title: {sv: M, en: M}, kind: number, mean_of: ¤[a]}"),
    "limit-on-text": table("¤{id: m, title: {sv: M, en: M}, kind: text, minimum: 1}"),
    "limits-crossed": table("¤{id: m, title: {sv: M, en: M}, kind: number, minimum: 2, maximum: 1}"),
    "limit-direction": changed("maximum: {parameter: example_max}", "minimum: ¤{parameter: example_max}"),
    "language-missing": changed("languages: [sv, en]", "languages: [sv, en, lattlast]\ncomplete: [lattlast]").replace(
        "title: {sv: Yrkets", "title: ¤{sv: Yrkets"
    ),
    "column-reference": table("{id: x, title: {sv: X, en: X}, kind: number, explained_by: ¤tt}"),
    "table-days": changed(FACT, TABLE.replace("- id: measure", "- ¤id: measure", 1).rstrip("- ").rstrip()).replace(
        "type: table", "type: table\n                different_days: 2"
    ),
    "table-column": table("¤{id: x, title: {sv: X, en: X}, kind: text, part: value}"),
    "warning-outside": table(
        "¤{id: x, title: {sv: X, en: X}, kind: number, explained_by: t, maximum: 2, warning_maximum: 3}"
    ),
    "repetitions-untraced": changed(
        "            methods: {allowed: [DOK, SAM]}",
        "            repetitions: ¤3\n            methods: {allowed: [DOK, SAM]}",
    ),
    "fails-not-critical": changed(
        "            methods: {allowed: [DOK, SAM]}",
        "            fails: ¤standard\n            methods: {allowed: [DOK, SAM]}",
    ),
    "limit-without-source": changed("    tighter: lower\n    source: rule", "    tighter: lower").replace(
        "  - id: example_max", "  - ¤id: example_max"
    ),
    "unit-differs": changed(FACT, FACT.replace("unit: mm", "unit: cm").replace("- {", "- ¤{", 1)),
    "level-undecided": changed("{seqf: 4, eqf: 4, state: proposed}", "¤{seqf: 4, eqf: 4, state: decided}"),
    "critical-not-applicable": changed(
        "            critical: true", "            may_be_not_applicable: ¤true\n            critical: true"
    ),
    "critical-unguarded": elsewhere(
        changed("  - {name: every-critical-met}\n  - {name: every-criterion-met}\n", ""), "- {name: facts-in-order}"
    ),
    "rule-missing": elsewhere(changed("  - {name: facts-in-order}\n", ""), "- {name: every-critical-met}"),
    "rule-number": changed("{name: every-critical-met}", "¤{name: share-met}"),
    "outcome-count": elsewhere(SOUND.replace(OUTCOME_2, ""), "- id: M1.L1"),
    "methods-impossible": changed("methods: {allowed: [OBS, PRA]}", "methods: ¤{allowed: [OBS, PRA], minimum: 3}"),
    "evidence-impossible": changed("evidence: {kinds: [photo]}", "evidence: ¤{kinds: [photo], different_days: 2}"),
    "no-accepted-choice": changed(
        FACT,
        (CHOICE % ", ".join(f"{{id: {i}, title: {{sv: V, en: C}}, accepted: false}}" for i in "ab")).replace(
            "- {", "- ¤{", 1
        ),
    ),
    "code-form": changed("participation:", 'codes: [{system: SSYK, code: ¤"742"}]\nparticipation:'),
    "day-unreal": changed('review_by: "2028-12-31"', 'review_by: ¤"2028-02-30"'),
    "days-crossed": changed('review_by: "2028-12-31"', 'review_by: ¤"2025-12-31"'),
    "result-unreachable": changed(
        "- {id: intyg,", "- {id: first, kind: intyg, name: {sv: I, en: S}, modules: any}\n  - ¤{id: intyg,"
    ),
    "link-form": changed('https://intyga.example"}', 'http://intyga.example"}').replace("homepage: ", "homepage: ¤"),
    "organisation-number": changed("country: SE", 'organisation_number: ¤"556000-0168", country: SE'),
    "vague-verb": changed('text: {sv: "Dokumenterar sitt', 'text: {sv: ¤"Har kännedom om sitt'),
    "pass-repeats": changed(
        'pass: {sv: "En kollega kan följa vad som gjorts."', 'pass: ¤{sv: "Dokumenterar sitt arbete"'
    ),
    "workload-zero": changed("workload: PT8H", "workload: ¤PT0H"),
}
MARKED = FORM | SHAPE | SENSE
"""Faults that can be pointed at; those of the whole file stand in the test of the guard."""
