"""The tablet's page: a shell for anybody, and for a case's own assessors the package that needs no network."""

import json
from pathlib import Path
from typing import Any

import msgspec
from flask import Blueprint, Response, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from msgspec import Struct

from app.actions.checkout import take_along
from app.actions.enrol import enrol
from app.actions.open_assessment import require_assigned, require_declared
from app.policy import Actor
from app.store import assessments, checkouts, standards
from app.store.assessments import CaseFile
from app.strict_json import UnreadableJsonError, read_object
from app.web import front
from app.web.cases import called
from app.web.language import gettext
from app.web.limits import LIMITER
from app.web.origin import require_same_origin
from app.web.package import File, encoded, file, package
from app.web.tools import tools
from app.web.visitor import actor, signed_in
from assessments.problems import InvalidError, ProblemError, WrongStateError
from assessments.process import recordable

bp = Blueprint("field", __name__)
A_YEAR = 31_536_000
LARGEST_ENROLMENT = 10_000


class SignInFirstError(ProblemError):
    """A program asked for something that only a signed-in assessor may read."""

    code = "sign-in-first"
    sv = "Logga in först. Det som finns på surfplattan är kvar."
    en = "Sign in first. What is on the tablet is still there."


class Enrolling(Struct, frozen=True, kw_only=True):
    """What the tablet says of itself."""

    code: str
    name: str
    app: str = ""


@bp.get("/falt/")
def shell() -> str:
    """Everything that it shows comes from the tablet."""
    return _shell()


@bp.get("/falt/<assessment>/")
def page(assessment: str) -> str:
    """The field page of one case, the same bytes for the same state of it."""
    case = _mine(assessment)
    return _page(case, _value(case))


@bp.get("/falt/arenden")
def cases() -> ResponseReturnValue:
    """What the signed-in assessor could take along."""
    visitor = _visitor()
    with tools().read() as tx:
        mine = assessments.of_assessor(tx, visitor.person, "planned", "assessing")
        listed = [
            {
                "assessment": each.id,
                "candidate": each.candidate.reference if each.candidate.protected else called(each.candidate),
                "title": standards.find(tx, each.edition).content.title,
                "edition": each.edition_name,
                "state": each.state,
                "practice": each.practice,
                "declared": any(one.no_tie for one in each.assigned if one.person == visitor.person),
                "out": [
                    {"device": out.device, "name": out.device_name, "since": out.out_at.isoformat()}
                    for out in checkouts.out(tx, each.id)
                ],
            }
            for each in mine
        ]
    return jsonify({"me": {"person": visitor.person, "name": visitor.name}, "cases": listed})


@bp.get("/falt/paket/<assessment>")
def manifest(assessment: str) -> ResponseReturnValue:
    """The package; naming a tablet notes that it takes the case along, which is why a look at it is an act."""
    case = _mine(assessment)
    require_declared(actor(), case.assessment)
    if not recordable(case.assessment.state):
        raise WrongStateError(state=case.assessment.state)
    if device := request.args.get("device", ""):
        take_along(tools(), actor(), assessment, device)
        case = _mine(assessment)
    value = _value(case)
    value["files"] = msgspec.to_builtins(_files(case, value))
    body, tag = encoded(value)
    response = make_response("", 304) if tag in request.if_none_match else Response(body, mimetype="application/json")
    response.set_etag(tag)
    return response


@bp.get("/falt/sw.js")
def worker() -> Response:
    """The service worker; it lies here because it may rule only over what lies beside it."""
    told = json.dumps({"version": front.current(_kept()), "files": _addresses()})
    response = Response(f"const FRONT={told};\n".encode() + front.worker(), mimetype="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    return response


@bp.get("/falt/manifest.webmanifest")
def webmanifest() -> Response:
    """What makes it installable."""
    base, there = _base(), front.files(_kept())
    icons = [
        {"src": f"{base}{name}", "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
        for name, size, purpose in (
            ("icon-192.png", 192, "any"), ("icon-512.png", 512, "any"), ("icon-maskable-512.png", 512, "maskable"),
        )
        if name in there
    ]  # fmt: skip
    told = {
        "id": "/falt/", "name": gettext("Intyga i fält"), "short_name": "Intyga", "start_url": "/falt/",
        "scope": "/falt/", "display": "standalone", "background_color": "#ffffff", "theme_color": "#ffffff",
        "icons": icons,
    }  # fmt: skip
    response = Response(json.dumps(told), mimetype="application/manifest+json")
    response.headers["Cache-Control"] = "no-cache"
    return response


@bp.get("/falt/v/<version>/<name>")
def part(version: str, name: str) -> Response:
    """A file of a version; it never changes."""
    data, kind = front.read(_kept(), version, name)
    response = Response(data, mimetype=kind)
    response.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    return response


@bp.post("/falt/enrol")
@LIMITER.limit("10/minute")
def enrolment() -> ResponseReturnValue:
    """A code from the desk becomes a token that can only deliver."""
    require_same_origin()
    request.max_content_length = LARGEST_ENROLMENT
    try:
        asked = msgspec.convert(read_object(request.get_data(cache=False)), Enrolling)
    except (UnreadableJsonError, msgspec.ValidationError) as fault:
        raise InvalidError(field="code") from fault
    done = enrol(tools(), asked.code, asked.name, asked.app)
    value = {
        "device": done.device,
        "token": done.token,
        "provider": {"id": done.provider, "name": done.provider_name},
        "seal": msgspec.to_builtins(done.seal),
    }
    response = jsonify(value)
    response.status_code = 201
    return response


def _visitor() -> Actor:
    found = signed_in()
    if found is None:
        raise SignInFirstError
    return found


def _mine(key: str) -> CaseFile:
    visitor = _visitor()
    with tools().read() as tx:
        case = assessments.case_file(tx, key)
    require_assigned(visitor, case.assessment)
    return case


def _value(case: CaseFile) -> dict[str, Any]:
    with tools().read() as tx:
        return package(tools(), tx, case, actor().person) | {"front": {"version": front.current(_kept())}}


def _files(case: CaseFile, value: dict[str, Any]) -> list[File]:
    pages = [file("/falt/", _shell().encode()), file(f"/falt/{case.assessment.id}/", _page(case, value).encode())]
    return pages + [file(f"{_base()}{name}", data) for name, data in front.files(_kept()).items()]


def _shell() -> str:
    common = _common()  # first: without files there is no page
    return render_template("field/shell.html", **common)


def _page(case: CaseFile, value: dict[str, Any]) -> str:
    return render_template("field/assessment.html", package=value, checklist=case.checklist, **_common())


def _common() -> dict[str, object]:
    return {
        "version": front.current(_kept()),
        "base": _base(),
        "files": _addresses(),
        "test_mode": tools().settings.test_mode,
    }


def _addresses() -> list[str]:
    return [f"{_base()}{name}" for name in front.files(_kept())]


def _base() -> str:
    return f"/falt/v/{front.current(_kept())}/"


def _kept() -> Path:
    return tools().settings.folder / "front"
