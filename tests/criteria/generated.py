"""Editions that nobody would write, made from the model itself: every field in every state, every kind of text."""

import unicodedata
from decimal import Decimal

import msgspec
from hypothesis import strategies as st
from msgspec import inspect

from criteria.fit import described
from criteria.guard import FORBIDDEN
from criteria.model import Edition, ParameterRef

TAGS = ("sv", "en", "lattlast", "el", "mi", "nb")
# fmt: off
ODD = [
    "=1+1", "+46 8", "-5", "@SUM(A1)", "#N/A", "TRUE", "null", "no", "2026.10", "1e5", "_x0041_",
    "x005F_", "_x005F_x000D_",
    " spaces at both ends ", "line\nline", "\nstart", "line\r\nline", "tab\there",
    "a, b; c", "'quoted'", '"quoted"', "# no: yes",
    "åäö æøå Ελληνικά", "Te reo Māori", "𝄞 🦺", "a\u00a0b", "- x", "{a: b}", "[x]", "%",
    "back\\slash", "<b>&amp;</b>", "]]>",
]
# fmt: on
PATTERNS = {
    r"^[a-z][a-z0-9]*(-[a-z0-9]+)*\Z": ["fiber", "drift-va-2"],
    r"^[A-Za-z][A-Za-z0-9_.-]*\Z": ["a", "M1", "all", "any", "x_1.b-C"],
    r"^\d{4}\.\d{1,3}\Z": ["2026.1", "2026.10", "2027.100"],
    r"^[0-9a-f]{64}\Z": ["0" * 64],
    r"^\d{4}-\d{2}-\d{2}\Z": ["2026-01-31", "2028-02-29"],
    r"^PT\d{1,4}H\Z": ["PT0H", "PT24H"],
    r"^[A-Z]{2}\Z": ["SE", "NO"],
    r"^\d{6}-\d{4}\Z": ["556000-0167"],
}
LINES = st.one_of(
    st.sampled_from(ODD),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30)
    .map(lambda text: unicodedata.normalize("NFC", text))
    .filter(lambda text: text.strip() and not FORBIDDEN.search(text)),
)
TEXTS = st.dictionaries(st.sampled_from(TAGS[1:]), LINES, max_size=2).flatmap(
    lambda rest: LINES.map(lambda sv: {"sv": sv, **rest})
)
NUMBERS = st.one_of(
    st.decimals(-1000, 1000, places=3),
    st.decimals(0, 10, places=0),
    st.sampled_from([Decimal("0.10"), Decimal("-0.0")]),
)


@st.composite
def editions(draw):
    """One edition; ids are unique where the linter wants them to be."""
    counter = iter(range(10_000))
    edition = draw(_kind(described(Edition), counter))
    return msgspec.structs.replace(edition, languages=TAGS, complete=())


def _kind(kind, counter, name=""):  # noqa: C901, PLR0911 one case per kind of type
    match kind:
        case inspect.Metadata():
            return _kind(kind.type, counter, name)
        case inspect.StrType():
            if name in ("id", "key"):
                return st.builds(lambda: f"i{next(counter)}")
            return st.sampled_from(PATTERNS[kind.pattern]) if kind.pattern else _short(kind)
        case inspect.DictType():
            return TEXTS
        case inspect.BoolType():
            return st.booleans()
        case inspect.IntType():
            return st.integers(kind.ge or 0, min(kind.le or 9, 9 + (kind.ge or 0)))
        case inspect.DecimalType():
            return NUMBERS
        case inspect.LiteralType():
            return st.sampled_from(kind.values)
        case inspect.NoneType():
            return st.none()
        case inspect.UnionType():
            return st.one_of(*(_kind(each, counter, name) for each in kind.types))
        case inspect.VarTupleType():
            most = max(2, kind.min_length or 0)
            return st.lists(_kind(kind.item_type, counter), min_size=kind.min_length or 0, max_size=most).map(tuple)
        case inspect.StructType():
            return _struct(kind, counter)
    raise AssertionError(kind)


def _short(kind):
    return LINES.map(lambda text: text[: kind.max_length].strip() or "x") if kind.max_length == 24 else LINES


def _struct(kind, counter):
    if kind.cls is ParameterRef:
        return st.builds(ParameterRef, st.sampled_from(["loss_max", "x"]))
    fields = {
        each.name: st.none() if each.encode_name == "origin" else _kind(each.type, counter, each.name)
        for each in kind.fields
    }
    return st.builds(kind.cls, **fields)
