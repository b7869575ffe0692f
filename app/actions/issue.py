"""The worker's road from an approved award to sealed and proved documents; the only code that uses a production key.

Order (docs/decisions): derive the award anew from the record, number, to-be-signed records, then prove, render, seal,
write and list. Whatever is cut short is taken up at the same place: numbers and stored bytes are found, never remade.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

import structlog

from app.actions.rederive import RecordChangedError, derive
from app.issue.archive import require_unrevoked
from app.issue.badge import RecordParticulars
from app.issue.certificate import Particulars, certificate
from app.issue.did import did_document, did_for, read_multikey
from app.issue.fetch import AuthorityAwayError
from app.issue.formats import RECORD_FORMATS, Record, json_bytes
from app.issue.keyring import Keyring
from app.issue.problems import StampMissingError, StampRefusedError
from app.issue.proof import RecordKey, prove
from app.issue.seal import seal
from app.issue.signer import SealSigner
from app.issue.status import status_list
from app.store import assessments, awards, decisions, intents, issuers, letters, organisations, standards
from app.store.awards import Document, Given
from app.store.issuers import Key
from app.store.letters import Letter
from app.store.organisations import Organisation
from app.store.types import canonical
from app.tools import STOCKHOLM, Tools
from assessments.award import Award, digest
from assessments.problems import ConflictError
from assessments.process import require_grant

PDF = "pdf"


log = structlog.get_logger()


@dataclass(frozen=True)
class Sealing:
    """What is sealed with which key."""

    given: Given
    award: Award
    number: str
    key: Key
    sealer: SealSigner


class TestSealRefusedError(ConflictError):
    """A development seal never seals in production."""

    code = "test-seal-refused"
    sv = "Utvecklingssigillet får inte användas i produktion."
    en = "The development seal must not be used in production."


def issue(tools: Tools, keyring: Keyring, award_id: str) -> None:
    """Make every document of the award; a second run finds the first one's and changes nothing."""
    if _nothing_left(tools, award_id):
        return
    given, award, issuer = _require_due(tools, award_id)
    with tools.read() as tx:
        sealing = issuers.serving(tx, issuer.id, "seal", tools.now())
    sealer = keyring.seal(issuer.slug, sealing.place)
    if sealer.development and tools.settings.production:
        raise TestSealRefusedError(organisation=issuer.slug)
    with tools.begin() as tx:
        number = awards.number(tx, given.id, award.awarded_on[:4])
    key = _record_key(tools, keyring, issuer)
    records = _to_be_proved(tools, given, award, number, issuer, specimen=sealer.development)
    whole = _prove(tools, given, records, key)
    _seal(tools, keyring, Sealing(given, award, number, sealing, sealer), whole)
    _finish(tools, given, issuer)


def publish_issuer(tools: Tools, _keyring: Keyring, provider: str) -> None:
    """Serve the organisation's DID document with all its keys, retired ones included."""
    with tools.begin() as tx:
        issuer = organisations.find(tx, provider)
        did = did_for(tools.settings.public_url, issuer.slug)
        keys = issuers.keys(tx, provider, "record")
        public = [(key.name, read_multikey(key.public)) for key in keys]
        lost = {key.name: _moment(key.distrusted_from) for key in keys if key.distrusted_from is not None}
        body = json_bytes(did_document(did, public, lost))
        issuers.publish(tx, f"/issuer/{issuer.slug}/did.json", "application/did+json", body, tools.now())


def publish_status_list(tools: Tools, keyring: Keyring, list_id: str) -> None:
    """Serve the list as it stands now, proved with the organisation's newest key."""
    with tools.read() as tx:
        found = awards.read_status_list(tx, list_id)
        issuer = organisations.find(tx, found.provider)
    did = did_for(tools.settings.public_url, issuer.slug)
    path = _list_path(issuer, found.purpose, found.place)
    at = _moment(tools.now())
    listed = status_list(f"{tools.settings.public_url}{path}", did, found.purpose, found.set_bits, at)  # type: ignore[arg-type] # the table holds only known purposes
    body = json_bytes(prove(listed, _record_key(tools, keyring, issuer), at))
    with tools.begin() as tx:
        issuers.publish(tx, path, "application/vc", body, tools.now())


