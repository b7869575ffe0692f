"""Hostile and malformed inputs with the refusal each must get; made here, so that every one of them can be read."""

import base64
import hashlib
import io
import json
import struct
import zlib
from collections.abc import Iterator
from typing import Any, NamedTuple

from faulty import SOUND
from PIL import Image

CONTROLS = [chr(n) for n in (*range(1, 9), 11, 12, *range(14, 32), 127, *range(0x80, 0x85), *range(0x86, 0xA0))]
BIDI = list("\u202a\u202b\u202d\u202e\u2066\u2067\u2068")
DEEP = 100_000
FREE = ("language", "replaces", "source", "reason", "methods", "tightened", "originals", "decision")
"""Fields in which some junk is right, or falls back to something that is."""


class Hostile(NamedTuple):
    """One input; `refusal` is what the reader must say, several words where more than one is right."""

    name: str
    data: bytes
    refusal: tuple[str, ...]


def yaml() -> Iterator[Hostile]:
    """For the reader of standards."""
    good = SOUND

    def put(text: str) -> bytes:
        return good.replace("Yrkets namn", text, 1).encode(errors="surrogatepass")

    yield from (Hostile(f"control {ord(c):#x}", put(f"a{c}b"), ("character", "yaml")) for c in CONTROLS)
    yield from (Hostile(f"bidi {ord(c):#x}", put(f"a{c}b"), ("character",)) for c in BIDI)
    for escape in ("\\0", "\\x07", "\\u202e", "\\e"):
        yield Hostile(f"escaped {escape}", put(f'"a{escape}b"'), ("character",))
    for tag in ("!!python/name:os.system", "!!python/object/new:os.system [ls]", "!!binary aGVq", "!!set {a}", "!x y",
                "!<tag:yaml.org,2002:str> a", "!!float 1", "!!omap [a: 1]", "!!timestamp 2026-01-01"):  # fmt: skip
        yield Hostile(f"tag {tag}", f"a: {tag}\n".encode(), ("tag",))
    yield Hostile("anchor", b"a: &x 1\nb: 2", ("anchor",))
    yield Hostile("alias", b"a: &x [1]\nb: *x", ("anchor", "alias"))
    yield Hostile("alias to nothing", b"a: *x", ("alias", "yaml", "anchor"))
    yield Hostile("merge", b"a: {b: 1}\nc:\n  <<: {d: 1}", ("merge-key",))
    for text in (b"a: 1\na: 2", b'"a": 1\na: 2', b"a: {b: 1, b: 1}", b"a: 1\n? a\n: 2"):
        yield Hostile(f"twice {text!r}", text, ("key-repeated",))
    for mark in (b"[", b"{", b"- ", b"? ", b"[{a: ", b"((", b"!!x ", b"&a ", b"|\n ", b"'", b'"', b"\t", b"{?"):
        yield Hostile(f"{mark!r} without end", mark * DEEP, ("any",))
        yield Hostile(f"{mark!r} behind a key", b"a: " + mark * DEEP, ("any",))
    for text in (
        b"--- a\n--- b",
        b"%YAML 1.2\n---\na: 1",
        b"%TAG ! tag:x,2026:\n---\n!a b",
        b"a: 1\n...\nb: 2",
        b"---\n---",
    ):
        yield Hostile(f"documents {text!r}", text, ("any",))
    for text in (b"", b"\n", b"#", b"---", b"~", b"true", b"[]", b"{}", b"''", b"\xff\xfe", b"\xef\xbb\xbf", b"\xc3", b"\xf8\x88\x80\x80\x80", b"\xed\xa0\x80", b"\xc0\xaf", b"a: \xff"):  # fmt: skip # noqa: E501 a list
        yield Hostile(f"nothing {text!r}", text, ("any",))
    for size in (2_000_002, 9_000_000):
        yield Hostile(f"{size} spaces", b" " * size, ("any",))
        yield Hostile(f"{size} letters", b"a: " + b"x" * size, ("any",))
    for cut in range(200, len(good.encode()), len(good.encode()) // 12):
        yield Hostile(f"torn at {cut}", good.encode()[:cut], ("any",))


def _junk() -> list[Any]:
    return [None, True, -1, 10**30, 1.5, "", "\u202e", "x" * 100_000, [], {}, [[]], {"a": {"b": []}}]


def _spots(value: Any, path: tuple = ()) -> Iterator[tuple]:
    if path:
        yield path
    children = value.items() if isinstance(value, dict) else enumerate(value[:1]) if isinstance(value, list) else ()
    for key, each in children:
        yield from _spots(each, (*path, key))


def _put(value: Any, path: tuple, junk: Any) -> Any:
    made = json.loads(json.dumps(value))
    spot = made
    for key in path[:-1]:
        spot = spot[key]
    spot[path[-1]] = junk
    return made


def case_files(exported: bytes) -> Iterator[Hostile]:
    """For the import of cases; the hash is left out where it would hide what is behind it."""
    good = json.loads(exported)
    for text in (
        b"",
        b"[]",
        b"null",
        b"{",
        b'{"format": 1}',
        b"\xff",
        b"[" * DEEP,
        b'{"a":' * DEEP,
        b"NaN",
        b"PK\x03\x04",
    ):
        yield Hostile(f"no case {text[:20]!r}", text, ("case-file",))
    yield Hostile("changed under its hash", exported.replace(b"Erik", b"Eric", 1), ("case-file",))
    yield Hostile("letters of no alphabet", exported.replace(b"Erik", b"Er\xaak", 1), ("case-file",))
    yield Hostile("another format", exported.replace(b"intyga-case-1", b"intyga-case-2"), ("case-file",))
    yield Hostile("nested events", json.dumps(good).encode().replace(b'"events": [', b'"events": [{"a":' + b"[" * 5000 + b"]" * 5000 + b"},"), ("case-file", "invalid-events"))  # fmt: skip # noqa: E501 one input
    free = good | {"sha256": ""}
    for path in _spots(free):
        if path[0] == "case" and len(path) > 1 and path[-1] not in FREE:
            for number, junk in enumerate(_junk()):
                if number % 4 == sum(map(len, map(str, path))) % 4:
                    made = json.dumps(_put(free, path, junk)).encode()
                    yield Hostile(f"{'.'.join(map(str, path))} = {str(junk)[:20]!r}", made, ("any",))
    photo = next(iter(good["case"]["photos"]))
    for name, content in (("html", b"<script>alert(1)</script>"), ("head only", b"\xff\xd8\xff"), ("with a page behind", b"\xff\xd8\xff<html>")):  # fmt: skip # noqa: E501 a list
        text = json.dumps(free).replace(good["case"]["photos"][photo], base64.b64encode(content).decode())
        yield Hostile(
            f"photo: {name}", text.replace(photo, hashlib.sha256(content).hexdigest()).encode(), ("case-file", "photo")
        )


def batches(good: dict[str, Any]) -> Iterator[Hostile]:
    """For the gate of events."""
    for text in (b"{}", b"null", b"1", b'"x"', b"[null]", b"[[]]", b"[{}]", b"[1e999]", b'[{"kind": "score"}]'):
        yield Hostile(f"no batch {text!r}", text, ("invalid-events", "no-json"))
    yield Hostile("too many", json.dumps([good] * 101).encode(), ("invalid-events",))
    yield Hostile("deep", b"[" * 900 + b"]" * 900, ("invalid-events", "no-json"))
    for path in (path for path in _spots(good) if path[-1] not in FREE):
        for junk in _junk():
            yield Hostile(f"{path[0]} = {str(junk)[:20]!r}", json.dumps([_put(good, path, junk)]).encode(), ("any",))
    yield Hostile("one field more", json.dumps([good | {"admin": True}]).encode(), ("invalid-events",))


def _picture(form: str = "PNG", mode: str = "RGB", size: tuple[int, int] = (64, 48), **about: Any) -> bytes:
    out = io.BytesIO()
    Image.effect_noise(size, 40).convert(mode).save(out, form, **about)
    return out.getvalue()


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _png(width: int, height: int, *chunks: bytes, depth: int = 8, colour: int = 2) -> bytes:
    head = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunks) + _chunk(b"IEND", b"")


