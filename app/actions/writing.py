"""What people write in their own words: kept as written, but nothing that paper, XML or PostgreSQL cannot hold."""

import re
import unicodedata

from assessments.problems import InvalidError

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
"""Among them the marks that turn the direction of what follows: a text must be read as it was judged."""


def written(text: str, field: str, *, least: int = 0, most: int = 4000) -> str:
    """NFC without outer blanks and with plain line ends; raises `InvalidError` naming the field."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if not least <= len(text) <= most or _CONTROL.search(text):
        raise InvalidError(field=field)
    return text
