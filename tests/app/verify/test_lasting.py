"""Papers with time-stamps: they outlive their certificates, and no damage and no revoked seal passes for it."""

from datetime import timedelta

import pytest
from clocks import Authority as Clocks
from clocks import listening
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from parts import NOW, NUMBER, ORGANISATION, a_list, a_paper, a_record, codes, trust, verify
from test_pdf import DAMAGES

from app.issue import archive
from app.issue.archive import Trusted
from app.issue.evidence import fetched
from app.issue.formats import json_bytes
from app.issue.seal import seal
from app.issue.signer import asn1_of
from app.issue.timestamp import Stamper, asking

OWNER = x509.Name(
    [
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, ORGANISATION),
        x509.NameAttribute(NameOID.ORGANIZATION_IDENTIFIER, f"NTRSE-{NUMBER.replace('-', '')}"),
    ]
)
LATER = NOW + timedelta(days=2000)
"""Long after the seal's certificate has ended."""


class House:
    def __init__(self) -> None:
        self.at = NOW
        self.seals, self.clocks = Clocks(self.now), Clocks(self.now, "Clocks")

    def now(self):
        self.at += timedelta(seconds=1)
        return self.at

    def trusted(self) -> Trusted:
        stamper = Stamper(asking(self.clocks.url, 5), (asn1_of(self.clocks.root),), fetched, self.now)
        return Trusted(stamper, (asn1_of(self.seals.root),), fetched)

    def sealed(self, sealer, *, stamped: bool = True) -> bytes:
        how = {"stamper": self.trusted().stamper} if stamped else {}
        paper = a_paper(json_bytes(a_record()))
        return seal(paper, sealer, name=ORGANISATION, reason="Prov", now=self.now(), **how)

    def given(self, **changes):
        seals, clocks = (each.root.public_bytes(Encoding.DER) for each in (self.seals, self.clocks))
        return trust(roots=(seals,), clocks=(clocks,), **changes)


@pytest.fixture(scope="module")
def house():
    found = House()
    with listening(found.seals), listening(found.clocks):
        yield found


@pytest.fixture(scope="module")
def levels(house) -> dict[str, bytes]:
    """The same paper at every level there is."""
    sealer = house.seals.seal(OWNER)
    plain, stamped = house.sealed(sealer, stamped=False), house.sealed(sealer)
    late = archive.stamp(plain, house.trusted())
    return {
        "B": plain,
        "T": stamped,
        "LTA": archive.complete(stamped, house.trusted()),
        "T late": late,
        "LTA late": archive.complete(late, house.trusted()),
    }


def checks(found) -> dict[str, str]:
    return {each.name: each.result for each in found.checks}


@pytest.mark.parametrize("level", ["B", "T", "LTA", "T late", "LTA late"])
def test_every_level_is_three_times_yes_while_its_certificate_lasts(house, levels, level):
    found = verify(levels[level], house.given(), NOW + timedelta(days=1))
    assert codes(found) == ("who-sealed", "unchanged-sealed", "valid-until")
    assert checks(found)["seal-time"] == ("could-not-check" if level == "B" else "passed")
    assert checks(found)["seal-certificate-revocation"] == ("passed" if "LTA" in level else "could-not-check")


@pytest.mark.parametrize(
    ("level", "who"), [("B", "who-certificate-time"), ("LTA", "who-sealed"), ("LTA late", "who-sealed")]
)
def test_only_time_stamps_carry_a_paper_over_the_end_of_its_certificate(house, levels, level, who):
    assert verify(levels[level], house.given(), LATER).who.code == who


def test_a_clock_nobody_named_proves_no_time_and_never_says_who(house, levels):
    seals, clocks = (each.root.public_bytes(Encoding.DER) for each in (house.seals, house.clocks))
    found = verify(levels["LTA"], trust(roots=(seals,)), LATER)
    assert found.who.code == "who-certificate-time"
    assert checks(found)["seal-time"] == "could-not-check"
    assert verify(levels["LTA"], trust(clocks=(clocks, seals))).who.code == "who-unknown-seal"


@pytest.mark.filterwarnings("ignore")  # the damages make pyHanko warn, which is the point
@pytest.mark.parametrize("level", ["T", "LTA"])
@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_every_damage_is_a_no_at_every_level(house, levels, level, damage):
    found = verify(damage(levels[level]), house.given(), NOW + timedelta(days=1))
    assert found.unchanged.result == "no", codes(found)
    assert found.shown is None


def test_a_time_stamp_cut_out_of_the_middle_is_seen(house, levels):
    """The last revision onto the first: what its time-stamp covered is gone."""
    tail = levels["LTA"][len(levels["T"]) :]
    found = verify(levels["B"] + tail, house.given(), LATER)
    assert found.who.result != "yes"


def test_a_seal_that_was_revoked_before_it_was_used_is_refused(house):
    sealer = house.seals.seal(OWNER)
    content = archive.complete(house.sealed(sealer), house.trusted())
    house.seals.revoked[sealer.certificate.serial_number] = NOW - timedelta(days=3)
    told = fetched(asn1_of(sealer.certificate), asn1_of(house.seals.root))
    house.seals.revoked = {}
    assert verify(content, house.given()).who.code == "who-sealed"
    revoked = with_evidence(content, told)
    found = verify(revoked, house.given())
    assert (found.who.code, found.who.result) == ("who-revoked-seal", "no")
    assert checks(found)["seal-certificate-revocation"] == "failed"
    assert found.shown is None


def test_a_seal_that_was_revoked_long_after_still_stands(house):
    sealer = house.seals.seal(OWNER)
    content = archive.complete(house.sealed(sealer), house.trusted())
    at = house.at
    house.at += timedelta(days=100)
    house.seals.revoked[sealer.certificate.serial_number] = house.at - timedelta(days=1)
    told = fetched(asn1_of(sealer.certificate), asn1_of(house.seals.root))
    house.at, house.seals.revoked = at, {}
    found = verify(with_evidence(content, told), house.given(lists=(a_list(1),)), NOW + timedelta(days=1))
    assert found.who.code == "who-sealed"


def with_evidence(content: bytes, told) -> bytes:
    """What an honest archive would add: it only appends."""
    from io import BytesIO  # noqa: PLC0415 only here

    from pyhanko.sign.validation.dss import DocumentSecurityStore  # noqa: PLC0415 same

    out = BytesIO(content)
    DocumentSecurityStore.add_dss(out, None, ocsps=told.ocsps, crls=told.crls, force_write=True)
    return out.getvalue()


@pytest.mark.parametrize(
    "key", [lambda: ec.generate_private_key(ec.SECP384R1()), lambda: rsa.generate_private_key(65537, 3072)]
)
def test_every_kind_of_key_is_read_at_the_highest_level(house, key):
    content = archive.complete(house.sealed(house.seals.seal(OWNER, key())), house.trusted())
    assert verify(content, house.given(), LATER).who.code == "who-sealed"
