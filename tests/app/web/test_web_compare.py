"""Two editions side by side in the browser, for those who may read both."""

from html import unescape

from filled import door
from hypothesis import given
from hypothesis import strategies as st
from workshop import BODY, STANDARD

from app.actions import publish
from app.web.compare import marked


def published(a, *swaps):
    text = STANDARD.decode()
    for old, new in (('edition: "2026.1"', 'edition: "2026.2"'), *swaps):
        assert old in text
        text = text.replace(old, new, 1)
    return publish.publish(a.tools, None, text.encode(), owner=BODY).sha256


def test_the_changed_words_are_marked_and_the_step_is_proposed(shop):
    a = shop()
    other = published(a, ("id: M2.1", "id: M2.9"), ("Mäter enligt anvisningen.", "Mäter enligt anvisningen genast"))
    browser = door(a, "editor")
    page = unescape(browser.get(f"/standarder/{a.edition}/jamfor/{other}").text)
    assert "större (major)" in page
    assert "<del>" in page
    assert "<ins>" in page
    assert "Kriterium M2.9" in page
    assert f"/standarder/{a.edition}/jamfor/{other}" in browser.get(f"/standarder/{other}").text
    browser.get("/sprak/en")
    assert "Criterion M2.9" in unescape(browser.get(f"/standarder/{a.edition}/jamfor/{other}").text)


def test_the_same_edition_has_no_differences(shop):
    a = shop()
    assert "Ingenting skiljer i sak." in door(a, "editor").get(f"/standarder/{a.edition}/jamfor/{a.edition}").text


def test_whoever_may_not_read_both_sees_neither(shop):
    a = shop()
    other = published(a)
    assert door(a, "assessor").get(f"/standarder/{a.edition}/jamfor/{other}").status_code == 200
    assert door(a, "strange-editor").get(f"/standarder/{a.edition}/jamfor/{other}").status_code == 404
    assert door(a, "editor").get(f"/standarder/{a.edition}/jamfor/{'0' * 64}").status_code == 404


@given(st.text(), st.text())
def test_both_sides_read_as_they_were_written(old, new):
    left, right = marked(old, new)
    assert "".join(each.text for each in left) == old
    assert "".join(each.text for each in right) == new
    assert [each.text for each in left if not each.marked] == [each.text for each in right if not each.marked]
