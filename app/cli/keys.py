"""Keys from the command line."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, TextIO

import click

from app.cli import house
from app.cli.verify import Moment
from app.policy import Actor
from app.store import issuers, organisations, people
from app.tools import Tools
from assessments.problems import MissingError, ProblemError

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
OPENS = click.option("--p12-passphrase-file", type=click.File(), help="A file that holds what opens the PKCS#12 file.")
FROM = click.option(
    "--from", "starts_at", type=Moment(), help="When it begins; until then the seal before it goes on. Left out: now."
)
QUALIFIED = click.option(
    "--qualified", is_flag=True, help="The certificate is qualified and its key lies in a qualified device."
)


@click.group()
def key() -> None:
    """Keys that organisations seal and prove with."""


@key.command("new")
@click.argument("organisation")
@click.option("--p12", type=FILE, help="The organisation's own seal certificate; left out: a development seal.")
@OPENS
def new(*, organisation: str, p12: Path | None, p12_passphrase_file: TextIO | None) -> None:
    """Give an organisation a seal and a first record key."""
    from app.actions import keys  # noqa: PLC0415 the key machinery only where it is used

    found = house.settings()
    data = p12.read_bytes() if p12 else None
    opens = _said(p12_passphrase_file)
    keys.make(house.tools(found), house.passphrase(found), organisation, p12=data, p12_passphrase=opens)
    click.echo("made; the worker publishes the DID document")


@key.command("adopt")
@click.argument("organisation")
@click.option("--p12", type=FILE, help="PKCS#12 file with certificate, chain and key.")
@OPENS
@click.option("--pkcs11", help="Library of a hardware module, such as /usr/lib/softhsm/libsofthsm2.so.")
@click.option("--token", default="", help="Label of the token in it.")
@click.option("--label", default="", help="Label of the key in the token.")
@click.option("--pin-file", type=FILE, help="File with the token's PIN; it is read again at each start.")
@click.option("--certificate", "certificates", multiple=True, type=FILE, help="PEM, the seal's own first, its chain.")
@click.option("--record", is_flag=True, help="A record key (Ed25519 in the module) instead of a seal.")
@QUALIFIED
@FROM
def adopt(
    *,
    organisation: str,
    p12: Path | None,
    p12_passphrase_file: TextIO | None,
    pkcs11: str | None,
    token: str,
    label: str,
    pin_file: Path | None,
    certificates: tuple[Path, ...],
    record: bool,
    qualified: bool,
    starts_at: datetime | None,
) -> None:
    """Take a key of the organisation's own, from a file or a hardware module, as its next one."""
    from app.actions import keys  # noqa: PLC0415 same
    from app.issue.hardware import Held  # noqa: PLC0415 same

    if (p12 is None) == (pkcs11 is None) or (record and p12):
        raise click.UsageError("say either --p12 or --pkcs11; a record key comes from --pkcs11")
    source: keys.P12 | Held
    if p12:
        source = keys.P12(p12.read_bytes(), _said(p12_passphrase_file))
    else:
        if pin_file is None:
            raise click.UsageError("--pkcs11 needs --pin-file")
        pems = tuple(each.read_text() for each in certificates)
        source = Held(
            module=str(pkcs11), token=token, label=label, pin_file=str(pin_file.absolute()), certificates=pems
        )
    found = house.settings()
    tools, passphrase = house.tools(found), house.passphrase(found)
    if record and isinstance(source, Held):
        click.echo(f"key-{keys.rotate(tools, passphrase, organisation, source)} proves from now on")
        return
    place = keys.new_seal(tools, passphrase, organisation, source, starts_at=starts_at, qualified=qualified)
    click.echo(f"seal {place} adopted")


def _said(file: TextIO | None) -> str:
    return file.read().strip() if file else ""


