"""Published implementations that share nothing with us read our records, and see every change to them.

One Node process answers the whole job, because starting it and its contexts costs more than any single answer.
"""

import base64
import contextlib
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st
from records import (
    EXTENSIONS,
    ISSUED,
    LIST,
    OURS,
    a_key,
    a_list,
    a_module,
    a_whole,
    an_award,
    changes,
    everything,
    published_contexts,
)
from second_opinion import ask
from test_canon import HOSTILE, disturbed, named

from app.issue.canon import LossyDocumentError, canonical
from app.issue.proof import prove
from app.issue.terms import CONTEXTS, OPEN_BADGES_EXTENSIONS
from app.issue.vc_jwt import ALGORITHMS, as_jwt

pytestmark = pytest.mark.slow


def proved(document: dict[str, Any], key: str = "key-1", seed: int = 1) -> dict[str, Any]:
    return prove(document, a_key(key, seed), ISSUED)


GOOD = {
    "whole": proved(a_whole()),
    "module": proved(a_module()),
    "list": proved(a_list(1, 2)),
    "with another key of the issuer": proved(a_whole(), "key-2", 2),
    "with a criterion that did not apply": proved(a_whole(an_award(everything(M1_2="not_applicable")))),
} | {f"of {name!r}": proved(named(name)) for name in HOSTILE}
BAD = {
    "with a key the issuer does not list": proved(a_whole(), "key-3", 3),
    "with another key than it says": proved(a_whole(), "key-1", 2),
}


def test_a_published_verifier_finds_our_records_good_and_others_not():
    answers = ask(documents=[*GOOD.values(), *BAD.values()], lists={LIST: GOOD["list"]})["documents"]
    good, bad = answers[: len(GOOD)], answers[len(GOOD) :]
    assert [(what, each["error"]) for what, each in zip(GOOD, good, strict=True) if not each["verified"]] == []
    assert [what for what, each in zip(BAD, bad, strict=True) if each["verified"]] == []


@pytest.mark.parametrize("revoked", [True, False])
def test_a_published_verifier_sees_the_revocation_and_still_a_good_proof(revoked):
    listed = proved(a_list(4711) if revoked else a_list(4710, 4712))
    (answer,) = ask(documents=[GOOD["whole"]], lists={LIST: listed})["documents"]
    assert (answer["proof"], answer["marked"]) == (True, revoked)


@pytest.mark.parametrize("now", ["2026-11-23T22:50:00Z", "2031-11-23T23:10:00Z"])  # it grants five minutes
def test_a_published_verifier_sees_that_the_day_is_not_one_of_the_records(now):
    (answer,) = ask(documents=[GOOD["whole"]], lists={LIST: GOOD["list"]}, now=now)["documents"]
    assert not answer["verified"]
    assert "current date time" in answer["error"]


@pytest.mark.parametrize("kind", ["whole", "module", "list"])
def test_a_published_verifier_sees_every_single_change(kind):
    """Of the words in the inline context only those that the record uses can matter to it; we see the others too."""
    changed = [(place, each) for place, each in changes(GOOD[kind]) if not place.startswith("$.@context[3]")]
    answers = ask(documents=[each for _, each in changed], lists={LIST: GOOD["list"]})["documents"]
    assert [place for (place, _), each in zip(changed, answers, strict=True) if each["verified"]] == []
    assert len(answers) > 10


def test_a_published_reader_accepts_the_token_and_no_other_signature():
    raw = a_key().public.public_bytes(Encoding.Raw, PublicFormat.Raw)
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": base64.urlsafe_b64encode(raw).decode().rstrip("=")}
    tokens = [as_jwt(a_whole(), a_key(), algorithm) for algorithm in ALGORITHMS]
    wrong = [as_jwt(a_whole(), a_key(seed=2)), tokens[0][:-6] + "AAAAAA", f"{tokens[0]}.x"]
    answers = ask(tokens=[{"token": token, "jwk": jwk} for token in [*tokens, *wrong]])["tokens"]
    assert [each["verified"] for each in answers] == [True] * len(tokens) + [False] * len(wrong)
    for each, algorithm in zip(answers, ALGORITHMS, strict=False):
        assert each["header"] == {"alg": algorithm, "typ": "vc+jwt", "kid": a_key().method}
        assert a_whole().items() <= each["payload"].items()


def test_the_canonical_form_is_that_of_the_reference_implementation():
    documents = [document() for document in OURS.values()] + [named(name) for name in HOSTILE] + odd_ones()
    answers = ask(canonical=documents)["canonical"]
    assert [each.get("error") for each in answers] == [None] * len(documents)
    assert [each["nquads"].encode() for each in answers] == [canonical(each) for each in documents]


def test_numbers_of_ours_are_written_alike_by_the_reference_implementation():
    signed = []
    for hundredths in range(1, 400_000, 3701):
        with contextlib.suppress(LossyDocumentError):
            document = a_whole() | {
                "credentialSubject": a_whole()["credentialSubject"] | {"creditsEarned": hundredths / 100}
            }
            signed.append((document, canonical(document)))
    assert len(signed) > 50
    answers = ask(canonical=[document for document, _ in signed])["canonical"]
    assert [each["nquads"].encode() for each in answers] == [said for _, said in signed]


def odd_ones() -> list[dict[str, Any]]:
    """Disturbed documents the guard lets pass, always the same ones."""
    found: list[dict[str, Any]] = []

    @settings(max_examples=400, derandomize=True, database=None)
    @given(st.sampled_from(sorted(OURS)).flatmap(disturbed))
    def collect(document: dict[str, Any]) -> None:
        try:
            canonical(document)
        except LossyDocumentError:
            return
        found.append(json.loads(json.dumps(document)))

    collect()
    assert len(found) > 20
    return found[:120]


def test_the_packaged_contexts_are_the_published_ones(standards):
    packaged = ask(contexts=list(CONTEXTS))["contexts"]
    assert {url: each["@context"] for url, each in packaged.items()} == published_contexts(standards)


def test_the_facts_we_know_of_the_extensions_are_the_packaged_ones():
    assert ask(contexts=[OPEN_BADGES_EXTENSIONS])["contexts"][OPEN_BADGES_EXTENSIONS] == EXTENSIONS
