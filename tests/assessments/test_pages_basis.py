"""What the pages are told: values and limits in words, gaps, drafts and flags."""

from decimal import Decimal

from factories import ON, Pen, a_checklist, an_edition, everything, rows

from assessments import draft, flags, gaps, measured
from assessments.checklist import Checklist, fact_of
from assessments.decision import decide
from assessments.event import Noted
from assessments.standing import standing

METHODS = {"OBS": "observation i arbetet", "PRA": "praktiskt prov"}


def say(swedish: str) -> str:
    return swedish


def splice_fact(lists: Checklist):
    return fact_of(lists.criteria["M2.1"], "splices")


def drafted(events: list) -> dict[str, str]:
    return draft.drafts(a_checklist(), standing(events), "sv", say, METHODS)


def flagged(events: list, elsewhere: frozenset[str] = frozenset()) -> dict[str, tuple[str, ...]]:
    return {each.code: each.items for each in flags.flags(a_checklist(), standing(events), elsewhere)}


def test_a_limit_is_told_with_the_number_that_holds_in_the_case_and_the_comma_of_the_language():
    lists = a_checklist(tightened={"splice_max": Decimal("0.08")})
    assert measured.limits(lists, splice_fact(lists), "sv") == "Medel ≤ 0,08 dB"
    assert measured.limits(lists, splice_fact(lists), "en") == "Medel ≤ 0.08 dB"


def test_a_table_is_told_by_the_span_of_its_limited_column_and_its_rows():
    given = Pen().fact("M2.1", "splices", rows(("0,08", "0.06"), ("0.10", "0.04"), ("0.02", "0.02")))
    assert measured.value(splice_fact(a_checklist()), given, "sv") == "Medel 0,02–0,07 dB (3)"


def test_a_row_shows_its_mean_and_the_limit_that_the_mean_breaks():
    cells = measured.cells(a_checklist(), splice_fact(a_checklist()), {"ab": "0,14", "ba": "0,10"}, "sv")
    assert (cells["mean"].text, cells["mean"].broken) == ("0,12", "> 0,10")
    assert cells["ab"].broken == ""


def test_a_mean_of_exactly_the_limit_is_within_it():
    cells = measured.cells(a_checklist(), splice_fact(a_checklist()), {"ab": "0,14", "ba": "0,06"}, "sv")
    assert (cells["mean"].text, cells["mean"].broken) == ("0,1", "")


def test_a_broken_limit_is_told_before_anybody_says_met():
    pen = Pen()
    given = pen.fact("M2.1", "splices", rows(("0,2", "0,1"), ("0,01", "0,01")))
    found = measured.clashes(a_checklist(), standing([given]), ON)
    assert [reason.code for reason in found["M2.1", "splices"]] == ["fact-outside-limit"]


def test_the_gap_card_has_only_what_is_missing_and_the_words_of_the_standard():
    lists = a_checklist()
    found = gaps.gaps(lists, decide(lists, standing(everything(M2_2="not_met")), ON), "sv")
    assert [(part.module.id, part.verdict) for part in found] == [("M2", "not_yet")]
    assert [(gap.criterion.id, [r.code for r in gap.reasons]) for gap in found[0].gaps] == [("M2.2", ["not-met"])]
    assert found[0].gaps[0].criterion.passed["sv"] == "gjort"


def test_the_gap_card_names_papers_and_limits_and_puts_what_is_critical_first():
    lists = a_checklist()
    found = {part.module.id: part for part in gaps.gaps(lists, decide(lists, standing([]), ON), "sv")}
    assert [gap.criterion.id for gap in found["M1"].gaps] == ["M1.1", "M1.2"]
    assert [each.paper.id for each in found["M2"].papers] == ["esa"]
    assert found["M2"].gaps[0].limits == (gaps.Limit("Skarvar", "Medel ≤ 0,10 dB"),)


def test_a_case_that_meets_everything_has_no_gap_card():
    lists = a_checklist()
    assert gaps.gaps(lists, decide(lists, standing(everything()), ON), "sv") == ()


def test_the_draft_tells_score_method_values_photos_and_notes_of_each_criterion():
    pen = Pen()
    events = everything(pen)
    events.append(Noted(text="Lugn hand.", **pen._common("M2.1", ())))  # noqa: SLF001 the factory's own fields
    assert drafted(events)["M2.L1"].splitlines()[0] == (
        "M2.1 M2.1: uppnått (observation i arbetet). Skarvar: Medel 0,07 dB (2), gräns Medel ≤ 0,10 dB. "
        "Foton: 1 (2026-11-20). Lugn hand."
    )


def test_the_draft_says_what_nobody_judged():
    assert drafted([])["M1.L1"].splitlines() == ["M1.1 M1.1: ej bedömt.", "M1.2 M1.2: ej bedömt."]


def test_moving_line_breaks_and_spaces_is_no_edit_of_a_draft():
    assert draft.fingerprint("a b\nc") == draft.fingerprint("  ab \r\n c")
    assert draft.fingerprint("a b c") != draft.fingerprint("a b d")


def test_an_ordinary_case_has_no_flags():
    assert flagged(everything()) == {}


def test_a_whole_standard_of_some_size_within_an_hour_is_flagged():
    edition = an_edition()
    many = tuple(f"M1.{n}" for n in range(1, 7))
    module = edition.modules[0]
    criteria = tuple(c for n in many for c in module.criteria[:1] for c in [type(c)(**_fields(c, id=n))])
    outcome = type(module.outcomes[0])(id="M1.L1", kind="skill", text={"sv": "kan"}, criteria=criteria)
    lists = a_checklist(an_edition(modules=(type(module)(**_fields(module, outcomes=(outcome,))),)))
    pen = Pen()
    found = flags.flags(lists, standing([pen.score(item) for item in many]))
    assert [each.code for each in found] == ["within-an-hour"]
    assert flags.flags(lists, standing([pen.score(item) for item in many[:-1]])) == ()


def test_one_photo_for_two_criteria_or_two_cases_is_flagged():
    pen = Pen()
    events = [pen.photo("M2.1"), pen.photo("M2.2")]
    assert flagged(events) == {"photo-twice": ("M2.1", "M2.2")}
    assert flagged(events[:1], frozenset({"a" * 64})) == {"photo-elsewhere": ("M2.1",)}


def test_measurements_that_are_mostly_the_same_row_are_flagged():
    same = rows(*[("0,05", "0,04")] * 3, ("0,03", "0,02"))
    assert flagged([Pen().fact("M2.1", "splices", same)]) == {"identical-rows": ("M2.1",)}
    fine = rows(("0,05", "0,04"), ("0,05", "0,04"), ("0,03", "0,02"))
    assert flagged([Pen().fact("M2.1", "splices", fine)]) == {}


def test_evidence_from_a_single_day_is_flagged_once_there_is_some():
    pen = Pen()
    photos = [pen.photo(item) for item in ("M1.1", "M1.2", "M2.1")]
    assert "one-day" in flagged(photos)
    assert "one-day" not in flagged([*photos[:2], pen.photo("M2.1", day="2026-11-21")])


def _fields(struct, **changes):
    return {name: getattr(struct, name) for name in struct.__struct_fields__} | changes
