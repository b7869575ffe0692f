"""Invented people and one invented trade day: fills a database through the very actions that real people use."""

import io
import math
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from msgspec import Struct
from PIL import Image, ImageDraw

from app import jobs
from app.actions import decide, grants, keep_photo, keys, open_assessment, people, publish, record, review
from app.actions.open_assessment import NewCandidate
from app.demo.values import VALUES
from app.issue.keyring import Keyring
from app.policy import Actor, RoleName
from app.store import assessments, decisions, standards
from app.store import organisations as tenants
from app.store import people as known
from app.tools import STOCKHOLM, Tools
from assessments.checklist import Checklist
from assessments.event import Event, EvidenceGiven, FactGiven, Noted, PrerequisiteSeen, Scored
from criteria.model import ChoiceFact, Criterion, DateFact, Fact, NumberFact, TableFact, text
from criteria.reader import library

OPERATOR, BODY, PROVIDER = "intyga", "exempelbranschen", "exempelnat"
STANDARD = "fibertekniker-service"
PEOPLE: tuple[tuple[str, str, str, RoleName], ...] = (
    ("Karin Lindqvist", "koordinator@intyga.example", PROVIDER, "coordinator"),
    ("Johan Bergström", "bedomare@intyga.example", PROVIDER, "assessor"),
    ("Amina Warsame", "bedomare2@intyga.example", PROVIDER, "assessor"),
    ("Elin Sandberg", "kvalitet@intyga.example", PROVIDER, "quality-assurer"),
    ("Per Holmgren", "bransch@intyga.example", BODY, "editor"),
    ("Sara Nyström", "admin@intyga.example", OPERATOR, "administrator"),
)
SIGN_INS = "demo-sign-ins.txt"


class SignIn(Struct, frozen=True, kw_only=True):
    """How to sign in to the demo as one role."""

    email: str
    password: str
    name: str
    role: str


def people_and_standards(tools: Tools, passphrase: str) -> list[SignIn]:
    """Organisations, people of each role, keys, the shipped standards and the provider's grants; once."""
    people.add_organisation(
        tools, None, slug=OPERATOR, kind="operator", name="Intyga demodrift", organisation_number="556000-0241"
    )
    people.add_organisation(
        tools, None, slug=BODY, kind="sector-body", name="Exempelbranschen", organisation_number="802000-0017",
        homepage="https://intyga.example",
    )  # fmt: skip
    people.add_organisation(
        tools, None, slug=PROVIDER, kind="provider", name="Exempelnät Validering AB",
        organisation_number="556000-0167", homepage="https://intyga.example",
    )  # fmt: skip
    password = "-".join(secrets.choice(WORDS) for _ in range(4))
    for name, email, organisation, role in PEOPLE:
        people.add_person(tools, None, name=name, email=email, password=password, organisation=organisation, role=role)
    keys.make(tools, passphrase, PROVIDER)
    for each in sorted((one.file.read_bytes() for one in library()), key=publish.reuses):
        published = publish.publish(tools, None, each, owner=BODY)
        grants.give(tools, None, owner=BODY, provider=PROVIDER, standard=published.standard)
    return [SignIn(email=email, password=password, name=name, role=role) for name, email, _, role in PEOPLE]


WORDS = (  # noqa: SIM905 a list literal would be thirty lines
    "fiber skarv brunn kabel mast lampa sten vatten skog berg snabb lugn regn sol vind tall gran kajak ekorre uggla "
    "hamn strand kulle dimma"
).split()


def cases(tools: Tools, keyring: Keyring) -> str:
    """One issued certificate, one case under way, one waiting for quality assurance; returns the issued award's id."""
    award = chain(
        tools, NewCandidate(name="Erik Åkerlund-Łoś", birth_date="1991-02-28", reference="2026-014",
                            email="erik@intyga.example")
    )  # fmt: skip
    jobs.work_due(tools, keyring)
    started = opened(tools, NewCandidate(name="Fatima Nordin", birth_date="1998-07-14", reference="2026-021",
                                         email="fatima@intyga.example"))  # fmt: skip
    record_modules(tools, actor(tools, "bedomare@intyga.example"), started, most=2)
    waiting = opened(
        tools, NewCandidate(name="Lars Öqvist", birth_date="1984-11-03", reference="2026-019"),
        standard="beredskapssvetsare-fibernat",
    )  # fmt: skip
    judged(tools, waiting)
    return award


