"""A case travels whole, is read like anything from outside, and becomes no award by itself."""

import base64
import hashlib

import msgspec
import pytest
from PIL import Image
from sqlalchemy import text
from workshop import BODY, OTHER, PASSWORD, PROVIDER, WORDS, a_photo, a_workshop

from app.actions import grants, people, review
from app.actions.decide import take_back
from app.exports import CaseKnownError, FileError, export_case, import_case
from app.store import assessments, awards, decisions
from app.store import people as known
from app.store.types import canonical
from assessments.problems import (
    ConflictError,
    ForbiddenError,
    InvalidError,
    MissingError,
    SamePersonError,
)


def sealed(content) -> bytes:
    """The file of that content, with the hash that fits."""
    sha256 = hashlib.sha256(canonical(content)).hexdigest()
    return msgspec.json.encode({"format": "intyga-case-1", "sha256": sha256, "case": content})


def content(file) -> dict:
    return msgspec.json.decode(file)["case"]


def imported(shop, file, actor=None, home=OTHER):
    return import_case(shop.tools, actor, file, provider=shop.ids[home])


def case_file(shop, key):
    with shop.tools.read() as tx:
        return assessments.case_file(tx, key)


@pytest.fixture
def there(shop):
    """The house the case comes to: the same standard, nobody of the people."""
    house = shop("founded")
    grants.give(house.tools, None, owner=BODY, provider=OTHER, standard="provyrke")
    return house


@pytest.fixture
def decided(shop):
    return shop("decided")


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """The file of the case that `decided` holds."""
    house = a_workshop(tmp_path_factory.mktemp("from"), "decided")
    made = export_case(house.tools, house.case)
    house.tools.database.close()
    return made


def test_a_case_travels_whole_and_awaits_quality_assurance(decided, file, there):
    key = imported(there, file)
    old, new = case_file(decided, decided.case), case_file(there, key)
    assert key == decided.case
    assert [each.event for each in new.stored] == [each.event for each in old.stored]
    assert new.standing.digest == old.standing.digest
    assert (new.assessment.state, new.assessment.imported, new.assessment.provider) == (
        "decided",
        True,
        there.ids[OTHER],
    )
    assert new.assessment.candidate.name == old.assessment.candidate.name
    with there.tools.read() as tx:
        [decision] = decisions.of(tx, key)
        photos = assessments.photos(tx, key)
    with decided.tools.read() as tx:
        assert decision.confirmed == decisions.of(tx, key)[0].confirmed
    assert all(there.tools.files.get(sha256) == decided.tools.files.get(sha256) for sha256 in photos)
    assert len(photos) == 1
    assert there.faults() == []


def test_it_is_approved_there_by_somebody_and_then_issued(file, there):
    key = imported(there, file)
    assert review.approve(there.tools, there.actors["strange-quality"], key, decision=there.waiting(key))
    assert there.faults() == []


def test_exporting_the_imported_gives_the_same_content(file, there):
    key = imported(there, file)
    assert content(export_case(there.tools, key)) == content(file)


@pytest.mark.parametrize("stage", ["opened", "judged"])
def test_an_undecided_case_travels_too(shop, there, stage):
    house = shop(stage)
    key = imported(there, export_case(house.tools, house.case))
    assert case_file(there, key).assessment.state == "assessing"
    with pytest.raises(MissingError):
        there.waiting(key)
    assert there.faults() == []


def test_a_decision_taken_back_does_not_travel(decided):
    take_back(decided.tools, decided.actors["assessor"], decided.case)
    assert content(export_case(decided.tools, decided.case))["decision"] is None


def test_protection_address_and_accounts_do_not_travel(decided, file):
    assert b"erik@intyga" not in file
    assert b"argon2" not in file
    assert b"@intyga.example" not in file
    with decided.tools.begin() as tx:
        tx.execute(text("UPDATE candidates SET protected = 1"))
    assert b"protected" not in export_case(decided.tools, decided.case)


