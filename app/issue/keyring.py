"""The worker's opened keys, each read and unlocked once per process; nobody but the worker and the command line has one."""

from functools import lru_cache
from pathlib import Path

from app.issue.keys import open_record_key, open_seal
from app.issue.proof import RecordKey
from app.issue.signer import SealSigner


class Keyring:
    """Keys of every organisation that issues here."""

    def __init__(self, folder: Path, passphrase: str) -> None:
        self.folder = folder
        self._seal = lru_cache(maxsize=64)(lambda slug: open_seal(folder, slug, passphrase))
        self._record = lru_cache(maxsize=64)(lambda slug, place: open_record_key(folder, slug, place, passphrase))

    def seal(self, slug: str) -> SealSigner:
        """The organisation's seal; raises `KeyAbsentError` or `PassphraseError`."""
        return self._seal(slug)

    def record(self, slug: str, place: int, did: str) -> RecordKey:
        """The organisation's record key of that number."""
        return RecordKey(private=self._record(slug, place), did=did, fragment=f"key-{place}")
