"""Who a browser belongs to: session cookies for staff and candidates, and the cookie that form tokens hang on."""

import secrets
from datetime import timedelta
from typing import Final, Literal

from flask import Flask, Request, Response, g, request
from flask.sessions import SecureCookieSessionInterface

from app.actions import sign_in
from app.policy import Actor
from app.settings import LOOPBACK, Settings, SettingsError
from app.store.assessments import Candidate
from app.web.tools import tools
from assessments.problems import MissingError

Kind = Literal["account", "candidate"]
COOKIES: dict[Kind, str] = {"account": "intyga", "candidate": "intyga-mitt"}
LONGEST: Final[timedelta] = sign_in.LONGEST
SECRET_LENGTH = 32


def form_secret(settings: Settings) -> bytes:
    """The key that form tokens are signed with; refuses to start without it, since an invented one is no protection."""
    try:
        secret = settings.secret_file.read_bytes().strip()
    except OSError as missing:
        raise SettingsError([f"INTYGA_SECRET_FILE: cannot read {settings.secret_file}: run intyga init"]) from missing
    if len(secret) < SECRET_LENGTH:
        raise SettingsError([f"INTYGA_SECRET_FILE: {settings.secret_file} holds fewer than {SECRET_LENGTH} characters"])
    return secret


def new_form_secret() -> str:
    """What `intyga init` writes there."""
    return secrets.token_urlsafe(48)


def secure(asked: Request) -> bool:
    """Cookies travel over https only; this machine itself, where browsers trust http, is the one exception."""
    return asked.is_secure or hostname(asked) not in LOOPBACK


def hostname(asked: Request) -> str:
    """The host the browser asked for, without port and brackets."""
    host = asked.host
    return host[1 : host.find("]")] if host.startswith("[") else host.partition(":")[0]


def cookie_name(name: str, asked: Request) -> str:
    """`__Host-` binds the cookie to this very host, but browsers accept it only over https."""
    return f"__Host-{name}" if secure(asked) else name


def keep(response: Response, kind: Kind, secret: str) -> None:
    """The browser carries the session from now on."""
    response.set_cookie(
        cookie_name(COOKIES[kind], request), secret, secure=secure(request), httponly=True, samesite="Lax", path="/"
    )


def forget(response: Response, kind: Kind) -> None:
    """The browser carries it no more."""
    response.delete_cookie(
        cookie_name(COOKIES[kind], request), secure=secure(request), httponly=True, samesite="Lax", path="/"
    )


def secret_of(kind: Kind) -> str | None:
    """What the browser carries."""
    return request.cookies.get(cookie_name(COOKIES[kind], request))


def signed_in() -> Actor | None:
    """The member of staff whose session this is, asked of the database once per request."""
    found = _visitor("account")
    return found.actor if found else None


def came_in() -> Candidate | None:
    """The candidate whose session this is."""
    found = _visitor("candidate")
    return found.candidate if found else None


def actor() -> Actor:
    """The member of staff, on pages whose door let only staff in."""
    found = signed_in()
    if found is None:
        raise MissingError
    return found


def candidate() -> Candidate:
    """The candidate, on pages whose door let only candidates in."""
    found = came_in()
    if found is None:
        raise MissingError
    return found


def _visitor(kind: Kind) -> sign_in.Visitor | None:
    if kind not in g.setdefault("visitors", {}):
        secret = secret_of(kind)
        g.visitors[kind] = sign_in.visitor(tools(), secret, kind) if secret else None
    known: sign_in.Visitor | None = g.visitors[kind]
    return known


class FormSession(SecureCookieSessionInterface):
    """Flask's signed cookie; it holds the form token and one-time messages, never who somebody is."""

    def get_cookie_name(self, app: Flask) -> str:  # noqa: ARG002 Flask's signature
        """Bound to the host where browsers allow it."""
        return cookie_name("intyga-form", request)

    def get_cookie_secure(self, app: Flask) -> bool:  # noqa: ARG002 Flask's signature
        """As all our cookies."""
        return secure(request)
