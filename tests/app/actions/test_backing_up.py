"""A backup is one whole moment; a restore is the same house on either database, or it is refused whole."""

import gzip
import io
import shutil
import tarfile
import threading
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import inspect, text
from workshop import HOLDER, a_workshop, visit

from app.actions import back_up
from app.actions.back_up import BackupError, NotEmptyError
from app.store import awards, issuers
from app.store.files import Files
from app.store.tables import Row
from app.tools import tools_for


def dumped(tools):
    """Every row as the database itself writes it."""
    found = {}
    with tools.read() as tx:
        for name in Row.metadata.tables:
            columns = ", ".join(f'"{column.name}"' for column in Row.metadata.tables[name].columns)
            found[name] = sorted(map(repr, map(tuple, tx.execute(text(f"SELECT {columns} FROM {name}")))))  # noqa: S608 our own names
    return found


def rows(tools):
    """How many there are, whether the tables are there or not."""
    with tools.read() as tx:
        names = [name for name in inspect(tx).get_table_names() if name != "alembic_version"]
        return sum(tx.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one() for name in names)  # noqa: S608 its own names


def files(tools):
    return {path.name: path.read_bytes() for path in tools.files.every()}


def into(house, folder, url=""):
    folder.mkdir(exist_ok=True)
    return replace(tools_for(replace(house.tools.settings, folder=folder, database_url=url)), now=house.clock)


@pytest.fixture(scope="module")
def issued(tmp_path_factory):
    """A house that nobody changes, and its backup."""
    house = a_workshop(tmp_path_factory.mktemp("issued"), "issued")
    file = tmp_path_factory.mktemp("kept") / "a.backup"
    back_up.back_up(house.tools, file)
    yield house, file
    house.tools.database.close()


@pytest.fixture
def archive(issued, tmp_path):
    """The house, and a copy of its backup to do harm to."""
    house, kept = issued
    return house, Path(shutil.copy(kept, tmp_path))


def test_the_house_comes_back_row_for_row_and_byte_for_byte(archive, tmp_path):
    house, file = archive
    tools = into(house, tmp_path / "b")
    contents = back_up.restore(tools, file)
    assert dumped(tools) == dumped(house.tools)
    assert files(tools) == files(house.tools) != {}
    assert contents.rows == sum(map(len, dumped(tools).values()))
    assert contents.missing == ()
    again = visit(tmp_path / "b")
    assert again.faults() == []
    with again.tools.read() as tx:
        for document in awards.documents(tx, again.given.id):
            assert len(again.tools.files.get(document.sha256)) == document.size
        for path in ("/issuer/exempelnat/did.json", "/issuer/exempelnat/status/revocation/1"):
            with house.tools.read() as old:
                assert issuers.published(tx, path) == issuers.published(old, path)
    tools.database.close()
    again.tools.database.close()


@pytest.mark.slow
def test_the_restored_house_goes_on_working(archive, tmp_path):
    house, file = archive
    tools = into(house, tmp_path / "b")
    back_up.restore(tools, file)
    again = replace(house, tools=tools)
    case = again.open()
    again.judge(case)
    again.decide(case)
    assert again.approve(case)
    assert again.faults() == []
    tools.database.close()


@pytest.mark.slow
def test_it_moves_from_sqlite_to_postgresql_and_back(archive, tmp_path, postgres_server):
    house, file = archive
    url = postgres_server.new_database()
    moved = into(house, tmp_path / "b", url)
    back_up.restore(moved, file)
    assert dumped(moved) == dumped(house.tools)
    assert replace(house, tools=moved).faults() == []
    case = replace(house, tools=moved).open()
    back_up.back_up(moved, tmp_path / "b.backup")
    home = into(house, tmp_path / "c")
    back_up.restore(home, tmp_path / "b.backup")
    assert dumped(home) == dumped(moved)
    assert files(home) == files(house.tools)
    there = replace(house, tools=home)
    assert there.faults() == []
    there.judge(case)
    for tools in (moved, home):
        tools.database.close()
    postgres_server.drop_database(url)


