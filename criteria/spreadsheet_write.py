"""An edition as a workbook that an expert can edit without losing anything: one sheet per kind of thing.

Every text is written as text, never as a formula. Protection has no password: it keeps ids from being overwritten by
accident and stops nobody who means it.
"""

import io
from collections.abc import Iterable, Iterator

from msgspec import Struct
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from criteria import cells
from criteria.findings import FaultyStandardError, finding
from criteria.linter import lint
from criteria.model import Edition
from criteria.sheets import STANDARD, Field, Layout, layouts
from criteria.spreadsheet_help import INSTRUCTIONS, PAGE, header_help

LAST = 2_000
"""Drop-downs reach so far down; there is room for what an expert adds."""
_MOST_CHOICES = 255
"""Longer lists a drop-down cannot hold."""
_CANNOT = {"id-repeated", "language-tag", "sv-missing", "text-blank"}
"""Faults that make a thing or a text impossible to find again in a workbook."""
_HEAD = PatternFill("solid", fgColor="1F4D3D")
_LOCKED = PatternFill("solid", fgColor="EFEDE6")
_WRAPPED = Alignment(wrap_text=True, vertical="top")


def write(edition: Edition) -> bytes:
    """The workbook's bytes. Raises `FaultyStandardError` if ids or texts are too faulty to be found again."""
    faults = [each for each in lint(edition) if each.code in _CANNOT]
    if faults:
        raise FaultyStandardError(faults)
    book = Workbook()
    _instructions(book.active, edition)  # type: ignore[arg-type] # a new workbook has one ordinary sheet
    for layout in layouts():
        things = list(_things(edition, layout))
        sheet = book.create_sheet(layout.name)
        headers = list(_headers(layout, edition, things))
        if layout.name == STANDARD:
            _downwards(sheet, layout, headers, edition)
        else:
            _listed(sheet, layout, headers, things)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


class Header(Struct, frozen=True):
    """One column: of an owner's id, or of a field in one language."""

    name: str
    field: Field | None = None
    language: str = ""


class Thing(Struct, frozen=True):
    """One row: the ids of its owners, and what stands there."""

    owners: tuple[str, ...]
    value: object


def _things(edition: Edition, layout: Layout) -> Iterator[Thing]:
    """All things of a sheet, in the order of the edition, with the ids that say whose they are."""
    if layout.name == STANDARD:
        yield Thing((), edition)
        return
    owner = next(each for each in layouts() if each.name == layout.owner)
    for each in _things(edition, owner):
        ids = (*each.owners, str(getattr(each.value, owner.own))) if owner.own else ()
        named = ids[len(ids) - len(layout.owners) :]
        for value in getattr(each.value, _attribute(each.value, layout.key), ()):
            yield Thing(named, value)


def _attribute(value: object, key: str) -> str:
    """A field is called otherwise in Python only where its word is taken (`pass`)."""
    names = dict(zip(value.__struct_encode_fields__, value.__struct_fields__, strict=True))  # type: ignore[attr-defined] # a struct
    return str(names.get(key, key))


def _headers(layout: Layout, edition: Edition, things: Iterable[Thing]) -> Iterator[Header]:
    yield from (Header(name) for name in layout.owners)
    things = list(things)
    own = [each for each in layout.fields if each.name == layout.own]
    rest = [each for each in layout.fields if each.name != layout.own]
    for field in [
        *own,
        *([Field(path=(layout.tag,), form="choice", choices=layout.tags, required=True)] * bool(layout.tag)),
        *rest,
    ]:
        if field.form != "words":
            yield Header(field.name, field)
            continue
        used = {tag: None for each in things for tag in _held(layout, each.value, field) or ()}
        for tag in dict.fromkeys([*edition.languages, *used]):
            yield Header(f"{field.name}.{tag}", field, tag)


def _held(layout: Layout, value: object, field: Field) -> dict[str, str] | None:
    held = _value(layout, value, field)
    return held if isinstance(held, dict) else None


def _value(layout: Layout, value: object, field: Field) -> object:
    if layout.bare:
        return value
    if field.path == (layout.tag,):
        return type(value).__struct_config__.tag  # type: ignore[attr-defined] # things of such a sheet are tagged structs
    for part in field.path:
        value = getattr(value, _attribute(value, part), None) if value is not None else None
    return value


