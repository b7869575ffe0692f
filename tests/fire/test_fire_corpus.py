"""Hostile input against the real readers: refused with a code, within 2 s and 256 MB, and nothing is written."""

import json
import os
import random
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from faulty import SOUND
from fire import budget, corpus
from fire.budget import Outcome
from fire.corpus import Hostile
from parts import Authority, a_jwt, a_paper, a_record, common_name, results, sealed, trust, verify
from workshop import a_photo, a_workshop

from app.actions import record
from app.actions.sealed import SealedFileError, open_sealed
from app.exports import export_case, import_case
from app.issue.formats import json_bytes
from assessments.problems import InvalidError

SECONDS, MEGABYTES = 2, 256
FEW = 300
MUTATIONS = int(os.environ.get("MUTATIONS", str(FEW)))
"""How many mutations of good inputs are tried, over all readers; `make torture` asks for 10,000."""
RECORD = json_bytes(a_record())


def rows(folder: Path) -> dict[str, int]:
    """How much lies in the database and beside it."""
    with closing(sqlite3.connect(folder / "intyga.sqlite")) as raw:
        names = [name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = {name: raw.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}  # noqa: S608 our own names
    return found | {
        "files": sum(1 for each in folder.rglob("*") if each.is_file() and "intyga.sqlite" not in each.name)
    }


def wrong(given: Hostile, got: Outcome) -> str:
    """What is wrong with an answer; empty when nothing is."""
    said = set(got.code.split(","))
    if got.code.startswith(("crash", "killed", "not-clean", "refused-without")):
        return f"{given.name}: {got.code}"
    if got.seconds > SECONDS or got.megabytes > MEGABYTES:
        return f"{given.name}: {got.seconds} s, {got.megabytes} MB"
    if given.refusal == ("any",):
        return f"{given.name}: taken" if "taken" in said else ""
    if given.refusal == ("refused",):
        return f"{given.name}: {got.code}" if got.code.startswith(("unchanged", "taken")) else ""
    return "" if said & set(given.refusal) else f"{given.name}: {got.code}"


def faults(reader: str, inputs: list[Hostile], folder: Path) -> list[str]:
    found = budget.run(reader, [each.data for each in inputs], folder)
    assert len(found) == len(inputs)
    return [fault for given, got in zip(inputs, found, strict=True) if (fault := wrong(given, got))]


def a_case(tmp_path: Path) -> bytes:
    shop = a_workshop(tmp_path / "from", "decided")
    written = export_case(shop.tools, shop.case)
    shop.tools.database.close()
    return written


def an_event(folder: Path) -> dict:
    shop = a_workshop(folder, "opened")
    (event,) = record.plain([shop.score(shop.case, "M2.1")])
    shop.tools.database.close()
    return event


def papers() -> tuple[bytes, bytes, bytes]:
    authority = Authority(common_name("Somebody's authority"))
    return RECORD, a_jwt(), sealed(a_paper(RECORD), authority.seal())


def test_hostile_standards_are_refused(tmp_path):
    assert faults("criteria", list(corpus.yaml()), tmp_path) == []


def test_hostile_pictures_are_refused_or_made_harmless(tmp_path):
    assert faults("picture", list(corpus.pictures()), tmp_path) == []


@pytest.mark.slow
def test_hostile_documents_are_never_called_unchanged(tmp_path):
    assert faults("document", list(corpus.documents(*papers())), tmp_path) == []


@pytest.mark.slow
def test_hostile_batches_are_refused_whole_and_nothing_is_written(tmp_path):
    event = an_event(tmp_path / "var")
    before = rows(tmp_path / "var")
    assert faults("events", list(corpus.batches(event)), tmp_path / "var") == []
    assert rows(tmp_path / "var") == before


@pytest.mark.slow
def test_hostile_case_files_are_refused_whole_and_nothing_is_written(tmp_path):
    written = a_case(tmp_path)
    a_workshop(tmp_path / "var", "founded").tools.database.close()
    before = rows(tmp_path / "var")
    assert faults("case", list(corpus.case_files(written)), tmp_path / "var") == []
    assert rows(tmp_path / "var") == before


def test_there_are_hundreds_of_them_and_each_has_a_name_of_its_own():
    jwt = b"a.b.c"
    inputs = [*corpus.yaml(), *corpus.pictures(), *corpus.documents(RECORD, jwt, b"%PDF-" + b"x" * 99)]
    assert len(inputs) >= 300
    names = [each.name for each in inputs]
    assert len(set(names)) == len(names)


def test_the_budget_bites():
    """A reader that takes too long, too much or breaks is seen as what it is."""
    kind = Hostile("x", b"", ("any",))
    assert wrong(kind, Outcome("syntax", 2.5, 10))
    assert wrong(kind, Outcome("syntax", 0.1, 300))
    assert wrong(kind, Outcome("crash:RecursionError", 0.1, 10))
    assert wrong(kind, Outcome("killed:SIGSEGV", 0.1, 10))
    assert wrong(kind, Outcome("taken", 0.1, 10))
    assert not wrong(kind, Outcome("syntax", 0.1, 10))


def mutated(data: bytes, luck: random.Random) -> bytes:
    """One to four small damages: bits, bytes, pieces lost, doubled, swapped, or words that readers trip over."""
    words = (
        b"\x00",
        b"\xff",
        b"[",
        b"{",
        b'"',
        b"%",
        b"NaN",
        b"-1",
        b"9" * 30,
        b"\xe2\x80\xae",
        b"<",
        b"&",
        b"*",
        b"!!",
    )
    made = bytearray(data)
    for _ in range(luck.randint(1, 4)):
        at, size = luck.randrange(len(made) or 1), luck.choice((1, 2, 8, 64, 512))
        match luck.randrange(6):
            case 0:
                made[at : at + 1] = bytes([(made[at] if made else 0) ^ (1 << luck.randrange(8))])
            case 1:
                made[at : at + size] = b""
            case 2:
                made[at:at] = made[at : at + size]
            case 3:
                made[at : at + size] = luck.randbytes(size)
            case 4:
                made[at:at] = luck.choice(words)
            case _:
                del made[at + luck.randrange(1 + len(made)) :]
    return bytes(made)


def same(data: bytes, good: list[bytes]) -> bool:
    """Whether only spaces of a record were touched, or a paper's own seal, which is not among the sealed bytes."""
    if data.startswith(b"%PDF"):
        return any(unsealed(data) == unsealed(each) for each in good)
    try:
        return data in good or json.loads(data) == json.loads(RECORD)
    except ValueError:
        return False


def unsealed(paper: bytes) -> bytes:
    """All that the seal speaks of: the paper without the seal's own digits."""
    return re.sub(rb"(/Contents )<[0-9A-Fa-f ]{2000,}>", rb"\1<>", paper)


GOOD = {
    "criteria": lambda _folder: [SOUND.encode()],
    "picture": lambda _folder: [a_photo(mode=mode) for mode in ("JPEG", "PNG", "WEBP")],
    "document": lambda _folder: list(papers()),
    "events": lambda folder: [json.dumps([an_event(folder)]).encode()],
    "case": lambda folder: [a_case(folder.parent)],
}
SHARE = {"criteria": 0.3, "picture": 0.3, "document": 0.2, "events": 0.1, "case": 0.1}
FALSE_GOOD = frozenset({"document"})
"""Readers that may never say yes to a damaged thing; the others may, when the damage hit nothing."""


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("reader", GOOD)
def test_mutations_of_good_ones_break_nothing(reader, tmp_path):
    luck = random.Random(f"{reader} {MUTATIONS}")  # noqa: S311 the same damage every time
    folder = tmp_path / "var"
    good = GOOD[reader](folder)
    if reader == "case":
        a_workshop(folder, "founded").tools.database.close()
    inputs = [
        Hostile(f"{reader} {number}", mutated(luck.choice(good), luck), ())
        for number in range(max(10, int(MUTATIONS * SHARE[reader])))
    ]
    broken = []
    for given, got in zip(inputs, budget.run(reader, [each.data for each in inputs], folder), strict=True):
        died = got.code.startswith(("crash", "not-clean", "refused-without"))
        died |= got.code.startswith("killed") and reader not in ("document", "picture")  # those may die, alone
        costly = got.seconds > SECONDS or got.megabytes > MEGABYTES
        if died or costly or (reader in FALSE_GOOD and got.code.startswith("unchanged") and not same(given.data, good)):
            broken.append(f"{given.name}: {got}")
            (tmp_path / f"{given.name}.bin").write_bytes(given.data)
    assert broken == []


@pytest.mark.parametrize(
    "data", [b"", b"{", b'{"format": "\xaa"}', b"[" * 5000, b'{"format": 1, "provider": "\xff\xfe"}', b"\xff" * 99]
)
def test_a_hostile_sealed_file_is_refused(tmp_path, data):
    shop = a_workshop(tmp_path / "var", "opened")
    with pytest.raises(SealedFileError):
        open_sealed(shop.tools, shop.provider, data)
    shop.tools.database.close()


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ("motivations", "ab\u202ec och mer text"),
        ("motivations", "ab\x07c och mer text"),
        ("at", "i går"),
        ("at", "\u202e"),
    ],
)
def test_a_decision_out_of_a_file_is_held_to_what_the_desk_asks(tmp_path, place, text):
    file = json.loads(a_case(tmp_path)) | {"sha256": ""}
    decision = file["case"]["decision"]
    decision[place] = dict.fromkeys(decision["motivations"], text) if place == "motivations" else text
    shop = a_workshop(tmp_path / "var", "founded")
    with pytest.raises(InvalidError):
        import_case(shop.tools, None, json.dumps(file).encode(), provider=shop.provider)
    shop.tools.database.close()


@pytest.mark.slow
def test_a_seal_with_one_digit_of_its_signature_changed_is_no_seal():
    """What lies beside it in the container (copies of certificates, padding) is not what convinces anybody."""
    authority = Authority(common_name("Somebody's authority"))
    good = sealed(a_paper(RECORD), authority.seal())
    given = trust(roots=(authority.der,))
    assert results(verify(good, given))[:2] == ("yes", "yes")
    first = good.index(b"/Contents <") + len(b"/Contents <")
    digits = good[first : good.index(b">", first)].rstrip(b"0")
    for back in range(2, 130, 8):
        at = first + len(digits) - back
        other = good[:at] + (b"1" if good[at : at + 1] != b"1" else b"2") + good[at + 1 :]
        assert results(verify(other, given))[:2] != ("yes", "yes"), back
