"""Opens the database and says what a transaction is, so that SQLite and PostgreSQL keep the same promises."""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.pool import ConnectionPoolEntry

BUSY = 10_000  # milliseconds a writer waits for another process before it gives up
PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    f"busy_timeout = {BUSY}",
    "secure_delete = ON",  # what is erased is overwritten, not only forgotten
    "recursive_triggers = ON",  # else INSERT OR REPLACE walks around the ledger's guard
)
SNAPSHOT: dict[str, Any] = {"postgresql_readonly": True, "isolation_level": "REPEATABLE READ"}
"""Both databases show one moment to a reader; PostgreSQL has to be asked."""


class Database:
    """One database: `begin()` writes, `read()` reads; neither is left open while anything renders or signs."""

    def __init__(self, url: str) -> None:
        self.sqlite = make_url(url).get_backend_name() == "sqlite"
        self.engine = _sqlite(url) if self.sqlite else create_engine(_psycopg(url), pool_pre_ping=True)
        # SQLite lets writers poll; a lock makes those of one process queue fairly (measured: half the tail).
        self._turn = threading.Lock()

    def begin(self) -> AbstractContextManager[Connection]:
        """A write transaction: commits at the end, rolls back on any error."""
        return self._write() if self.sqlite else self.engine.begin()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A consistent look that writes nothing."""
        options = {} if self.sqlite else SNAPSHOT
        with self.engine.connect() as connection:
            yield connection.execution_options(**options)

    def close(self) -> None:
        """Give back all connections."""
        self.engine.dispose()

    def shred(self) -> None:
        """Make sure that the files of the database hold no old versions of what was overwritten."""
        if self.sqlite:
            with self._turn, closing(self.engine.raw_connection()) as raw:
                raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("VACUUM")

    @contextmanager
    def _write(self) -> Iterator[Connection]:
        with (
            self._turn,
            self.engine.connect().execution_options(intyga_write=True) as connection,
            connection.begin(),
        ):
            yield connection


def _psycopg(url: str) -> str:
    return make_url(url).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


def _sqlite(url: str) -> Engine:
    engine = create_engine(url, connect_args={"timeout": BUSY / 1000})

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _entry: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # the driver's own BEGIN comes too late to be trusted
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        write = connection.get_execution_options().get("intyga_write")
        connection.exec_driver_sql(f"PRAGMA query_only = {'OFF' if write else 'ON'}")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine
