"""The instruments are tested before they judge anything: each must see the fault it is there for."""

import os
import subprocess
import sys

import pytest
import sqlalchemy
from support import leftovers
from support.browser import axe, reflow, unreachable

GOOD = """<!doctype html><html lang="sv"><title>Bra</title><main><h1>Skarvning</h1>
<p><a href="#a">Läs mer</a> <button>Spara</button></p>
<form><label><input type="radio" name="s" value="1"> Ja</label>
<label><input type="radio" name="s" value="2"> Nej</label></form>
<div style="overflow-x: auto" tabindex="0" role="region" aria-label="Mätvärden">
<table><tr><td style="min-width: 900px">0,05 dB</td></tr></table></div>
</main>"""


def test_a_process_that_outlives_its_test_is_found_and_named():
    mark = os.environ[leftovers.MARK]
    child = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE)
    try:
        assert "sys.stdin.read()" in leftovers.left_running(mark, patience=0)[child.pid]
    finally:
        child.communicate()
    assert child.pid not in leftovers.running(mark)


def test_each_test_gets_a_database_of_its_own(database_url):
    engine = sqlalchemy.create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(sqlalchemy.text("create table splice (loss integer)"))
    engine.dispose()


@pytest.mark.slow
def test_postgresql_is_durable_unprivileged_and_copied_from_a_template(postgres_server, postgres_url):
    engine = sqlalchemy.create_engine(postgres_url)
    with engine.begin() as connection:
        assert connection.scalar(sqlalchemy.text("show fsync")) == "on"
        assert connection.scalar(sqlalchemy.text("show listen_addresses")) == ""
        connection.execute(sqlalchemy.text("create table splice (loss integer)"))
    engine.dispose()
    copy = postgres_server.new_database(like=postgres_url)
    engine = sqlalchemy.create_engine(copy)
    with engine.begin() as connection:
        assert connection.scalar(sqlalchemy.text("select count(*) from splice")) == 0
    postgres_server.drop_database(copy)  # although the pool still holds its connection
    engine.dispose()


@pytest.mark.slow
@pytest.mark.parametrize("viewport", ["tablet", "phone", "narrow"])
def test_a_good_page_passes_every_instrument(page, viewport):
    shown = page(viewport)
    shown.set_content(GOOD)
    assert axe(shown) == []
    assert reflow(shown) == []
    assert unreachable(shown) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("<div style='width: 500px'>Skarvförlust</div>", "reaches"),
        (
            "<p style='width: 40px; overflow: hidden; white-space: nowrap'>Skarvförlust i decibel</p>",
            "cut off at the side",
        ),
        ("<p style='height: 10px; overflow: hidden'>Skarvförlust<br>i decibel</p>", "cut off below"),
    ],
)
def test_reflow_sees_what_a_person_cannot_read(page, fault, said):
    shown = page("narrow")
    shown.set_content(GOOD.replace("</main>", fault + "</main>"))
    assert any(said in each for each in reflow(shown))


@pytest.mark.slow
def test_axe_and_the_keyboard_see_what_shuts_people_out(page):
    shown = page("phone")
    shown.set_content(
        "<!doctype html><html lang='sv'><title>x</title><style>button{outline:0}</style><main><h1>x</h1>"
        "<input><p style='color:#ccc'>svagt</p><button>Spara</button>"
        "<a href='#b' onfocus='this.blur()'>Hit</a></main>"
    )
    said = " ".join(axe(shown))
    assert "label:" in said
    assert "color-contrast:" in said
    assert any("focus is not shown" in each for each in unreachable(shown))


@pytest.mark.slow
def test_a_page_without_script_still_opens_and_reflows(page):
    shown = page("narrow", script=False)
    shown.set_content(GOOD + "<noscript><p>Utan skript</p></noscript><script>document.title = 'med'</script>")
    assert shown.title() == "Bra"
    assert reflow(shown) == []