@key.command("rotate")
@click.argument("organisation")
@click.option("--seal", is_flag=True, help="A new development seal instead of a record key (own ones: key adopt).")
@FROM
def rotate(*, organisation: str, seal: bool, starts_at: datetime | None) -> None:
    """A new key; older ones stay listed so that what they made can be checked."""
    from app.actions import keys  # noqa: PLC0415 same

    found = house.settings()
    tools, passphrase = house.tools(found), house.passphrase(found)
    if seal:
        place = keys.new_seal(tools, passphrase, organisation, starts_at=starts_at)
        click.echo(f"seal {place} seals from {starts_at or datetime.now(UTC):%Y-%m-%d} on")
    else:
        click.echo(f"key-{keys.rotate(tools, passphrase, organisation)} proves from now on")


@key.command("compromised")
@click.argument("organisation")
@click.argument("purpose", type=click.Choice(["seal", "record"]))
@click.argument("place", type=int)
@click.option("--since", type=Moment(), required=True, help="From when on somebody else may have used it.")
@click.option("--ask", "asked_by", help="Address of the person who asks for the revocation of all affected awards.")
@click.option("--confirm", "confirmed_by", help="Address of another person who confirms it.")
def compromised(
    *,
    organisation: str,
    purpose: Literal["seal", "record"],
    place: int,
    since: datetime,
    asked_by: str | None,
    confirmed_by: str | None,
) -> None:
    """Trust a key no more: it makes nothing new, and what it made since then is listed, and revoked by two people."""
    from app.actions import keys  # noqa: PLC0415 same

    tools = house.tools()
    affected = keys.distrust(tools, organisation, purpose, place, since)
    for award in affected:
        click.echo(_told(tools, award, asked_by, confirmed_by))
    click.echo(f"{len(affected)} awards were made with it since then")


def _told(tools: Tools, award: str, asked_by: str | None, confirmed_by: str | None) -> str:
    """What became of one award."""
    from app.actions import revoke  # noqa: PLC0415 same
    from app.store import awards  # noqa: PLC0415 same

    with tools.read() as tx:
        given = awards.find(tx, award)
    line = f"{given.number or given.id}"
    if given.revoked_at:
        return f"{line} revoked"
    try:
        if asked_by:
            revoke.ask(tools, _actor(tools, asked_by), award, "Nyckeln som handlingen gjordes med kan ha missbrukats.")
            line += " revocation asked for"
        if confirmed_by:
            with tools.read() as tx:
                waiting = [each.id for each in awards.revocations(tx, award) if each.confirmed_at is None]
            revoke.confirm(tools, _actor(tools, confirmed_by), award, waiting[-1] if waiting else "")
            line += " and confirmed: revoked"
    except ProblemError as fault:
        line += f" ({fault.en})"
    return line


def _actor(tools: Tools, email: str) -> Actor:
    with tools.read() as tx:
        account = people.account(tx, email)
        found = people.actor(tx, account.id) if account else None
    if found is None:
        raise MissingError(account=email)
    return found


@key.command("list")
@house.JSON
def list_keys(*, as_json: bool) -> None:
    """All public keys, retired ones included."""
    now = datetime.now(UTC)
    with house.tools().read() as tx:
        homes = {each.id: each.slug for each in organisations.every(tx)}
        listed = issuers.keys(tx)
    if as_json:
        house.tell(listed)
    else:
        for each in listed:
            click.echo(f"{homes[each.provider]:20} {each.purpose:6} {each.place:3} {each.level:11} {_state(each, now)}")


def _state(each: issuers.Key, now: datetime) -> str:
    if each.distrusted_from:
        return f"not trusted from {each.distrusted_from:%Y-%m-%d} on"
    if each.starts_at > now:
        return f"begins {each.starts_at:%Y-%m-%d}"
    if each.ended(now):
        return f"retired {each.retired_at:%Y-%m-%d}"
    return "in use" + (f" until {each.retired_at:%Y-%m-%d}" if each.retired_at else "")
