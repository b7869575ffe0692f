"""Opens a stranger's file in a process of its own that may die: no keys, files or sockets, little memory and time.

A hostile record can abort the whole process that parses it and a hostile PDF can eat it, so neither ever meets the
worker. What the child says is an answer; what kills it is one too: *could not be read safely*.
"""

import asyncio
import os
import resource
import subprocess
import sys
from datetime import datetime
from importlib import import_module
from pathlib import Path

import msgspec
from msgspec import Struct

from app.verify.answers import Verification, from_json, to_json, unread
from app.verify.trust import Trust

MEMORY = 1024 * 1024 * 1024
"""Of address space, in bytes; most of it is libraries."""
SECONDS = 20
"""Of processor time; a sealed certificate takes about one, mostly for starting."""
WALL_SECONDS = 60
"""A busy machine may be slow, but nobody waits for ever."""
LARGEST = 10_000_000
"""Of a file; a certificate is some hundred kilobytes."""
LARGEST_ANSWER = 1_000_000
AHEAD = (
    "app.verify.pdf",
    "cryptography.hazmat.backends.openssl.backend",
    "lxml.etree",
    "pyhanko.pdf_utils.crypt.pdfmac",
    "pyhanko.pdf_utils.filters",
    "pyhanko.pdf_utils.metadata.xmp_xml",
    "pyhanko_certvalidator.revinfo.validate_crl",
    "pyhanko_certvalidator.revinfo.validate_ocsp",
)
"""For papers only, and what libraries load when they first need it and then could not: the door is closed."""
HOUSE = Path(__file__).parents[2]


class Request(Struct, frozen=True, kw_only=True):
    """The first line of what the child reads; the document's bytes follow."""

    trust: Trust
    at: datetime


def examine(data: bytes, trust: Trust, at: datetime) -> Verification:
    """Three answers about a file of unknown origin."""
    if not 0 < len(data) <= LARGEST:
        return unread("too-large" if data else "empty")
    asked = msgspec.json.encode(Request(trust=trust, at=at)) + b"\n" + data
    command = [sys.executable, "-P", "-m", "app.verify.child"]
    # A bare environment: whatever secrets ours holds, the child does not see them.
    surroundings = {"PYTHONPATH": str(HOUSE), "PATH": os.defpath, "LC_ALL": "C.UTF-8"}
    try:
        done = subprocess.run(  # noqa: S603 our own module, nothing of the document in the command
            command,
            input=asked,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=surroundings,
            cwd="/",
            timeout=WALL_SECONDS,
            check=True,
        )
        if len(done.stdout) > LARGEST_ANSWER:
            return unread("unsafe")
        return from_json(done.stdout)
    except (subprocess.SubprocessError, msgspec.MsgspecError):
        return unread("unsafe")


def main() -> None:
    """The child: limits first, then libraries, then a closed door, and only then the document."""
    for limit, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_CORE, 0)):
        resource.setrlimit(limit, (most, most))
    from app.verify.document import PDF, verify_document  # noqa: PLC0415 heavy, and only the child needs it

    header, _, data = sys.stdin.buffer.read().partition(b"\n")
    asked = msgspec.json.decode(header, type=Request)
    for name in AHEAD if data.startswith(PDF) else ():
        import_module(name)
    with asyncio.Runner() as runner:
        runner.get_loop()  # opens what it needs before the door is closed
        _close_the_door()
        try:
            found = runner.run(verify_document(data, asked.trust, asked.at))
        except MemoryError:
            found = unread("unsafe")
        sys.stdout.write(to_json(found))
        sys.stdout.flush()


def _close_the_door() -> None:
    """From here on no file, key or address can be opened, and nothing can be written to disk."""
    for limit in (resource.RLIMIT_NOFILE, resource.RLIMIT_FSIZE):
        resource.setrlimit(limit, (0, 0))


if __name__ == "__main__":
    main()
