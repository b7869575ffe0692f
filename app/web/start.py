"""What awaits the person who signed in: one section for each role they have, in each organisation they have it."""

from collections.abc import Callable

from flask import Blueprint, render_template
from msgspec import Struct

from app.policy import Actor, RoleName
from app.store import assessments, awards, checks, intents, organisations, people, quarantine, standards, waiting
from app.store.assessments import Assessment
from app.store.timeline import Look
from app.web.cases import called, progress, titles
from app.web.language import day, gettext, later, moment, ngettext, words
from app.web.pages import STATES
from app.web.tools import tools
from app.web.visitor import actor

bp = Blueprint("start", __name__)
MOST = 8
Badge = tuple[str, str]
OWN: Badge = ("quiet", later("du har bedömt"))
TIE: Badge = ("wait", later("jäv ej prövat"))
CONFIRM: Badge = ("no", later("återkallelse att bekräfta"))


class Row(Struct, frozen=True):
    """One thing to do or look at."""

    path: str
    title: str
    sub: str
    badge: Badge | None = None
    done: int = 0
    total: int = 0


class Section(Struct, frozen=True, kw_only=True):
    """What awaits in one role."""

    title: str
    rows: list[Row]
    empty: str
    more: tuple[str, str] | None = None
    lead: tuple[str, str] | None = None
    """The one thing this role begins: address and words of a button."""


@bp.get("/start")
def awaits() -> str:
    """Each role's own list."""
    visitor = actor()
    sections: list[Section] = []
    with tools().read() as tx:
        for membership in visitor.memberships:
            found = AWAITS[membership.role](tx, visitor, membership.organisation)
            sections += [each for each in found if each not in sections]
        homes = {each.organisation: organisations.find(tx, each.organisation) for each in visitor.memberships}
    return render_template("pages/start.html", sections=sections, homes=list(homes.values()))


def _coordinator(tx: Look, _visitor: Actor, home: str) -> list[Section]:
    cases = assessments.of_provider(tx, home, "planned", "assessing", "decided")
    names = titles(tx, cases[:MOST])
    rows = [
        Row(
            f"/arenden/{case.id}",
            called(case.candidate),
            _sub(case, names),
            TIE if case.state == "planned" and not all(each.no_tie for each in case.assigned) else STATES[case.state],
        )
        for case in cases[:MOST]
    ]
    return [
        Section(
            title=gettext("Pågående ärenden"),
            rows=rows,
            empty=gettext("Inget ärende pågår."),
            more=("/arenden", ngettext("Alla ärenden (%(num)s pågår)", "Alla ärenden (%(num)s pågår)", len(cases))),
            lead=("/arenden/nytt", gettext("Nytt ärende")),
        ),
        *_held(tx, home),
        *_issuing(tx, home),
    ]


def _held(tx: Look, home: str) -> list[Section]:
    """Only said while something from a tablet waits for a person."""
    count = quarantine.waiting(tx, home)
    if not count:
        return []
    sub = ngettext("%(num)s händelse att ta ställning till", "%(num)s händelser att ta ställning till", count)
    row = Row("/karantan", gettext("Karantän"), sub, ("wait", later("väntar på dig")))
    return [Section(title=gettext("Från surfplattor"), rows=[row], empty="")]


def _issuing(tx: Look, home: str) -> list[Section]:
    """Only said while there is something that is not out yet."""
    rows = []
    for given in awards.of_provider(tx, home):
        if given.issued_at is None and not given.revoked_at:
            job = intents.of(tx, "issue", given.id)
            late = bool(job and job.failure)
            sub = gettext("Har misslyckats och görs om.") if late else gettext("Blir klart inom någon minut.")
            rows.append(
                Row(f"/bevis/{given.id}", given.number or gettext("Nytt bevis"), sub, ("wait", later("utfärdas")))
            )
    return [Section(title=gettext("På väg ut"), rows=rows, empty="")] if rows else []


