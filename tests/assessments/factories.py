"""Values for the domain's tests: defaults that are fine, changed by keyword."""

from datetime import date
from decimal import Decimal

from assessments.award import Award, Holder, Provider
from assessments.awarding import Basis, award
from assessments.checklist import Checklist, checklist
from assessments.decision import decide
from assessments.event import EvidenceGiven, FactGiven, PrerequisiteSeen, Scored
from assessments.process import Approval, Grant
from assessments.standing import standing
from criteria.model import (
    Column,
    Criterion,
    Edition,
    Evidence,
    Level,
    LookupTable,
    Methods,
    Module,
    Outcome,
    Parameter,
    ParameterRef,
    Party,
    Prerequisite,
    Result,
    Rule,
    TableFact,
    TableRow,
    Variant,
)

ON = date(2026, 11, 24)
CASE = "case-1"
RULES = ("every-criterion-met", "every-critical-met", "facts-in-order", "evidence-enough", "methods-enough")


def t(sv: str) -> dict[str, str]:
    return {"sv": sv, "en": sv}


def a_criterion(key: str, **changes) -> Criterion:
    fields = {"kind": "skill", "text": t(key), "passed": t("gjort"), "methods": Methods(allowed=("OBS", "PRA"))}
    return Criterion(id=key, **(fields | changes))


def splices() -> TableFact:
    columns = (
        Column(id="ab", title=t("A→B"), kind="number", unit="dB"),
        Column(id="ba", title=t("B→A"), kind="number", unit="dB"),
        Column(
            id="mean",
            title=t("Medel"),
            kind="mean",
            mean_of=("ab", "ba"),
            unit="dB",
            maximum=ParameterRef("splice_max"),
        ),
    )
    return TableFact(id="splices", title=t("Skarvar"), columns=columns, rows=2)


def a_module(key: str, criteria: tuple[Criterion, ...], **changes) -> Module:
    outcome = Outcome(id=f"{key}.L1", kind="skill", text=t("kan"), criteria=criteria)
    fields = {"title": t(key), "short": key, "summary": t(key), "workload": "PT8H", "outcomes": (outcome,)}
    return Module(id=key, **(fields | changes))


def an_edition(**changes) -> Edition:
    fields = {
        "format": "1",
        "standard": "provyrke",
        "edition": "2026.1",
        "status": "published",
        "title": t("Provyrke"),
        "summary": t("Ett yrke för prov"),
        "notice": t("Exempel"),
        "owner": Party(name="Exempelbranschen", country="SE"),
        "licence": "CC-BY-4.0",
        "languages": ("sv", "en"),
        "valid_from": "2026-01-01",
        "review_by": "2030-01-01",
        "level": Level(seqf=4, eqf=4, state="proposed"),
        "participation": t("arbetsplats"),
        "assessment_form": t("praktiskt"),
        "quality_assurance": t("intern"),
        "supervision": t("på plats"),
        "parameters": (Parameter(id="splice_max", name=t("Skarv"), unit="dB", value=Decimal("0.10"), tighter="lower"),),
        "prerequisites": (Prerequisite(id="esa", name=t("ESA"), valid_years=3),),
        "results": (
            Result(id="yrkesbevis", kind="yrkesbevis", name=t("Yrkesbevis"), modules="all", valid_years=5),
            Result(id="intyg", kind="intyg", name=t("Intyg"), modules="any"),
        ),
        "rules": (
            *(Rule(name=name) for name in RULES),
            Rule(name="assessors-enough"),
            Rule(name="prerequisites-valid"),
        ),
        "modules": (
            a_module("M1", (a_criterion("M1.1", critical=True), a_criterion("M1.2", may_be_not_applicable=True))),
            a_module(
                "M2",
                (
                    a_criterion("M2.1", facts=(splices(),), evidence=Evidence(kinds=("photo",))),
                    a_criterion("M2.2"),
                ),
                prerequisites=("esa",),
            ),
        ),
    }
    return Edition(**(fields | changes))


def a_checklist(edition: Edition | None = None, **changes) -> Checklist:
    return checklist(edition or an_edition(), "e" * 64, **changes)


