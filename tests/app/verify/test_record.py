"""Records: the issuer's address decides who, every change is seen, and dates and lists decide whether it holds."""

import base64
import gzip
import json
from datetime import UTC, datetime, timedelta

import pytest
from parts import (
    AWARD,
    DID,
    HOST,
    LIST,
    NOW,
    ORGANISATION,
    PLACE,
    a_did_document,
    a_jwt,
    a_key,
    a_list,
    a_record,
    codes,
    records,
    results,
    trust,
    unproved,
    verify,
    verify_record,
)

from app.issue.did import did_document
from app.issue.formats import json_bytes
from app.issue.proof import prove
from app.verify.trust import Trust

YES = ("yes", "yes", "yes")


@pytest.mark.parametrize("data", [json_bytes(a_record()), a_jwt()], ids=["record", "jwt"])
def test_an_unchanged_record_of_a_known_issuer_is_three_times_yes(data):
    found = verify(data)
    assert results(found) == YES, codes(found)
    assert found.who.sv == f"Utfärdat av {ORGANISATION} ({DID})."
    assert found.valid.en == "Valid until 2031-11-23 inclusive. Not revoked by the issuer's list of 2026-11-25."


def test_what_is_shown_comes_from_the_proved_record():
    shown = verify_record(a_record()).shown
    assert (shown.holder, shown.birth_date) == (AWARD.holder.name, AWARD.holder.birth_date)
    assert (shown.issuer_name, shown.issuer_id, shown.organisation_number) == (ORGANISATION, DID, "556000-0167")
    assert (shown.standard, shown.edition) == (AWARD.standard, AWARD.edition)
    assert (shown.seqf, shown.eqf, shown.level_state) == ("4", "4", "proposed")
    assert shown.modules == tuple(module.title for module in AWARD.modules)
    assert (shown.awarded_on, shown.valid_from, shown.valid_until) == ("2026-11-24", "2026-11-24", "2031-11-23")
    assert shown.number == "2026-000017-4"


def test_a_module_of_its_own_shows_itself():
    record = records.a_module(AWARD, did=DID, status_lists={"revocation": (LIST, PLACE)})
    shown = verify_record(prove(record, a_key(), records.ISSUED)).shown
    assert shown.modules == (AWARD.modules[-1].title,)


def test_without_the_issuers_document_nothing_is_said_for_it():
    found = verify_record(a_record(), Trust())
    assert codes(found) == ("who-unknown-issuer", "no-key", "valid-unproved")
    assert found.shown is None
    assert DID in found.who.sv


def test_the_same_name_at_another_address_is_another_issuer():
    elsewhere = "did:web:exempelnat-validering.com:issuer:exempelnat"
    forged = a_record(a_key(elsewhere, seed=9), did=elsewhere)
    found = verify_record(forged)
    assert codes(found) == ("who-unknown-issuer", "no-key", "valid-unproved")
    assert found.shown is None
    assert elsewhere in found.who.en
    assert "the address decides, not the name" in found.who.en


def test_somebody_who_writes_our_address_but_has_not_our_key_is_found_out():
    assert codes(verify_record(a_record(a_key(seed=9)))) == ("who-changed", "changed-proved", "valid-unproved")
    assert verify(a_jwt(a_key(seed=9))).result == "no"


def test_a_key_the_issuer_does_not_list_is_nobodys():
    assert codes(verify_record(a_record(a_key(fragment="key-7"))))[:2] == ("who-unknown-key", "no-key")
    not_for_records = a_did_document() | {"assertionMethod": []}
    assert verify_record(a_record(), trust(dids=(not_for_records,))).who.code == "who-unknown-key"


def test_a_retired_key_still_proves_what_it_proved():
    assert results(verify_record(a_record(a_key(fragment="key-2", seed=2)))) == YES


@pytest.mark.parametrize("host", ["intyga.example", "localhost%3A8080", "x.test", "www.example.org", "127.0.0.1"])
def test_an_issuer_at_a_reserved_name_is_a_test_issuer(host):
    did = f"did:web:{host}:issuer:exempelnat"
    found = verify_record(
        a_record(a_key(did), did=did), trust(dids=(a_did_document(did),), lists=(a_list(issuer=did, key=a_key(did)),))
    )
    assert codes(found) == ("who-test-issuer", "unchanged-proved", "valid-until")


CHANGES = list(records.changes(a_record()))
OF_THE_KEY_OR_SUITE = ("$.proof", "$.issuer.id", "$.@context", ".type")


