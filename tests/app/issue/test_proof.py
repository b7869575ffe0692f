"""A proof covers every value of a record, and both envelopes say the same."""

import base64
import copy
import hashlib
import json

import base58
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import OKPKey
from records import ISSUED, OURS, a_did_document, a_key, a_list, a_module, a_whole, an_award, changes, particulars

from app.issue.canon import LossyDocumentError, nquads
from app.issue.did import read_multikey
from app.issue.formats import RECORD_FORMATS, Record
from app.issue.proof import RecordKey, WrongProofError, check_proof, prove, signed_bytes, the_proof
from app.issue.terms import CONTEXTS, V2
from app.issue.vc_jwt import ALGORITHMS, as_jwt, read_jwt

EXAMPLES = {"https://www.w3.org/ns/credentials/examples/v2": {"@vocab": "https://www.w3.org/ns/credentials/examples#"}}
SIGNED = {"whole": a_whole, "module": a_module, "list": a_list}


@pytest.mark.parametrize("kind", SIGNED)
def test_what_was_proved_checks(kind):
    proved = prove(SIGNED[kind](), a_key(), ISSUED)
    check_proof(proved, a_key().public)
    check_proof(json.loads(json.dumps(proved)), a_key().public)


def test_the_same_record_proved_twice_has_the_same_bytes():
    assert prove(a_whole(), a_key(), ISSUED) == prove(a_whole(), a_key(), ISSUED)


def test_the_proof_is_a_list_of_one_and_names_the_key():
    proved = prove(a_whole(), a_key("key-7"), ISSUED)
    assert isinstance(proved["proof"], list)
    assert the_proof(proved)["verificationMethod"] == "did:web:intyga.example:issuer:exempelnat#key-7"


@pytest.mark.parametrize("kind", SIGNED)
def test_every_single_change_is_found(kind):
    unseen = []
    for place, changed in changes(prove(SIGNED[kind](), a_key(), ISSUED)):
        try:
            check_proof(changed, a_key().public)
        except (WrongProofError, LossyDocumentError):
            continue
        unseen.append(place)
    assert unseen == []


def test_another_key_did_not_make_it():
    with pytest.raises(WrongProofError) as wrong:
        check_proof(prove(a_whole(), a_key(), ISSUED), a_key(seed=2).public)
    assert wrong.value.details == {"reason": "signature"}


def test_a_key_of_another_issuer_proves_nothing_for_this_one():
    stranger = RecordKey(a_key().private, "did:web:intyga.example:issuer:annan", "key-1")
    with pytest.raises(WrongProofError) as wrong:
        check_proof(prove(a_whole(), stranger, ISSUED), stranger.public)
    assert wrong.value.details == {"reason": "issuer"}


PROOF = prove(a_whole(), a_key(), ISSUED)["proof"][0]
MISSHAPEN = {
    "none": None,
    "not in a list": PROOF,
    "two": [PROOF, PROOF],
    "with a line feed at the end": [PROOF | {"proofValue": PROOF["proofValue"] + "\n"}],
    "with leading zeros": [PROOF | {"proofValue": "z1" + PROOF["proofValue"][1:]}],
    "in another base": [PROOF | {"proofValue": "u" + PROOF["proofValue"][1:]}],
    "with a previous one": [PROOF | {"previousProof": "urn:uuid:x"}],
    "for another purpose": [PROOF | {"proofPurpose": "authentication"}],
    "of another suite": [PROOF | {"cryptosuite": "eddsa-jcs-2022"}],
    "that would end the process": {"@set": ["q"]},
    "in a list that would end the process": [{"@set": ["q"]}],
}


@pytest.mark.parametrize("what", MISSHAPEN)
def test_a_misshapen_proof_is_refused_before_anything_is_parsed(what):
    with pytest.raises(WrongProofError):
        check_proof(a_whole() | {"proof": MISSHAPEN[what]}, a_key().public)


@settings(max_examples=50)
@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_whatever_is_handed_in_as_proof_or_issuer_gives_an_answer(anything):
    for document in (a_list() | {"proof": anything}, a_list() | {"proof": [anything]}, a_list() | {"issuer": anything}):
        with pytest.raises(WrongProofError):
            check_proof({"proof": [PROOF]} | document, a_key().public)


def test_a_lossy_document_is_never_proved():
    with pytest.raises(LossyDocumentError):
        prove(a_whole() | {"colour": "red"}, a_key(), ISSUED)


def test_an_unknown_moment_of_proving_is_never_proved():
    with pytest.raises(LossyDocumentError):
        prove(a_whole(), a_key(), "igår")


def test_the_vector_of_w3c_comes_out_to_the_last_byte(standards):
    vectors = standards("w3c-eddsa-vectors")
    read = lambda name: json.loads((vectors / name).read_text())  # noqa: E731 short on purpose
    options, document = (
        nquads(read("proofConfigDataInt.json"), CONTEXTS | EXAMPLES),
        nquads(read("unsigned.json"), CONTEXTS | EXAMPLES),
    )
    assert options == (vectors / "proofCanonDataInt.txt").read_bytes()
    assert document == (vectors / "canonDocDataInt.txt").read_bytes()
    assert signed_bytes(options, document).hex() == (vectors / "combinedHashDataInt.txt").read_text()
    private = Ed25519PrivateKey.from_private_bytes(
        base58.b58decode(read("keyPair.json")["privateKeyMultibase"][1:])[2:]
    )
    signature = "z" + base58.b58encode(private.sign(signed_bytes(options, document))).decode()
    assert signature == read("signedDataInt.json")["proof"]["proofValue"]
    assert read_multikey(read("keyPair.json")["publicKeyMultibase"]) == private.public_key()


