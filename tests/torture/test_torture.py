"""Killed with -9 wherever it hurts, the house loses nothing that it has acknowledged; and this test would notice."""

import os
from collections import Counter

import pytest
from fsyncs import watch
from sabotage import sabotaged
from torture import Torture
from workshop import HOLDER

from app.store import events, ledger
from app.store.types import canonical
from assessments.event import Noted

ROUNDS = int(os.environ.get("ROUNDS") or 25)
"""How many kills on each database: `make torture ROUNDS=500`."""
ANSWERS = 1000 if ROUNDS > 25 else 40
"""How many answers are traced."""
pytestmark = [pytest.mark.slow, pytest.mark.timeout(600 + 30 * ROUNDS)]


@pytest.mark.parametrize("seed", [1])
def test_nothing_is_lost_doubled_or_left_however_often_parts_are_killed(database_url, tmp_path, seed):
    told = Torture(tmp_path / "var", url_in(database_url, tmp_path), seed=seed, cases=8 + ROUNDS // 4).run(ROUNDS)
    print(told)  # noqa: T201 the figures are the point; pytest shows them when asked
    assert told.faults == []
    assert told.kills.total() >= ROUNDS * 0.85  # now and then the victim lies dead already
    assert told.share > 0.5, f"this run hardly bit: {told}"
    assert told.awards >= 1
    assert max(told.falling, default=0) < 5


def test_it_is_back_within_five_seconds_with_a_hundred_thousand_events(database_url, tmp_path):
    run = Torture(tmp_path / "var", url_in(database_url, tmp_path), seed=4, desk=False)
    laid_in(run.shop, 100_000)
    told = run.run(3, {"web": 1})
    assert told.faults == []
    assert min(told.back) < 5, told  # the best of three: others use this machine, too


def test_answering_before_the_commit_is_noticed(tmp_path):
    code = sabotaged("reply before commit", tmp_path / "code")
    run = Torture(tmp_path / "var", url_in("sqlite:", tmp_path), seed=2, code=code, desk=False)
    told = run.run(3, {"web": 1})
    assert any("acknowledged events are lost" in fault for fault in told.faults), told


def test_a_number_that_comes_after_signing_is_noticed(tmp_path):
    code = sabotaged("number after signing", tmp_path / "code")
    told = Torture(tmp_path / "var", url_in("sqlite:", tmp_path), seed=3, code=code).run(
        10, {"work": 1}, until_fault=True
    )
    assert any("was signed before it was allocated" in fault for fault in told.faults), told


class TestNoAnswerLeavesBeforeItsFsync:
    def test_on_sqlite(self, tmp_path):
        told = watch(tmp_path, url_in("sqlite:", tmp_path, ""), ANSWERS)
        assert told == Counter({"after its fsync": ANSWERS})

    def test_on_postgresql(self, tmp_path, postgres_server):
        url = postgres_server.new_database()
        told = watch(tmp_path, url, ANSWERS, postmaster=postgres_server.pid)
        postgres_server.drop_database(url)
        assert told == Counter({"after its fsync": ANSWERS})

    def test_and_without_synchronous_writes_the_trace_shows_it(self, tmp_path):
        code = sabotaged("synchronous=OFF", tmp_path / "code")
        told = watch(tmp_path / "var", url_in("sqlite:", tmp_path), ANSWERS, code=code)
        assert told["before its fsync"] >= ANSWERS * 0.9


def url_in(url, folder, room="var"):
    """SQLite lies in the folder of the house, as in real use."""
    return url if url.startswith("postgresql") else f"sqlite:///{folder / room / 'intyga.sqlite'}"


def laid_in(shop, many, batch=100):
    """So many events, each batch under its entry, as the years bring them."""
    for start in range(0, many, 1000):
        case = shop.open(HOLDER)
        with shop.tools.begin() as tx:
            for _ in range(min(1000, many - start) // batch):
                sent = [Noted(text="Anteckning", **shop.common(case, "M1.1")) for _ in range(batch)]
                entry, content = shop.tools.new_id(), events.content([canonical(each).decode() for each in sent])
                ledger.append(
                    tx, entry, tenant=shop.provider, actor=shop.actors["assessor"].person, action="assessment.record",
                    subject=case, content=content, at=shop.tools.now(),
                )  # fmt: skip
                events.add(tx, case, sent, entry, shop.tools.now())
