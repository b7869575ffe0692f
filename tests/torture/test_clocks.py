"""Clocks lie: tablets by more than a year, the server by two days. Order, numbers and validity stay as they are."""

from datetime import UTC, datetime, timedelta

import pytest
from houses import Browser
from tablets import a_tablet, case_file
from workshop import HOLDER, a_photo, a_workshop

from app import create_app, jobs
from app.actions import keep_photo
from app.actions.confirm import confirm, track, track_digest
from app.store import awards, intents
from app.store.timeline import entries
from app.tools import STOCKHOLM
from assessments.clocks import happened

AT = datetime(2026, 11, 24, 9, tzinfo=UTC)
YEAR = timedelta(days=400)


@pytest.fixture
def shop(tmp_path):
    opened = a_workshop(tmp_path / "var", "opened")
    yield opened
    opened.tools.database.close()


def in_the_field(shop, off, *, told=True):
    """Everything met on a tablet whose clock is off by so much, delivered, confirmed, decided and approved."""
    tablet, case = a_tablet(shop), shop.case
    sha256 = keep_photo.keep_photo(shop.tools, shop.actors["assessor"], case, a_photo())

    def at():
        return (shop.tools.now() + off).isoformat(timespec="seconds")

    day = shop.tools.today()
    sent = [
        tablet.event(kind="prerequisite", item="first-aid", issued="2025-11-01", at=at()),
        tablet.event(kind="fact", fact="measure", value="0,3", item="M1.1", at=at()), tablet.event(at=at()),
        tablet.event(item="M2.1", methods=["SAM"], at=at()), tablet.event(item="M2.2", methods=["SAM"], at=at()),
        tablet.event(kind="evidence", item="M2.1", evidence="photo", day=day, sha256=sha256, at=at()),
    ]  # fmt: skip
    results = tablet.results(*sent, sent_at=at() if told else "")
    assert results == [("stored", "")] * len(sent)
    found, person = case_file(shop), shop.actors["assessor"]
    ids = frozenset(each.event.id for each in track(found, person.person))
    confirm(shop.tools, person, case, seen=track_digest(found, person.person), events=ids)
    shop.decide(case)
    shop.approve(case)
    shop.work()
    return shop.given


@pytest.mark.parametrize("told", [True, False], ids=["the tablet says its time", "it says nothing"])
@pytest.mark.parametrize("off", [YEAR, -YEAR, timedelta(days=2), timedelta(0)], ids=str)
def test_a_wild_tablet_clock_moves_no_day_number_or_validity(shop, off, told):
    given = in_the_field(shop, off, told=told)
    today = shop.tools.today()
    assert (given.award.assessed_from, given.award.assessed_until) == (today, today)
    assert (given.award.awarded_on, given.number) == (today, awards.printed_number(today[:4], 1))
    assert given.issued_at
    assert shop.faults() == []


def test_the_quality_assurer_sees_that_the_clock_was_wrong(tmp_path):
    shop = a_workshop(tmp_path / "var", "opened")
    in_the_field(shop, YEAR)
    visitor = Browser(create_app(shop.tools.settings, shop.tools).test_client())
    assert visitor.sign_in("quality").status_code == 303
    page = visitor.get(f"/arenden/{shop.case}/granskning")
    assert "surfplattans klocka gick fel" in page.text
    shop.tools.database.close()


class TestWhenItHappened:
    def test_a_clock_that_is_right_is_believed(self):
        early = AT - timedelta(days=20)
        assert happened(early.isoformat(), AT, opened=early, skew=timedelta(seconds=90)) == early

    def test_a_known_error_is_taken_out_of_weeks_offline_too(self):
        true = AT - timedelta(days=20)
        told = (true + YEAR).isoformat()
        assert happened(told, AT, opened=true - timedelta(days=1), skew=-YEAR) == true

    def test_nothing_happens_after_it_was_received_or_before_the_case_was_opened(self):
        assert happened((AT + YEAR).isoformat(), AT) == AT
        assert happened((AT - YEAR).isoformat(), AT, opened=AT - timedelta(days=3)) == AT - timedelta(days=3)
        assert happened((AT - YEAR).isoformat(), AT) == AT - YEAR  # an old case that was brought in from a file

    def test_the_ends_of_time_break_nothing(self):
        for at in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"):
            assert happened(at, AT, opened=AT, skew=YEAR) == AT
        assert happened("9999-12-31T00:00:00+00:00", AT, skew=YEAR) == AT


@pytest.mark.parametrize("days", [2, -2])
def test_a_jumping_server_clock_doubles_and_delays_nothing(shop, days):
    shop.clock.forward(days=3)  # the grant is of the first day, and nothing is given before it
    first = shop.case
    shop.judge(first)
    shop.clock.forward(days=days)
    shop.decide(first)
    shop.approve(first)
    shop.clock.forward(days=-days)  # put right before the worker looks
    second = shop.open(HOLDER)
    shop.judge(second)
    shop.decide(second)
    shop.approve(second)
    jobs.look_around(shop.tools, shop.keyring)
    jobs.look_around(shop.tools, shop.keyring)
    with shop.tools.read() as tx:
        given = {each.assessment: each for each in awards.of_provider(tx, shop.provider)}
        acts = [
            each.subject for each in entries(tx, shop.provider, [first, second]) if each.action == "assessment.decide"
        ]
        assert [each.kind for each in intents.failing(tx)] == []
    assert acts == [second, first]  # by their place in the chain, the latest first
    places = sorted(int(each.number.split("-")[1]) for each in given.values())
    assert places == [1, 2]
    assert all(each.issued_at for each in given.values())
    assert shop.faults() == []
    assert given[second].award.awarded_on == shop.clock.at.astimezone(STOCKHOLM).date().isoformat()
