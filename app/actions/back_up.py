"""Back up and restore: a consistent copy of the database and every file it names, in one archive that checks itself.

Keys and secrets are not in it: they are kept apart. A restore goes into an empty database, is checked whole before
anything is written, and honours the erasure list that lies beside it.
"""

import hashlib
import io
import os
import re
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from app.store import erasure
from app.store.schema import SchemaError, learn, revision, upgrade
from app.store.tables import Row
from app.tools import Tools
from assessments.problems import ConflictError, InvalidError

TABLES = "tables.jsonl"
LIST = "contents.json"
LARGEST = 2_000_000_000
NAME = re.compile(r"[a-z][a-z0-9_]{0,60}")


class Hex(Struct, frozen=True, forbid_unknown_fields=True):
    """Bytes in a row."""

    hex: Annotated[str, Meta(pattern=r"^([0-9a-f]{2})*\Z")]


Values = dict[str, str | int | Hex | None]


class BackupError(InvalidError):
    """The archive is not a whole backup; `reason` says why."""

    code = "backup"
    sv = "Filen är ingen hel säkerhetskopia från Intyga."
    en = "The file is not a whole Intyga backup."


class NotEmptyError(ConflictError):
    """A restore never overwrites what is there."""

    code = "not-empty"
    sv = "Databasen är inte tom. Återställ till en ny mapp."
    en = "The database is not empty. Restore into a new folder."


class Contents(Struct, frozen=True, kw_only=True):
    """What an archive holds, with the hash of each part."""

    format: str
    schema: str
    """The revision of the database that the rows come from."""
    made_at: str
    rows: int
    tables_sha256: str
    files: tuple[str, ...]
    missing: tuple[str, ...] = ()
    """Files that rows name but that were gone or damaged when the archive was made."""


def back_up(tools: Tools, target: Path) -> Contents:
    """Write the archive; what the database names at one moment, and the files after it, since they never change."""
    with tools.read() as tx:
        lines, schema, named = b"".join(_dump(tx)), revision(tx), sorted(erasure.named_files(tx))
    whole = [sha256 for sha256 in named if tools.files.whole(sha256)]
    contents = Contents(
        format="intyga-backup-1",
        schema=schema or "",
        made_at=tools.now().isoformat(),
        rows=lines.count(b"\n"),
        tables_sha256=hashlib.sha256(lines).hexdigest(),
        files=tuple(whole),
        missing=tuple(sorted(set(named) - set(whole))),
    )
    draft = target.with_name(f".{target.name}.part")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as out:
        with tarfile.open(fileobj=out, mode="w:gz", compresslevel=6) as archive:
            _put(archive, LIST, msgspec.json.encode(contents))
            _put(archive, TABLES, lines)
            for sha256 in whole:
                _put(archive, f"files/{sha256}", tools.files.get(sha256))
        out.flush()
        os.fsync(out.fileno())
    draft.replace(target)
    return contents


def restore(tools: Tools, source: Path) -> Contents:
    """Read an archive into an empty database; every hash is checked before the first byte is written.

    The rows go into the schema they come from, which is then brought up to today's.
    """
    contents, lines = _checked(source)
    rows = [_row(line) for line in lines.splitlines()]
    try:
        upgrade(tools.database, contents.schema)
    except SchemaError as fault:
        raise BackupError(reason=str(fault)) from fault
    with tools.begin() as tx:
        _require_empty(tx)
    with tarfile.open(source, "r:gz") as archive:
        for sha256 in contents.files:
            tools.files.put(_get(archive, f"files/{sha256}"))
    try:
        with tools.begin() as tx:
            for name, values in rows:
                _insert(tx, name, values)
    except SQLAlchemyError as fault:
        raise BackupError(reason=type(fault).__name__) from fault
    upgrade(tools.database)
    learn(tools.database)
    return contents


def _dump(tx: Connection) -> Iterator[bytes]:
    for table in Row.metadata.sorted_tables:
        columns = ", ".join(f'"{column.name}"' for column in table.columns)
        for row in tx.execute(text(f'SELECT {columns} FROM "{table.name}"')).mappings():  # noqa: S608 names are our own
            plain = {str(key): _plain(value) for key, value in row.items()}
            yield msgspec.json.encode([str(table.name), plain]) + b"\n"


def _plain(value: object) -> object:
    return Hex(value.hex()) if isinstance(value, bytes) else value


def _row(line: bytes) -> tuple[str, Values]:
    try:
        name, values = msgspec.json.decode(line, type=tuple[str, Values])
    except (msgspec.DecodeError, UnicodeDecodeError) as fault:
        raise BackupError(reason=TABLES) from fault
    if name not in Row.metadata.tables or not all(NAME.fullmatch(each) for each in values):
        raise BackupError(reason=name)
    return name, values


def _insert(tx: Connection, name: str, values: Values) -> None:
    columns = ", ".join(f'"{each}"' for each in values)
    marks = ", ".join(f":{each}" for each in values)
    # Written as the text it was: the column types would want to translate it once more.
    statement = text(f'INSERT INTO "{name}" ({columns}) VALUES ({marks})')  # noqa: S608 names were checked
    tx.execute(statement, {key: _value(value) for key, value in values.items()})


def _value(value: object) -> object:
    return bytes.fromhex(value.hex) if isinstance(value, Hex) else value


def _require_empty(tx: Connection) -> None:
    for name in inspect(tx).get_table_names():
        if name != "alembic_version" and tx.execute(text(f'SELECT 1 FROM "{name}" LIMIT 1')).first():  # noqa: S608 the database's own names
            raise NotEmptyError


def _put(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    about = tarfile.TarInfo(name)
    about.size, about.mode = len(data), 0o600
    archive.addfile(about, io.BytesIO(data))


def _checked(source: Path) -> tuple[Contents, bytes]:
    try:
        with tarfile.open(source, "r:gz") as archive:
            contents = msgspec.json.decode(_get(archive, LIST), type=Contents)
            lines = _get(archive, TABLES)
            if contents.format != "intyga-backup-1" or hashlib.sha256(lines).hexdigest() != contents.tables_sha256:
                raise BackupError(reason=TABLES)
            for sha256 in contents.files:
                if hashlib.sha256(_get(archive, f"files/{sha256}")).hexdigest() != sha256:
                    raise BackupError(reason=sha256)
    except (OSError, tarfile.TarError, EOFError, zlib.error, msgspec.DecodeError, UnicodeError, KeyError) as fault:
        raise BackupError(reason=type(fault).__name__) from fault
    return contents, lines


def _get(archive: tarfile.TarFile, name: str) -> bytes:
    member = archive.getmember(name)
    file = archive.extractfile(member) if member.isfile() and member.size <= LARGEST else None
    if file is None:
        raise BackupError(reason=name)
    return file.read()
