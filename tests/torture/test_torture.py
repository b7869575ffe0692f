"""Killed with -9 wherever it hurts, the house loses nothing that it has acknowledged; and this test would notice."""

from collections import Counter

import pytest
from fsyncs import watch
from sabotage import sabotaged
from torture import Torture

ROUNDS = 25
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.mark.parametrize("seed", [1])
def test_nothing_is_lost_doubled_or_left_however_often_parts_are_killed(database_url, tmp_path, seed):
    told = Torture(tmp_path / "var", url_in(database_url, tmp_path), seed=seed).run(ROUNDS)
    print(told)  # noqa: T201 the figures are the point; pytest shows them when asked
    assert told.faults == []
    assert told.kills.total() >= ROUNDS - 3  # now and then the victim lies dead already
    assert told.share > 0.5, f"this run hardly bit: {told}"
    assert told.awards >= 1
    assert max(told.falling, default=0) < 5


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
    TIMES = 40

    def test_on_sqlite(self, tmp_path):
        told = watch(tmp_path, url_in("sqlite:", tmp_path, ""), self.TIMES)
        assert told == Counter({"after its fsync": self.TIMES})

    def test_on_postgresql(self, tmp_path, postgres_server):
        url = postgres_server.new_database()
        told = watch(tmp_path, url, self.TIMES, postmaster=postgres_server.pid)
        postgres_server.drop_database(url)
        assert told == Counter({"after its fsync": self.TIMES})

    def test_and_without_synchronous_writes_the_trace_shows_it(self, tmp_path):
        code = sabotaged("synchronous=OFF", tmp_path / "code")
        told = watch(tmp_path / "var", url_in("sqlite:", tmp_path), self.TIMES, code=code)
        assert told["before its fsync"] >= self.TIMES * 0.9


def url_in(url, folder, room="var"):
    """SQLite lies in the folder of the house, as in real use."""
    return url if url.startswith("postgresql") else f"sqlite:///{folder / room / 'intyga.sqlite'}"
