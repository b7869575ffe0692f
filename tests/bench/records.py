"""Proved records against the Node packages that prove the very same document."""

import json
import statistics
import subprocess
from collections.abc import Iterator

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from msgspec import structs

from app.issue.badge import RecordParticulars, whole_record
from app.issue.formats import RECORD_FORMATS, Record
from app.issue.proof import RecordKey, prove
from bench.house import TESTS, Demo
from bench.measure import Goal, Result, cpu, in_turn


def records(at: Demo, rounds: int) -> Iterator[Result]:
    """One at a time."""
    award = at.award().award
    assert award
    key = RecordKey(Ed25519PrivateKey.generate(), "did:web:intyga.example:issuer:exempelnat", "key-1")
    particulars = RecordParticulars(
        id="urn:uuid:0193f3a0-0000-7000-8000-000000000001", did=key.did, number="2026-000001-1",
        page="https://intyga.example/v/AAAAAAAAAAAAAAAAAAAAAA",
        status_lists={"revocation": ("https://intyga.example/issuer/exempelnat/status/revocation/1", 1)},
        issued_at="2026-11-24T10:15:00+01:00", holder_id="urn:uuid:0193f3a0-0000-7000-8000-0000000000aa",
    )  # fmt: skip

    def ours() -> object:
        return prove(whole_record(award, particulars), key, particulars.issued_at)

    ours()
    took = statistics.median(cpu(ours) for _ in range(rounds))
    seed = key.private.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption()).hex()
    job = {"document": whole_record(award, particulars), "seed": seed, "method": key.method, "rounds": rounds}
    done = subprocess.run(
        ["node", "prove.mjs"], cwd=TESTS / "node", input=json.dumps(job), capture_output=True, text=True, check=True,
        timeout=300,
    )  # fmt: skip
    took_again = statistics.median(cpu(ours) for _ in range(rounds))
    peer = json.loads(done.stdout)["ms"]
    ours_ms = (took + took_again) / 2  # before and after the peer, so that a change of weather hits both
    yield Result("record of the whole, built and proved (CPU)", ours_ms, peer, "Node @digitalbazaar/vc", Goal(1 / 3))
    yield Result(
        f"all records of an award in every form ({len(award.modules) + 1} records, CPU)",
        _every_form(at, key, particulars, rounds // 3),
    )


def _every_form(at: Demo, key: RecordKey, particulars: RecordParticulars, rounds: int) -> float:
    """What the worker makes beside the PDF, for the second award of an edition and all that follow."""
    award = at.award().award
    assert award
    parts = tuple(f"urn:uuid:0193f3a0-0000-7000-8000-0000000001{number:02}" for number in range(len(award.modules)))
    whole = structs.replace(particulars, parts=parts)

    def write() -> None:
        made = [Record(award=award, particulars=whole)]
        for part, module in zip(parts, award.modules, strict=True):
            about = structs.replace(particulars, id=part, whole_id=whole.id)
            made.append(Record(award=award, particulars=about, module=module))
        for record in made:
            for form in RECORD_FORMATS.values():
                if form.fits(record.module.id if record.module else ""):
                    form.write(record, key)

    return in_turn(write, rounds=rounds)[0]
