"""A draft of the motivation per outcome, assembled from what was recorded: to be edited, never to be signed."""

import hashlib
from collections.abc import Callable, Iterator, Mapping

from assessments.checklist import Checklist
from assessments.measured import limits, value
from assessments.standing import Standing
from criteria.model import Criterion, text

SCORES = {"met": "uppnått", "not_met": "ännu inte uppnått", "not_applicable": "ej tillämpligt"}
Say = Callable[[str], str]
"""Gives the words of the reader's language for a Swedish text."""


def drafts(
    checklist: Checklist, standing: Standing, language: str, say: Say, methods: Mapping[str, str]
) -> dict[str, str]:
    """By outcome id: one line per judged criterion with its methods, values, evidence and notes."""
    return {
        outcome.id: "\n".join(
            _line(checklist, standing, criterion, language, say, methods) for criterion in outcome.criteria
        )
        for outcome in checklist.outcomes
    }


def fingerprint(words: str) -> str:
    """SHA-256 (hex) of a text without its white space: moving a line break is no edit."""
    return hashlib.sha256("".join(words.split()).encode()).hexdigest()


def _line(
    checklist: Checklist,
    standing: Standing,
    criterion: Criterion,
    language: str,
    say: Say,
    methods: Mapping[str, str],
) -> str:
    name = f"{criterion.id} {text(criterion.text, language).rstrip('.')}"
    scored = standing.scores.get(criterion.id)
    if scored is None or scored.score == "not_assessed":
        return f"{name}: {say('ej bedömt')}."
    how = ", ".join(say(methods[each]) for each in scored.methods)
    said = [f"{say(SCORES[scored.score])} ({how})" if how else say(SCORES[scored.score])]
    if scored.reason:
        said.append(scored.reason.strip().rstrip("."))
    said += _facts(checklist, standing, criterion, language, say)
    said += _evidence(standing, criterion, say)
    said += [note.text.strip().rstrip(".") for note in standing.notes.get(criterion.id, ())]
    return f"{name}: {'. '.join(said)}."


def _facts(checklist: Checklist, standing: Standing, criterion: Criterion, language: str, say: Say) -> Iterator[str]:
    for fact in criterion.facts:
        told = value(fact, standing.facts.get((criterion.id, fact.id)), language)
        if told:
            held = limits(checklist, fact, language)
            within = f", {say('gräns')} {held}" if held else ""
            yield f"{text(fact.title, language)}: {told}{within}"


def _evidence(standing: Standing, criterion: Criterion, say: Say) -> Iterator[str]:
    kept = standing.evidence.get(criterion.id, ())
    days = sorted({each.day for each in kept if each.evidence == "photo"})
    photos = sum(each.evidence == "photo" for each in kept)
    if photos:
        yield f"{say('Foton')}: {photos} ({', '.join(days)})"
    yield from (each.text.strip().rstrip(".") for each in kept if each.evidence != "photo" and each.text.strip())
