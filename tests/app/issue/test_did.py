"""An issuer's name leads to its document, and the document keeps every key that ever signed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from records import DID, ISSUED, a_did_document, a_key, a_whole

from app.issue.canon import canonical
from app.issue.did import UnknownKeyError, did_for, did_url, multikey, public_key, read_multikey
from app.issue.proof import check_proof, prove, the_proof


@pytest.mark.parametrize(
    ("public_url", "did", "document"),
    [
        (
            "https://intyga.example",
            "did:web:intyga.example:issuer:exempelnat",
            "https://intyga.example/issuer/exempelnat/did.json",
        ),
        (
            "https://INTYGA.example/",
            "did:web:intyga.example:issuer:exempelnat",
            "https://intyga.example/issuer/exempelnat/did.json",
        ),
        (
            "http://localhost:8000",
            "did:web:localhost%3A8000:issuer:exempelnat",
            "https://localhost:8000/issuer/exempelnat/did.json",
        ),
        (
            "https://bransch.example/intyg/",
            "did:web:bransch.example:intyg:issuer:exempelnat",
            "https://bransch.example/intyg/issuer/exempelnat/did.json",
        ),
    ],
)
def test_the_name_of_an_issuer_and_where_its_document_lies(public_url, did, document):
    assert did_for(public_url, "exempelnat") == did
    assert did_url(did) == document


def test_a_name_without_a_path_leads_to_the_well_known_place():
    assert did_url("did:web:intyga.example") == "https://intyga.example/.well-known/did.json"


@pytest.mark.parametrize("did", ["did:key:z6Mk", "web:intyga.example", "did:web:", ""])
def test_other_names_lead_nowhere(did):
    with pytest.raises(ValueError, match="did:web"):
        did_url(did)


@pytest.mark.parametrize("slug", ["", "Exempel", "a:b", "../x", "exempelnat\n", "a b", "å"])
def test_a_slug_that_would_bend_the_address_is_refused(slug):
    with pytest.raises(ValueError, match="DID"):
        did_for("https://intyga.example", slug)


def test_a_retired_key_still_checks_what_it_signed():
    proved = prove(a_whole(), a_key("key-1", 1), ISSUED)
    check_proof(proved, public_key(a_did_document(), the_proof(proved)["verificationMethod"]))


def test_the_document_lists_every_key_for_statements_and_is_itself_free_of_loss():
    document = a_did_document()
    assert document["assertionMethod"] == [f"{DID}#key-1", f"{DID}#key-2"]
    assert [each["id"] for each in document["verificationMethod"]] == document["assertionMethod"]
    assert canonical(document)


def without(**changes) -> dict:
    document = a_did_document()
    document["verificationMethod"][0] |= changes.pop("method", {})
    return document | changes


NOT_LISTED = {
    "another issuer": without(id="did:web:annan.example"),
    "no issuer": without(id=None),
    "not for statements": without(assertionMethod=[f"{DID}#key-2"]),
    "controlled by another": without(method={"controller": "did:web:annan.example"}),
    "of another type": without(method={"type": "JsonWebKey"}),
    "no key": without(method={"publicKeyMultibase": None}),
    "a key of another kind": without(
        method={"publicKeyMultibase": "zDnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZpv"}
    ),
    "named twice": without(verificationMethod=a_did_document()["verificationMethod"] * 2),
    "no keys": without(verificationMethod=[]),
}


@pytest.mark.parametrize("what", NOT_LISTED)
def test_a_key_the_issuer_does_not_list_for_statements_is_unknown(what):
    with pytest.raises(UnknownKeyError):
        public_key(NOT_LISTED[what], f"{DID}#key-1")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda x: st.lists(x) | st.dictionaries(st.sampled_from(["id", "verificationMethod", "assertionMethod"]), x),
    )
)
def test_whatever_is_handed_in_as_a_document_gives_an_answer(anything):
    with pytest.raises(UnknownKeyError):
        public_key(anything, f"{DID}#key-1")


def test_a_key_written_as_text_is_read_back():
    assert read_multikey(multikey(a_key().public)) == a_key().public


@pytest.mark.parametrize(
    "change", [lambda t: t + "\n", lambda t: " " + t, lambda t: t[:-1], lambda t: "z1" + t[1:], str.lower]
)
def test_a_key_written_otherwise_is_refused(change):
    with pytest.raises(UnknownKeyError):
        read_multikey(change(multikey(a_key().public)))
