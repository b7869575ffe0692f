"""A photo arrives whole or goes on where it was cut; its name is what it is, and what counts is the cleaned picture."""

import hashlib
import threading

import pytest
from tablets import AT, case_file, rows
from workshop import a_photo

from app.actions.confirm import confirm, track_digest
from app.actions.decide import PhotosMissingError
from app.actions.tidy_field import tidy_field
from app.actions.upload import CHUNK
from app.exports import export_case, import_case
from app.store import assessments

PHOTO = a_photo("field", quality=100)
NAME = hashlib.sha256(PHOTO).hexdigest()


def names(shop, case=None):
    with shop.tools.read() as tx:
        return assessments.photo_names(tx, assessments.find(tx, case or shop.case))


def stand_for(shop, tablet):
    person = shop.actors["assessor"]
    seen = track_digest(case_file(shop), person.person)
    confirm(shop.tools, person, shop.case, seen=seen, events=frozenset({tablet.made[0]["id"]}))


def evidence(tablet, **changes):
    fields = {"item": "M2.1", "evidence": "photo", "day": "2026-11-24", "sha256": NAME}
    return tablet.event(kind="evidence", **fields | changes)


def test_a_photo_in_pieces_is_cleaned_and_found_under_the_name_the_tablet_gave_it(out_on_both):
    shop, tablet = out_on_both()
    tablet.results(evidence(tablet))
    assert names(shop) == {}
    done = tablet.upload(PHOTO, 700)
    assert (done.status_code, done.json) == (200, {"sha256": NAME, "status": "stored"})
    stored = names(shop)[NAME]
    assert stored != NAME
    cleaned = shop.tools.files.get(stored)
    assert cleaned.startswith(b"\xff\xd8\xff")
    assert b"Exif" not in cleaned


def test_the_photo_may_come_before_the_event_that_names_it(out_on_both):
    shop, tablet = out_on_both()
    tablet.upload(PHOTO)
    assert names(shop) == {}
    tablet.results(evidence(tablet))
    assert set(names(shop)) == {NAME, names(shop)[NAME]}


