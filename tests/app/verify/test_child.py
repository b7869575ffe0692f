"""Hostile files meet a process that may die, and whatever happens to it is an answer."""

import subprocess
import sys
import zlib
from io import BytesIO

import pikepdf
import pytest
from parts import NOW, Authority, a_jwt, a_paper, a_record, codes, common_name, results, sealed, trust
from test_pdf import painted_over, stamped_later

from app.issue.formats import json_bytes
from app.verify import child
from app.verify.trust import Trust

CRASH = """
from app.issue.canon import nquads
proof = {"@id": "urn:intyga:proof", "@container": "@graph"}
nquads({"@context": [{"proof": proof}], "proof": {"@set": ["q"]}}, {})
"""


def examined(data: bytes, given: Trust | None = None):
    return child.examine(data, given or trust(), NOW)


def python(program: str) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=child.HOUSE)


@pytest.mark.parametrize("data", [json_bytes(a_record()), a_jwt()], ids=["record", "jwt"])
def test_the_child_answers_as_if_it_were_no_child(data):
    assert results(examined(data)) == ("yes", "yes", "yes")


def test_a_paper_is_read_behind_the_closed_door():
    authority = Authority(common_name("Somebody's authority"))
    good = sealed(a_paper(json_bytes(a_record())), authority.seal())
    given = trust(roots=(authority.der,))
    assert results(examined(good, given)) == ("yes", "yes", "yes")
    assert examined(painted_over(good), given).unchanged.code == "changed-after"
    assert results(examined(stamped_later(good, authority), given)) == ("yes", "yes", "yes")
    assert examined(good, trust()).who.code == "who-unknown-seal"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b" ", "unknown-kind"),
        (b"PK\x03\x04" + bytes(100), "unknown-kind"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "unreadable"),
        (b"\x00" * 1000, "unknown-kind"),
        (b"%PDF-1.7" + bytes(child.LARGEST), "too-large"),
        (b'{"proof": {"@set": ["q"]}}', "unknown-kind"),
        (json_bytes(a_record() | {"proof": {"@set": ["q"]}}), "unknown-proof"),
        (json_bytes(a_record() | {"evidence": {"@list": ["q"]}}), "unknown-vocabulary"),
        (b'{"a": 1, "a": 2}', "ambiguous"),
        (b'{"type": ["VerifiableCredential"], "n": NaN}', "unreadable"),
        (b'{"a": ' * 100_000, "unreadable"),
        (b"{" + b'"a":1,' * 300_000, "unreadable"),
        (b"a.b.c", "unreadable"),
        (b"%PDF-1.7\n" + b"<<" * 500_000, "unreadable"),
    ],
)
def test_a_hostile_file_gets_a_clear_answer(data, code):
    found = examined(data)
    assert found.unchanged.code == code
    assert set(results(found)) == {"could-not-check"}


def test_the_crash_is_real_and_kills_only_the_child_that_meets_it():
    assert python(CRASH).returncode < 0
    assert examined(json_bytes(a_record() | {"proof": {"@set": ["q"]}})).result == "could-not-check"


def test_a_bomb_inside_a_paper_is_not_unpacked():
    bomb = zlib.compress(bytes(300_000_000), 9)
    with pikepdf.open(BytesIO(a_paper(b"{}"))) as pdf:
        attached = pdf.attachments["credential.json"].obj.EF.F
        attached.write(bomb, filter=pikepdf.Name.FlateDecode)
        out = BytesIO()
        pdf.save(out)
    authority = Authority(common_name("Somebody's authority"))
    found = examined(sealed(out.getvalue(), authority.seal()), trust(roots=(authority.der,)))
    assert found.valid.result == found.result == "could-not-check"


def test_an_answer_that_is_none_is_could_not_check(monkeypatch):
    monkeypatch.setattr(child, "SECONDS", 0)  # only the parent is told; the child is cut short by the wall clock below
    monkeypatch.setattr(child, "WALL_SECONDS", 0.05)
    assert codes(examined(b"{}")) == ("who-unread", "unsafe", "valid-unproved")


@pytest.mark.parametrize(
    "deed",
    [
        "open('/etc/hostname')",
        "open('/tmp/written-by-a-test', 'w')",
        "__import__('socket').socket()",
        "__import__('subprocess').run(['true'])",
    ],
)
def test_behind_the_closed_door_nothing_can_be_opened(deed):
    told = python(f"import socket, subprocess\nfrom app.verify import child\nchild._close_the_door()\n{deed}")
    assert told.returncode == 1
    assert "Too many open files" in told.stderr


def test_the_child_sees_none_of_our_environment(monkeypatch):
    monkeypatch.setenv("INTYGA_PASSPHRASE_FILE", "secret")
    monkeypatch.setattr(sys, "executable", str(child.HOUSE / "no-such-program"))
    with pytest.raises(FileNotFoundError):  # a broken installation is our fault and is not told as the document's
        examined(b"{}")
