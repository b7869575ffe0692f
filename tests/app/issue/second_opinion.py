"""Asks the published Node packages for a second opinion: one process for a whole job."""

import json
import subprocess
from typing import Any

import pytest
from records import DID, ISSUED, TESTS, a_did_document

HOME = TESTS / "node"


def ask(**job: Any) -> dict[str, Any]:
    """The answers to a job; see the head of verify.mjs. A set-up without Node's packages is unfit, not smaller."""
    if not (HOME / "node_modules").is_dir():
        pytest.fail("tests/node/node_modules is missing: run `make setup-tests`")
    job = {"now": ISSUED, "dids": {DID: a_did_document()}} | job
    program = ["node", str(HOME / "verify.mjs")]
    done = subprocess.run(program, input=json.dumps(job), capture_output=True, text=True, check=False, timeout=250)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
