"""The changes between two editions as a person reads them, one line each, in Swedish or English."""

from criteria.diff import Change
from criteria.weights import ChangeKind, Weight

KINDS: dict[ChangeKind, tuple[str, str]] = {
    "added": ("nytt", "added"),
    "removed": ("borttaget", "removed"),
    "moved": ("flyttat", "moved"),
    "reworded": ("omformulerat", "reworded"),
    "language-added": ("nytt språk", "language added"),
    "language-removed": ("språk borttaget", "language removed"),
    "kind": ("annat slag", "kind changed"),
    "critical": ("kritiskt", "critical"),
    "methods": ("metoder", "methods"),
    "evidence": ("bevismaterial", "evidence"),
    "limit": ("gräns", "limit"),
    "parameter": ("parameter", "parameter"),
    "demand": ("krav", "demand"),
    "rule": ("regel", "rule"),
    "result": ("resultat", "result"),
    "validity": ("giltighet", "validity"),
    "prerequisite": ("förkunskapsbevis", "prerequisite"),
    "level": ("nivå", "level"),
    "workload": ("omfattning", "workload"),
    "reference": ("källa eller kod", "source or code"),
    "reuse": ("återanvändning", "reuse"),
    "standing": ("ställning", "standing"),
}
DIRECTIONS = {"": ("", ""), "tighter": ("skärpt", "tighter"), "looser": ("lättat", "looser")}
WEIGHTS: dict[Weight, tuple[str, str]] = {
    "none": ("ingen skillnad i sak", "no difference in meaning"),
    "patch": ("ord (patch)", "words (patch)"),
    "minor": ("mindre (minor)", "minor"),
    "major": ("större (major)", "major"),
}
THINGS = {
    "edition": ("utgåvan", "the edition"), "module": ("modul", "module"), "outcome": ("läranderesultat", "outcome"),
    "criterion": ("kriterium", "criterion"), "fact": ("uppgift", "fact"), "column": ("kolumn", "column"),
    "step": ("steg", "step"), "option": ("val", "option"), "parameter": ("parameter", "parameter"),
    "table": ("uppslagstabell", "look-up table"), "variant": ("variant", "variant"), "row": ("rad", "row"),
    "prerequisite": ("förkunskapsbevis", "prerequisite"), "result": ("resultat", "result"), "rule": ("regel", "rule"),
    "source": ("källa", "source"), "code": ("kod", "code"),
}  # fmt: skip


def word(entry: tuple[str, str], language: str) -> str:
    """An entry of one of the tables above in `sv` or `en`."""
    return entry[language == "en"]


def said(change: Change, language: str) -> str:
    """`criterion SKA.3 facts.loss.maximum: limit 0.10 → 0.08 (tighter)`."""
    where = " ".join(filter(None, (word(THINGS[change.what], language), change.item, change.field)))
    tongue = f" [{change.language}]" if change.language and change.field != "languages" else ""
    way = word(DIRECTIONS[change.direction], language)
    told = f"{where}{tongue}: {word(KINDS[change.kind], language)} {values(change)}"
    return f"{told.rstrip()}{f' ({way})' if way else ''}"


def values(change: Change) -> str:
    """What was and what is; of what came or went only that."""
    old, new = sides(change)
    if change.kind in ("added", "language-added"):
        return new
    if change.kind in ("removed", "language-removed"):
        return old
    return f"{old or '–'} → {new or '–'}"


def sides(change: Change) -> tuple[str, str]:
    """What was and what is, each on one line; of several values only those that differ."""
    before, after = change.old, change.new
    if isinstance(before, dict) and isinstance(after, dict):
        same = {key for key in before if key in after and before[key] == after[key]}
        before, after = ({k: v for k, v in each.items() if k not in same} for each in (before, after))
    return shown(before), shown(after)


def shown(value: object) -> str:
    """A value on one line."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case dict() if value.keys() == {"parameter"}:
            return str(value["parameter"])
        case dict():
            return ", ".join(f"{key} {shown(each)}" for key, each in value.items())
        case list():
            return " / ".join(shown(each) for each in value)
        case _:
            return str(value)
