"""Sealed papers: every change is seen, only given roots count, and nothing is read from what was appended."""

from datetime import timedelta
from io import BytesIO

import pikepdf
import pytest
from asn1crypto import keys
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from parts import (
    AWARD,
    DID,
    HOST,
    NOW,
    NUMBER,
    ORGANISATION,
    PLACE,
    Authority,
    a_did_document,
    a_key,
    a_list,
    a_paper,
    a_record,
    codes,
    common_name,
    results,
    samples,
    sealed,
    trust,
    verify,
)
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, PdfTimeStamper
from pyhanko.sign.timestamps import DummyTimeStamper
from support.damage import appended, flipped, painted_over, saved_again, with_another_record

from app.issue.certificate import certificate
from app.issue.formats import json_bytes
from app.verify.trust import Trust, read_roots

RECORD = json_bytes(a_record())


@pytest.fixture(scope="module")
def authority():
    return Authority(common_name("Somebody's authority"))


@pytest.fixture(scope="module")
def signer(authority):
    return authority.seal()


@pytest.fixture(scope="module")
def given(authority):
    return trust(roots=(authority.der,))


@pytest.fixture(scope="module")
def paper():
    return a_paper(RECORD)


@pytest.fixture(scope="module")
def good(paper, signer):
    return sealed(paper, signer)


def test_a_sealed_paper_under_a_given_root_is_three_times_yes(good, given):
    found = verify(good, given)
    assert codes(found) == ("who-sealed", "unchanged-sealed", "valid-until")
    assert found.who.en == f"Sealed by {ORGANISATION}."
    assert {each.name: each.result for each in found.checks} == {
        "seal-digest": "passed",
        "seal-coverage": "passed",
        "seal-after": "passed",
        "seal-certificate": "passed",
        "seal-certificate-revocation": "could-not-check",
        "seal-time": "could-not-check",
        "record-inside": "passed",
        "record-proof": "passed",
        "record-dates": "passed",
        "status-list": "passed",
    }
    assert (found.shown.holder, found.shown.number) == (AWARD.holder.name, "2026-000017-4")


def test_the_real_certificate_is_read_alike(signer, given):
    about = samples.particulars(specimen=False, seal_level="advanced")
    found = verify(sealed(certificate(AWARD, about, {"credential.json": RECORD}), signer), given)
    assert results(found) == ("yes", "yes", "yes"), codes(found)


def test_the_seals_own_certificate_can_be_what_is_trusted(good, signer):
    pem = signer.certificate.public_bytes(Encoding.PEM)
    assert verify(good, trust(roots=read_roots(pem))).who.code == "who-sealed"


def test_the_seal_alone_proves_the_content_when_the_issuers_keys_are_not_at_hand(good, authority):
    found = verify(good, Trust(roots=(authority.der,)))
    assert codes(found) == ("who-sealed", "unchanged-sealed", "status-missing")
    assert found.shown is not None


def test_a_revoked_certificate_is_told_as_revoked(good, authority):
    found = verify(good, trust(roots=(authority.der,), lists=(a_list(PLACE),)))
    assert codes(found) == ("who-sealed", "unchanged-sealed", "revoked")


# --- who


def test_a_forgers_root_is_not_trusted_even_if_it_lies_beside(paper, given, tmp_path):
    forger = Authority(common_name("Somebody's authority"))
    forged = sealed(paper, forger.seal())
    (tmp_path / "trust.pem").write_bytes(forger.pem)
    found = verify(forged, given)
    assert codes(found) == ("who-unknown-seal", "unchanged-sealed", "valid-unproved")
    assert found.shown is None


def test_without_any_root_nobody_is_known_and_the_system_is_not_asked(good):
    assert verify(good, trust()).who.code == "who-unknown-seal"
    assert verify(good, Trust()).shown is None


def test_a_development_seal_is_a_test_issuer_whoever_trusts_it(paper):
    development = Authority()
    specimen = sealed(paper, development.seal())
    under_its_root = verify(specimen, trust(roots=(development.der,)))
    assert codes(under_its_root) == ("who-test-issuer", "unchanged-sealed", "valid-until")
    assert under_its_root.shown is not None
    elsewhere = verify(specimen, trust())
    assert codes(elsewhere) == ("who-test-issuer", "unchanged-sealed", "valid-unproved")
    assert elsewhere.shown is None


