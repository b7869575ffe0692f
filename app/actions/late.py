"""Acts that come after the decision change no award; a person sees them, and is told when they would have mattered."""

import msgspec
from sqlalchemy import Connection

from app.store import decisions, quarantine
from app.store.assessments import CaseFile
from assessments.decision import decide as weigh
from assessments.delivered import opened
from assessments.event import day, read_events
from assessments.problems import InvalidEventsError
from assessments.standing import standing


def flag_late(tx: Connection, case: CaseFile) -> bool:
    """Whether the rules would say something else with the late acts; marks them if so."""
    decided = next(
        (d for d in reversed(decisions.of(tx, case.assessment.id)) if d.state in ("waiting", "approved")), None
    )
    late = quarantine.late(tx, case.assessment.id)
    on = day(decided.confirmed.decision.on) if decided else None
    if decided is None or on is None or not late:
        return False
    acts = []
    for each in late:
        try:
            acts += read_events([opened(msgspec.json.decode(each.body))[1]], case.checklist, case.assessment.id)
        except (InvalidEventsError, msgspec.ValidationError):
            continue
    would = weigh(case.checklist, standing([*(each.event for each in case.stored), *acts]), on)
    was = decided.confirmed.decision
    changed = (would.verdict, would.modules, would.result) != (was.verdict, was.modules, was.result)
    if changed:
        quarantine.flag(tx, [each.id for each in late])
    return changed
