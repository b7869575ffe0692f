"""A real PostgreSQL of our own: started as an ordinary user, reachable by one socket only, gone when the tests are."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

PATIENCE = 60
NUMBERS = count(1)


@dataclass(frozen=True)
class Server:
    """Where the server listens, and how a test gets a database that nobody else touches."""

    socket: Path

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://postgres@/{database}?host={self.socket}"

    @property
    def pid(self) -> int:
        """The process that all others of the server come from."""
        return int((self.socket / "data" / "postmaster.pid").read_text().split()[0])

    def connect(self) -> psycopg.Connection:
        return psycopg.connect(host=str(self.socket), user="postgres", dbname="postgres", autocommit=True)

    def new_database(self, like: str | None = None) -> str:
        """An empty database, or a copy of the one that the URL `like` names; nobody may be connected to that one."""
        name = f"test_{next(NUMBERS)}"
        template = name_in(like) if like else "template0"
        with self.connect() as connection:
            make = sql.SQL("create database {} template {}")
            connection.execute(make.format(sql.Identifier(name), sql.Identifier(template)))
        return self.url(name)

    def drop_database(self, url: str) -> None:
        """Also when a pool still holds a connection to it."""
        with self.connect() as connection:
            connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name_in(url))))


def name_in(url: str) -> str:
    return url.split("@/")[1].partition("?")[0]


def programs() -> Path:
    """The newest server programs; Debian keeps each version in a folder of its own, outside PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    elsewhere = shutil.which("initdb")
    if not found and not elsewhere:
        pytest.fail("PostgreSQL's server programs are missing: run make setup-tests")
    return (found[-1] if found else Path(str(elsewhere))).parent


def ordinary_user() -> pwd.struct_passwd | None:
    """PostgreSQL refuses root; None when we are an ordinary user already."""
    if os.getuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    pytest.fail("PostgreSQL refuses to run as root, and this machine has neither the user postgres nor nobody")


def command(user: pwd.struct_passwd | None, *words: str | Path) -> list[str]:
    """As that user; and told to stop by the system if we die without stopping it."""
    become = [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"] if user else []
    return ["setpriv", "--pdeathsig", "INT", *become, "--", *map(str, words)]


@contextmanager
def server() -> Iterator[Server]:
    """One cluster with its data and its socket in one short-named folder; durable writes stay on, as in real use."""
    binaries, user = programs(), ordinary_user()
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))  # a socket's path holds 107 characters at most
    process = None
    try:
        if user:
            os.chown(folder, user.pw_uid, user.pw_gid)
        initdb = command(user, binaries / "initdb", "--pgdata", folder / "data", "--username=postgres", "--auth=trust")
        settings = ["--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
        subprocess.run([*initdb, *settings], check=True, capture_output=True, cwd="/")
        listen = ["-D", folder / "data", "-k", folder, "-c", "listen_addresses=", "-c", "fsync=on"]
        with (folder / "log").open("wb") as log:
            start = command(user, binaries / "postgres", *listen)
            process = subprocess.Popen(start, stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd="/")
        found = Server(folder)
        wait_until_answering(found, process, folder / "log")
        yield found
    finally:
        if process:
            stop(process)
        shutil.rmtree(folder)


def wait_until_answering(found: Server, process: subprocess.Popen, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            found.connect().close()
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"PostgreSQL did not start:\n{log.read_text()}")
            time.sleep(0.05)
        else:
            return


def stop(process: subprocess.Popen) -> None:
    """Its fast shutdown: sessions are cut, data is written; by force only if it does not obey."""
    process.send_signal(signal.SIGINT)
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
