"""Checks of what an assessor records: columns that lean on each other, look-up tables, steps and repetitions."""

from collections.abc import Iterator

from criteria.coherence import criteria
from criteria.findings import Fault, Path
from criteria.fit import nearest
from criteria.model import Column, Edition, TableFact


def tables(edition: Edition) -> Iterator[tuple[Path, TableFact]]:
    """Every table fact with its place."""
    for path, _, criterion in criteria(edition):
        for place, fact in enumerate(criterion.facts):
            if isinstance(fact, TableFact):
                yield (*path, "facts", place), fact


def columns(edition: Edition) -> Iterator[Fault]:
    """A warning says where it is explained, a chain names its columns, and days need a column of days."""
    for path, fact in tables(edition):
        texts = [column.id for column in fact.columns if column.kind == "text"]
        for place, column in enumerate(fact.columns):
            here = (*path, "columns", place)
            warned = (column.warning_minimum, column.warning_maximum) != (None, None)
            if warned or column.explained_by:
                yield from _text_column("explained_by", column.explained_by, texts, here)
        for key in ("thing", "giver", "receiver") if fact.chain else ():
            yield from _text_column(key, getattr(fact.chain, key), texts, (*path, "chain"))
        dated = sum(column.kind == "date" for column in fact.columns)
        if fact.different_days > 1 and (dated != 1 or fact.different_days > fact.rows):
            yield Fault(code="table-days", path=path)


def lookups(edition: Edition) -> Iterator[Fault]:
    """A column that answers by a look-up table says which, and stands beside the column that asks."""
    known = [table.id for table in edition.tables]
    sources = [source.id for source in edition.sources]
    for path, fact in tables(edition):
        for place, column in enumerate(fact.columns):
            here = (*path, "columns", place)
            if column.table and column.table not in known:
                yield _unknown("table", column.table, known, (*here, "table"))
            elif not _looked_up(column, fact):
                yield Fault(code="table-column", path=here)
    for t, table in enumerate(edition.tables):
        for v, variant in enumerate(table.variants):
            here = ("tables", t, "variants", v)
            if variant.source and variant.source not in sources:
                yield _unknown("source", variant.source, sources, (*here, "source"))
            yield from _twice([row.key for row in variant.rows], (*here, "rows"))


def repetitions(edition: Edition) -> Iterator[Fault]:
    """What is shown several times leaves a trace each time."""
    for path, _, criterion in criteria(edition):
        traced = criterion.evidence or any(isinstance(fact, TableFact) and fact.required for fact in criterion.facts)
        if criterion.repetitions > 1 and not traced:
            yield Fault(code="repetitions-untraced", path=(*path, "repetitions"))


def severity(edition: Edition) -> Iterator[Fault]:
    """Only what is critical can cost the whole standard."""
    for path, _, criterion in criteria(edition):
        if criterion.fails == "standard" and not criterion.critical:
            yield Fault(code="fails-not-critical", path=(*path, "fails"))


def _looked_up(column: Column, fact: TableFact) -> bool:
    if not column.table and not column.part:
        return True
    asked = [each for each in fact.columns if each.table == column.table and each.part == "key"]
    return bool(column.table and column.part and column.kind == "text" and len(asked) == 1)


def _twice(keys: list[str], path: Path) -> Iterator[Fault]:
    plain = [key.casefold() for key in keys]
    for place, key in enumerate(plain):
        if key in plain[:place]:
            yield Fault(code="item-repeated", path=(*path, place), values={"item": keys[place]})


def _unknown(what: str, key: str, known: list[str], path: Path) -> Fault:
    return Fault(code="reference-unknown", path=path, values={"what": what, "id": key, **nearest(key, known)})


def _text_column(key: str, named: str | None, texts: list[str], path: Path) -> Iterator[Fault]:
    if named not in texts:
        values: dict[str, object] = {"key": key, "id": named or "–", **nearest(named or "", texts)}
        yield Fault(code="column-reference", path=(*path, key) if named else path, values=values)
