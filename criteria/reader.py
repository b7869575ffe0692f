"""From the bytes of a file to a resolved edition; a faulty file is refused whole, with every fault and its place.

A reused module brings along the parameters, look-up tables, prerequisites and sources it names. The using file does
not repeat them (an identical copy is accepted); rules and the number of assessors are the using file's own and may not
demand less.
"""

from collections.abc import Callable, Iterator
from functools import cache
from itertools import islice
from pathlib import Path as FilePath

import msgspec
from msgspec import Struct

from criteria.findings import MOST, Fault, FaultyStandardError, Path, errors
from criteria.fit import described, fit, nearest
from criteria.guard import Sheet, sheet
from criteria.identity import canonical, from_canonical, identity
from criteria.limits import limited
from criteria.model import (
    Column,
    Edition,
    LookupTable,
    Module,
    Origin,
    Parameter,
    ParameterRef,
    Prerequisite,
    Source,
    Use,
)

__all__ = [
    "Lookup",
    "Shipped",
    "canonical",
    "examine",
    "from_canonical",
    "identity",
    "library",
    "read",
    "shipped",
]

Lookup = Callable[[str, str], Edition]
"""Gives the resolved edition of (standard, edition); raises `LookupError` when it has none."""
LIBRARY = FilePath(__file__).parent / "library"
_EDITION, _USE = described(Edition), described(Use)
_TRAVELLING: dict[str, type[Parameter] | type[LookupTable] | type[Prerequisite] | type[Source]] = {
    "parameters": Parameter,
    "tables": LookupTable,
    "prerequisites": Prerequisite,
    "sources": Source,
}


class Shipped(Struct, frozen=True, kw_only=True):
    """A standard that comes with the program."""

    standard: str
    edition: str
    file: FilePath
    situations: FilePath


@cache
def library() -> tuple[Shipped, ...]:
    """All shipped editions, by name and then by age."""
    files = sorted(file for file in LIBRARY.glob("*/*.yaml") if not file.name.endswith(".cases.yaml"))
    return tuple(
        Shipped(
            standard=file.parent.name,
            edition=file.stem,
            file=file,
            situations=file.with_name(f"{file.stem}.cases.yaml"),
        )
        for file in files
    )


@cache
def shipped(standard: str, edition: str) -> Edition:
    """The shipped edition; raises `LookupError`. Never makes a path out of what it is asked."""
    for each in library():
        if (each.standard, each.edition) == (standard, edition):
            return read(each.file.read_bytes())
    raise LookupError(f"{standard} {edition}")


def read(data: bytes, *, modules: Lookup = shipped) -> Edition:
    """The resolved edition; raises `FaultyStandardError` with everything that is wrong."""
    read_sheet, edition = examine(data, modules=modules)
    if edition is None:
        raise FaultyStandardError(read_sheet.findings)
    return edition


def examine(data: bytes, *, modules: Lookup = shipped) -> tuple[Sheet, Edition | None]:
    """The sheet with its places and findings, and the edition if it is sound in form and shape."""
    written = sheet(data)
    if any(errors(written.findings)):
        return written, None
    written.findings += [written.found(fault) for fault in islice(_shape(written.value), MOST)]
    if any(errors(written.findings)) or not isinstance(written.value, dict):
        return written, None
    content, faults = _resolved(written.value, modules)
    written.findings += [written.found(fault) for fault in faults]
    return written, None if any(errors(written.findings)) else msgspec.convert(content, Edition)


def _shape(value: object) -> Iterator[Fault]:
    reused = set()
    for place, each in enumerate(_modules(value)):
        path: Path = ("modules", place)
        if isinstance(each, dict) and "use" in each:
            reused.add(path)
            yield from fit(each, _USE, path)
        elif isinstance(each, dict) and "origin" in each:
            yield Fault(code="origin-in-file", path=(*path, "origin"), at_key=True)
    yield from (fault for fault in fit(value, _EDITION) if fault.path[:2] not in reused)


def _modules(value: object) -> list[object]:
    found = value.get("modules") if isinstance(value, dict) else None
    return found if isinstance(found, list) else []


