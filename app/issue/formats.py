"""The forms a record is written in, in one place: a new form is a line here and a function in its own module."""

import json
from collections.abc import Callable
from typing import Any

from msgspec import Struct

from app.issue.badge import RecordParticulars, module_record, whole_record
from app.issue.proof import RecordKey, prove
from app.issue.vc_jwt import as_jwt
from assessments.award import Award, ModuleAward


class Record(Struct, frozen=True, kw_only=True):
    """What is written: one module of an award, or all of it."""

    award: Award
    particulars: RecordParticulars
    module: ModuleAward | None = None

    def document(self) -> dict[str, Any]:
        """The unproved credential."""
        if self.module is None:
            return whole_record(self.award, self.particulars)
        return module_record(self.award, self.module, self.particulars)


class Format(Struct, frozen=True, kw_only=True):
    """How a form is named, served and made."""

    suffix: str
    media_type: str
    write: Callable[[Record, RecordKey], bytes]


def json_bytes(document: dict[str, Any]) -> bytes:
    """The one way our JSON is written; once written the bytes are stored and never made again."""
    return json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n"


def _open_badge(record: Record, key: RecordKey) -> bytes:
    return json_bytes(prove(record.document(), key, record.particulars.issued_at))


def _jwt(record: Record, key: RecordKey) -> bytes:
    return as_jwt(record.document(), key).encode()


RECORD_FORMATS: dict[str, Format] = {
    "open-badge": Format(suffix="json", media_type="application/vc", write=_open_badge),
    "vc-jwt": Format(suffix="jwt", media_type="application/vc+jwt", write=_jwt),
}
