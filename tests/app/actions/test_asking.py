"""A stranger's document is taken in, kept from others' eyes, and never for longer than it takes to answer."""

import os
from datetime import timedelta

import pytest
from sqlalchemy import text

from app.actions import checks, erase
from app.actions.checks import LARGEST, WAITING, BusyError, DocumentSizeError
from app.store import checks as store
from app.store import intents


def kept(shop):
    folder = shop.tools.settings.folder / "checks"
    return sorted(folder.iterdir()) if folder.exists() else []


def test_what_is_asked_waits_under_a_name_nobody_guesses(shop_on_both):
    shop = shop_on_both()
    key = checks.ask(shop.tools, b"%PDF-1.7 a document")
    [file] = kept(shop)
    assert (file.name, file.read_bytes()) == (key, b"%PDF-1.7 a document")
    assert file.stat().st_mode & 0o777 == 0o600
    assert len(key) == 22
    assert key != checks.ask(shop.tools, b"%PDF-1.7 a document")
    with shop.tools.read() as tx:
        assert store.find(tx, key).answered_at is None
        assert intents.of(tx, "check", key)


@pytest.mark.parametrize("size", [0, LARGEST + 1])
def test_nothing_and_too_much_is_not_kept(shop, size):
    shop = shop()
    with pytest.raises(DocumentSizeError):
        checks.ask(shop.tools, b"x" * size)
    assert kept(shop) == []


def test_a_crowd_is_asked_to_come_back(shop):
    shop = shop()
    for _ in range(WAITING):
        checks.ask(shop.tools, b"x")
    with pytest.raises(BusyError):
        checks.ask(shop.tools, b"x")
    assert len(kept(shop)) == WAITING


def test_old_answers_are_forgotten(shop):
    shop = shop()
    key = checks.ask(shop.tools, b"x")
    with shop.tools.begin() as tx:
        store.answer(tx, key, '{"holder": "Erik"}', shop.tools.now())
        store.answer(tx, key, "another", shop.tools.now())
        assert store.find(tx, key).answer == '{"holder": "Erik"}'
    shop.clock.forward(days=2)
    with shop.tools.begin() as tx:
        store.forget(tx, shop.tools.now() - timedelta(days=1))
        assert store.find(tx, key).answer is None
        assert tx.execute(text("SELECT count(*) FROM checks")).scalar_one() == 1


def test_a_document_whose_asking_was_cut_short_does_not_stay(shop):
    """The process died between the file and its row."""
    shop = shop()
    checks.ask(shop.tools, b"fresh")
    left = shop.tools.settings.folder / "checks" / "a-name-without-row"
    left.write_bytes(b"somebody's certificate")
    past = (shop.clock.at - timedelta(days=2)).timestamp()
    os.utime(left, (past, past))
    erase.tidy(shop.tools)
    assert [file.read_bytes() for file in kept(shop)] == [b"fresh"]