class Pen:
    """Writes events with running ids, as one assessor would."""

    def __init__(self, actor: str = "anna", first: int = 0) -> None:
        self.actor, self.next = actor, first

    def _common(self, item: str, replaces: tuple[str, ...]) -> dict[str, object]:
        self.next += 1
        return {
            "id": f"019a0000-0000-7000-8000-{self.next:012x}",
            "assessment": CASE,
            "actor": self.actor,
            "at": "2026-11-20T10:00:00+01:00",
            "item": item,
            "replaces": replaces,
        }

    def score(self, item: str, score: str = "met", replaces: tuple[str, ...] = (), **changes) -> Scored:
        return Scored(score=score, methods=("OBS",), **self._common(item, replaces), **changes)

    def fact(self, item: str, fact: str, value, replaces: tuple[str, ...] = ()) -> FactGiven:
        return FactGiven(fact=fact, value=value, **self._common(item, replaces))

    def photo(self, item: str, day: str = "2026-11-20") -> EvidenceGiven:
        return EvidenceGiven(evidence="photo", day=day, sha256="a" * 64, **self._common(item, ()))

    def paper(self, item: str, issued: str = "2025-01-01") -> PrerequisiteSeen:
        return PrerequisiteSeen(issued=issued, **self._common(item, ()))


def rows(*pairs: tuple[str, str]) -> tuple[dict[str, str], ...]:
    return tuple({"ab": ab, "ba": ba} for ab, ba in pairs)


def everything(pen: Pen | None = None, **scores: str) -> list:
    """All that a complete case has; `M1_1="not_met"` changes a score."""
    pen = pen or Pen()
    given = {"M1.1": "met", "M1.2": "met", "M2.1": "met", "M2.2": "met"}
    given |= {key.replace("_", "."): value for key, value in scores.items()}
    return [
        *(pen.score(item, score) for item, score in given.items()),
        pen.fact("M2.1", "splices", rows(("0,08", "0.06"), ("0.10", "0.04"))),
        pen.photo("M2.1"),
        pen.paper("esa"),
    ]


def a_lenient_award() -> Award:
    """Half of the criteria are enough: one was not met, one was never judged, and a table applied."""
    edition = an_edition(
        rules=(Rule(name="share-met", minimum=Decimal("0.5")),),
        tables=(colours(),),
    )
    events = [e for e in everything(M1_2="not_met") if getattr(e, "item", "") != "M2.2"]
    return an_award(events, checklist=a_checklist(edition, picked={"colours": "old"}))


def colours() -> LookupTable:
    """Which colour is which conductor, here and there."""
    pairs = {"new": ("brun", "svart", "grå"), "old": ("svart", "vit", "röd")}
    english = {"brun": "brown", "svart": "black", "grå": "grey", "vit": "white", "röd": "red"}
    variants = tuple(
        Variant(
            id=key,
            title=t(f"Märkning {key}"),
            rows=tuple(TableRow(f"L{n}", {"sv": each, "en": english[each]}) for n, each in enumerate(found, 1)),
        )
        for key, found in pairs.items()
    )
    return LookupTable(id="colours", title=t("Fasfärger"), variants=variants)


def an_award(events: list | None = None, **changes) -> Award:
    lists = changes.pop("checklist", None) or a_checklist()
    stands = standing(events if events is not None else everything())
    fields = {
        "checklist": lists,
        "standing": stands,
        "decision": decide(lists, stands, ON),
        "approval": Approval(person="quality", on="2026-11-24"),
        "judged": frozenset({"anna"}),
        "grants": (Grant(provider="prov", standard="provyrke", given_on="2026-01-01"),),
        "provider_id": "prov",
        "days": ("2026-11-20",),
    }
    return award(
        Basis(**(fields | changes)),
        award_id="0193-award",
        holder=Holder(name="Åsa Öberg-Łukasik", birth_date="1990-02-28"),
        provider=Provider(name="Exempelnät AB", organisation_number="556000-0000", country="SE"),
    )