def chain(tools: Tools, candidate: NewCandidate, standard: str = STANDARD) -> str:
    """Open, judge, decide and approve one case; returns the award's id. Issuing is the worker's."""
    case = opened(tools, candidate, standard=standard)
    judged(tools, case)
    with tools.read() as tx:
        waiting = decisions.waiting(tx, case)
    award = review.approve(
        tools, actor(tools, "kvalitet@intyga.example"), case, decision=waiting.id,
        comment="Underlaget är komplett och motiveringarna följer av det.",
    )  # fmt: skip
    if award is None:
        raise RuntimeError("the demo case gave no award")
    return award


def opened(tools: Tools, candidate: NewCandidate, standard: str = STANDARD) -> str:
    """Open a case with both assessors, who declare that they have no tie."""
    with tools.read() as tx:
        provider = tenants.find(tx, PROVIDER)
        edition = next(each for each in standards.granted(tx, provider.id, tools.today()) if each.standard == standard)
    assessors = [actor(tools, email) for _, email, _, role in PEOPLE if role == "assessor"]
    case = open_assessment.open_assessment(
        tools, actor(tools, "koordinator@intyga.example"), provider=provider.id, edition=edition.sha256,
        candidate=candidate, assessors=tuple(each.person for each in assessors), key=tools.new_id(),
    )  # fmt: skip
    for each in assessors:
        open_assessment.declare_no_tie(tools, each, case)
    return case


def judged(tools: Tools, case: str) -> None:
    """Everything met, by both assessors where the standard wants two, decided and motivated."""
    first, second = actor(tools, "bedomare@intyga.example"), actor(tools, "bedomare2@intyga.example")
    record_modules(tools, first, case)
    record_second(tools, second, case)
    with tools.read() as tx:
        found = assessments.case_file(tx, case)
    proposed = decide.propose(tools, found)
    words = {
        outcome.id: f"{found.assessment.candidate.name} visade i arbetet på plats att läranderesultatet är uppnått: "
        f"{text(outcome.text, 'sv')} Mätvärden, foton och samtal i underlaget stödjer bedömningen."
        for outcome in found.checklist.outcomes
    }
    decide.decide(tools, first, case, seen=proposed.events, motivations=words)


def record_modules(tools: Tools, assessor: Actor, case: str, most: int | None = None) -> None:
    """One batch for the papers, then one per module, spread over the last days."""
    with tools.read() as tx:
        lists = assessments.case_file(tx, case).checklist
    began = tools.now() - timedelta(days=4)
    pen = Pen(tools, case, assessor, began)
    record.record(tools, assessor, case, record.plain([pen.paper(each.id) for each in lists.edition.prerequisites]))
    for place, module in enumerate(lists.modules[:most]):
        pen.at = began + timedelta(hours=20 * min(place, 4) + 3)
        sent = [event for criterion in module.criteria for event in pen.criterion(lists, criterion)]
        record.record(tools, assessor, case, record.plain(sent))


def record_second(tools: Tools, assessor: Actor, case: str) -> None:
    """The second assessor's own scores where two are demanded."""
    with tools.read() as tx:
        lists = assessments.case_file(tx, case).checklist
    pen = Pen(tools, case, assessor, tools.now() - timedelta(days=1))
    demanded = [c for c in lists.criteria.values() if max(c.assessors, lists.edition.assessors) > 1]
    if demanded:
        record.record(tools, assessor, case, record.plain([pen.score(criterion) for criterion in demanded]))


def actor(tools: Tools, email: str) -> Actor:
    """The demo person of that address."""
    with tools.read() as tx:
        account = known.account(tx, email)
        found = known.actor(tx, account.id) if account else None
    if found is None:
        raise LookupError(email)
    return found


