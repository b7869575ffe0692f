"""A provider at work, for tests of store, actions and commands: real database, real keys, a small standard.

Each stage is made once from the one before and copied for every test, since passwords and papers are slow on purpose.
"""

import hashlib
import io
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar

from PIL import Image

from app import jobs, queue
from app.actions import decide, grants, keep_photo, keys, links, people, publish, record, review, revoke
from app.actions.open_assessment import NewCandidate, declare_no_tie, open_assessment
from app.issue.keyring import Keyring
from app.policy import Actor, RoleName
from app.settings import Settings
from app.store import assessments, awards, decisions, organisations, proofs, standards
from app.store import people as known
from app.store.awards import Given
from app.store.schema import upgrade
from app.tools import STOCKHOLM, Tools, tools_for
from assessments.event import Event, EvidenceGiven, FactGiven, Noted, PrerequisiteSeen, Scored

STANDARD = (Path(__file__).parent / "provyrke.yaml").read_bytes()
PASSPHRASE = "a passphrase of the tests"
PASSWORD = "korrekt häst batteri"
BODY, OTHER_BODY, PROVIDER, OTHER, OPERATOR = "branschen", "annan-bransch", "exempelnat", "annan-validering", "driften"
ORGANISATIONS = (
    (OPERATOR, "operator", "Provdriften", "556000-0241"),
    (BODY, "sector-body", "Exempelbranschen", "802000-0017"),
    (OTHER_BODY, "sector-body", "Annan bransch", "802000-0025"),
    (PROVIDER, "provider", "Exempelnät Validering AB", "556000-0167"),
    (OTHER, "provider", "Annan Validering AB", "556000-0324"),
)
PEOPLE: dict[str, tuple[str, str, RoleName]] = {
    "coordinator": ("Karin Lindqvist", PROVIDER, "coordinator"),
    "assessor": ("Johan Bergström", PROVIDER, "assessor"),
    "second": ("Amina Warsame", PROVIDER, "assessor"),
    "quality": ("Elin Sandberg", PROVIDER, "quality-assurer"),
    "editor": ("Per Holmgren", BODY, "editor"),
    "admin": ("Sara Nyström", OPERATOR, "administrator"),
    "stranger": ("Olle Berg", OTHER, "coordinator"),
    "strange-assessor": ("Mona Sahlin Ek", OTHER, "assessor"),
    "strange-quality": ("Tove Lund", OTHER, "quality-assurer"),
    "strange-editor": ("Nils Gran", OTHER_BODY, "editor"),
}
HOLDER = NewCandidate(
    name="Erik Åkerlund-Łoś", birth_date="1991-02-28", reference="2026-0147", email="erik@intyga.example"
)
WORDS = {key: f"Erik visade på plats att {key} är uppnått, med mått och samtal." for key in ("M1.L1", "M2.L1")}
ASSURED = "Underlaget är komplett och följer av det som sågs."


class Clock:
    """A time that tests move; each look is a hundredth of a second later, so that order is never by chance."""

    latest: ClassVar[datetime] = datetime.now(UTC)

    def __init__(self) -> None:
        self.at = Clock.latest + timedelta(seconds=1)  # after all that the templates hold

    def __call__(self) -> datetime:
        self.at += timedelta(milliseconds=10)
        return self.at

    def forward(self, **time: float) -> None:
        self.at += timedelta(**time)


