"""The disposable child that decodes a photo: it may run out of memory or crash without harming anybody else."""

import io
import resource
import sys

from PIL import Image, ImageOps, JpegImagePlugin, PngImagePlugin, TiffImagePlugin, WebPImagePlugin

READERS = (JpegImagePlugin, PngImagePlugin, TiffImagePlugin, WebPImagePlugin)
"""Loaded before the door is closed; TIFF because orientation is written in it."""
MEMORY = 1_000_000_000
"""Of address space. Measured for 50 megapixels: JPEG 200 MB, PNG up to 450 MB; a photo of a phone takes a tenth."""
PIXELS = 50_000_000
SIDE = 2_000


def clean(data: bytes) -> bytes:
    """Upright, at most `SIDE` pixels a side, JPEG without any metadata."""
    with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP")) as image:
        if image.width * image.height > PIXELS:
            raise ValueError("too many pixels")
        image.draft("RGB", (SIDE, SIDE))
        image.thumbnail((SIDE, SIDE))  # small first: each step after this would take another copy of the whole
        upright = ImageOps.exif_transpose(image)
        plain = Image.new("RGB", upright.size, "white")
        plain.paste(upright.convert("RGBA"), mask=upright.convert("RGBA").getchannel("A"))
    out = io.BytesIO()
    plain.save(out, "JPEG", quality=82, optimize=True)
    return out.getvalue()


def main() -> int:
    """Photo on standard input, clean photo on standard output; 1 when it is none."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (15, 15))
    Image.preinit()
    for limit in (resource.RLIMIT_NOFILE, resource.RLIMIT_FSIZE):  # nothing can be opened or written any more
        resource.setrlimit(limit, (0, 0))
    try:
        sys.stdout.buffer.write(clean(sys.stdin.buffer.read()))
    except Exception as fault:  # noqa: BLE001 whatever the decoder stumbles over, the answer is the same
        sys.stderr.write(type(fault).__name__)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