class Pen:
    """Writes one assessor's events with plausible values."""

    def __init__(self, tools: Tools, case: str, assessor: Actor, at: datetime) -> None:
        self.tools, self.case, self.assessor, self.at = tools, case, assessor, at
        self.random = Random(case)  # noqa: S311 demo values, no secret

    def _common(self, item: str) -> dict[str, Any]:
        self.at += timedelta(minutes=4)
        at = self.at.astimezone(STOCKHOLM).isoformat(timespec="seconds")
        person = self.assessor.person
        return {"id": self.tools.new_id(), "assessment": self.case, "actor": person, "at": at, "item": item}

    def paper(self, key: str) -> PrerequisiteSeen:
        """A paper from last year."""
        return PrerequisiteSeen(issued=(self.at - timedelta(days=400)).date().isoformat(), **self._common(key))

    def score(self, criterion: Criterion) -> Scored:
        """Met, by as many methods as are demanded."""
        return Scored(
            score="met", methods=criterion.methods.allowed[: criterion.methods.minimum], **self._common(criterion.id)
        )

    def criterion(self, lists: Checklist, criterion: Criterion) -> Iterable[Event]:
        """Facts, evidence and the score of one criterion."""
        for fact in criterion.facts:
            value = VALUES.get((criterion.id, fact.id)) or self._value(lists, fact)
            yield FactGiven(fact=fact.id, value=value, **self._common(criterion.id))
        if criterion.evidence:
            for place in range(criterion.evidence.minimum):
                yield self._evidence(criterion, place)
        if criterion.critical:
            yield Noted(
                text="Arbetade lugnt och i rätt ordning, förklarade själv varför.", **self._common(criterion.id)
            )
        yield self.score(criterion)

    def _evidence(self, criterion: Criterion, place: int) -> EvidenceGiven:
        demanded = criterion.evidence
        kind = demanded.kinds[0] if demanded else "note"
        spread = place if demanded and demanded.different_days > 1 else 0
        day = (self.at - timedelta(days=spread)).astimezone(STOCKHOLM).date().isoformat()
        if kind == "photo":
            picture = drawn(f"{self.case}{criterion.id}{place}", criterion.id)
            sha256 = keep_photo.keep_photo(self.tools, self.assessor, self.case, picture)
            return EvidenceGiven(evidence=kind, day=day, sha256=sha256, **self._common(criterion.id))
        words = {"document": "Dokument granskat på plats, ligger hos leverantören.", "link": "Ärende i drift­systemet."}
        said = words.get(kind, "Visade och förklarade arbetet på plats.").replace("\u00ad", "")
        return EvidenceGiven(evidence=kind, day=day, text=said, **self._common(criterion.id))

    def _value(self, lists: Checklist, fact: Fact) -> str | tuple[dict[str, str], ...]:
        if isinstance(fact, TableFact):
            columns = [column for column in fact.columns if column.kind != "mean"]
            shown = {c.id: c for c in fact.columns if c.kind == "mean"}
            limits = {part: mean for mean in shown.values() for part in mean.mean_of}
            return tuple(
                {
                    column.id: str(row)
                    if column.kind == "text" or (column.id not in limits and column.maximum is None and not column.unit)
                    else self._number(lists, limits.get(column.id, column))
                    for column in columns
                }
                for row in range(1, fact.rows + 1)
            )
        if isinstance(fact, NumberFact):
            return self._number(lists, fact)
        if isinstance(fact, ChoiceFact):
            return next(option.id for option in fact.options if option.accepted)
        if isinstance(fact, DateFact):
            return (self.at - timedelta(days=min(10, (fact.within_days or 10) // 2))).date().isoformat()
        return f"DEMO-{self.random.randint(1000, 9999)}"

    def _number(self, lists: Checklist, limited: Any) -> str:
        least, most = lists.limit(limited.minimum), lists.limit(limited.maximum)
        if least is not None and most is not None:
            value = (least + most) / 2
        elif most is not None:
            value = most - abs(most) * Decimal(self.random.randint(20, 70)) / 100
        elif least is not None:
            value = least * Decimal(self.random.randint(105, 130)) / 100
        else:
            value = Decimal(self.random.randint(2, 12))
        return f"{value.quantize(Decimal('0.01')).normalize():f}"


def drawn(seed: str, label: str) -> bytes:
    """A drawn picture of a splice tray, so that the demo needs nobody's photo."""
    dice = Random(seed)  # noqa: S311 a picture, no secret
    image = Image.new("RGB", (1200, 900), (206, 203, 194))
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((90, 90, 1110, 810), 60, fill=(240, 239, 234), outline=(120, 118, 112), width=6)
    colours = ("#b3261e", "#2e7d32", "#1f5fae", "#e0b100", "#f4f4f2", "#7d7f80", "#7a4a1e", "#5b3a8c", "#1aa3a3",
               "#1b1b1b", "#e07a1f", "#d97fa8")  # fmt: skip
    for place, colour in enumerate(colours):
        shift = dice.uniform(-14, 14)
        path = [
            (140 + step * 9, 450 + (place - 5.5) * 26 + shift + math.sin(step / 9 + place / 3) * (70 - place * 4))
            for step in range(103)
        ]
        draw.line(path, fill=colour, width=9, joint="curve")
        x = 560 + dice.randint(-30, 30)
        y = path[(x - 140) // 9][1]
        draw.rounded_rectangle((x, y - 8, x + 86, y + 8), 8, fill=(255, 255, 255), outline=(90, 90, 90), width=2)
    draw.text((130, 826), f"{label}  ritad demobild", fill=(60, 60, 60), font_size=36)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
