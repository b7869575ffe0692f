"""The intent row is the job: it is not lost, not doubled, tried again, and wanted again while it is being done."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import get_args

import pytest
from sqlalchemy import select, text

from app import jobs, queue
from app.actions.review import approve
from app.store import intents
from app.store.intents import LEASE, Kind
from app.store.tables import IntentRow
from assessments.problems import ConflictError


@pytest.fixture
def done(monkeypatch):
    """A job of the test's own in the registry: what it does is the test's wish, the road to it is the real one."""
    said = {"count": Counter(), "act": lambda _tools, _subject: None}

    def job(tools, _keyring, subject):
        said["count"][subject] += 1
        said["act"](tools, subject)

    monkeypatch.setitem(jobs.JOBS, "issuer", job)
    return said


@pytest.fixture
def quiet(shop_on_both):
    """A workshop where nothing waits."""
    shop = shop_on_both()
    with shop.tools.begin() as tx:
        tx.execute(text("DELETE FROM intents"))
    return shop


def want(shop, subject="a", **more):
    with shop.tools.begin() as tx:
        return intents.want(tx, shop.tools.new_id(), "issuer", subject, shop.tools.now(), **more)


def row(shop, subject="a"):
    with shop.tools.read() as tx:
        return tx.execute(select(*IntentRow.__table__.columns).where(IntentRow.subject == subject)).one()


def test_every_kind_has_its_job_and_every_job_its_kind():
    assert set(jobs.JOBS) == set(get_args(Kind))


def test_what_is_wanted_is_done_once(quiet, done):
    key = want(quiet)
    assert quiet.work() == 1
    assert quiet.work() == 0
    assert not jobs.work(quiet.tools, quiet.keyring, key)
    assert done["count"] == {"a": 1}
    assert row(quiet).done_at
    assert (row(quiet).failure, row(quiet).leased_until) == ("", None)


def test_wanting_twice_is_wanting_once(quiet, done):
    assert want(quiet) == want(quiet)
    assert quiet.work() == 1
    assert done["count"] == {"a": 1}


def test_what_is_wanted_for_later_waits(quiet, done):
    want(quiet, due_at=quiet.tools.now() + timedelta(hours=1))
    assert quiet.work() == 0
    quiet.clock.forward(hours=1)
    assert quiet.work() == 1
    assert done["count"] == {"a": 1}


def test_what_one_job_wants_of_the_next_is_done_too(quiet, done):
    done["act"] = lambda _tools, subject: want(quiet, f"{subject}b") if len(subject) < 4 else None
    want(quiet)
    assert quiet.work() == 4
    assert done["count"] == {"a": 1, "ab": 1, "abb": 1, "abbb": 1}


def test_the_oldest_is_done_first(quiet, done):
    order = []
    done["act"] = lambda _tools, subject: order.append(subject)
    for subject in ("c", "a", "b"):
        want(quiet, subject)
    quiet.work()
    assert order == ["c", "a", "b"]


def fail(fault):
    def act(_tools, _subject):
        raise fault

    return act


def test_a_failure_is_kept_by_its_name_and_tried_again_later_and_later(quiet, done):
    done["act"] = fail(OSError("the name Erik must not be kept"))
    want(quiet)
    waits = []
    for tries in range(1, 14):
        assert quiet.work() == 0
        assert (row(quiet).tries, row(quiet).failure, row(quiet).leased_until) == (tries, "OSError", None)
        with quiet.tools.read() as tx:
            assert [each.failure for each in intents.failing(tx)] == ["OSError"]
        waits.append(round((row(quiet).due_at - quiet.clock.at).total_seconds()))
        quiet.clock.forward(seconds=waits[-1] + 1)
        assert due(quiet)
    assert waits[:4] == [10, 20, 40, 80]
    assert waits[-1] == 3600
    done["act"] = lambda _tools, _subject: None
    assert quiet.work() == 1
    assert row(quiet).failure == ""


def due(shop):
    with shop.tools.read() as tx:
        return intents.due(tx, shop.tools.now())


def test_a_refusal_waits_for_a_person_and_is_kept_by_its_code(quiet, done):
    done["act"] = fail(ConflictError(name="Erik"))
    want(quiet)
    quiet.work()
    assert row(quiet).failure == "conflict"
    quiet.clock.forward(minutes=59)
    assert not due(quiet)
    quiet.clock.forward(minutes=2)
    assert due(quiet)


def test_one_that_fails_does_not_hold_up_the_others(quiet, done):
    done["act"] = lambda _tools, subject: 1 / 0 if subject == "a" else None
    for subject in "abc":
        want(quiet, subject)
    assert quiet.work() == 2
    assert [bool(row(quiet, subject).done_at) for subject in "abc"] == [False, True, True]


def test_what_is_wanted_again_while_it_is_done_is_done_again(quiet, done):
    done["act"] = lambda _tools, subject: want(quiet) if done["count"][subject] == 1 else None
    want(quiet)
    assert quiet.work() == 2
    assert done["count"] == {"a": 2}
    assert row(quiet).done_at


def test_what_is_wanted_again_while_it_fails_does_not_wait_for_the_failure(quiet, done):
    def act(_tools, subject):
        if done["count"][subject] == 1:
            want(quiet)
            raise OSError

    done["act"] = act
    want(quiet)
    quiet.work()
    assert due(quiet)
    quiet.work()
    assert done["count"] == {"a": 2}


def test_two_workers_do_not_do_the_same(quiet, done):
    inner = []
    done["act"] = lambda _tools, _subject: inner.append(jobs.work(quiet.tools, quiet.keyring, key))
    key = want(quiet)
    assert quiet.work() == 1
    assert inner == [False]
    assert done["count"] == {"a": 1}


def test_a_dead_workers_intent_comes_back_after_its_lease_and_at_once_when_a_worker_starts(quiet, done):
    key = want(quiet)
    with quiet.tools.begin() as tx:
        assert intents.lease(tx, key, quiet.tools.now())
    assert quiet.work() == 0
    quiet.clock.forward(seconds=LEASE.total_seconds() - 5)
    assert quiet.work() == 0
    quiet.clock.forward(seconds=10)
    with quiet.tools.begin() as tx:
        assert intents.lease(tx, key, quiet.tools.now())
        intents.release_all(tx)
    assert quiet.work() == 1
    assert done["count"] == {"a": 1}


def test_an_unknown_intent_is_no_work(quiet, done):
    assert not jobs.work(quiet.tools, quiet.keyring, "019a0000-0000-7000-8000-000000000001")
    assert done["count"] == {}


def test_a_wake_up_that_gets_lost_loses_nothing(shop):
    """The queue's file is broken in the middle of the day: what the person did is kept, and nobody sees an error."""
    shop = shop("decided")
    wake = queue.waker(shop.tools.settings)
    file = shop.tools.settings.folder / "queue.sqlite"
    wake("019a0000-0000-7000-8000-000000000001")
    for each in file.parent.glob("queue.sqlite*"):
        each.unlink()
    file.write_bytes(b"no database at all" * 1000)
    calling = replace(shop.tools, wake=wake)
    with ThreadPoolExecutor(1) as thread:  # another thread of the web has a connection of its own
        decision = shop.waiting(shop.case)
        award = thread.submit(approve, calling, shop.actors["quality"], shop.case, decision=decision).result()
    assert shop.given.id == award