@pytest.mark.parametrize("cut", range(0, len(PHOTO), len(PHOTO) // 9))
def test_it_goes_on_wherever_it_was_cut(out, cut):
    _, tablet = out()
    if cut:
        assert tablet.patch(NAME, PHOTO[:cut], 0, len(PHOTO)).headers["Upload-Offset"] == str(cut)
    told = tablet.head(NAME)
    assert (told.status_code, told.headers["Upload-Offset"], told.headers["Upload-Complete"]) == (200, str(cut), "?0")
    done = tablet.patch(NAME, PHOTO[cut:], cut, len(PHOTO))
    assert done.json["status"] == "stored"
    assert tablet.head(NAME).headers["Upload-Complete"] == "?1"


def test_a_piece_sent_again_is_told_where_to_go_on(out):
    _, tablet = out()
    tablet.patch(NAME, PHOTO[:1000], 0, len(PHOTO))
    for offset in (0, 500, 1001):
        again = tablet.patch(NAME, PHOTO[offset : offset + 50], offset, len(PHOTO))
        assert (again.status_code, again.json["code"], again.headers["Upload-Offset"]) == (409, "offset", "1000")
    tablet.patch(NAME, PHOTO[1000:], 1000, len(PHOTO))
    for offset in (0, 1000):
        again = tablet.patch(NAME, PHOTO[offset:], offset, len(PHOTO))
        assert (again.status_code, again.json["status"]) == (200, "stored")


def test_a_photo_that_is_not_what_its_name_says_is_thrown_away(out):
    shop, tablet = out()
    lie = PHOTO[:-1] + b"\x00"
    answer = tablet.patch(NAME, lie, 0, len(lie))
    assert (answer.status_code, answer.json["code"], answer.headers["Upload-Offset"]) == (409, "media-hash", "0")
    assert rows(shop, "media") == []
    assert tablet.upload(PHOTO).json["status"] == "stored"


def test_what_is_no_picture_is_kept_and_shown_to_nobody(out):
    shop, tablet = out()
    text = b"MZ this is no picture" * 50
    tablet.results(evidence(tablet, sha256=hashlib.sha256(text).hexdigest()))
    assert tablet.upload(text).json["status"] == "quarantined"
    assert tablet.upload(text).json["status"] == "quarantined"
    assert names(shop) == {}
    assert shop.tools.files.get(hashlib.sha256(text).hexdigest()) == text


@pytest.mark.parametrize(
    ("offset", "length", "size", "status"),
    [(0, 0, 10, 400), (0, 5, 10, 400), (0, 30_000_000, 10, 400), (0, 10, 0, 400), (0, 900_000, CHUNK + 1, 413)],
)
def test_a_piece_that_cannot_be_is_refused(out, offset, length, size, status):
    _, tablet = out()
    assert tablet.patch(NAME, b"x" * size, offset, length).status_code == status


@pytest.mark.parametrize("headers", [{"Upload-Offset": "-1"}, {"Upload-Offset": "x"}, {"Upload-Length": ""}])
def test_headers_that_say_nothing_are_refused(out, headers):
    _, tablet = out()
    assert tablet.patch(NAME, PHOTO, 0, len(PHOTO), **headers).status_code == 400


@pytest.mark.parametrize("name", ["x", NAME.upper(), NAME[:-1], NAME + "0", ".." * 32])
def test_a_name_that_is_no_hash_is_refused(out, name):
    shop, tablet = out()
    assert tablet.patch(name, PHOTO, 0, len(PHOTO)).status_code in (400, 404)
    assert not (shop.tools.settings.folder / "uploads").exists()


def test_only_bytes_and_only_with_a_token(out):
    _, tablet = out()
    assert tablet.patch(NAME, PHOTO, 0, len(PHOTO), **{"Content-Type": "image/jpeg"}).status_code == 415
    assert tablet.patch(NAME, PHOTO, 0, len(PHOTO), Authorization="Bearer x").status_code == 401
    assert tablet.client.head(f"/api/v1/media/{NAME}", base_url=AT).status_code == 401


def test_two_senders_of_one_photo_do_not_mix_their_pieces(out):
    shop, tablet = out()
    tablet.results(evidence(tablet))

    def push() -> None:
        offset = 0
        while offset < len(PHOTO):
            answer = tablet.patch(NAME, PHOTO[offset : offset + 333], offset, len(PHOTO))
            offset = int(answer.headers["Upload-Offset"])

    threads = [threading.Thread(target=push) for _ in range(3)]
    [each.start() for each in threads]
    [each.join() for each in threads]
    assert tablet.head(NAME).headers["Upload-Complete"] == "?1"
    assert NAME in names(shop)


def test_nothing_is_decided_while_a_photo_is_missing(out):
    shop, tablet = out("judged")
    tablet.results(evidence(tablet))
    stand_for(shop, tablet)
    with pytest.raises(PhotosMissingError):
        shop.decide(shop.case)
    tablet.upload(PHOTO)
    assert shop.decide(shop.case)


def test_the_photo_travels_with_an_exported_case(out, shop):
    here, tablet = out("judged")
    tablet.upload(PHOTO)
    tablet.results(evidence(tablet))
    stand_for(here, tablet)
    elsewhere = shop("founded")
    key = import_case(elsewhere.tools, None, export_case(here.tools, here.case), provider=elsewhere.ids["exempelnat"])
    assert names(elsewhere, key)[NAME] == names(here)[NAME]
    assert elsewhere.faults() == []


def test_what_no_case_asks_for_is_forgotten_after_a_month(out):
    shop, tablet = out()
    tablet.upload(PHOTO)
    other = a_photo("begun")
    tablet.patch(hashlib.sha256(other).hexdigest(), other[:100], 0, len(other))
    tidy_field(shop.tools)
    assert len(rows(shop, "media")) == 1
    shop.clock.forward(days=31)
    assert tidy_field(shop.tools) > 0
    assert rows(shop, "media") == []
    assert not [each for each in (shop.tools.settings.folder / "uploads").glob("*/*") if each.is_file()]