@dataclass(frozen=True)
class Workshop:
    """Tools, people and the first case."""

    tools: Tools
    clock: Clock
    keyring: Keyring
    actors: dict[str, Actor]
    ids: dict[str, str]
    """Organisations by slug."""
    edition: str

    @property
    def provider(self) -> str:
        return self.ids[PROVIDER]

    @property
    def case(self) -> str:
        """The oldest case."""
        with self.tools.read() as tx:
            return assessments.of_provider(tx, self.provider)[-1].id

    @property
    def given(self) -> Given:
        """The award of the first case."""
        with self.tools.read() as tx:
            return awards.of_provider(tx, self.provider)[-1]

    def open(self, candidate: NewCandidate = HOLDER, *assessors: str, declared: bool = True, **more: Any) -> str:
        """A case with both assessors, unless told otherwise."""
        chosen = assessors or ("assessor", "second")
        key = open_assessment(
            self.tools, self.actors["coordinator"], provider=self.provider, edition=self.edition, candidate=candidate,
            assessors=tuple(self.actors[who].person for who in chosen), **{"key": self.tools.new_id()} | more,
        )  # fmt: skip
        for who in chosen if declared else ():
            declare_no_tie(self.tools, self.actors[who], key)
        return key

    def common(self, case: str, item: str, who: str = "assessor", **changes: Any) -> dict[str, Any]:
        """What all events share."""
        at = self.tools.now().astimezone(STOCKHOLM).isoformat(timespec="seconds")
        fields = {"id": self.tools.new_id(), "assessment": case, "actor": self.actors[who].person, "at": at}
        return fields | {"item": item} | changes

    def score(self, case: str, item: str = "M1.1", who: str = "assessor", **changes: Any) -> Scored:
        methods = ("OBS",) if item.startswith("M1") else ("SAM",)
        return Scored(score=changes.pop("score", "met"), methods=methods, **self.common(case, item, who, **changes))

    def everything(self, case: str) -> list[Event]:
        """All that the standard asks for, without the photo."""
        return [
            PrerequisiteSeen(issued="2025-11-01", **self.common(case, "first-aid")),
            FactGiven(fact="measure", value="0,3", **self.common(case, "M1.1")),
            self.score(case, "M1.1"), self.score(case, "M2.1"), self.score(case, "M2.2"),
        ]  # fmt: skip

    def send(self, case: str, *events: Event, who: str = "assessor") -> record.Receipt:
        return record.record(self.tools, self.actors[who], case, record.plain(list(events)))

    def judge(self, case: str) -> None:
        """Everything met, in two batches."""
        first, *rest = self.everything(case)
        sha256 = keep_photo.keep_photo(self.tools, self.actors["assessor"], case, a_photo(case))
        day = self.tools.today()
        self.send(case, first)
        self.send(case, *rest, EvidenceGiven(evidence="photo", day=day, sha256=sha256, **self.common(case, "M2.1")))

    def seen(self, case: str) -> str:
        with self.tools.read() as tx:
            return decide.propose(self.tools, assessments.case_file(tx, case)).events

    def decide(self, case: str, who: str = "assessor") -> str:
        """Confirmed and motivated; returns the decision's id."""
        return decide.decide(self.tools, self.actors[who], case, seen=self.seen(case), motivations=WORDS).id

    def waiting(self, case: str) -> str:
        with self.tools.read() as tx:
            return decisions.waiting(tx, case).id

    def approve(self, case: str, who: str = "quality") -> str | None:
        return review.approve(self.tools, self.actors[who], case, decision=self.waiting(case), comment=ASSURED)

    def work(self) -> int:
        """The worker does all that is due now."""
        return jobs.work_due(self.tools, self.keyring)

    def faults(self) -> list[str]:
        """What `doctor` would say of the record."""
        with self.tools.read() as tx:
            return list(proofs.faults(tx))

    def again(self, who: str) -> Actor:
        """That person as the database knows them now."""
        return actor(self.tools, who)


Residents = tuple[dict[str, Actor], dict[str, str], str]


def email(who: str) -> str:
    return f"{who}@intyga.example"


def actor(tools: Tools, who: str) -> Actor:
    with tools.read() as tx:
        account = known.account(tx, email(who))
        assert account
        found = known.actor(tx, account.id)
    assert found
    return found


def a_photo(seed: str = "", mode: str = "JPEG", **about: Any) -> bytes:
    """A real small picture; another seed, another picture."""
    digest = hashlib.sha256(seed.encode()).digest()
    image = Image.frombytes("RGB", (4, 2), digest[:24]).resize((64, 48), Image.Resampling.BICUBIC)
    out = io.BytesIO()
    image.save(out, mode, **about)
    return out.getvalue()


def settings_in(folder: Path, **changes: Any) -> Settings:
    fields = {"folder": folder, "secret_file": folder / "secret", "passphrase_file": folder / "keys" / "passphrase"}
    return replace(Settings(), **fields | changes)


def visit(folder: Path, residents: Residents | None = None, **settings: Any) -> Workshop:
    """The workshop that lies in that folder; who lives there is asked, unless it is known."""
    clock = Clock()
    tools = replace(tools_for(settings_in(folder, **settings)), now=clock)
    known_here = residents or who_lives_here(tools)
    return Workshop(tools, clock, Keyring(folder / "keys", PASSPHRASE), *known_here)


