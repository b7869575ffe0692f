"""Sending twice is free, a forgery is told, half a batch is never kept, and two senders at once both get through."""

from threading import Barrier, Thread

import msgspec
import pytest
from sqlalchemy import text

from app.store import assessments, ledger
from app.store import events as store
from app.tools import new_uuid7
from assessments.event import Noted, PrerequisiteSeen, Scored, Withdrawn
from assessments.problems import EventChangedError


def stored(shop, case):
    with shop.tools.read() as tx:
        return [each.event for each in store.of(tx, case)]


def entries(shop):
    with shop.tools.read() as tx:
        assert list(ledger.faults(tx)) == []
        return tx.execute(text("SELECT count(*) FROM ledger")).scalar_one()


def test_a_batch_is_kept_whole_and_in_the_order_of_its_ids(shop_on_both):
    shop = shop_on_both("opened")
    sent = shop.everything(shop.case)
    receipt = shop.send(shop.case, *reversed(sent))
    assert set(receipt.safe) == set(receipt.new) == {each.id for each in sent}
    assert stored(shop, shop.case) == sorted(sent, key=lambda each: each.id)


def test_a_retry_is_free(shop_on_both):
    shop = shop_on_both("opened")
    sent = shop.everything(shop.case)
    shop.send(shop.case, *sent)
    before = entries(shop)
    for again in (sent, sent[:2], list(reversed(sent))):
        receipt = shop.send(shop.case, *again)
        assert receipt.new == ()
        assert receipt.safe == tuple(each.id for each in again)
    assert entries(shop) == before
    assert len(stored(shop, shop.case)) == len(sent)


def test_a_retry_that_carries_one_more_keeps_the_one(shop_on_both):
    shop = shop_on_both("opened")
    first, *rest = shop.everything(shop.case)
    shop.send(shop.case, *rest)
    receipt = shop.send(shop.case, first, *rest)
    assert receipt.new == (first.id,)
    assert len(stored(shop, shop.case)) == len(rest) + 1


def test_events_of_some_kinds_are_found_by_their_kind_and_not_by_what_a_text_says(shop_on_both):
    shop = shop_on_both("opened")
    sent = shop.everything(shop.case)
    like = Noted(**common(sent[0]), text='"kind":"prerequisite" \\"kind\\":\\"prerequisite\\" %_')
    shop.send(shop.case, *sent, like)
    with shop.tools.read() as tx:
        for kinds in ((PrerequisiteSeen,), (Noted,), (Scored, Withdrawn)):
            found = [each.event for each in store.of(tx, shop.case, *kinds)]
            assert found == [each for each in stored(shop, shop.case) if isinstance(each, kinds)]
        counted = assessments.counted(tx, shop.case, PrerequisiteSeen)
    assert [each.event for each in counted] == [
        each for each in stored(shop, shop.case) if isinstance(each, PrerequisiteSeen)
    ]


def common(event):
    return {name: getattr(event, name) for name in ("assessment", "actor", "at")} | {"id": new_uuid7()}


def test_an_empty_batch_writes_nothing(shop):
    shop = shop("opened")
    before = entries(shop)
    assert shop.send(shop.case) == msgspec.convert({"safe": (), "new": ()}, type(shop.send(shop.case)))
    assert entries(shop) == before


@pytest.mark.parametrize("place", [0, 1])
def test_the_same_id_with_other_content_is_told_and_nothing_is_written(shop_on_both, place):
    shop = shop_on_both("opened")
    first = shop.score(shop.case, "M1.1", score="not_met")
    shop.send(shop.case, first)
    before = entries(shop)
    forged = msgspec.structs.replace(first, score="met")
    batch = [shop.score(shop.case, "M2.1")]
    batch.insert(place, forged)
    with pytest.raises(EventChangedError) as refused:
        shop.send(shop.case, *batch)
    assert refused.value.details == {"event": first.id}
    assert stored(shop, shop.case) == [first]
    assert entries(shop) == before


def test_the_same_id_twice_in_one_batch_with_other_content_is_told(shop_on_both):
    shop = shop_on_both("opened")
    first = shop.score(shop.case, "M1.1")
    with pytest.raises(EventChangedError):
        shop.send(shop.case, first, msgspec.structs.replace(first, score="not_met"))
    assert stored(shop, shop.case) == []


def test_the_same_event_twice_in_one_batch_is_one(shop_on_both):
    shop = shop_on_both("opened")
    first = shop.score(shop.case, "M1.1")
    shop.send(shop.case, first, first)
    assert stored(shop, shop.case) == [first]
    with shop.tools.read() as tx:
        assert store.of(tx, shop.case)[0].entry
    shop.send(shop.case, first)
    assert shop.faults() == []


def test_an_id_of_another_case_is_not_taken_over(shop):
    shop = shop("opened")
    first = shop.score(shop.case, "M1.1")
    shop.send(shop.case, first)
    other = shop.open()
    with pytest.raises(EventChangedError):
        shop.send(other, msgspec.structs.replace(first, assessment=other))
    assert stored(shop, other) == []


def test_a_fault_in_the_middle_keeps_nothing(shop_on_both):
    shop = shop_on_both("opened")
    before = entries(shop)

    def in_the_middle():
        with shop.tools.begin() as tx:
            batch = shop.everything(shop.case)
            entry = ledger.append(
                tx, shop.tools.new_id(), tenant=shop.provider, actor="x", action="assessment.record",
                subject=shop.case, content=[], at=shop.tools.now(),
            )  # fmt: skip
            store.add(tx, shop.case, batch[:3], entry, shop.tools.now())
            msgspec.structs.replace(batch[3], colour="blue")  # raises

    with pytest.raises(TypeError):
        in_the_middle()
    assert stored(shop, shop.case) == []
    assert entries(shop) == before


def at_once(*works):
    start, answers = Barrier(len(works)), []

    def run(work):
        start.wait()
        try:
            answers.append(work())
        except Exception as fault:  # noqa: BLE001 handed to the test
            answers.append(fault)

    threads = [Thread(target=run, args=(work,)) for work in works]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return answers


def test_two_retries_at_once_both_succeed_and_keep_each_event_once(shop_on_both):
    shop = shop_on_both("opened")
    sent = shop.everything(shop.case)
    answers = at_once(*[lambda: shop.send(shop.case, *sent)] * 4)
    assert [set(each.safe) for each in answers] == [{each.id for each in sent}] * 4
    assert sorted(len(each.new) for each in answers) == [0, 0, 0, len(sent)]
    assert len(stored(shop, shop.case)) == len(sent)
    assert shop.faults() == []


def test_of_two_different_contents_at_once_exactly_one_is_kept(shop_on_both):
    shop = shop_on_both("opened")
    one = shop.score(shop.case, "M1.1")
    other = msgspec.structs.replace(one, score="not_met")
    answers = at_once(lambda: shop.send(shop.case, one), lambda: shop.send(shop.case, other))
    assert len([each for each in answers if isinstance(each, EventChangedError)]) == 1
    assert len(stored(shop, shop.case)) == 1
    assert shop.faults() == []


def test_two_assessors_at_once_are_both_kept(shop_on_both):
    shop = shop_on_both("opened")
    one, other = shop.score(shop.case), shop.score(shop.case, who="second", score="not_met")
    answers = at_once(lambda: shop.send(shop.case, one), lambda: shop.send(shop.case, other, who="second"))
    assert [each for each in answers if isinstance(each, Exception)] == []
    with shop.tools.read() as tx:
        assert set(assessments.case_file(tx, shop.case).standing.conflicts) == {("score", "M1.1")}
    assert shop.faults() == []
