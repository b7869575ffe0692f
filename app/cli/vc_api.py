"""A door for conformance suites only: VC-API (https://w3c-ccg.github.io/vc-api/) in front of the code that proves.

Off unless INTYGA_VC_API says so, and production settings refuse it: it proves whatever it is sent. Its key is made at
the start and forgotten at the end, and is nobody's. It runs as a process of its own, because the web holds no key.
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from app.cli import house
from assessments.problems import ForbiddenError


class AdapterOffError(ForbiddenError):
    """Nobody asked for the adapter, or this is production."""

    code = "vc-api-off"
    sv = "Testadaptern är avstängd (INTYGA_VC_API)."
    en = "The test adapter is off (INTYGA_VC_API)."


def read_contexts(files: tuple[Path, ...]) -> dict[str, Any]:
    """Address to context, from files that hold `{address: {"@context": …}}`."""
    found: dict[str, Any] = {}
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

    from app.cli.vc_adapter import Adapter  # noqa: PLC0415 other commands need no keys
    from app.cli.vc_doors import create_adapter  # noqa: PLC0415 nor the web

    adapter = Adapter(read_contexts(files), lambda: datetime.now(UTC), base.rstrip("/"))
    click.echo(f"{adapter.key.did} on http://127.0.0.1:{port}")
    serve(create_adapter(adapter), host="127.0.0.1", port=port, threads=4)
