"""The test adapter answers the essential requests of the W3C suites for data model, Data Integrity and status lists.

The suites themselves are no packages that could be installed; these are the situations they send, written anew.
"""

import json
import subprocess
import sys
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from pyld import BUNDLED_CONTEXTS

from app.cli import cli
from app.cli.vc_adapter import Adapter
from app.cli.vc_api import AdapterOffError, read_contexts
from app.cli.vc_doors import create_adapter
from app.issue.did import multibase, read_multibase
from app.issue.proof import prove
from app.issue.terms import V2
from app.settings import SettingsError, from_env

TESTS = Path(__file__).parents[2]
sys.path.insert(0, str(TESTS / "app" / "issue"))

from records import a_key, a_whole  # noqa: E402 the folder of the issuing tests has to be named first

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
EXAMPLES = "https://www.w3.org/ns/credentials/examples/v2"
LIST = "https://suite.example/status/revocation/1"


@pytest.fixture
def contexts(tmp_path) -> dict[str, Any]:
    """What a suite's operator hands in: the whole base context from an installed package, and the examples' one."""
    whole = json.loads(Path(BUNDLED_CONTEXTS[V2]).read_text())
    file = tmp_path / "contexts.json"
    file.write_text(
        json.dumps({V2: whole, EXAMPLES: {"@context": {"@vocab": "https://www.w3.org/ns/credentials/examples#"}}})
    )
    return read_contexts((file,))


@pytest.fixture
def adapter(contexts) -> Adapter:
    return Adapter(contexts, lambda: NOW)


@pytest.fixture
def ask(adapter):
    client = create_adapter(adapter).test_client()

    def asked(path: str, **sent: Any) -> tuple[int, Any]:
        answer = client.post(path, json=sent)
        return answer.status_code, answer.get_json()

    return asked


def a_credential(adapter: Adapter, **changes: Any) -> dict[str, Any]:
    found = {
        "@context": [V2],
        "type": ["VerifiableCredential"],
        "issuer": adapter.key.did,
        "credentialSubject": {"id": "did:example:subject"},
    }
    return {name: value for name, value in (found | changes).items() if value is not ...}


def a_presentation(adapter: Adapter, *credentials: Any, **changes: Any) -> dict[str, Any]:
    found = {"@context": [V2], "type": ["VerifiablePresentation"], "holder": adapter.key.did}
    return found | ({"verifiableCredential": list(credentials)} if credentials else {}) | changes


