"""JSON that two readers could read as two documents is read by none here."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.strict_json import LARGEST, UnreadableJsonError, read_object


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b'{"a": 1, "a": 2}', "duplicate"),
        (b'{"a": {"b": 1, "\\u0062": 2}}', "duplicate"),
        (b'{"a": NaN}', "number"),
        (b'{"a": -Infinity}', "number"),
        (b'{"a": ' + b"9" * 10_000 + b"}", "syntax"),
        (b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "depth"),
        (b"[" * 50, "depth"),
        (b'{"a": "' + b"[" * 50, "depth"),
        (b'{"a": "\xff"}', "syntax"),
        (b'\xef\xbb\xbf{"a": 1}', "syntax"),
        (b'{"a": 1} {"b": 2}', "syntax"),
        (b"[1]", "not-an-object"),
        (b"", "syntax"),
        (b"{" + b" " * LARGEST + b"}", "size"),
    ],
)
def test_hostile_json_is_refused_with_a_reason(data, reason):
    with pytest.raises(UnreadableJsonError) as refused:
        read_object(data)
    assert refused.value.reason == reason


def test_brackets_in_texts_are_no_nesting():
    assert read_object(b'{"a": "' + b"[{" * 100 + b'\\"[[["}')["a"].endswith('"[[[')


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data):
    with contextlib.suppress(UnreadableJsonError):
        assert isinstance(read_object(data), dict)
