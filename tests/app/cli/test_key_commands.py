"""Keys from the command line, and what `doctor` says of them."""

import sys
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from workshop import PASSPHRASE, email

sys.path.insert(0, str(Path(__file__).parents[1] / "issue"))

from pki import THEIRS, somebodys_p12

from app.cli import cli
from app.cli.doctor import complaints
from app.store import awards, issuers


@pytest.fixture
def house(shop, monkeypatch):
    """A house whose commands can be run."""
    found = shop("issued")
    folder = found.tools.settings.folder
    (folder / "secret").write_text("x" * 40)
    (folder / "keys" / "passphrase").write_text(PASSPHRASE)
    for file in (folder / "secret", folder / "keys" / "passphrase"):
        file.chmod(0o600)
    monkeypatch.setenv("INTYGA_FOLDER", str(folder))
    return found


def said(*words: str) -> str:
    done = CliRunner().invoke(cli, ["key", *words], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def seals(house) -> list[issuers.Key]:
    with house.tools.read() as tx:
        return issuers.keys(tx, house.provider, "seal")


def test_a_seal_is_rotated_with_overlap_and_the_list_tells(house):
    begins = house.tools.now() + timedelta(days=30)
    assert "seal 2" in said("rotate", "exempelnat", "--seal", "--from", begins.date().isoformat())
    first, second = seals(house)
    assert first.retired_at == second.starts_at > house.tools.now()
    listed = said("list")
    assert f"begins {second.starts_at:%Y-%m-%d}" in listed
    assert f"in use until {second.starts_at:%Y-%m-%d}" in listed


def test_an_own_seal_is_adopted_from_a_file_and_is_qualified_only_if_it_says_so(house, tmp_path):
    (tmp_path / "seal.p12").write_bytes(somebodys_p12())
    (tmp_path / "opens").write_text(THEIRS)
    words = (
        "adopt",
        "exempelnat",
        "--p12",
        str(tmp_path / "seal.p12"),
        "--p12-passphrase-file",
        str(tmp_path / "opens"),
    )
    refused = CliRunner().invoke(cli, ["key", *words, "--qualified"])
    assert refused.exception.code == "key-unfit"
    assert len(seals(house)) == 1
    assert not list(house.keyring.folder.glob("*/seal-2*"))
    said(*words)
    assert [(each.place, each.level) for each in seals(house)] == [(1, "development"), (2, "advanced")]


def test_a_compromised_key_lists_what_it_made_and_two_people_revoke_it(house):
    words = ("compromised", "exempelnat", "record", "1", "--since", "2020-01-01")
    number = house.given.number
    told = said(*words)
    assert number in told
    assert "1 awards were made with it" in told
    coordinator, quality = email("coordinator"), email("quality")
    assert "asked for" in said(*words, "--ask", coordinator)
    assert "another person" in said(*words, "--confirm", coordinator)
    with house.tools.read() as tx:
        assert awards.find(tx, house.given.id).revoked_at is None
    assert "revoked" in said(*words, "--confirm", quality)
    with house.tools.read() as tx:
        assert awards.find(tx, house.given.id).revoked_at is not None
    assert "not trusted from" in said("list")
    assert house.faults() == []


def test_doctor_warns_in_time_before_a_seal_ends(house):
    (seal,) = seals(house)
    ends = house.keyring.seal("exempelnat").not_after

    def told(days: int) -> list[tuple[str, str]]:
        from dataclasses import replace  # noqa: PLC0415 only here

        from app.cli.doctor import _seals  # noqa: PLC0415 same

        later = replace(house.tools, now=lambda: ends - timedelta(days=days))
        return [(each.severity, each.text) for each in _seals(later, "exempelnat", [seal])]

    assert told(91) == []
    assert told(89)[0][0] == "warning"
    assert told(59)[0][0] == "unfit"
    assert not any("ends in" in each.text for each in complaints(house.tools.settings))
