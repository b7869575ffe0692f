"""Whether plain values fit the format, with every fault named; msgspec alone would stop at the first."""

import difflib
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import msgspec
from msgspec import inspect

from criteria.findings import Fault, Path
from criteria.sentences import mend

_KINDS = {
    bool: ("ja eller nej", "true or false"),
    int: ("ett tal", "a number"),
    Decimal: ("ett tal", "a number"),
    str: ("en text", "a text"),
    list: ("en lista", "a list"),
    dict: ("nycklar med värden", "keys with values"),
    type(None): ("tomt", "nothing"),
}


def fit(value: object, wanted: inspect.Type, path: Path = ()) -> Iterator[Fault]:
    """Every way in which the value is not what the format wants."""
    hint = ""
    while isinstance(wanted, inspect.Metadata):
        hint = str((wanted.extra_json_schema or {}).get("description", "")) or hint
        wanted = wanted.type
    if isinstance(wanted, inspect.StrType):
        yield from _text(value, wanted, path, hint)
    elif value is None and not isinstance(wanted, inspect.UnionType):
        yield Fault(code="value-missing", path=path)
    else:
        yield from _FITS[type(wanted)](value, wanted, path)


def nearest(word: str, known: list[str]) -> dict[str, str]:
    """The proposal for a misspelt word, ready for its sentence."""
    close = difflib.get_close_matches(word[:64].lower(), [each.lower() for each in known], n=1, cutoff=0.6)
    return mend(next((each for each in known if close and each.lower() == close[0]), ""))


def _union(value: object, wanted: inspect.UnionType, path: Path) -> Iterator[Fault]:
    kinds = [kind for kind in wanted.types if not isinstance(kind, inspect.NoneType)]
    if value is None and len(kinds) < len(wanted.types):
        return
    structs = [kind for kind in kinds if isinstance(kind, inspect.StructType)]
    if isinstance(value, dict) and len(structs) > 1:
        yield from _tagged(value, structs, path)
        return
    yield from fit(value, next((kind for kind in kinds if _likely(value, kind)), kinds[0]), path)


def _likely(value: object, kind: inspect.Type) -> bool:
    """Whether the author probably meant this branch."""
    match value:
        case dict():
            return isinstance(kind, inspect.StructType | inspect.DictType)
        case list():
            return isinstance(kind, inspect.VarTupleType)
        case str():
            return isinstance(kind, inspect.LiteralType | inspect.StrType | inspect.Metadata)
        case bool():
            return isinstance(kind, inspect.BoolType)
        case _:
            return isinstance(kind, inspect.DecimalType | inspect.IntType)


def _tagged(value: dict[str, object], structs: list[inspect.StructType], path: Path) -> Iterator[Fault]:
    field = str(structs[0].tag_field)
    by_tag = {str(each.tag): each for each in structs}
    tag = value.get(field)
    if tag is None:
        yield Fault(code="key-missing", path=path, values={"key": field})
    elif isinstance(tag, str) and tag in by_tag:
        yield from _struct(value, by_tag[tag], path)
    else:
        yield _unknown(tag, list(by_tag), (*path, field))


def _struct(value: object, wanted: inspect.StructType, path: Path) -> Iterator[Fault]:
    if not isinstance(value, dict):
        yield _wrong(value, dict, path)
        return
    fields = {field.encode_name: field for field in wanted.fields}
    for key, each in value.items():
        if key in fields:
            yield from fit(each, fields[key].type, (*path, key))
        elif key != wanted.tag_field:
            values = {"key": key, **nearest(key, [name for name in fields if name not in value])}
            yield Fault(code="unknown-key", path=(*path, key), values=values, at_key=True)
    for name, field in fields.items():
        if field.required and name not in value:
            yield Fault(code="key-missing", path=path, values={"key": name})


def _dict(value: object, wanted: inspect.DictType, path: Path) -> Iterator[Fault]:
    if not isinstance(value, dict):
        yield _wrong(value, dict, path)
        return
    for key, each in value.items():
        yield from fit(key, wanted.key_type, (*path, key))
        yield from fit(each, wanted.value_type, (*path, key))


