"""The states of a case and the one table of who may move it where."""

from typing import Literal

from msgspec import Struct

from assessments.problems import ForbiddenError, NoGrantError, PracticeError, SamePersonError, WrongStateError

State = Literal["planned", "assessing", "decided", "awarded", "closed", "withdrawn"]
"""planned: opened, nothing judged · assessing: events are coming · decided: a person has confirmed, QA waits ·
awarded: approved with an award · closed: approved, nothing to award · withdrawn: ended without decision."""
Verb = Literal["record", "decide", "take-back", "approve", "return", "withdraw"]
Role = Literal["coordinator", "assessor", "quality-assurer"]


class Transition(Struct, frozen=True):
    """Where a verb leads and which role may use it."""

    to: State
    by: Role


TRANSITIONS: dict[tuple[State, Verb], Transition] = {
    ("planned", "record"): Transition("assessing", "assessor"),
    ("assessing", "record"): Transition("assessing", "assessor"),
    ("assessing", "decide"): Transition("decided", "assessor"),
    ("decided", "take-back"): Transition("assessing", "assessor"),
    ("decided", "approve"): Transition("awarded", "quality-assurer"),
    ("decided", "return"): Transition("assessing", "quality-assurer"),
    ("planned", "withdraw"): Transition("withdrawn", "coordinator"),
    ("assessing", "withdraw"): Transition("withdrawn", "coordinator"),
}


class Grant(Struct, frozen=True, kw_only=True):
    """A provider's dated right to issue one standard, given by its owner."""

    provider: str
    standard: str
    given_on: str
    revoked_on: str | None = None


class Approval(Struct, frozen=True, kw_only=True):
    """The quality assurer's yes."""

    person: str
    on: str


def move(state: State, verb: Verb, roles: frozenset[str]) -> State:
    """The next state; refuses what the table does not allow."""
    transition = TRANSITIONS.get((state, verb))
    if transition is None:
        raise WrongStateError(state=state, verb=verb)
    if transition.by not in roles:
        raise ForbiddenError(verb=verb)
    return transition.to


def recordable(state: State) -> bool:
    """Whether acts can still be added."""
    return (state, "record") in TRANSITIONS


def require_real(practice: bool) -> None:
    """Nothing of a practice case is decided, approved or issued, whoever asks."""
    if practice:
        raise PracticeError


def require_other_person(reviewer: str, judged: frozenset[str]) -> None:
    """Separation of duties is by person, not by account or role."""
    if not reviewer or reviewer in judged:
        raise SamePersonError


def require_grant(grants: tuple[Grant, ...], provider: str, standard: str, on: str) -> None:
    """A grant for this provider and standard holds on the day (ISO text)."""
    for grant in grants:
        fits = grant.provider == provider and grant.standard == standard and grant.given_on <= on
        if fits and (grant.revoked_on is None or on < grant.revoked_on):
            return
    raise NoGrantError(standard=standard)
