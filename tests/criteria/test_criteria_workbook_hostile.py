"""Workbooks made to hurt are refused with a clear sentence, quickly, before the spreadsheet library sees them."""

import io
import re
import stat
import time
import zipfile

import openpyxl
import pytest
from faulty import edition

from criteria import spreadsheet
from criteria.findings import FaultyStandardError

SOUND = spreadsheet.write(edition())
TYPES, BOOK = "[Content_Types].xml", "xl/workbook.xml"
CRITERIA = "xl/worksheets/sheet15.xml"
RELS = "xl/_rels/workbook.xml.rels"


def parts() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(SOUND)) as archive:
        return {each: archive.read(each) for each in archive.namelist()}


def packed(held, more=(), compression=zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in [*held.items(), *more]:
            archive.writestr(name, content)
    return out.getvalue()


def changed(name, old, new) -> bytes:
    held = parts()
    assert re.search(old, held[name]), name
    return packed(held | {name: re.sub(old, new, held[name], count=1)})


def added(name, content=b"x") -> bytes:
    return packed(parts() | {name: content})


def edited(change) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(SOUND))
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def repeated(column: str):
    def change(book):
        sheet = book["criteria"]
        sheet.cell(1, sheet.max_column + 1).value = column

    return edited(change)


def linked() -> bytes:
    info = zipfile.ZipInfo("xl/link.xml")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return packed(parts(), [(info, "/etc/passwd")])


def encrypted() -> bytes:
    """The flag alone: nothing is unpacked that says it is locked."""
    data = bytearray(SOUND)
    data[6] |= 1
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    return bytes(data)


def rows(count, start=2) -> bytes:
    made = b"".join(
        b'<row r="%d"><c r="B%d" t="inlineStr"><is><t>x</t></is></c></row>' % (n, n)
        for n in range(start, start + count)
    )
    return changed(CRITERIA, rb"</sheetData>", made + b"</sheetData>")


def relation(kind, target) -> bytes:
    link = f'<Relationship Id="rIdX" Type="http://x/{kind}" Target="{target}" TargetMode="External"/></Relationships>'
    return changed(RELS, rb"</Relationships>", link.encode())


def nothing() -> bytes:
    held = parts()
    return packed({name: content for name, content in held.items() if "worksheets/" not in name})


