"""A certificate authority's whole service inside the process, for development and demo: time-stamps and revocation.

It stands under the development root, whose name marks all of it as a specimen; production refuses that root. So the
demo's certificate reaches the highest level without network, by the very code that real authorities meet.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from hashlib import sha256

from asn1crypto import algos, cms, core, crl, tsp
from asn1crypto import ocsp as asn1_ocsp
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from pyhanko.sign.general import as_signing_certificate_v2

from app.issue.evidence import Known
from app.issue.pki import responder_certificate
from app.issue.signer import asn1_of

POLICY = "2.25.216184903116829270943214521847652361093"
"""An identifier of our own (ITU-T X.667): a policy that promises nothing."""
ANSWER_LASTS = timedelta(days=7)


@dataclass(frozen=True)
class DevelopmentAuthority:
    """The development root at work."""

    root: x509.Certificate
    root_key: ec.EllipticCurvePrivateKey
    clock: x509.Certificate
    """The certificate that time-stamps are signed with."""
    clock_key: ec.EllipticCurvePrivateKey

    def stamp(self, request: bytes, at: datetime) -> bytes:
        """Answer a time-stamp request."""
        asked = tsp.TimeStampReq.load(request, strict=True)
        token = stamp_token(asked, at, asn1_of(self.clock), self.clock_key, [asn1_of(self.root)])
        return bytes(tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": token}).dump())

    def evidence(self, certificate: asn1.Certificate, at: datetime) -> Known:
        """That the root has revoked nothing: its list, and an answer about this very certificate."""
        return Known(ocsps=(self._answer(certificate, at),), crls=(self._list,))

    def issued(self, issuer: asn1.Certificate) -> bool:
        """Whether it speaks for that issuer."""
        return bool(issuer.dump() == self.root.public_bytes(Encoding.DER))

    @cached_property
    def _list(self) -> crl.CertificateList:
        """One list as old as the root and good as long, so that the answers about single certificates are newer."""
        at = self.root.not_valid_before_utc
        made = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.root.subject)
            .last_update(at)
            .next_update(self.root.not_valid_after_utc)
            .add_extension(x509.CRLNumber(int(at.timestamp())), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.root_key.public_key()), critical=False
            )
            .sign(self.root_key, SHA256())
        )
        return crl.CertificateList.load(made.public_bytes(Encoding.DER))

    @cached_property
    def _responder(self) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
        """A key for this process only: answers are as good as the certificate that comes with them."""
        key = ec.generate_private_key(ec.SECP256R1())
        since = self.root.not_valid_before_utc
        return responder_certificate(key.public_key(), self.root, self.root_key, since), key

    def _answer(self, certificate: asn1.Certificate, at: datetime) -> asn1_ocsp.OCSPResponse:
        at = at.replace(microsecond=0)
        made = (
            ocsp.OCSPResponseBuilder()
            .add_response(
                cert=x509.load_der_x509_certificate(certificate.dump()),
                issuer=self.root,
                algorithm=SHA1(),  # noqa: S303 names the issuer as readers expect it, protects nothing
                cert_status=ocsp.OCSPCertStatus.GOOD,
                this_update=at,
                next_update=at + ANSWER_LASTS,
                revocation_time=None,
                revocation_reason=None,
            )
            .responder_id(ocsp.OCSPResponderEncoding.HASH, self._responder[0])
            .certificates([self._responder[0]])
            .sign(self._responder[1], SHA256())
        )
        return asn1_ocsp.OCSPResponse.load(made.public_bytes(Encoding.DER))


def stamp_token(
    asked: tsp.TimeStampReq,
    at: datetime,
    signer: asn1.Certificate,
    key: ec.EllipticCurvePrivateKey,
    chain: list[asn1.Certificate],
) -> cms.ContentInfo:
    """A token over what was asked, signed as RFC 3161 and RFC 5816 demand."""
    said = {
        "version": "v1",
        "policy": POLICY,
        "message_imprint": asked["message_imprint"],
        "serial_number": secrets.randbits(63),
        "gen_time": at.replace(microsecond=0),
    }
    if asked["nonce"].native is not None:
        said["nonce"] = asked["nonce"]
    return signed_token(tsp.TSTInfo(said), signer, key, chain)


def signed_token(
    info: tsp.TSTInfo, signer: asn1.Certificate, key: ec.EllipticCurvePrivateKey, chain: list[asn1.Certificate]
) -> cms.ContentInfo:
    """The CMS around what a time-stamp says."""
    content = info.dump()
    said = {
        "content_type": "tst_info",
        "message_digest": sha256(content).digest(),
        "signing_certificate_v2": as_signing_certificate_v2(signer),
    }
    attributes = cms.CMSAttributes([cms.CMSAttribute({"type": name, "values": (said[name],)}) for name in said])
    digest = algos.DigestAlgorithm({"algorithm": "sha256"})
    named = cms.IssuerAndSerialNumber({"issuer": signer.issuer, "serial_number": signer.serial_number})
    by = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier({"issuer_and_serial_number": named}),
            "digest_algorithm": digest,
            "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"}),
            "signed_attrs": attributes,
            "signature": key.sign(attributes.dump(), ec.ECDSA(SHA256())),
        }
    )
    signed = cms.SignedData(
        {
            "version": "v3",
            "digest_algorithms": cms.DigestAlgorithms((digest,)),
            "encap_content_info": {"content_type": "tst_info", "content": core.ParsableOctetString(content)},
            "certificates": [signer, *chain],
            "signer_infos": [by],
        }
    )
    return cms.ContentInfo({"content_type": "signed_data", "content": signed})
