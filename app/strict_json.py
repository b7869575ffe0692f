"""JSON from strangers, read so that no two readers can see two documents in it.

A key given twice, a number that is none and nesting without end are refused before anything is made of them.
"""

import json
import re
from typing import Any

LARGEST = 2_000_000
DEEPEST = 40
_MARKS = re.compile(rb'"(?:[^"\\]|\\.)*+"|[\[{]|[\]}]', re.DOTALL)


class UnreadableJsonError(ValueError):
    """It is not JSON of the kind we read; `reason` is short and holds nothing of the content."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def read_object(data: bytes, largest: int = LARGEST) -> dict[str, Any]:
    """One JSON object; raises `UnreadableJsonError`."""
    if len(data) > largest:
        raise UnreadableJsonError("size")
    _require_shallow(data)
    try:
        found = json.loads(data.decode(), object_pairs_hook=_once, parse_constant=_no_constant)
    except UnreadableJsonError:
        raise
    except (ValueError, RecursionError) as fault:
        raise UnreadableJsonError("syntax") from fault
    if not isinstance(found, dict):
        raise UnreadableJsonError("not-an-object")
    return found


def _require_shallow(data: bytes) -> None:
    depth = 0
    for mark in _MARKS.finditer(data):
        found = mark[0]
        depth += (found in b"[{") - (found in b"]}")
        if depth > DEEPEST:
            raise UnreadableJsonError("depth")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise UnreadableJsonError("duplicate")
    return found


def _no_constant(_name: str) -> None:
    raise UnreadableJsonError("number")
