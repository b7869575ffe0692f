"""An edition as a CASE package (1EdTech, Competencies and Academic Standards Exchange). Experimental.

Document, module, outcome and criterion become CFDocument and CFItems joined by `isChildOf`; what is required to pass
becomes a rubric. What CASE has no word for travels in `extensions`, so that our own round trip loses nothing.
"""

import uuid
from collections.abc import Iterator
from typing import Any, Literal

import msgspec
from msgspec import NODEFAULT, Struct

from criteria.case_tree import STANDS, UNDER, words
from criteria.model import Criterion, Edition, Module, Outcome

Version = Literal["1.0", "1.1"]
NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://intyga.example/case")
BASE = "https://intyga.example"
EXTENSION = "intyga"
STATUSES = {"draft": "Draft", "review": "Private Draft", "published": "Adopted", "retired": "Deprecated"}
_TREE = ("outcomes", "criteria")
TYPES = {"module": "Module", "outcome": "Learning outcome", "criterion": "Criterion"}


class Node(Struct, frozen=True):
    """One thing of the tree that becomes an item."""

    kind: Literal["module", "outcome", "criterion"]
    thing: Module | Outcome | Criterion
    path: tuple[str, ...]
    parent: "Node | None" = None


def package(edition: Edition, *, base: str = "", version: Version = "1.1") -> dict[str, Any]:
    """The package as plain values; the same edition gives the same package, with the same identifiers, every time."""
    return _Writer(edition, base or edition.owner.homepage or BASE, version).package()


def encoded(edition: Edition, *, base: str = "", version: Version = "1.1") -> bytes:
    """The package's bytes."""
    return msgspec.json.format(msgspec.json.encode(package(edition, base=base, version=version)), indent=2) + b"\n"


class _Writer:
    """Knows the edition and its addresses while the parts are made."""

    def __init__(self, edition: Edition, base: str, version: Version) -> None:
        self.edition, self.version = edition, version
        self.base = f"{base.rstrip('/')}/ims/case/v{version.replace('.', 'p')}"
        self.changed = f"{edition.valid_from}T00:00:00+00:00"

    def package(self) -> dict[str, Any]:
        nodes = list(self.nodes())
        shown = [node for node in nodes if not _stands_for(node)]
        return {
            "CFDocument": self.document(),
            "CFItems": [self.item(node) for node in shown],
            "CFAssociations": list(self.associations(shown)),
            "CFDefinitions": self.definitions(),
            "CFRubrics": list(self.rubrics(shown)),
        }

    def nodes(self) -> Iterator[Node]:
        for module in self.edition.modules:
            top = Node("module", module, (module.id,))
            yield top
            for outcome in module.outcomes:
                middle = Node("outcome", outcome, (module.id, outcome.id), top)
                yield middle
                yield from self.below(outcome, middle)

    @staticmethod
    def below(outcome: Outcome, middle: Node) -> Iterator[Node]:
        """Criteria, and criteria within criteria as others have them: `A__1` lies in `A`."""
        known: dict[str, Node] = {}
        for criterion in outcome.criteria:
            parent = known.get(criterion.id.rpartition(UNDER)[0], middle)
            node = Node("criterion", criterion, (*middle.path, criterion.id), parent)
            known[criterion.id] = node
            yield node

    def id(self, *path: str) -> str:
        return str(uuid.uuid5(NAMESPACE, "/".join((self.edition.standard, self.edition.edition, *path))))

    def named(self, kind: str, *path: str) -> dict[str, str]:
        identifier = self.id(kind, *path)
        uri = f"{self.base}/{kind}/{identifier}"
        return {"identifier": identifier, "uri": uri, "lastChangeDateTime": self.changed}

    def link(self, kind: str, title: str, *path: str) -> dict[str, str]:
        named = self.named(kind, *path)
        return {"title": title, "identifier": named["identifier"], "uri": named["uri"]}

    def document(self) -> dict[str, Any]:
        edition = self.edition
        language, title = words(edition.title)
        made = {
            **self.named("CFDocuments"),
            "creator": edition.owner.name,
            "title": title,
            "publisher": edition.owner.name,
            "description": words(edition.summary)[1],
            "language": language,
            "version": edition.edition,
            "adoptionStatus": STATUSES[edition.status],
            "statusStartDate": edition.valid_from,
            "licenseURI": self.link("CFLicenses", edition.licence),
            "notes": words(edition.notice)[1],
            "CFPackageURI": self.link("CFPackages", title),
        }
        if edition.owner.homepage:
            made["officialSourceURL"] = edition.owner.homepage
        if self.version == "1.1":
            made["frameworkType"], made["caseVersion"] = "Competency framework", "1.1"
            made |= self.ours({"format": "1", "edition": plain(edition, without=("modules",))})
        return made

    def ours(self, held: dict[str, Any]) -> dict[str, Any]:
        return {"extensions": {EXTENSION: held}} if self.version == "1.1" else {}

    def item(self, node: Node) -> dict[str, Any]:
        thing = node.thing
        language, said = words(thing.title if isinstance(thing, Module) else thing.text)
        made: dict[str, Any] = {
            **self.named("CFItems", *node.path),
            "fullStatement": said,
            "humanCodingScheme": thing.id,
            "language": language,
            "CFItemType": TYPES[node.kind],
            "CFItemTypeURI": self.link("CFItemTypes", TYPES[node.kind], node.kind),
        }
        if isinstance(thing, Module):
            made["abbreviatedStatement"] = thing.short
            made["notes"] = words(thing.summary)[1]
        elif isinstance(thing, Criterion) and thing.hint:
            made["notes"] = words(thing.hint)[1]
        return made | self.ours(_held(node))

    def associations(self, nodes: list[Node]) -> Iterator[dict[str, Any]]:
        places: dict[tuple[str, ...], int] = {}
        for node in nodes:
            parent = node.parent
            while parent is not None and _stands_for(parent):
                parent = parent.parent
            above = parent.path if parent else ()
            places[above] = places.get(above, 0) + 1
            title = parent.thing.id if parent else words(self.edition.title)[1]
            yield {
                **self.named("CFAssociations", *node.path),
                "associationType": "isChildOf",
                "sequenceNumber": places[above],
                "originNodeURI": self.link("CFItems", node.thing.id, *node.path),
                "destinationNodeURI": self.link("CFItems" if parent else "CFDocuments", title, *above),
                "CFDocumentURI": self.link("CFDocuments", words(self.edition.title)[1]),
            }

    def definitions(self) -> dict[str, Any]:
        types = [
            {
                **self.named("CFItemTypes", kind),
                "title": title,
                "description": title,
                "typeCode": kind,
                "hierarchyCode": str(at),
            }
            for at, (kind, title) in enumerate(TYPES.items(), 1)
        ]
        licence = {**self.named("CFLicenses"), "title": self.edition.licence, "licenseText": self.edition.licence}
        return {
            "CFConcepts": [],
            "CFSubjects": [],
            "CFLicenses": [licence],
            "CFItemTypes": types,
            "CFAssociationGroupings": [],
        }

    def rubrics(self, nodes: list[Node]) -> Iterator[dict[str, Any]]:
        """One per module: what it takes to meet each criterion, and what typically goes wrong."""
        for module in self.edition.modules:
            mine = [node for node in nodes if node.kind == "criterion" and node.path[0] == module.id]
            if mine:
                yield {
                    **self.named("CFRubrics", module.id),
                    "title": words(module.title)[1],
                    "CFRubricCriteria": [self.rubric(node, place) for place, node in enumerate(mine, 1)],
                }

    def rubric(self, node: Node, place: int) -> dict[str, Any]:
        criterion = node.thing
        assert isinstance(criterion, Criterion)  # noqa: S101 for mypy: the caller picks criteria
        levels = [("met", words(criterion.passed)[1])]
        faults = [words(each)[1] for each in criterion.faults]
        levels += [("not-met", "\n".join(faults))] if faults else []
        return {
            **self.named("CFRubricCriteria", *node.path),
            "description": words(criterion.text)[1],
            "CFItemURI": self.link("CFItems", criterion.id, *node.path),
            "position": place,
            "CFRubricCriterionLevels": [
                {
                    **self.named("CFRubricCriterionLevels", *node.path, quality),
                    "description": said,
                    "quality": quality,
                    "score": 1 if quality == "met" else 0,
                    "position": at,
                }
                for at, (quality, said) in enumerate(levels, 1)
            ],
        }


