"""A workshop for every test below: `shop("issued")` gives a provider at that stage, in a folder of its own."""

import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from workshop import Workshop, a_workshop, a_workshop_on, visit

from app.store.database import Database
from app.store.schema import upgrade


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Callable[..., Workshop]]:
    """On SQLite, copied: cheap."""
    opened: list[Workshop] = []

    def enter(stage: str = "founded", **settings) -> Workshop:
        opened.append(a_workshop(tmp_path / f"var{len(opened)}", stage, **settings))
        return opened[-1]

    yield enter
    for each in opened:
        each.tools.database.close()


@pytest.fixture(scope="session")
def made_on_postgres(postgres_server, tmp_path_factory) -> Callable[[str], tuple[str, Path]]:
    """Each stage once on PostgreSQL, with the folder of its files, for tests to copy."""

    @cache
    def made(stage: str) -> tuple[str, Path]:
        url, folder = postgres_server.new_database(), tmp_path_factory.mktemp(stage)
        if stage == "empty":
            database = Database(url)
            upgrade(database)
            database.close()
        else:
            a_workshop_on(url, folder, stage).tools.database.close()
        return url, folder

    return made


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def shop_on_both(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[..., Workshop]]:
    """On SQLite and on PostgreSQL."""
    opened: list[Workshop] = []
    urls: list[str] = []

    def enter(stage: str = "founded") -> Workshop:
        folder = tmp_path / f"var{len(opened)}"
        if request.param == "sqlite":
            opened.append(a_workshop(folder, stage))
        else:
            url, files = request.getfixturevalue("made_on_postgres")(stage)
            shutil.copytree(files, folder)
            urls.append(request.getfixturevalue("postgres_server").new_database(like=url))
            opened.append(visit(folder, database_url=urls[-1]))
        return opened[-1]

    yield enter
    for each in opened:
        each.tools.database.close()
    for url in urls:
        request.getfixturevalue("postgres_server").drop_database(url)


@pytest.fixture(scope="session")
def made_on_sqlite(tmp_path_factory) -> Path:
    """Today's schema once, for tests to copy."""
    file = tmp_path_factory.mktemp("empty") / "a.sqlite"
    database = Database(f"sqlite:///{file}")
    upgrade(database)
    database.close()
    return file


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Today's schema with nothing in it."""
    server = None
    if request.param == "sqlite":
        made = Database(f"sqlite:///{shutil.copy(request.getfixturevalue('made_on_sqlite'), tmp_path / 'a.sqlite')}")
    else:
        server = request.getfixturevalue("postgres_server")
        made = Database(server.new_database(like=request.getfixturevalue("made_on_postgres")("empty")[0]))
    yield made
    made.close()
    if server:
        server.drop_database(made.engine.url.render_as_string(hide_password=False))
