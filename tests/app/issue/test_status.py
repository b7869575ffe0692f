"""A status list tells who was revoked, and nothing it was not asked to tell."""

import base64
import gzip
import json
import random
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from records import DID, ISSUED, LIST, a_list, a_whole

from app.issue.canon import canonical
from app.issue.status import (
    SIZE,
    WrongStatusListError,
    decode_list,
    encode_list,
    is_set,
    marked,
    status_list,
)
from app.store.status_places import SIZE as PLACES
from app.store.status_places import StatusListFullError, random_index

indexes = st.sets(st.integers(0, SIZE - 1), max_size=200)


def test_the_store_and_the_list_agree_on_the_size():
    assert PLACES == SIZE


@settings(max_examples=20)
@given(indexes)
def test_what_is_marked_is_read_back_and_nothing_else(places):
    bits = decode_list(encode_list(places))
    assert {place for place in range(SIZE) if bits[place // 8] & (0x80 >> place % 8)} == places
    assert all(is_set(bits, place) for place in places)


def dice(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 the same in every run


def test_place_zero_is_the_left_most_bit():
    assert decode_list(encode_list([0]))[0] == 0b1000_0000


def test_the_same_places_give_the_same_text_in_any_order():
    assert encode_list([5, 99]) == encode_list([99, 5])


def test_the_list_is_as_long_as_the_standard_demands_and_starts_with_u():
    encoded = encode_list([])
    assert encoded[0] == "u"
    assert "=" not in encoded
    assert len(gzip.decompress(base64.urlsafe_b64decode(encoded[1:] + "=="))) * 8 == 131_072


def packed(data: bytes) -> str:
    return "u" + base64.urlsafe_b64encode(data).decode().rstrip("=")


UNREADABLE = {
    "no text": None,
    "nothing": "",
    "without the u": encode_list([])[1:],
    "padded": encode_list([]) + "=",
    "with a line feed": encode_list([]) + "\n",
    "not compressed": packed(bytes(SIZE // 8)),
    "too short": packed(gzip.compress(bytes(10))),
    "too long": packed(gzip.compress(bytes(SIZE // 8 + 1))),
    "a bomb": packed(gzip.compress(bytes(40_000_000))),
    "cut off": encode_list([])[:-8],
    "with something after it": packed(gzip.compress(bytes(SIZE // 8)) + b"more"),
    "compressed otherwise": packed(zlib.compress(bytes(SIZE // 8))),
}


@pytest.mark.parametrize("what", UNREADABLE)
def test_an_unreadable_list_says_nothing_about_anybody(what):
    with pytest.raises(WrongStatusListError):
        decode_list(UNREADABLE[what])


@pytest.mark.parametrize("index", [-1, SIZE])
def test_a_place_outside_the_list_is_never_not_revoked(index):
    with pytest.raises(WrongStatusListError):
        is_set(decode_list(encode_list([])), index)


def test_a_record_is_marked_by_its_own_place_alone():
    assert marked(a_whole(), a_list(4711))
    assert not marked(a_whole(), a_list(4710, 4712))


OTHERS = {
    "another list": status_list(f"{LIST}1", DID, "revocation", [4711], ISSUED),
    "a list for another purpose": status_list(LIST, DID, "suspension", [4711], ISSUED),
    "no list": {"id": LIST},
}


@pytest.mark.parametrize("what", OTHERS)
def test_another_list_says_nothing_about_the_record(what):
    with pytest.raises(WrongStatusListError):
        marked(a_whole(), OTHERS[what])


@pytest.mark.parametrize("index", [23, "-1", "+1", "01", "1_0", " 1", "1\n", "٣", None])
def test_an_index_that_is_not_written_as_the_standard_says_is_refused(index):
    record = a_whole()
    record["credentialStatus"]["statusListIndex"] = index
    with pytest.raises(WrongStatusListError):
        marked(record, a_list(1, 23))


@settings(max_examples=20)
@given(st.integers())
def test_a_place_is_free_and_drawn_by_the_dice_alone(seed):
    taken = set(range(60_000))
    drawn = random_index(taken, dice(seed))
    assert drawn not in taken
    assert 0 <= drawn < SIZE
    assert drawn == random_index(taken, dice(seed))


def test_the_last_free_place_is_found():
    assert random_index(set(range(SIZE)) - {77}, dice(1)) == 77


def test_every_free_place_can_be_drawn():
    free = {5, 70_000, SIZE - 1}
    taken = set(range(SIZE)) - free
    assert {random_index(taken, dice(seed)) for seed in range(40)} == free


def test_a_full_list_is_full():
    with pytest.raises(StatusListFullError):
        random_index(range(SIZE), dice(1))


def test_the_list_can_be_signed_whole_and_its_entry_is_not_the_list_itself():
    assert canonical(a_list(1))
    assert a_whole()["credentialStatus"]["id"] != a_list()["id"]
    assert json.dumps(a_list()).count(LIST) == 2
