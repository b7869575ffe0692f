"""Open a case: one candidate, one edition, and assessors who have no tie to the candidate."""

import re
from datetime import date
from decimal import Decimal

from msgspec import Struct

from app.actions.people import EMAIL, clean
from app.actions.writing import written
from app.policy import Actor, require
from app.store import assessments, ledger, people, standards
from app.store.assessments import Candidate
from app.tools import Tools
from app.words import LANGUAGES
from assessments.checklist import checklist
from assessments.event import day
from assessments.problems import ForbiddenError, InvalidError, MissingError, NoGrantError
from assessments.process import move

KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class TieNotDeclaredError(ForbiddenError):
    """An assessor first declares to have no tie to the candidate."""

    code = "tie-not-declared"
    sv = "Intyga först att du inte har någon koppling till kandidaten (jäv)."
    en = "First declare that you have no tie to the candidate (conflict of interest)."


class NewCandidate(Struct, frozen=True, kw_only=True):
    """What the coordinator knows of the candidate; no personal number is asked for."""

    name: str
    birth_date: str
    reference: str = ""
    email: str = ""
    language: str = "sv"
    protected: bool = False


def open_assessment(
    tools: Tools,
    actor: Actor,
    *,
    provider: str,
    edition: str,
    candidate: NewCandidate,
    assessors: tuple[str, ...],
    key: str,
    chosen: tuple[str, ...] | None = None,
    tightened: dict[str, Decimal] | None = None,
    practice: bool = False,
) -> str:
    """Open it and return its id; `key` is the form's own new id, so a double submit opens one case.

    A case for practice is marked for ever: the ledger's entry of its opening says so.
    """
    require(actor, "assessment.open", provider)
    who = _candidate(tools, provider, candidate)
    if not KEY.fullmatch(key):
        raise InvalidError(field="key")
    now = tools.now()
    with tools.begin() as tx:
        ledger.queue(tx, provider)
        if (home := assessments.provider_of(tx, key)) is not None:
            require(actor, "assessment.open", home)
            return key
        published = standards.find(tx, edition)
        if edition not in {each.sha256 for each in standards.granted(tx, provider, tools.today())}:
            raise NoGrantError(standard=published.standard)
        able = {person.id for person in people.with_role(tx, provider, "assessor")}
        if not assessors or set(assessors) - able:
            raise MissingError(assessors=sorted(set(assessors) - able))
        lists = checklist(published.content, edition, tightened=tightened, chosen=chosen)
        assessments.add_candidate(tx, who, now)
        assessments.add(
            tx, key=key, provider=provider, candidate=who.id, lists=lists, state="planned",
            opened_by=actor.person, at=now, practice=practice,
        )  # fmt: skip
        for person in assessors:
            assessments.assign(tx, key, person, no_tie=False, at=now)
        ledger.append(
            tx, tools.new_id(), tenant=provider, actor=actor.person, action="assessment.open", subject=key,
            content=assessments.opening(assessments.find(tx, key)), at=now,
        )  # fmt: skip
    return key


def declare_no_tie(tools: Tools, actor: Actor, assessment: str) -> None:
    """The assessor's own declaration of having no tie to the candidate; before it nothing can be recorded."""
    with tools.begin() as tx:
        case = assessments.find(tx, assessment)
        require_assigned(actor, case)
        assessments.declare_no_tie(tx, assessment, actor.person, tools.now())
        ledger.append(
            tx, tools.new_id(), tenant=case.provider, actor=actor.person, action="assessment.no-tie",
            subject=assessment, content={"person": actor.person}, at=tools.now(),
        )  # fmt: skip


def withdraw(tools: Tools, actor: Actor, assessment: str, reason: str) -> None:
    """End a case without decision."""
    reason = written(reason, "reason", most=2000)
    with tools.begin() as tx:
        assessments.lock(tx, assessment)
        case = assessments.find(tx, assessment)
        require(actor, "assessment.withdraw", case.provider)
        state = move(case.state, "withdraw", actor.roles(case.provider))
        assessments.set_state(tx, assessment, state, tools.now())
        ledger.append(
            tx, tools.new_id(), tenant=case.provider, actor=actor.person, action="assessment.withdraw",
            subject=assessment, content={"reason": reason}, at=tools.now(),
        )  # fmt: skip


def require_assigned(actor: Actor, case: assessments.Assessment) -> None:
    """Only the case's own assessors; to others it does not exist."""
    require(actor, "assessment.record", case.provider)
    if actor.person not in {each.person for each in case.assigned}:
        raise MissingError(assessment=case.id)


def require_declared(actor: Actor, case: assessments.Assessment) -> None:
    """Only the case's own assessors, and only after their declaration."""
    require_assigned(actor, case)
    if not any(each.no_tie for each in case.assigned if each.person == actor.person):
        raise TieNotDeclaredError


def _candidate(tools: Tools, provider: str, new: NewCandidate) -> Candidate:
    born = day(new.birth_date)
    if born is None or not date(1900, 1, 1) <= born <= date.fromisoformat(tools.today()):
        raise InvalidError(field="birth_date")
    email = new.email.strip().lower()
    if email and not EMAIL.match(email):
        raise InvalidError(field="email")
    if new.language not in LANGUAGES:
        raise InvalidError(field="language")
    return Candidate(
        id=tools.new_id(),
        provider=provider,
        name=clean(new.name, 80, "name"),
        birth_date=new.birth_date,
        reference=clean(new.reference, 60, "reference") if new.reference.strip() else "",
        email=email,
        language=new.language,
        protected=new.protected,
    )
