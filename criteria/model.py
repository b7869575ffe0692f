"""The words of a competence standard as frozen values; the JSON Schema of the file format is generated from them.

Every struct refuses unknown fields, so a misspelt key is a finding and never a silent loss.
Texts are mappings from language tag to text; `sv` is always there. Numbers are `Decimal`, never float:
a limit of 0.10 dB must stay 0.10 dB on every machine.
"""

from decimal import Decimal
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

FORMAT = "1"

Slug = Annotated[
    str,
    Meta(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*\Z", max_length=64, description="lower-case words joined by hyphens"),
]
Id = Annotated[
    str, Meta(pattern=r"^[A-Za-z][A-Za-z0-9_.-]*\Z", max_length=40, description="stable identifier, never reused")
]
EditionId = Annotated[str, Meta(pattern=r"^\d{4}\.\d{1,3}\Z", description='year and number, in quotes: "2026.1"')]
Sha256 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
Day = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}\Z", description='date in quotes: "2026-01-31"')]
Duration = Annotated[str, Meta(pattern=r"^PT\d{1,4}H\Z", description="ISO 8601 hours: PT24H")]
Line = Annotated[str, Meta(min_length=1, max_length=4000)]
Text = dict[str, Line]
"""Language tag (`sv`, `en`, `lattlast`, …) to text."""

Status = Literal["draft", "review", "published", "retired"]
Kind = Literal["knowledge", "skill", "competence"]
Method = Literal["OBS", "PRA", "SAM", "TEO", "DOK", "SIM"]
"""Workplace observation, practical test, professional discussion, theory test, documents, simulation."""
EvidenceKind = Literal["photo", "document", "note", "link"]
ResultKind = Literal["yrkesbevis", "kompetensbevis", "intyg"]
RuleName = Literal[
    "every-critical-met",
    "every-criterion-met",
    "share-met",
    "facts-in-order",
    "evidence-enough",
    "methods-enough",
    "assessors-enough",
    "prerequisites-valid",
    "repetitions-enough",
    "theory-threshold",
]


class Word(Struct, frozen=True, forbid_unknown_fields=True):
    """One entry of the word list that helps people with weaker Swedish."""

    term: Text
    meaning: Text


