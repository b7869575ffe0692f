"""A badge shows what was achieved and carries its record so that programs of others find it."""

import io
import json
import xml.etree.ElementTree as ET
import zlib

import pytest
from msgspec.structs import replace
from PIL import Image
from records import PARTS, WHOLE, a_key, an_award, particulars

from app.issue.badge import RecordParticulars
from app.issue.baking import NAMESPACE, NotBakeableError, bake_png, bake_svg
from app.issue.formats import RECORD_FORMATS, Record
from app.issue.lettering import PLAIN, fitted, one_line
from app.issue.picture import TITLE, WIDTH, Motif, png, svg
from app.issue.problems import CharactersMissingError
from app.issue.proof import check_proof

SVG = "{http://www.w3.org/2000/svg}"


def a_record(module: int | None = None, **changes) -> Record:
    award = an_award()
    if module is None:
        return Record(award=award, particulars=particulars(**changes))
    about: RecordParticulars = particulars(id=PARTS[module], parts=(), whole_id=WHOLE, **changes)
    return Record(award=award, particulars=about, module=award.modules[module])


def written(form: str, record: Record) -> bytes:
    return RECORD_FORMATS[form].write(record, a_key())


def tree(picture: bytes) -> ET.Element:
    return ET.fromstring(picture)  # noqa: S314 our own


def told(picture: bytes) -> str:
    """What a screen reader would say."""
    return tree(picture).findtext(f"{SVG}desc")


@pytest.mark.parametrize("module", [None, 0, 1])
def test_an_image_library_finds_the_very_record_in_the_png(module):
    picture = Image.open(io.BytesIO(written("badge-png", a_record(module))))
    picture.load()
    inside = json.loads(picture.text["openbadgecredential"])
    assert inside == json.loads(written("open-badge", a_record(module)))
    check_proof(inside, a_key().public)
    assert picture.size == (512, 512)


@pytest.mark.parametrize("module", [None, 0])
def test_an_xml_library_finds_the_very_record_first_in_the_svg(module):
    root = tree(written("badge-svg", a_record(module)))
    first = root[0]
    assert first.tag == f"{{{NAMESPACE}}}credential"
    assert first.attrib == {}
    assert json.loads(first.text) == json.loads(written("open-badge", a_record(module)))


def test_the_chunk_is_not_compressed_stands_once_and_before_the_picture():
    baked = written("badge-png", a_record())
    chunks = list(chunks_of(baked))
    assert [name for name, _ in chunks[:2]] == [b"IHDR", b"iTXt"]
    assert [name for name, _ in chunks].count(b"iTXt") == 1
    keyword, compression, language, translated = chunks[1][1].split(b"\0", 1)[0], *chunks[1][1].split(b"\0")[1:4]
    assert (keyword, compression, language, translated) == (b"openbadgecredential", b"", b"", b"")
    assert b"{" in chunks[1][1]


def chunks_of(data: bytes):
    at = 8
    while at < len(data):
        size = int.from_bytes(data[at : at + 4])
        name, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + size]
        assert zlib.crc32(name + body) == int.from_bytes(data[at + 8 + size : at + 12 + size])
        yield name, body
        at += size + 12


def test_a_token_is_baked_as_the_standard_wants_tokens():
    baked = tree(bake_svg(svg(Motif(award=an_award())), "head.body.sign"))
    assert baked[0].attrib == {"verify": "head.body.sign"}
    assert baked[0].text is None


def test_a_text_that_would_end_the_section_does_not():
    record = json.dumps({"name": "a ]]> b <script> & c"})
    assert json.loads(tree(bake_svg(svg(Motif(award=an_award())), record))[0].text) == json.loads(record)


def test_a_picture_is_baked_once():
    with pytest.raises(NotBakeableError):
        bake_png(written("badge-png", a_record()), "{}")
    with pytest.raises(NotBakeableError):
        bake_svg(written("badge-svg", a_record()).decode(), "{}")


@pytest.mark.parametrize("other", [b"", b"GIF89a", b"\x89PNG\r\n\x1a\n"])
def test_only_a_png_is_baked_as_one(other):
    with pytest.raises(NotBakeableError):
        bake_png(other, "{}")


def test_the_picture_says_title_issuer_and_edition_and_never_the_holder():
    for module, title in ((None, "Provyrke"), (1, "M2")):
        said = told(written("badge-svg", a_record(module)))
        assert title in said
        assert "Exempelnät AB" in said
        assert an_award().holder.name not in said


def test_a_module_is_called_a_micro_credential_in_both_languages():
    module = an_award().modules[0]
    assert told(svg(Motif(award=an_award(), module=module)).encode()).startswith("Mikromerit. ")
    assert told(svg(Motif(award=an_award(), module=module, language="en")).encode()).startswith("Micro-credential. ")


@pytest.mark.parametrize("specimen", [True, False])
def test_a_development_key_is_shouted_in_word_and_picture(specimen):
    picture = written("badge-svg", a_record(specimen=specimen))
    assert ("SPECIMEN" in told(picture)) is specimen
    plain, shouted = (png(Motif(award=an_award(), specimen=each)) for each in (False, True))
    assert red_in(shouted) > red_in(plain) + 2000


def red_in(picture: bytes) -> int:
    pixels = Image.open(io.BytesIO(picture)).convert("RGB").get_flattened_data()
    return sum(1 for red, green, blue in pixels if red > 200 and green < 235 and red - green > 15 and red - blue > 15)


def test_the_front_for_europass_names_the_holder():
    assert "Åsa Öberg-Łukasik. född 1990-02-28" in told(svg(Motif(award=an_award(), holder=True)).encode())


def test_the_picture_needs_no_font_and_fetches_nothing():
    picture = svg(Motif(award=an_award()))
    for each in ("<text", "font", "href", "<image", "<style", "<script"):
        assert each not in picture


def test_the_same_award_gives_the_same_bytes():
    assert written("badge-png", a_record()) == written("badge-png", a_record())


@pytest.mark.parametrize(
    "title",
    [
        "A",
        "Fibertekniker " * 9,
        "Ο τεχνίτης των οπτικών ινών",
        "Betongelementsmonteringsledningsansvarigförordningarna",
    ],
)
def test_every_title_stays_within_the_picture(title):
    lines = fitted(title.strip(), WIDTH, TITLE, most=3)
    assert len(lines) <= 3
    assert all(line.width <= WIDTH for line in lines)


def test_a_line_that_is_too_long_ends_in_an_ellipsis():
    line = one_line("Exempelnätens gemensamma valideringsbolag i Norra Svealand", 200, PLAIN, 17)
    assert line.text.endswith("…")
    assert line.width <= 200


def test_what_cannot_be_written_is_refused():
    award = an_award()
    with pytest.raises(CharactersMissingError):
        svg(Motif(award=replace(award, title={"sv": "光ファイバー"})))
