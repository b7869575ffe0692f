"""An edition is published whole and never changes; rights to issue are its owner's to give and take back."""

import hashlib
from threading import Barrier, Thread

import pytest
from workshop import BODY, OTHER, OTHER_BODY, PROVIDER, STANDARD

from app.actions import grants, publish
from app.actions.grants import GrantExistsError
from app.actions.publish import EditionChangedError, NotPublishedError, WrongOwnerError
from app.store import standards
from assessments.problems import ForbiddenError, InvalidError, MissingError, NoGrantError
from assessments.process import require_grant
from criteria.findings import FaultyStandardError
from criteria.reader import library

REASON = "Leverantören har slutat med yrket."


def changed(*pairs):
    data = STANDARD.decode()
    for old, new in pairs:
        assert old in data
        data = data.replace(old, new)
    return data.encode()


def editions(shop):
    with shop.tools.read() as tx:
        return [(each.standard, each.edition) for each in standards.every(tx)]


def test_the_same_file_twice_changes_nothing(shop_on_both):
    shop = shop_on_both()
    first = publish.publish(shop.tools, shop.actors["editor"], STANDARD, owner=BODY)
    assert first.sha256 == shop.edition
    assert publish.publish(shop.tools, None, STANDARD, owner=BODY) == first
    with shop.tools.read() as tx:
        assert standards.file(tx, first.sha256) == STANDARD
    assert editions(shop) == [("provyrke", "2026.1")]
    assert shop.faults() == []


def test_a_comment_more_is_the_same_edition(shop):
    shop = shop()
    same = publish.publish(shop.tools, None, b"# en kommentar\n" + STANDARD, owner=BODY)
    assert same.sha256 == shop.edition
    with shop.tools.read() as tx:
        assert standards.file(tx, same.sha256) == STANDARD


@pytest.mark.parametrize("pair", [
    ("value: 0.5", "value: 0.6"), ("critical: true", "critical: false"), ("Mäter och håller", "Mäter och följer"),
])  # fmt: skip
def test_a_changed_edition_is_refused_and_a_new_number_is_not(shop, pair):
    shop = shop()
    with pytest.raises(EditionChangedError):
        publish.publish(shop.tools, shop.actors["editor"], changed(pair), owner=BODY)
    assert editions(shop) == [("provyrke", "2026.1")]
    new = publish.publish(shop.tools, shop.actors["editor"], changed(pair, ('"2026.1"', '"2026.2"')), owner=BODY)
    assert new.sha256 != shop.edition
    assert len(editions(shop)) == 2
    assert shop.faults() == []