SUBJECT = {"id": "did:example:subject"}
ENGLISH = {"@value": "A name", "@language": "en"}
OWN_TYPE = {"@protected": True, "OwnCredential": "https://suite.example/OwnCredential"}
RESOURCE = {"id": "https://suite.example/image.png", "digestSRI": "sha384-" + "A" * 64}
GOOD: dict[str, dict[str, Any]] = {
    "as it is": {},
    "with the examples' context": {"@context": [V2, EXAMPLES], "type": ["VerifiableCredential", "ExampleCredential"]},
    "with a context of its own": {"@context": [V2, OWN_TYPE], "type": ["OwnCredential", "VerifiableCredential"]},
    "with a type that is an address": {"type": ["VerifiableCredential", "https://suite.example/#Type"]},
    "with an id": {"id": "urn:uuid:0193f3a0-0000-7000-8000-000000000001"},
    "with an issuer that is described": {"issuer": {"id": "did:example:issuer", "name": "Suite"}},
    "with a name": {"name": "A name"},
    "with a name in a language": {"name": ENGLISH},
    "with a name in a language and a direction": {"name": ENGLISH | {"@direction": "ltr"}},
    "with a name in languages": {"name": [ENGLISH, {"@value": "Ett namn", "@language": "sv"}]},
    "with an issuer's description in a language": {"issuer": {"id": "did:example:issuer", "description": ENGLISH}},
    "with two subjects": {"credentialSubject": [SUBJECT, {"id": "did:example:other"}]},
    "with moments": {"validFrom": "2020-01-01T00:00:00.123Z", "validUntil": "2090-01-01T00:00:00-05:00"},
    "with a status without id": {"credentialStatus": {"type": "https://suite.example/#Status"}},
    "with terms of use": {"termsOfUse": [{"type": "https://suite.example/#Policy", "id": "urn:suite:policy"}]},
    "with evidence": {"evidence": [{"type": "https://suite.example/#Evidence"}] * 1},
    "with a refresh service": {"refreshService": {"type": "https://suite.example/#Refresh"}},
    "with schemas": {"credentialSchema": [{"id": "https://suite.example/s.json", "type": "JsonSchema"}]},
    "with a related resource": {"relatedResource": [RESOURCE]},
}
BAD: dict[str, dict[str, Any]] = {
    "without context": {"@context": ...},
    "without the base context": {"@context": [EXAMPLES]},
    "with the base context not first": {"@context": [EXAMPLES, V2]},
    "with a context nobody has": {"@context": [V2, "https://suite.example/unknown"]},
    "with a context that is no address": {"@context": [V2, "https ://not-a-url/v1"]},
    "with a context that is a number": {"@context": [V2, 123192875]},
    "without type": {"type": ...},
    "without the type of credentials": {"type": ["https://suite.example/#Type"]},
    "with a type nobody defines": {"type": ["VerifiableCredential", "UnmappedType"]},
    "with a type that leads nowhere": {
        "@context": [V2, {"Odd": "not an address"}],
        "type": ["VerifiableCredential", "Odd"],
    },
    "with an id that is null": {"id": None},
    "with an id that is no address": {"id": "not-a-url"},
    "with two ids": {"id": ["urn:a:1", "urn:a:2"]},
    "with two ids of the subject": {"credentialSubject": {"id": ["did:a:1", "did:a:2"]}},
    "without issuer": {"issuer": ...},
    "with an issuer that is no address": {"issuer": "not-a-url"},
    "with an issuer whose id is null": {"issuer": {"id": None}},
    "with an issuer whose id is no address": {"issuer": {"id": "not-a-url"}},
    "without subject": {"credentialSubject": ...},
    "with an empty subject": {"credentialSubject": {}},
    "with one empty subject": {"credentialSubject": [SUBJECT, {}]},
    "with a date for a moment": {"validFrom": "2020-01-01"},
    "with a moment without offset": {"validUntil": "2090-01-01T00:00:00"},
    "ending before it begins": {"validFrom": "2030-01-01T00:00:00Z", "validUntil": "2020-01-01T00:00:00Z"},
    "with a status without type": {"credentialStatus": {"id": "urn:suite:status"}},
    "with a status of two ids": {"credentialStatus": {"type": "https://a.example/#S", "id": ["urn:a:1", "urn:a:2"]}},
    "with a status whose id is no address": {"credentialStatus": {"type": "https://a.example/#S", "id": "nope"}},
    "with a status of a type nobody defines": {"credentialStatus": {"type": "Unmapped"}},
    "with terms of use without type": {"termsOfUse": {"id": "urn:suite:policy"}},
    "with evidence without type": {"evidence": {"id": "urn:suite:evidence"}},
    "with a refresh service without type": {"refreshService": {"id": "urn:suite:refresh"}},
    "with a schema without type": {"credentialSchema": {"id": "https://suite.example/s.json"}},
    "with a schema without id": {"credentialSchema": {"type": "JsonSchema"}},
    "with a schema whose id is a number": {"credentialSchema": {"type": "JsonSchema", "id": 7}},
    "with a name that says more": {"name": ENGLISH | {"url": "https://suite.example"}},
    "with an issuer's name that says more": {"issuer": {"id": "did:example:issuer", "name": ENGLISH | {"a": "b"}}},
    "with a protected word redefined": {"@context": [V2, {"VerifiableCredential": "https://suite.example/Other"}]},
    "with another protected word redefined": {"@context": [V2, {"name": "https://suite.example/other"}]},
    "with a resource that is a text": {"relatedResource": ["https://suite.example/image.png"]},
    "with a resource without id": {"relatedResource": [{"digestSRI": RESOURCE["digestSRI"]}]},
    "with a resource without digest": {"relatedResource": [{"id": RESOURCE["id"]}]},
    "with a resource twice": {"relatedResource": [RESOURCE, RESOURCE]},
    "with a word nobody defines": {"statusEntry": {"type": "BitstringStatusListEntry", "statusListIndex": True}},
    "with a keyword that hides": {"credentialSubject": {"id": "did:a:1", "@graph": [{"id": "urn:a:2"}]}},
}