def _stands_for(node: Node) -> bool:
    """An outcome or criterion that only stands in for its parent, because the framework had no such level."""
    thing, above = node.thing, node.parent.thing if node.parent else None
    if isinstance(thing, Criterion) and isinstance(above, Outcome):
        return _alone(above) == thing
    return isinstance(thing, Outcome) and isinstance(above, Module) and _inside(above)[:1] == (thing,)


def _alone(outcome: Outcome) -> Criterion | None:
    """The criterion that says no more than its outcome, if it is the only one."""
    first = outcome.criteria[0]
    same = len(outcome.criteria) == 1 and first.id == outcome.id + STANDS["criterion"] and first.text == outcome.text
    return first if same else None


def _inside(thing: Module | Outcome | Criterion) -> tuple[Outcome | Criterion, ...]:
    """What stands in for the levels below, outermost first."""
    if isinstance(thing, Outcome):
        first = _alone(thing)
        return (first,) if first else ()
    if isinstance(thing, Module) and len(thing.outcomes) == 1:
        outcome = thing.outcomes[0]
        first = _alone(outcome)
        if first and outcome.id == thing.id + STANDS["outcome"] and outcome.text == thing.title:
            return (outcome, first)
    return ()


def _held(node: Node) -> dict[str, Any]:
    """What only we understand of an item."""
    inside = [plain(each, without=_TREE) for each in _inside(node.thing)]
    return {"kind": node.kind, "value": plain(node.thing, without=_TREE), **({"inside": inside} if inside else {})}


def plain(value: object, without: tuple[str, ...] = ()) -> Any:
    """As in the canonical JSON: numbers with decimals as text, defaults left out."""
    match value:
        case Struct():
            config = type(value).__struct_config__
            found: dict[str, Any] = {config.tag_field: config.tag} if config.tag_field else {}
            for each in msgspec.structs.fields(value):
                held = getattr(value, each.name)
                if each.encode_name not in without and (each.default is NODEFAULT or held != each.default):
                    found[each.encode_name] = plain(held)
            return found
        case dict():
            return {key: plain(each) for key, each in value.items()}
        case tuple():
            return [plain(each) for each in value]
        case _:
            return value if isinstance(value, str | int | None) else format(value, "f")
