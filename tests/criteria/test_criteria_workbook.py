"""A workbook goes out and comes back as the same edition, whatever people do to its looks."""

import io
from datetime import date

import msgspec
import openpyxl
import pytest
from faulty import edition
from generated import editions
from hypothesis import HealthCheck, given, settings
from msgspec import inspect
from openpyxl.styles import PatternFill

from criteria import reader, spreadsheet
from criteria.fit import described
from criteria.identity import canonical
from criteria.model import Edition, ParameterRef
from criteria.reader import library, shipped
from criteria.sheets import bare, layouts
from criteria.spreadsheet_help import PAGE
from criteria.written import written

SHIPPED = library()
NAMES = [each.standard for each in SHIPPED]
SHEETS = [
    PAGE, "standard", "codes", "sources", "parameters", "tables", "prerequisites", "results", "rules", "modules",
    "variants", "rows", "outcomes", "module codes", "criteria", "faults", "facts", "words", "criterion codes",
    "columns", "options", "steps",
]  # fmt: skip
CRITERIA = [
    "outcome", "id", "text.sv", "text.en", "kind", "critical", "fails", "pass.sv", "pass.en", "methods.allowed",
    "methods.minimum", "evidence.kinds", "evidence.minimum", "evidence.different_days", "repetitions", "assessors",
    "may_be_not_applicable", "source", "hint.sv", "hint.en",
]  # fmt: skip


@pytest.fixture(scope="module")
def sound():
    return spreadsheet.write(edition())


@pytest.fixture
def book(sound):
    return openpyxl.load_workbook(io.BytesIO(sound))


def saved(book) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def headers(sheet) -> list[str]:
    return [cell.value for cell in sheet[1]]


def cell(book, sheet, row, header):
    return book[sheet].cell(row, headers(book[sheet]).index(header) + 1)


def told(book) -> set[tuple[str, str]]:
    return {
        (each.code, each.cell) for each in spreadsheet.examine(saved(book)).findings if each.code != "sheet-missing"
    }


@pytest.mark.parametrize("each", SHIPPED, ids=NAMES)
def test_a_shipped_standard_comes_back_as_it_left(each):
    held = shipped(each.standard, each.edition)
    back = spreadsheet.examine(spreadsheet.write(held))
    assert back.findings == []
    assert canonical(back.edition) == canonical(held)


@settings(max_examples=5, suppress_health_check=list(HealthCheck))
@given(editions())
def test_any_edition_comes_back_as_it_left(held):
    assert canonical(reader.read(written(held).encode())) == canonical(held)
    back = spreadsheet.examine(spreadsheet.write(held))
    assert back.edition is not None, [(each.cell, each.en) for each in back.findings if each.severity == "error"]
    assert canonical(back.edition) == canonical(held)


def test_the_book_has_the_sheets_and_headers_that_people_know(book):
    assert book.sheetnames == SHEETS
    assert headers(book["criteria"]) == CRITERIA
    assert [row[0].value for row in book["standard"]][:6] == [
        "format", "standard", "edition", "status", "title.sv", "title.en",
    ]  # fmt: skip


def test_every_field_of_every_part_of_a_standard_has_a_column():
    columns = {(each.name, field.path) for each in layouts() for field in each.fields}
    keys = {each.key for each in layouts()}

    def leaves(kind, path=()):
        kind = bare(kind)
        if isinstance(kind, inspect.StructType) and kind.cls is not ParameterRef:
            for field in kind.fields:
                yield from leaves(field.type, (*path, field.encode_name))
        elif isinstance(kind, inspect.VarTupleType) and not isinstance(
            bare(kind.item_type), inspect.StrType | inspect.LiteralType
        ):
            assert path[-1] in keys
            inner = bare(kind.item_type)
            for each in inner.types if isinstance(inner, inspect.UnionType) else [inner]:
                yield from leaves(each, ())
        elif path:
            yield path

    assert set(leaves(described(Edition))) <= {path for _, path in columns}


def test_every_header_explains_itself_and_choices_are_lists(book):
    for sheet in book.worksheets[1:]:
        heads = sheet["A"] if sheet.title == "standard" else sheet[1]
        assert all(each.comment for each in heads), sheet.title
        assert sheet.protection.sheet
        assert not sheet.protection.password
        assert sheet.freeze_panes
    rules = {str(each.sqref): each.formula1 for each in book["criteria"].data_validations.dataValidation}
    assert rules["A2:A2000"] == "=outcomes!$B$2:$B$2000"
    assert rules["F2:F2000"] == '"yes,no"'
    assert cell(book, "criteria", 2, "id").protection.locked
    assert not cell(book, "criteria", 2, "text.sv").protection.locked
    assert cell(book, "criteria", 2, "text.sv").alignment.wrap_text


def test_a_text_is_never_a_formula():
    held = msgspec.structs.replace(edition(), title={"sv": "=cmd|' /C calc'!A0", "en": "@SUM(1)"})
    book = openpyxl.load_workbook(io.BytesIO(spreadsheet.write(held)))
    assert [book["standard"].cell(row, 2).data_type for row in (5, 6)] == ["s", "s"]
    assert {each.data_type for sheet in book for row in sheet.iter_rows() for each in row if each.value} == {"s"}