def test_an_archive_is_ones_own_and_holds_no_key(archive):
    house, file = archive
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in file.parent.glob(".*")] == []
    with tarfile.open(file) as opened:
        names = opened.getnames()
        whole = b"".join(opened.extractfile(each).read() for each in names)
    assert names[:2] == ["contents.json", "tables.jsonl"]
    assert b"PRIVATE KEY" not in whole
    seal = (house.tools.settings.folder / "keys" / "exempelnat" / "seal.p12").read_bytes()
    assert seal not in whole


@pytest.mark.slow
def test_a_backup_under_load_is_one_moment(shop_on_both, tmp_path):
    house = shop_on_both("opened")
    case, stop, failed = house.case, threading.Event(), []

    def write():
        try:
            while not stop.is_set():
                house.send(case, house.score(case, "M2.2"))
                house.open(declared=False)
        except Exception as fault:  # noqa: BLE001 told below
            failed.append(fault)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = [back_up.back_up(house.tools, tmp_path / f"{place}.backup") for place in range(4)]
    finally:
        stop.set()
        writer.join()
    assert failed == []
    assert len({each.rows for each in made}) > 1
    for place, contents in enumerate(made):
        tools = into(house, tmp_path / f"r{place}")
        back_up.restore(tools, tmp_path / f"{place}.backup")
        assert sum(map(len, dumped(tools).values())) == contents.rows
        assert replace(house, tools=tools).faults() == []
        tools.database.close()


def test_a_house_with_people_in_it_is_never_overwritten(archive, shop):
    house, file = archive
    other = shop("founded")
    before = dumped(other.tools)
    with pytest.raises(NotEmptyError):
        back_up.restore(other.tools, file)
    with pytest.raises(NotEmptyError):
        back_up.restore(house.tools, file)
    assert dumped(other.tools) == before
    assert files(other.tools) == {}


def rewritten(file, change):
    """The archive with its parts changed by `change(name, data) -> data | None`, and a list that fits or not."""
    out = io.BytesIO()
    with tarfile.open(file) as old, tarfile.open(fileobj=out, mode="w:gz") as new:
        for member in old.getmembers():
            data = change(member.name, old.extractfile(member).read())
            if data is not None:
                about = tarfile.TarInfo(member.name)
                about.size = len(data)
                new.addfile(about, io.BytesIO(data))
    file.write_bytes(out.getvalue())


def flipped(data):
    return data[:-1] + bytes([data[-1] ^ 1])


def listed(name, data, **changes):
    return msgspec.json.encode(msgspec.json.decode(data) | changes) if name == "contents.json" else data