def _nothing_left(tools: Tools, award_id: str) -> bool:
    """All was made before (what it rested on may have ended since), or the holder was erased meanwhile."""
    with tools.read() as tx:
        given = awards.find(tx, award_id)
    return given.issued_at is not None or given.award is None


def _require_due(tools: Tools, award_id: str) -> tuple[Given, Award, Organisation]:
    """Everything the approval asked, asked again: events, decision, other person, grant then and grant today."""
    with tools.read() as tx:
        given = awards.find(tx, award_id)
        case = assessments.case_file(tx, given.assessment)
        decided = next((each for each in decisions.of(tx, given.assessment) if each.id == given.decision), None)
        review = next((each for each in decisions.reviews(tx, given.assessment) if each.id == given.review), None)
        if decided is None or review is None or not review.approved or decided.state != "approved":
            raise RecordChangedError(award=award_id)
        award = derive(tx, case, decided, review, given.id)
        require_grant(standards.grants(tx, given.provider), given.provider, given.standard, tools.today())
        if given.revoked_at or given.award != award or digest(award) != given.digest:
            raise RecordChangedError(award=award_id)
        return given, award, organisations.find(tx, given.provider)


def _record_key(tools: Tools, keyring: Keyring, issuer: Organisation) -> RecordKey:
    with tools.read() as tx:
        key = issuers.serving(tx, issuer.id, "record", tools.now())
    return keyring.record(issuer.slug, key.place, did_for(tools.settings.public_url, issuer.slug))


def _to_be_proved(
    tools: Tools, given: Given, award: Award, number: str, issuer: Organisation, *, specimen: bool = False
) -> dict[str, Record]:
    """The unproved records by module, stored before the first proof is made."""
    with tools.read() as tx:
        kept = awards.records(tx, given.id)
        lists = {each.status_list: awards.read_status_list(tx, each.status_list) for each in kept}
    url, did = tools.settings.public_url, did_for(tools.settings.public_url, issuer.slug)
    ids = {each.module: f"urn:uuid:{each.id}" for each in kept}
    modules = {module.id: module for module in award.modules}
    made = {}
    for each in kept:
        place = lists[each.status_list]
        particulars = RecordParticulars(
            id=ids[each.module],
            did=did,
            number=number,
            page=f"{url}/v/{given.token}",
            status_lists={"revocation": (f"{url}{_list_path(issuer, place.purpose, place.place)}", each.status_index)},
            issued_at=_moment(given.given_at),
            holder_id=f"urn:uuid:{given.candidate}",
            parts=() if each.module else tuple(ids[key] for key in modules),
            whole_id=ids[""] if each.module else None,
            specimen=specimen,
        )
        module = modules[each.module] if each.module else None
        made[each.module] = Record(award=award, particulars=particulars, module=module)
    _keep_unsigned(tools, given, kept, made)
    return made


def _keep_unsigned(tools: Tools, given: Given, kept: list[awards.Record], made: dict[str, Record]) -> None:
    """What is going to be proved, word for word; a second run must come to the same words."""
    texts = {module: canonical(record.document()).decode() for module, record in made.items()}
    with tools.begin() as tx:
        for each in kept:
            awards.set_unsigned(tx, each.id, texts[each.module])
        if {each.module: each.unsigned for each in awards.records(tx, given.id)} != texts:
            raise RecordChangedError(award=given.id)