def test_people_may_work_as_people_do(book):
    """Retyped text, inserted and moved rows, a moved column, colours, spaces, numbers as numbers, an own column."""
    sheet = book["criteria"]
    before = [[each.value for each in row] for row in sheet.iter_rows(min_row=2)]
    cell(book, "criteria", 2, "text.sv").value = "  Ny text  "
    cell(book, "criteria", 3, "critical").value = "JA"
    cell(book, "criteria", 2, "methods.allowed").value = "OBS ; PRA,"
    sheet.insert_rows(3, 2)
    sheet.insert_cols(1)
    sheet.insert_cols(4)
    sheet.cell(1, 4).value = "Kommentar från mötet"
    sheet.cell(2, 4).value = "bra!"
    sheet.cell(9, 2).fill = PatternFill("solid", fgColor="FF0000")
    sheet.insert_rows(1, 2)
    cell(book, "parameters", 2, "value").value = 0.25
    cell(book, "modules", 2, "prerequisites").value = " first-aid "
    next(row for row in book["standard"] if row[0].value == "valid_from")[1].value = date(2026, 2, 1)
    found = spreadsheet.examine(saved(book))
    assert [(each.code, each.severity) for each in found.findings] == [("column-unknown", "warning")]
    back = found.edition
    assert [each.id for each in back.criteria] == [row[1] for row in before]
    assert back.criteria[0].text["sv"] == "Ny text"
    assert back.criteria[1].critical
    assert back.criteria[0].methods.allowed == ("OBS", "PRA")
    assert str(back.parameters[0].value) == "0.25"
    assert back.valid_from == "2026-02-01"


def test_a_new_row_is_a_new_thing_and_the_order_of_rows_is_the_order(book):
    sheet = book["criteria"]
    rows = [[each.value for each in row] for row in sheet.iter_rows(min_row=2)]
    first = [row for row in rows if row[0] == rows[0][0]]
    made = ["M1.9" if value == first[0][1] else value for value in first[0]]
    for place, row in enumerate([made, *reversed(rows)], 2):
        for column, value in enumerate(row, 1):
            sheet.cell(place, column).value = value
    back = spreadsheet.read(saved(book))
    assert [each.id for each in back.modules[0].outcomes[0].criteria] == ["M1.9", *[row[1] for row in reversed(first)]]


FAULTS = {
    "cell-empty": ("criteria", 2, "kind", None),
    "sv-missing": ("criteria", 2, "text.sv", None),
    "cell-flag": ("criteria", 2, "critical", "kanske"),
    "cell-not-number": ("parameters", 2, "value", "en halv"),
    "cell-formula": ("criteria", 2, "text.sv", "=1+1"),
    "cell-error": ("criteria", 2, "text.sv", "#REF!"),
    "row-owner": ("criteria", 2, "outcome", "M1.L9"),
    "unknown-choice": ("criteria", 2, "kind", "skil"),
    "form": ("modules", 2, "workload", "åtta timmar"),
    "out-of-range": ("criteria", 2, "repetitions", 51),
    "id-repeated": ("criteria", 3, "id", "M1.1"),
    "reference-unknown": ("criteria", 2, "source", "rulle"),
    "too-long": ("modules", 2, "short", "x" * 25),
    "character": ("criteria", 2, "text.sv", "a\u202eb"),
}


@pytest.mark.parametrize("code", FAULTS)
def test_a_fault_is_told_with_sheet_row_and_column(book, code):
    sheet, row, header, value = FAULTS[code]
    each = cell(book, sheet, row, header)
    each.value = value
    assert (code, f"{sheet}!{each.coordinate}") in told(book)


def test_an_edition_typed_as_a_number_is_asked_for_as_text(book):
    book["standard"]["B3"].value = 2026.1
    assert ("cell-number", "standard!B3") in told(book)


def test_what_a_fact_of_another_kind_has_is_refused_where_it_stands(book):
    each = cell(book, "facts", 2, "within_days")
    each.value = 3
    assert ("unknown-key", f"facts!{each.coordinate}") in told(book)


def test_a_reused_module_cannot_be_changed_in_passing():
    held = shipped("beredskapssvetsare-fibernat", "2026.1")
    book = openpyxl.load_workbook(io.BytesIO(spreadsheet.write(held)))
    cell(book, "criteria", 2, "text.sv").value = "Något lättare"
    assert "reuse-edited" in {code for code, _ in told(book)}
    for sheet, row in (("modules", range(2, 9)),):
        for number in row:
            for name in ("standard", "module", "edition", "sha256"):
                cell(book, sheet, number, f"origin.{name}").value = None
    assert spreadsheet.read(saved(book)).criteria[0].text["sv"] == "Något lättare"


def test_all_faults_are_told_at_once_in_both_languages(book):
    cell(book, "criteria", 2, "kind").value = None
    cell(book, "modules", 2, "workload").value = "x"
    cell(book, "rules", 2, "name").value = "every-critical-mett"
    found = spreadsheet.examine(saved(book)).findings
    assert [each.sheet for each in found if each.severity == "error"] == ["rules", "modules", "criteria"]
    assert all(each.sv != each.en for each in found)
