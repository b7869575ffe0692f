"""Every choice an operator has, read once from the environment; all faults are named in one message."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

DEMO_HOST = "intyga.example"
LOOPBACK = ("127.0.0.1", "localhost", "::1")


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
    controller: str = ""
    """Who is responsible for the personal data (privacy notice)."""
    legal_basis: str = ""
    contact: str = ""
    """Where visitors report faults and ask about their data."""

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
    "controller": "INTYGA_CONTROLLER",
    "legal_basis": "INTYGA_LEGAL_BASIS",
    "contact": "INTYGA_CONTACT",
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
    for field in ("port", "proxies"):
        if field in given:
            text = str(given[field])
            if text.isdecimal() and int(text) <= 65535:
                given[field] = int(text)
            else:
                faults.append(f"{VARIABLES[field]}: a whole number, not {text!r}")
                del given[field]
    if given.get("mode", "development") not in ("development", "production"):
        faults.append(f"INTYGA_MODE: development or production, not {given['mode']!r}")
    settings = Settings(**given)  # type: ignore[arg-type] # converted field by field just above
    faults += _faults(settings)
    if faults:
        raise SettingsError(faults)
    return settings


def _faults(settings: Settings) -> list[str]:
    faults = []
    url = urlsplit(settings.public_url)
    if url.scheme not in ("http", "https") or not url.hostname or url.path.strip("/") or url.query or url.fragment:
        faults.append(f"INTYGA_PUBLIC_URL: an address such as https://intyg.example.se, not {settings.public_url!r}")
    elif url.scheme != "https" and url.hostname not in LOOPBACK:
        faults.append("INTYGA_PUBLIC_URL: must be https except on this machine: tablets and keys need a secure context")
    if settings.mail and urlsplit(settings.mail).scheme not in ("smtp", "smtps"):
        faults.append("INTYGA_MAIL: smtp://host:port or smtps://user:password@host:port")
    if settings.production:
        if url.hostname == DEMO_HOST or url.hostname in LOOPBACK:
            faults.append(f"INTYGA_PUBLIC_URL: production needs your own public host, not {url.hostname}")
        if not settings.mail:
            faults.append("INTYGA_MAIL: production needs a mail server")
        faults += [
            f"{VARIABLES[field]}: production must say it (privacy notice and accessibility statement)"
            for field in ("controller", "legal_basis", "contact")
            if not getattr(settings, field)
        ]
    return faults
