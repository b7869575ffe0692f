"""The pages of the preview: a file with its findings, and beside it the very checklist that assessors will see.

An application of its own with one invented, empty case that nothing is kept of; it has no database and no sign-in.
"""

import secrets
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

from flask import Flask, Response, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue
from jinja2 import StrictUndefined
from msgspec import Struct

from app.settings import LOOPBACK
from app.store.assessments import Assessment, Candidate, CaseFile
from app.tools import stockholm_day
from app.web import headers, language
from app.web.assessor import ModuleView
from app.web.checklist_fields import module_form
from app.web.checklist_page import views
from app.web.language import gettext
from app.web.pages import KINDS, STATIC, asset
from app.web.visitor import hostname
from assessments.checklist import checklist
from assessments.decision import decide
from assessments.standing import standing
from criteria.findings import Finding, ordered
from criteria.identity import identity
from criteria.linter import lint_bytes
from criteria.mends import told
from criteria.model import Edition, Module
from criteria.reader import Lookup, examine
from templates import FOLDER

CASE = "forhandsvisning"
_SHOWN = 2_000_000
_ITSELF = {"Content-Security-Policy": headers.POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")}
_OUTSIDE = {"Content-Security-Policy": f"{headers.POLICY}; frame-src 'self'"}


class Line(Struct, frozen=True, kw_only=True):
    """A line of the file with what is found on it."""

    number: int
    text: str
    findings: tuple[Finding, ...]


class Watched:
    """The file as it is now, and the last edition that could be read out of it."""

    def __init__(self, file: Path, modules: Lookup) -> None:
        self.file, self.modules = file, modules
        self.edition: Edition | None = None
        self.findings: tuple[Finding, ...] = ()
        self.text = ""
        self.readable = False
        self._seen = ""

    def stamp(self) -> str:
        """Changes whenever the file is saved; an editor may take it away for a moment."""
        try:
            found = self.file.stat()
        except OSError:
            return "away"
        return f"{found.st_mtime_ns}-{found.st_size}-{found.st_ino}"

    def look(self) -> None:
        """Read it anew if it was saved."""
        stamp = self.stamp()
        if stamp in ("away", self._seen):
            return
        data = self.file.read_bytes()[: _SHOWN + 1]
        _, edition = examine(data, modules=self.modules)
        self.readable = edition is not None
        self.edition = edition or self.edition
        self.findings = ordered(lint_bytes(data, modules=self.modules))
        self.text = data[:_SHOWN].decode(errors="replace")
        self._seen = stamp

    def lines(self) -> list[Line]:
        """What is found on no line stands on the first."""
        found: dict[int, list[Finding]] = {}
        for each in self.findings:
            found.setdefault(max(1, each.line), []).append(each)
        written = self.text.split("\n")
        return [
            Line(number=number, text=text, findings=tuple(found.get(number, ())))
            for number, text in enumerate(written, 1)
        ]


def create_preview(file: Path, modules: Lookup) -> Flask:
    """The application; it answers this machine only."""
    app = Flask("app", template_folder=str(FOLDER), static_folder=str(STATIC))
    app.config.update(SECRET_KEY=secrets.token_bytes(32), SESSION_COOKIE_NAME="intyga-preview")
    watched = Watched(file, modules)
    language.install(app)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.context_processor(_context)
    _guard(app)

    @app.get("/")
    def both() -> Response:
        watched.look()
        page = render_template(
            "pages/preview.html", name=file.name, stamp=watched.stamp(), lines=watched.lines(),
            readable=watched.readable,
            first=watched.edition.modules[0].id if watched.edition else "", findings=watched.findings,
            told=lambda each: told(each, language.language()),
        )  # fmt: skip
        return Response(page, headers=_OUTSIDE)

    @app.get("/stamp")
    def stamp() -> dict[str, str]:
        return {"stamp": watched.stamp()}

    @app.get(f"/arenden/{CASE}/modul/<module>")
    def module(module: str) -> Response:
        watched.look()
        part = next((e for e in watched.edition.modules if e.id == module), None) if watched.edition else None
        if watched.edition is None or part is None:
            return Response(render_template("pages/preview_none.html"), headers=_ITSELF)
        return Response(_checklist(watched.edition, part), headers=_ITSELF)

    @app.post(f"/arenden/{CASE}/modul/<module>")
    def keep_nothing(module: str) -> ResponseReturnValue:
        return redirect(f"/arenden/{CASE}/modul/{module}", 303)

    @app.get("/sprak/<wish>")
    def switch(wish: str) -> ResponseReturnValue:
        response = redirect(language.safe_path(request.args.get("till")), 303)
        language.remember(response, wish)  # type: ignore[arg-type] # Werkzeug's response, which Flask's is made of
        return response

    return app


def _guard(app: Flask) -> None:
    """Answers this machine only, with the headers of the house."""

    @app.after_request
    def say(response: Response) -> Response:
        for name, value in headers.HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    @app.before_request
    def only_here() -> None:
        if hostname(request) not in LOOPBACK:
            abort(400)


def _context() -> dict[str, object]:
    """What the layout asks for, of nobody."""
    return {
        "asset": asset, "candidate_visitor": None, "field_notes": lambda _: SimpleNamespace(
            practice=False, out=(), own=0, others=0, late=(), would_change=False
        ),
        "here": request.full_path.rstrip("?") if request.method == "GET" else request.path,
        "KINDS": KINDS, "language": language.language(), "may": lambda *_: False, "menu": [],
        "settings": SimpleNamespace(production=True), "visitor": None,
    }  # fmt: skip


def _checklist(edition: Edition, part: Module) -> str:
    now = datetime.now(UTC)
    today = stockholm_day(now)
    case = _case(edition, now)
    decision = decide(case.checklist, case.standing, today)
    form = module_form(case, part, "", today.isoformat(), CASE)
    return render_template(
        "pages/checklist.html", case=case.assessment, module=part, form=form, closed=(), open=True,
        modules=[
            ModuleView(module=e, judged=0, left=len(e.criteria), conflicts=0, verdict="incomplete")
            for e in edition.modules
        ],
        cards=views(case, part, form, "", {}, decision, {}),
    )  # fmt: skip


def _case(edition: Edition, now: datetime) -> CaseFile:
    who = Candidate(
        id="", provider="", name=gettext("Förhandsvisning"), birth_date="2000-01-01", reference="", email="",
        language="sv", protected=False,
    )  # fmt: skip
    chosen = tuple(each.id for each in edition.modules)
    found = Assessment(
        id=CASE, provider="", candidate=who, edition=identity(edition), standard=edition.standard,
        edition_name=edition.edition, chosen=chosen, tightened={}, state="planned", imported=False, practice=False,
        opened_by="", opened_at=now, changed_at=now, assigned=(),
    )  # fmt: skip
    lists = checklist(edition, found.edition, tightened={}, chosen=chosen)
    return CaseFile(assessment=found, checklist=lists, stored=(), standing=standing(()))
