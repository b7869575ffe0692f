"""Start the program: both processes supervised, one alone, or the whole chain once for a look."""

import json
import os
import tempfile
from dataclasses import replace
from pathlib import Path

import click

from app.actions.open_assessment import NewCandidate
from app.cli import house
from app.settings import Settings
from app.tools import Tools

TABLET_PORT = 8443


@click.command()
@click.option("--demo", "with_demo", is_flag=True, help="Fill an empty database with invented people and cases.")
@click.option("--tablet", "with_tablet", is_flag=True, help="Also https on the local network, with codes to read.")
@click.option("--at", "host", default="", help="Name or address under which tablets find this machine.")
@click.option("--provider", default="", help="Whose tablet the code enrols, when there are several providers.")
def serve(*, with_demo: bool, with_tablet: bool, host: str, provider: str) -> None:
    """Web and worker together; neither survives this process."""
    from app.cli.supervisor import PARTS, supervise  # noqa: PLC0415 keeps other commands quick

    if with_tablet:
        _open_to_tablets(host)
    found = house.settings()
    tools = house.prepare(found)
    if with_demo:
        _fill(found)
    if with_tablet:
        from app.cli.tablet import invite  # noqa: PLC0415 same

        invite(found, _tablet_code(tools, provider))
    tools.database.close()
    click.echo(f"Intyga: {found.address}/  (Ctrl-C ends it)")
    supervise(found, (*PARTS, "tablet") if with_tablet else PARTS)


@click.command()
@click.option("--parent", type=int, default=-1, hidden=True, help="End when this pipe closes.")
def web(*, parent: int) -> None:
    """The web process alone."""
    from waitress import serve as listen  # noqa: PLC0415 only this process needs it

    from app import create_app  # noqa: PLC0415 Flask only where the web is
    from app.cli.supervisor import end_with_parent  # noqa: PLC0415 same
    from app.queue import waker  # noqa: PLC0415 same
    from app.tools import tools_for  # noqa: PLC0415 same

    end_with_parent(parent)
    found = house.settings()
    house.tools(found).database.close()
    wsgi = create_app(found, tools_for(found, waker(found)))
    listen(
        wsgi, host=found.host, port=found.port, threads=8, ident=None, max_request_body_size=25_000_000,
        channel_timeout=60, connection_limit=200,
        # Behind a proxy its headers are needed: the application itself takes exactly as many as INTYGA_PROXIES says.
        clear_untrusted_proxy_headers=not found.proxies,
    )  # fmt: skip


@click.command()
@click.option("--parent", type=int, default=-1, hidden=True, help="End when this pipe closes.")
def work(*, parent: int) -> None:
    """The worker alone: issues, mails and checks; the only process that opens keys."""
    from app import jobs  # noqa: PLC0415 WeasyPrint and pyHanko only where they work
    from app.actions.keys import key_folder  # noqa: PLC0415 same
    from app.cli.supervisor import end_with_parent  # noqa: PLC0415 same
    from app.issue.keyring import Keyring  # noqa: PLC0415 same
    from app.queue import consume  # noqa: PLC0415 same

    end_with_parent(parent)
    found = house.settings()
    tools = house.tools(found)
    keyring = Keyring(key_folder(tools), house.passphrase(found))
    jobs.begin(tools, keyring)

    def answer(key: str) -> None:
        if jobs.work(tools, keyring, key):
            jobs.work_due(tools, keyring)  # what it led to: the status list and the letter follow the paper at once

    consume(found, answer, lambda: jobs.look_around(tools, keyring))


@click.command()
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=Path("out"), show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
def demo(*, out: Path, as_json: bool) -> None:
    """The whole chain once, without questions: throw-away database, development keys, SPECIMEN."""
    from app import demo as invented  # noqa: PLC0415 same
    from app.cli.outcome import write_outcome  # noqa: PLC0415 same
    from app.issue.keyring import Keyring  # noqa: PLC0415 same

    house.require_own_app()
    with tempfile.TemporaryDirectory(prefix="intyga-demo-") as folder:
        found = throw_away(Path(folder))
        tools = house.prepare(found)
        secret = house.passphrase(found)
        invented.people_and_standards(tools, secret)
        candidate = NewCandidate(name="Erik Åkerlund-Łoś", birth_date="1991-02-28", reference="demo")
        award = invented.chain(tools, candidate)
        summary = write_outcome(tools, Keyring(found.folder / "keys", secret), award, out)
        tools.database.close()
    if as_json:
        click.echo(json.dumps(summary, ensure_ascii=False, indent=2))
    else:
        click.echo(f"{summary['result']['sv']} {summary['number']} (SPECIMEN)")
        for name in summary["files"]:
            click.echo(f"  {out / name}")


def throw_away(folder: Path) -> Settings:
    """Settings that touch nothing but that folder."""
    return replace(
        Settings(), folder=folder, secret_file=folder / "secret", passphrase_file=folder / "keys" / "passphrase"
    )


def _open_to_tablets(host: str) -> None:
    """The address that tablets use, for this process and its children; one that was set stays as it is."""
    from app.cli.local_ca import local_address  # noqa: PLC0415 same

    name = "INTYGA_TABLET_URL"
    if host or not os.environ.get(name, "").strip():
        chosen = host or local_address()
        os.environ[name] = f"https://{f'[{chosen}]' if ':' in chosen else chosen}:{TABLET_PORT}"


def _tablet_code(tools: Tools, slug: str) -> str:
    """For the provider that was named, or the only one there is; else nothing, and people get codes at the desk."""
    from app.actions.enrol import make_code  # noqa: PLC0415 same
    from app.store import organisations  # noqa: PLC0415 same

    with tools.read() as tx:
        known = [each for each in organisations.every(tx, "provider") if slug in ("", each.slug)]
    if slug and not known:
        raise click.ClickException(f"no provider is called {slug}")
    return make_code(tools, None, known[0].id) if len(known) == 1 else ""


def _fill(found: Settings) -> None:
    from app import demo as invented  # noqa: PLC0415 the demo needs the worker's machinery
    from app.issue.keyring import Keyring  # noqa: PLC0415 same
    from app.store import organisations  # noqa: PLC0415 same
    from app.store.files import write_whole  # noqa: PLC0415 same

    if found.production:
        raise click.ClickException("demo data never go into production")
    tools = house.tools(found)
    listed = found.folder / invented.SIGN_INS
    with tools.read() as tx:
        empty = not organisations.every(tx)
    if empty:
        click.echo("Filling the empty database with invented people and cases …")
        secret = house.passphrase(found)
        sign_ins = invented.people_and_standards(tools, secret)
        invented.cases(tools, Keyring(found.folder / "keys", secret))
        lines = [f"{each.role:16} {each.email:30} {each.password}  ({each.name})" for each in sign_ins]
        write_whole(listed, ("\n".join(lines) + "\n").encode())
    tools.database.close()
    if listed.exists():
        click.echo(f"Demo sign-ins (also in {listed}):")
        click.echo(listed.read_text())
