"""What each difference between two editions is called and how much it weighs: the one table behind `criteria diff`.

major   who was found competent by one edition may not be by the other: more, less or other things are demanded
minor   whoever met the old edition meets the new one too: a demand is eased, a language or a choice came
patch   words, order on the page, sources and dates: what is demanded stays (a person must judge whether it really does)
"""

from typing import Literal

Weight = Literal["none", "patch", "minor", "major"]
ORDER: tuple[Weight, ...] = ("none", "patch", "minor", "major")
Rule = Literal["patch", "minor", "major", "direction"]
"""`direction`: tighter is major, looser is minor, what is neither is major."""
ChangeKind = Literal[
    "added", "removed", "moved", "reworded", "language-added", "language-removed", "kind", "critical", "methods",
    "evidence", "limit", "parameter", "demand", "rule", "result", "validity", "prerequisite", "level", "workload",
    "reference", "reuse", "standing",
]  # fmt: skip

NODES: dict[str, tuple[Weight, Weight]] = {
    "module": ("major", "major"),
    "outcome": ("major", "major"),
    "criterion": ("major", "major"),
    "fact": ("major", "major"),
    "column": ("major", "major"),
    "step": ("major", "major"),
    "option": ("minor", "major"),
    "parameter": ("minor", "minor"),
    "table": ("minor", "major"),
    "variant": ("minor", "major"),
    "row": ("minor", "major"),
    "prerequisite": ("minor", "minor"),
    "result": ("minor", "major"),
    "rule": ("major", "major"),
    "source": ("patch", "patch"),
    "code": ("patch", "patch"),
}
"""Weight of something that was added, and of something that was removed. What a parameter or paper does is told
where it is used, so the list of them weighs little."""

ORDERED: dict[str, Weight] = {
    "module": "patch",
    "outcome": "patch",
    "criterion": "patch",
    "fact": "patch",
    "column": "patch",
    "option": "patch",
    "step": "major",
    "variant": "major",
    "result": "major",
}
"""Lists whose order says something. Steps are taken, variants chosen and results tried in their order."""

FIELDS: dict[str, tuple[ChangeKind, Rule]] = {
    "kind": ("kind", "major"),
    "type": ("kind", "major"),
    "critical": ("critical", "direction"),
    "fails": ("critical", "direction"),
    "methods": ("methods", "direction"),
    "evidence": ("evidence", "direction"),
    "minimum": ("limit", "direction"),
    "maximum": ("limit", "direction"),
    "warning_minimum": ("limit", "direction"),
    "warning_maximum": ("limit", "direction"),
    "threshold": ("limit", "direction"),
    "within_days": ("limit", "direction"),
    "rows": ("demand", "direction"),
    "different_days": ("demand", "direction"),
    "repetitions": ("demand", "direction"),
    "assessors": ("demand", "direction"),
    "required": ("demand", "direction"),
    "witnessed": ("demand", "direction"),
    "may_be_not_applicable": ("demand", "direction"),
    "accepted": ("demand", "direction"),
    "points": ("demand", "major"),
    "unit": ("demand", "major"),
    "mean_of": ("demand", "major"),
    "explained_by": ("demand", "major"),
    "table": ("demand", "major"),
    "part": ("demand", "major"),
    "chain": ("demand", "major"),
    "value": ("parameter", "direction"),
    "tighter": ("parameter", "major"),
    "example": ("parameter", "patch"),
    "valid_years": ("validity", "direction"),
    "modules": ("result", "major"),
    "prerequisites": ("prerequisite", "direction"),
    "before": ("prerequisite", "direction"),
    "level.seqf": ("level", "minor"),
    "level.eqf": ("level", "minor"),
    "level.state": ("level", "minor"),
    "level.by": ("level", "patch"),
    "level.on": ("level", "patch"),
    "workload": ("workload", "minor"),
    "source": ("reference", "patch"),
    "clause": ("reference", "patch"),
    "code": ("reference", "patch"),
    "system": ("reference", "patch"),
    "origin": ("reuse", "patch"),
    "key": ("reworded", "patch"),
    "term": ("reworded", "patch"),
    "meaning": ("reworded", "patch"),
    "name": ("reworded", "patch"),
    "short": ("reworded", "patch"),
    "title": ("reworded", "patch"),
    "format": ("standing", "major"),
    "standard": ("standing", "major"),
    "status": ("standing", "patch"),
    "owner.name": ("standing", "minor"),
    "owner.country": ("standing", "patch"),
    "owner.homepage": ("standing", "patch"),
    "owner.organisation_number": ("standing", "patch"),
    "licence": ("standing", "minor"),
    "complete": ("standing", "minor"),
    "valid_from": ("standing", "patch"),
    "review_by": ("standing", "patch"),
}
"""Field → what its change is called, and how it weighs; where the thing matters, `PLACED` comes first."""

PLACED: dict[tuple[str, str], tuple[ChangeKind, Rule]] = {
    ("rule", "minimum"): ("rule", "direction"),
    ("result", "kind"): ("result", "major"),
    ("result", "name"): ("result", "minor"),
    ("row", "value"): ("demand", "major"),
    ("parameter", "unit"): ("parameter", "major"),
    ("prerequisite", "required"): ("prerequisite", "direction"),
}
"""Fields that mean something else in one place."""

TIGHTER: dict[str, int] = {
    "minimum": 1, "maximum": -1, "warning_minimum": 1, "warning_maximum": -1, "threshold": 1, "within_days": -1,
    "rows": 1, "different_days": 1, "repetitions": 1, "assessors": 1, "required": 1, "witnessed": 1,
    "critical": 1, "may_be_not_applicable": -1, "accepted": -1, "valid_years": -1,
}  # fmt: skip
"""Which way a number (or yes) demands more."""


def heaviest(weights: list[Weight]) -> Weight:
    """The next edition weighs what its heaviest change weighs."""
    return max(weights, key=ORDER.index, default="none")


def ruled(rule: Rule, direction: str) -> Weight:
    """The weight of a change once its direction is known."""
    if rule == "direction":
        return "minor" if direction == "looser" else "major"
    return rule
