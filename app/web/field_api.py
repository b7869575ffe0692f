"""Where tablets hand in: a bearer token that can only deliver, JSON and bytes, no cookies and nothing to read."""

from flask import Blueprint, Response, abort, g, jsonify, request
from flask.typing import ResponseReturnValue

from app.actions.deliver import deliver, read_delivery
from app.actions.upload import CHUNK, MediaHashError, OffsetError, Progress, add_piece, progress
from app.store import deliveries, devices
from app.store.devices import Device, hashed
from app.store.quarantine import arrived
from app.web.limits import LIMITER
from app.web.origin import require_same_origin
from app.web.problems import answer, said, status_of
from app.web.tools import tools
from assessments.delivered import gaps
from assessments.problems import ConflictError, InvalidError, ProblemError

bp = Blueprint("field_api", __name__)
LARGEST = 2_000_000
MOST_GAPS = 20


class TokenError(ProblemError):
    """No token, or none of ours; whether there ever was such a tablet is not told."""

    code = "token"
    sv = "Surfplattan är inte ansluten här. Det som finns på den är kvar."
    en = "The tablet is not enrolled here. What is on it is still there."


def delivering() -> None:
    """The door: only whoever carries a token, and never as a browser that comes from elsewhere."""
    require_same_origin()
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    found = None
    if kind.lower() == "bearer" and 0 < len(token) <= 200:
        with tools().read() as tx:
            found = devices.with_token(tx, token.strip())
    if found is None:
        raise TokenError
    g.device = found


@bp.post("/api/v1/events")
@LIMITER.limit("300/minute", key_func=lambda: hashed(request.headers.get("Authorization", "")))
def events() -> ResponseReturnValue:
    """Keep a batch; the answer names each event and is given after the commit."""
    if request.mimetype != "application/json":
        abort(415)
    request.max_content_length = LARGEST
    body = request.get_data(cache=False)
    done = deliver(tools(), _device().id, read_delivery(body), body)
    return jsonify(
        results=[{"id": each.id, "status": each.status, "reason": each.reason} for each in done.results],
        skew_ms=done.skew_ms,
        revoked=done.revoked,
        received_at=done.received_at.isoformat(),
    )


@bp.get("/api/v1/devices/self/receipt")
def receipt() -> ResponseReturnValue:
    """What has arrived of this tablet, so that it can see for itself that nothing is missing."""
    device = _device()
    with tools().read() as tx:
        chain = deliveries.chain(tx, device.id)
        count = arrived(tx, device.id)
    reached, missing = gaps(each.seq for each in chain)
    return jsonify(
        device=device.id,
        seq=reached,
        count=count,
        head=chain[reached - 1].hash if reached else "",
        missing=missing[:MOST_GAPS],
        revoked=device.revoked_at is not None,
        now=tools().now().isoformat(),
    )


@bp.route("/api/v1/media/<sha256>", methods=["HEAD"])
def how_far(sha256: str) -> ResponseReturnValue:
    """Where to go on with a photo."""
    return _told(Response(), progress(tools(), _device(), sha256))


@bp.route("/api/v1/media/<sha256>", methods=["PATCH"])
def piece(sha256: str) -> ResponseReturnValue:
    """One piece of a photo."""
    if request.mimetype != "application/octet-stream":
        abort(415)
    request.max_content_length = CHUNK
    data = request.get_data(cache=False)
    if request.content_length is not None and len(data) != request.content_length:
        raise InvalidError(field="body")  # cut off on the way
    offset, length = _number("Upload-Offset"), _number("Upload-Length")
    try:
        done = add_piece(tools(), _device(), sha256, data, offset=offset, length=length)
    except (OffsetError, MediaHashError) as problem:
        return _refused(problem)
    if done.readable is None:
        return _told(Response(status=204), done)
    status = "stored" if done.readable else "quarantined"
    return _told(jsonify(sha256=sha256, status=status), done)


def _refused(problem: ConflictError) -> Response:
    response = answer(status_of(problem), problem.code, said(problem))
    response.headers["Upload-Offset"] = str(problem.details["offset"])
    return response


def _told(response: Response, done: Progress) -> Response:
    response.headers["Upload-Offset"] = str(done.offset)
    response.headers["Upload-Complete"] = "?0" if done.readable is None else "?1"
    return response


def _number(header: str) -> int:
    text = request.headers.get(header, "")
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise InvalidError(field=header)
    return int(text)


def _device() -> Device:
    found: Device = g.device
    return found
