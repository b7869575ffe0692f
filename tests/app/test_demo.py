"""The demo walks the whole chain through the real verbs: every role, one case issued, one under way, one waiting."""

import io
import json

import pytest
from PIL import Image
from workshop import PASSPHRASE, settings_in

from app import demo
from app.actions import keys, sign_in
from app.issue.keyring import Keyring
from app.policy import ROLES
from app.store import assessments, awards, organisations, proofs
from app.store.schema import upgrade
from app.tools import tools_for


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """Filled once, as `intyga serve --demo` does."""
    tools = tools_for(settings_in(tmp_path_factory.mktemp("demo")))
    upgrade(tools.database)
    signs = demo.people_and_standards(tools, PASSPHRASE)
    award = demo.cases(tools, Keyring(keys.key_folder(tools), PASSPHRASE))
    yield tools, signs, award
    tools.database.close()


@pytest.mark.slow
def test_every_role_can_sign_in(filled):
    tools, signs, _ = filled
    assert {each.role for each in signs} == set(ROLES)
    for each in signs:
        actor = sign_in.visitor(tools, sign_in.sign_in(tools, each.email, each.password)).actor
        assert actor.name == each.name
        assert each.email.endswith("@intyga.example")


@pytest.mark.slow
def test_one_case_is_issued_one_under_way_and_one_waits_for_quality_assurance(filled):
    tools, _, award = filled
    with tools.read() as tx:
        provider = organisations.find(tx, demo.PROVIDER)
        states = [each.state for each in assessments.of_provider(tx, provider.id)]
        given = awards.find(tx, award)
    assert sorted(states)[:3] == ["assessing", "awarded", "decided"]
    assert given.status(tools.today()) == "valid"
    assert given.award.whole


@pytest.mark.slow
def test_the_demo_holds_to_its_own_ledger(filled):
    tools, _, _ = filled
    with tools.read() as tx:
        assert list(proofs.faults(tx)) == []


@pytest.mark.slow
def test_a_protected_person_or_a_real_host_is_not_in_it(filled):
    tools, _, award = filled
    with tools.read() as tx:
        papers = {each.format: each for each in awards.documents(tx, award) if not each.module}
        numbers = {each.organisation_number for each in organisations.every(tx)}
    record = json.loads(tools.files.get(papers["open-badge"].sha256))
    assert record["id"].startswith("urn:uuid:")
    assert "intyga.example" in record["issuer"]["id"]
    assert numbers <= {"556000-0241", "802000-0017", "556000-0167"}


def test_the_drawn_picture_is_one_and_the_same_for_the_same_seed():
    first, again, other = demo.drawn("a", "M"), demo.drawn("a", "M"), demo.drawn("b", "M")
    assert first == again != other
    assert Image.open(io.BytesIO(first)).size == (1200, 900)