def test_two_who_publish_at_once_keep_one(shop_on_both):
    shop = shop_on_both()
    data, start, answers = changed(('"2026.1"', '"2026.3"')), Barrier(3), []

    def submit():
        start.wait()
        try:
            answers.append(publish.publish(shop.tools, None, data, owner=BODY).sha256)
        except Exception as fault:  # noqa: BLE001 told below
            answers.append(fault)

    threads = [Thread(target=submit) for _ in range(3)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(set(answers)) == 1, answers
    assert len(editions(shop)) == 2
    assert shop.faults() == []


def test_drafts_and_others_files_are_not_published(shop):
    shop = shop()
    with pytest.raises(NotPublishedError):
        publish.publish(shop.tools, None, changed(("status: published", "status: draft")), owner=BODY)
    with pytest.raises(WrongOwnerError):
        publish.publish(shop.tools, shop.actors["strange-editor"], STANDARD, owner=OTHER_BODY)
    with pytest.raises(WrongOwnerError):
        publish.publish(shop.tools, None, changed(("name: Exempelbranschen", "name: Annan")), owner=BODY)
    with pytest.raises(MissingError):
        publish.publish(shop.tools, None, STANDARD, owner=PROVIDER)
    with pytest.raises(MissingError):
        publish.publish(shop.tools, None, STANDARD, owner="nobody")
    for who in ("strange-editor", "coordinator", "admin"):
        with pytest.raises(MissingError):
            publish.publish(shop.tools, shop.actors[who], STANDARD, owner=BODY)


@pytest.mark.parametrize("data", [b"", b"\x00", b"[]", b"a: &x [*x]", STANDARD.replace(b"M2.2", b"M2.1"), b"\xff" * 99])
def test_a_faulty_file_is_refused_with_its_findings_and_changes_nothing(shop, data):
    shop = shop()
    with pytest.raises(FaultyStandardError) as refused:
        publish.publish(shop.tools, None, data, owner=BODY)
    assert refused.value.findings
    assert editions(shop) == [("provyrke", "2026.1")]


def test_a_reused_module_comes_from_what_is_published_here(shop):
    shop = shop()
    files = {each.standard: each.file.read_bytes() for each in library()}
    with pytest.raises(FaultyStandardError):
        publish.publish(shop.tools, None, files["beredskapssvetsare-fibernat"], owner=BODY)
    base = publish.publish(shop.tools, None, files["fibertekniker-service"], owner=BODY)
    reusing = publish.publish(shop.tools, None, files["beredskapssvetsare-fibernat"], owner=BODY)
    with shop.tools.read() as tx:
        kept = standards.find(tx, reusing.sha256).content
    own = {each.id: each for each in base.content.modules}
    assert {each.id for each in kept.modules} <= set(own)
    assert publish.reuses(files["beredskapssvetsare-fibernat"])
    assert not publish.reuses(files["fibertekniker-service"])
    assert hashlib.sha256(files["fibertekniker-service"]).hexdigest()
    assert shop.faults() == []


def running(shop, provider=PROVIDER):
    with shop.tools.read() as tx:
        return [each for each in standards.grant_views(tx, provider=shop.ids[provider]) if each.revoked_on is None]


def test_a_right_is_given_once(shop):
    shop = shop()
    with pytest.raises(GrantExistsError):
        grants.give(shop.tools, shop.actors["editor"], owner=BODY, provider=PROVIDER, standard="provyrke")
    assert len(running(shop)) == 1


def test_two_who_give_at_once_give_one_so_that_taking_back_takes_all(shop_on_both):
    shop = shop_on_both()
    start, answers = Barrier(4), []

    def submit():
        start.wait()
        try:
            answers.append(grants.give(shop.tools, None, owner=BODY, provider=OTHER, standard="provyrke").id)
        except GrantExistsError:
            answers.append(None)

    threads = [Thread(target=submit) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    [only] = running(shop, OTHER)
    assert sorted(answers, key=str) == sorted([only.id, None, None, None], key=str)
    assert shop.faults() == []


def test_only_the_owner_gives_and_takes_back(shop):
    shop = shop()
    [mine] = running(shop)
    for who in ("strange-editor", "coordinator", "admin"):
        with pytest.raises(MissingError):
            grants.give(shop.tools, shop.actors[who], owner=BODY, provider=OTHER, standard="provyrke")
        with pytest.raises(MissingError):
            grants.revoke(shop.tools, shop.actors[who], mine.id, REASON)
    with pytest.raises(MissingError):
        grants.give(shop.tools, shop.actors["strange-editor"], owner=OTHER_BODY, provider=OTHER, standard="provyrke")
    with pytest.raises(MissingError):
        grants.give(shop.tools, shop.actors["editor"], owner=BODY, provider=BODY, standard="provyrke")
    with pytest.raises(InvalidError):
        grants.revoke(shop.tools, shop.actors["editor"], mine.id, "kort")
    assert running(shop) == [mine]


def test_taken_back_today_it_no_longer_counts_today_and_taking_back_twice_changes_nothing(shop_on_both):
    shop = shop_on_both()
    [mine] = running(shop)
    grants.revoke(shop.tools, shop.actors["editor"], mine.id, REASON)
    with shop.tools.read() as tx:
        rights = standards.grants(tx, shop.provider)
    with pytest.raises(NoGrantError):
        require_grant(rights, shop.provider, "provyrke", shop.tools.today())
    shop.clock.forward(days=2)
    grants.revoke(shop.tools, shop.actors["editor"], mine.id, "Ett annat skäl än det första.")
    with shop.tools.read() as tx:
        [after] = standards.grant_views(tx, key=mine.id)
    assert (after.revoked_on, after.reason) == (mine.given_on, REASON)
    assert shop.faults() == []


def test_a_day_is_a_swedish_day(shop):
    shop = shop()
    shop.clock.at = shop.clock.at.replace(month=7, day=14, hour=22, minute=30)
    assert shop.tools.today().endswith("-07-15")
    shop.clock.at = shop.clock.at.replace(month=12, day=31, hour=22, minute=30)
    assert shop.tools.today().endswith("-12-31")
    with pytest.raises(ForbiddenError):
        publish.require(shop.actors["coordinator"], "standard.publish", shop.provider)
