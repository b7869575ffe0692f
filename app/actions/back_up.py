"""Back up and restore: a consistent copy of the database and every file it names, in one archive that checks itself.

Keys and secrets are not in it: they are kept apart. A restore goes into an empty folder, is verified before it counts,
and honours the erasure list that lies beside it.
"""

import hashlib
import io
import tarfile
from collections.abc import Iterator
from pathlib import Path

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, select, text

from app.store.database import Database
from app.store.files import Files
from app.store.schema import upgrade
from app.store.tables import Row
from app.tools import Tools
from assessments.problems import ConflictError, InvalidError

TABLES = "tables.jsonl"
LIST = "contents.json"
LARGEST = 2_000_000_000


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
    made_at: str
    rows: int
    tables_sha256: str
    files: tuple[str, ...]


def back_up(tools: Tools, target: Path) -> Contents:
    """Write the archive; files are copied after the database, so that all it names is there."""
    with tools.read() as tx:
        lines = b"".join(_dump(tx))
    stored = sorted(path.name for path in tools.files.folder.glob("??/*") if not path.name.startswith("."))
    contents = Contents(
        format="intyga-backup-1",
        made_at=tools.now().isoformat(),
        rows=lines.count(b"\n"),
        tables_sha256=hashlib.sha256(lines).hexdigest(),
        files=tuple(stored),
    )
    draft = target.with_name(f".{target.name}.part")
    with tarfile.open(draft, "w:gz", compresslevel=6) as archive:
        _put(archive, LIST, msgspec.json.encode(contents))
        _put(archive, TABLES, lines)
        for sha256 in stored:
            _put(archive, f"files/{sha256}", tools.files.get(sha256))
    draft.chmod(0o600)
    draft.replace(target)
    return contents


def restore(tools: Tools, source: Path) -> Contents:
    """Read an archive into an empty database; every hash is checked before the first row is written."""
    contents, lines = _checked(source)
    upgrade(tools.database)
    with tools.begin() as tx:
        if any(tx.execute(select(*table.primary_key).limit(1)).first() for table in Row.metadata.sorted_tables):
            raise NotEmptyError
    _copy_files(source, contents, tools.files)
    with tools.begin() as tx:
        for line in lines.splitlines():
            name, values = msgspec.json.decode(line)
            columns = [column.name for column in Row.metadata.tables[name].columns]
            # Written as the text it was: the column types would want to translate it once more.
            statement = text(
                f'INSERT INTO "{name}" ({", ".join(f"{chr(34)}{each}{chr(34)}" for each in columns)}) '  # noqa: S608 names are our own
                f"VALUES ({', '.join(f':{each}' for each in columns)})"
            )
            tx.execute(statement, {key: _value(values[key]) for key in columns})
    _learn(tools.database)
    return contents


def _dump(tx: Connection) -> Iterator[bytes]:
    for table in Row.metadata.sorted_tables:
        columns = ", ".join(f'"{column.name}"' for column in table.columns)
        for row in tx.execute(text(f'SELECT {columns} FROM "{table.name}"')).mappings():  # noqa: S608 names are our own
            yield msgspec.json.encode([table.name, {key: _plain(value) for key, value in row.items()}]) + b"\n"


def _plain(value: object) -> object:
    return {"hex": value.hex()} if isinstance(value, bytes) else value


def _value(value: object) -> object:
    return bytes.fromhex(value["hex"]) if isinstance(value, dict) else value


def _put(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    about = tarfile.TarInfo(name)
    about.size, about.mode = len(data), 0o600
    archive.addfile(about, io.BytesIO(data))


def _checked(source: Path) -> tuple[Contents, bytes]:
    try:
        with tarfile.open(source, "r:gz") as archive:
            contents = msgspec.json.decode(_get(archive, LIST), type=Contents)
            lines = _get(archive, TABLES)
    except (OSError, tarfile.TarError, EOFError, msgspec.DecodeError, KeyError) as fault:
        raise BackupError(reason=type(fault).__name__) from fault
    if contents.format != "intyga-backup-1" or hashlib.sha256(lines).hexdigest() != contents.tables_sha256:
        raise BackupError(reason="tables")
    return contents, lines


def _get(archive: tarfile.TarFile, name: str) -> bytes:
    member = archive.getmember(name)
    if not member.isfile() or member.size > LARGEST:
        raise BackupError(reason=name)
    file = archive.extractfile(member)
    return file.read() if file else b""


def _copy_files(source: Path, contents: Contents, files: Files) -> None:
    with tarfile.open(source, "r:gz") as archive:
        for sha256 in contents.files:
            if files.put(_get(archive, f"files/{sha256}")) != sha256:
                raise BackupError(reason=sha256)


def _learn(database: Database) -> None:
    if not database.sqlite:
        with database.begin() as tx:
            tx.execute(text("ANALYZE"))
