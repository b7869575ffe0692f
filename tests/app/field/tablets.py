"""A tablet as the server meets it: it makes events in a chain of its own and sends whatever a test tells it to."""

import hashlib
import hmac
import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse
from workshop import Workshop

from app import create_app
from app.actions.enrol import make_code
from app.store import assessments
from app.web.limits import LIMITER
from assessments.delivered import covered, fingerprint

AT = "http://127.0.0.1:8080"
Sent = dict[str, Any]


@dataclass
class Tablet:
    """Enrolled at a workshop."""

    shop: Workshop
    flask: Flask
    id: str
    token: str
    made: list[Sent] = field(default_factory=list)

    @cached_property
    def client(self) -> FlaskClient:
        return self.flask.test_client(use_cookies=False)

    def event(self, case: str | None = None, who: str = "assessor", **changes: Any) -> Sent:
        """The next event in the chain; a score unless told otherwise, and None leaves a field out."""
        plain = {
            "kind": "score", "id": self.shop.tools.new_id(), "assessment": case or self.shop.case,
            "actor": self.shop.actors[who].person, "at": "2026-11-24T10:00:00+01:00", "item": "M1.1", "replaces": [],
            "source": "tablet", "device": self.id, "seq": len(self.made) + 1, "mono": 1000 * len(self.made),
            "prev": fingerprint(self.made[-1]) if self.made else "", "app": "v1",
        }  # fmt: skip
        if changes.get("kind", "score") == "score":
            plain |= {"score": "met", "methods": ["OBS"]}
        sent = {key: value for key, value in (plain | changes).items() if value is not None}
        self.made.append(sent)
        return sent

    def note(self, words: str, **changes: Any) -> Sent:
        return self.event(kind="note", text=words, **changes)

    def signs(self, code: str = "", salt: str = "", *, digest: str | None = None, **changes: Any) -> Sent:
        """A sign-off over everything so far, by the candidate when a code is given."""
        before = [each for each in self.made if each["assessment"] == self.shop.case and each["kind"] != "tablet"]
        role = "candidate" if code or salt or changes.get("role") == "candidate" else "assessor"
        fields = {"role": role, "name": "Erik", "digest": digest or covered(fingerprint(each) for each in before)}
        sent = self.event(kind="sign-off", item="", covers=len(before), **fields | changes)
        if role == "candidate" and code:
            key = hashlib.pbkdf2_hmac("sha256", code.encode(), salt.encode(), 600_000, 32)
            said = "declined" if sent.get("declined") else "agreed"
            words = f"{sent['id']}\n{sent['digest']}\n{said}"
            sent["proof"] = hmac.new(key, words.encode(), hashlib.sha256).hexdigest()
        return sent

    def send(self, *events: Any, token: str | None = None, **about: Any) -> TestResponse:
        """A delivery as the page makes it."""
        return self.post(json.dumps({"events": list(events), "sent_at": self.now(), "app": "v1"} | about), token=token)

    def post(self, body: str | bytes, token: str | None = None, **headers: str) -> TestResponse:
        """Any body at all."""
        given = {"Content-Type": "application/json", "Authorization": f"Bearer {token or self.token}"} | headers
        return self.client.post("/api/v1/events", data=body, headers=given, base_url=AT)

    def results(self, *events: Any, **about: Any) -> list[tuple[str, str]]:
        """Status and reason of each."""
        answer = self.send(*events, **about)
        assert answer.status_code == 200, answer.text
        assert [each["id"] for each in answer.json["results"] if each["id"]] == [
            each["id"] for each in events if isinstance(each, dict) and isinstance(each.get("id"), str)
        ]
        return [(each["status"], each["reason"]) for each in answer.json["results"]]

    def receipt(self) -> dict[str, Any]:
        answer = self.client.get(
            "/api/v1/devices/self/receipt", headers={"Authorization": f"Bearer {self.token}"}, base_url=AT
        )
        assert answer.status_code == 200
        return answer.json

    def patch(self, name: str, piece: bytes, offset: int, length: int, **headers: str) -> TestResponse:
        given = {
            "Authorization": f"Bearer {self.token}", "Content-Type": "application/octet-stream",
            "Upload-Offset": str(offset), "Upload-Length": str(length),
        }  # fmt: skip
        return self.client.patch(f"/api/v1/media/{name}", data=piece, headers=given | headers, base_url=AT)

    def head(self, name: str) -> TestResponse:
        return self.client.head(f"/api/v1/media/{name}", headers={"Authorization": f"Bearer {self.token}"}, base_url=AT)

    def upload(self, data: bytes, size: int = 100_000) -> TestResponse:
        """Whole, in pieces."""
        name = hashlib.sha256(data).hexdigest()
        for start in range(0, len(data), size):
            answer = self.patch(name, data[start : start + size], start, len(data))
        return answer

    def now(self) -> str:
        return self.shop.tools.now().isoformat()

    def another(self, **enrolment: str) -> "Tablet":
        """A second tablet of the same provider."""
        return a_tablet(self.shop, self.flask, **enrolment)


def a_tablet(shop: Workshop, flask: Flask | None = None, who: str = "assessor", name: str = "Plattan") -> Tablet:
    """Enrolled with a code, as a person would."""
    if flask is None:
        shop.tools.settings.secret_file.write_text("a secret of the tests, longer than thirty-two characters")
        flask = create_app(shop.tools.settings, shop.tools)
    LIMITER.reset()
    actor = shop.actors[who]
    code = make_code(shop.tools, actor, actor.memberships[0].organisation)
    answer = flask.test_client(use_cookies=False).post(
        "/falt/enrol", json={"code": code, "name": name, "app": "v1"}, base_url=AT
    )
    assert answer.status_code == 201, answer.text
    return Tablet(shop, flask, answer.json["device"], answer.json["token"])


def case_file(shop: Workshop, case: str | None = None) -> assessments.CaseFile:
    with shop.tools.read() as tx:
        return assessments.case_file(tx, case or shop.case)


def rows(shop: Workshop, table: str, columns: str = "*", where: str = "1 = 1") -> list[tuple[Any, ...]]:
    with shop.tools.read() as tx:
        return [tuple(row) for row in tx.execute(text(f"SELECT {columns} FROM {table} WHERE {where}"))]  # noqa: S608 words of the tests