def test_a_case_for_practice_does_not_travel(shop):
    house = shop("founded")
    case = house.open(practice=True)
    with pytest.raises(ConflictError):
        export_case(house.tools, case)


def test_importing_twice_is_refused(decided, file, there):
    imported(there, file)
    with pytest.raises(CaseKnownError):
        imported(there, file)
    with pytest.raises(CaseKnownError):
        imported(decided, file, home=PROVIDER)
    assert there.faults() == []


def test_who_brings_a_case_in_does_not_assure_it(file, there):
    person = there.actors["stranger"].person
    people.add_role(there.tools, None, person=person, organisation=OTHER, role="quality-assurer")
    key = imported(there, file, there.again("stranger"))
    with pytest.raises(SamePersonError):
        review.approve(there.tools, there.again("stranger"), key, decision=there.waiting(key))
    assert review.approve(there.tools, there.actors["strange-quality"], key, decision=there.waiting(key))


def test_an_assessor_who_comes_along_does_not_assure_it_here(file, there):
    """The person of the file gets an account here."""
    key = imported(there, file)
    person = case_file(there, key).assessment.assigned[0].person
    people.add_person(
        there.tools, None, name="Johan Bergström", email="resande@intyga.example", password=PASSWORD,
        organisation=OTHER, role="quality-assurer", person=person,
    )  # fmt: skip
    with there.tools.read() as tx:
        actor = known.actor(tx, known.account(tx, "resande@intyga.example").id)
    with pytest.raises(SamePersonError):
        review.approve(there.tools, actor, key, decision=there.waiting(key))


@pytest.mark.parametrize(("who", "refusal"), [("strange-assessor", ForbiddenError), ("coordinator", MissingError)])
def test_only_a_coordinator_takes_a_case_in(file, there, who, refusal):
    with pytest.raises(refusal):
        imported(there, file, there.actors[who])


def test_without_the_edition_there_is_no_case(file, there):
    for change in ({"standard": "annat"}, {"edition": "2027.1"}, {"edition_sha256": "0" * 64}):
        with pytest.raises(MissingError):
            imported(there, sealed(content(file) | change))


def changed(path, value):
    def change(case):
        *way, last = path
        at = case
        for each in way:
            at = at[each]
        at[last] = value
        return case

    return change


def a_person(key, name="Nya Personen"):
    return {"id": key, "name": name}


WRONG = {
    "another candidate": changed(("candidate", "name"), ""),
    "a birthday that is none": changed(("candidate", "birth_date"), "1991-02-30"),
    "a name with control marks": changed(("candidate", "name"), "Erik\u202e"),
    "a reference with control marks": changed(("candidate", "reference"), "a\x00b"),
    "no assessors": changed(("assessors",), []),
    "assessors who are nobody": changed(("assessors",), ["nobody"]),
    "people twice": lambda case: case | {"people": [*case["people"], case["people"][0]]},
    "people with odd ids": lambda case: case | {"people": [*case["people"], a_person("../x")]},
    "people without name": lambda case: case | {"people": [*case["people"], a_person("x", "")]},
    "an odd id": changed(("id",), "../../etc/passwd"),
    "an id that is too long": changed(("id",), "a" * 37),
    "a limit that is none": changed(("tightened",), {"most": "NaN"}),
    "a limit that is a word": changed(("tightened",), {"most": "wide"}),
    "a loosened limit": changed(("tightened",), {"most": "0.9"}),
    "an unknown limit": changed(("tightened",), {"least": "0.1"}),
    "an unknown module": changed(("chosen",), ["M9"]),
    "a verdict that does not follow": changed(("decision", "decision", "verdict"), "partly"),
    "a result that does not follow": changed(("decision", "decision", "result"), "intyg"),
    "a decision of nobody": changed(("decision", "by"), "nobody"),
    "a day that is none": changed(("decision", "decision", "on"), "yesterday"),
    "no motivation": changed(("decision", "motivations"), {}),
    "an event of another case": lambda case: with_event(case, assessment="another"),
    "an event of nobody": lambda case: with_event(case, actor="nobody"),
    "an event about nothing": lambda case: with_event(case, item="M9.9"),
    "an event without offset": lambda case: with_event(case, at="2026-11-24T10:00:00"),
    "an event that was changed": lambda case: with_event(case, item="M1.1", score="not_met"),
    "the same event with other content": lambda case: case | {"events": [*case["events"], other(case["events"])]},
    "no photos": changed(("photos",), {}),
    "another photo": lambda case: case | {"photos": dict.fromkeys(case["photos"], b64(a_photo("other")))},
    "a photo that is none": lambda case: case | {"photos": as_photo(b"<svg/>")},
    "a photo with a place in it": lambda case: case | {"photos": case["photos"] | as_photo(with_place())},
    "a photo with something behind it": lambda case: case | {"photos": case["photos"] | as_photo(a_photo("x") + b"PK")},
    "a photo that is no base64": lambda case: case | {"photos": dict.fromkeys(case["photos"], "%%%")},
}  # fmt: skip


