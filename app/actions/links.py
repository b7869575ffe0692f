"""Candidates come in by a link: mailed to the registered address, or handed over at the desk."""

from datetime import timedelta

from app.actions.people import EMAIL
from app.policy import Actor, require
from app.store import assessments, intents, ledger, letters, organisations, people
from app.store.letters import Letter
from app.tools import Tools, new_secret
from assessments.problems import MissingError

DAYS = 14
PER_DAY = 5


class LinkUsedError(MissingError):
    """Used up, too old or never made: the three are not told apart."""

    code = "link-used"
    sv = "Länken är använd eller för gammal. Du kan be om en ny."
    en = "The link has been used or is too old. You can ask for a new one."


def ask(tools: Tools, email: str) -> None:
    """Mail a link to every candidate registered with that address; says nothing about whether there is one."""
    email = email.strip().lower()
    now, wanted = tools.now(), []
    if not EMAIL.match(email):
        return
    with tools.begin() as tx:
        for candidate in assessments.candidates_of(tx, email):
            if candidate.protected or letters.recent_links(tx, candidate.id, now - timedelta(days=1)) >= PER_DAY:
                continue
            secret = new_secret()
            letters.add_link(tx, secret, candidate.id, now, now + timedelta(days=DAYS), None)
            letter = Letter(
                id=tools.new_id(),
                recipient=candidate.email,
                template="link",
                language=candidate.language,
                content={
                    "link": f"{tools.settings.public_url}/mina/{secret}",
                    "provider": organisations.find(tx, candidate.provider).name,
                    "days": DAYS,
                },
                candidate=candidate.id,
                sent_at=None,
            )
            letters.add(tx, letter, now)
            wanted.append(intents.want(tx, tools.new_id(), "letter", letter.id, now))
    for intent in wanted:
        tools.wake(intent)


def hand_over(tools: Tools, actor: Actor, candidate: str) -> str:
    """A link for the candidate who stands at the desk; returns its secret, shown once."""
    now, secret = tools.now(), new_secret()
    with tools.begin() as tx:
        who = assessments.candidate(tx, candidate)
        require(actor, "candidate.hand-over", who.provider)
        letters.add_link(tx, secret, who.id, now, now + timedelta(days=1), actor.person)
        ledger.append(
            tx, tools.new_id(), tenant=who.provider, actor=actor.person, action="candidate.hand-over",
            subject=who.id, content={"candidate": who.id}, at=now,
        )  # fmt: skip
    return secret


def usable(tools: Tools, secret: str) -> bool:
    """Whether the button behind the link would work; looking uses nothing up (mail scanners look)."""
    with tools.read() as tx:
        return letters.usable_link(tx, secret, tools.now()) is not None


def come_in(tools: Tools, secret: str) -> str:
    """Use the link up; returns a new session's secret."""
    now, session = tools.now(), new_secret()
    with tools.begin() as tx:
        candidate = letters.usable_link(tx, secret, now)
        if candidate is None or not letters.use_link(tx, secret, now):
            raise LinkUsedError
        if assessments.candidate(tx, candidate).erased_at:
            raise LinkUsedError
        people.add_session(tx, session, now, account=None, candidate=candidate)
    return session
