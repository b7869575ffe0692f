"""What tests of every floor may ask for: published standards, real databases, a real browser. Details: `support`."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import hypothesis
import pytest
from playwright.sync_api import Browser, Page
from support import browser as browsers
from support import leftovers, node, postgres, published
from support.published import STANDARDS

# A noisy machine is slow now and then; slowness is judged by the benchmarks, not by chance in a property.
hypothesis.settings.register_profile("intyga", deadline=None, print_blob=True)
hypothesis.settings.load_profile("intyga")


def pytest_configure() -> None:
    node.put_a_fit_node_first()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Iterator[None]:
    """With the published standards at hand nothing may be left out: a skip is a failure."""
    return refuse_skips((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Iterator[None]:
    return refuse_skips((yield))


def refuse_skips(report):
    if STANDARDS and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"INTYGA_STANDARDS is given, so nothing may be left out: {reason}"
    return report


@pytest.fixture(scope="session", autouse=True)
def nothing_left_running() -> Iterator[None]:
    """Every server, browser and child that a test starts, it also ends."""
    mark = leftovers.mark()
    yield
    assert leftovers.left_running(mark) == {}


@pytest.fixture(scope="session")
def standards(tmp_path_factory) -> Callable[[str], Path]:
    """Published files of one kind, as the manifest knows them: `standards("openbadges-3.0")`."""

    @cache
    def folder(name: str) -> Path:
        if not STANDARDS:
            pytest.skip("not run: INTYGA_STANDARDS is not set")
        shown = tmp_path_factory.mktemp("published")
        if faults := published.show(name, Path(STANDARDS), shown):
            pytest.fail("; ".join(faults))
        if not any(shown.iterdir()):
            pytest.fail(f"the manifest knows no {name}")
        return shown

    return folder


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    """A cluster of this test process's own: `new_database(like=None)` and `drop_database(url)`."""
    with postgres.server() as server:
        yield server


@pytest.fixture(scope="module")
def postgres_url(postgres_server: postgres.Server) -> Iterator[str]:
    """One empty PostgreSQL database for all tests of a module."""
    url = postgres_server.new_database()
    yield url
    postgres_server.drop_database(url)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of its own for each test, on both kinds that we run on."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'intyga.sqlite3'}"
        return
    server = request.getfixturevalue("postgres_server")
    url = server.new_database()
    yield url
    server.drop_database(url)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, started once a file: while it lives its event loop runs, and sealing needs one of its own."""
    with browsers.chromium() as started:
        yield started


@pytest.fixture
def page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens pages: `page("phone", script=False, base_url=…)`. A failing script or broken content policy fails."""
    with browsers.pages(browser) as opener:
        yield opener
