"""Everything that does not hold together in a standard, at once, so that an author mends a file in one round."""

from collections.abc import Callable, Iterator

from criteria import coherence, limits, quality, recorded, wording
from criteria.findings import Fault, Finding, finding, ordered
from criteria.model import Edition
from criteria.reader import Lookup, examine, shipped

CHECKS: dict[str, Callable[[Edition], Iterator[Fault]]] = {
    "texts": wording.texts,
    "languages": wording.languages,
    "complete": wording.complete,
    "codes": wording.codes,
    "days": wording.days,
    "owner": wording.owner,
    "workload": wording.workload,
    "ids": coherence.ids,
    "lists": coherence.lists,
    "references": coherence.references,
    "outcomes": coherence.outcomes,
    "demands": coherence.demands,
    "level": coherence.level,
    "rules": coherence.rules,
    "results": coherence.results,
    "limits": limits.limits,
    "means": limits.means,
    "columns": recorded.columns,
    "lookups": recorded.lookups,
    "repetitions": recorded.repetitions,
    "severity": recorded.severity,
    "unused": limits.unused,
    "verbs": quality.verbs,
    "descriptors": quality.descriptors,
}


def lint(edition: Edition) -> tuple[Finding, ...]:
    """The faults of sense in an edition, by path; without a file there are no lines."""
    return tuple(finding(fault.code, (0, 0), fault.path, **fault.values) for fault in faults(edition))


def lint_bytes(data: bytes, *, modules: Lookup = shipped) -> tuple[Finding, ...]:
    """All faults of a file with line and column; those of sense are told once form and shape are sound."""
    written, edition = examine(data, modules=modules)
    if edition is None:
        return ordered(written.findings)
    return ordered([*written.findings, *(written.found(fault) for fault in faults(edition))])


def faults(edition: Edition) -> Iterator[Fault]:
    """What does not hold together, by path; whoever knows the places says it."""
    for check in CHECKS.values():
        yield from check(edition)
