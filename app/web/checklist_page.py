"""What a module's page shows beside its fields: what stands, who differs, limits that are broken, what is left."""

from collections.abc import Mapping

from msgspec import Struct
from wtforms.fields import Field

from app.store.assessments import CaseFile
from app.web import seen, told
from app.web.checklist_fields import name, removables
from app.web.forms import Form
from app.web.language import gettext, language, words
from app.web.told import Said
from assessments import measured
from assessments.decision import Decision
from assessments.measured import Cell
from assessments.rules import Reason
from criteria.model import (
    Column,
    Criterion,
    Fact,
    Limit,
    Module,
    NumberFact,
    ScoreFact,
    Step,
    StepsFact,
    TableFact,
)

Clashes = Mapping[tuple[str, str], tuple[Reason, ...]]


class CellView(Struct, frozen=True, kw_only=True):
    """A cell: a field to type in, or a computed mean; `broken` is the limit it breaks."""

    column: Column
    field: Field | None
    shown: Cell
    limit: str
    warning: str
    most: str
    least: str


class StepView(Struct, frozen=True, kw_only=True):
    """A step of a sequence, with the place it was taken in."""

    step: Step
    place: Field
    witness: Field | None


class FactView(Struct, frozen=True, kw_only=True):
    """A fact with its field, or its rows of cells."""

    fact: Fact
    key: str
    field: Field | None
    rows: tuple[tuple[CellView, ...], ...]
    steps: tuple[StepView, ...]
    unit: str
    limit: str
    most: str
    least: str
    applies: tuple[str, ...]
    """Look-up tables of the fact, with the variant that holds in this case."""
    answers: dict[str, tuple[str, ...]]
    """By column: words to choose from while typing; other words may be typed too, since a candidate can be wrong."""
    clashes: tuple[str, ...]
    differing: tuple[Said, ...]


class CriterionView(Struct, frozen=True, kw_only=True):
    """A criterion with everything its card needs."""

    criterion: Criterion
    facts: tuple[FactView, ...]
    score: str
    """The score that stands."""
    differing: tuple[Said, ...]
    others: tuple[Said, ...]
    """What the other assessors said, where each gives an own score."""
    two: bool
    notes: tuple[Said, ...]
    evidence: tuple[Said, ...]
    left: tuple[str, ...]
    """What the rules still miss."""
    clash: bool
    """"Met" does not go together with a limit."""


def views(
    case: CaseFile, module: Module, form: Form, actor: str, names: dict[str, str], decision: Decision, clashes: Clashes
) -> dict[str, CriterionView]:
    """The cards of a module by criterion."""
    return {each.id: _criterion(case, each, form, actor, names, decision, clashes) for each in module.criteria}


def _criterion(
    case: CaseFile,
    criterion: Criterion,
    form: Form,
    actor: str,
    names: dict[str, str],
    decision: Decision,
    clashes: Clashes,
) -> CriterionView:
    item, lists, standing = criterion.id, case.checklist, case.standing
    heads = standing.heads.get(("score", item), ())
    two = seen.needs_two(case, criterion)
    differing = standing.conflicts.get(("score", item), ())
    kept = [told.said(lists, each, names) for each in removables(case, item)]
    notes = {each.id for each in standing.notes.get(item, ())}
    facts = tuple(_fact(case, criterion, fact, form, names, clashes) for fact in criterion.facts)
    score = standing.scores[item].score if item in standing.scores else "not_assessed"
    return CriterionView(
        criterion=criterion,
        facts=facts,
        score=score,
        differing=tuple(told.said(lists, each, names) for each in differing),
        others=tuple(told.said(lists, e, names) for e in heads if e.actor != actor) if two and not differing else (),
        two=two,
        notes=tuple(each for each in kept if each.event.id in notes),
        evidence=tuple(each for each in kept if each.event.id not in notes),
        left=tuple(told.reason(lists, reason) for reason in decision.reasons if reason.item == item),
        clash=score == "met" and any(fact.clashes for fact in facts),
    )


