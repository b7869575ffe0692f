"""Files that standards bodies publish: known by the manifest, found by INTYGA_STANDARDS, used only unchanged."""

import os
import tomllib
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

STANDARDS = os.environ.get("INTYGA_STANDARDS")
MANIFEST = Path(__file__).parents[1] / "conformance" / "manifest.toml"


def listed() -> Iterator[tuple[str, str, str]]:
    """Folder, name and digest of every file in the manifest."""
    for each in tomllib.loads(MANIFEST.read_text("utf-8"))["published"]:
        for name, digest in each["sha256"].items():
            yield each["folder"], name, digest


def show(folder: str, given: Path, shown: Path) -> list[str]:
    """Lay out in `shown` what the manifest knows of a folder; returns what is missing or other than it says."""
    faults = []
    for of, name, digest in listed():
        if of != folder:
            continue
        file = given / folder / name
        if not file.is_file():
            faults.append(f"{folder}/{name} is missing")
        elif sha256(file.read_bytes()).hexdigest() != digest:
            faults.append(f"{folder}/{name} is not what the manifest says")
        else:
            (shown / name).parent.mkdir(parents=True, exist_ok=True)
            (shown / name).symlink_to(file.resolve())
    return faults