@pytest.mark.parametrize(("place", "changed"), CHANGES[::3], ids=[place for place, _ in CHANGES[::3]])
def test_no_change_of_a_record_is_a_yes_and_of_its_content_a_no(place, changed):
    found = verify_record(changed)
    assert found.unchanged.result != "yes"
    assert found.shown is None or found.result == "no"
    in_words_we_know = found.unchanged.code not in ("unknown-vocabulary", "unknown-kind")
    if in_words_we_know and not any(each in place for each in OF_THE_KEY_OR_SUITE):
        assert found.result == "no"


def test_most_changes_are_told_as_changes():
    told = [verify_record(changed).result for _, changed in CHANGES[::7]]
    assert told.count("no") > len(told) // 2


@pytest.mark.parametrize(
    "text", [AWARD.holder.name, AWARD.holder.birth_date, "2031-11-23", ORGANISATION, AWARD.modules[0].title["sv"]]
)
def test_what_matters_cannot_be_changed(text):
    data = json_bytes(a_record())
    assert text.encode() in data
    changed = data.replace(text.encode(), records.other(text).encode())
    assert codes(verify(changed)) == ("who-changed", "changed-proved", "valid-unproved")


def packed(part: dict) -> bytes:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=")


def test_no_change_of_a_token_is_a_yes():
    header, payload, signature = a_jwt().split(b".")
    inside = json.loads(base64.urlsafe_b64decode(payload + b"=="))
    for place, changed in list(records.changes(inside))[::3]:
        found = verify(b".".join((header, packed(changed), signature)))
        assert found.unchanged.result != "yes", place
        assert found.result == "no" or place.startswith(("$.issuer", "$.type", "$.credentialSubject.type")), place
    for other in (signature[:-2] + b"AA", signature[:10] + b"A" + signature[11:], signature[:-1]):
        assert verify(b".".join((header, payload, other))).unchanged.result != "yes"


@pytest.mark.parametrize(
    "change",
    [
        {"alg": "none"},
        {"alg": "HS256"},
        {"alg": "ES256"},
        {"typ": "JWT"},
        {"jwk": {"kty": "OKP"}},
        {"crit": ["b64"], "b64": False},
        {"x5u": "https://127.0.0.1/"},
    ],
)
def test_a_token_is_only_read_with_the_algorithms_and_headers_we_know(change):
    _, payload, signature = a_jwt().split(b".")
    header = {"alg": "EdDSA", "typ": "vc+jwt", "kid": a_key().method} | change
    assert verify(b".".join((packed(header), payload, signature))).unchanged.code == "unknown-proof"


def test_one_spelling_of_a_token_only():
    token = a_jwt()
    last = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    same_bytes = token[:-1] + last[last.index(token[-1:]) + 1 :][:1]
    assert verify(same_bytes).unchanged.result != "yes"


# --- whether it holds


def test_dates_decide():
    record = a_record()
    assert verify_record(record, at=datetime(2026, 11, 1, tzinfo=UTC)).valid.code == "not-yet"
    ended = verify_record(record, at=datetime(2031, 11, 24, 0, 0, 1, tzinfo=UTC))
    assert codes(ended) == ("who-issuer", "unchanged-proved", "expired")
    assert ended.valid.sv == "Gick ut 2031-11-23. Gäller inte längre."


def test_it_holds_through_its_whole_last_day_in_sweden():
    at = datetime.fromisoformat("2031-11-23T23:59:59+01:00")
    fresh = a_list(valid_from="2031-11-20T00:00:00+01:00")
    assert verify_record(a_record(), trust(lists=(fresh,)), at).valid.code == "valid-until"
    assert verify_record(a_record(), trust(lists=(fresh,)), at + timedelta(seconds=1)).valid.code == "expired"


def judged(record=None, **lists):
    return verify_record(record or a_record(), trust(**lists)).valid.code


def test_a_record_on_the_list_is_revoked():
    found = verify_record(a_record(), trust(lists=(a_list(PLACE),)))
    assert results(found) == ("yes", "yes", "no")
    assert found.valid.sv == "Återkallat. Gäller inte."


