"""Keys on disk: whole, locked, for their owner only, never overwritten; a development key never hides what it is."""

import shutil
import stat
from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto import keys as asn1keys
from asn1crypto import pem as asn1pem
from clocks import Authority
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat
from pki import NUMBER, ORGANISATION, PASSPHRASE, SLUG, THEIRS, ed25519_p12, somebodys_p12
from pyhanko.sign.ades.qualified_asn1 import QcCertificateType, QcStatements
from support.programs import output

from app.issue import keys, pki
from app.issue.keyfiles import write_new
from app.issue.problems import KeyAbsentError, KeyExistsError, KeyUnfitError, PassphraseError, SealEndsError
from app.issue.signer import DEVELOPMENT_MARK


def create_seal(folder, passphrase=PASSPHRASE):
    return keys.create_seal_key(folder, SLUG, ORGANISATION, NUMBER, passphrase)


def adopt(folder, p12, passphrase=THEIRS):
    return keys.adopt_seal(folder, "natbolaget", p12, passphrase, PASSPHRASE)


def files(folder):
    return {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}


def test_the_seal_stands_under_the_development_root(key_folder, sealer):
    root, leaf = x509.load_pem_x509_certificate((key_folder / keys.ROOT).read_bytes()), sealer.certificate
    leaf.verify_directly_issued_by(root)
    root.verify_directly_issued_by(root)
    authority = leaf.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value
    own = root.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    assert authority.key_identifier == own.digest
    assert root.extensions.get_extension_for_class(x509.BasicConstraints).value.path_length == 0


def test_the_leaf_names_the_organisation_and_may_only_sign(sealer):
    leaf = sealer.certificate
    names = {each.oid: each.value for each in leaf.subject}
    assert names[x509.NameOID.ORGANIZATION_NAME] == sealer.organisation == ORGANISATION
    assert names[x509.NameOID.ORGANIZATION_IDENTIFIER] == f"NTRSE-{NUMBER.replace('-', '')}"
    usage = leaf.extensions.get_extension_for_class(x509.KeyUsage).value
    assert usage.digital_signature
    assert usage.content_commitment
    assert not usage.key_cert_sign
    assert not usage.key_encipherment
    assert not leaf.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert isinstance(leaf.public_key().curve, ec.SECP256R1)
    assert timedelta(days=3 * 365) < leaf.not_valid_after_utc - datetime.now(UTC) < timedelta(days=3 * 366)


def test_a_development_seal_says_so_wherever_it_is_kept(key_folder, sealer, tmp_path):
    shutil.copytree(key_folder / SLUG, tmp_path / "annan")
    moved = keys.open_seal(tmp_path, "annan", PASSPHRASE)
    assert moved.development
    assert moved.sha256 == sealer.sha256
    assert moved.not_after == sealer.not_after


def test_every_file_is_for_its_owner_only_and_no_draft_is_left(tmp_path):
    keys.create_development_root(tmp_path, PASSPHRASE)
    create_seal(tmp_path)
    keys.create_record_key(tmp_path, SLUG, PASSPHRASE)
    found = files(tmp_path)
    assert set(found) == {keys.ROOT, keys.ROOT_KEY, f"{SLUG}/seal.p12", f"{SLUG}/record-1.pem"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in found.values()} == {0o600}
    for locked in (keys.ROOT_KEY, f"{SLUG}/record-1.pem"):
        assert b"ENCRYPTED" in found[locked].read_bytes()


@pytest.mark.parametrize("passphrase", ["fel", ""])
def test_a_wrong_passphrase_opens_nothing_and_makes_nothing(key_folder, tmp_path, passphrase):
    with pytest.raises(PassphraseError) as caught:
        keys.open_seal(key_folder, SLUG, passphrase)
    assert caught.value.code == "key-passphrase"
    for name in (keys.ROOT, keys.ROOT_KEY):
        shutil.copy(key_folder / name, tmp_path)
    with pytest.raises(PassphraseError):
        create_seal(tmp_path, passphrase)
    assert not (tmp_path / SLUG).exists()