def test_the_canonical_proof_of_1edtech_comes_out_byte_by_byte(standards):
    canon = (standards("openbadges-3.0") / "test-vectors" / "proof-canon.txt").read_bytes()
    options = {
        "@context": [V2],
        "type": "DataIntegrityProof",
        "created": "2010-01-01T19:23:24Z",
        "verificationMethod": "https://example.edu/issuers/565049#z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi",
        "cryptosuite": "eddsa-rdfc-2022",
        "proofPurpose": "assertionMethod",
    }
    assert nquads(options, CONTEXTS) == canon


def test_a_signed_example_of_1edtech_verifies_in_our_words(standards):
    document = json.loads((standards("1edtech-validator-vectors") / "simple.json").read_text())
    (proof,) = document.pop("proof")
    options = {"@context": document["@context"]} | {
        name: value for name, value in proof.items() if name != "proofValue"
    }
    key = read_multikey(proof["verificationMethod"].partition("#")[2])
    signed = signed_bytes(nquads(options, CONTEXTS), nquads(document, CONTEXTS))
    key.verify(base58.b58decode(proof["proofValue"][1:]), signed)


# The token


def header(token: str) -> dict[str, str]:
    return json.loads(base64.urlsafe_b64decode(token.partition(".")[0] + "=="))


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_the_token_holds_the_very_same_credential(algorithm):
    token = as_jwt(a_whole(), a_key(), algorithm)
    assert header(token) == {"alg": algorithm, "typ": "vc+jwt", "kid": a_key().method}
    assert read_jwt(token, a_key().public) == a_whole()


def test_the_token_repeats_who_when_and_for_how_long_as_registered_claims():
    payload = json.loads(jws.extract_compact(as_jwt(a_whole(), a_key()).encode()).payload)
    assert payload["iss"] == "did:web:intyga.example:issuer:exempelnat"
    assert payload["jti"] == a_whole()["id"]
    assert payload["sub"] == a_whole()["credentialSubject"]["id"]
    assert (payload["nbf"], payload["exp"]) == (1795474800, 1953241199)
    assert "vc" not in payload


def signed(payload: dict, **head: str) -> str:
    fields = {"alg": "Ed25519", "typ": "vc+jwt", "kid": a_key().method} | head
    return jws.serialize_compact(fields, json.dumps(payload), OKPKey.import_key(a_key().private), ["Ed25519"])


def payload() -> dict:
    return json.loads(jws.extract_compact(as_jwt(a_whole(), a_key()).encode()).payload)


@pytest.mark.parametrize(
    ("token", "reason"),
    [
        (signed(payload() | {"exp": 4102444800}), "claims"),
        (signed(payload() | {"iss": "did:web:annan.example"}), "claims"),
        (signed(payload(), kid="did:web:annan.example#key-1"), "claims"),
        (signed({name: value for name, value in payload().items() if name != "nbf"}), "claims"),
        (signed({"a": 1}), "claims"),
        (signed(payload(), typ="JWT"), "form"),
        (as_jwt(a_whole(), a_key(seed=2)), "signature"),
        ("a.b.c", "signature"),
        ("", "signature"),
    ],
)
def test_a_token_that_contradicts_itself_or_has_another_key_is_refused(token, reason):
    with pytest.raises(WrongProofError) as wrong:
        read_jwt(token, a_key().public)
    assert wrong.value.details == {"reason": reason}


def test_a_token_without_a_signature_is_refused():
    head = base64.urlsafe_b64encode(b'{"alg":"none","typ":"vc+jwt"}').decode().rstrip("=")
    body = as_jwt(a_whole(), a_key()).split(".")[1]
    with pytest.raises(WrongProofError):
        read_jwt(f"{head}.{body}.", a_key().public)


def test_every_changed_letter_of_a_token_is_found():
    token = as_jwt(a_list(), a_key())
    for place in range(0, len(token) - 1, 7):
        changed = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        with pytest.raises(WrongProofError):
            read_jwt(changed, a_key().public)


def test_a_lossy_document_gets_no_token_either():
    with pytest.raises(LossyDocumentError):
        as_jwt(a_whole() | {"colour": "red"}, a_key())


@pytest.mark.parametrize("name", RECORD_FORMATS)
def test_every_form_is_written_from_the_same_record_the_same_way_each_time(name):
    record = Record(award=an_award(), particulars=particulars())
    once, twice = (RECORD_FORMATS[name].write(record, a_key()) for _ in range(2))
    assert hashlib.sha256(once).digest() == hashlib.sha256(twice).digest()
    assert RECORD_FORMATS[name].media_type
    assert RECORD_FORMATS[name].suffix


def test_proving_leaves_the_document_as_it_was():
    document = a_whole()
    before = copy.deepcopy(document)
    prove(document, a_key(), ISSUED)
    assert document == before
    assert set(OURS) == {"whole", "module", "list", "did", "proof options"}
    assert a_did_document()["id"] == a_key().did