def middle(data):
    return data[: len(data) // 2] + bytes([data[len(data) // 2] ^ 0xFF]) + data[len(data) // 2 + 1 :]


DAMAGE = {
    "nothing": lambda file: file.write_bytes(b""),
    "no archive": lambda file: file.write_bytes(b"something else" * 100),
    "no tar inside": lambda file: file.write_bytes(gzip.compress(b"something else" * 100)),
    "cut in the middle": lambda file: file.write_bytes(file.read_bytes()[: file.stat().st_size // 2]),
    "cut near the end": lambda file: file.write_bytes(file.read_bytes()[:-2000]),
    "a flipped byte": lambda file: file.write_bytes(middle(file.read_bytes())),
    "other rows": lambda file: rewritten(file, lambda name, data: flipped(data) if name == "tables.jsonl" else data),
    "a row less": lambda file: rewritten(
        file, lambda name, data: data.partition(b"\n")[2] if name == "tables.jsonl" else data
    ),
    "another photo": lambda file: rewritten(file, lambda name, data: flipped(data) if name[:6] == "files/" else data),
    "a file less": lambda file: rewritten(file, lambda name, data: None if name[:6] == "files/" else data),
    "no list": lambda file: rewritten(file, lambda name, data: None if name == "contents.json" else data),
    "no tables": lambda file: rewritten(file, lambda name, data: None if name == "tables.jsonl" else data),
    "another format": lambda file: rewritten(file, lambda name, data: listed(name, data, format="intyga-backup-9")),
    "an unknown schema": lambda file: rewritten(file, lambda name, data: listed(name, data, schema="9999")),
    "no schema": lambda file: rewritten(file, lambda name, data: listed(name, data, schema="")),
    "a way out of the folder": lambda file: rewritten(
        file, lambda name, data: listed(name, data, files=["../../../../tmp/evil"])
    ),
}


@pytest.mark.parametrize("what", DAMAGE)
def test_a_damaged_archive_is_refused_whole(archive, what, tmp_path):
    house, file = archive
    DAMAGE[what](file)
    tools = into(house, tmp_path / "b")
    with pytest.raises(BackupError) as refused:
        back_up.restore(tools, file)
    assert refused.value.details["reason"]
    assert files(tools) == {}
    assert rows(tools) == 0
    tools.database.close()


def forged(file, rows):
    """An archive that fits in itself, by somebody who knows how."""
    lines = b"".join(msgspec.json.encode(row) + b"\n" for row in rows)
    out = io.BytesIO()
    with tarfile.open(file) as old:
        contents = msgspec.json.decode(old.extractfile("contents.json").read())
    contents |= {"tables_sha256": back_up.hashlib.sha256(lines).hexdigest(), "files": []}
    with tarfile.open(fileobj=out, mode="w:gz") as new:
        for name, data in (("contents.json", msgspec.json.encode(contents)), ("tables.jsonl", lines)):
            about = tarfile.TarInfo(name)
            about.size = len(data)
            new.addfile(about, io.BytesIO(data))
        link = tarfile.TarInfo("../../escape")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        new.addfile(link)
    file.write_bytes(out.getvalue())


@pytest.mark.slow
@pytest.mark.parametrize("row", [
    ["sqlite_master", {"name": "x"}], ["numbers; DROP TABLE ledger", {"year": "x"}], ["numbers", {'year") --': "x"}],
    ["numbers", {"colour": "blue"}], ["numbers", {"year": "2026"}], ["numbers"], {"numbers": 1}, [1, 2],
    ["published", {"path": "x", "body": {"nothex": "x"}}], ["published", {"path": "x", "body": {"hex": "zz"}}],
    ["sessions", {"secret_sha256": "a", "account": "nobody", "began_at": "x", "seen_at": "x"}],
])  # fmt: skip
def test_rows_of_a_forger_are_refused_whole(archive, row, tmp_path):
    house, file = archive
    forged(file, [["numbers", {"year": "2025", "last": 1}], row])
    tools = into(house, tmp_path / "b")
    with pytest.raises(BackupError):
        back_up.restore(tools, file)
    assert rows(tools) == 0
    assert not list(tmp_path.rglob("escape"))
    tools.database.close()


def test_a_file_that_is_gone_is_named_and_the_rest_is_saved(shop, tmp_path):
    house = shop("issued")
    gone, damaged = sorted(files(house.tools))[:2]
    house.tools.files.erase(gone)
    house.tools.files.path(damaged).write_bytes(b"damaged")
    contents = back_up.back_up(house.tools, tmp_path / "a.backup")
    assert contents.missing == tuple(sorted([gone, damaged]))
    tools = into(house, tmp_path / "b")
    back_up.restore(tools, tmp_path / "a.backup")
    assert set(files(tools)) == set(files(house.tools)) - {damaged}
    tools.database.close()


def test_leftovers_that_no_row_names_are_not_kept_for_ever_in_backups(shop, tmp_path):
    house = shop("issued")
    left = house.tools.files.put(f"half a paper of {HOLDER.name}".encode())
    assert left not in back_up.back_up(house.tools, tmp_path / "a.backup").files


class Unreadable(Files):
    """A disk that gives up in the middle."""

    def get(self, sha256):
        raise OSError(5, "Input/output error", sha256)


def test_a_backup_replaces_the_one_before_only_when_it_is_whole(archive):
    house, file = archive
    before = file.read_bytes()
    with pytest.raises(OSError, match="Input/output"):
        back_up.back_up(replace(house.tools, files=Unreadable(house.tools.files.folder)), file)
    assert file.read_bytes() == before


@pytest.mark.slow
def test_restoring_into_postgresql_leaves_its_planner_informed(archive, tmp_path, postgres_server):
    house, file = archive
    url = postgres_server.new_database()
    tools = into(house, tmp_path / "b", url)
    back_up.restore(tools, file)
    with tools.read() as tx:
        assert tx.execute(text("SELECT reltuples FROM pg_class WHERE relname = 'ledger'")).scalar_one() > 10
    tools.database.close()
    postgres_server.drop_database(url)
