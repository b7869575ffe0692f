"""The forms a record is written in, in one place: a new form is a line here and a function in its own module."""

import json
from collections.abc import Callable
from typing import Any

from msgspec import Struct

from app.issue.badge import RecordParticulars, module_record, whole_record
from app.issue.baking import bake_png, bake_svg
from app.issue.elm import elm_document
from app.issue.picture import Motif, png, svg
from app.issue.proof import RecordKey, prove
from app.issue.vc_jwt import as_jwt
from assessments.award import Award, ModuleAward


class Record(Struct, frozen=True, kw_only=True, dict=True):
    """What is written: one module of an award, or all of it; its proof is made once for all forms (`dict=True`)."""

    award: Award
    particulars: RecordParticulars
    module: ModuleAward | None = None

    def document(self) -> dict[str, Any]:
        """The unproved credential."""
        if self.module is None:
            return whole_record(self.award, self.particulars)
        return module_record(self.award, self.module, self.particulars)

    def proved(self, key: RecordKey) -> dict[str, Any]:
        """The credential with its proof: Ed25519 always signs alike, so making it again would give the same."""
        kept: dict[str, dict[str, Any]] = self.__dict__
        if key.method not in kept:
            kept[key.method] = prove(self.document(), key, self.particulars.issued_at)
        return kept[key.method]

    def motif(self) -> Motif:
        """What a picture of it shows: never the holder, because pictures are shown around."""
        return Motif(award=self.award, module=self.module, specimen=self.particulars.specimen)


class Format(Struct, frozen=True, kw_only=True):
    """How a form is named, served and made."""

    suffix: str
    media_type: str
    write: Callable[[Record, RecordKey], bytes]
    proved: bool = True
    """Signed with the organisation's record key."""
    of_modules: bool = True
    """Made for each module as well as for the whole; else the whole has its modules inside."""

    def fits(self, module: str) -> bool:
        """Whether this form is made of the record of that module; empty = the whole."""
        return self.of_modules or not module


def json_bytes(document: dict[str, Any]) -> bytes:
    """The one way our JSON is written; once written the bytes are stored and never made again."""
    return json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n"


def _open_badge(record: Record, key: RecordKey) -> bytes:
    return json_bytes(record.proved(key))


def _badge_svg(record: Record, key: RecordKey) -> bytes:
    return bake_svg(svg(record.motif()), _compact(record, key))


def _badge_png(record: Record, key: RecordKey) -> bytes:
    return bake_png(png(record.motif()), _compact(record, key))


def _compact(record: Record, key: RecordKey) -> str:
    """The very record of `open-badge`, on one line."""
    return json.dumps(record.proved(key), ensure_ascii=False, separators=(",", ":"))


def _elm(record: Record, _key: RecordKey) -> bytes:
    return json_bytes(elm_document(record.award, record.particulars))


def _jwt(record: Record, key: RecordKey) -> bytes:
    return as_jwt(record.document(), key).encode()


RECORD_FORMATS: dict[str, Format] = {
    "open-badge": Format(suffix="json", media_type="application/vc", write=_open_badge),
    "vc-jwt": Format(suffix="jwt", media_type="application/vc+jwt", write=_jwt),
    "badge-svg": Format(suffix="svg", media_type="image/svg+xml", write=_badge_svg),
    "badge-png": Format(suffix="png", media_type="image/png", write=_badge_png),
    "elm": Format(suffix="elm.json", media_type="application/ld+json", write=_elm, proved=False, of_modules=False),
}
"""Europass seals what it is given itself, so the European Learning Model leaves us unsigned."""
