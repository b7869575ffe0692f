"""Runs a `.cases.yaml`: situations that a trade expert wrote beside a standard, with the verdict they expect.

Its acts go through the same gate and the same rules as a real case, so a standard that passes here judges so on site.
"""

from decimal import Decimal

import msgspec
from msgspec import Struct

from assessments.acted import Play, SituationError
from assessments.casefile import Situation, Situations, about
from assessments.decision import Decision
from assessments.rules import Reason
from criteria.findings import FaultyStandardError, Finding, Path, errors
from criteria.fit import described, fit
from criteria.guard import Sheet, sheet
from criteria.model import Edition


class Outcome(Struct, frozen=True, kw_only=True):
    """How one situation turned out."""

    name: str
    line: int
    passed: bool
    expected: str
    got: str


_FORMAT = described(Situations)


def run(edition: Edition, sha: str, data: bytes) -> list[Outcome]:
    """Decide every situation; raises `FaultyStandardError` when the file itself has faults."""
    written = sheet(data)
    if not any(errors(written.findings)):
        _as_text(written.value)
        written.findings += [written.found(fault) for fault in fit(written.value, _FORMAT)]
    if any(errors(written.findings)):
        raise FaultyStandardError(written.findings)
    file = msgspec.convert(written.value, Situations)
    outcomes: list[Outcome] = []
    found: list[Finding] = [written.found(fault) for fault in about(file, edition)]
    for place, situation in enumerate(file.situations) if not found else ():
        path: Path = ("situations", place)
        try:
            decision = Play(edition, sha, situation, file.on).decision()
        except SituationError as faults:
            found += [written.found(msgspec.structs.replace(each, path=(*path, *each.path))) for each in faults.faults]
            continue
        outcomes.append(_outcome(situation, decision, written, path))
    if found:
        raise FaultyStandardError(found)
    return outcomes


def _outcome(situation: Situation, decision: Decision, written: Sheet, path: Path) -> Outcome:
    expected, got = [str(situation.then)], [str(decision.verdict)]
    if situation.result is not None:
        expected.append(situation.result)
        got.append(decision.result or "none")
    for key, verdict in situation.modules.items():
        expected.append(f"{key} {verdict}")
        got.append(f"{key} {decision.modules.get(key, 'not chosen')}")
    for line in situation.because or ():
        expected.append(f"because {line}")
        got += [f"because {line}"] if any(_names(line, reason) for reason in decision.reasons) else []
    if situation.because is not None:
        unnamed = [r for r in decision.reasons if not any(_names(line, r) for line in situation.because)]
        got += [f"because {' '.join(filter(None, (r.code, r.item or r.module, r.fact)))}" for r in unnamed]
    return Outcome(
        name=situation.when,
        line=written.place(path)[0],
        passed=expected == got,
        expected=", ".join(expected),
        got=", ".join(got),
    )


def _names(line: str, reason: Reason) -> bool:
    return set(line.split()) <= {reason.code, reason.item, reason.module, reason.fact}


def _as_text(value: object) -> None:
    """Measured values and limits are written as numbers and travel as text, as from a form; nothing is empty text."""
    listed = value.get("situations") if isinstance(value, dict) else None
    for situation in listed if isinstance(listed, list) else ():
        for name in ("facts", "tightened") if isinstance(situation, dict) else ():
            if name in situation:
                situation[name] = _texts(situation[name])


def _texts(value: object) -> object:
    match value:
        case dict():
            return {key: _texts(each) for key, each in value.items()}
        case list():
            return [_texts(each) for each in value]
        case None:
            return ""
        case bool():
            return value
        case int() | Decimal():
            return format(value, "f") if isinstance(value, Decimal) else str(value)
        case _:
            return value
