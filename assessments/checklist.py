"""A standard laid out for one case: the pinned edition, the tightened limits and the modules at stake."""

from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property

from msgspec import Struct

from assessments.problems import InvalidError, LoosenedParameterError
from criteria.model import (
    Criterion,
    Edition,
    Fact,
    Limit,
    Module,
    Outcome,
    Parameter,
    ParameterRef,
    Prerequisite,
    Variant,
)


class Checklist(Struct, frozen=True, kw_only=True, dict=True):
    """What the assessors of one case judge against; made by `checklist()`, which checks it.

    What is derived is kept (`dict=True`): the gate asks for the criteria once per event.
    """

    edition: Edition
    edition_sha256: str
    tightened: dict[str, Decimal]
    chosen: tuple[str, ...]
    picked: dict[str, str] = {}
    """Look-up table to the variant that holds in this case, where somebody has picked one."""

    @cached_property
    def modules(self) -> tuple[Module, ...]:
        """The modules at stake in this case."""
        return tuple(module for module in self.edition.modules if module.id in self.chosen)

    @cached_property
    def outcomes(self) -> tuple[Outcome, ...]:
        """The outcomes at stake, in the order of the file."""
        return tuple(outcome for module in self.modules for outcome in module.outcomes)

    @cached_property
    def criteria(self) -> dict[str, Criterion]:
        """The criteria at stake, by id."""
        return {criterion.id: criterion for module in self.modules for criterion in module.criteria}

    @cached_property
    def papers(self) -> tuple[Prerequisite, ...]:
        """The papers that the modules at stake, or a result they may lead to, ask for."""
        wanted = {paper for module in self.modules for paper in module.prerequisites}
        wanted |= {paper for result in self.edition.results for paper in result.prerequisites}
        return tuple(paper for paper in self.edition.prerequisites if paper.id in wanted)

    def variant(self, table: str) -> Variant:
        """The variant of a look-up table that holds in this case: the first, unless another was picked."""
        variants = next(each.variants for each in self.edition.tables if each.id == table)
        return next((each for each in variants if each.id == self.picked.get(table)), variants[0])

    def limit(self, limit: Limit | None) -> Decimal | None:
        """The number that holds in this case."""
        if not isinstance(limit, ParameterRef):
            return limit
        return self.tightened.get(limit.parameter, self.parameter(limit.parameter).value)

    def parameter(self, key: str) -> Parameter:
        """The edition's parameter of that id."""
        return next(parameter for parameter in self.edition.parameters if parameter.id == key)


def checklist(
    edition: Edition,
    edition_sha256: str,
    tightened: Mapping[str, Decimal] | None = None,
    chosen: tuple[str, ...] | None = None,
    picked: Mapping[str, str] | None = None,
) -> Checklist:
    """Lay out an edition; refuses a loosened or unknown parameter, an unknown module, table or variant."""
    tightened = dict(tightened or {})
    known = {parameter.id: parameter for parameter in edition.parameters}
    for key, value in tightened.items():
        if key not in known:
            raise InvalidError(parameter=key)
        looser = value > known[key].value if known[key].tighter == "lower" else value < known[key].value
        if looser or not value.is_finite():
            raise LoosenedParameterError(parameter=key, value=str(value), limit=str(known[key].value))
    ids = tuple(module.id for module in edition.modules)
    chosen = ids if chosen is None else chosen
    if not chosen or set(chosen) - set(ids):
        raise InvalidError(modules=sorted(set(chosen) - set(ids)))
    variants = {table.id: {variant.id for variant in table.variants} for table in edition.tables}
    picked = dict(picked or {})
    for table, variant in picked.items():
        if variant not in variants.get(table, ()):
            raise InvalidError(table=table, variant=variant)
    return Checklist(edition=edition, edition_sha256=edition_sha256, tightened=tightened, chosen=chosen, picked=picked)


def fact_of(criterion: Criterion, key: str) -> Fact | None:
    """The fact of that id, if the criterion asks for it."""
    return next((fact for fact in criterion.facts if fact.id == key), None)
