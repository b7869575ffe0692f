"""The routes of the test adapter: VC-API's three verbs and the status list; every refusal is a 400 that says why."""

import json
from collections.abc import Callable

from flask import Flask, Response, request

from app.cli.vc_adapter import Adapter
from app.cli.vc_model import Json, NotConformingError
from assessments.problems import ProblemError

LARGEST = 2_000_000


def create_adapter(adapter: Adapter) -> Flask:
    """An application of its own; the web knows nothing of it."""
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST

    def answer(work: Callable[[Json], tuple[Json, int]]) -> Response:
        try:
            body, code = work(_sent())
        except (ProblemError, ValueError, TypeError, AttributeError, KeyError) as fault:
            detail = fault.details if isinstance(fault, ProblemError) else {}
            body, code = {"verified": False, "errors": [f"{type(fault).__name__}: {fault} {detail}"]}, 400
        return Response(json.dumps(body, ensure_ascii=False), code, mimetype="application/json")

    @app.post("/credentials/issue")
    def issue() -> Response:
        return answer(lambda sent: (adapter.issue(sent.get("credential")), 201))

    @app.post("/credentials/verify")
    def verify() -> Response:
        return answer(lambda sent: _verified(lambda: adapter.verify(sent.get("verifiableCredential"))))

    @app.post("/presentations/verify")
    def present() -> Response:
        return answer(
            lambda sent: _verified(
                lambda: adapter.present(sent.get("verifiablePresentation"), sent.get("options") or {})
            )
        )

    @app.get("/status/revocation/1")
    def status() -> Response:
        return Response(json.dumps(adapter.status()), mimetype="application/vc")

    return app


def _sent() -> Json:
    found = request.get_json(force=True)
    if not isinstance(found, dict):
        raise NotConformingError(place="$")
    return found


def _verified(check: Callable[[], None]) -> tuple[Json, int]:
    check()
    return {"verified": True, "errors": [], "warnings": []}, 200