BILLION = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
HOSTILE = {
    "empty": ("workbook-kind", lambda: b""),
    "text": ("workbook-kind", lambda: b"hello"),
    "pdf": ("workbook-kind", lambda: b"%PDF-1.7"),
    "old excel or password": ("workbook-kind", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500),
    "another zip": ("workbook-kind", lambda: packed({"a.txt": b"a"})),
    "open document": ("workbook-kind", lambda: packed({"mimetype": b"application/vnd.oasis", "content.xml": b"<x/>"})),
    "locked part": ("workbook-kind", encrypted),
    "cut off": ("workbook-broken", lambda: SOUND[: len(SOUND) // 2]),
    "only a head": ("workbook-broken", lambda: b"PK\x03\x04"),
    "damaged inside": ("workbook-broken", lambda: SOUND[:3000] + b"\xff" * 400 + SOUND[3400:]),
    "too large": ("workbook-large", lambda: SOUND + b"\0" * 20_000_000),
    "zip bomb": ("workbook-large", lambda: added("xl/media/a.xml", b" " * 60_000_000)),
    "many small bombs": (
        "workbook-large",
        lambda: packed(parts(), [(f"xl/a{n}.xml", b" " * 6_000_000) for n in range(10)]),
    ),
    "too many parts": ("workbook-large", lambda: packed(parts(), [(f"xl/a{n}.xml", b"") for n in range(201)])),
    "600,000 rows": ("workbook-large", lambda: rows(100_000)),
    "too many cells": (
        "workbook-large",
        lambda: changed(CRITERIA, rb"</sheetData>", b'<row r="9">' + b"<c/>" * 200_001 + b"</row></sheetData>"),
    ),
    "too many sheets": (
        "workbook-large",
        lambda: changed(BOOK, rb"</sheets>", b'<sheet name="a" sheetId="99"/>' * 61 + b"</sheets>"),
    ),
    "huge styles": (
        "workbook-large",
        lambda: changed("xl/styles.xml", rb"</styleSheet>", b" " * 3_000_001 + b"</styleSheet>"),
    ),
    "a tower of tags": (
        "workbook-large",
        lambda: changed(CRITERIA, rb"</sheetData>", b"<r>" * 1_000_000 + b"</r>" * 1_000_000 + b"</sheetData>"),
    ),
    "a crowd of names": (
        "workbook-large",
        lambda: changed(BOOK, rb"</workbook>", b'<definedName name="a">1</definedName>' * 50_000 + b"</workbook>"),
    ),
    "a link in the archive": ("workbook-part", linked),
    "a path out": ("workbook-part", lambda: added("../evil.xml")),
    "an absolute path": ("workbook-part", lambda: added("/etc/evil.xml")),
    "macros": ("workbook-part", lambda: added("xl/vbaProject.bin")),
    "macros by type": ("workbook-part", lambda: changed(TYPES, rb"sheet\.main\+xml", b"macroEnabled.main+xml")),
    "a macro sheet": ("workbook-part", lambda: added("xl/macrosheets/sheet1.xml")),
    "an external link": ("workbook-part", lambda: added("xl/externalLinks/externalLink1.xml", b"<x/>")),
    "an external relation": ("workbook-part", lambda: relation("externalLinkPath", "file:///etc/passwd")),
    "an embedded object": ("workbook-part", lambda: added("xl/embeddings/oleObject1.bin")),
    "a control": ("workbook-part", lambda: added("xl/activeX/activeX1.xml")),
    "a connection": ("workbook-part", lambda: added("xl/connections.xml", b"<x/>")),
    "a query": ("workbook-part", lambda: added("xl/queryTables/queryTable1.xml", b"<x/>")),
    "a program": ("workbook-part", lambda: added("xl/media/run.exe")),
    "a document type": ("workbook-part", lambda: packed(parts() | {BOOK: BILLION + parts()[BOOK]})),
    "an entity in a sheet": ("workbook-part", lambda: packed(parts() | {CRITERIA: BILLION + parts()[CRITERIA]})),
    "hidden by UTF-16": ("workbook-part", lambda: packed(parts() | {CRITERIA: "<!DOCTYPE x><x/>".encode("utf-16")})),
    "a part twice": ("workbook-broken", lambda: packed(parts(), [(BOOK.upper(), b"<x/>")])),
    "no XML": ("workbook-broken", lambda: packed(parts() | {CRITERIA: b"nonsense"})),
    "no sheets": ("column-missing", nothing),
    "an unknown text": (
        "workbook-broken",
        lambda: changed(CRITERIA, rb't="inlineStr"><is>.*?</is>', b't="s"><v>99999999</v>'),
    ),
    "merged cells": ("sheet-merged", lambda: edited(lambda book: book["criteria"].merge_cells("C2:C3"))),
    "a hidden sheet": ("sheet-hidden", lambda: edited(lambda book: setattr(book["criteria"], "sheet_state", "hidden"))),
    "a very hidden sheet": (
        "sheet-hidden",
        lambda: edited(lambda book: setattr(book["criteria"], "sheet_state", "veryHidden")),
    ),
    "a column twice": ("column-repeated", lambda: repeated("text.sv")),
    "a column twice in other letters": ("column-repeated", lambda: repeated(" Text.SV ")),
    "a missing column": ("column-missing", lambda: edited(lambda book: book["criteria"].delete_cols(2))),
    "a formula": ("cell-formula", lambda: edited(lambda book: book["criteria"].cell(2, 3, "=HYPERLINK(A1)"))),
    "an array formula": (
        "cell-formula",
        lambda: changed(
            CRITERIA, rb"</sheetData>", b'<row r="9"><c r="C9"><f t="array" ref="C9">1</f></c></row></sheetData>'
        ),
    ),
    "content far to the right": ("cell-outside", lambda: edited(lambda book: book["criteria"].cell(2, 300, "x"))),
    "content far down": ("cell-outside", lambda: rows(1, start=1_000_000)),
    "two sheets of one name": (
        "sheet-repeated",
        lambda: edited(lambda book: setattr(book.create_sheet("x"), "title", "CRITERIA ")),
    ),
    "no header": ("column-missing", lambda: edited(lambda book: book["criteria"].delete_rows(1))),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_workbook_is_refused_by_name_and_quickly(name):
    code, make = HOSTILE[name]
    data = make()
    start = time.process_time()
    found = spreadsheet.examine(data)
    assert code in {each.code for each in found.findings}, [(each.cell, each.en) for each in found.findings]
    assert found.faulty
    assert time.process_time() - start < 4
    with pytest.raises(FaultyStandardError) as refused:
        spreadsheet.read(data)
    assert all(each.sv and each.en for each in refused.value.findings)


def test_what_programs_leave_behind_does_no_harm():
    """An empty last row, printer settings, a link that a person clicks, a hidden sheet of somebody's own."""

    def change(book):
        book["criteria"].row_dimensions[1_048_576].height = 12
        book["sources"].cell(2, 2).hyperlink = "https://intyga.example"
        book.create_sheet("Anteckningar").sheet_state = "hidden"

    held = edited(change)
    with zipfile.ZipFile(io.BytesIO(held)) as archive:
        everything = {each: archive.read(each) for each in archive.namelist()}
    found = spreadsheet.examine(packed(everything | {"xl/printerSettings/printerSettings1.bin": b"x"}))
    assert [each.code for each in found.findings] == ["sheet-unknown"]
    assert found.edition == edition()


def test_every_byte_may_be_wrong():
    for place in range(0, len(SOUND), max(1, len(SOUND) // 40)):
        spreadsheet.examine(SOUND[:place] + bytes([SOUND[place] ^ 0x41]) + SOUND[place + 1 :])
