"""The preview shows the file with its findings beside the checklist that assessors see, and follows each save."""

import os
import subprocess
import sys
import urllib.request
from html import unescape
from pathlib import Path

import pytest

from app.cli.preview_doors import create_preview
from criteria import reader
from criteria.reader import library, shipped

SOUND = Path(reader.__file__).with_name("new.yaml").read_text().replace("STANDARD", "min-standard")
MODULE = "/arenden/forhandsvisning/modul/M1"


@pytest.fixture
def shown(tmp_path):
    file = tmp_path / "a.yaml"
    file.write_text(SOUND)
    return file, create_preview(file, shipped).test_client()


def save(file, text):
    file.write_text(text)
    os.utime(file, ns=(1, file.stat().st_mtime_ns + 1_000_000))


def test_a_sound_file_stands_beside_its_checklist(shown):
    _, browser = shown
    page = browser.get("/")
    assert "Inga anmärkningar." in page.text
    assert f'src="{MODULE}"' in page.text
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    lists = unescape(browser.get(MODULE).text)
    assert "Mäter och håller gränsen." in lists
    assert 'id="M1.1"' in lists
    assert "gräns" in lists


def test_a_save_is_seen_and_a_finding_stands_on_its_line(shown):
    file, browser = shown
    browser.get("/")
    before = browser.get("/stamp").json
    save(file, SOUND.replace("status: draft", "statsu: <b>draft", 1))
    assert browser.get("/stamp").json != before
    page = browser.get("/").text
    line = next(n for n, each in enumerate(SOUND.splitlines(), 1) if each.startswith("status:"))
    part = page[page.index(f'id="rad-{line}"') : page.index(f'id="rad-{line + 1}"')]
    assert "Menade du status?" in part
    assert "&lt;b&gt;draft" in part
    assert "den senaste som gick" in page
    assert "Mäter och håller gränsen." in browser.get(MODULE).text
    save(file, SOUND.replace("Mäter och håller", "Tar måttet och håller"))
    assert "Tar måttet och håller" in browser.get(MODULE).text


def test_a_file_that_never_could_be_read_has_findings_and_no_checklist(tmp_path):
    file = tmp_path / "a.yaml"
    file.write_bytes(b"\xff\xfe hello")
    browser = create_preview(file, shipped).test_client()
    assert "UTF-16" in browser.get("/").text
    assert "Ingen checklista" in browser.get(MODULE).text
    file.unlink()
    assert browser.get("/stamp").json == {"stamp": "away"}
    assert browser.get("/").status_code == 200


def test_it_speaks_english_keeps_nothing_and_answers_this_machine_only(shown):
    _, browser = shown
    browser.get("/sprak/en")
    assert "No findings." in browser.get("/").text
    assert browser.post(MODULE).status_code in (303, 400)
    assert browser.get("/", headers={"Host": "evil.example"}).status_code == 400


@pytest.mark.parametrize("each", library(), ids=lambda each: each.standard)
def test_every_shipped_standard_can_be_previewed(each):
    browser = create_preview(each.file, shipped).test_client()
    edition = shipped(each.standard, each.edition)
    assert browser.get("/").status_code == 200
    module = edition.modules[-1]
    page = browser.get(f"/arenden/forhandsvisning/modul/{module.id}").text
    assert all(f'id="{criterion.id}"' in page for criterion in module.criteria)


def test_the_command_says_where_and_serves_there(tmp_path):
    (tmp_path / "a.yaml").write_text(SOUND)
    command = [sys.executable, "-u", "-m", "app.cli", "criteria", "preview", tmp_path / "a.yaml", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[3]) as running:
        try:
            address = running.stdout.readline().split()[0]
            assert address.startswith("http://127.0.0.1:")
            with urllib.request.urlopen(address, timeout=30) as answer:  # noqa: S310 the address was just looked at
                assert "min-standard" in answer.read().decode()
        finally:
            running.terminate()