def _cell(layout: Layout, thing: Thing, place: int, header: Header) -> str:
    if header.field is None:
        return thing.owners[place]
    value = _value(layout, thing.value, header.field)
    try:
        if header.field.form == "words":
            return cells.escape(value[header.language]) if isinstance(value, dict) and header.language in value else ""
        if value == () and not header.field.required and header.field.default in ((), None):
            return ""
        return cells.write(header.field, value)
    except cells.CellError as fault:
        raise FaultyStandardError([finding(fault.code, (0, 0), (), **fault.values)]) from fault


def _listed(sheet: Worksheet, layout: Layout, headers: list[Header], things: list[Thing]) -> None:
    """Things below each other under a frozen header."""
    for column, header in enumerate(headers, 1):
        locked = header.field is None or header.name == layout.own
        letter = get_column_letter(column)
        sheet.column_dimensions[letter].width = _width(header)
        sheet.column_dimensions[letter].protection = Protection(locked=False)
        sheet.column_dimensions[letter].number_format = "@"
        _head(sheet, 1, column, header, layout)
        _choices(sheet, header, f"{letter}2:{letter}{LAST}")
        for row, thing in enumerate(things, 2):
            _put(sheet, row, column, _cell(layout, thing, column - 1, header), locked=locked)
    sheet.freeze_panes = f"{get_column_letter(1 + len(layout.owners) + bool(layout.own))}2"
    _protect(sheet)


def _downwards(sheet: Worksheet, layout: Layout, headers: list[Header], edition: Edition) -> None:
    """The edition itself: what it is called to the left, what it says to the right."""
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 28, 90
    for row, header in enumerate(headers, 1):
        _head(sheet, row, 1, header, layout)
        _choices(sheet, header, f"B{row}")
        locked = header.name in ("format", "standard")
        _put(sheet, row, 2, _cell(layout, Thing((), edition), 0, header), locked=locked)
    sheet.freeze_panes = "B1"
    _protect(sheet)


def _put(sheet: Worksheet, row: int, column: int, text: str, *, locked: bool) -> None:
    cell = sheet.cell(row, column)
    cell.alignment, cell.number_format = _WRAPPED, "@"
    cell.protection = Protection(locked=locked)
    if locked:
        cell.fill = _LOCKED
    if text:
        cell.value = text
        cell.data_type = "s"  # text, also when it looks like a formula or an error
        cell.quotePrefix = text[0] in "=+-@"


def _head(sheet: Worksheet, row: int, column: int, header: Header, layout: Layout) -> None:
    cell = sheet.cell(row, column, header.name)
    cell.font, cell.fill, cell.alignment = Font(bold=True, color="FFFFFF"), _HEAD, _WRAPPED
    said = header_help(layout, header.name, header.field)
    cell.comment = Comment(said, "Intyga", width=320, height=60 + 18 * (len(said) // 45 + said.count("\n")))


def _choices(sheet: Worksheet, header: Header, where: str) -> None:
    field = header.field
    choices = () if field is None else ("yes", "no") if field.form == "flag" else field.choices
    formula = f'"{",".join(choices)}"'
    owner = next((each for each in layouts() if field is None and each.own and _names(each, header.name)), None)
    if owner is not None:
        letter = get_column_letter(len(owner.owners) + 1)
        formula = f"={owner.name}!${letter}$2:${letter}${LAST}"
    elif not choices or len(formula) > _MOST_CHOICES or (field and field.form not in ("choice", "flag", "whole")):
        return
    rule = DataValidation(type="list", formula1=formula, allow_blank=True, showErrorMessage=owner is None)
    rule.add(where)
    sheet.add_data_validation(rule)


def _names(layout: Layout, name: str) -> bool:
    return any(each.owner == layout.name and each.owners[-1:] == (name,) for each in layouts())


def _protect(sheet: Worksheet) -> None:
    guard = sheet.protection
    guard.sheet = True
    guard.formatCells = guard.formatColumns = guard.formatRows = False  # False: it is allowed
    guard.insertRows = guard.deleteRows = guard.sort = guard.autoFilter = False


def _width(header: Header) -> int:
    if header.field is None or header.name in ("id", "key"):
        return 16
    return 48 if header.field.form == "words" else 18


def _instructions(sheet: Worksheet, edition: Edition) -> None:
    sheet.title = PAGE
    sheet.column_dimensions["A"].width = sheet.column_dimensions["B"].width = 70
    for row, (sv, en) in enumerate([(f"{edition.standard} {edition.edition}", edition.owner.name), *INSTRUCTIONS], 1):
        for column, text in ((1, sv), (2, en)):
            _put(sheet, row, column, text, locked=True)
    _protect(sheet)