def with_event(case, **changes):
    """The score of M1.1, changed."""
    events = [each | changes if each.get("item") == "M1.1" and "score" in each else each for each in case["events"]]
    assert events != case["events"]
    return case | {"events": events}


def other(events):
    return next(each for each in events if "score" in each) | {"score": "not_met"}


def b64(data):
    return base64.b64encode(data).decode()


def as_photo(data):
    return {hashlib.sha256(data).hexdigest(): b64(data)}


def with_place():
    exif = Image.Exif()
    exif.get_ifd(0x8825)[2] = (59.0, 19.0, 45.0)
    return a_photo("x", exif=exif)


@pytest.mark.parametrize("what", WRONG)
def test_a_file_that_does_not_hold_together_is_refused_whole(file, there, what):
    with pytest.raises((InvalidError, ConflictError, MissingError)) as refused:
        imported(there, sealed(WRONG[what](content(file))))
    assert "hash" not in str(refused.value)
    with there.tools.read() as tx:
        assert assessments.of_provider(tx, there.ids[OTHER]) == []
    assert list(there.tools.files.every()) == []
    assert there.faults() == []


def test_a_changed_file_is_told_by_its_hash(file, there):
    with pytest.raises(FileError, match="hash"):
        imported(there, file.replace(b"kerlund", b"kerblom"))


@pytest.mark.parametrize(
    "data",
    [
        b"", b"{}", b"[]", b"null", b"\xff", b"[" * 100_000, b'{"format":"intyga-case-2","sha256":"","case":{}}',
        b'{"format":"intyga-case-1"}', b" " * 50_000_001,
    ],
)  # fmt: skip
def test_what_is_no_case_file_is_refused(there, data):
    with pytest.raises(FileError):
        imported(there, data)


def test_nobody_here_becomes_another_by_a_file(file, there):
    """The file gives the id of a person of this house another name."""
    case = content(file)
    mine = there.actors["strange-quality"].person
    case["people"] = [*case["people"], a_person(mine, "Någon Annan")]
    with pytest.raises(FileError):
        imported(there, sealed(case))


def test_a_case_written_by_hand_says_motivations_and_lets_the_rules_say_the_verdict(file, there):
    case = content(file) | {"decision": None, "motivations": WORDS}
    key = imported(there, sealed(case))
    with there.tools.read() as tx:
        [decision] = decisions.of(tx, key)
    assert decision.confirmed.decision.verdict == "competent"
    assert there.faults() == []


def test_an_award_that_rests_on_an_import_is_like_any_other(file, there):
    key = imported(there, file)
    review.approve(there.tools, there.actors["strange-quality"], key, decision=there.waiting(key))
    with there.tools.read() as tx:
        [given] = awards.of_assessment(tx, key)
    assert given.award.provider.name == "Annan Validering AB"
    assert given.award.edition_sha256 == there.edition


def test_the_export_of_a_missing_case_is_missing(there):
    with pytest.raises(MissingError):
        export_case(there.tools, "no-such-case")
