"""A standard can ask for a paper before the start: until it is seen, nothing in its modules is kept."""

from dataclasses import replace

import pytest
from workshop import BODY, STANDARD

from app.actions import publish
from app.store import events
from assessments.event import PrerequisiteSeen
from assessments.problems import PaperFirstError


def test_nothing_is_kept_in_a_module_before_its_paper(shop):
    shop = shop()
    data = STANDARD.replace(b'edition: "2026.1"', b'edition: "2026.9"')
    asked = data.replace(b"{id: first-aid,", b"{id: first-aid, before: start,")
    assert data != STANDARD
    assert asked != data
    shop = replace(shop, edition=publish.publish(shop.tools, None, asked, owner=BODY).sha256)
    case = shop.open()
    with pytest.raises(PaperFirstError):
        shop.send(case, shop.score(case, "M1.1"))
    with shop.tools.read() as tx:
        assert list(events.of(tx, case)) == []
    shop.send(case, PrerequisiteSeen(issued="2025-11-01", **shop.common(case, "first-aid")))
    shop.send(case, shop.score(case, "M1.1"))
    with shop.tools.read() as tx:
        assert len(list(events.of(tx, case))) == 2
