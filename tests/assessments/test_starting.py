"""A paper for the start opens its module; before that nothing in it is recorded."""

import pytest
from factories import CASE, ON, Pen
from test_recorded import LIST, a_case

from assessments.problems import PaperFirstError
from assessments.standing import standing
from assessments.starting import require_papers, unheld


def test_a_module_is_closed_until_its_paper_is_seen_and_while_it_does_not_hold():
    assert {key: [p.id for p in papers] for key, papers in unheld(LIST, standing([]), ON).items()} == {"M1": ["esa"]}
    assert unheld(LIST, standing([Pen().paper("esa", issued="2026-11-24")]), ON) == {}
    assert "M1" in unheld(LIST, standing([Pen().paper("esa", issued="2023-11-24")]), ON)


@pytest.mark.parametrize("item", ["M1.1", "M1.2"])
def test_nothing_is_judged_before_the_paper(item):
    pen = Pen()
    for act in (pen.score(item), pen.fact(item, "steps", ()), pen.photo(item)):
        with pytest.raises(PaperFirstError) as refused:
            require_papers(LIST, standing([act]), [act])
        assert refused.value.details == {"papers": ["esa"]}


def test_a_paper_in_the_same_batch_opens_the_module_and_other_modules_never_ask():
    pen = Pen()
    score, paper, late = pen.score("M1.1"), pen.paper("esa", issued="2026-11-20"), pen.paper("esa", issued="2026-11-21")
    require_papers(LIST, standing([score, paper]), [score, paper])
    require_papers(LIST, standing([]), [pen.score("M2.1")])
    with pytest.raises(PaperFirstError):
        require_papers(LIST, standing([score, late]), [score, late])


def test_a_whole_case_may_be_recorded_at_once():
    events = a_case()
    assert {event.assessment for event in events} == {CASE}
    require_papers(LIST, standing(events), events)