def _assessor(tx: Look, visitor: Actor, home: str) -> list[Section]:
    cases = [case for case in assessments.of_assessor(tx, visitor.person) if case.provider == home]
    mine = [case for case in cases if case.state in ("planned", "assessing")]
    names = titles(tx, mine)
    rows = []
    for case in mine:
        done, total = progress(assessments.case_file(tx, case.id))
        tie = not all(each.no_tie for each in case.assigned if each.person == visitor.person)
        badge = TIE if tie else STATES[case.state]
        sub = f"{names[case.edition]} · {case.candidate.reference}".rstrip(" ·")
        rows.append(Row(f"/arenden/{case.id}/bedomning", case.candidate.name, sub, badge, done, total))
    section = Section(title=gettext("Dina bedömningar"), rows=rows, empty=gettext("Ingen bedömning väntar på dig."))
    handed = [case for case in cases if case.state == "decided"]
    names = titles(tx, handed)
    later_rows = [
        Row(f"/arenden/{case.id}", case.candidate.name, names[case.edition], STATES[case.state]) for case in handed
    ]
    others = Section(title=gettext("Hos kvalitetssäkraren"), rows=later_rows, empty="")
    return [section, others] if handed else [section]


def _quality(tx: Look, visitor: Actor, home: str) -> list[Section]:
    cases = assessments.of_provider(tx, home, "decided")
    names = titles(tx, cases)
    rows = []
    for case in reversed(cases):
        own = visitor.person in {each.person for each in case.assigned}
        path = f"/arenden/{case.id}" if own else f"/arenden/{case.id}/granskning"
        rows.append(Row(path, called(case.candidate), _sub(case, names), OWN if own else STATES[case.state]))
    return [
        Section(title=gettext("Att kvalitetssäkra"), rows=rows, empty=gettext("Inget ärende väntar på granskning.")),
    ]


def _revocations(tx: Look, visitor: Actor, home: str) -> list[Section]:
    rows = [
        Row(
            f"/bevis/{each.award}",
            each.number or gettext("Bevis"),
            gettext("Begärd av %(name)s %(at)s", name=each.name, at=moment(each.asked_at)),
            CONFIRM,
        )
        for each in waiting.revocations(tx, home)
        if each.asked_by != visitor.person
    ]
    return [Section(title=gettext("Återkallelser att bekräfta"), rows=rows, empty="")] if rows else []


def _editor(tx: Look, _visitor: Actor, home: str) -> list[Section]:
    today = tools().today()
    rows = []
    for each in standards.every(tx, home):
        late = each.content.review_by < today
        sub = gettext(
            "Utgåva %(edition)s · ses över senast %(day)s", edition=each.edition, day=day(each.content.review_by)
        )
        rows.append(
            Row(
                f"/standarder/{each.sha256}",
                words(each.content.title),
                sub,
                ("wait", later("ska ses över")) if late else ("ok", later("publicerad")),
            )
        )
    running = [each for each in standards.grant_views(tx, owner=home) if each.revoked_on is None]
    return [
        Section(
            title=gettext("Era standarder"),
            rows=rows,
            empty=gettext("Ingen utgåva är publicerad ännu."),
            more=(
                "/utfardanderatter",
                ngettext("%(num)s gällande utfärdanderätt", "%(num)s gällande utfärdanderätter", len(running)),
            ),
        )
    ]


def _administrator(tx: Look, _visitor: Actor, _home: str) -> list[Section]:
    failing = intents.failing(tx)
    rows = [
        Row("/admin", gettext("Organisationer"), str(len(organisations.every(tx)))),
        Row("/admin#personer", gettext("Personer"), str(len({each.person for each in people.listed(tx)}))),
        Row("/admin/rapporter", gettext("Rapporterade fel"), str(len(checks.reports(tx)))),
    ]
    if failing:
        sub = ngettext(
            "%(num)s jobb har misslyckats och görs om", "%(num)s jobb har misslyckats och görs om", len(failing)
        )
        rows.append(Row("/admin/rapporter#jobb", gettext("Jobb"), sub, ("no", later("behöver tillsyn"))))
    return [Section(title=gettext("Driften"), rows=rows, empty="")]


def _sub(case: Assessment, names: dict[str, str]) -> str:
    return " · ".join(each for each in (names[case.edition], case.candidate.reference) if each)


AWAITS: dict[RoleName, Callable[[Look, Actor, str], list[Section]]] = {
    "coordinator": lambda tx, visitor, home: [*_revocations(tx, visitor, home), *_coordinator(tx, visitor, home)],
    "assessor": _assessor,
    "quality-assurer": lambda tx, visitor, home: [*_quality(tx, visitor, home), *_revocations(tx, visitor, home)],
    "editor": _editor,
    "administrator": _administrator,
}
"""Role → what awaits; a test compares it with the roles of the policy."""