class Party(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The body that owns the standard."""

    name: Line
    country: Annotated[str, Meta(pattern=r"^[A-Z]{2}\Z")]
    homepage: Line | None = None
    organisation_number: Annotated[str, Meta(pattern=r"^\d{6}-\d{4}\Z")] | None = None


class Level(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where the standard sits in SeQF and EQF, and whether anybody has decided that."""

    seqf: Annotated[int, Meta(ge=1, le=8)]
    eqf: Annotated[int, Meta(ge=1, le=8)]
    state: Literal["proposed", "decided"]
    by: Line | None = None
    on: Day | None = None


class Code(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A concept in somebody else's code system."""

    system: Literal["SSYK", "JobTech", "ESCO", "SUN", "ISCED-F"]
    code: Line
    title: Line | None = None


class Source(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where a demand or a number comes from: cited, never reproduced."""

    id: Id
    title: Line
    clause: Line | None = None


class Parameter(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A limit a provider may tighten, never loosen."""

    id: Id
    name: Text
    unit: Line
    value: Decimal
    tighter: Literal["lower", "higher"]
    example: bool = True
    source: Id | None = None


class ParameterRef(Struct, frozen=True, forbid_unknown_fields=True):
    """Points at a parameter of the same edition."""

    parameter: Id


Limit = Decimal | ParameterRef


class TableRow(Struct, frozen=True, forbid_unknown_fields=True):
    """One line of a look-up table: what is asked about, and the answer in each language."""

    key: Line
    value: Text


class Variant(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One owner's or one age's version of a look-up table."""

    id: Id
    title: Text
    rows: Annotated[tuple[TableRow, ...], Meta(min_length=1, max_length=200)]
    source: Id | None = None


class LookupTable(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Knowledge that differs between network owners, kept as data: which colour is which conductor.

    A case picks the variant that holds there (the first, if nobody picks) and the award tells which one it was.
    """

    id: Id
    title: Text
    variants: Annotated[tuple[Variant, ...], Meta(min_length=1, max_length=50)]


class NumberFact(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="type", tag="number"):
    """A measured number."""

    id: Id
    title: Text
    unit: Line | None = None
    minimum: Limit | None = None
    maximum: Limit | None = None
    required: bool = True


class Column(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A column of a table fact; one with `mean_of` is computed and never typed in.

    `minimum` and `maximum` are the alarm limits: a value outside keeps the criterion from being met.
    """

    id: Id
    title: Text
    kind: Literal["number", "text", "date", "mean"]
    unit: Line | None = None
    mean_of: tuple[Id, ...] = ()
    minimum: Limit | None = None
    maximum: Limit | None = None
    warning_minimum: Limit | None = None
    warning_maximum: Limit | None = None
    """Inside the alarm limits: a value beyond a warning limit is accepted when the row says what was done about it."""
    explained_by: Id | None = None
    """The text column that says what was done; it may be left empty in rows without a warning."""
    table: Id | None = None
    part: Literal["key", "value"] | None = None
    """The cells of a text column are keys, or values, of that look-up table, and must agree with it row by row."""


class Chain(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Chain of custody: what one row hands over, the next row of the same thing has taken over from it."""

    thing: Id
    giver: Id
    receiver: Id
    """Columns of the table: the mark of the sample, who hands it over, who takes it."""


class TableFact(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="type", tag="table"):
    """Rows of measurements, for example fibre × loss in both directions."""

    id: Id
    title: Text
    columns: Annotated[tuple[Column, ...], Meta(min_length=1, max_length=12)]
    rows: Annotated[int, Meta(ge=1, le=200)] = 1
    """The least number of filled rows."""
    different_days: Annotated[int, Meta(ge=1, le=50)] = 1
    """The least number of different days in the table's date column."""
    chain: Chain | None = None
    required: bool = True


class ChoiceOption(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One answer of a choice; `accepted: false` keeps the criterion from being met."""

    id: Id
    title: Text
    accepted: bool = True


class ChoiceFact(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="type", tag="choice"):
    """One of a few answers (a yes/no question is a choice of two)."""

    id: Id
    title: Text
    options: Annotated[tuple[ChoiceOption, ...], Meta(min_length=2, max_length=40)]
    required: bool = True


class DateFact(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="type", tag="date"):
    """A calendar day, for example of a calibration; `within_days` is its greatest age on the day of the decision."""

    id: Id
    title: Text
    within_days: Annotated[int, Meta(ge=1, le=5000)] | None = None
    required: bool = True


class TextFact(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="type", tag="text"):
    """A short text such as a serial or case number."""

    id: Id
    title: Text
    required: bool = True


class Step(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One step of a sequence."""

    id: Id
    title: Text
    critical: bool = False
    """Left out or taken too late, or overtaken by it, the criterion is not met; other steps can be shown again."""
    witnessed: bool = False
    """Two persons stand for the step: the record names the second one by role or signature."""


class StepsFact(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="type", tag="steps"):
    """Steps that must be taken in the order of the list; the assessor records the order in which they were taken."""

    id: Id
    title: Text
    steps: Annotated[tuple[Step, ...], Meta(min_length=2, max_length=40)]
    required: bool = True


class ScoreFact(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="type", tag="score"):
    """Points in a theory test; `threshold` is the least share of them in per cent."""

    id: Id
    title: Text
    points: Annotated[int, Meta(ge=1, le=1000)]
    """The most points that can be had."""
    threshold: Limit | None = None
    required: bool = True


Fact = NumberFact | TableFact | ChoiceFact | DateFact | TextFact | StepsFact | ScoreFact


class Evidence(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What must be kept to show that the criterion was met."""

    kinds: Annotated[tuple[EvidenceKind, ...], Meta(min_length=1)]
    minimum: Annotated[int, Meta(ge=0, le=20)] = 1
    different_days: Annotated[int, Meta(ge=1, le=20)] = 1


class Methods(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How the criterion may be assessed, and by how many different methods at least."""

    allowed: Annotated[tuple[Method, ...], Meta(min_length=1)]
    minimum: Annotated[int, Meta(ge=1, le=6)] = 1


class Criterion(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The observable thing an assessor judges."""

    id: Id
    text: Text
    kind: Kind
    critical: bool = False
    fails: Literal["module", "standard"] = "module"
    """`standard`: not meeting this criterion costs every module of the case, whatever else was shown."""
    passed: Text = msgspec.field(name="pass")
    faults: tuple[Text, ...] = ()
    methods: Methods
    evidence: Evidence | None = None
    facts: tuple[Fact, ...] = ()
    repetitions: Annotated[int, Meta(ge=1, le=50)] = 1
    """The whole of it is shown so many times: evidence and rows of required tables are demanded each time."""
    assessors: Literal[1, 2] = 1
    may_be_not_applicable: bool = False
    source: tuple[Id, ...] = ()
    hint: Text | None = None
    words: tuple[Word, ...] = ()
    codes: tuple[Code, ...] = ()


class Outcome(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the person can do; four or five to a module."""

    id: Id
    kind: Kind
    text: Text
    criteria: Annotated[tuple[Criterion, ...], Meta(min_length=1)]


class Rule(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A rule by name with its number; the functions live in `assessments/rules.py`."""

    name: RuleName
    minimum: Decimal | None = None


class Origin(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where a reused module was taken from."""

    standard: Slug
    module: Id
    edition: EditionId
    sha256: Sha256
    """Identity of the edition it was taken from."""


class Use(Struct, frozen=True, forbid_unknown_fields=True):
    """Whole-module reuse as written in a file; resolved before publication."""

    use: Origin


class Module(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Part of a standard that is assessed and awarded on its own: the natural micro-credential."""

    id: Id
    title: Text
    short: Annotated[str, Meta(min_length=1, max_length=24)]
    summary: Text
    workload: Duration
    outcomes: Annotated[tuple[Outcome, ...], Meta(min_length=1)]
    prerequisites: tuple[Id, ...] = ()
    """Ids of the edition's prerequisites that this module demands; with reuse the demands travel along."""
    codes: tuple[Code, ...] = ()
    origin: Origin | None = None

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """The module's criteria in the order of the file."""
        return tuple(c for outcome in self.outcomes for c in outcome.criteria)


class Result(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A kind of paper the standard can lead to, its printed name and how long it speaks."""

    id: Id
    kind: ResultKind
    name: Text
    modules: tuple[Id, ...] | Literal["all", "any"]
    """`all`, `any` (at least one), or the modules that must be achieved. The first satisfied result counts."""
    valid_years: Annotated[int, Meta(ge=1, le=50)] | None = None
    renewal: Text | None = None
    prerequisites: tuple[Id, ...] = ()
    """Papers that this result demands beside its modules, for example the statement that comes before a certificate."""


class Prerequisite(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A paper the candidate must already hold, with a clock of its own."""

    id: Id
    name: Text
    required: bool = True
    valid_years: Annotated[int, Meta(ge=1, le=50)] | None = None
    """Greatest age from the day of issue; none = the paper's own last day counts, if it has one."""
    before: Literal["decision", "start"] = "decision"
    """`start`: nothing is judged in the module before the paper was seen, and it must hold on each day of judging."""
    source: Id | None = None


class Edition(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One resolved edition of a standard; its identity is the SHA-256 of its canonical JSON."""

    format: Literal["1"]
    standard: Slug
    edition: EditionId
    status: Status
    title: Text
    summary: Text
    notice: Text
    """What the reader must know about its standing, for example that nobody has approved it."""
    owner: Party
    licence: Line
    languages: Annotated[tuple[str, ...], Meta(min_length=1)]
    complete: tuple[str, ...] = ()
    """Languages, for example `lattlast`, in which every text is promised that a candidate reads: all but the hints."""
    valid_from: Day
    review_by: Day
    level: Level
    codes: tuple[Code, ...] = ()
    participation: Text
    assessment_form: Text
    quality_assurance: Text
    supervision: Text
    sources: tuple[Source, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    tables: tuple[LookupTable, ...] = ()
    prerequisites: tuple[Prerequisite, ...] = ()
    results: Annotated[tuple[Result, ...], Meta(min_length=1)]
    assessors: Literal[1, 2] = 1
    rules: Annotated[tuple[Rule, ...], Meta(min_length=1)]
    modules: Annotated[tuple[Module, ...], Meta(min_length=1)]

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """All criteria in the order of the file."""
        return tuple(c for module in self.modules for c in module.criteria)


def text(texts: Text, language: str) -> str:
    """The text in `language`, else Swedish, else any; the linter, not the reader, is told what is missing."""
    return texts.get(language) or texts.get("sv") or next(iter(texts.values()))
