"""The certified fact: frozen, with a digest, corrected only by a new award that supersedes it.

Certificates and credentials are renderings of an award. All days are Europe/Stockholm calendar days as ISO text, so
no renderer can move a date by a time zone.
"""

import hashlib
from typing import Literal

import msgspec
from msgspec import UNSET, Struct, UnsetType

from criteria.model import Code, Level, Party, ResultKind, Text


class Holder(Struct, frozen=True, kw_only=True):
    """Who holds it; name and birth date are what is compared with an identity document."""

    name: str
    birth_date: str


class Provider(Struct, frozen=True, kw_only=True):
    """Who assessed and issues."""

    name: str
    organisation_number: str
    country: str
    homepage: str | None = None


class FactLine(Struct, frozen=True, kw_only=True):
    """A recorded fact as people read it, with the limit it was held against."""

    title: Text
    value: str
    limit: str = ""


class CriterionAward(Struct, frozen=True, kw_only=True):
    """How one criterion ended."""

    id: str
    text: Text
    critical: bool
    score: Literal["met", "not_applicable", "not_met", "not_assessed"]
    """The last two only where a standard asks for a share of the criteria; they are told, never hidden."""
    facts: tuple[FactLine, ...] = ()


class OutcomeAward(Struct, frozen=True, kw_only=True):
    """One achieved learning outcome."""

    id: str
    kind: str
    text: Text


class ModuleAward(Struct, frozen=True, kw_only=True):
    """One achieved module: the natural micro-credential."""

    id: str
    title: Text
    short: str
    summary: Text
    workload: str
    outcomes: tuple[OutcomeAward, ...]
    criteria: tuple[CriterionAward, ...]
    methods: tuple[str, ...]
    codes: tuple[Code, ...] = ()


class ParameterLine(Struct, frozen=True, kw_only=True):
    """A limit that applied, and whether the provider had tightened it."""

    name: Text
    value: str
    unit: str
    tightened: bool


class TableLine(Struct, frozen=True, kw_only=True):
    """A look-up table, and the variant of it that applied."""

    name: Text
    variant: Text


class PrerequisiteLine(Struct, frozen=True, kw_only=True):
    """A paper that was seen."""

    name: Text
    issued: str | None
    valid_until: str | None


class Award(Struct, frozen=True, kw_only=True):
    """Everything a certificate or record may say, and nothing else."""

    id: str
    holder: Holder
    standard: str
    edition: str
    edition_sha256: str
    title: Text
    notice: Text
    result_id: str
    result_kind: ResultKind
    result_name: Text
    whole: bool
    """All modules of the edition are achieved."""
    modules: tuple[ModuleAward, ...]
    not_assessed: tuple[Text, ...]
    """Titles of the edition's modules that this award does not cover."""
    owner: Party
    provider: Provider
    level: Level
    participation: Text
    assessment_form: Text
    quality_assurance: Text
    supervision: Text
    methods: tuple[str, ...]
    assessed_from: str
    assessed_until: str
    awarded_on: str
    valid_until: str | None
    assessors: int
    """How many persons assessed; who they are stays in the case."""
    external_quality_assured: bool = False
    parameters: tuple[ParameterLine, ...] = ()
    prerequisites: tuple[PrerequisiteLine, ...] = ()
    codes: tuple[Code, ...] = ()
    workload: str = "PT0H"
    supersedes: str | None = None
    tables: tuple[TableLine, ...] | UnsetType = UNSET
    """Left out where a standard has none, so that awards from before there were tables keep their digest."""

    @property
    def applied(self) -> tuple[TableLine, ...]:
        """The look-up tables that applied."""
        return () if isinstance(self.tables, UnsetType) else self.tables


def digest(award: Award | ModuleAward) -> str:
    """SHA-256 (hex) of the canonical JSON: the name of the fact itself."""
    return hashlib.sha256(msgspec.json.encode(award, order="deterministic")).hexdigest()