def _prove(tools: Tools, given: Given, records: dict[str, Record], key: RecordKey) -> bytes:
    """Prove every record in every format; returns the bytes of the whole, which the paper carries inside."""
    with tools.read() as tx:
        had = {(each.format, each.module): each.sha256 for each in awards.documents(tx, given.id)}
    made = []
    for module, record in records.items():
        for name, form in RECORD_FORMATS.items():
            if form.fits(module) and (name, module) not in had:
                content = form.write(record, key)
                had[name, module] = tools.files.put(content)
                by = key.method if form.proved else ""
                made.append(_document(tools, given, name, module, had[name, module], form.media_type, content, by))
    with tools.begin() as tx:
        for document in made:
            awards.add_document(tx, document)
    return tools.files.get(had["open-badge", ""])


def _seal(tools: Tools, keyring: Keyring, paper: Sealing, whole: bytes) -> None:
    given, award, key = paper.given, paper.award, paper.key
    with tools.read() as tx:
        if any(each.format == PDF for each in awards.documents(tx, given.id)):
            return
    about = Particulars(
        number=paper.number,
        page=f"{tools.settings.public_url}/v/{given.token}",
        issued_at=_moment(given.given_at),
        seal_level="development" if paper.sealer.development else key.level,  # what the certificate says goes first
        specimen=paper.sealer.development,
    )
    unsealed = certificate(award, about, {"credential.json": whole})
    content, level = _sealed(tools, keyring, paper, unsealed)
    sha256 = tools.files.put(content)
    made = _document(tools, given, PDF, "", sha256, "application/pdf", content, paper.sealer.sha256, level)
    with tools.begin() as tx:
        awards.add_document(tx, made)
        intents.want(tx, tools.new_id(), "lengthen", given.id, tools.now())


def _sealed(tools: Tools, keyring: Keyring, paper: Sealing, unsealed: bytes) -> tuple[bytes, str]:
    """With a time-stamp if the authority gives a good one now; else without, and it is asked again later."""
    reason = f"{paper.award.result_name['sv']} {paper.number}"
    put = partial(seal, unsealed, paper.sealer, name=paper.award.provider.name, reason=reason, now=tools.now())
    if not keyring.rests(tools.now()):
        try:
            trusted = keyring.trusted(tools.settings, paper.sealer, tools.now)
            require_unrevoked(paper.sealer, trusted)
            return put(stamper=trusted.stamper), "T"
        except (AuthorityAwayError, StampRefusedError, StampMissingError) as fault:
            keyring.rest(tools.now())
            log.warning("sealed without time-stamp", award=paper.given.id, why=str(fault))
    return put(), "B"


def _finish(tools: Tools, given: Given, issuer: Organisation) -> None:
    now = tools.now()
    with tools.begin() as tx:
        awards.set_issued(tx, given.id, now)
        for list_id in {each.status_list for each in awards.records(tx, given.id)}:
            intents.want(tx, tools.new_id(), "status-list", list_id, now)
        candidate = assessments.candidate(tx, given.candidate)
        if candidate.email and not candidate.protected and given.issued_at is None:
            letter = Letter(
                id=tools.new_id(),
                recipient=candidate.email,
                template="issued",
                language=candidate.language,
                content={"provider": issuer.name, "link": f"{tools.settings.public_url}/mina"},
                candidate=candidate.id,
                sent_at=None,
            )
            letters.add(tx, letter, now)
            intents.want(tx, tools.new_id(), "letter", letter.id, now)


def _document(
    tools: Tools,
    given: Given,
    form: str,
    module: str,
    sha256: str,
    media_type: str,
    content: bytes,
    key: str,
    level: str = "",
) -> Document:
    return Document(
        id=tools.new_id(), award=given.id, format=form, module=module, sha256=sha256, media_type=media_type,
        size=len(content), key=key, made_at=tools.now(), level=level,
    )  # fmt: skip


def _list_path(issuer: Organisation, purpose: str, place: int) -> str:
    return f"/issuer/{issuer.slug}/status/{purpose}/{place}"


def _moment(at: datetime) -> str:
    """ISO with the Swedish offset, whole seconds."""
    return at.astimezone(STOCKHOLM).isoformat(timespec="seconds")
