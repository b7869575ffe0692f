"""Which sheets and columns a standard has as a workbook, found in the model, so that no new field is forgotten.

A list of things becomes a sheet, its place in the tree becomes the columns that name its owner, a text becomes one
column per language, and small parts such as `methods` become columns of what they belong to.
"""

import ast
import inspect as python
from collections.abc import Iterator
from functools import cache
from typing import Literal

from msgspec import NODEFAULT, Struct, inspect

from criteria import model
from criteria.fit import described
from criteria.model import Edition

STANDARD = "standard"
"""The sheet of the edition itself: one thing, so it is written downwards."""
_ONE = {
    "modules": "module", "outcomes": "outcome", "criteria": "criterion", "facts": "fact", "tables": "table",
    "variants": "variant",
}  # fmt: skip
"""What one thing of a list is called where others name it as their owner."""
_EVERYWHERE = ("modules", "outcomes", "criteria", "tables")
"""Ids that are unique in the whole edition: whoever is inside needs to name no more than them."""
Form = Literal["text", "words", "choice", "flag", "whole", "number", "limit", "list", "list-or-word"]


class Field(Struct, frozen=True, kw_only=True):
    """One column, or one per language when its form is `words`."""

    path: tuple[str, ...]
    form: Form
    choices: tuple[str, ...] = ()
    required: bool = False
    default: object = None
    help: str = ""
    tags: tuple[str, ...] = ()
    """Kinds of fact that have this field; empty: all."""

    @property
    def name(self) -> str:
        """What stands in the header, before the language."""
        return ".".join(self.path)


class Layout(Struct, frozen=True, kw_only=True):
    """One sheet: whose things it lists, how an owner is named, and the columns of a thing itself."""

    name: str
    key: str
    """The field of the owner that holds the list."""
    owner: str
    """Sheet of the owner; empty for the edition."""
    owners: tuple[str, ...]
    """Columns that name the owner, outermost first."""
    own: str
    """The field that names a thing of this sheet, if it has a name."""
    fields: tuple[Field, ...]
    tag: str = ""
    tags: tuple[str, ...] = ()
    help: str = ""
    bare: bool = False
    """The thing is a text and nothing else."""


@cache
def layouts() -> tuple[Layout, ...]:
    """All sheets, the edition first and owners before what they own."""
    kind = bare(described(Edition))
    assert isinstance(kind, inspect.StructType)  # noqa: S101 for mypy: the model is what it is
    top = Layout(
        name=STANDARD, key="", owner="", owners=(), own="", fields=tuple(_fields(kind)), help=_class_help("Edition")
    )
    found = [top]
    _below(found, [kind], top)
    return tuple(found)


def bare(kind: inspect.Type) -> inspect.Type:
    """The kind without its conditions and without being optional."""
    while True:
        if isinstance(kind, inspect.Metadata):
            kind = kind.type
        elif isinstance(kind, inspect.UnionType) and any(isinstance(each, inspect.NoneType) for each in kind.types):
            rest = [each for each in kind.types if not isinstance(each, inspect.NoneType)]
            if len(rest) > 1:
                return inspect.UnionType(tuple(rest))
            kind = rest[0]
        else:
            return kind


def _below(found: list[Layout], kinds: list[inspect.StructType], owner: Layout) -> None:
    waiting = []
    for kind in kinds:
        for field in kind.fields:
            things = _things(bare(field.type))
            if things is not None:
                layout = _layout(found, field.encode_name, things, owner)
                found.append(layout)
                waiting.append((things, layout))
    for things, layout in waiting:
        _below(found, things, layout)


def _layout(found: list[Layout], key: str, things: list[inspect.StructType], owner: Layout) -> Layout:
    one = _ONE.get(owner.key)
    owners = () if not one else (one,) if owner.key in _EVERYWHERE else (*owner.owners, one)
    name = f"{_ONE[owner.key]} {key}" if any(each.name == key for each in found) else key
    tags = tuple(str(each.tag) for each in things) if len(things) > 1 else ()
    fields = _merged(things) if things else [Field(path=("text",), form="words", required=True)]
    own = next((each.name for each in fields if each.name in ("id", "key")), "")
    return Layout(
        name=name,
        key=key,
        owner=owner.name,
        owners=owners,
        own=own,
        fields=tuple(fields),
        tag=str(things[0].tag_field) if tags else "",
        tags=tags,
        help=" ".join(dict.fromkeys(_class_help(each.cls.__name__) for each in things)),
        bare=not things,
    )


