"""A photo is decoded and written anew in a process that may die; nothing but the picture survives."""

import io
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from PIL import Image
from workshop import a_photo

from app import photo
from app.actions.keep_photo import LARGEST, PhotoError, cleaned, keep_photo
from app.store import assessments

ROOT = Path(__file__).parents[3]
GPS, ORIENTATION, MAKER = 0x8825, 0x0112, 0x010F


def marked(size=(80, 40)):
    """Red on the left, blue on the right, with a camera's name and a place."""
    image = Image.new("RGB", size, "blue")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    exif = Image.Exif()
    exif[MAKER] = "Hemlig Kamera"
    exif.get_ifd(GPS)[2] = (59.0, 19.0, 45.0)
    return image, exif


def saved(image, mode="JPEG", **about):
    out = io.BytesIO()
    image.save(out, mode, **about)
    return out.getvalue()


def opened(data):
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize("mode", ["JPEG", "PNG", "WEBP"])
def test_the_camera_and_the_place_do_not_survive(mode):
    image, exif = marked()
    data = saved(image, mode, exif=exif)
    assert opened(data).getexif()[MAKER] == "Hemlig Kamera"
    clean = cleaned(data)
    assert b"Hemlig" not in clean
    assert dict(opened(clean).getexif()) == {}
    assert opened(clean).info.keys() <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_comments_profiles_and_what_follows_the_picture_do_not_survive():
    image, _ = marked()
    data = saved(image, comment=b"personnummer 199102281234", icc_profile=b"x" * 500) + b"<script>alert(1)</script>"
    clean = cleaned(data)
    assert b"personnummer" not in clean
    assert b"script" not in clean
    assert clean.endswith(b"\xff\xd9")


@pytest.mark.parametrize(("turn", "size", "red"), [
    (1, (80, 40), (5, 20)), (3, (80, 40), (75, 20)), (6, (40, 80), (20, 5)), (8, (40, 80), (20, 75)),
])  # fmt: skip
def test_the_picture_stands_upright(turn, size, red):
    image, exif = marked()
    exif[ORIENTATION] = turn
    clean = opened(cleaned(saved(image, exif=exif)))
    assert clean.size == size
    r, g, b = clean.getpixel(red)
    assert (r > 200, g < 60, b < 60) == (True, True, True)


def test_a_large_picture_becomes_small_and_a_see_through_one_white():
    assert max(opened(cleaned(saved(Image.new("RGB", (5000, 2500), "grey")))).size) == photo.SIDE
    r, g, b = opened(cleaned(saved(Image.new("RGBA", (50, 50), (0, 0, 0, 0)), "PNG"))).getpixel((9, 9))
    assert min(r, g, b) > 250


def png(width, height):
    """A valid head that promises any number of pixels, and little more."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )


WRONG = {
    "nothing": b"",
    "garbage": bytes(range(256)) * 40,
    "a bomb": png(100_000, 100_000),
    "sixty megapixels": png(10_000, 6_000),
    "a truncated picture": saved(Image.effect_noise((600, 600), 90))[:20_000],
    "a head without a picture": b"\xff\xd8\xff\xe0",
    "an SVG": b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>',
    "a PDF": b"%PDF-1.7\n1 0 obj << >> endobj\n%%EOF",
    "a GIF": saved(Image.new("P", (9, 9)), "GIF"),
    "a TIFF": saved(Image.new("RGB", (9, 9)), "TIFF"),
    "a page": b"<!doctype html><title>x</title>",
    "an archive": b"PK\x03\x04" + b"\0" * 100,
    "PostScript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_no_photo_is_refused_and_nothing_is_kept(shop, what):
    shop = shop("opened")
    with pytest.raises(PhotoError):
        keep_photo(shop.tools, shop.actors["assessor"], shop.case, WRONG[what])
    with shop.tools.read() as tx:
        assert assessments.photos(tx, shop.case) == frozenset()
    assert list(shop.tools.files.every()) == []


def test_too_large_a_file_is_not_even_looked_at(shop):
    shop = shop("opened")
    with pytest.raises(PhotoError):
        keep_photo(shop.tools, shop.actors["assessor"], shop.case, a_photo() + b"\0" * LARGEST)


def test_keeping_twice_keeps_one(shop_on_both):
    shop = shop_on_both("opened")
    kept = {keep_photo(shop.tools, shop.actors["assessor"], shop.case, a_photo()) for _ in range(2)}
    assert len(kept) == 1
    with shop.tools.read() as tx:
        assert assessments.photos(tx, shop.case) == kept


def test_a_photo_of_another_case_is_told_as_shared(shop):
    shop = shop("opened")
    other = shop.open()
    first, second = (keep_photo(shop.tools, shop.actors["assessor"], case, a_photo()) for case in (shop.case, other))
    assert first == second
    with shop.tools.read() as tx:
        assert assessments.photo_shared(tx, first, other)
        assert not assessments.photo_shared(
            tx, keep_photo(shop.tools, shop.actors["assessor"], other, a_photo("b")), other
        )


def test_the_child_has_a_limit_of_memory_and_of_time():
    """What it would take to hold the bomb of the limit is refused by the system, not by our arithmetic."""
    greedy = "import app.photo as p, sys; p.clean = lambda data: bytes(3_000_000_000); sys.exit(p.main())"
    run = subprocess.run([sys.executable, "-c", greedy], input=b"x", capture_output=True, check=False, cwd=ROOT)
    assert (run.returncode, run.stdout, run.stderr) == (1, b"", b"MemoryError")
    limits = (
        "import app.photo as p, resource as r; p.clean = lambda data: b'%d' % r.getrlimit(r.RLIMIT_CPU)[0]; p.main()"
    )
    run = subprocess.run([sys.executable, "-c", limits], input=b"x", capture_output=True, check=True, cwd=ROOT)
    assert run.stdout == b"15"


@pytest.mark.slow
def test_the_largest_allowed_photo_fits_into_the_child():
    assert max(opened(cleaned(saved(Image.new("RGB", (8_000, 6_200), "grey"), "PNG"))).size) == photo.SIDE
