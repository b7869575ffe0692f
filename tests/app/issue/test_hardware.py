"""Keys in a hardware module: SoftHSM stands for it, keys are made inside it, and nobody can take them out."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from clocks import Authority
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, load_der_public_key
from cryptography.x509.oid import NameOID
from msgspec.structs import replace
from pki import PASSPHRASE, SLUG, sealed_by
from support.programs import output

from app.issue import keys
from app.issue.did import did_document, public_key
from app.issue.hardware import Held, held_seal, read_held
from app.issue.problems import HardwareError, KeyExistsError, KeyUnfitError
from app.issue.proof import RecordKey, check_proof, prove
from app.issue.vc_jwt import as_jwt, read_jwt

pkcs11 = pytest.importorskip("pkcs11")
MODULE = next(map(str, Path("/usr/lib").glob("**/softhsm/libsofthsm2.so")), "")
KINDS = {"ec": "EC:prime256v1", "rsa": "rsa:3072", "ed": "EC:edwards25519"}
OWNER = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Nätbolaget AB")])


@pytest.fixture(scope="module")
def token(tmp_path_factory) -> Path:
    """One token for the module's whole life: the library reads its configuration once."""
    assert MODULE, "SoftHSM is missing: run make setup-tests"
    folder = tmp_path_factory.mktemp("token")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder}/tokens\nlog.level = ERROR\n")
    os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")
    (folder / "pin").write_text("5678\n")
    run("softhsm2-util", "--init-token", "--free", "--label", "intyga", "--so-pin", "1234", "--pin", "5678")
    for place, (label, kind) in enumerate(KINDS.items(), start=1):
        tool("--keypairgen", "--key-type", kind, "--label", label, "--id", f"0{place}")
    return folder


def run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def tool(*command: str) -> str:
    return run("pkcs11-tool", "--module", MODULE, "--token-label", "intyga", "--login", "--pin", "5678", *command)


def public(folder: Path, label: str):
    file = folder / f"{label}.der"
    tool("--read-object", "--type", "pubkey", "--label", label, "--output-file", str(file))
    return load_der_public_key(file.read_bytes())


def held(folder: Path, label: str, certificates: tuple[str, ...] = (), **changes) -> Held:
    fields = {"module": MODULE, "token": "intyga", "label": label, "pin_file": str(folder / "pin")}
    return Held(certificates=certificates, **fields | changes)


def certified(folder: Path, label: str) -> Held:
    authority = Authority()
    leaf = authority.leaf(OWNER, public(folder, label))
    return held(folder, label, tuple(each.public_bytes(Encoding.PEM).decode() for each in (leaf, authority.root)))


@pytest.mark.parametrize(("label", "kind"), [("ec", ec.EllipticCurvePublicKey), ("rsa", rsa.RSAPublicKey)])
def test_a_seal_in_a_module_seals_as_one_in_a_file_does(token, small, tmp_path, label, kind):
    adopted = keys.adopt_held_seal(tmp_path, SLUG, certified(token, label))
    opened = keys.open_seal(tmp_path, SLUG, PASSPHRASE)
    assert opened.sha256 == adopted.sha256
    assert isinstance(opened.signer.key.public_key(), kind)
    assert not opened.development
    assert len(opened.chain) == 1
    assert keys.seals(tmp_path) == [SLUG]
    file = tmp_path / "certificate.pdf"
    file.write_bytes(sealed_by(opened, small))
    told = output("pdfsig", "-nocert", file)
    assert "Signature is Valid" in told
    assert "Total document signed" in told


def test_a_record_key_in_a_module_proves_records_and_tokens(token, tmp_path):
    assert keys.adopt_held_record_key(tmp_path, SLUG, held(token, "ed")) == 1
    assert keys.record_keys(tmp_path, SLUG) == [1]
    assert keys.create_record_key(tmp_path, SLUG, PASSPHRASE) == 2
    did = "did:web:intyga.example:issuer:exempelnat"
    key = RecordKey(keys.open_record_key(tmp_path, SLUG, 1, PASSPHRASE), did, "key-1")
    import records  # noqa: PLC0415 its own folder's

    document = records.a_whole(did=did)
    proved = prove(document, key, records.ISSUED)
    listed = did_document(did, [("key-1", key.public)])
    check_proof(proved, public_key(listed, key.method))
    assert read_jwt(as_jwt(document, key), key.public) == document


def test_the_key_never_comes_out_and_its_file_holds_no_secret(token, tmp_path):
    assert "never extractable" in tool("--list-objects", "--type", "privkey")
    keys.adopt_held_seal(tmp_path, SLUG, certified(token, "ec"))
    written = json.loads((tmp_path / SLUG / "seal.json").read_text())
    assert set(written) == {"kind", "module", "token", "label", "pin_file", "certificates"}
    assert "5678" not in json.dumps(written)
    assert read_held(tmp_path / SLUG / "seal.json").label == "ec"


def test_a_key_of_another_certificate_is_refused_and_nothing_is_kept(token, tmp_path):
    wrong, leaf = certified(token, "rsa"), Authority().leaf(OWNER, ec.generate_private_key(ec.SECP256R1()))
    other = held(token, "ec", (leaf.public_bytes(Encoding.PEM).decode(),))
    with pytest.raises((KeyUnfitError, HardwareError)):
        keys.adopt_held_seal(tmp_path, SLUG, held(token, "ec", wrong.certificates))
    with pytest.raises(KeyUnfitError):
        keys.adopt_held_seal(tmp_path, SLUG, replace(certified(token, "ec"), certificates=other.certificates))
    assert not (tmp_path / SLUG).exists()
    with pytest.raises((KeyUnfitError, HardwareError)):
        keys.adopt_held_record_key(tmp_path, SLUG, held(token, "ec"))
    assert not (tmp_path / SLUG).exists()


@pytest.mark.parametrize(
    "changes", [{"token": "other"}, {"label": "nobody"}, {"module": "/nowhere.so"}], ids=["token", "label", "module"]
)
def test_what_is_not_there_is_told_without_a_trace(token, changes):
    fields = {"label": "ec"} | changes
    with pytest.raises(HardwareError):
        held_seal(held(token, **({"certificates": certified(token, "ec").certificates} | fields)))
    assert held_seal(certified(token, "ec")).certificate  # and the session is opened anew


def test_no_place_is_taken_twice(token, tmp_path):
    described = certified(token, "ec")
    keys.adopt_held_seal(tmp_path, SLUG, described)
    with pytest.raises(KeyExistsError):
        keys.adopt_held_seal(tmp_path, SLUG, described)
    keys.adopt_held_seal(tmp_path, SLUG, described, place=2)
    assert keys.open_seal(tmp_path, SLUG, PASSPHRASE, 2).sha256
