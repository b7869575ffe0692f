"""A PDF certificate: its seal decides who and unchanged, the record inside its sealed revision says what it is worth.

Nothing is read from what was appended after the seal, nor from the page: a viewer may show the latest revision, the
answers speak of the sealed one and say whether the two differ.
"""

from datetime import datetime
from typing import Any, Literal

from msgspec import Struct
from msgspec.structs import replace
from pyhanko.pdf_utils.generic import DictionaryObject
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader
from pyhanko.sign.validation import EmbeddedPdfSignature

from app.strict_json import UnreadableJsonError, read_object
from app.verify import lasting, seal
from app.verify.answers import Answer, Check, Shown, Verification, answer, unread
from app.verify.quick_reader import QuickReader
from app.verify.record import is_credential, verify_record
from app.verify.seal import Sealer
from app.verify.shown import issuer_name, refers, shown
from app.verify.trust import Trust
from app.verify.validity import validity

SOURCE = "credential.json"
MOST_NAMES = 100


class Findings(Struct, frozen=True):
    """What the seal said, in the order of the answers."""

    sealer: Sealer
    unchanged: Answer
    checks: tuple[Check, ...]


async def verify_pdf(data: bytes, trust: Trust, at: datetime) -> Verification:
    """Three answers about a PDF."""
    try:
        reader = QuickReader(data)
        if reader.encrypted:
            return unread("encrypted", "pdf")
        seals = reader.embedded_regular_signatures
        if not seals:
            return _without_seal("no-seal")
        if not seal.is_certification(seals[0]):
            return _without_seal("other-seal")
        found = await _findings(seals[0], trust, at)
        record, inside = _record(reader, seals[0]) if found.unchanged.result == "yes" else (None, None)
    except Exception as fault:  # noqa: BLE001 the reader raises whatever a broken file makes of it
        return unread("unreadable", "pdf", type(fault).__name__)
    return _together(found, record, inside, trust, at)


def _without_seal(code: str) -> Verification:
    return Verification(
        kind="pdf",
        answers=(answer("who-no-seal" if code == "no-seal" else "who-unread"), answer(code), answer("valid-unproved")),
        checks=(Check(name="seal-digest", result="could-not-check", detail=code),),
    )


async def _findings(found: EmbeddedPdfSignature, trust: Trust, at: datetime) -> Findings:
    status = await seal.integrity(found, at)
    whole, covered = seal.is_whole(found, status), seal.is_covered(found, status)
    untouched = seal.is_untouched_since(status)
    proved = await lasting.proved(found, (*trust.roots, *trust.clocks), at)
    owner = await seal.sealer(found, trust.roots, proved.moment)
    unchanged = "changed-sealed" if not whole else "unchanged-sealed" if covered and untouched else "changed-after"
    return Findings(
        owner,
        answer(unchanged),
        (
            Check(name="seal-digest", result="passed" if whole else "failed"),
            Check(name="seal-coverage", result="passed" if covered else "failed"),
            Check(name="seal-after", result="passed" if untouched else "failed"),
            Check(
                name="seal-certificate",
                result="passed" if owner.standing == "trusted" else "could-not-check",
                detail="development" if owner.development else owner.standing,
            ),
            _revocation(owner),
            proved.check,
        ),
    )


def _revocation(owner: Sealer) -> Check:
    """By the evidence in the file: nothing is fetched."""
    result: Literal["passed", "failed", "could-not-check"] = "could-not-check"
    if owner.revocation == "revoked":
        result = "failed"
    elif owner.revocation == "proved":
        result = "passed"
    return Check(name="seal-certificate-revocation", result=result, detail=owner.revocation)


