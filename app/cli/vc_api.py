"""A door for conformance suites only: VC-API (https://w3c-ccg.github.io/vc-api/) in front of the code that proves.

Off unless INTYGA_VC_API says so, and production settings refuse it: it proves whatever it is sent. Its key is made at
the start and forgotten at the end, and is nobody's. It runs as a process of its own, because the web holds no key.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import Flask, Response, request

from app.cli import house
from app.cli.vc_adapter import Adapter
from app.cli.vc_model import Json, NotConformingError
from app.issue.terms import V2
from assessments.problems import ForbiddenError, ProblemError

LARGEST = 2_000_000


class AdapterOffError(ForbiddenError):
    """Nobody asked for the adapter, or this is production."""

    code = "vc-api-off"
    sv = "Testadaptern är avstängd (INTYGA_VC_API)."
    en = "The test adapter is off (INTYGA_VC_API)."


def create_adapter(adapter: Adapter) -> Flask:
    """The routes; every refusal is a 400 that says why."""
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


def read_contexts(files: tuple[Path, ...]) -> Json:
    """Address to context, from files that hold `{address: {"@context": …}}`."""
    found: Json = {}
    for file in files:
        found |= {url: each["@context"] for url, each in json.loads(file.read_text("utf-8")).items()}
    return found


@click.command("vc-api")
@click.option("--contexts", "files", multiple=True, type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="JSON file with further contexts: {address: document}.")  # fmt: skip
@click.option("--port", default=9080, show_default=True)
@click.option(
    "--base", default="", help="Address others reach it under; then credentials get a place in a status list."
)
def vc_api(*, files: tuple[Path, ...], port: int, base: str) -> None:
    """For conformance suites only: prove and check whatever is sent, with a key that is nobody's."""
    found = house.settings()
    if found.production or not found.vc_api:
        raise AdapterOffError
    from waitress import serve  # noqa: PLC0415 only where something is served

    adapter = Adapter(read_contexts(files), lambda: datetime.now(UTC), base.rstrip("/"))
    click.echo(f"{adapter.key.did} on http://127.0.0.1:{port}, first context {V2}")
    serve(create_adapter(adapter), host="127.0.0.1", port=port, threads=4)