def test_no_key_is_locked_with_an_empty_passphrase(tmp_path):
    with pytest.raises(PassphraseError):
        keys.create_development_root(tmp_path, "")
    with pytest.raises(PassphraseError):
        keys.create_record_key(tmp_path, SLUG, "")
    assert files(tmp_path) == {}


def test_a_damaged_file_is_told_like_a_wrong_passphrase(key_folder, tmp_path):
    (tmp_path / SLUG).mkdir()
    (tmp_path / SLUG / "seal.p12").write_bytes((key_folder / SLUG / "seal.p12").read_bytes()[:-9])
    with pytest.raises(PassphraseError):
        keys.open_seal(tmp_path, SLUG, PASSPHRASE)


@pytest.mark.parametrize("slug", ["saknas", "../exempelnat", "exempelnat/..", "Exempelnat", "", "a b", "å"])
def test_a_missing_key_and_an_impossible_name_are_absent(key_folder, slug):
    with pytest.raises(KeyAbsentError):
        keys.open_seal(key_folder, slug, PASSPHRASE)
    with pytest.raises(KeyAbsentError):
        keys.open_record_key(key_folder, slug, 1, PASSPHRASE)


def test_nothing_is_ever_overwritten(tmp_path):
    keys.create_development_root(tmp_path, PASSPHRASE)
    create_seal(tmp_path)
    before = {name: path.read_bytes() for name, path in files(tmp_path).items()}
    with pytest.raises(KeyExistsError):
        keys.create_development_root(tmp_path, PASSPHRASE)
    with pytest.raises(KeyExistsError):
        create_seal(tmp_path)
    with pytest.raises(KeyExistsError):
        write_new(tmp_path / keys.ROOT, b"annat")
    assert {name: path.read_bytes() for name, path in files(tmp_path).items()} == before


def test_a_root_whose_making_was_cut_short_is_finished_with_its_own_key(tmp_path):
    first = keys.create_development_root(tmp_path, PASSPHRASE)
    (tmp_path / keys.ROOT).unlink()
    second = keys.create_development_root(tmp_path, PASSPHRASE)
    assert second.public_key() == first.public_key()


def test_record_keys_are_numbered_and_each_opens_as_itself(tmp_path):
    assert keys.record_keys(tmp_path, SLUG) == []
    made = [keys.create_record_key(tmp_path, SLUG, PASSPHRASE) for _ in range(2)]
    (tmp_path / SLUG / "record-01.pem").write_bytes(b"not ours")
    assert made == keys.record_keys(tmp_path, SLUG) == [1, 2]
    first, second = (keys.open_record_key(tmp_path, SLUG, number, PASSPHRASE) for number in made)
    first.public_key().verify(first.sign(b"x"), b"x")
    assert first.public_key() != second.public_key()
    with pytest.raises(PassphraseError):
        keys.open_record_key(tmp_path, SLUG, 1, "fel")
    with pytest.raises(KeyAbsentError):
        keys.open_record_key(tmp_path, SLUG, 3, PASSPHRASE)


@pytest.mark.parametrize(
    "make", [lambda: ec.generate_private_key(ec.SECP256R1()), lambda: rsa.generate_private_key(65537, 3072)]
)
def test_an_organisations_own_certificate_is_adopted_and_is_no_development_seal(tmp_path, make):
    adopted = adopt(tmp_path, somebodys_p12(make()))
    opened = keys.open_seal(tmp_path, "natbolaget", PASSPHRASE)
    assert adopted.sha256 == opened.sha256
    assert not opened.development
    assert opened.organisation == "Nätbolaget AB"
    assert keys.seals(tmp_path) == ["natbolaget"]