@pytest.mark.parametrize("what", GOOD)
def test_a_credential_of_the_data_model_is_proved_and_verifies(ask, adapter, what):
    credential = a_credential(adapter, **GOOD[what])
    code, issued = ask("/credentials/issue", credential=credential)
    assert code == 201, issued
    assert issued["@context"][0] == V2
    assert {name: value for name, value in issued.items() if name != "proof"} == credential
    issuer = credential["issuer"]
    told = ask("/credentials/verify", verifiableCredential=issued, options={"checks": ["proof"]})
    assert told[0] == (200 if issuer == adapter.key.did else 400), told  # who issues for another is found out


@pytest.mark.parametrize("what", BAD)
def test_what_is_no_credential_is_refused_by_issuer_and_verifier(ask, adapter, what):
    credential = a_credential(adapter, **BAD[what])
    assert ask("/credentials/issue", credential=credential)[0] == 400
    proof = adapter.proved(a_credential(adapter))["proof"]
    assert ask("/credentials/verify", verifiableCredential=credential | {"proof": proof})[0] == 400


@pytest.mark.parametrize(
    "sent", [{}, {"credential": None}, {"credential": []}, {"credential": "x"}, {"credential": {}}]
)
def test_a_request_without_a_credential_is_refused(ask, sent):
    assert ask("/credentials/issue", **sent)[0] == 400
    assert ask("/credentials/verify", **sent)[0] == 400
    assert ask("/presentations/verify", **sent)[0] == 400


def test_what_is_proved_already_is_not_proved_again(ask, adapter):
    assert ask("/credentials/issue", credential=adapter.proved(a_credential(adapter)))[0] == 400


def test_the_proof_has_the_form_the_suite_asks_for(ask, adapter):
    proof = ask("/credentials/issue", credential=a_credential(adapter))[1]["proof"]
    assert (proof["type"], proof["cryptosuite"], proof["proofPurpose"]) == (
        "DataIntegrityProof",
        "eddsa-rdfc-2022",
        "assertionMethod",
    )
    assert proof["proofValue"].startswith("z")
    assert len(read_multibase(proof["proofValue"])) == 64
    assert proof["verificationMethod"].startswith("did:key:z6Mk")
    assert datetime.fromisoformat(proof["created"]).tzinfo


PROOFS: dict[str, dict[str, Any]] = {
    "of another type": {"type": "UnknownProofType"},
    "of another suite": {"cryptosuite": "unknown-cryptosuite-2017"},
    "of the suite with another canonical form": {"cryptosuite": "eddsa-jcs-2022"},
    "without purpose": {"proofPurpose": ...},
    "with another purpose": {"proofPurpose": "authentication"},
    "with an unknown purpose": {"proofPurpose": "invalidPurpose"},
    "without method": {"verificationMethod": ...},
    "with an impossible method": {"verificationMethod": "did:key:@invalidVm@"},
    "without value": {"proofValue": ...},
    "whose value is no multibase": {"proofValue": "invalid"},
    "whose value has another base": {"proofValue": "u" + "A" * 86},
    "whose created is no moment": {"created": "invalidDate"},
    "that has expired": {"expires": "2020-01-01T00:00:00Z"},
}  # fmt: skip


@pytest.mark.parametrize("what", PROOFS)
def test_a_proof_that_is_not_as_it_must_be_is_refused(ask, adapter, what):
    issued = adapter.proved(a_credential(adapter))
    issued["proof"] = {name: value for name, value in (issued["proof"] | PROOFS[what]).items() if value is not ...}
    assert ask("/credentials/verify", verifiableCredential=issued)[0] == 400


def test_a_value_that_is_too_long_is_refused(ask, adapter):
    issued = adapter.proved(a_credential(adapter))
    issued["proof"]["proofValue"] = multibase(read_multibase(issued["proof"]["proofValue"]) + bytes(32))
    assert ask("/credentials/verify", verifiableCredential=issued)[0] == 400


