"""A sealed paper that lasts: checked strictly, offline, ten years on, by another program that has only the roots."""

import asyncio
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pikepdf
import pytest
from clocks import Authority, listening
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from pki import sealed_by
from pyhanko.sign.ades.report import AdESPassed
from pyhanko.sign.validation.ades import ades_lta_validation
from pyhanko.sign.validation.policy_decl import (
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager
from support.programs import output
from weasyprint import HTML, Attachment

from app.issue import archive
from app.issue.archive import Trusted
from app.issue.evidence import fetched
from app.issue.problems import EvidenceError, StampRefusedError
from app.issue.seal import FIELD, seal
from app.issue.signer import asn1_of
from app.issue.timestamp import Stamper, asking
from app.verify import lasting
from app.verify.quick_reader import QuickReader

OWNER = x509.Name(
    [
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Nätbolaget AB"),
        x509.NameAttribute(NameOID.COMMON_NAME, "Nätbolaget stämpel"),
    ]
)
IN_TEN_YEARS = datetime.now(UTC).replace(microsecond=0)
BEGINNING = IN_TEN_YEARS - timedelta(days=3652)
"""The years lie behind us: the validator takes what it holds in its hands as proved to exist now, by its own clock."""


class Years:
    """A house in time: its clock is moved, and everybody in it reads the same one."""

    def __init__(self) -> None:
        self.at = BEGINNING

    def now(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at


@pytest.fixture(scope="module")
def small_page() -> bytes:
    page = '<html lang="sv"><title>Yrkesbevis</title><h1>Yrkesbevis</h1><p>Åsa Öberg-Łukasik</p></html>'
    return HTML(string=page).write_pdf(attachments=[Attachment(string=b'{"a": 1}', name="credential.json")])


class House:
    """Its seal is of one authority, its time-stamps of another, as in real life."""

    def __init__(self, authority: Authority, clocks: Authority, years: Years) -> None:
        self.authority, self.clocks, self.years = authority, clocks, years
        self.sealer = authority.seal(OWNER)
        self.stamper = Stamper(asking(clocks.url, 5), (asn1_of(clocks.root),), fetched, years.now)

    @property
    def trusted(self) -> Trusted:
        return Trusted(self.stamper, (asn1_of(self.authority.root),), fetched)

    @property
    def roots(self):
        return [self.authority.root, self.clocks.root]

    def sealed(self, page: bytes, **how) -> bytes:
        return seal(
            page, how.pop("sealer", self.sealer), name="Nätbolaget AB", reason="Prov", now=self.years.now(), **how
        )

    def completed(self, content: bytes) -> bytes:
        return archive.complete(content, self.trusted)

    def lasting(self, page: bytes, **how) -> bytes:
        return self.completed(self.sealed(page, stamper=self.stamper, **how))


@pytest.fixture(scope="module")
def serving():
    years = Years()
    with listening(Authority(years.now)) as authority, listening(Authority(years.now, "Clocks")) as clocks:
        yield authority, clocks, years


@pytest.fixture
def house(serving):
    authority, clocks, years = serving
    years.at, authority.revoked = BEGINNING, {}
    clocks.mode, clocks.revoked, clocks.kept, clocks.years = "good", {}, None, 20
    return House(*serving)


def strict(content: bytes, roots, at: datetime):
    """What pyHanko's full AdES validation says at that time: revocation demanded everywhere, nothing fetched."""
    manager = SimpleTrustManager.build(trust_roots=[asn1_of(each) for each in roots])
    demanding = CertValidationPolicySpec(trust_manager=manager, revinfo_policy=CertRevTrustPolicy(REQUIRE_REVINFO))
    offline = RevocationInfoGatheringSpec(online_fetching_rule=RevinfoOnlineFetchingRule.LOCAL_ONLY)
    spec = SignatureValidationSpec(
        cert_validation_policy=demanding, ts_cert_validation_policy=demanding, revinfo_gathering_policy=offline
    )
    when = ValidationTimingInfo(validation_time=at, best_signature_time=at, point_in_time_validation=True)
    (found,) = QuickReader(content).embedded_regular_signatures
    return asyncio.run(ades_lta_validation(found, PdfSignatureValidationSpec(spec), timing_info=when))


def renewed_each_year(house, content: bytes, until: datetime) -> bytes:
    years = house.years
    while (due := archive.renewal_due(content, years.at)) < until:
        years.at = due
        after = archive.renew(content, house.trusted)
        assert after.startswith(content)
        content = after
    return content


def test_the_seal_is_never_touched_and_each_step_only_appends(house, small_page):
    sealed = house.sealed(small_page, stamper=house.stamper)
    lasting = house.completed(sealed)
    renewed = archive.renew(lasting, house.trusted)
    assert lasting.startswith(sealed)
    assert renewed.startswith(lasting)
    with pikepdf.open(BytesIO(renewed)) as pdf:
        assert int(pdf.Root.Perms.DocMDP.Reference[0].TransformParams.P) == 1
        assert {"/Certs", "/OCSPs"} <= set(pdf.Root.DSS.keys())
        fields = list(pdf.Root.AcroForm.Fields)
        assert [str(each.V.Type) for each in fields] == ["/Sig", "/DocTimeStamp", "/DocTimeStamp"]
        assert {int(each.F) & 0b111 for each in fields} == {0b100}  # printed, not hidden: PDF/A and PDF/UA


@pytest.mark.parametrize("kind", ["ec", pytest.param("rsa", marks=pytest.mark.slow)])
def test_ten_years_and_ten_renewals_later_it_passes_strictly_with_only_the_roots(house, small_page, kind):
    keys = {"ec": lambda: ec.generate_private_key(ec.SECP384R1()), "rsa": lambda: rsa.generate_private_key(65537, 3072)}
    sealer = house.authority.seal(OWNER, keys[kind]())
    content = renewed_each_year(house, house.lasting(small_page, sealer=sealer), IN_TEN_YEARS)
    assert sealer.not_after < IN_TEN_YEARS - timedelta(days=6 * 365)
    found = strict(content, house.roots, IN_TEN_YEARS)
    assert found.ades_subindic is AdESPassed.OK, found.failure_msg
    assert found.best_signature_time.date() == BEGINNING.date()
    assert found.api_status.docmdp_ok


@pytest.mark.slow
def test_a_chain_of_clocks_that_each_ended_is_believed_by_our_own_check(house, small_page):
    house.clocks.years = 4
    content = renewed_each_year(house, house.lasting(small_page), IN_TEN_YEARS)
    clocks = {each.signer_cert.sha256 for each in QuickReader(content).embedded_timestamp_signatures}
    assert len(clocks) > 3
    (sealed,) = QuickReader(content).embedded_regular_signatures
    roots = [each.public_bytes(Encoding.DER) for each in house.roots]
    found = asyncio.run(lasting.proved(sealed, roots, IN_TEN_YEARS))
    assert (found.check.result, found.moment.date()) == ("passed", BEGINNING.date())
    assert asyncio.run(lasting.proved(sealed, roots[:1], IN_TEN_YEARS)).check.result == "could-not-check"


def test_another_root_is_no_reason_to_believe_it(house, small_page):
    stranger = Authority(house.years.now)
    assert strict(house.lasting(small_page), [stranger.root], house.years.at).ades_subindic is not AdESPassed.OK


def test_other_programs_read_every_revision(house, small_page, tmp_path):
    file = tmp_path / "lasting.pdf"
    file.write_bytes(archive.renew(house.lasting(small_page), house.trusted))
    told = output("pdfsig", "-nocert", file)
    assert f"Signature Field Name: {FIELD}" in told
    assert "Signature is Valid" in told
    assert told.count("Total document signed") >= 1
    assert "No syntax or stream encoding errors found" in output("qpdf", "--check", file)


def test_an_authority_that_was_away_while_sealing_is_made_up_for_later(house, small_page):
    sealed = house.sealed(small_page)
    house.years.at += timedelta(days=3)
    stamped = archive.stamp(sealed, house.trusted)
    assert house.completed(stamped).startswith(stamped)
    assert stamped.startswith(sealed)


@pytest.mark.parametrize("mode", ["wrong nonce", "a stranger's root", "expired certificate", "huge"])
def test_a_bad_answer_leaves_the_file_as_it_was(house, small_page, mode):
    sealed = house.sealed(small_page)
    house.clocks.mode = mode
    with pytest.raises(Exception) as refusal:
        archive.stamp(sealed, house.trusted)
    assert refusal.type.__name__ in ("StampRefusedError", "AuthorityAwayError")


def test_a_seal_certificate_that_was_revoked_is_not_made_to_last(house, small_page):
    sealed = house.sealed(small_page)
    house.authority.revoked[house.sealer.certificate.serial_number] = house.years.now()
    for step in (archive.stamp, archive.complete):
        with pytest.raises(EvidenceError) as refusal:
            step(sealed, house.trusted)
        assert refusal.value.details["why"] in ("revoked", "no-time-stamp")
    with pytest.raises(EvidenceError):
        archive.require_unrevoked(house.sealer, house.trusted)


def test_a_clock_whose_certificate_was_revoked_is_renewed_no_more(house, small_page):
    content = house.lasting(small_page)
    house.years.at += timedelta(days=300)
    house.clocks.revoked[house.clocks.kept_clock().serial_number] = house.years.at - timedelta(days=1)
    with pytest.raises((EvidenceError, StampRefusedError)):
        archive.renew(content, house.trusted)


def test_a_seal_without_its_chain_cannot_last(house, small_page):
    trusted = Trusted(house.stamper, (asn1_of(house.sealer.certificate),), fetched)
    with pytest.raises(EvidenceError) as refusal:
        archive.complete(house.sealed(small_page, stamper=house.stamper), trusted)
    assert refusal.value.details["why"] == "chain-missing"


def test_the_next_renewal_is_in_a_year_or_before_the_clocks_certificate_ends(house, small_page):
    content = house.lasting(small_page)
    now = house.years.at
    assert archive.renewal_due(content, now) == now + archive.YEARLY
    ends = house.clocks.kept_clock().not_valid_after_utc
    assert archive.renewal_due(content, ends - timedelta(days=200)) == ends - archive.EARLIER


def test_the_development_authority_reaches_the_same_level_without_network(small, sealer, key_folder):
    from pki import PASSPHRASE  # noqa: PLC0415 same

    from app.issue.keyring import Keyring  # noqa: PLC0415 the one test that needs it
    from app.settings import Settings  # noqa: PLC0415 same

    def now() -> datetime:
        return datetime.now(UTC)

    trusted = Keyring(key_folder, PASSPHRASE).trusted(Settings(), sealer, now)
    sealed = seal(small, sealer, name="A", reason="B", stamper=trusted.stamper)
    lasting = archive.complete(sealed, trusted)
    root = sealer.chain[-1]
    for year in (2027, 2036):
        assert strict(lasting, [root], now().replace(year=year, day=1)).ades_subindic is AdESPassed.OK
    assert sealed_by(sealer, small)
