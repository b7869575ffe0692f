"""Every choice an operator has, read once from the environment; all faults are named in one message."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import SplitResult, urlsplit

DEMO_HOST = "intyga.example"
LOOPBACK = ("127.0.0.1", "localhost", "::1")
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")


class SettingsError(Exception):
    """The settings cannot be used; `faults` holds one sentence for each."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__("; ".join(faults))


@dataclass(frozen=True)
class Settings:
    """All settings with their defaults; README and `doctor` explain each (a test compares)."""

    mode: Literal["development", "production"] = "development"
    folder: Path = Path("var")
    """Database, files, keys and demo mail when nothing else is said."""
    database_url: str = ""
    """SQLAlchemy address; empty = SQLite in the folder."""
    public_url: str = f"https://{DEMO_HOST}"
    """Address under which strangers reach the service; printed on certificates, frozen at the first real issue."""
    host: str = "127.0.0.1"
    port: int = 8080
    proxies: int = 0
    """How many reverse proxies in front are trusted to tell the visitor's address."""
    mail: str = ""
    """`smtp://host:port` or `smtps://user:password@host:port`; empty = readable files in the folder."""
    mail_from: str = f"intyga@{DEMO_HOST}"
    passphrase_file: Path = Path("var/keys/passphrase")
    """Opens the sealing keys; read by the worker and the command line only."""
    secret_file: Path = Path("var/secret")
    """Signs form tokens; made by `intyga init`."""
    tsa: str = ""
    """Address of a time-stamp authority (RFC 3161); empty = the development one, in production none."""
    tsa_trust: str = ""
    """PEM file with the roots that its time-stamps must rest on."""
    controller: str = ""
    """Who is responsible for the personal data (privacy notice)."""
    legal_basis: str = ""
    contact: str = ""
    """Where visitors report faults and ask about their data."""
    tablet_url: str = ""
    """A second https address under which tablets on the local network reach the service; `serve --tablet` sets it."""
    test_mode: bool = False
    """Lets test programs watch the field page; refused in production."""
    vc_api: bool = False
    """Lets `intyga vc-api` start: a door for conformance suites that proves whatever it is sent."""

    @property
    def database(self) -> str:
        """The address of the database."""
        return self.database_url or f"sqlite:///{self.folder / 'intyga.sqlite'}"

    @property
    def production(self) -> bool:
        """Stand-ins are refused."""
        return self.mode == "production"

    @property
    def address(self) -> str:
        """The local address `serve` listens on, as a browser writes it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"


VARIABLES: dict[str, str] = {
    "mode": "INTYGA_MODE",
    "folder": "INTYGA_FOLDER",
    "database_url": "INTYGA_DATABASE_URL",
    "public_url": "INTYGA_PUBLIC_URL",
    "host": "INTYGA_HOST",
    "port": "INTYGA_PORT",
    "proxies": "INTYGA_PROXIES",
    "mail": "INTYGA_MAIL",
    "mail_from": "INTYGA_MAIL_FROM",
    "passphrase_file": "INTYGA_PASSPHRASE_FILE",
    "secret_file": "INTYGA_SECRET_FILE",
    "tsa": "INTYGA_TSA",
    "tsa_trust": "INTYGA_TSA_TRUST",
    "controller": "INTYGA_CONTROLLER",
    "legal_basis": "INTYGA_LEGAL_BASIS",
    "contact": "INTYGA_CONTACT",
    "tablet_url": "INTYGA_TABLET_URL",
    "test_mode": "INTYGA_TEST_MODE",
    "vc_api": "INTYGA_VC_API",
}


def from_env(environ: Mapping[str, str]) -> Settings:
    """Read the settings; raises `SettingsError` naming every fault at once."""
    faults = [
        f"unknown setting {name}"
        for name in sorted(environ)
        if name.startswith("INTYGA_") and name not in {*VARIABLES.values(), "INTYGA_STANDARDS"}
    ]
    given: dict[str, object] = {
        field: environ[name] for field, name in VARIABLES.items() if environ.get(name, "").strip()
    }
    folder = Path(str(given.get("folder", "var"))).absolute()
    given |= {"folder": folder}
    for field, default in (("passphrase_file", folder / "keys" / "passphrase"), ("secret_file", folder / "secret")):
        given[field] = Path(str(given.get(field, default))).absolute()
    if "tsa_trust" in given:
        given["tsa_trust"] = str(Path(str(given["tsa_trust"])).absolute())
    faults += _numbers(given)
    for field in {"public_url", "tablet_url"} & given.keys():
        given[field] = str(given[field]).strip().rstrip("/")  # paths are put behind it
    faults += _switches(given)
    if given.get("mode", "development") not in ("development", "production"):
        faults.append(f"INTYGA_MODE: development or production, not {given['mode']!r}")
    settings = Settings(**given)  # type: ignore[arg-type] # converted field by field just above
    faults += _faults(settings)
    if faults:
        raise SettingsError(faults)
    return settings


def _numbers(given: dict[str, object]) -> list[str]:
    """Whole numbers, in place; what is none keeps its default and is said."""
    wrong = []
    for field in {"port", "proxies"} & given.keys():
        text = str(given.pop(field))
        if re.fullmatch(r"[0-9]{1,5}", text) and int(text) <= 65535:
            given[field] = int(text)
        else:
            wrong.append(f"{VARIABLES[field]}: a whole number, not {text!r}")
    return wrong


def _switches(given: dict[str, object]) -> list[str]:
    """On or off, in place; what is neither is off and said."""
    wrong = [name for name in ("vc_api", "test_mode") if given.get(name, "0") not in ("0", "1")]
    given |= {name: given[name] == "1" for name in ("vc_api", "test_mode") if name in given}
    return [f"{VARIABLES[name]}: 0 or 1" for name in wrong]


def _faults(settings: Settings) -> list[str]:
    """Addresses are never repeated: they can hold passwords."""
    faults = []
    url = _address(settings.public_url)
    if url is None or url.scheme not in ("http", "https") or url.path or url.query or url.fragment or url.username:
        faults.append("INTYGA_PUBLIC_URL: an address such as https://intyg.example.se")
    elif url.scheme != "https" and url.hostname not in LOOPBACK:
        faults.append("INTYGA_PUBLIC_URL: must be https except on this machine: tablets and keys need a secure context")
    tablet = _address(settings.tablet_url)
    if settings.tablet_url and (tablet is None or tablet.scheme != "https" or tablet.path or tablet.query):
        faults.append("INTYGA_TABLET_URL: an https address such as https://192.168.1.20:8443, or nothing")
    if settings.database_url and not settings.database_url.startswith(
        ("sqlite:", "postgresql:", "postgresql+psycopg:")
    ):
        faults.append("INTYGA_DATABASE_URL: postgresql://user:password@host/name, or nothing for SQLite in the folder")
    mail = _address(settings.mail)
    if settings.mail and (mail is None or mail.scheme not in ("smtp", "smtps")):
        faults.append("INTYGA_MAIL: smtp://host:port or smtps://user:password@host:port")
    tsa = _address(settings.tsa)
    if settings.tsa and (tsa is None or tsa.scheme not in ("http", "https")):
        faults.append("INTYGA_TSA: an address such as https://tsa.example.se/rfc3161")
    elif tsa is not None and tsa.scheme != "https" and tsa.hostname not in LOOPBACK:
        faults.append("INTYGA_TSA: must be https except on this machine")
    if bool(settings.tsa) != bool(settings.tsa_trust):
        faults.append("INTYGA_TSA_TRUST: a PEM file with the authority's roots, given together with INTYGA_TSA")
    if not _HOST.fullmatch(settings.mail_from.partition("@")[2]):
        faults.append("INTYGA_MAIL_FROM: a mail address")
    return faults + (list(_stand_ins(settings)) if settings.production else [])


def _stand_ins(settings: Settings) -> Iterator[str]:
    host = getattr(_address(settings.public_url), "hostname", "") or ""
    if _demo(host) or host in LOOPBACK:
        yield f"INTYGA_PUBLIC_URL: production needs your own public host, not {host}"
    if settings.vc_api:
        yield "INTYGA_VC_API: production has no door for conformance suites"
    if settings.test_mode:
        yield "INTYGA_TEST_MODE: production is watched by nobody"
    if not settings.mail:
        yield "INTYGA_MAIL: production needs a mail server"
    if _demo(settings.mail_from.partition("@")[2].lower()):
        yield "INTYGA_MAIL_FROM: production needs your own address"
    for field in ("controller", "legal_basis", "contact"):
        if not getattr(settings, field):
            yield f"{VARIABLES[field]}: production must say it (privacy notice and accessibility statement)"


def _address(text: str) -> SplitResult | None:
    """None when it is no address with a host, or one that no program can read."""
    try:
        url = urlsplit(text)
        fit = url.port is None or url.port > 0
    except ValueError:
        return None
    host = url.hostname or ""
    return url if fit and (_HOST.fullmatch(host) or ":" in host) else None


def _demo(host: str) -> bool:
    return host == DEMO_HOST or host.endswith(f".{DEMO_HOST}")
