"""From an approved decision to the award; the only way to one, and it asks again for QA, person and grant."""

from datetime import date
from decimal import Decimal

from msgspec import UNSET, Struct

from assessments.award import (
    Award,
    CriterionAward,
    FactLine,
    Holder,
    ModuleAward,
    OutcomeAward,
    ParameterLine,
    PrerequisiteLine,
    Provider,
    TableLine,
)
from assessments.breaches import means, share
from assessments.checklist import Checklist
from assessments.decision import Decision, decide
from assessments.event import number
from assessments.problems import ChangedMeanwhileError, NothingAchievedError
from assessments.process import Approval, Grant, require_grant, require_other_person
from assessments.rules import last_day
from assessments.standing import Standing
from criteria.model import (
    ChoiceFact,
    Criterion,
    Fact,
    Module,
    NumberFact,
    ScoreFact,
    StepsFact,
    TableFact,
    text,
)


class Basis(Struct, frozen=True, kw_only=True):
    """What an award rests on, all re-derived from the record at the time of awarding."""

    checklist: Checklist
    standing: Standing
    decision: Decision
    approval: Approval
    judged: frozenset[str]
    """Every person who judged, decided or assessed in the case."""
    grants: tuple[Grant, ...]
    provider_id: str
    days: tuple[str, ...]
    """The days of the counting events, sorted."""


def award(basis: Basis, *, award_id: str, holder: Holder, provider: Provider) -> Award:
    """Freeze the fact; refuses without another person's approval, a grant, or a decision that still holds."""
    require_other_person(basis.approval.person, basis.judged | basis.standing.actors)
    edition = basis.checklist.edition
    require_grant(basis.grants, basis.provider_id, edition.standard, basis.approval.on)
    if decide(basis.checklist, basis.standing, date.fromisoformat(basis.decision.on)) != basis.decision:
        raise ChangedMeanwhileError(decision=basis.decision.events)
    achieved = [module for module in basis.checklist.modules if module.id in basis.decision.achieved]
    result = next((each for each in edition.results if each.id == basis.decision.result), None)
    if result is None:
        raise NothingAchievedError
    on = date.fromisoformat(basis.approval.on)
    modules = tuple(_module(basis, module) for module in achieved)
    demanded = {paper for module in achieved for paper in module.prerequisites} | set(result.prerequisites)
    return Award(
        id=award_id,
        holder=holder,
        standard=edition.standard,
        edition=edition.edition,
        edition_sha256=basis.checklist.edition_sha256,
        title=edition.title,
        notice=edition.notice,
        result_id=result.id,
        result_kind=result.kind,
        result_name=result.name,
        whole=len(achieved) == len(edition.modules),
        modules=modules,
        not_assessed=tuple(m.title for m in edition.modules if m not in achieved),
        owner=edition.owner,
        provider=provider,
        level=edition.level,
        participation=edition.participation,
        assessment_form=edition.assessment_form,
        quality_assurance=edition.quality_assurance,
        supervision=edition.supervision,
        methods=tuple(sorted({method for module in modules for method in module.methods})),
        assessed_from=basis.days[0] if basis.days else basis.decision.on,
        assessed_until=basis.days[-1] if basis.days else basis.decision.on,
        awarded_on=basis.approval.on,
        valid_until=last_day(on, result.valid_years).isoformat() if result.valid_years else None,
        assessors=len({person for each in basis.standing.judges.values() for person in each}),
        parameters=tuple(
            ParameterLine(
                name=p.name,
                value=str(basis.checklist.tightened.get(p.id, p.value)),
                unit=p.unit,
                tightened=p.id in basis.checklist.tightened,
            )
            for p in edition.parameters
        ),
        prerequisites=tuple(
            PrerequisiteLine(name=p.name, issued=seen.issued, valid_until=seen.valid_until)
            for p in edition.prerequisites
            if p.id in demanded and (seen := basis.standing.prerequisites.get(p.id))
        ),
        codes=edition.codes,
        workload=f"PT{sum(int(module.workload[2:-1]) for module in modules)}H",
        tables=tuple(
            TableLine(name=table.title, variant=basis.checklist.variant(table.id).title) for table in edition.tables
        )
        or UNSET,
    )


