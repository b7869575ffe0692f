"""A situation acted out through the same gate as a real case, each act remembering the line that asked for it."""

from datetime import date
from decimal import Decimal
from typing import Any

import msgspec

from assessments import fulfilled
from assessments.casefile import Situation, unknown, value_fault
from assessments.checklist import checklist
from assessments.decision import Decision, decide
from assessments.event import BATCH, Event, Row, number, read_events
from assessments.problems import InvalidEventsError, ProblemError
from assessments.standing import standing
from criteria.findings import Fault, Path
from criteria.model import Criterion, Edition, Prerequisite

_CASE = "situation"


class SituationError(Exception):
    """What is wrong with one situation, places counted from it."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__()


class Play:
    """One situation acted out: what is entered, by whom, and the place in the file that says so."""

    def __init__(self, edition: Edition, sha: str, situation: Situation, on: str) -> None:
        self.situation = situation
        self.on = date.fromisoformat(on)
        faults = list(unknown(situation, edition))
        if faults:
            raise SituationError(faults)
        try:
            self.list = checklist(edition, sha, _numbers(situation), situation.chosen, situation.picked)
        except ProblemError as problem:
            place = "picked" if "variant" in problem.details else "tightened"
            raise SituationError([value_fault((place,), problem.en)]) from problem
        self.sent: list[tuple[Path, dict[str, object]]] = []

    def decision(self) -> Decision:
        """What the rules say when all of it is entered; raises `SituationError`."""
        for criterion in self.list.criteria.values():
            self._judge(criterion)
            self._measure(criterion)
            self._keep(criterion)
        self._papers()
        return decide(self.list, standing(self._events()), self.on)

    def _enter(self, path: Path, kind: str, item: str, actor: str = "first", **fields: object) -> None:
        each = {"id": f"019a0000-0000-7000-8000-{len(self.sent):012x}", "assessment": _CASE, "actor": actor}
        on = self.situation.judged.get(item, self.on)
        self.sent.append((path, {**each, "at": f"{on}T09:00:00+01:00", "kind": kind, "item": item, **fields}))

    def _judge(self, criterion: Criterion) -> None:
        said, key = self.situation, criterion.id
        first = said.scores.get(key, "met" if said.everything else None)
        if first is None:
            return
        methods = said.methods.get(key, fulfilled.methods(criterion))
        fields: dict[str, Any] = {"methods": methods, "reason": said.reasons.get(key, "")}
        self._enter(("scores", key), "score", key, score=first, **fields)
        demanded = fulfilled.judges(self.list, criterion) > 1 and said.everything
        second = said.second.get(key, first if demanded else "absent")
        if second != "absent":
            self._enter(("second", key), "score", key, "second", score=second, **fields)

    def _measure(self, criterion: Criterion) -> None:
        given = self.situation.facts.get(criterion.id, {})
        for fact in criterion.facts:
            usual = fulfilled.value(self.list, fact, self.on, criterion.repetitions)
            value = given.get(fact.id, usual if self.situation.everything else "")
            if isinstance(value, dict) and isinstance(usual, tuple) and value.keys() <= _rows(usual):
                value = tuple(row | value.get(str(place), {}) for place, row in enumerate(usual, start=1))
            if value:
                self._enter(("facts", criterion.id, fact.id), "fact", criterion.id, fact=fact.id, value=value)

    def _keep(self, criterion: Criterion) -> None:
        usual = fulfilled.evidence_days(criterion, self.on) if self.situation.everything else ()
        given = self.situation.evidence.get(criterion.id, usual)
        days = given if isinstance(given, tuple) else (self.on.isoformat(),) * given
        kind = criterion.evidence.kinds[0] if criterion.evidence else "note"
        for each in days:
            self._enter(("evidence", criterion.id), "evidence", criterion.id, evidence=kind, day=each, text="prov")

    def _papers(self) -> None:
        for paper in self.list.edition.prerequisites:
            usual = self._usual(paper)
            issued = self.situation.prerequisites.get(paper.id, usual)
            if issued != "missing":
                self._enter(("prerequisites", paper.id), "prerequisite", paper.id, issued=issued)

    def _usual(self, paper: Prerequisite) -> str:
        """Issued on the first day it is needed, if at all."""
        if not self.situation.everything or paper not in self.list.papers:
            return "missing"
        days = [self.on.isoformat(), *self.situation.judged.values()]
        return min(days) if paper.before == "start" else self.on.isoformat()

    def _events(self) -> list[Event]:
        """Through the gate, in batches as a tablet sends them."""
        events: list[Event] = []
        faults: list[Fault] = []
        for start in range(0, len(self.sent), BATCH):
            batch = self.sent[start : start + BATCH]
            try:
                events += read_events(msgspec.to_builtins([each for _, each in batch]), self.list, _CASE)
            except InvalidEventsError as refused:
                for place, sentence in refused.details["faults"]:  # type: ignore[attr-defined] # a list of pairs
                    index, _, field = place.partition(".")
                    path, act = batch[int(index)]
                    faults.append(value_fault(("methods", str(act["item"])) if field == "methods" else path, sentence))
        if faults:
            raise SituationError(faults)
        return events


def _numbers(situation: Situation) -> dict[str, Decimal]:
    found = {key: number(value) for key, value in situation.tightened.items()}
    wrong = [value_fault(("tightened", key), "not a number") for key, value in found.items() if value is None]
    if wrong:
        raise SituationError(wrong)
    return {key: value for key, value in found.items() if value is not None}


def _rows(rows: tuple[Row, ...]) -> set[str]:
    return {str(place) for place in range(1, len(rows) + 1)}