def _merged(things: list[inspect.StructType]) -> list[Field]:
    """The columns of all kinds of thing on one sheet; the same column for the same field."""
    found: dict[tuple[tuple[str, ...], Form], Field] = {}
    for thing in things:
        for field in _fields(thing):
            known = found.get((field.path, field.form))
            tags = (*(known.tags if known else ()), str(thing.tag)) if len(things) > 1 else ()
            base = known or field
            found[field.path, field.form] = Field(
                path=base.path,
                form=base.form,
                choices=base.choices,
                required=base.required,
                default=base.default,
                help=base.help,
                tags=tags,
            )
    return [
        field if set(field.tags) != {str(each.tag) for each in things} else _for_all(field) for field in found.values()
    ]


def _for_all(field: Field) -> Field:
    return Field(
        path=field.path,
        form=field.form,
        choices=field.choices,
        required=field.required,
        default=field.default,
        help=field.help,
    )


def _things(kind: inspect.Type) -> list[inspect.StructType] | None:
    """What a list holds if its things have a sheet of their own; empty for a list of texts in several languages."""
    if not isinstance(kind, inspect.VarTupleType):
        return None
    item = bare(kind.item_type)
    if isinstance(item, inspect.DictType):
        return []
    if isinstance(item, inspect.StructType):
        return [item]
    if isinstance(item, inspect.UnionType):
        return [each for each in item.types if isinstance(each, inspect.StructType)] or None
    return None


def _fields(kind: inspect.StructType, before: tuple[str, ...] = (), needed: bool = True) -> Iterator[Field]:
    helps = _field_help(kind.cls.__name__)
    for field in kind.fields:
        held, path, required = bare(field.type), (*before, field.encode_name), needed and field.required
        if _things(held) is not None:
            continue
        if isinstance(held, inspect.StructType) and not _is_reference(held):
            yield from _fields(held, path, required)
            continue
        form, choices = _form(held)
        default = None if field.required or field.default is NODEFAULT else field.default
        said = " ".join(each for each in (helps.get(field.name, ""), _condition(field.type)) if each)
        yield Field(path=path, form=form, choices=choices, required=required, default=default, help=said)


def _form(kind: inspect.Type) -> tuple[Form, tuple[str, ...]]:
    match kind:
        case inspect.LiteralType():
            numbers = all(isinstance(each, int) for each in kind.values)
            return "whole" if numbers else "choice", tuple(str(each) for each in kind.values)
        case inspect.VarTupleType():
            return "list", _form(bare(kind.item_type))[1]
        case inspect.UnionType():
            inner = [bare(each) for each in kind.types]
            if any(isinstance(each, inspect.VarTupleType) for each in inner):
                words = next(each for each in inner if isinstance(each, inspect.LiteralType))
                return "list-or-word", tuple(str(each) for each in words.values)
            return "limit", ()
        case _:
            return _SIMPLE[type(kind)], ()


def _is_reference(kind: inspect.StructType) -> bool:
    return kind.cls is model.ParameterRef


def _condition(kind: inspect.Type) -> str:
    """The description the format gives, for example `date in quotes`, without the part about quotes."""
    while not isinstance(kind, inspect.Metadata):
        if not isinstance(kind, inspect.UnionType):
            return ""
        kind = next(each for each in kind.types if not isinstance(each, inspect.NoneType))
        if isinstance(kind, inspect.UnionType):
            return ""
    said = str((kind.extra_json_schema or {}).get("description", ""))
    return said.replace(", in quotes", "").replace(" in quotes", "").replace('"', "")


@cache
def _classes() -> dict[str, ast.ClassDef]:
    tree = ast.parse(python.getsource(model))
    return {each.name: each for each in tree.body if isinstance(each, ast.ClassDef)}


def _class_help(name: str) -> str:
    return " ".join((ast.get_docstring(_classes()[name]) or "").split())


@cache
def _field_help(name: str) -> dict[str, str]:
    """The sentence below a field in the model: Python itself forgets it."""
    found: dict[str, str] = {}
    last = ""
    for each in _classes()[name].body:
        if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name):
            last = each.target.id
        elif isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant) and last:
            found[last] = " ".join(str(each.value.value).split())
    return found


_SIMPLE: dict[type[inspect.Type], Form] = {
    inspect.StrType: "text",
    inspect.DictType: "words",
    inspect.BoolType: "flag",
    inspect.IntType: "whole",
    inspect.DecimalType: "number",
}
