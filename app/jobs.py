"""Carries out intents: the row in the database is the job, the queue only says "look now" and may forget it."""

from collections.abc import Callable
from datetime import timedelta

import structlog

from app import mail
from app.actions import erase, issue, lengthen
from app.actions.tidy_field import tidy_field
from app.issue.keyring import Keyring
from app.store import checks, intents
from app.store.intents import Intent, Kind
from app.tools import Tools
from app.verify import lane
from assessments.problems import ProblemError

Job = Callable[[Tools, Keyring, str], None]
JOBS: dict[Kind, Job] = {
    "issue": issue.issue,
    "lengthen": lengthen.lengthen,
    "issuer": issue.publish_issuer,
    "status-list": issue.publish_status_list,
    "letter": lambda tools, _keyring, key: mail.send(tools, key),
    "check": lambda tools, _keyring, key: lane.answer_check(tools, key),
}
FRESH = timedelta(days=1)
"""How old a status list may be served; verifiers call it stale after thirty days."""
REMEMBERED = timedelta(days=1)
"""How long the answer about an uploaded document is kept: it can hold a name."""
PATIENCE = timedelta(hours=1)
"""How long a refused intent waits: a person has to mend something first."""
log = structlog.get_logger()


def work(tools: Tools, keyring: Keyring, intent_id: str) -> bool:
    """Do one intent if it is due and free; a failure is written on its row and tried again later. True when done."""
    try:
        return _work(tools, keyring, intent_id)
    except Exception as fault:  # noqa: BLE001 a full disk or a database that is away: the row says what is to be done, later
        log.warning("nothing can be noted now", failure=type(fault).__name__)
        return False


def _work(tools: Tools, keyring: Keyring, intent_id: str) -> bool:
    with tools.begin() as tx:
        intent = intents.lease(tx, intent_id, tools.now())
    if intent is None:
        return False
    try:
        JOBS[intent.kind](tools, keyring, intent.subject)
    except Exception as fault:  # noqa: BLE001 whatever went wrong, the intent must not be lost and the worker must live on
        _postpone(tools, intent, fault)
        return False
    with tools.begin() as tx:
        intents.finish(tx, intent, tools.now())
    return True


def work_due(tools: Tools, keyring: Keyring) -> int:
    """Do everything that is due, also what one job wants of the next; returns how many were done."""
    done = 0
    while True:
        with tools.read() as tx:
            waiting = intents.due(tx, tools.now())
        finished = sum(work(tools, keyring, intent_id) for intent_id in waiting)
        done += finished
        if not finished:
            return done


def begin(tools: Tools, keyring: Keyring) -> None:
    """A worker that starts: what a fallen one had taken is free again, half files go, and everything due is done."""
    _unless_it_cannot(lambda: _release(tools))
    _unless_it_cannot(lambda: erase.tidy(tools))
    look_around(tools, keyring)


def look_around(tools: Tools, keyring: Keyring) -> None:
    """What the clock wants; when it cannot be done now, the next look will do it."""
    _unless_it_cannot(lambda: _look_around(tools, keyring))


def _unless_it_cannot(act: Callable[[], object]) -> None:
    """A full disk or a database that is away must not end the worker: it would take the web with it."""
    try:
        act()
    except Exception as fault:  # noqa: BLE001 whatever it is, the rows still say what is to be done
        log.warning("not now", failure=type(fault).__name__)


def _release(tools: Tools) -> None:
    with tools.begin() as tx:
        intents.release_all(tx)


def _look_around(tools: Tools, keyring: Keyring) -> int:
    """Lists are made fresh before they are stale, old answers forgotten, and all that is due is done."""
    now = tools.now()
    with tools.begin() as tx:
        intents.set_right(tx, now, PATIENCE)
        for list_id in intents.done_before(tx, "status-list", now - FRESH):
            intents.want(tx, tools.new_id(), "status-list", list_id, now)
        unanswered = checks.forget(tx, now - REMEMBERED)
    tidy_field(tools)
    for key in unanswered:
        (tools.settings.folder / "checks" / key).unlink(missing_ok=True)
    return work_due(tools, keyring)


def _postpone(tools: Tools, intent: Intent, fault: Exception) -> None:
    refused = isinstance(fault, ProblemError)
    # The class and code only: messages can hold what a person typed.
    failure = fault.code if isinstance(fault, ProblemError) else type(fault).__name__
    wait = PATIENCE if refused else min(timedelta(seconds=5 * 2 ** min(intent.tries, 12)), PATIENCE)
    log.warning("intent postponed", kind=intent.kind, subject=intent.subject, tries=intent.tries, failure=failure)
    with tools.begin() as tx:
        intents.postpone(tx, intent, failure, tools.now() + wait)
