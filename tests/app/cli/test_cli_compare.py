"""With a database, a comparison tells what each running case would cost to move, and moves none."""

import json

import pytest
from click.testing import CliRunner
from workshop import STANDARD

from app.cli import cli, house


@pytest.fixture
def compared(shop, tmp_path, monkeypatch):
    def run(stage, *swaps, lang=""):
        a = shop(stage)
        monkeypatch.setattr(house, "tools", lambda: a.tools)
        text = STANDARD.decode()
        (tmp_path / "old.yaml").write_text(text)
        for old, new in swaps:
            assert old in text
            text = text.replace(old, new, 1)
        (tmp_path / "new.yaml").write_text(text)
        words = ["criteria", "diff", str(tmp_path / "old.yaml"), str(tmp_path / "new.yaml"), "--database"]
        answer = CliRunner().invoke(cli, [*words, *(["--lang", lang] if lang else ["--json"])])
        assert answer.exit_code == 0, answer.output
        return a, answer.output

    return run


@pytest.mark.parametrize(
    ("swaps", "moved", "again"),
    [([], "carry-over", []), ([("id: M2.1", "id: M2.9")], "restart", ["M2.1"])],
)
def test_a_running_case_is_finished_on_the_old_edition_and_the_price_of_moving_is_told(compared, swaps, moved, again):
    a, said = compared("judged", *swaps)
    found = json.loads(said)
    assert found.keys() == {"proposed", "changes", "cases"}
    (case,) = found["cases"]
    assert (case["case"], case["state"], case["default"]) == (a.case, "assessing", "finish-on-old")
    assert (case["if_moved"], case["again"]) == (moved, again)
    assert sorted([*case["carried"], *case["again"]]) == ["M1.1", "M2.1", "M2.2"]


def test_a_finished_case_is_not_touched(compared):
    assert json.loads(compared("approved")[1])["cases"] == []


def test_the_lines_say_it_in_swedish(compared):
    said = compared("judged", ("id: M2.1", "id: M2.9"), lang="sv")[1]
    assert "1 pågående ärenden på den gamla utgåvan" in said
    assert "om det flyttas bedöms på nytt: M2.1" in said
