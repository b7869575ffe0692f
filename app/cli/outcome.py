"""Writes what a finished award gives into a folder, under the names the contract promises."""

from pathlib import Path
from typing import Any

import msgspec

from app import jobs
from app.issue.did import did_for
from app.issue.keyring import Keyring
from app.issue.keys import ROOT
from app.store import awards, intents, issuers, organisations
from app.store.files import write_whole
from app.tools import Tools
from assessments.problems import ConflictError

NAMES = {
    "pdf": "certificate.pdf",
    "open-badge": "credential.json",
    "vc-jwt": "credential.jwt",
    "elm": "elm.json",
    "badge-svg": "badge.svg",
    "badge-png": "badge.png",
}
"""Of the whole; of each module only the record is written, because it is the one that may be shared alone."""


class NotIssuedError(ConflictError):
    """The worker could not issue; `failure` says why."""

    code = "not-issued"
    sv = "Beviset kunde inte utfärdas."
    en = "The certificate could not be issued."


def write_outcome(tools: Tools, keyring: Keyring, award: str, out: Path) -> dict[str, Any]:
    """Issue what is approved, write the files and return the summary."""
    jobs.work_due(tools, keyring)
    with tools.read() as tx:
        given = awards.find(tx, award)
        failing = intents.failing(tx)
        if given.issued_at is None or given.award is None or failing:
            raise NotIssuedError(failure=[f"{each.kind}: {each.failure}" for each in failing])
        documents = awards.documents(tx, award)
        issuer = organisations.find(tx, given.provider)
        public = {each.path: each.body for each in issuers.all_published(tx) if f"/{issuer.slug}/" in each.path}
    files: dict[str, bytes] = {}
    for document in documents:
        content = tools.files.get(document.sha256)
        if not document.module:
            files[NAMES[document.format]] = content
        elif document.format == "open-badge":
            files[f"modules/{document.module}.json"] = content
    for path, body in public.items():
        files["did.json" if path.endswith("/did.json") else "status-list.json"] = body
    files["trust.pem"] = (keyring.folder / ROOT).read_bytes()
    summary: dict[str, Any] = {
        "number": given.number,
        "page": f"{tools.settings.public_url}/v/{given.token}",
        "result": given.award.result_name,
        "holder": msgspec.to_builtins(given.award.holder),
        "standard": f"{given.award.standard} {given.award.edition}",
        "edition_sha256": given.award.edition_sha256,
        "award_sha256": given.digest,
        "modules": [module.id for module in given.award.modules],
        "issuer": did_for(tools.settings.public_url, issuer.slug),
        "seal": "development (SPECIMEN)",
        "seal_level": f"B-{next(each.level for each in documents if each.format == 'pdf')}",
        "files": sorted([*files, "summary.json"]),
    }
    files["summary.json"] = msgspec.json.format(msgspec.json.encode(summary), indent=2) + b"\n"
    for name, content in files.items():
        place = out / name
        place.parent.mkdir(parents=True, exist_ok=True)
        write_whole(place, content, mode=0o644)
    return summary
