"""One table of who may do what: complete, used, tenant first, and nothing that is not in it."""

import re
from itertools import product
from pathlib import Path
from typing import get_args

import pytest

from app.policy import POLICY, ROLES, Actor, Membership, RoleName, can, require
from assessments.problems import ForbiddenError, MissingError

APP = Path(__file__).parents[2] / "app"


def an_actor(*memberships: tuple[str, RoleName]) -> Actor:
    kept = tuple(Membership(home, role) for home, role in memberships)
    return Actor(person="p", account="a", name="Anna", email="a@intyga.example", language="sv", memberships=kept)


def test_every_role_lives_in_a_kind_of_organisation_and_has_something_to_do():
    assert set(ROLES) == set(get_args(RoleName))
    assert {role for roles in POLICY.values() for role in roles} == set(ROLES)


def test_no_action_belongs_to_roles_of_different_kinds():
    assert all(roles for roles in POLICY.values())
    for action, roles in POLICY.items():
        assert len({ROLES[role] for role in roles}) == 1, action


def test_every_action_that_code_asks_for_is_in_the_table():
    asked = set()
    for file in APP.rglob("*.py"):
        asked |= set(re.findall(r"""\b(?:require|can)\([^()]*?"([a-z-]+\.[a-z-]+)"\s*,""", file.read_text()))
    assert len(asked) >= 10
    assert asked <= set(POLICY)


@pytest.mark.parametrize(("action", "role"), list(product(POLICY, ROLES)))
def test_within_the_organisation_exactly_the_listed_roles_may(action, role):
    actor = an_actor(("home", role))
    assert can(actor, action, "home") is (role in POLICY[action])
    if role not in POLICY[action]:
        with pytest.raises(ForbiddenError) as refused:
            require(actor, action, "home")
        assert refused.value.details == {"action": action}


@pytest.mark.parametrize(("action", "role"), list(product(POLICY, ROLES)))
def test_in_anothers_organisation_nothing_exists(action, role):
    actor = an_actor(("home", role))
    assert not can(actor, action, "abroad")
    with pytest.raises(MissingError) as refused:
        require(actor, action, "abroad")
    assert refused.value.details == {}


def test_a_role_at_home_gives_nothing_abroad_even_with_another_role_there():
    actor = an_actor(("home", "quality-assurer"), ("abroad", "coordinator"))
    require(actor, "assessment.review", "home")
    with pytest.raises(ForbiddenError):
        require(actor, "assessment.review", "abroad")


def test_an_unknown_action_is_nobodys():
    actor = an_actor(*(("home", role) for role in ROLES))
    assert not can(actor, "assessment.delete", "home")
    with pytest.raises(ForbiddenError):
        require(actor, "assessment.delete", "home")


def test_a_person_without_any_role_sees_nothing():
    with pytest.raises(MissingError):
        require(an_actor(), "assessment.read", "home")
