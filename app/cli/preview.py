"""`intyga criteria preview`: while an author writes, the assessor's checklist stands beside the file."""

from pathlib import Path

import click

from app.cli import house
from app.cli.criteria import beside
from app.settings import LOOPBACK


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--port", default=8765, show_default=True, type=click.IntRange(0, 65535), help="0: any free one.")
def preview(*, file: Path, port: int) -> None:
    """Show FILE with its findings beside the assessor's checklist, anew each time it is saved. Only on this machine."""
    from waitress import create_server  # noqa: PLC0415 Flask only where a page is shown

    from app.cli.preview_doors import create_preview  # noqa: PLC0415 same

    house.require_own_app()
    server = create_server(create_preview(file, beside(file)), host=LOOPBACK[0], port=port, threads=4)
    click.echo(f"http://{LOOPBACK[0]}:{server.effective_port}/  (Ctrl-C ends it)")
    try:
        server.run()
    finally:
        server.close()
