"""What is asked of a workbook before a spreadsheet library may open it: small, plain, and nothing that acts by itself.

The library trusts sizes, takes what it is given and keeps all of it in memory; so the archive is unpacked here first,
with real bytes counted, and every part is looked at for what a standard has no use for.
"""

import io
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from typing import NoReturn

from msgspec import Struct

from criteria.findings import FaultyStandardError, finding

SIZE = 20_000_000
UNPACKED = 50_000_000
ENTRIES = 200
ROWS = 10_000
"""Of one sheet."""
ALL_ROWS = 60_000
CELLS = 200_000
SHEETS = 60
_PIECE = 1_000_000
_MARKS = {"worksheets/": 1_500_000, "sharedStrings": 800_000, "": 60_000}
"""Tags in a kind of part: each becomes a thing in the library's memory."""
_STYLES = 3_000_000
_OTHERS = {
    b"\xd0\xcf\x11\xe0": ".xls, or a password",
    b"%PDF": "PDF",
    b"{": "JSON",
    b"<": "XML",
}
_ACTING = re.compile(
    r"vbaProject|macrosheets|externalLinks?/|embeddings/|activeX|ctrlProps|connections\.xml|queryTables/|dialogsheets"
    r"|webextensions|\.(exe|dll|js|vbs|ps1|hta)$",
    re.IGNORECASE,
)
_LINK = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\b[^>]*\bref\s*=\s*[\"']([A-Z]{1,3}[0-9]{1,7})")
_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*?\br\s*=\s*[\"']([0-9]{1,9})[\"']")
_VALUE = re.compile(rb"<(?:\w+:)?(v|t)[ >]")
_CELL = re.compile(rb"<(?:\w+:)?c[ >/]")
_FAR = re.compile(rb"<(?:\w+:)?c\b[^>]*?\br\s*=\s*[\"'](?:G[S-Z]|[H-Z][A-Z]|[A-Z]{3})[0-9]+[\"'][^/>]*>")
"""A cell with content beyond the two-hundredth column, which is GR."""
_DOCTYPE = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)


class Looked(Struct, frozen=True, kw_only=True):
    """What was seen on the way in that the library would not tell: merged cells, by part of the archive."""

    merged: dict[str, str]
    beyond: frozenset[str]
    """Sheets with content further down or to the right than any standard reaches."""


def look(data: bytes) -> Looked:
    """Refuses what must not be opened, with `FaultyStandardError`; never raises anything else."""
    if len(data) > SIZE:
        _refuse("workbook-large", what=f"{len(data)} byte", most=SIZE)
    if not data.startswith(b"PK\x03\x04"):
        guess = next((said for mark, said in _OTHERS.items() if data.lstrip()[:4].startswith(mark)), "?")
        _refuse("workbook-kind", guess=guess)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _parts(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError, ValueError) as fault:
        raise FaultyStandardError([finding("workbook-broken", (0, 0), (), part=str(fault))]) from fault


def _parts(archive: zipfile.ZipFile) -> Looked:
    infos = archive.infolist()
    _names(infos)
    total, cells, rows = 0, 0, 0
    marks = dict.fromkeys(_MARKS, 0)
    merged: dict[str, str] = {}
    beyond = set()
    for info in infos:
        part = bytearray()
        for piece in _pieces(archive, info):
            total += len(piece)
            if total > UNPACKED:
                _refuse("workbook-large", what="unpacked", most=UNPACKED)
            part += piece
        _plain(info.filename, bytes(part))
        kind = next(each for each in _MARKS if each in info.filename)
        marks[kind] = part.count(b"<") + (marks[kind] if kind else 0)
        if marks[kind] > _MARKS[kind] and info.filename.endswith((".xml", ".rels", ".vml")):
            _refuse("workbook-large", what=f"{info.filename} (tags)", most=_MARKS[kind])
        if "worksheets/" in info.filename:
            cells += sum(1 for _ in _CELL.finditer(part))
            rows += sum(1 for _ in _ROW.finditer(part))
            if cells > CELLS:
                _refuse("workbook-large", what="cells", most=CELLS)
            if rows > ALL_ROWS:
                _refuse("workbook-large", what="rows", most=ALL_ROWS)
            if first := _MERGED.search(part):
                merged[info.filename] = first[1].decode()
            if _FAR.search(part) or _further_down(bytes(part)):
                beyond.add(info.filename)
    return Looked(merged=merged, beyond=frozenset(beyond))


def _names(infos: list[zipfile.ZipInfo]) -> None:
    if len(infos) > ENTRIES:
        _refuse("workbook-large", what=f"{len(infos)} parts", most=ENTRIES)
    seen = set()
    for info in infos:
        name = info.filename.replace("\\", "/")
        if name.lower() in seen:
            _refuse("workbook-broken", part=f"{name} twice")
        seen.add(name.lower())
        if stat.S_ISLNK(info.external_attr >> 16):
            _refuse("workbook-part", part=f"a link ({name})")
        if info.flag_bits & 1:
            _refuse("workbook-kind", guess="password")
        if name.startswith("/") or ".." in name.split("/"):
            _refuse("workbook-part", part=name)
        if _ACTING.search(name) or (name.endswith(".bin") and "printerSettings" not in name):
            _refuse("workbook-part", part=name)
        if info.file_size > UNPACKED:
            _refuse("workbook-large", what=name, most=UNPACKED)
    if "xl/workbook.xml" not in seen or "[content_types].xml" not in seen:
        _refuse("workbook-kind", guess="OpenDocument" if "mimetype" in seen else "zip")


def _pieces(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(info) as part:
        while piece := part.read(_PIECE):
            yield piece


def _plain(name: str, part: bytes) -> None:
    """No document type, no other encoding to hide one in, no way out of the file except links that a person clicks."""
    if not name.endswith((".xml", ".rels", ".vml")):
        return
    if part[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in part[:200]:
        _refuse("workbook-part", part=f"{name} (UTF-16)")
    if _DOCTYPE.search(part):
        _refuse("workbook-part", part=f"DOCTYPE ({name})")
    if name.endswith("styles.xml") and len(part) > _STYLES:
        _refuse("workbook-large", what=name, most=_STYLES)
    if name.endswith(".rels"):
        for link in _LINK.findall(part):
            if re.search(rb"TargetMode\s*=\s*[\"']External", link) and b"/hyperlink" not in link:
                _refuse("workbook-part", part=f"an external link ({name})")
    if name.lower().endswith("[content_types].xml") and b"macroEnabled" in part:
        _refuse("workbook-part", part="macros")
    if name.endswith("workbook.xml") and len(re.findall(rb"<(?:\w+:)?sheet\b", part)) > SHEETS:
        _refuse("workbook-large", what="sheets", most=SHEETS)


def _further_down(part: bytes) -> bool:
    """Whether a row below the last one that is read says something; programs like to leave empty ones there."""
    for row in _ROW.finditer(part):
        end = part.find(b"</", row.end())
        if int(row[1]) > ROWS and end > 0 and _VALUE.search(part, row.end(), end):
            return True
    return False


def _refuse(code: str, **values: object) -> NoReturn:
    raise FaultyStandardError([finding(code, (0, 0), (), **values)])
