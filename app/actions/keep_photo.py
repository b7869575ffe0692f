"""Take a photo into a case: decoded and written anew in a child process, so no metadata and no trick survives."""

import os
import re
import subprocess
import sys
import threading
from pathlib import Path

from app.actions.open_assessment import require_declared
from app.policy import Actor
from app.store import assessments
from app.tools import Tools
from assessments.problems import InvalidError

LARGEST = 20_000_000
SECONDS = 20
SCAN = 0xDA
MORE = re.compile(rb"\xff[\xd9\xe0-\xef\xfe]")
"""An end, metadata or a comment: after the first scan there is nothing but the one end."""
PLAIN = frozenset({0xE0, 0xDB, 0xC0, 0xC1, 0xC2, 0xC4, 0xDD})
"""Parts of a JPEG (ITU-T T.81 B.1.1.3) that only say how to draw it: JFIF head, tables, frame, restart interval."""
TURNS = threading.BoundedSemaphore(2)  # each child may take some hundred megabytes: a flood must not fill the memory
HOUSE = Path(__file__).parents[2]


class PhotoError(InvalidError):
    """Not a photo we can use."""

    code = "photo"
    sv = "Bilden kunde inte användas. Välj ett foto i formatet JPEG, PNG eller WebP, högst 20 MB och 50 megapixel."
    en = "The picture could not be used. Choose a JPEG, PNG or WebP photo of at most 20 MB and 50 megapixels."


def keep_photo(tools: Tools, actor: Actor, assessment: str, data: bytes) -> str:
    """Clean the photo, keep it in the case and return its SHA-256; keeping it twice changes nothing."""
    with tools.read() as tx:
        require_declared(actor, assessments.find(tx, assessment))
    if not 0 < len(data) <= LARGEST:
        raise PhotoError
    sha256 = tools.files.put(cleaned(data))
    with tools.begin() as tx:
        assessments.keep_photo(tx, assessment, sha256, actor.person, tools.now())
    return sha256


def is_plain(data: bytes) -> bool:
    """Whether a JPEG holds the picture and nothing else: no metadata, no comment, nothing after its end."""
    at = 2
    while data[:2] == b"\xff\xd8" and data[at : at + 1] == b"\xff" and len(data) >= at + 4:
        kind, size = data[at + 1], int.from_bytes(data[at + 2 : at + 4])
        if kind == SCAN:
            return data.endswith(b"\xff\xd9") and len(MORE.findall(data, at + 2)) == 1
        if kind not in PLAIN:
            return False
        at += 2 + size
    return False


def cleaned(data: bytes) -> bytes:
    """A JPEG of at most 2,000 pixels a side without metadata; raises `PhotoError`."""
    # A bare environment and no folder of anybody's in the path: the child sees nothing of ours but its own code.
    surroundings = {"PYTHONPATH": str(HOUSE), "PATH": os.defpath, "LC_ALL": "C.UTF-8"}
    command = [sys.executable, "-P", "-m", "app.photo"]
    try:
        with TURNS:
            done = subprocess.run(  # noqa: S603 our own module, nothing of the picture in the command
                command, input=data, capture_output=True, timeout=SECONDS, check=False, env=surroundings, cwd="/"
            )
    except subprocess.TimeoutExpired as slow:
        raise PhotoError from slow
    if done.returncode != 0 or not done.stdout:
        raise PhotoError
    return done.stdout
