"""Https for tablets on the local network, in a process of its own, and a small door without TLS for the certificate."""

import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import click

from app.cli import house
from app.cli.local_ca import Identity, identity
from app.settings import Settings

THREADS = 8
LARGEST = 25_000_000
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@click.command(hidden=True)
@click.option("--parent", type=int, default=-1, hidden=True, help="End when this pipe closes.")
def tablet(*, parent: int) -> None:
    """The https door for tablets alone; `serve --tablet` starts it."""
    from app import create_app  # noqa: PLC0415 Flask only where the web is
    from app.cli.supervisor import end_with_parent  # noqa: PLC0415 same
    from app.queue import waker  # noqa: PLC0415 same
    from app.tools import tools_for  # noqa: PLC0415 same

    end_with_parent(parent)
    # Nothing stands in front of this door, so no header tells who is asking.
    found = replace(house.settings(), proxies=0)
    host, port = place(found)
    shown = identity(found.folder, host)
    house.tools(found).database.close()
    threading.Thread(target=certificate_door(shown, port + 1).serve_forever, daemon=True, name="certificate").start()
    listen(heard_out(create_app(found, tools_for(found, waker(found)))), shown, port)


def heard_out(wsgi: Wsgi) -> Wsgi:
    """Read to its end what an early answer left unread: else the connection is reset, and nobody reads the answer."""

    def listening(environ: dict[str, Any], start: Callable[..., Any]) -> Iterator[bytes]:
        answer = wsgi(environ, start)
        try:
            yield from answer
        finally:
            getattr(answer, "close", lambda: None)()
            while environ["wsgi.input"].read(65_536):
                pass

    return listening


def place(found: Settings) -> tuple[str, int]:
    """Host and port of the address that tablets use."""
    url = urlsplit(found.tablet_url)
    if not url.hostname:
        raise click.ClickException("INTYGA_TABLET_URL is empty: start with intyga serve --tablet")
    return url.hostname, url.port or 443


def listen(wsgi: Wsgi, shown: Identity, port: int) -> None:
    """Until the process ends."""
    from cheroot import wsgi as cheroot  # noqa: PLC0415 only this process needs it
    from cheroot.ssl.builtin import BuiltinSSLAdapter  # noqa: PLC0415 same

    adapter = BuiltinSSLAdapter(str(shown.certificate), str(shown.key))
    adapter.context.minimum_version = ssl.TLSVersion.TLSv1_2
    server = cheroot.Server(("0.0.0.0", port), wsgi, numthreads=THREADS, server_name="Intyga", timeout=30)  # noqa: S104 tablets come from the network
    server.ssl_adapter = adapter
    server.max_request_body_size = LARGEST
    server.max_request_header_size = 64_000
    try:
        server.start()
    finally:
        server.stop()


def certificate_door(shown: Identity, port: int) -> ThreadingHTTPServer:
    """Gives the authority's certificate to whoever does not trust it yet, and nothing else."""
    body = shown.ca.read_bytes()

    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known = self.path == "/intyga-ca.crt"
            self.send_response(200 if known else 404)
            self.send_header("Content-Type", "application/x-x509-ca-cert")
            self.send_header("Content-Length", str(len(body) if known else 0))
            self.end_headers()
            if known:
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 the library's name
            """Quiet."""

    return ThreadingHTTPServer(("0.0.0.0", port), Door)  # noqa: S104 tablets come from the network


def invite(found: Settings, code: str) -> None:
    """Two codes to read with the tablet: first to trust this machine, then to be enrolled here."""
    import segno  # noqa: PLC0415 only this command draws

    host, port = place(found)
    shown = identity(found.folder, host)
    bracketed = f"[{host}]" if ":" in host else host
    first = f"http://{bracketed}:{port + 1}/intyga-ca.crt"
    second = f"{found.tablet_url}/falt/" + (f"#kod={code}" if code else "")
    click.echo(f"\n1. Lita på den här datorn / trust this machine: {first}\n   SHA-256 {shown.fingerprint} …")
    segno.make(first, error="l").terminal(compact=True)
    click.echo("   iPad: Inställningar → Allmänt → VPN och enhetshantering, sedan Om → Certifikattillit.")
    click.echo("   Android: Inställningar → Säkerhet → Installera certifikat → CA-certifikat.")
    click.echo(f"\n2. Öppna fältsidan / open the field page: {second}")
    segno.make(second, error="l").terminal(compact=True)
    if code:
        click.echo(f"   Kod / code: {code} (en surfplatta, en kvart). Fler: {found.address}/surfplattor\n")
    else:
        click.echo(f"   Hämta en kod / get a code: {found.address}/surfplattor\n")
