"""How one value of a standard looks in one cell, and how forgivingly a cell that a person typed is read back.

Numbers are written as text, so that 0.10 stays 0.10 in every spreadsheet program; typed numbers are welcome as well.
What XML or a spreadsheet program would change (spaces at the ends, carriage returns) travels as `_x0020_`, in the way
the file format itself provides; once a person has retyped the cell, such spaces are gone, which is what they meant.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

from criteria.model import ParameterRef
from criteria.sheets import Field

PARAMETER = "parameter:"
YES = ("yes", "ja", "true", "sant", "x", "1")
NO = ("no", "nej", "false", "falskt", "0")
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,15})?")
_ESCAPED = re.compile(r"_x([0-9A-CE-Fa-ce-f][0-9A-Fa-f]{3}|[Dd][0-7][0-9A-Fa-f]{2})_")
"""All but halves of characters, which are no text."""
_SPACE = re.compile(r"^\s+|\s+\Z|[\x00-\x08\x0b-\x1f\ufffe\uffff]+")


class CellError(ValueError):
    """The cell cannot be read; code and values of the finding."""

    def __init__(self, code: str, **values: object) -> None:
        self.code, self.values = code, values
        super().__init__(code)


def write(field: Field, value: object) -> str:
    """The cell's text; empty for what is not there."""
    if value is None:
        return ""
    return _WRITE[field.form](field, value)


def read(field: Field, cell: object) -> object:
    """The plain value of a cell that is not empty, as the YAML of a standard would give it. Raises `CellError`."""
    return _READ[field.form](field, cell)


def escape(text: str) -> str:
    """What would not survive a spreadsheet, written so that it does."""
    text = re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005f_", text)
    text = text.replace("x005F_", "_x0078_005F_")  # openpyxl drops these letters wherever it reads them
    return _SPACE.sub(lambda found: "".join(f"_x{ord(each):04X}_" for each in found[0]), text)


def said(cell: object) -> str:  # noqa: PLR0911 one answer per kind of cell
    """The text of a cell, whatever kind of value the spreadsheet program made of it; never with spaces at the ends."""
    match cell:
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case float():
            number = Decimal(repr(cell))
            return format(number.to_integral() if number == number.to_integral() else number, "f")
        case datetime():
            return cell.date().isoformat()
        case date():
            return cell.isoformat()
        case str():
            return unicodedata.normalize("NFC", _ESCAPED.sub(lambda found: chr(int(found[1], 16)), cell.strip()))
        case _:
            return str(cell).strip()


def _text(field: Field, cell: object) -> object:
    if isinstance(cell, float) and field.name in ("edition", "origin.edition"):
        raise CellError("cell-number", value=said(cell))
    return said(cell)


def _flag(_field: Field, cell: object) -> object:
    word = said(cell).lower()
    if word in YES or word in NO:
        return word in YES
    raise CellError("cell-flag", value=said(cell))


def _number(_field: Field, cell: object) -> object:
    text = said(cell).replace("\u2212", "-").replace("\xa0", "").replace(" ", "")
    text = text.replace(",", ".") if text.count(",") == 1 and "." not in text else text
    if not _NUMBER.fullmatch(text) or isinstance(cell, bool | date):
        raise CellError("cell-not-number", value=said(cell))
    return Decimal(text) if "." in text else int(text)


def _whole(field: Field, cell: object) -> object:
    number = _number(field, cell)
    if number != int(str(number).partition(".")[0]):
        raise CellError("cell-not-number", value=said(cell))
    return int(str(number).partition(".")[0])


def _limit(field: Field, cell: object) -> object:
    text = said(cell)
    if text.lower().startswith(PARAMETER):
        return {"parameter": text[len(PARAMETER) :].strip()}
    return _number(field, cell)


def _list(_field: Field, cell: object) -> object:
    return [each.strip() for each in said(cell).replace(";", ",").replace("\n", ",").split(",") if each.strip()]


def _list_or_word(field: Field, cell: object) -> object:
    text = said(cell)
    return text.lower() if text.lower() in field.choices else _list(field, cell)


def _choice(field: Field, cell: object) -> object:
    text = said(cell)
    return next((each for each in field.choices if each.lower() == text.lower()), text)


def _joined(field: Field, value: object) -> str:
    words = [str(each) for each in value] if isinstance(value, tuple) else []
    if any(re.search(r"[,;\n]", each) or each.strip() != each or not each for each in words):
        raise CellError("workbook-cannot", what=field.name)
    alone = not words or (len(words) == 1 and words[0].lower() in field.choices and field.form == "list-or-word")
    return ", ".join(words) + ("," if alone else "")


def _plain(_field: Field, value: object) -> str:
    if isinstance(value, ParameterRef):
        return f"{PARAMETER} {value.parameter}"
    return format(value, "f") if isinstance(value, Decimal) else escape(str(value))


def _yes_no(_field: Field, value: object) -> str:
    return "yes" if value else "no"


_WRITE: dict[str, Callable[[Field, object], str]] = {
    "text": _plain,
    "choice": _plain,
    "flag": _yes_no,
    "whole": _plain,
    "number": _plain,
    "limit": _plain,
    "list": _joined,
    "list-or-word": lambda field, value: value if isinstance(value, str) else _joined(field, value),
}
_READ: dict[str, Callable[[Field, object], object]] = {
    "text": _text,
    "words": _text,
    "choice": _choice,
    "flag": _flag,
    "whole": _whole,
    "number": _number,
    "limit": _limit,
    "list": _list,
    "list-or-word": _list_or_word,
}
