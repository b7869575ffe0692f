"""What an author is told: one finding per fault, with place, stable code and sentence in two languages."""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from criteria.sentences import SENTENCES, Severity

Path = tuple[str | int, ...]
MOST = 200
"""Nobody reads more, and a hostile file must not make us write a million."""
_SHOWN = 80
_WHOLE = ("mend_sv", "mend_en", "choices", "wanted")
"""Our own words inside a sentence; only what the author wrote is shortened."""


class Finding(Struct, frozen=True, kw_only=True):
    """One fault in a file a person wrote; line and column count from 1, and 0 means the file as a whole."""

    code: str
    line: int = 0
    column: int = 0
    path: str = ""
    severity: Severity
    sv: str
    en: str

    def said(self, language: str) -> str:
        """The sentence in `sv` or `en`."""
        return self.en if language == "en" else self.sv


class Fault(Struct, frozen=True, kw_only=True):
    """A fault whose line is not looked up yet: the check knows the path, the sheet knows the place."""

    code: str
    path: Path = ()
    values: dict[str, object] = {}
    at_key: bool = False
    """Point at the key rather than at its value."""


class FaultyStandardError(Exception):
    """The file cannot be used; `findings` says everything that is wrong with it."""

    code = "faulty-standard"
    sv = "Filen har fel och kan inte användas."
    en = "The file has faults and cannot be used."

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = ordered(findings)
        self.details = {"findings": self.findings}
        first = next((each for each in self.findings if each.severity == "error"), None)
        super().__init__(f"{self.code} {first.line}:{first.column} {first.code}" if first else self.code)


def finding(code: str, place: tuple[int, int] = (0, 0), path: Path = (), /, **values: object) -> Finding:
    """The finding of that code, its sentences filled in."""
    severity, sv, en = SENTENCES[code]
    shown = {key: value if key in _WHOLE else shorten(value) for key, value in values.items()}
    return Finding(
        code=code,
        line=place[0],
        column=place[1],
        path=path_text(path),
        severity=severity,
        sv=sv.format(**shown),
        en=en.format(**shown),
    )


def errors(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Those that keep the file from being used."""
    return (each for each in findings if each.severity == "error")


def ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """In the order of the file."""
    return tuple(sorted(findings, key=lambda each: (each.line, each.column, each.code)))


def path_text(path: Path) -> str:
    """`modules[0].title.sv`, as an author would say it."""
    shown = "".join(f"[{part}]" if isinstance(part, int) else f".{shorten(part)}" for part in path)
    return shown.removeprefix(".")


def shorten(value: object) -> str:
    """Enough of what was written to recognise it, on one line."""
    text = " ".join(str(value).split())
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
