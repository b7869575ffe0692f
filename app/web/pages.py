"""What every page can say: who is here, where to go, which language, and the words for states."""

import hashlib
from functools import cache
from pathlib import Path
from typing import NamedTuple

from flask import Flask, g, request, url_for
from jinja2 import StrictUndefined

from app.policy import RoleName
from app.web.field_notes import field_notes
from app.web.guards import may
from app.web.language import language, later
from app.web.tools import tools
from app.web.visitor import came_in, signed_in
from assessments.process import State

STATIC = Path(__file__).parents[1] / "static"


class Way(NamedTuple):
    """An entry of the menu; `under` is the path below which it counts as here."""

    path: str
    title: str
    roles: frozenset[RoleName] = frozenset()
    """Empty: everybody who is signed in."""


MENU = (
    Way("/start", later("Att göra")),
    Way("/arenden", later("Ärenden"), frozenset({"coordinator", "quality-assurer"})),
    Way("/surfplattor", later("Surfplattor"), frozenset({"coordinator", "assessor"})),
    Way("/bevis", later("Bevis"), frozenset({"coordinator", "quality-assurer"})),
    Way("/standarder", later("Standarder"), frozenset({"editor", "coordinator", "assessor", "quality-assurer"})),
    Way("/utfardanderatter", later("Utfärdanderätter"), frozenset({"editor"})),
    Way("/admin", later("Administration"), frozenset({"administrator"})),
)
PUBLIC_MENU = (
    Way("/kontrollera", later("Kontrollera ett bevis")),
    Way("/mina", later("Mina bevis")),
)

STATES: dict[State, tuple[str, str]] = {
    "planned": ("quiet", later("planerat")),
    "assessing": ("accent", later("bedöms")),
    "decided": ("wait", later("väntar på kvalitetssäkring")),
    "awarded": ("ok", later("fastställt")),
    "closed": ("quiet", later("avslutat utan bevis")),
    "withdrawn": ("quiet", later("återtaget")),
}
"""State of a case → kind of badge and word."""
STATUSES: dict[str, tuple[str, str]] = {
    "issuing": ("wait", later("utfärdas")),
    "valid": ("ok", later("giltigt")),
    "expired": ("wait", later("utgånget")),
    "revoked": ("no", later("återkallat")),
}
"""Status of an award → kind of badge and word."""
SEALS: dict[str, str] = {
    "development": later("Elektronisk utvecklingsstämpel: ett prov"),
    "advanced": later("Avancerad elektronisk stämpel"),
    "qualified": later("Kvalificerad elektronisk stämpel"),
}
"""Level of a paper's seal → what it may say of itself."""
VERDICTS: dict[str, tuple[str, str]] = {
    "competent": ("ok", later("uppfyller hela standarden")),
    "partly": ("accent", later("uppfyller delar av standarden")),
    "not_yet": ("no", later("uppfyller inte kraven ännu")),
    "incomplete": ("wait", later("underlaget är inte komplett")),
    "achieved": ("ok", later("uppnådd")),
}
"""Verdict of a case or a module → kind of badge and word."""
ROLE_NAMES: dict[RoleName, str] = {
    "coordinator": later("samordnare"),
    "assessor": later("bedömare"),
    "quality-assurer": later("kvalitetssäkrare"),
    "editor": later("standardredaktör"),
    "administrator": later("administratör"),
}
KIND_NAMES: dict[str, str] = {
    "provider": later("valideringsleverantör"),
    "sector-body": later("branschorganisation"),
    "operator": later("driftansvarig"),
}
KINDS: dict[str, str] = {
    "knowledge": later("kunskap"),
    "skill": later("färdighet"),
    "competence": later("kompetens"),
}
"""Kind of an outcome or criterion."""


@cache
def asset(name: str) -> str:
    """The address of a static file; it changes with the content, so browsers may keep it for ever."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


def menu() -> list[tuple[Way, bool]]:
    """What this visitor can go to, and whether that is where they are."""
    visitor = None if g.get("plain") else signed_in()
    roles = {each.role for each in visitor.memberships} if visitor else set()
    ways = [way for way in MENU if not way.roles or way.roles & roles] if visitor else list(PUBLIC_MENU)
    return [(way, request.path == way.path or request.path.startswith(f"{way.path}/")) for way in ways]


def context() -> dict[str, object]:
    """Names that all templates know."""
    plain = g.get("plain", False)
    here = request.full_path.rstrip("?") if request.method == "GET" else request.path
    return {
        "asset": asset,
        "candidate_visitor": None if plain else came_in(),
        "field_notes": field_notes,
        "here": here,
        "KIND_NAMES": KIND_NAMES,
        "KINDS": KINDS,
        "language": language(),
        "may": may,
        "menu": menu(),
        "ROLE_NAMES": ROLE_NAMES,
        "settings": tools().settings,
        "STATES": STATES,
        "STATUSES": STATUSES,
        "VERDICTS": VERDICTS,
        "visitor": None if plain else signed_in(),
    }


def install(flask: Flask) -> None:
    """A misspelt name in a template is an error, never an empty place."""
    env = flask.jinja_env
    env.undefined = StrictUndefined
    env.trim_blocks = env.lstrip_blocks = True
    flask.context_processor(context)
    env.globals["asset"] = asset
    env.globals["url_for"] = url_for