@pytest.mark.parametrize(
    ("p12", "refusal"),
    [
        (ed25519_p12, KeyUnfitError),
        (lambda: somebodys_p12(rsa.generate_private_key(65537, 2048)), KeyUnfitError),
        (lambda: somebodys_p12(usage=False), KeyUnfitError),
        (lambda: somebodys_p12(days=59), SealEndsError),
        (lambda: somebodys_p12(passphrase="annan"), PassphraseError),
        (lambda: b"not a p12", PassphraseError),
    ],
)
def test_an_unfit_certificate_is_refused_with_its_reason_and_nothing_is_kept(tmp_path, p12, refusal):
    with pytest.raises(refusal):
        adopt(tmp_path, p12())
    assert files(tmp_path) == {}


def rounds(pem: bytes) -> int:
    _, _, der = asn1pem.unarmor(pem)
    derivation = asn1keys.EncryptedPrivateKeyInfo.load(der)["encryption_algorithm"]["parameters"]["key_derivation_func"]
    return derivation["parameters"]["iteration_count"].native


def test_every_key_file_takes_two_hundred_thousand_rounds_to_open_and_other_programs_open_it(tmp_path):
    keys.create_development_root(tmp_path, PASSPHRASE)
    keys.create_record_key(tmp_path, SLUG, PASSPHRASE)
    keys.open_development_authority(tmp_path, PASSPHRASE)
    locked = [tmp_path / name for name in (keys.ROOT_KEY, keys.CLOCK_KEY, f"{SLUG}/record-1.pem")]
    assert {rounds(each.read_bytes()) for each in locked} == {200_000}
    for each in locked:
        told = output("openssl", "pkey", "-in", each, "-passin", f"pass:{PASSPHRASE}", "-noout", "-text")
        assert "Private-Key" in told


def test_a_key_file_of_an_earlier_version_still_opens(tmp_path):
    key = Ed25519PrivateKey.generate()
    old = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(PASSPHRASE.encode()))
    write_new(tmp_path / SLUG / "record-1.pem", old)
    assert keys.open_record_key(tmp_path, SLUG, 1, PASSPHRASE).public_key() == key.public_key()


def test_the_development_authority_is_made_once_and_is_marked(tmp_path):
    keys.create_development_root(tmp_path, PASSPHRASE)
    first, second = (keys.open_development_authority(tmp_path, PASSPHRASE) for _ in range(2))
    assert first.clock == second.clock
    units = first.clock.subject.get_attributes_for_oid(x509.NameOID.ORGANIZATIONAL_UNIT_NAME)
    assert [each.value for each in units] == [DEVELOPMENT_MARK]
    assert first.clock.not_valid_after_utc > datetime.now(UTC) + timedelta(days=14 * 365)


def qualified(*statements: str, kinds: tuple[str, ...] = ("qct_eseal",)) -> x509.Certificate:
    """A certificate that says those things of itself."""
    said = [{"statement_id": each} for each in statements if each != "qc_type"]
    if "qc_type" in statements:
        said.append({"statement_id": "qc_type", "statement_info": QcCertificateType(list(kinds))})
    extension = x509.UnrecognizedExtension(pki.QC_STATEMENTS, QcStatements(said).dump())
    name = x509.Name([x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, "Nätbolaget AB")])
    return Authority().leaf(name, ec.generate_private_key(ec.SECP256R1()), more=[extension] if statements else [])


@pytest.mark.parametrize(
    ("certificate", "found"),
    [
        (lambda: qualified("qc_compliance", "qc_sscd", "qc_type"), True),
        (lambda: qualified("qc_compliance", "qc_type"), False),  # the key may lie anywhere
        (lambda: qualified("qc_sscd", "qc_type"), False),
        (lambda: qualified("qc_compliance", "qc_sscd"), False),
        (lambda: qualified("qc_compliance", "qc_sscd", "qc_type", kinds=("qct_esign",)), False),  # a person's
        (qualified, False),
    ],
)
def test_a_certificate_is_qualified_for_seals_only_if_it_says_all_of_it(certificate, found):
    assert pki.is_qualified(certificate()) is found
