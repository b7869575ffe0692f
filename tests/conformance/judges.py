"""Programs that others wrote, each asked for its word on a file and given back in a few of its own words."""

import asyncio
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.ades import ades_basic_validation
from pyhanko.sign.validation.policy_decl import SignatureValidationSpec
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.policy_decl import CertRevTrustPolicy, RevocationCheckingPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager

HERE = Path(__file__).parent
VERA = HERE / "node_modules" / "@opendataloader" / "pdf" / "lib" / "opendataloader-pdf-cli.jar"
JAXB = Path("/usr/share/java/jaxb-runtime.jar")
PROFILES = ("3a", "ua1")
PATIENCE = 240
"""Seconds; a tool for PDF that hangs on a damaged file has been seen."""
SAID: dict[str, dict[str, str]] = {}
"""What each program said of each file, for the table at the end; complete only where one process runs it all."""


def told(*words: str | Path) -> str:
    """Everything a program said, whatever its exit code: some call a bad signature a success."""
    run = subprocess.run(words, capture_output=True, text=True, timeout=PATIENCE, check=False, stdin=subprocess.DEVNULL)
    return run.stdout + run.stderr


def vera(files: list[Path]) -> dict[tuple[str, str], dict]:
    """veraPDF's report by name of the file and profile; one start of Java for all of them."""
    if not VERA.exists() or not JAXB.exists():
        pytest.fail("veraPDF is not at hand: run `make setup-tests`")
    said = told("java", "-cp", f"{VERA}:{JAXB}", HERE / "VeraCheck.java", ",".join(PROFILES), *files)
    try:
        reports = [json.loads(line) for line in said.splitlines()]
    except json.JSONDecodeError:
        pytest.fail(said)
    return {(Path(each["file"]).name, each["profile"]): each for each in reports}


def verdict(report: dict) -> str:
    return "PASS" if report["passed"] else f"FAIL {', '.join(report['rules'])}"


def pdfsig(file: Path, _root: Path) -> str:
    """Digest and coverage only: of trust Debian's version says nothing useful."""
    said = told("pdfsig", "-nocert", file)
    verdict = re.search(r"Signature Validation: (.*)\.", said)
    covered = re.search(r"- ((Not total|Total) document signed)", said)
    return (
        f"{verdict[1]}; {covered[1]}" if verdict and covered else said.strip().splitlines()[-1].replace(str(file), "")
    )


def mutool(file: Path, _root: Path) -> str:
    """Its verdict on each field, in their order; a time-stamp of the whole document it does not know."""
    lines = [line.strip() for line in told("mutool", "sign", "-v", file).splitlines()]
    verdicts = [each for each in lines if each and not each.startswith(("Verif", "Distinguished", "Certificate error"))]
    return "; ".join(verdicts).removeprefix("error: ") or "no signature"


def qpdf(file: Path, _root: Path) -> str:
    return "no errors" if "No syntax or stream encoding errors found" in told("qpdf", "--check", file) else "errors"


def pyhanko(file: Path, root: Path) -> str:
    """`--trust-replace`: else the system's own roots are mixed in."""
    program = Path(sys.executable).with_name("pyhanko")
    said = told(program, "sign", "validate", "--trust-replace", "--trust", root, file)
    return "; ".join(re.findall(r"^\S+:[0-9a-f]{64}:(.*)$", said, re.MULTILINE)) or "no signature"


def ades(file: Path, root: Path) -> str:
    """Basic validation of ETSI EN 319 102-1 §5.3; it looks at the signature, not at what was appended to the file."""
    trusted = SimpleTrustManager.build(trust_roots=[load_cert_from_pemder(str(root))])
    revocation = CertRevTrustPolicy(RevocationCheckingPolicy.from_legacy("soft-fail"))
    spec = SignatureValidationSpec(CertValidationPolicySpec(trust_manager=trusted, revinfo_policy=revocation))
    with file.open("rb") as content:
        seals = PdfFileReader(content).embedded_regular_signatures
        if not seals:
            return "no signature"
        found = asyncio.run(ades_basic_validation(seals[0].signed_data, spec, raw_digest=seals[0].compute_digest()))
    return found.ades_subindic.name


def ours(file: Path, root: Path) -> str:
    """`intyga verify`: the code of its second answer."""
    said = told(Path(sys.executable).with_name("intyga"), "verify", "--json", "--trust", root, file)
    if not said.startswith("["):
        pytest.fail(said)
    (report,) = json.loads(said)
    return next(each["code"] for each in report["answers"] if each["question"] == "unchanged")


JUDGES = {
    "pdfsig": pdfsig,
    "mutool sign -v": mutool,
    "qpdf --check": qpdf,
    "pyhanko sign validate": pyhanko,
    "AdES, basic": ades,
    "intyga verify": ours,
}