def _resolved(value: dict[str, object], modules: Lookup) -> tuple[dict[str, object], list[Fault]]:
    """The content with reused modules written out, and what of the reuse does not hold."""
    content = value | {"modules": list(_modules(value))}
    faults: list[Fault] = []
    for place, each in enumerate(_modules(value)):
        if not isinstance(each, dict) or "use" not in each:
            continue
        origin = msgspec.convert(each["use"], Origin)
        path: Path = ("modules", place, "use")
        source, found = _source(origin, modules, path)
        faults += found
        module = next((m for m in source.modules if m.id == origin.module), None) if source else None
        if source and module:
            content["modules"][place] = msgspec.to_builtins(msgspec.structs.replace(module, origin=origin))  # type: ignore[index] # made a list above
            faults += _bring(content, source, module, path)
            faults += _looser(content, source, module, path)
        elif source:
            known = {"standard": origin.standard, "edition": origin.edition, "module": origin.module}
            close = nearest(origin.module, [m.id for m in source.modules])
            faults.append(Fault(code="reuse-module-unknown", path=(*path, "module"), values={**known, **close}))
    return content, faults


def _source(origin: Origin, modules: Lookup, path: Path) -> tuple[Edition | None, list[Fault]]:
    try:
        source = modules(origin.standard, origin.edition)
    except LookupError:
        values: dict[str, object] = {"standard": origin.standard, "edition": origin.edition}
        return None, [Fault(code="reuse-unknown", path=path, values=values)]
    if identity(source) != origin.sha256:
        values = {"sha256": identity(source)}
        return source, [Fault(code="reuse-changed", path=(*path, "sha256"), values=values)]
    return source, []


def _bring(content: dict[str, object], source: Edition, module: Module, path: Path) -> Iterator[Fault]:
    """Add what the module names; a differing definition of the same id would change what the module demands."""
    wanted = _named(source, module)
    for key, kind in _TRAVELLING.items():
        listed = content.get(key)
        own: list[object] = list(listed) if isinstance(listed, list) else []
        have = {each.id: each for each in (msgspec.convert(each, kind) for each in own)}
        for each in getattr(source, key):
            if each.id not in wanted[key]:
                continue
            if each.id not in have:
                own.append(msgspec.to_builtins(each))
            elif have[each.id] != each:
                yield Fault(code="reuse-differs", path=path, values={"key": f"{key}: {each.id}", "module": module.id})
        content[key] = own


def _named(source: Edition, module: Module) -> dict[str, set[str]]:
    """Ids of parameters, tables, prerequisites and sources that a module stands on."""
    bounded = [each for criterion in module.criteria for each in limited(criterion)]
    limits = [limit for each in bounded for limit in each.limits.values()]
    parameters = {limit.parameter for limit in limits if isinstance(limit, ParameterRef)}
    looked_up = {each.part.table for each in bounded if isinstance(each.part, Column) and each.part.table}
    papers = set(module.prerequisites)
    sources = {each for criterion in module.criteria for each in criterion.source}
    sources |= {each.source for each in source.parameters if each.id in parameters and each.source}
    sources |= {each.source for each in source.prerequisites if each.id in papers and each.source}
    sources |= {v.source for table in source.tables if table.id in looked_up for v in table.variants if v.source}
    return {"parameters": parameters, "tables": looked_up, "prerequisites": papers, "sources": sources}


def _looser(content: dict[str, object], source: Edition, module: Module, path: Path) -> Iterator[Fault]:
    """A module that carries the same name everywhere must not be easier anywhere."""
    rules = content["rules"]
    own = {each["name"]: each.get("minimum") for each in rules} if isinstance(rules, list) else {}
    missing: list[str] = [
        rule.name
        for rule in source.rules
        if rule.name not in own or (rule.minimum is not None and (own[rule.name] or 0) < rule.minimum)
    ]
    if source.assessors > int(str(content.get("assessors", 1))):
        missing.append(f"assessors: {source.assessors}")
    if missing:
        yield Fault(code="reuse-loosened", path=path, values={"module": module.id, "missing": ", ".join(missing)})
