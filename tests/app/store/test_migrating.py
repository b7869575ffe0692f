"""A database of an earlier version is brought to today's schema with everything it holds."""

import sqlite3

from alembic import command

from app.store.database import Database
from app.store.schema import _config, require_current, upgrade


def test_papers_and_keys_of_the_first_schema_keep_their_meaning(tmp_path):
    file = tmp_path / "old.sqlite"
    database = Database(f"sqlite:///{file}")
    with database.begin() as tx:
        command.upgrade(_config(tx), "0001")
    database.close()
    with sqlite3.connect(file) as old:  # without its keeper of foreign keys: only these rows matter
        made = "2026-11-20T10:00:00.000000+00:00"
        for table, key in (("awards", "a"), ("organisations", "o")):
            columns = [each[1] for each in old.execute(f"PRAGMA table_info({table})") if each[3]]
            values = [key if name == "id" else "x" if name != "protected" else 0 for name in columns]
            marks = ", ".join("?" * len(columns))
            old.execute(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", values)  # noqa: S608 our own names
        for form, key in (("pdf", "p"), ("open-badge", "o")):
            row = (key, "a", form, "", "0" * 64, "application/pdf", 1, "k", made)
            old.execute("INSERT INTO documents VALUES (?,?,?,?,?,?,?,?,?)", row)
        for key, development in (("d", 1), ("r", 0)):
            columns = "id, provider, purpose, place, public, development, made_at"
            values = (key, "o", "seal", 1 + development, "x", development, made)
            old.execute(f"INSERT INTO keys ({columns}) VALUES (?,?,?,?,?,?,?)", values)  # noqa: S608 same
    old.close()
    again = Database(f"sqlite:///{file}")
    upgrade(again)
    require_current(again)
    with again.read() as tx:
        papers = tx.exec_driver_sql("SELECT id, revision, level FROM documents ORDER BY id").all()
        keys = tx.exec_driver_sql("SELECT id, level, starts_at = made_at, distrusted_from FROM keys ORDER BY id").all()
    again.close()
    assert papers == [("o", 0, ""), ("p", 0, "B")]
    assert keys == [("d", "development", 1, None), ("r", "advanced", 1, None)]
