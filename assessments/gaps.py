"""The gap card: from a decision to what is missing and how it can be shown, in the words of the standard itself."""

from msgspec import Struct

from assessments.checklist import Checklist
from assessments.decision import Decision, ModuleVerdict
from assessments.measured import limits
from assessments.rules import Reason
from criteria.model import Criterion, Module, Prerequisite, Text, text


class Limit(Struct, frozen=True):
    """A limit to keep: what is measured, and the number."""

    title: str
    words: str


class Gap(Struct, frozen=True, kw_only=True):
    """One criterion that keeps its module from being achieved; `criterion.passed` says how to show it."""

    criterion: Criterion
    outcome: Text
    reasons: tuple[Reason, ...]
    limits: tuple[Limit, ...] = ()


class PaperGap(Struct, frozen=True, kw_only=True):
    """A paper that was not seen, or had run out."""

    paper: Prerequisite
    reason: Reason


class ModuleGaps(Struct, frozen=True, kw_only=True):
    """What is missing in one module: critical criteria first, then in the order of the standard."""

    module: Module
    verdict: ModuleVerdict
    gaps: tuple[Gap, ...]
    papers: tuple[PaperGap, ...]
    general: tuple[Reason, ...]
    """Reasons that belong to the module as a whole, among them a criterion elsewhere that costs every module."""


def gaps(checklist: Checklist, decision: Decision, language: str) -> tuple[ModuleGaps, ...]:
    """The modules at stake that are not achieved, each with what it still asks for."""
    return tuple(
        _module(checklist, decision, module, language)
        for module in checklist.modules
        if decision.modules.get(module.id) != "achieved"
    )


def _module(checklist: Checklist, decision: Decision, module: Module, language: str) -> ModuleGaps:
    mine = [reason for reason in decision.reasons if reason.module == module.id]
    papers = {paper.id: paper for paper in checklist.edition.prerequisites}
    found = [
        Gap(
            criterion=criterion,
            outcome=outcome.text,
            reasons=tuple(reason for reason in mine if reason.item == criterion.id),
            limits=_limits(checklist, criterion, language),
        )
        for outcome in module.outcomes
        for criterion in outcome.criteria
        if any(reason.item == criterion.id for reason in mine)
    ]
    return ModuleGaps(
        module=module,
        verdict=decision.modules[module.id],
        gaps=tuple(sorted(found, key=lambda gap: not gap.criterion.critical)),
        papers=tuple(PaperGap(paper=papers[r.item], reason=r) for r in mine if r.code.startswith("prerequisite-")),
        general=tuple(reason for reason in mine if not reason.item),
    )


def _limits(checklist: Checklist, criterion: Criterion, language: str) -> tuple[Limit, ...]:
    told = ((text(fact.title, language), limits(checklist, fact, language)) for fact in criterion.facts)
    return tuple(Limit(title, words) for title, words in told if words)