def pictures() -> Iterator[Hostile]:
    """For the photo child."""
    no = ("photo",)
    for form in (
        "GIF",
        "BMP",
        "TIFF",
        "ICO",
        "PPM",
        "TGA",
        "PCX",
        "EPS",
        "PDF",
        "SGI",
        "JPEG2000",
        "ICNS",
        "DDS",
    ):
        yield Hostile(form, _picture(form, size=(64, 64)), no)
    for text in (b"", b"x", b"\x00" * 1000, b"<svg/>", b"<html>", b"%PDF-1.7", b"PK\x03\x04", b"\x7fELF", b"#!/bin/sh", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\xff\xff\xff\xffWEBPVP8X", b"\x00\x00\x00\x18ftypheic", b"%!PS\n(x) run", b"P6 1 1 255 "):  # fmt: skip # noqa: E501 a list
        yield Hostile(f"no picture {text[:12]!r}", text, no)
    for form in ("PNG", "JPEG", "WEBP"):
        good = _picture(form)
        yield from (Hostile(f"{form} torn at {cut}", good[:cut], no) for cut in (3, 12, 33, 60, len(good) // 2))
        yield Hostile(f"{form} with a page behind", good + b"<script>alert(1)</script>" * 10, ("taken",))
        yield Hostile(f"{form} with an archive behind", good + b"PK\x03\x04" + bytes(100), ("taken",))
    for width, height in ((60_000, 60_000), (2**31 - 1, 2**31 - 1), (50_001, 1_000), (1, 2**31 - 1), (0, 0), (0, 5)):
        yield Hostile(f"PNG of {width}×{height}", _png(width, height, _chunk(b"IDAT", zlib.compress(bytes(100)))), no)
    bomb = zlib.compress(bytes(200_000_000), 9)
    yield Hostile(
        "PNG text bomb", _png(8, 8, _chunk(b"zTXt", b"a\0\0" + bomb), _chunk(b"IDAT", zlib.compress(bytes(200)))), no
    )
    yield Hostile("PNG profile bomb", _png(8, 8, _chunk(b"iCCP", b"a\0\0" + bomb), _chunk(b"IDAT", zlib.compress(bytes(200)))), ("photo", "taken"))  # fmt: skip # noqa: E501 one input
    yield Hostile("PNG data bomb", _png(8, 8, _chunk(b"IDAT", bomb)), ("photo", "taken"))
    yield Hostile("PNG wrong sum", _png(8, 8, b"\x00\x00\x00\x04IDATabcdWXYZ"), no)
    yield Hostile("PNG without data", _png(8, 8), no)
    yield Hostile("PNG depth 77", _png(8, 8, depth=77), no)
    yield Hostile("PNG colour 9", _png(8, 8, colour=9), no)
    yield Hostile("PNG chunk of 4 GB", b"\x89PNG\r\n\x1a\n\xff\xff\xff\xffIHDR", no)
    jpeg = _picture("JPEG")
    yield Hostile(
        "JPEG of 65,500 lines", jpeg.replace(struct.pack(">HH", 48, 64), struct.pack(">HH", 65_500, 65_500), 1), no
    )
    yield Hostile("JPEG bad tables", jpeg.replace(b"\xff\xc4", b"\xff\xdd"), ("photo", "taken"))
    for tag in (b"Exif\0\0MM\0*\xff\xff\xff\xff", b"Exif\0\0II*\0\x08\0\0\0\xff\xff" + bytes(50), b"http://ns.adobe.com/xap/1.0/\0<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>&b;"):  # fmt: skip # noqa: E501 a list
        block = b"\xff\xe1" + struct.pack(">H", len(tag) + 2) + tag
        yield Hostile(f"JPEG about {tag[:12]!r}", jpeg[:2] + block + jpeg[2:], ("photo", "taken"))


def documents(record: bytes, jwt: bytes, paper: bytes) -> Iterator[Hostile]:  # noqa: C901 a list, no logic
    """For the child that verifies; nothing here may ever be called unchanged."""
    no = ("refused",)
    for text in (b"", b" ", b"\x00" * 1000, b"PK\x03\x04", b"<html>", b"<svg/>", b"<!DOCTYPE a [<!ENTITY b 'c'>]><svg>&b;</svg>", b"MZ", b"\xff\xd8\xff", b"[]", b"{}", b"null", b"{" * DEEP, b'{"a":' * DEEP, b"a.b.c", b"a" * 10_000, b".." , b"e30.e30.", b"%PDF-", b"%PDF-1.7\n%%EOF", b"%FDF-1.2", b"\x89PNG\r\n\x1a\n" + bytes(50), b"<svg>" * DEEP):  # fmt: skip # noqa: E501 a list
        yield Hostile(f"no document {text[:16]!r}", text, no)
    for inside in (b"<<" * DEEP, b"[" * DEEP, b"1 0 obj<</Length 99999999>>stream\n", b"xref\n0 99999999\n", b"startxref\n99999999\n%%EOF", b"startxref\n0\n%%EOF", b"trailer<</Prev 0/Size 99999999999>>\nstartxref\n9\n%%EOF", b"1 0 obj 1 0 R endobj trailer<</Root 1 0 R>> startxref 9 %%EOF", b"(" * DEEP, b"<" * (DEEP + 1), b"/" * DEEP, b"1 " * DEEP, b"%" * DEEP):  # fmt: skip # noqa: E501 a list
        yield Hostile(f"PDF {inside[:20]!r} {len(inside)}", b"%PDF-1.7\n" + inside, no)
    for cut in range(9, len(paper), len(paper) // 9):
        yield Hostile(f"paper torn at {cut}", paper[:cut], no)
    for old, new in ((b"/ByteRange", b"/ByteRang3"), (b"/Contents <", b"/Contents ("), (b"/Root ", b"/Root 0 0 R%"), (b"/Sig", b"/Sin"), (b"startxref\n", b"startxref\n9"), (b"/Prev ", b"/Prev 9"), (b"/SubFilter", b"/SubFilteR"), (b"adbe", b"aaaa"), (b"ETSI.CAdES.detached", b"adbe.x509.rsa_sha1")):  # fmt: skip # noqa: E501 a list
        if old in paper:
            yield Hostile(f"paper with {new!r}", paper.replace(old, new), no)
    good = json.loads(record)
    for path in _spots(good):
        if path[0] != "@context" and len(path) < 3:
            for junk in _junk()[::3] if len(path) == 1 else [None, "x"]:
                yield Hostile(f"record {'.'.join(map(str, path))} = {str(junk)[:20]!r}", json.dumps(_put(good, path, junk)).encode(), no)  # fmt: skip # noqa: E501 one input
    for tail in (b"{}", b",", b"}", b"\x00", b'{"a":1}'):
        yield Hostile(f"record then {tail!r}", record + tail, no)
    yield Hostile("record with a key twice", record.replace(b"{", b'{"issuer":"x",', 1), no)
    yield Hostile("record in UTF-16", record.decode().encode("utf-16"), no)
    head, body, mark = jwt.split(b".")
    for made in ({"alg": "none"}, {"alg": "HS256"}, {"alg": "EdDSA", "kid": "../../etc/passwd"}, {"alg": "EdDSA", "jku": "http://127.0.0.1/"}, {"alg": "EdDSA", "crit": ["x"]}, {}):  # fmt: skip # noqa: E501 a list
        other = base64.urlsafe_b64encode(json.dumps(made).encode()).rstrip(b"=")
        yield Hostile(f"JWT {made}", b".".join((other, body, mark)), no)
        yield Hostile(f"JWT {made} unsigned", b".".join((other, body, b"")), no)
    yield Hostile("JWT other body", b".".join((head, body[:-4] + b"AAAA", mark)), no)
    yield Hostile("JWT other mark", b".".join((head, body, mark[:-4] + b"AAAA")), no)


LITERAL = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</textarea><b>", "\"><b a='", "&lt;b&gt; & &amp;",
    "{{ 7*7 }}", "{% raise %}", "${7*7}", "#{7*7}", "%(name)s %s %d", "{0} {name}", '=HYPERLINK("http://x","y")',
    "+46 70", "-1+1", "@SUM(A1)", "' OR 1=1 --", "\\\\host\\share", "\\u0041 \\n", "C:\\temp", "%00%0d%0a",
    "]]>", "<!-- x -->", "<![CDATA[x]]>", "javascript:alert(1)", "Łódź Ångström Ðorđe", "שלום עולם", "مرحبا", "日本語",
    "e\u0301 \u00e9", "ﬁ ½ № ™", "👩‍🔧", "a\u00a0b", "a\u200bb", "\u200fx", "I\u0307stanbul ıİ",
)  # fmt: skip
"""What people may write and must get back letter by letter."""