def _fact(
    case: CaseFile, criterion: Criterion, fact: Fact, form: Form, names: dict[str, str], clashes: Clashes
) -> FactView:
    key = name(criterion.id, "fact", fact.id)
    where = ("fact", criterion.id, fact.id)
    return FactView(
        fact=fact,
        key=key,
        field=None if isinstance(fact, TableFact | StepsFact) else form[key],
        rows=_rows(case, fact, key, form) if isinstance(fact, TableFact) else (),
        steps=_steps(fact, key, form) if isinstance(fact, StepsFact) else (),
        unit=_unit(fact),
        limit=measured.limits(case.checklist, fact, language()) if isinstance(fact, NumberFact | ScoreFact) else "",
        most=_plain(case, fact.maximum) if isinstance(fact, NumberFact) else "",
        least=_plain(case, fact.minimum) if isinstance(fact, NumberFact) else "",
        applies=_applies(case, fact) if isinstance(fact, TableFact) else (),
        answers=_answers(case, fact) if isinstance(fact, TableFact) else {},
        clashes=tuple(said for each in clashes.get((criterion.id, fact.id), ()) if (said := _clash(case, fact, each))),
        differing=tuple(told.said(case.checklist, each, names) for each in case.standing.conflicts.get(where, ())),
    )


def _clash(case: CaseFile, fact: Fact, reason: Reason) -> str:
    """The broken limit short enough to stand beside the field; missing values are no clash but what is left."""
    if reason.code == "fact-missing":
        return ""
    if reason.code != "fact-outside-limit" or not isinstance(fact, NumberFact | TableFact):
        return told.reason(case.checklist, reason)
    place, _, broken = measured.spoken(reason.detail, language()).rpartition(": ")
    unit = f" {fact.unit}" if isinstance(fact, NumberFact) and fact.unit else ""
    row = f"{gettext('rad %(place)s', place=place)}: " if place else ""
    return f"{row}{broken.replace(' ', f'{unit} ', 1)}{unit}"


def _unit(fact: Fact) -> str:
    if isinstance(fact, ScoreFact):
        return gettext("av %(points)s poäng", points=fact.points)
    return fact.unit or "" if isinstance(fact, NumberFact) else ""


def _steps(fact: StepsFact, key: str, form: Form) -> tuple[StepView, ...]:
    return tuple(
        StepView(
            step=step,
            place=form[name(key, step.id, "place")],
            witness=form[beside] if (beside := name(key, step.id, "witness")) in form else None,
        )
        for step in fact.steps
    )


def _rows(case: CaseFile, fact: TableFact, key: str, form: Form) -> tuple[tuple[CellView, ...], ...]:
    count = int(form[name(key, "rows")].data)
    return tuple(_row(case, fact, key, form, place) for place in range(count))


def _row(case: CaseFile, fact: TableFact, key: str, form: Form, place: int) -> tuple[CellView, ...]:
    fields = {column.id: form[name(key, str(place), column.id)] for column in fact.columns if column.kind != "mean"}
    typed = {each: field.data or "" for each, field in fields.items()}
    shown = measured.cells(case.checklist, fact, typed, language())
    return tuple(
        CellView(
            column=column,
            field=fields.get(column.id),
            shown=shown[column.id],
            limit=measured.limit(case.checklist, column.minimum, column.maximum, column.unit, language()),
            warning=measured.warning(case.checklist, column, language()),
            most=_plain(case, column.maximum),
            least=_plain(case, column.minimum),
        )
        for column in fact.columns
    )


def _applies(case: CaseFile, fact: TableFact) -> tuple[str, ...]:
    used = {column.table for column in fact.columns}
    tables = [table for table in case.checklist.edition.tables if table.id in used]
    return tuple(f"{words(table.title)}: {words(case.checklist.variant(table.id).title)}" for table in tables)


def _answers(case: CaseFile, fact: TableFact) -> dict[str, tuple[str, ...]]:
    """Keys as the table has them; answers of all variants together, so that the list gives nothing away."""
    tables = {table.id: table for table in case.checklist.edition.tables}
    found: dict[str, tuple[str, ...]] = {}
    for column in fact.columns:
        if column.table and column.part == "key":
            found[column.id] = tuple(row.key for row in case.checklist.variant(column.table).rows)
        elif column.table:
            rows = [row for variant in tables[column.table].variants for row in variant.rows]
            found[column.id] = tuple(sorted({words(row.value) for row in rows}))
    return found


def _plain(case: CaseFile, limit: Limit | None) -> str:
    found = case.checklist.limit(limit)
    return "" if found is None else str(found)