def test_a_proof_without_the_optional_time_is_good(ask, adapter):
    document = a_credential(adapter)
    options = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "verificationMethod": adapter.key.method,
        "proofPurpose": "assertionMethod",
    }
    value = multibase(adapter.key.private.sign(adapter._signed(document, options)))  # noqa: SLF001 what a suite does inside
    assert (
        ask("/credentials/verify", verifiableCredential=document | {"proof": options | {"proofValue": value}})[0] == 200
    )


@pytest.mark.parametrize("place", ["issuer", "type", "credentialSubject", "validFrom", "name"])
def test_every_change_after_the_proof_is_seen(ask, adapter, place):
    issued = adapter.proved(a_credential(adapter, name="A name", validFrom="2020-01-01T00:00:00Z"))
    assert ask("/credentials/verify", verifiableCredential=issued)[0] == 200
    changed = {
        "issuer": "did:key:z6MkpJySvETLnxhQG9DzEdmKJtysBDjuuTeDfUj1uNNCUqcj",
        "type": ["VerifiableCredential", "https://suite.example/#More"],
        "credentialSubject": {"id": "did:example:another"},
        "validFrom": "2020-01-01T00:00:01Z",
        "name": "Another name",
    }[place]
    assert ask("/credentials/verify", verifiableCredential=issued | {place: changed})[0] == 400


@pytest.mark.parametrize("changes", [{"validUntil": "2026-11-24T00:00:00Z"}, {"validFrom": "2027-01-01T00:00:00Z"}])
def test_a_credential_out_of_its_time_does_not_verify(ask, adapter, changes):
    code, issued = ask("/credentials/issue", credential=a_credential(adapter, **changes))
    assert code == 201
    assert ask("/credentials/verify", verifiableCredential=issued)[0] == 400


def test_proofs_are_one_whether_listed_or_not(ask, adapter):
    issued = adapter.proved(a_credential(adapter))
    assert ask("/credentials/verify", verifiableCredential=issued | {"proof": [issued["proof"]]})[0] == 200
    assert ask("/credentials/verify", verifiableCredential=issued | {"proof": [issued["proof"]] * 2})[0] == 400


def test_our_own_record_gets_the_very_proof_that_production_gives(adapter):
    adapter.key = a_key()
    made = prove(a_whole(), adapter.key, NOW.isoformat(timespec="seconds"))
    assert adapter.proved(a_whole())["proof"] == made["proof"][0]


def shown(adapter: Adapter, *credentials: Any, **changes: Any) -> dict[str, Any]:
    return adapter.proved(a_presentation(adapter, *credentials, **changes), "authentication")


def test_a_presentation_of_good_credentials_verifies(ask, adapter):
    good = adapter.proved(a_credential(adapter))
    assert ask("/presentations/verify", verifiablePresentation=shown(adapter))[0] == 200
    assert ask("/presentations/verify", verifiablePresentation=shown(adapter, good, deepcopy(good)))[0] == 200


PRESENTATIONS: dict[str, dict[str, Any]] = {
    "without context": {"@context": None},
    "without the base context": {"@context": [EXAMPLES]},
    "with a context that is a number": {"@context": [V2, 123192875]},
    "without type": {"type": None},
    "with another type": {"type": ["https://suite.example/#Type"]},
    "with a credential that is a text": {"verifiableCredential": ["did:example:credential"]},
    "with a credential that is a number": {"verifiableCredential": [7]},
    "with a credential without type": {"verifiableCredential": [{"@context": [V2], "credentialSubject": SUBJECT}]},
    "with a holder that is no address": {"holder": "not-a-url"},
    "with a holder without id": {"holder": {"name": "Somebody"}},
    "with an envelope of no type": {
        "verifiableCredential": [{"@context": [V2], "id": "data:application/vc+jwt,e30.e30.e30"}]
    },
    "without proof": {"proof": None},
}


