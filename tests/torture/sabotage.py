"""Three builds that break a promise each: the torture must notice every one of them, or it proves nothing."""

import shutil
from pathlib import Path

from house import ROOT

SABOTAGE: dict[str, tuple[str, str, str]] = {
    "reply before commit": (
        "app/actions/deliver.py",
        '    """Keep the delivery of a tablet, or of a file that `by` brought."""\n',
        """
    import threading
    import time

    def later() -> None:
        time.sleep(0.3)
        _once(tools, device, sent, raw, by)

    threading.Thread(target=later).start()
    results = tuple(Taken(each["id"], "stored") for each in sent.events)
    return Delivered(results=results, skew_ms=0, revoked=False, received_at=tools.now())
""",
    ),
    "number after signing": (
        "app/actions/issue.py",
        "        number = awards.number(tx, given.id, award.awarded_on[:4])\n",
        """        number = given.number or awards.printed_number(
            award.awarded_on[:4], sum(each.number is not None for each in awards.of_provider(tx, given.provider)) + 1
        )
""",
    ),
    "synchronous=OFF": ("app/store/database.py", '    "synchronous = FULL",\n', '    "synchronous = OFF",\n'),
}
"""Name → file, the line that is taken out, and what stands there instead."""
AFTER = (
    "    _seal(tools, keyring, Sealing(given, award, number, sealing, sealer), whole)\n",
    "    with tools.begin() as tx:\n        number = awards.number(tx, given.id, award.awarded_on[:4])\n",
)
"""The number that comes after signing."""


def sabotaged(name: str, folder: Path) -> Path:
    """A copy of our program that breaks one promise; without it every word is ours."""
    file, line, instead = SABOTAGE[name]
    shutil.copytree(ROOT / "app", folder / "app", ignore=shutil.ignore_patterns("__pycache__"))
    for room in ("assessments", "criteria", "templates"):
        (folder / room).symlink_to(ROOT / room)
    source = (folder / file).read_text()
    assert source.count(line) == 1, f"{file} has changed: sabotage it anew"
    source = source.replace(line, instead)
    if name == "number after signing":
        assert source.count(AFTER[0]) == 1
        source = source.replace(AFTER[0], AFTER[0] + AFTER[1])
    (folder / file).write_text(source)
    return folder
