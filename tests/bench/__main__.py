"""`make bench`: what an award costs, what a batch of events costs, how long starting takes — each beside a peer."""

import io
import json
import platform
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.measure import Result, paired
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from weasyprint import CSS, HTML

from app import demo
from app.actions import record
from app.actions.keys import key_folder
from app.cli import house
from app.cli.serve import throw_away
from app.issue.badge import RecordParticulars, whole_record
from app.issue.certificate import Particulars, certificate
from app.issue.fonts import font_faces
from app.issue.keyring import Keyring
from app.issue.paper import words_of
from app.issue.proof import RecordKey, prove
from app.issue.seal import seal
from app.store import assessments, awards
from app.tools import Tools
from app.words import environment
from assessments.award import Award
from templates import FOLDER

TESTS = Path(__file__).parents[1]
ROUNDS = 9
BATCHES = 60


def main() -> int:
    print(f"Python {platform.python_version()}, {platform.machine()}: CPU ms, medians, taken in turn with the peer\n")
    with tempfile.TemporaryDirectory(prefix="intyga-bench-") as folder:
        found = throw_away(Path(folder))
        tools = house.prepare(found)
        secret = house.passphrase(found)
        demo.people_and_standards(tools, secret)
        given = demo.chain(tools, demo.NewCandidate(name="Erik Åkerlund-Łoś", birth_date="1991-02-28"))
        with tools.read() as tx:
            award = awards.find(tx, given).award
        if award is None:
            return 1
        for result in (
            *paper(award, Keyring(key_folder(tools), secret), found.folder),
            *records(award),
            *ingest(tools, found.folder),
            *starting(),
        ):
            print(result.line(), flush=True)
        tools.database.close()
    return 0


def paper(award: Award, keyring: Keyring, folder: Path) -> Iterator[Result]:
    """A sealed certificate against the plain script anybody would write with the same two libraries."""
    about = Particulars(
        number="2026-000001-1", page="https://intyga.example/v/AAAAAAAAAAAAAAAAAAAAAA",
        issued_at="2026-11-24T10:15:00+01:00", seal_level="development", specimen=True,
    )  # fmt: skip
    sealer = keyring.seal(demo.PROVIDER)
    html = environment("sv").get_template("certificate/certificate.html").render(words_of(award, about))
    style = font_faces() + (FOLDER / "certificate" / "certificate.css").read_text("utf-8")
    plain_signer = signers.SimpleSigner.load_pkcs12(
        str(folder / "keys" / demo.PROVIDER / "seal.p12"), passphrase=keyring_passphrase(folder)
    )

    def ours() -> bytes:
        return seal(certificate(award, about, {"credential.json": b"{}"}), sealer, name="x", reason="bench")

    def plain() -> bytes:
        pdf = HTML(string=html).write_pdf(stylesheets=[CSS(string=style)], pdf_variant="pdf/a-3a")
        meta = signers.PdfSignatureMetadata(field_name="Sig", subfilter=SigSeedSubFilter.PADES, certify=True)
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        return signers.sign_pdf(writer, meta, plain_signer, new_field_spec=SigFieldSpec("Sig")).getvalue()

    yield Result("sealed certificate", *_flat(paired(ours, plain, ROUNDS), "plain WeasyPrint + pyHanko"), "")


def keyring_passphrase(folder: Path) -> bytes:
    return (folder / "keys" / "passphrase").read_bytes().strip()


def records(award: Award) -> Iterator[Result]:
    """One proved record against the Node libraries that prove the same document."""
    key = RecordKey(Ed25519PrivateKey.generate(), "did:web:intyga.example:issuer:exempelnat", "key-1")
    particulars = RecordParticulars(
        id="urn:uuid:0193f3a0-0000-7000-8000-000000000001", did=key.did, number="2026-000001-1",
        page="https://intyga.example/v/AAAAAAAAAAAAAAAAAAAAAA",
        status_lists={"revocation": ("https://intyga.example/issuer/exempelnat/status/revocation/1", 1)},
        issued_at="2026-11-24T10:15:00+01:00", holder_id="urn:uuid:0193f3a0-0000-7000-8000-0000000000aa",
    )  # fmt: skip
    document = whole_record(award, particulars)
    seed = key.private.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption()).hex()
    job = json.dumps({"document": document, "seed": seed, "method": key.method, "rounds": 40})
    took = [_cpu_of(lambda: prove(whole_record(award, particulars), key, particulars.issued_at)) for _ in range(40)]
    done = subprocess.run(
        ["node", "prove.mjs"], cwd=TESTS / "node", input=job, capture_output=True, text=True, check=True, timeout=300
    )
    yield Result(
        "record, built and proved", statistics.median(took), "Node @digitalbazaar/vc", json.loads(done.stdout)["ms"], ""
    )


def ingest(tools: Tools, folder: Path) -> Iterator[Result]:
    """A batch of 30 events through gate, ledger and database against 30 bare inserts with the same durability."""
    who = demo.actor(tools, "bedomare@intyga.example")
    case = demo.opened(tools, demo.NewCandidate(name="Bänk Mätning", birth_date="1990-01-01"))
    with tools.read() as tx:
        lists = assessments.case_file(tx, case).checklist
    pen = demo.Pen(tools, case, who, tools.now())
    criterion = next(iter(lists.criteria.values()))
    bare = sqlite3.connect(folder / "bare.sqlite", isolation_level=None)
    bare.execute("PRAGMA journal_mode = WAL")
    bare.execute("PRAGMA synchronous = FULL")
    bare.execute("CREATE TABLE events (id TEXT PRIMARY KEY, body TEXT) STRICT")
    batches = [record.plain([pen.score(criterion) for _ in range(30)]) for _ in range(BATCHES)]

    def driver(batch: object) -> None:
        bare.execute("BEGIN IMMEDIATE")
        bare.executemany("INSERT INTO events VALUES (?, ?)", [(each["id"], json.dumps(each)) for each in batch])
        bare.execute("COMMIT")

    ours = [_wall_of(lambda sent=batch: record.record(tools, who, case, sent)) for batch in batches]
    peer = [_wall_of(lambda sent=batch: driver(sent)) for batch in batches]
    bare.close()
    yield Result(
        f"batch of 30 events (wall, case growing to {30 * BATCHES})",
        *_flat((statistics.median(ours), statistics.median(peer)), "bare SQLite driver"),
        "",
    )


def starting() -> Iterator[Result]:
    """Whole processes, from nothing to done."""
    for name, code in (
        ("start of the command line", "import app.cli"),
        ("start of the web process", "from app import web, create_app; import app.web.guards"),
        ("start of the worker", "import app.jobs"),
    ):
        took = [_wall_of(lambda: subprocess.run([sys.executable, "-c", code], check=True)) for _ in range(3)]  # noqa: B023 run at once
        bare = [_wall_of(lambda: subprocess.run([sys.executable, "-c", "pass"], check=True)) for _ in range(3)]
        yield Result(
            f"{name} (wall)", *_flat((statistics.median(took), statistics.median(bare)), "bare interpreter"), ""
        )


def _flat(pair: tuple[float, float], peer: str) -> tuple[float, str, float]:
    return pair[0], peer, pair[1]


def _cpu_of(run) -> float:
    began = time.process_time()
    run()
    return (time.process_time() - began) * 1000


def _wall_of(run) -> float:
    began = time.perf_counter()
    run()
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    sys.exit(main())
