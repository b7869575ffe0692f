"""Standards to read, rights to give and to take back."""

from html import unescape

import pytest
from filled import door
from workshop import STANDARD

from app.store import organisations, standards
from app.web.editor import EVIDENCE, RULES
from criteria.model import EvidenceKind, RuleName


def grants(house):
    with house.tools.read() as tx:
        return standards.grant_views(tx, owner=house.body)


def test_every_rule_and_kind_of_evidence_has_words():
    assert set(RULES) == set(RuleName.__args__)
    assert set(EVIDENCE) == set(EvidenceKind.__args__)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_whole_standard_is_there_to_read(house, language):
    browser = house.browser("editor")
    browser.get(f"/sprak/{language}")
    page = unescape(browser.get(f"/standarder/{house.edition}").text)
    with house.tools.read() as tx:
        edition = standards.find(tx, house.edition).content
    assert house.edition in page
    for criterion in edition.criteria:
        assert f'id="{criterion.id}"' in page
        assert criterion.passed[language] in page
    assert ("föreslagen, inte beslutad" if language == "sv" else "proposed, not decided") in page


def test_the_file_is_handed_out_byte_for_byte(shop):
    a = shop()
    answer = door(a, "editor").get(f"/standarder/{a.edition}/fil")
    assert answer.data == STANDARD
    assert "provyrke-2026.1.yaml" in answer.headers["Content-Disposition"]


def test_a_provider_reads_what_it_may_issue_and_another_sector_body_nothing(shop):
    a = shop()
    assert door(a, "assessor").get(f"/standarder/{a.edition}").status_code == 200
    assert door(a, "strange-editor").get(f"/standarder/{a.edition}").status_code == 404
    assert door(a, "strange-assessor").get(f"/standarder/{a.edition}").status_code == 404


def test_a_right_is_given_once_and_ends_with_a_reason(house):
    browser = house.browser("editor")
    with house.tools.read() as tx:
        other = organisations.find(tx, "annan-validering").id
    wish = {"provider": other, "standard": "fibertekniker-service"}
    assert browser.post("/utfardanderatter", wish).status_code == 303
    again = browser.post("/utfardanderatter", wish)
    assert again.status_code == 400
    assert "redan utfärdanderätt" in again.text
    given = next(each for each in grants(house) if each.provider == other)
    page = f"/utfardanderatter/{given.id}"
    assert browser.post(page, {"reason": "nej"}).status_code == 400
    assert browser.post(page, {"reason": "Avtalet har gått ut."}).status_code == 303
    assert next(each for each in grants(house) if each.id == given.id).revoked_on == house.tools.today()
    assert "Rätten upphörde" in browser.get(page).text


def test_another_sector_bodys_right_is_not_there(shop):
    a = shop()
    with a.tools.read() as tx:
        grant = standards.grant_views(tx, provider=a.provider)[0].id
    assert door(a, "strange-editor").get(f"/utfardanderatter/{grant}").status_code == 404