def test_a_certificate_out_of_its_time_is_told_from_an_unknown_one(paper, authority, given):
    old = authority.seal(since=NOW - timedelta(days=800))
    file = sealed(paper, old, now=NOW - timedelta(days=700))
    assert verify(file, given).who.code == "who-sealed"
    for at in (NOW + timedelta(days=400), NOW - timedelta(days=850)):
        found = verify(file, given, at)
        assert codes(found) == ("who-certificate-time", "unchanged-sealed", "valid-unproved")
        assert ORGANISATION in found.who.sv


def test_another_organisation_under_the_same_root_cannot_speak_for_the_issuer(paper, authority, given):
    for name, number in (("Annat Bolag AB", "556000-0274"), (ORGANISATION, "556000-0274")):
        found = verify(sealed(paper, authority.seal(name, number)), given)
        assert codes(found) == ("who-other-organisation", "unchanged-sealed", "valid-unproved")
        assert found.shown is None


# --- unchanged


FORGED = RECORD.replace(AWARD.holder.name.encode(), b"Somebody Else")


def with_a_forged_record(good):
    return with_another_record(good, FORGED)


def with_names_replaced(good):
    """The catalogue points at a new tree of names, the sealed attachment stays where it was."""
    writer = IncrementalPdfFileWriter(BytesIO(good))
    stream = writer.add_object(generic.StreamObject(stream_data=FORGED))
    described = generic.DictionaryObject(
        {
            generic.pdf_name("/Type"): generic.pdf_name("/Filespec"),
            generic.pdf_name("/UF"): generic.pdf_string("credential.json"),
            generic.pdf_name("/EF"): generic.DictionaryObject({generic.pdf_name("/F"): stream}),
        }
    )
    files = generic.ArrayObject([generic.pdf_string("credential.json"), writer.add_object(described)])
    tree = generic.DictionaryObject({generic.pdf_name("/Names"): files})
    writer.root["/Names"] = generic.DictionaryObject({generic.pdf_name("/EmbeddedFiles"): tree})
    writer.update_root()
    return appended(writer)


class Bold(PdfSigner):
    """Signs what the seal forbids to sign."""

    def _enforce_certification_constraints(self, reader) -> None:
        pass


def signed_by_another(good):
    about, signer = PdfSignatureMetadata(field_name="Second"), Authority(common_name("Other")).seal().signer
    bold = Bold(about, signer, new_field_spec=SigFieldSpec("Second"))
    return bold.sign_pdf(IncrementalPdfFileWriter(BytesIO(good))).getvalue()


def with_bytes_after(good):
    return good + b"\n% one more line\n"


DAMAGES = (
    flipped,
    saved_again,
    painted_over,
    with_a_forged_record,
    with_names_replaced,
    signed_by_another,
    with_bytes_after,
)


@pytest.mark.filterwarnings("ignore")  # pyHanko warns of a second signature under P=1, which is the point
@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_every_damage_is_a_no_and_shows_nothing(good, given, damage):
    damaged = damage(good)
    assert damaged != good
    found = verify(damaged, given)
    assert found.unchanged.result == "no", codes(found)
    assert found.who.code == "who-changed"
    assert found.valid.code == "valid-unproved"
    assert found.shown is None


@pytest.mark.parametrize("damage", [with_a_forged_record, with_names_replaced], ids=lambda damage: damage.__name__)
def test_a_record_swapped_after_the_seal_is_really_there_and_really_not_read(good, given, damage):
    damaged = damage(good)
    with pikepdf.open(BytesIO(damaged)) as pdf:
        assert pdf.attachments["credential.json"].get_file().read_bytes() == FORGED
    found = verify(damaged, given)
    assert found.unchanged.code == "changed-after"
    assert {each.name: each.result for each in found.checks}["seal-digest"] == "passed"


