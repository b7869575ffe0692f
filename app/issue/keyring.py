"""The worker's opened keys, each opened once per process; nobody but the worker and the command line has one."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from asn1crypto import x509 as asn1
from cryptography import x509

from app.issue.archive import Trusted
from app.issue.evidence import Evidence, Known, fetched
from app.issue.fetch import SECONDS
from app.issue.keyfiles import ROOT, read
from app.issue.keys import open_development_authority, open_record_key, open_seal
from app.issue.problems import StampMissingError
from app.issue.proof import RecordKey
from app.issue.signer import SealSigner, asn1_of
from app.issue.timestamp import Ask, Stamper, asking
from app.settings import Settings

REST = timedelta(minutes=5)
"""After a time-stamp authority failed, seals are made without asking it for so long: nobody waits for it in a queue."""
MOMENTS = timedelta(minutes=10)
"""How long an authority's word about a certificate is taken as today's."""


class Keyring:
    """Keys of every organisation that issues here, and the authorities that make what they seal last."""

    def __init__(self, folder: Path, passphrase: str, patience: float = SECONDS) -> None:
        self.patience = patience
        self.folder, self._rests_until = folder, datetime.min.replace(tzinfo=UTC)
        self._seal = lru_cache(maxsize=64)(lambda slug, place: open_seal(folder, slug, passphrase, place))
        self._record = lru_cache(maxsize=64)(lambda slug, place: open_record_key(folder, slug, place, passphrase))
        self._open_authority = lru_cache(maxsize=1)(lambda: open_development_authority(folder, passphrase))
        self._known: dict[bytes, tuple[datetime, Known]] = {}

    def seal(self, slug: str, place: int = 1) -> SealSigner:
        """The organisation's seal of that number; raises `KeyAbsentError` or `PassphraseError`."""
        return self._seal(slug, place)

    def record(self, slug: str, place: int, did: str) -> RecordKey:
        """The organisation's record key of that number."""
        return RecordKey(private=self._record(slug, place), did=did, fragment=f"key-{place}")

    def rests(self, now: datetime) -> bool:
        """Whether the time-stamp authority failed a moment ago."""
        return now < self._rests_until

    def rest(self, now: datetime) -> None:
        """It failed: do not ask it while sealing for a while."""
        self._rests_until = now + REST

    def trusted(self, settings: Settings, sealer: SealSigner | None, now: Callable[[], datetime]) -> Trusted:
        """Whom to ask for time-stamps and evidence; raises `StampMissingError` when nobody is chosen."""
        evidence = self._evidence(now)
        ask, roots = self._authority(settings, now)
        anchors = (asn1_of(sealer.chain[-1]),) if sealer and sealer.chain else ()
        return Trusted(Stamper(ask, roots, evidence, now), anchors, evidence)

    def _authority(self, settings: Settings, now: Callable[[], datetime]) -> tuple[Ask, tuple[asn1.Certificate, ...]]:
        if settings.tsa:
            roots = x509.load_pem_x509_certificates(read(Path(settings.tsa_trust)))
            return asking(settings.tsa, self.patience), tuple(map(asn1_of, roots))
        if settings.production or not (self.folder / ROOT).exists():
            raise StampMissingError
        authority = self._open_authority()
        return (lambda request: authority.stamp(request, now())), (asn1_of(authority.root),)

    def _evidence(self, now: Callable[[], datetime]) -> Evidence:
        """The development root speaks for its own; everybody else is asked, and believed for some minutes."""

        def about(certificate: asn1.Certificate, issuer: asn1.Certificate) -> Known:
            name = certificate.sha256
            had = self._known.get(name)
            if had is None or not had[0] <= now() < had[0] + MOMENTS:
                had = self._known[name] = now(), self._ask(certificate, issuer, now)
            return had[1]

        return about

    def _ask(self, certificate: asn1.Certificate, issuer: asn1.Certificate, now: Callable[[], datetime]) -> Known:
        if (self.folder / ROOT).exists():
            authority = self._open_authority()
            if authority.issued(issuer):
                return authority.evidence(certificate, now())
        return fetched(certificate, issuer)
