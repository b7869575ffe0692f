"""A workbook that people have edited, read back as an edition; every fault with its sheet, row and column.

People reorder rows, move columns, leave empty rows, colour cells and type spaces: all of that is welcome. What could
hide or change something unseen is refused: formulas, merged cells, hidden sheets, two columns of one name.
"""

import io
import re
import warnings

import msgspec
import openpyxl
from msgspec import Struct, field
from openpyxl.utils import coordinate_to_tuple, get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from criteria import cells, linter
from criteria.findings import MOST, Fault, FaultyStandardError, Finding, Path, errors, finding
from criteria.fit import described, fit, nearest
from criteria.guard import FORBIDDEN
from criteria.model import Edition
from criteria.reader import Lookup, shipped
from criteria.sheets import STANDARD, Field, Layout, layouts
from criteria.spreadsheet_gate import ROWS, Looked, look
from criteria.spreadsheet_help import PAGE

COLUMNS = 200
_HEADERS = 20
"""The header stands in one of the first rows."""
_LANGUAGE = re.compile(r"[a-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_EDITION = described(Edition)


class CellFinding(Finding, frozen=True, kw_only=True):
    """A fault in a workbook: `line` is the row and `column` counts from 1 too."""

    sheet: str = ""

    @property
    def cell(self) -> str:
        """`criteria!C7`, or the sheet alone."""
        where = f"{get_column_letter(self.column)}{self.line}" if self.line and self.column else ""
        return f"{self.sheet}!{where}" if where else self.sheet


class Place(Struct, frozen=True):
    """A cell of the workbook; row and column count from 1, and 0 means the sheet as a whole."""

    sheet: str = ""
    row: int = 0
    column: int = 0


class Grid(Struct, frozen=True, kw_only=True):
    """The cells of one sheet with something in them, by row and column; the edition's own sheet lies on its side."""

    name: str
    values: dict[int, dict[int, object]]
    sideways: bool = False

    def place(self, row: int, column: int) -> Place:
        """The cell as a person finds it."""
        return Place(self.name, column, row) if self.sideways else Place(self.name, row, column)


class Read(Struct, kw_only=True):
    """What a workbook says and where; the edition is there when form and shape are sound, as with YAML."""

    edition: Edition | None = None
    findings: list[CellFinding] = field(default_factory=list)
    places: dict[Path, Place] = field(default_factory=dict)

    def say(self, code: str, place: Place, path: Path = (), /, **values: object) -> None:
        """Keep one finding."""
        if len(self.findings) < MOST:
            made = finding(code, (place.row, place.column), path, **values)
            self.findings.append(CellFinding(**msgspec.structs.asdict(made), sheet=place.sheet))

    def place(self, path: Path) -> Place:
        """The cell of a path, or of the nearest thing around it."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, Place())

    @property
    def faulty(self) -> bool:
        """Whether anything keeps the workbook from being used."""
        return any(errors(self.findings))


def read(data: bytes, *, modules: Lookup = shipped) -> Edition:
    """The edition in a workbook; raises `FaultyStandardError` with all that is wrong."""
    found = examine(data, modules=modules)
    if found.edition is None:
        raise FaultyStandardError(found.findings)
    return found.edition


def examine(data: bytes, *, modules: Lookup = shipped) -> Read:
    """The edition, if it can be had, and everything there is to say; never raises."""
    found = _examined(data, modules)
    order = {each.name: place for place, each in enumerate(layouts())}
    found.findings.sort(key=lambda each: (order.get(each.sheet, -1), each.line, each.column))
    return found


def _examined(data: bytes, modules: Lookup) -> Read:
    found = Read()
    try:
        grids = _grids(data, found)
    except FaultyStandardError as refused:
        found.findings += [CellFinding(**msgspec.structs.asdict(each)) for each in refused.findings]
        return found
    tree = _tree(grids, found)
    told = {(each.sheet, each.line, each.column) for each in found.findings if each.severity == "error"}
    for fault in fit(tree, _EDITION):
        _tell(found, fault, told)
    if found.faulty:
        return found
    edition = msgspec.convert(tree, Edition)
    _reused(edition, modules, found)
    found.edition = None if found.faulty else edition
    for fault in linter.faults(edition):
        _tell(found, fault, told)
    return found


def _tell(found: Read, fault: Fault, told: set[tuple[str, int, int]]) -> None:
    """A fault of the format at its cell; an empty cell is called one, and a cell is scolded once."""
    code, path, values = fault.code, fault.path, dict(fault.values)
    if code in ("key-missing", "value-missing"):
        path = (*path, str(values["key"])) if code == "key-missing" else path
        code, values = "cell-empty", {"name": path[-1] if path else "?"}
    place = found.place(path)
    if code == "cell-empty" and place.sheet == "" and path and isinstance(path[0], str):
        place = Place(path[0])
    if (place.sheet, place.row, place.column) not in told or place.row == 0:
        found.say(code, place, path, **values)


def _reused(edition: Edition, modules: Lookup, found: Read) -> None:
    """A module that names where it was taken from is still what it was there."""
    for index, module in enumerate(edition.modules):
        if module.origin is None:
            continue
        path: Path = ("modules", index)
        known = {"standard": module.origin.standard, "edition": module.origin.edition}
        try:
            source = modules(module.origin.standard, module.origin.edition)
        except LookupError:
            found.say("reuse-unknown", found.place((*path, "origin")), path, **known)
            continue
        same = next((each for each in source.modules if each.id == module.origin.module), None)
        if same is None or msgspec.structs.replace(same, origin=module.origin) != module:
            found.say("reuse-edited", found.place(path), path, module=module.id, **known)


def _grids(data: bytes, found: Read) -> dict[str, Grid]:
    looked = look(data)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library tells of decorations that it drops
        try:
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
            return _sheets(book, looked, found)
        except FaultyStandardError:
            raise
        except Exception as fault:
            raise FaultyStandardError([finding("workbook-broken", part=type(fault).__name__)]) from fault


def _sheets(book: openpyxl.Workbook, looked: Looked, found: Read) -> dict[str, Grid]:
    known = {each.name: each for each in layouts()}
    grids: dict[str, Grid] = {}
    for sheet in book.worksheets:
        name = " ".join(sheet.title.lower().split())
        if name == PAGE.lower():
            continue
        if name not in known:
            found.say("sheet-unknown", Place(sheet.title), name=sheet.title, **nearest(name, list(known)))
        elif name in grids:
            found.say("sheet-repeated", Place(sheet.title), name=name)
        else:
            part = sheet._worksheet_path  # type: ignore[attr-defined] # noqa: SLF001 the only way to know which part it is
            if sheet.sheet_state != "visible":
                found.say("sheet-hidden", Place(name))
            if part in looked.merged:
                found.say("sheet-merged", Place(name, *coordinate_to_tuple(looked.merged[part])))
            if part in looked.beyond:
                found.say("cell-outside", Place(name))
            grids[name] = _grid(sheet, name, found)
    for name in known:
        if name not in grids:
            found.say("sheet-missing", Place(name), name=name)
    return grids


def _grid(sheet: Worksheet, name: str, found: Read) -> Grid:
    values: dict[int, dict[int, object]] = {}
    sideways = name == STANDARD
    sheet.reset_dimensions()  # type: ignore[attr-defined] # what a file says about its own size is not believed
    for number, row in enumerate(sheet.iter_rows(max_col=COLUMNS + 1), 1):
        if number > ROWS:
            break
        for each in row:
            value = each.value
            if value is None or (isinstance(value, str) and not value.strip()):
                continue
            column = each.column or 0
            place = Place(name, number, column)
            if each.data_type == "f":
                found.say("cell-formula", place)
            elif each.data_type == "e":
                found.say("cell-error", place, value=str(value))
            elif column > COLUMNS:
                found.say("cell-outside", place)
            else:
                at, across = (column, number) if sideways else (number, column)
                values.setdefault(at, {})[across] = value
    return Grid(name=name, values=values, sideways=sideways)


class Head(Struct, frozen=True):
    """What a column holds: an owner's id, or a field in one language."""

    name: str
    field: Field | None = None
    language: str = ""


def _heads(layout: Layout, grid: Grid, found: Read) -> tuple[int, dict[int, Head]]:
    """The row of the header and what its columns are."""
    named = _columns(layout)
    start = next(
        (
            row
            for row in sorted(grid.values)[:_HEADERS]
            if sum(_head(cells.said(each), named) is not None for each in grid.values[row].values()) * 2
            >= len(grid.values[row])
        ),
        0,
    )
    heads: dict[int, Head] = {}
    seen: dict[tuple[str, str], int] = {}
    for column, value in sorted(grid.values.get(start, {}).items()):
        text, place = cells.said(value), grid.place(start, column)
        head = _head(text, named)
        if head is None:
            found.say("column-unknown", place, name=text, **nearest(text, list(named)))
        elif (head.name, head.language) in seen:
            first = grid.place(start, seen[head.name, head.language])
            found.say("column-repeated", place, name=text, first=f"{get_column_letter(first.column)}{first.row}")
        else:
            seen[head.name, head.language] = column
            heads[column] = head
    present = {head.name for head in heads.values()}
    needed = [name for name, each in named.items() if each is None or (each.required and not each.tags)]
    for name in needed:
        if name not in present and (start or layout.name == STANDARD):
            found.say("column-missing", Place(grid.name, *_around(grid, start)), name=name)
    if grid.values and not start:
        found.say("column-missing", Place(grid.name), name=", ".join(needed))
    return start, heads


def _around(grid: Grid, start: int) -> tuple[int, int]:
    place = grid.place(max(start, 1), 1)
    return place.row, place.column


def _columns(layout: Layout) -> dict[str, Field | None]:
    named: dict[str, Field | None] = dict.fromkeys(layout.owners)
    if layout.tag:
        named[layout.tag] = Field(path=(layout.tag,), form="choice", choices=layout.tags, required=True)
    return named | {each.name: each for each in layout.fields}


def _head(text: str, named: dict[str, Field | None]) -> Head | None:
    """Headers are read without minding capitals and spaces."""
    text = re.sub(r"\s*\.\s*", ".", text)
    lower = text.lower()
    if lower in named and (named[lower] is None or named[lower].form != "words"):  # type: ignore[union-attr] # not None here
        return Head(lower, named[lower])
    before, _, tag = text.rpartition(".")
    each = named.get(before.lower())
    if each is not None and each.form == "words" and _LANGUAGE.fullmatch(tag.lower()):
        known = tag if _LANGUAGE.fullmatch(tag) else tag.lower()
        return Head(before.lower(), each, known)
    return None


def _tree(grids: dict[str, Grid], found: Read) -> dict[str, object]:
    """The plain value that a YAML file would give, put together from all sheets."""
    root: dict[str, object] = {}
    things: dict[str, dict[tuple[str, ...], tuple[dict[str, object], Path]]] = {}
    for layout in layouts():
        here = things.setdefault(layout.name, {})
        grid = grids.get(layout.name, Grid(name=layout.name, values={}))
        start, heads = _heads(layout, grid, found)
        rows = [row for row in sorted(grid.values) if row > start] if start else []
        if layout.name == STANDARD:
            _edition(layout, grid, (start, heads), rows[:1], root, found)
            here[()] = root, ()
            for extra in rows[1:2]:
                found.say("cell-outside", grid.place(extra, min(grid.values[extra])))
            continue
        for row in rows:
            _row(layout, grid, heads, row, things, found)
    return root


def _edition(
    layout: Layout, grid: Grid, head: tuple[int, dict[int, Head]], rows: list[int], root: dict[str, object], found: Read
) -> None:
    for row in rows or [head[0] + 1]:
        root.update(_values(layout, grid, head[1], row, (), found))


def _row(
    layout: Layout,
    grid: Grid,
    heads: dict[int, Head],
    row: int,
    things: dict[str, dict[tuple[str, ...], tuple[dict[str, object], Path]]],
    found: Read,
) -> None:
    held = grid.values[row]
    if not any(column in held for column in heads):
        return
    by_name = {head.name: column for column, head in heads.items() if head.field is None}
    owners = tuple(cells.said(held.get(by_name.get(name, 0))) for name in layout.owners)
    known = things[layout.owner]
    owner = known.get(owners)
    if owner is None:
        column = by_name.get(layout.owners[-1], 1) if layout.owners else 1
        if layout.owners and not owners[-1]:
            found.say("cell-empty", grid.place(row, column), name=layout.owners[-1])
        elif layout.owners:
            near = nearest(owners[-1], [key[-1] for key in known if key])
            found.say("row-owner", grid.place(row, column), what=layout.owners[-1], id=owners[-1], **near)
        owner = {}, ("?",)
    siblings = owner[0].setdefault(layout.key, [])
    assert isinstance(siblings, list)  # noqa: S101 for mypy: made one line above
    path: Path = (*owner[1], layout.key, len(siblings))
    value = _values(layout, grid, heads, row, path, found)
    siblings.append(value.get("text", {}) if layout.bare else value)
    if layout.own and layout.own in value:
        keep = _one(layout)
        key = (str(value[layout.own]),) if len(keep) < 2 else (*owners[-(len(keep) - 1) :], str(value[layout.own]))
        things[layout.name].setdefault(key, (value, path))


def _one(layout: Layout) -> tuple[str, ...]:
    """How those inside name a thing of this sheet."""
    inside = next((each for each in layouts() if each.owner == layout.name), None)
    return inside.owners if inside else ()


def _values(layout: Layout, grid: Grid, heads: dict[int, Head], row: int, path: Path, found: Read) -> dict[str, object]:
    """The fields of one row as nested plain values, the place of each kept."""
    value: dict[str, object] = {}
    held = grid.values.get(row, {})
    found.places[path] = grid.place(row, min(heads, default=1))
    for column, head in heads.items():
        if head.field is None:
            continue
        inner = head.field.path if not layout.bare else ()
        where: Path = (*path, *inner, *([head.language] if head.language else []))
        place = grid.place(row, column)
        for length in range(len(path) + 1, len(where)):
            found.places.setdefault(where[:length], place)
        found.places[where] = place
        if column not in held:
            continue
        try:
            plain = cells.read(head.field, held[column])
        except cells.CellError as fault:
            found.say(fault.code, place, where, **fault.values)
            plain = None
        if bad := FORBIDDEN.search(plain) if isinstance(plain, str) else None:
            found.say("character", place, where, character=f"U+{ord(bad[0]):04X}")
        _set(value, (*head.field.path, *([head.language] if head.language else [])), plain)
    return value


def _set(value: dict[str, object], path: tuple[str, ...], plain: object) -> None:
    for part in path[:-1]:
        inner = value.setdefault(part, {})
        assert isinstance(inner, dict)  # noqa: S101 for mypy: paths never cross values
        value = inner
    value[path[-1]] = plain
