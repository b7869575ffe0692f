"""The certificate as a PDF: PDF/A-3a and PDF/UA-1, Swedish with English beneath, the same bytes for the same award.

Everything kept between renderings (style sheets, fonts, ornament) belongs to one process; rendering is not for
threads, so a lock keeps it to one at a time. The fetcher opens `data:` and nothing else: no network, no files.
"""

import gc
import logging
import re
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from importlib.resources import files
from threading import Lock
from typing import Any
from unicodedata import normalize
from zoneinfo import ZoneInfo

from msgspec import Struct
from weasyprint import CSS, HTML, Attachment
from weasyprint.css import ColorProfile
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from app.issue.finisher import finish
from app.issue.fonts import font_faces, require_writable
from app.issue.paper import Particulars, words_of
from app.issue.problems import CertificateError, SpecimenMissingError
from app.words import environment
from assessments.award import Award, digest
from templates import FOLDER

__all__ = ["Particulars", "certificate"]

SOURCE = "credential.json"
"""The record that the page renders; other attachments are further forms of it."""
INTENT = "sRGB"
"""Own name of the colour profile: under WeasyPrint's own it is opened anew for each document and left open."""
URL = re.compile(r'url\("([a-z]+)\.svg"\)')
BETWEEN = re.compile(r">\n\s*<")
"""Line ends between tags would become empty lines in the foot, and cost time everywhere else."""
RENDERING = Lock()


def certificate(award: Award, about: Particulars, attachments: dict[str, bytes]) -> bytes:
    """Render, unsealed; a warning from the renderer is a failure, because nobody looks before it is sealed."""
    if about.seal_level == "development" and not about.specimen:
        raise SpecimenMissingError
    page = environment("sv").get_template("certificate/certificate.html").render(words_of(award, about))
    html = normalize("NFC", BETWEEN.sub("><", page))
    require_writable(html)
    return render(html, award, about, attachments)


def render(html: str, award: Award, about: Particulars, attachments: dict[str, bytes]) -> bytes:
    """From page to file; what the page asks for is opened only if it carries it within itself."""
    moment = datetime.fromisoformat(about.issued_at)
    with RENDERING, no_warnings(), uncollected():
        kept = _kept()
        pdf: bytes = HTML(string=html, url_fetcher=kept.fetcher).write_pdf(
            stylesheets=[kept.plain, kept.specimen] if about.specimen else [kept.plain],
            font_config=kept.fonts,
            cache=kept.images,
            pdf_variant="pdf/a-3a",
            pdf_identifier=bytes.fromhex(digest(award))[:16],
            attachments=[_attached(name, attachments[name], moment, kept.fetcher) for name in sorted(attachments)],
            color_profiles={INTENT: kept.colours},
            output_intent=INTENT,
            finisher=finish,
        )
    return pdf


def _attached(name: str, content: bytes, moment: datetime, fetcher: URLFetcher) -> Attachment:
    relationship = "Source" if name == SOURCE else "Alternative"
    stamp = {"created": moment.astimezone(ZoneInfo("UTC")), "modified": moment.astimezone(ZoneInfo("UTC"))}
    return Attachment(string=content, name=name, url_fetcher=fetcher, relationship=relationship, **stamp)


class _Kept(Struct, frozen=True):
    """What rendering reuses; building it costs more than a certificate."""

    fetcher: URLFetcher
    fonts: FontConfiguration
    plain: CSS
    specimen: CSS
    colours: ColorProfile
    images: dict[str, Any]


@cache
def _kept() -> _Kept:
    fetcher, fonts = URLFetcher(allowed_protocols=["data"]), FontConfiguration()
    plain, specimen = (
        CSS(string=text, url_fetcher=fetcher, font_config=fonts)
        for text in (font_faces() + _style("certificate.css"), _style("specimen.css"))
    )
    with (files("weasyprint.pdf") / "sRGB2014.icc").open("rb") as file:
        colours = ColorProfile(file, None, "relative-colorimetric", ("r", "g", "b"))
    return _Kept(fetcher, fonts, plain, specimen, colours, {})


def _style(name: str) -> str:
    """A style sheet with its drawings inside."""
    folder = FOLDER / "certificate"

    def inlined(match: re.Match[str]) -> str:
        drawing = (folder / f"{match[1]}.svg").read_bytes()
        return f'url("data:image/svg+xml;base64,{b64encode(drawing).decode()}")'

    return URL.sub(inlined, (folder / name).read_text("utf-8"))


@contextmanager
def uncollected() -> Iterator[None]:
    """Boxes refer to each other and live until the page is drawn: looking for garbage among them is in vain.

    What is left of them is collected at once, so that no document lies in memory while the next one is made.
    """
    usual = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if usual:
            gc.enable()
        gc.collect(1)


class _Collected(logging.Handler):
    """Keeps what the renderer complains about."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Never raises: a half-drawn page would leave the renderer in disorder."""
        self.messages.append(record.getMessage())


@contextmanager
def no_warnings() -> Iterator[None]:
    """Whatever the renderer or its fonts complain about within becomes a refusal."""
    collected, loggers = _Collected(), [logging.getLogger(name) for name in ("weasyprint", "fontTools")]
    for logger in loggers:
        logger.addHandler(collected)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeHandler(collected)
    if collected.messages:
        raise CertificateError(warnings=collected.messages)