def _together(
    found: Findings, record: dict[str, Any] | None, inside: Check | None, trust: Trust, at: datetime
) -> Verification:
    """The record inside may only make the answers worse, never better: the seal speaks first."""
    unchanged, checks = found.unchanged, (*found.checks, *([inside] if inside else []))
    if record is None:
        valid = answer("no-record" if _is_anchored(found) else "valid-unproved")
        who = _who(found.sealer, None, unchanged)
        return Verification(kind="pdf", answers=(who, unchanged, valid), checks=checks)
    proof = verify_record(record, trust, at)
    checks += tuple(each for each in proof.checks if each.name == "record-proof")
    if proof.unchanged.result == "no":
        unchanged = answer("changed-inside")
    who = _who(found.sealer, record, unchanged)
    valid, content = answer("valid-unproved"), None
    if _is_anchored(replace(found, unchanged=unchanged)) and who.result != "no":
        content = shown(record)
        valid, more = validity(record, trust, at)
        checks += more
    return _whole(who, unchanged, valid, content, checks, record)


def _whole(
    who: Answer, unchanged: Answer, valid: Answer, content: Shown | None, checks: tuple[Check, ...], record: Any
) -> Verification:
    answers = (who, unchanged, valid)
    return Verification(kind="pdf", answers=answers, shown=content, checks=checks, refers=refers(record))


def _is_anchored(found: Findings) -> bool:
    """Unchanged, and under a root that the asker gave."""
    return found.unchanged.result == "yes" and found.sealer.standing == "trusted"


def _who(owner: Sealer, record: dict[str, Any] | None, unchanged: Answer) -> Answer:
    if unchanged.result == "no":
        return answer("who-changed")
    if owner.revocation == "revoked" or owner.development:
        revoked = owner.revocation == "revoked"
        return answer("who-revoked-seal", issuer=owner.name) if revoked else answer("who-test-issuer")
    if owner.standing == "unknown":
        return answer("who-unknown-seal")
    if record is not None and not _is_same(owner, record):
        return answer("who-other-organisation", sealer=owner.name, issuer=issuer_name(record))
    if owner.standing == "wrong-time":
        return answer("who-certificate-time", issuer=owner.name, since=owner.since, until=owner.until)
    return answer("who-sealed", issuer=owner.name)


def _is_same(owner: Sealer, record: dict[str, Any]) -> bool:
    """A root can stand behind many organisations, so the certificate must be the one of the record's issuer."""
    number = "".join(filter(str.isdigit, shown(record).organisation_number))
    if owner.identifier and number:
        return "".join(filter(str.isdigit, owner.identifier)).startswith(number)
    return owner.name.casefold() == issuer_name(record).casefold()


def _record(reader: PdfFileReader, found: EmbeddedPdfSignature) -> tuple[dict[str, Any] | None, Check]:
    """The one attached record of the sealed revision."""
    sealed = reader.get_historical_resolver(found.signed_revision)
    streams = list(_attached(sealed))
    if len(streams) != 1:
        detail = "missing" if not streams else "several"
        return None, Check(name="record-inside", result="could-not-check", detail=detail)
    try:
        record = read_object(streams[0].data)
    except UnreadableJsonError as fault:
        return None, Check(name="record-inside", result="could-not-check", detail=fault.reason)
    if not is_credential(record):
        return None, Check(name="record-inside", result="could-not-check", detail="not-a-record")
    return record, Check(name="record-inside", result="passed")


def _attached(sealed: HistoricalResolver) -> list[Any]:
    files = _get(_get(sealed.root, "/Names"), "/EmbeddedFiles")
    described = [] if files is None else _leaves(files, 0)
    return [each["/EF"]["/F"] for each in described if str(_get(each, "/UF") or _get(each, "/F")) == SOURCE]


def _leaves(node: Any, depth: int) -> list[Any]:
    """File descriptions of a name tree."""
    if depth > 5:
        raise ValueError("the tree of names is too deep")
    flat, kids = _get(node, "/Names") or (), _get(node, "/Kids") or ()
    here = [flat[place] for place in range(1, min(len(flat), 2 * MOST_NAMES), 2)]
    return here + [leaf for place in range(min(len(kids), MOST_NAMES)) for leaf in _leaves(kids[place], depth + 1)]


def _get(node: Any, key: str) -> Any:
    """The member itself; their own `get` gives the bare reference."""
    return node[key] if isinstance(node, DictionaryObject) and key in node else None