def test_bits_flipped_anywhere_are_never_three_times_yes(good, given):
    """The signature itself carries things that nobody signs, such as the chain; its padding must be empty."""
    begins = good.index(b"/Contents <") + 11
    in_the_signature = range(begins, begins + len(good[begins:].split(b"000000000000")[0]))
    for place in range(40, len(good), len(good) // 60):
        damaged = good[:place] + bytes([good[place] ^ 0x04]) + good[place + 1 :]
        found = verify(damaged, given)
        if place not in in_the_signature:
            assert found.unchanged.result != "yes", place
            assert found.shown is None


def test_a_file_cut_short_is_never_a_yes(good, given):
    for size in range(10, len(good), len(good) // 25):
        assert verify(good[:size], given).unchanged.result != "yes"


def test_a_record_that_was_changed_before_the_seal_is_found(signer, given):
    found = verify(sealed(a_paper(FORGED), signer), given)
    assert codes(found) == ("who-changed", "changed-inside", "valid-unproved")
    assert found.shown is None


def stamped_later(good, authority):
    """With a time-stamp of the whole document, as is added for the archive."""
    clock = authority.seal("Somebody's clock", "556000-0001")
    dummy = DummyTimeStamper(clock.signer.signing_cert, private_key(rsa.generate_private_key(65537, 2048)))
    out = BytesIO(good)
    PdfTimeStamper(dummy).timestamp_pdf(IncrementalPdfFileWriter(out), "sha256", validation_context=None, in_place=True)
    return out.getvalue()


def private_key(key):
    der = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return keys.PrivateKeyInfo.load(der)


def test_a_time_stamp_added_later_is_no_change(good, given, authority):
    stamped = stamped_later(good, authority)
    assert stamped.startswith(good)
    assert stamped != good
    assert codes(verify(stamped, given)) == ("who-sealed", "unchanged-sealed", "valid-until")
    assert verify(stamped + b"\n% more", given).unchanged.result != "yes"


# --- could not check

LOOP = b"xref\n0 1\n0000000000 65535 f \ntrailer<</Root 1 0 R/Prev 43>>\nstartxref\n43\n%%EOF"


def test_an_unsealed_paper_has_no_seal_to_check(paper, given):
    found = verify(paper, given)
    assert codes(found) == ("who-no-seal", "no-seal", "valid-unproved")
    assert found.shown is None


def test_a_signature_that_is_no_certification_is_not_ours(paper, authority, given):
    out = PdfSigner(
        PdfSignatureMetadata(field_name="S"), authority.seal().signer, new_field_spec=SigFieldSpec("S")
    ).sign_pdf(IncrementalPdfFileWriter(BytesIO(paper)))
    assert codes(verify(out.getvalue(), given)) == ("who-unread", "other-seal", "valid-unproved")


def test_a_sealed_paper_without_record_has_no_readable_validity(signer, given):
    for inside in (None, b"{]", b'{"a": 1, "a": 2}'):
        found = verify(sealed(a_paper(inside), signer), given)
        assert codes(found) == ("who-sealed", "unchanged-sealed", "no-record")


def test_a_sealed_paper_with_something_else_inside_shows_nothing(signer, given):
    found = verify(sealed(a_paper(b'{"type": ["Something"]}'), signer), given)
    assert codes(found) == ("who-sealed", "unchanged-sealed", "no-record")
    assert found.shown is None


def test_an_encrypted_paper_is_told_as_locked(paper, given):
    out = BytesIO()
    with pikepdf.open(BytesIO(paper)) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="o", user="u"))
    assert verify(out.getvalue(), given).unchanged.code == "encrypted"


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-",
        b"%PDF-1.7\n%%EOF",
        b"%PDF-1.7\nstartxref\n0\n%%EOF",
        b"%PDF-1.7\nstartxref\n99999999999999999999\n%%EOF",
        b"%PDF-1.7\n1 0 obj\n<</Kids [1 0 R]>>\nendobj\n" + LOOP,
        b"%PDF-1.7\n" + b"[" * 100_000,
    ],
)
def test_what_is_no_whole_pdf_could_not_be_read(data, given):
    found = verify(data, given)
    assert found.unchanged.code in ("unreadable", "no-seal")
    assert set(results(found)) == {"could-not-check"}


def test_the_record_inside_may_be_of_an_issuer_nobody_knows(signer, authority):
    other = "did:web:elsewhere.se"
    inside = json_bytes(a_record(a_key(other), did=other))
    found = verify(sealed(a_paper(inside), signer), trust(roots=(authority.der,)))
    assert codes(found) == ("who-sealed", "unchanged-sealed", "status-foreign")
    assert HOST in DID
    assert a_did_document()["id"] == DID
    assert found.shown.organisation_number == NUMBER