def _module(basis: Basis, module: Module) -> ModuleAward:
    scores = basis.standing.scores
    return ModuleAward(
        id=module.id,
        title=module.title,
        short=module.short,
        summary=module.summary,
        workload=module.workload,
        outcomes=tuple(OutcomeAward(id=o.id, kind=o.kind, text=o.text) for o in module.outcomes),
        criteria=tuple(_criterion(basis, c) for c in module.criteria),
        methods=tuple(sorted({m for c in module.criteria if c.id in scores for m in scores[c.id].methods})),
        codes=module.codes,
    )


def _criterion(basis: Basis, criterion: Criterion) -> CriterionAward:
    scored = basis.standing.scores.get(criterion.id)
    score = scored.score if scored else "not_assessed"
    return CriterionAward(
        id=criterion.id,
        text=criterion.text,
        critical=criterion.critical,
        score=score,
        facts=tuple(line for fact in criterion.facts if (line := _fact(basis, criterion, fact)))
        if score == "met"
        else (),
    )


def _fact(basis: Basis, criterion: Criterion, fact: Fact) -> FactLine | None:
    given = basis.standing.facts.get((criterion.id, fact.id))
    if given is None or not given.value:
        return None
    if isinstance(fact, TableFact) and isinstance(given.value, tuple):
        return _table(basis, fact, given.value)
    if isinstance(fact, StepsFact):
        return FactLine(title=fact.title, value=f"{len(given.value)}/{len(fact.steps)}")
    if not isinstance(given.value, str):
        return None
    value, limit = given.value, ""
    if isinstance(fact, NumberFact):
        value = f"{value} {fact.unit or ''}".strip()
        limit = _limits(basis.checklist.limit(fact.minimum), basis.checklist.limit(fact.maximum), fact.unit)
    if isinstance(fact, ScoreFact):
        value = f"{value}/{fact.points} ({share(fact, value) or 0:.0f} %)"
        limit = _limits(basis.checklist.limit(fact.threshold), None, "%")
    if isinstance(fact, ChoiceFact):
        value = next((text(option.title, "sv") for option in fact.options if option.id == value), value)
    return FactLine(title=fact.title, value=value, limit=limit)


def _table(basis: Basis, fact: TableFact, rows: tuple[dict[str, str], ...]) -> FactLine | None:
    """Summarised by its limited column: the span of the values and how many there are."""
    limited = [c for c in fact.columns if c.minimum is not None or c.maximum is not None]
    for column in limited[:1]:
        found = [means(fact, row).get(column.id) or number(row.get(column.id, "")) for row in rows]
        values = [value for value in found if value is not None]
        if values:
            span = f"{_short(min(values))}–{_short(max(values))} {column.unit or ''}".strip()
            limit = _limits(basis.checklist.limit(column.minimum), basis.checklist.limit(column.maximum), column.unit)
            return FactLine(title=fact.title, value=f"{span} ({len(values)}{_days(fact, rows)})", limit=limit)
    return FactLine(title=fact.title, value=f"({len(rows)}{_days(fact, rows)})") if rows else None


def _days(fact: TableFact, rows: tuple[dict[str, str], ...]) -> str:
    """How many days the rows come from, where that is demanded."""
    dated = next((column.id for column in fact.columns if column.kind == "date"), "")
    days = {row[dated] for row in rows if row.get(dated)}
    return f", {len(days)} d" if fact.different_days > 1 else ""


def _short(value: Decimal) -> str:
    return f"{value.quantize(Decimal('0.001')).normalize():f}"


def _limits(minimum: Decimal | None, maximum: Decimal | None, unit: str | None) -> str:
    parts = [f"≥ {minimum}" if minimum is not None else "", f"≤ {maximum}" if maximum is not None else ""]
    limit = ", ".join(part for part in parts if part)
    return f"{limit} {unit or ''}".strip() if limit else ""