@pytest.mark.parametrize("what", PRESENTATIONS)
def test_what_is_no_presentation_is_refused(ask, adapter, what):
    changed = {name: value for name, value in (shown(adapter) | PRESENTATIONS[what]).items() if value is not None}
    assert ask("/presentations/verify", verifiablePresentation=changed)[0] == 400


def test_a_presentation_is_as_good_as_the_worst_credential_in_it(ask, adapter):
    good, bad = (adapter.proved(a_credential(adapter)) for _ in range(2))
    bad["proof"]["proofValue"] = adapter.proved(a_credential(adapter, name="Other"))["proof"]["proofValue"]
    assert ask("/presentations/verify", verifiablePresentation=shown(adapter, good, bad))[0] == 400


@pytest.fixture
def listing(contexts):
    adapter = Adapter(contexts, lambda: NOW, LIST.removesuffix("/status/revocation/1"))
    return adapter, create_adapter(adapter).test_client()


def test_an_issued_credential_points_at_a_list_as_the_status_suite_asks(listing):
    adapter, client = listing
    issued = client.post("/credentials/issue", json={"credential": a_credential(adapter)}).get_json()
    entry = issued["credentialStatus"]
    assert (entry["type"], entry["statusPurpose"]) == ("BitstringStatusListEntry", "revocation")
    assert str(int(entry["statusListIndex"])) == entry["statusListIndex"]
    assert entry["id"] != entry["statusListCredential"] == LIST
    found = json.loads(client.get("/status/revocation/1").text)
    adapter.verify(found)
    assert "BitstringStatusListCredential" in found["type"]
    assert found["credentialSubject"]["encodedList"].startswith("u")
    assert client.post("/credentials/verify", json={"verifiableCredential": issued}).status_code == 200


def test_a_marked_credential_and_a_list_that_is_not_ours_do_not_verify(listing):
    adapter, client = listing
    issued = adapter.issue(a_credential(adapter))
    adapter.marked.add(int(issued["credentialStatus"]["statusListIndex"]))
    assert client.post("/credentials/verify", json={"verifiableCredential": issued}).status_code == 400
    for changes in (
        {"statusListCredential": "https://other.example/1"},
        {"statusListIndex": "-1"},
        {"statusListIndex": "131072"},
    ):
        foreign = adapter.proved(a_credential(adapter, credentialStatus=issued["credentialStatus"] | changes))
        assert client.post("/credentials/verify", json={"verifiableCredential": foreign}).status_code == 400


@pytest.mark.slow
def test_a_published_implementation_and_the_adapter_understand_each_other(ask, adapter):
    document = a_credential(adapter, **{"@context": [V2, EXAMPLES]}, type=["VerifiableCredential", "ExampleCredential"])
    job = {"seed": "07" * 32, "document": document, "challenge": "once", "domain": "suite.example"}
    words = ["node", str(TESTS / "node" / "issue.mjs")]
    done = subprocess.run(words, input=json.dumps(job), capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    theirs = json.loads(done.stdout)
    adapter.clock = lambda: datetime.now(UTC) + timedelta(minutes=1)
    assert ask("/credentials/verify", verifiableCredential=theirs["credential"])[0] == 200
    for options, code in (({"challenge": "once", "domain": "suite.example"}, 200), ({"challenge": "twice"}, 400)):
        assert ask("/presentations/verify", verifiablePresentation=theirs["presentation"], options=options)[0] == code
    assert ask("/credentials/verify", verifiableCredential=theirs["credential"] | {"name": "Changed"})[0] == 400


def test_the_adapter_is_off_unless_asked_for_and_never_in_production():
    assert not from_env({}).vc_api
    assert from_env({"INTYGA_VC_API": "1"}).vc_api
    with pytest.raises(SettingsError, match="INTYGA_VC_API"):
        from_env({"INTYGA_VC_API": "yes"})
    with pytest.raises(SettingsError, match="INTYGA_VC_API: production"):
        from_env({"INTYGA_VC_API": "1", "INTYGA_MODE": "production"})


def test_the_command_refuses_while_the_setting_is_off():
    told = CliRunner().invoke(cli, ["vc-api"], env={"INTYGA_VC_API": ""})
    assert isinstance(told.exception, AdapterOffError)
