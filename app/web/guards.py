"""The doors: every endpoint says in one table who may visit, and what is not in the table nobody may."""

from collections.abc import Callable
from urllib.parse import quote, urlsplit

from flask import Flask, abort, g, redirect, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFProtect

from app.policy import RoleName, can
from app.settings import LOOPBACK, Settings
from app.web import field, field_api
from app.web.field_api import delivering
from app.web.limits import LIMITER
from app.web.sign_in import ask_again
from app.web.visitor import actor, came_in, hostname, signed_in
from assessments.problems import ForbiddenError, MissingError

Door = Callable[[], ResponseReturnValue | None]
READS = frozenset({"GET", "HEAD", "OPTIONS"})
WITHOUT_FORM_TOKEN = (field_api.bp, field.enrolment)
"""Programs of ours without cookies: what they send is believed for its token, never for a session."""


def anybody() -> None:
    """Strangers too."""


def candidate() -> ResponseReturnValue | None:
    """Only a candidate who came in by a link; others are told how to ask for one."""
    return None if came_in() else redirect("/mina")


def staff() -> ResponseReturnValue | None:
    """Whoever is signed in; others sign in first and come back."""
    if signed_in():
        return None
    if request.method not in READS:
        return ask_again() or redirect("/logga-in?till=/start")
    back = request.full_path.rstrip("?")
    return redirect(f"/logga-in?till={quote(back, safe='')}")


def role(*roles: RoleName) -> Door:
    """Whoever is signed in and has one of the roles somewhere; the view asks `policy.require` for the very tenant."""

    def door() -> ResponseReturnValue | None:
        answer = staff()
        if answer is None and not {each.role for each in actor().memberships} & set(roles):
            raise ForbiddenError(roles=roles)
        return answer

    return door


def fetched() -> None:
    """A program of ours that a signed-in person uses: it reads JSON, so the view itself says who is missing."""


CASE = role("coordinator", "assessor", "quality-assurer")
ASSESSOR = role("assessor")
COORDINATOR = role("coordinator")
QUALITY = role("quality-assurer")
PROVIDER = role("coordinator", "quality-assurer")
EDITOR = role("editor")
ADMINISTRATOR = role("administrator")
FIELD = role("coordinator", "assessor")

DOORS: dict[str, Door] = {
    "static": anybody,
    # public
    "public.home": anybody,
    "public.accessibility": anybody,
    "public.privacy": anybody,
    "public.switch": anybody,
    "public.healthz": anybody,
    "public.readyz": anybody,
    "public.schema": anybody,
    "public.issuer": anybody,
    "verification.check": anybody,
    "verification.reply": anybody,
    "verification.certificate": anybody,
    "candidate.request_link": anybody,
    "candidate.link": anybody,
    "sign_in.form": anybody,
    "sign_in.out": anybody,
    # candidates
    "candidate.mine": candidate,
    "candidate.missing": candidate,
    "candidate.fetch": candidate,
    "candidate.leave": candidate,
    # staff
    "start.awaits": staff,
    "account.overview": staff,
    "coordinator.listing": PROVIDER,
    "coordinator.new": COORDINATOR,
    "coordinator.overview": CASE,
    "coordinator.hand_over": COORDINATOR,
    "coordinator.reveal": COORDINATOR,
    "coordinator.withdraw": COORDINATOR,
    "assessor.overview": ASSESSOR,
    "assessor.no_tie": ASSESSOR,
    "assessor.papers": ASSESSOR,
    "assessor.checklist": ASSESSOR,
    "assessor.photo": CASE,
    "decision.page": ASSESSOR,
    "decision.undo": ASSESSOR,
    "quality.review": QUALITY,
    "awards.listing": PROVIDER,
    "awards.overview": PROVIDER,
    "awards.document": PROVIDER,
    "awards.ask": PROVIDER,
    "awards.confirm": PROVIDER,
    "editor.listing": staff,
    "editor.standard": staff,
    "editor.file": staff,
    "compare.page": staff,
    "editor.grants": EDITOR,
    "editor.revoke": EDITOR,
    "admin.overview": ADMINISTRATOR,
    "admin.organisation": ADMINISTRATOR,
    "admin.person": ADMINISTRATOR,
    "admin.role": ADMINISTRATOR,
    "admin.disable": ADMINISTRATOR,
    "admin.reports": ADMINISTRATOR,
    # the field: the page for anybody, what is taken along for a session, what is handed in for a token
    "field.shell": anybody,
    "field.worker": anybody,
    "field.webmanifest": anybody,
    "field.part": anybody,
    "field.enrolment": anybody,
    "field.page": ASSESSOR,
    "field.cases": fetched,
    "field.manifest": fetched,
    "field_api.events": delivering,
    "field_api.receipt": delivering,
    "field_api.how_far": delivering,
    "field_api.piece": delivering,
    "devices.listing": FIELD,
    "devices.code": FIELD,
    "devices.revoke": FIELD,
    "devices.bring_back": FIELD,
    "devices.bring_in": FIELD,
    "confirm.page": ASSESSOR,
    "confirm.candidate_code": COORDINATOR,
    "quarantine.listing": COORDINATOR,
    "quarantine.accepted": COORDINATOR,
    "quarantine.put_aside": COORDINATOR,
}
"""Endpoint → who may visit. A test compares it with the routes: neither may hold what the other lacks."""


def may(action: str, organisation: str) -> bool:
    """For templates: whether to show a way there; the action itself asks again."""
    visitor = signed_in()
    return visitor is not None and can(visitor, action, organisation)


def install(flask: Flask, settings: Settings) -> None:
    """Host, then origin, then door, then form token, in this order, before every view."""
    hosts = {urlsplit(settings.public_url).hostname, settings.host, *LOOPBACK}
    if settings.tablet_url:
        hosts.add(urlsplit(settings.tablet_url).hostname)

    @flask.before_request
    def know_the_host() -> None:
        if hostname(request) not in hosts:
            g.plain = True
            abort(400)

    @flask.before_request
    def refuse_foreign_forms() -> None:
        if request.method not in READS and request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site"):
            raise ForbiddenError(origin="foreign")

    @flask.before_request
    def keep_the_door() -> ResponseReturnValue | None:
        if request.endpoint is None:
            return None  # Flask says that there is no such page
        door = DOORS.get(request.endpoint)
        if door is None:
            raise MissingError(endpoint=request.endpoint)
        return door()

    guard = CSRFProtect(flask)
    for view in WITHOUT_FORM_TOKEN:
        guard.exempt(view)
    LIMITER.init_app(flask)
