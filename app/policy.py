"""Who may do what: one table, deny by default, tenant first, and nobody learns that another tenant's thing exists."""

from dataclasses import dataclass, field
from typing import Literal

from assessments.problems import ForbiddenError, MissingError

RoleName = Literal["coordinator", "assessor", "quality-assurer", "editor", "administrator"]
ROLES: dict[RoleName, str] = {
    "coordinator": "provider",
    "assessor": "provider",
    "quality-assurer": "provider",
    "editor": "sector-body",
    "administrator": "operator",
}
"""Each role with the kind of organisation it belongs to."""

POLICY: dict[str, frozenset[str]] = {
    "assessment.open": frozenset({"coordinator"}),
    "assessment.list": frozenset({"coordinator", "quality-assurer"}),
    "assessment.read": frozenset({"coordinator", "assessor", "quality-assurer"}),
    "assessment.record": frozenset({"assessor"}),
    "assessment.decide": frozenset({"assessor"}),
    "assessment.take-back": frozenset({"assessor"}),
    "assessment.review": frozenset({"quality-assurer"}),
    "assessment.withdraw": frozenset({"coordinator"}),
    "assessment.bring-back": frozenset({"assessor", "coordinator"}),
    "device.manage": frozenset({"assessor", "coordinator"}),
    "quarantine.resolve": frozenset({"coordinator"}),
    "candidate.code": frozenset({"coordinator"}),
    "candidate.hand-over": frozenset({"coordinator"}),
    "candidate.protected": frozenset({"coordinator"}),
    "award.revoke": frozenset({"coordinator", "quality-assurer"}),
    "standard.list": frozenset({"editor"}),
    "standard.publish": frozenset({"editor"}),
    "grant.give": frozenset({"editor"}),
    "grant.revoke": frozenset({"editor"}),
    "organisation.list": frozenset({"administrator"}),
    "organisation.add": frozenset({"administrator"}),
    "user.add": frozenset({"administrator"}),
    "user.disable": frozenset({"administrator"}),
    "report.read": frozenset({"administrator"}),
}
"""Action → roles that may do it within their own organisation; what is not here nobody may."""


@dataclass(frozen=True)
class Membership:
    """One role of a person in one organisation."""

    organisation: str
    role: RoleName


@dataclass(frozen=True)
class Actor:
    """The signed-in person: duties are separated by `person`, however many accounts or roles there are."""

    person: str
    account: str
    name: str
    email: str
    language: str
    memberships: tuple[Membership, ...] = field(default_factory=tuple)

    def roles(self, organisation: str) -> frozenset[str]:
        """The actor's roles in that organisation."""
        return frozenset(m.role for m in self.memberships if m.organisation == organisation)

    def organisations(self, role: str) -> tuple[str, ...]:
        """Where the actor has that role."""
        return tuple(m.organisation for m in self.memberships if m.role == role)


def can(actor: Actor, action: str, organisation: str) -> bool:
    """Whether the actor may do this within that organisation."""
    return bool(actor.roles(organisation) & POLICY.get(action, frozenset()))


def require(actor: Actor, action: str, organisation: str) -> None:
    """Refuse: as missing across tenants, as forbidden within."""
    if not actor.roles(organisation):
        raise MissingError
    if not can(actor, action, organisation):
        raise ForbiddenError(action=action)
