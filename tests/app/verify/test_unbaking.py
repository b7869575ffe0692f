"""A badge speaks only through the record inside, and only when there is no doubt which record that is."""

import json
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from parts import AWARD, ORGANISATION, a_jwt, a_list, a_record, codes, results, trust, verify

from app.issue.baking import KEYWORD, NAMESPACE, SIGNATURE, bake_png, bake_svg
from app.issue.picture import Motif, png, svg
from app.verify.unbaking import UnreadablePictureError, from_png, from_svg

YES = ("yes", "yes", "yes")
RECORD = json.dumps(a_record(), ensure_ascii=False)
TOKEN = a_jwt().decode()
PNG, SVG = png(Motif(award=AWARD)), svg(Motif(award=AWARD))
BAKED = {
    "png with json": bake_png(PNG, RECORD),
    "png with a token": bake_png(PNG, TOKEN),
    "svg with json": bake_svg(SVG, RECORD),
    "svg with a token": bake_svg(SVG, TOKEN),
}


def an_svg(inside: str, head: str = "") -> bytes:
    return f'{head}<svg xmlns="http://www.w3.org/2000/svg" xmlns:ob="{NAMESPACE}">{inside}</svg>'.encode()


def an_element(text: str = RECORD, verify: str = "") -> str:
    return f"<ob:credential{verify}><![CDATA[{text}]]></ob:credential>"


@pytest.mark.parametrize("kind", BAKED)
def test_a_badge_answers_as_the_record_inside_does_and_says_that_its_picture_is_not_covered(kind):
    found = verify(BAKED[kind])
    assert results(found) == YES, codes(found)
    assert found.shown.issuer_name == ORGANISATION
    assert (found.checks[-1].name, found.checks[-1].result) == ("picture", "could-not-check")
    assert found.kind == ("jwt" if "token" in kind else "record")


@pytest.mark.parametrize("kind", BAKED)
def test_a_revoked_badge_is_no(kind):
    assert codes(verify(BAKED[kind], trust(lists=(a_list(4711),))))[2] == "revoked"


@pytest.mark.parametrize("kind", ["png with json", "svg with json"])
def test_a_changed_record_in_a_badge_is_no(kind):
    changed = RECORD.replace(AWARD.holder.name, "Somebody Else")
    baked = bake_png(PNG, changed) if kind.startswith("png") else bake_svg(SVG, changed)
    assert codes(verify(baked))[1] == "changed-proved"


@pytest.mark.parametrize("picture", [PNG, SVG.encode()], ids=["png", "svg"])
def test_a_picture_without_a_record_is_nothing_we_know(picture):
    assert codes(verify(picture))[1] == "unknown-kind"


def test_the_prefix_is_anybodys_choice_the_namespace_is_not():
    assert results(verify(an_svg(an_element()))) == YES
    other = an_svg(an_element()).replace(NAMESPACE.encode(), b"https://purl.imsglobal.org/ob/v2p0")
    assert codes(verify(other))[1] == "unknown-kind"


def test_a_foreign_picture_with_a_declaration_and_comments_is_read():
    head = '\ufeff<?xml version="1.0" encoding="UTF-8"?>\n<!-- drawn by hand -->\n'
    assert results(verify(an_svg(f"\n  {an_element()}\n<path/>", head))) == YES


AMBIGUOUS = {
    "two elements": an_svg(an_element() * 2),
    "a text and a token": an_svg(an_element(verify=f' verify="{TOKEN}"')),
    "two chunks": bake_png(PNG, TOKEN).replace(b"IDAT", b"IDAT", 1)[:33] + bake_png(PNG, TOKEN)[33:-12]
    + bake_png(PNG, RECORD)[33 : 33 + 12 + len(RECORD.encode()) + 24] + PNG[-12:],
}  # fmt: skip


@pytest.mark.parametrize("what", AMBIGUOUS)
def test_two_records_are_none(what):
    assert codes(verify(AMBIGUOUS[what]))[1] == "ambiguous"


LAUGHS = "".join(f'<!ENTITY e{each} "{f"&e{each - 1};" * 10 if each else "ha"}">' for each in range(10))
BAD_SVG = {
    "entities that grow": an_svg("&e9;", f"<!DOCTYPE svg [{LAUGHS}]>"),
    "an entity from outside": an_svg("&e;", '<!DOCTYPE svg [<!ENTITY e SYSTEM "file:///etc/passwd">]>'),
    "a type definition": an_svg(an_element(), '<!DOCTYPE svg SYSTEM "http://example.com/svg.dtd">'),
    "an element inside the record": an_svg(an_element().replace("<![CDATA", "<x/><![CDATA")),
    "not closed": an_svg(an_element())[:-6],
    "bytes that are no text": an_svg(an_element()).replace(b"<svg", b"<svg\xff\xfe", 1),
    "deep": an_svg("<g>" * 100_000),
}


@pytest.mark.parametrize("what", BAD_SVG)
def test_hostile_drawings_are_not_read(what):
    with pytest.raises(UnreadablePictureError):
        from_svg(BAD_SVG[what])
    assert codes(verify(BAD_SVG[what]))[1] in ("unreadable", "unknown-kind")


def a_chunk(name: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4) + name + body + zlib.crc32(name + body).to_bytes(4)


BAD_PNG = {
    "cut": BAKED["png with json"][:4000],
    "compressed": SIGNATURE + a_chunk(b"iTXt", KEYWORD + b"\0\1\0\0\0" + zlib.compress(b"{}")) + a_chunk(b"IEND", b""),
    "without ends": SIGNATURE + a_chunk(b"iTXt", KEYWORD + b"\0\0\0{}") + a_chunk(b"IEND", b""),
    "a size beyond the file": SIGNATURE + b"\xff\xff\xff\xff" + b"iTXt" + KEYWORD,
    "more chunks than a picture has": SIGNATURE + a_chunk(b"tEXt", b"a") * 2000,
    "no end": SIGNATURE + a_chunk(b"iTXt", KEYWORD + b"\0\0\0\0\0{}"),
}


@pytest.mark.parametrize("what", BAD_PNG)
def test_broken_pictures_are_not_read(what):
    with pytest.raises(UnreadablePictureError):
        from_png(BAD_PNG[what])
    assert codes(verify(BAD_PNG[what]))[1] == "unreadable"


@settings(max_examples=60)
@given(st.integers(33, 33 + len(RECORD)), st.integers(0, 7))
def test_no_single_bit_of_the_record_in_a_badge_can_change(at, bit):
    baked = BAKED["png with json"]
    assert results(verify(baked[:at] + bytes([baked[at] ^ 1 << bit]) + baked[at + 1 :])) != YES


@settings(max_examples=200)
@given(st.binary(max_size=300))
def test_whatever_follows_the_signature_is_answered(rest):
    verify(SIGNATURE + rest)
    verify(b"<svg" + rest)
