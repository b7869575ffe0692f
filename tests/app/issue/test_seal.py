"""The seal: trusted under its root, over the whole file, and broken by any change, even those other tools let pass."""

from datetime import timedelta
from io import BytesIO

import pikepdf
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from pki import ORGANISATION, PASSPHRASE, SLUG, THEIRS, judged, sealed_by, somebodys_p12
from pyhanko.sign.validation.status import SignatureCoverageLevel
from support.damage import flipped, painted_over, with_another_record
from support.programs import output

from app.issue import keys
from app.issue.problems import SealEndsError
from app.issue.seal import FIELD, seal


@pytest.fixture
def file(sealed, tmp_path):
    path = tmp_path / "certificate.pdf"
    path.write_bytes(sealed)
    return path


@pytest.fixture
def root(key_folder):
    return key_folder / keys.ROOT


def test_the_seal_is_trusted_under_the_written_root_and_covers_the_whole_file(file, root, sealer):
    status = judged(file, root)
    assert status.bottom_line
    assert status.summary() == "INTACT:TRUSTED,UNTOUCHED"
    assert status.coverage is SignatureCoverageLevel.ENTIRE_FILE
    assert status.docmdp_ok
    assert status.signing_cert.sha256.hex() == sealer.sha256


def test_another_root_is_no_reason_to_trust(file, tmp_path):
    other = tmp_path / "other"
    keys.create_development_root(other, PASSPHRASE)
    status = judged(file, other / keys.ROOT)
    assert status.intact
    assert not status.trusted


def test_other_peoples_tools_agree(file):
    told = output("pdfsig", file)
    assert f"Signature Field Name: {FIELD}" in told
    assert f"Signer Certificate Common Name: {ORGANISATION}" in told
    assert "Signature Type: ETSI.CAdES.detached" in told
    assert "Total document signed" in told
    assert "Signature is Valid" in told
    assert "No syntax or stream encoding errors found" in output("qpdf", "--check", file)


def test_it_certifies_and_allows_no_change(sealed):
    with pikepdf.open(BytesIO(sealed)) as pdf:
        signature = pdf.Root.Perms.DocMDP
        assert signature.SubFilter == "/ETSI.CAdES.detached"
        assert signature.Name == ORGANISATION
        assert [int(each.TransformParams.P) for each in signature.Reference] == [1]


def test_the_field_is_invisible_the_way_archives_and_screen_readers_accept(sealed):
    with pikepdf.open(BytesIO(sealed)) as pdf:
        (field,) = pdf.Root.AcroForm.Fields
        page = pdf.pages[0].mediabox
        assert int(field.F) & 0b111 == 0b100  # printed, neither invisible nor hidden
        left, bottom, right, top = (float(each) for each in field.Rect)
        assert right < float(page[0]) or left > float(page[2]) or top < float(page[1]) or bottom > float(page[3])


def test_sealing_only_appends(plain, sealed):
    assert sealed.startswith(plain)


@pytest.mark.parametrize("damage", [flipped, painted_over, with_another_record])
def test_every_damage_is_seen(small, sealer, file, root, damage):
    file.write_bytes(damage(sealed_by(sealer, small)))  # comparing revisions of a tagged file takes a second per page
    status = judged(file, root)
    assert not status.bottom_line
    assert not (status.intact and status.docmdp_ok)


def test_the_swapped_record_is_really_there_and_the_seals_own_revision_still_has_the_first(sealed):
    with pikepdf.open(BytesIO(with_another_record(sealed))) as pdf:
        assert pdf.attachments["credential.json"].get_file().read_bytes() == b'{"name": "Somebody else"}'
    with pikepdf.open(BytesIO(sealed)) as pdf:
        assert pdf.attachments["credential.json"].get_file().read_bytes() != b'{"name": "Somebody else"}'


def test_a_seal_that_ends_within_sixty_days_is_not_used(plain, sealer):
    last = sealer.not_after - timedelta(days=60)
    assert seal(plain, sealer, name="A", reason="B", now=last)
    with pytest.raises(SealEndsError):
        seal(plain, sealer, name="A", reason="B", now=last + timedelta(seconds=1))


def test_an_adopted_rsa_key_seals_as_well(small, tmp_path):
    p12 = somebodys_p12(rsa.generate_private_key(65537, 3072))
    file = tmp_path / "certificate.pdf"
    file.write_bytes(sealed_by(keys.adopt_seal(tmp_path, SLUG, p12, THEIRS, PASSPHRASE), small))
    assert "Signature is Valid" in output("pdfsig", file)
