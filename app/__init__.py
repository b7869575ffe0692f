"""The running system: everything that touches the world. `create_app` is its door for browsers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from app.settings import Settings
    from app.tools import Tools

LARGEST_REQUEST = 25_000_000


def create_app(settings: Settings, tools: Tools | None = None) -> Flask:
    """The web application, put together step by step; every process imports this package, so Flask waits in here."""
    from flask import Flask  # noqa: PLC0415 the worker and the command line start without it
    from werkzeug.middleware.proxy_fix import ProxyFix  # noqa: PLC0415 same

    from app import web  # noqa: PLC0415 same
    from app.tools import tools_for  # noqa: PLC0415 same
    from app.web import guards, headers, language, pages, problems, visitor  # noqa: PLC0415 same
    from templates import FOLDER  # noqa: PLC0415 same

    flask = Flask("app", template_folder=str(FOLDER))
    flask.config.update(
        SECRET_KEY=visitor.form_secret(settings),
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=2_000_000,
        MAX_FORM_PARTS=2_000,
        WTF_CSRF_TIME_LIMIT=int(visitor.LONGEST.total_seconds()),
        WTF_CSRF_SSL_STRICT=False,  # we send no Referer; Sec-Fetch-Site is asked instead
    )
    flask.extensions["intyga"] = tools or tools_for(settings)
    if settings.proxies:
        each = settings.proxies
        flask.wsgi_app = ProxyFix(flask.wsgi_app, x_for=each, x_proto=each, x_host=each)  # type: ignore[method-assign] # as Flask's manual says
    flask.session_interface = visitor.FormSession()
    language.install(flask)
    pages.install(flask)
    guards.install(flask, settings)
    problems.install(flask)
    headers.install(flask, settings)
    for blueprint in web.BLUEPRINTS:
        flask.register_blueprint(blueprint)
    return flask
