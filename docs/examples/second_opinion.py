# ruff: noqa: INP001, T201 an example to be run as it stands
"""Asks published Node packages about what `intyga demo --out FOLDER` wrote: `python3 second_opinion.py FOLDER`."""

import base64
import json
import subprocess
import sys
from pathlib import Path

FOLDER = Path(sys.argv[1] if len(sys.argv) > 1 else "out")
VERIFY = Path(__file__).parents[2] / "tests/node/verify.mjs"
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def read(name: str) -> dict:
    """A JSON file of the folder."""
    return json.loads((FOLDER / name).read_text("utf-8"))


def jwk(multikey: str) -> dict[str, str]:
    """`z6Mk…` (base58btc, two bytes of kind, 32 bytes of key) as a JSON Web Key."""
    number = 0
    for letter in multikey.removeprefix("z"):
        number = number * 58 + BASE58.index(letter)
    raw = number.to_bytes(34)[2:]
    return {"kty": "OKP", "crv": "Ed25519", "x": base64.urlsafe_b64encode(raw).decode().rstrip("=")}


did, listed = read("did.json"), read("status-list.json")
records = ["credential.json", *(f"modules/{file.name}" for file in sorted((FOLDER / "modules").glob("*.json")))]
token = (FOLDER / "credential.jwt").read_text("ascii")
named = json.loads(base64.urlsafe_b64decode(token.partition(".")[0] + "=="))["kid"]
key = next(each["publicKeyMultibase"] for each in did["verificationMethod"] if each["id"] == named)
job = {
    "dids": {did["id"]: did},
    "lists": {listed["id"]: listed},
    "documents": [read(name) for name in records],
    "tokens": [{"token": token, "jwk": jwk(key)}],
}
done = subprocess.run(  # noqa: S603 our own job, no word of the documents in the command
    ["node", VERIFY],  # noqa: S607 found by PATH: Node 20 or later
    input=json.dumps(job),
    capture_output=True,
    text=True,
    check=True,
)
said = json.loads(done.stdout)
for name, found in zip([*records, "credential.jwt"], [*said["documents"], *said["tokens"]], strict=True):
    revoked = {True: ", revoked", False: ", not revoked", None: ""}[found.get("marked")]
    print(f"{name}: {'verified' if found['verified'] else 'NOT verified: ' + str(found['error'])}{revoked}")
sys.exit(0 if all(each["verified"] for each in [*said["documents"], *said["tokens"]]) else 1)
