"""What the desk must know of the field on every page of a case: practice, out on a tablet, unconfirmed, late."""

from msgspec import Struct

from app.store import assessments, checkouts, quarantine
from app.store.assessments import Assessment
from app.store.checkouts import Checkout
from app.store.quarantine import Parked
from app.web.tools import tools
from app.web.visitor import signed_in


class Notes(Struct, frozen=True, kw_only=True):
    """About one case, for one visitor."""

    practice: bool
    out: tuple[Checkout, ...]
    own: int
    """The visitor's own acts from a tablet that wait for the visitor's word."""
    others: int
    late: tuple[Parked, ...]
    would_change: bool


def field_notes(case: Assessment) -> Notes:
    """Asked by the templates of every page of a case."""
    visitor = signed_in()
    with tools().read() as tx:
        waiting = assessments.case_file(tx, case.id).unconfirmed
        late = quarantine.late(tx, case.id)
        out = checkouts.out(tx, case.id)
    own = sum(visitor is not None and each.event.actor == visitor.person for each in waiting)
    return Notes(
        practice=case.practice,
        out=tuple(out),
        own=own,
        others=len(waiting) - own,
        late=tuple(late),
        would_change=any(each.changes_verdict for each in late),
    )
