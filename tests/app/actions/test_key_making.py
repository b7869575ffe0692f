"""Keys are made once, listed with the ledger's word, never lost between file and register, and real in production."""

from dataclasses import replace

import pytest
from sqlalchemy import text
from workshop import OTHER, PASSPHRASE, PROVIDER

from app.actions import keys
from app.actions.keys import DevelopmentSealError
from app.issue.problems import PassphraseError
from app.store import issuers
from assessments.problems import MissingError


def listed(shop, slug=OTHER):
    with shop.tools.read() as tx:
        return [(key.purpose, key.place) for key in issuers.keys(tx, shop.ids[slug])]


def test_making_twice_makes_once(shop):
    shop = shop()
    keys.make(shop.tools, PASSPHRASE, OTHER)
    files = {file: file.read_bytes() for file in shop.keyring.folder.rglob("*.p*")}
    keys.make(shop.tools, PASSPHRASE, OTHER)
    assert listed(shop) == [("record", 1), ("seal", 1)]
    assert {file: file.read_bytes() for file in shop.keyring.folder.rglob("*.p*")} == files
    assert shop.faults() == []


def test_a_seal_made_before_a_crash_is_listed_and_not_made_anew(shop):
    shop = shop()
    keys.make(shop.tools, PASSPHRASE, OTHER)
    seal = (shop.keyring.folder / OTHER / "seal.p12").read_bytes()
    with shop.tools.begin() as tx:
        tx.execute(text("DELETE FROM keys WHERE provider = :home"), {"home": shop.ids[OTHER]})
    keys.make(shop.tools, PASSPHRASE, OTHER)
    assert (shop.keyring.folder / OTHER / "seal.p12").read_bytes() == seal
    assert ("seal", 1) in listed(shop)


def test_a_new_record_key_retires_the_older_and_both_stay_listed(shop):
    shop = shop()
    assert keys.rotate(shop.tools, PASSPHRASE, PROVIDER) == 2
    with shop.tools.read() as tx:
        states = {key.place: key.retired_at is None for key in issuers.keys(tx, shop.provider, "record")}
    assert states == {1: False, 2: True}
    shop.work()
    with shop.tools.read() as tx:
        body = issuers.published(tx, "/issuer/exempelnat/did.json").body.decode()
    assert all(f"#key-{place}" in body for place in (1, 2))
    assert shop.faults() == []


def test_production_makes_no_development_seal(shop):
    shop = shop()
    production = replace(shop.tools, settings=replace(shop.tools.settings, mode="production"))
    with pytest.raises(DevelopmentSealError):
        keys.make(production, PASSPHRASE, OTHER)
    assert listed(shop) == []


def test_the_wrong_passphrase_opens_and_lists_nothing(shop):
    shop = shop()
    with pytest.raises(PassphraseError):
        keys.make(shop.tools, "wrong", OTHER)
    with pytest.raises(MissingError):
        keys.make(shop.tools, PASSPHRASE, "nobody")
    assert listed(shop) == []