def test_a_suspended_record_is_told_from_a_revoked_one():
    address = LIST.replace("revocation", "suspension")
    entry = unproved()["credentialStatus"] | {"statusPurpose": "suspension", "statusListCredential": address}
    both = [unproved()["credentialStatus"], entry | {"id": f"{address}#{PLACE}"}]
    record = a_record(credentialStatus=both)
    stopped = a_list(PLACE, address=address, purpose="suspension")
    assert judged(record, lists=(a_list(), stopped)) == "suspended"
    assert judged(record, lists=(a_list(PLACE), stopped)) in ("revoked", "suspended")
    assert judged(record, lists=(a_list(),)) == "status-missing"
    assert judged(record, lists=(a_list(), a_list(address=address, purpose="suspension"))) == "valid-until"


def test_without_a_list_it_is_not_known_to_hold():
    assert judged(lists=()) == "status-missing"


def test_an_old_list_does_not_say_that_it_holds_but_still_that_it_does_not():
    old = "2026-10-01T00:00:00+02:00"
    assert judged(lists=(a_list(valid_from=old),)) == "status-stale"
    assert judged(lists=(a_list(PLACE, valid_from=old),)) == "revoked"


def test_of_two_lists_the_newer_counts():
    older, newer = a_list(valid_from="2026-11-20T00:00:00+01:00"), a_list(PLACE)
    assert judged(lists=(older, newer)) == judged(lists=(newer, older)) == "revoked"


def test_a_list_of_another_issuer_does_not_count():
    elsewhere = "did:web:other-host.se:issuer:exempelnat"
    key = a_key(elsewhere, seed=5)
    theirs = a_list(issuer=elsewhere, key=key)
    document = did_document(elsewhere, [(key.fragment, key.public)])
    assert judged(dids=(a_did_document(), document), lists=(theirs,)) == "status-foreign"


def test_a_list_that_was_changed_or_is_none_does_not_count():
    changed = a_list(PLACE) | {"credentialSubject": a_list()["credentialSubject"]}
    assert judged(lists=(changed,)) == "status-unproved"
    assert judged(lists=(a_list(key=a_key(seed=9)),)) == "status-unproved"
    unsigned = {name: value for name, value in a_list().items() if name != "proof"}
    no_list = prove(unsigned | {"type": ["VerifiableCredential"]}, a_key(), records.ISSUED)
    assert judged(lists=(no_list,)) == "status-unproved"


def test_a_place_outside_the_list_is_never_not_revoked():
    assert judged(a_record(place=131_072), lists=(a_list(),)) == "status-wrong"


def test_a_bomb_for_a_list_is_no_list():
    bomb = gzip.compress(bytes(30_000_000))
    subject = a_list()["credentialSubject"] | {"encodedList": "u" + base64.urlsafe_b64encode(bomb).decode().rstrip("=")}
    unsigned = {name: value for name, value in a_list().items() if name != "proof"}
    signed = prove(unsigned | {"credentialSubject": subject}, a_key(), records.ISSUED)
    assert judged(lists=(signed,)) == "status-wrong"


def test_a_record_that_names_no_list_cannot_be_revoked():
    record = unproved()
    del record["credentialStatus"]
    assert verify_record(prove(record, a_key(), records.ISSUED)).valid.code == "valid-until-unlisted"


def test_a_document_fetched_from_the_host_speaks_for_the_host_not_for_the_name():
    found = verify_record(a_record(), trust(fetched=(DID,)))
    assert found.who.code == "who-host"
    assert HOST in found.who.sv


# --- words and forms we do not read


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"unknownTerm": "x"}, "unknown-vocabulary"),
        ({"type": ["VerifiableCredential", "SomebodysCredential"]}, "unknown-vocabulary"),
        ({"@context": ["https://www.w3.org/ns/credentials/v2", "https://somebody.se/context"]}, "unknown-vocabulary"),
        ({"name": None}, "unknown-vocabulary"),
        ({"name": {"@value": "x"}}, "unknown-vocabulary"),
        ({"name": {"@set": ["x"]}}, "unknown-vocabulary"),
        ({"proof": []}, "unknown-proof"),
        ({"proof": {"@set": ["q"]}}, "unknown-proof"),
        ({"proof": [a_record()["proof"][0] | {"cryptosuite": "ecdsa-rdfc-2019"}]}, "unknown-proof"),
    ],
)
def test_what_we_do_not_know_we_could_not_check(change, code):
    found = verify_record(a_record() | change)
    assert found.unchanged.code == code
    assert "no" not in results(found)


def test_a_record_without_proof_is_nobodys():
    assert codes(verify_record(unproved())) == ("who-no-seal", "no-proof", "valid-unproved")


def test_now_is_only_a_point_in_the_record_s_time():
    assert results(verify_record(a_record(), at=NOW)) == YES