def who_lives_here(tools: Tools) -> Residents:
    with tools.read() as tx:
        ids = {each.slug: each.id for each in organisations.every(tx)}
        edition = standards.named(tx, "provyrke", "2026.1")
    assert edition
    return {who: actor(tools, who) for who in PEOPLE}, ids, edition.sha256


@cache
def residents() -> Residents:
    """All copies hold the same people."""
    tools = tools_for(settings_in(template("founded")))
    found_there = who_lives_here(tools)
    tools.database.close()
    return found_there


def found(settings: Settings) -> None:
    """Organisations, people, keys, the standard and the provider's grant."""
    clock = Clock()
    tools = replace(tools_for(settings), now=clock)
    upgrade(tools.database)
    for slug, kind, name, number in ORGANISATIONS:
        people.add_organisation(tools, None, slug=slug, kind=kind, name=name, organisation_number=number)
    for who, (name, home, role) in PEOPLE.items():
        people.add_person(tools, None, name=name, email=email(who), password=PASSWORD, organisation=home, role=role)
    keys.make(tools, PASSPHRASE, PROVIDER)
    published = publish.publish(tools, None, STANDARD, owner=BODY)
    grants.give(tools, None, owner=BODY, provider=PROVIDER, standard=published.standard)
    tools.database.close()
    Clock.latest = max(Clock.latest, clock.at)


def live(shop: Workshop) -> None:
    """Everything that leaves traces of the candidate: notes, a return, a certificate, letters, a revocation."""
    case, tools = shop.case, shop.tools
    shop.send(case, Noted(text="Erik var nervös i början.", **shop.common(case, "M1.1")))
    shop.decide(case)
    reasons = "Skriv mer om vad Erik visade."
    review.send_back(tools, shop.actors["quality"], case, decision=shop.waiting(case), reasons=reasons)
    shop.decide(case)
    shop.approve(case)
    queue.waker(tools.settings)(shop.given.id)
    links.ask(tools, HOLDER.email)
    shop.work()
    links.ask(tools, HOLDER.email)
    asked = revoke.ask(tools, shop.actors["coordinator"], shop.given.id, "Utfärdat för fel person, inte Erik.")
    revoke.confirm(tools, shop.actors["quality"], shop.given.id, asked)
    shop.work()
    links.ask(tools, HOLDER.email)


STAGES: dict[str, tuple[str, Callable[[Workshop], object]]] = {
    "opened": ("founded", lambda shop: shop.open()),
    "judged": ("opened", lambda shop: shop.judge(shop.case)),
    "decided": ("judged", lambda shop: shop.decide(shop.case)),
    "approved": ("decided", lambda shop: shop.approve(shop.case)),
    "issued": ("approved", lambda shop: shop.work()),
    "lived": ("judged", live),
}
"""Each stage with the one before it and what happens between."""
MADE = TemporaryDirectory(prefix="intyga-workshop-")


@cache
def template(stage: str) -> Path:
    """A folder at that stage that nobody has open."""
    folder = Path(MADE.name) / stage
    if stage == "founded":
        folder.mkdir()
        found(settings_in(folder))
        return folder
    before, act = STAGES[stage]
    shutil.copytree(template(before), folder)
    shop = visit(folder)
    act(shop)
    shop.tools.database.close()
    Clock.latest = max(Clock.latest, shop.clock.at)
    return folder


def a_workshop(folder: Path, stage: str = "founded", **settings: Any) -> Workshop:
    """A workshop of one's own at that stage."""
    shutil.copytree(template(stage), folder, dirs_exist_ok=True)
    return visit(folder, residents(), **settings)


def a_workshop_on(url: str, folder: Path, stage: str = "founded") -> Workshop:
    """The same on any database, made step by step."""
    found(settings_in(folder, database_url=url))
    shop = visit(folder, database_url=url)
    steps: list[Callable[[Workshop], object]] = []
    while stage != "founded":
        stage, act = STAGES[stage]
        steps.insert(0, act)
    for act in steps:
        act(shop)
    Clock.latest = max(Clock.latest, shop.clock.at)
    return shop