def _list(value: object, wanted: inspect.VarTupleType, path: Path) -> Iterator[Fault]:
    if not isinstance(value, list):
        yield _wrong(value, list, path)
        return
    yield from _length(len(value), wanted.min_length, wanted.max_length, path)
    for place, each in enumerate(value):
        yield from fit(each, wanted.item_type, (*path, place))


def _text(value: object, wanted: inspect.StrType, path: Path, hint: str) -> Iterator[Fault]:
    if value is None:
        yield Fault(code="value-missing", path=path)
    elif isinstance(value, int | Decimal):
        shown = str(value).lower() if isinstance(value, bool) else str(value)
        yield Fault(code="unquoted", path=path, values={"value": shown})
    elif not isinstance(value, str):
        yield _wrong(value, str, path)
    else:
        short = list(_length(len(value), wanted.min_length, wanted.max_length, path))
        yield from short
        if wanted.pattern and not short and not re.search(wanted.pattern, value):
            known = hint or wanted.pattern.removeprefix("^").removesuffix("\\Z")
            yield Fault(code="form", path=path, values={"value": value, "wanted": known})


def _literal(value: object, wanted: inspect.LiteralType, path: Path) -> Iterator[Fault]:
    if isinstance(value, list | dict):
        yield _wrong(value, type(wanted.values[0]), path)
    elif isinstance(value, bool) or value not in wanted.values:
        if str(value) in wanted.values:
            yield Fault(code="unquoted", path=path, values={"value": str(value)})
        elif isinstance(value, str) and value in map(str, wanted.values):
            yield Fault(code="quoted-number", path=path, values={"value": value})
        else:
            yield _unknown(value, [str(each) for each in wanted.values], path)


def _int(value: object, wanted: inspect.IntType, path: Path) -> Iterator[Fault]:
    if not _is_number(value) or not isinstance(value, int):
        yield from _no_number(value, path)
    elif (wanted.ge is not None and value < wanted.ge) or (wanted.le is not None and value > wanted.le):
        yield Fault(code="out-of-range", path=path, values={"value": value, "least": wanted.ge, "most": wanted.le})


def _decimal(value: object, _wanted: inspect.DecimalType, path: Path) -> Iterator[Fault]:
    if not _is_number(value):
        yield from _no_number(value, path)


def _is_number(value: object) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _no_number(value: object, path: Path) -> Iterator[Fault]:
    if isinstance(value, str) and re.fullmatch(r"-?\d{1,15}(\.\d{1,15})?", value):
        yield Fault(code="quoted-number", path=path, values={"value": value})
    else:
        yield _wrong(value, int, path)


def _bool(value: object, _wanted: inspect.BoolType, path: Path) -> Iterator[Fault]:
    if not isinstance(value, bool):
        yield _wrong(value, bool, path)


def _length(length: int, least: int | None, most: int | None, path: Path) -> Iterator[Fault]:
    if least is not None and length < least:
        yield Fault(code="too-short", path=path, values={"least": least})
    if most is not None and length > most:
        yield Fault(code="too-long", path=path, values={"length": length, "most": most})


def _unknown(value: object, choices: list[str], path: Path) -> Fault:
    values: dict[str, object] = {"value": value, "choices": ", ".join(choices), **nearest(str(value), choices)}
    return Fault(code="unknown-choice", path=path, values=values)


def _wrong(value: object, wanted: type, path: Path) -> Fault:
    (wanted_sv, wanted_en), (found_sv, found_en) = _KINDS[wanted], _KINDS[type(value)]
    found: dict[str, object] = {
        "wanted_sv": wanted_sv,
        "wanted_en": wanted_en,
        "found_sv": found_sv,
        "found_en": found_en,
    }
    return Fault(code="wrong-kind", path=path, values=found)


def described(kind: type) -> inspect.Type:
    """What the format says about a struct; costly, so callers keep it."""
    return msgspec.inspect.type_info(kind)


_FITS: dict[type, Callable[[object, Any, Path], Iterator[Fault]]] = {
    inspect.UnionType: _union,
    inspect.LiteralType: _literal,
    inspect.IntType: _int,
    inspect.DecimalType: _decimal,
    inspect.BoolType: _bool,
    inspect.StructType: _struct,
    inspect.DictType: _dict,
    inspect.VarTupleType: _list,
}
