"""JSON Schema of the file format, generated from the model, so that an editor helps while the author writes.

It describes what may be written in YAML, which differs from the resolved edition: numbers are numbers, and a module is
either the file's own or a `use`.
"""

import msgspec

from criteria.model import Edition, Use

ID = "https://intyga.example/schema/standard-1.json"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
_REF = "#/$defs/{name}"


def schema(identifier: str = ID) -> dict[str, object]:
    """JSON Schema 2020-12 with `identifier` as its `$id`."""
    _, components = msgspec.json.schema_components([Edition, Use], ref_template=_REF)
    found = {name: _written(each) for name, each in components.items()}
    edition = found.pop("Edition")
    edition["properties"]["modules"]["items"] = {"anyOf": [{"$ref": "#/$defs/Module"}, {"$ref": "#/$defs/Use"}]}
    del found["Module"]["properties"]["origin"]
    return {"$schema": DIALECT, "$id": identifier, **edition, "title": "Intyga standard", "$defs": found}


def _written(value: object) -> dict[str, dict[str, dict[str, object]]]:
    """One definition as it looks in a file; nested so that mypy lets us reach into it."""
    return _node(value)  # type: ignore[return-value] # JSON is what it is


def _node(value: object) -> object:
    match value:
        case {"type": "string", "format": "decimal"}:
            return {"type": "number"}
        case dict():
            return {key: _pattern(each) if key == "pattern" else _node(each) for key, each in value.items()}
        case list():
            return [_node(each) for each in value]
        case _:
            return value


def _pattern(value: object) -> object:
    """The end of a text is written in Python's way in the model; JSON Schema speaks ECMA-262."""
    return value.replace("\\Z", "$") if isinstance(value, str) else _node(value)
