"""The candidate's own code, with which nobody else signs: six digits, shown once, checked on the tablet and here."""

import hashlib
import hmac
import secrets

from msgspec import Struct

from app.policy import Actor, require
from app.store import assessments, candidate_codes, ledger
from app.store.candidate_codes import Kept
from app.tools import Tools
from assessments.event import SignedOff
from assessments.problems import WrongStateError
from assessments.process import recordable

ROUNDS = 600_000


class Check(Struct, frozen=True, kw_only=True):
    """With this a tablet can tell whether the code fits, slowly enough that nobody guesses it at the cabinet."""

    salt: str
    rounds: int
    check: str


def make_candidate_code(tools: Tools, actor: Actor, assessment: str) -> str:
    """A new code for the candidate of that case; the one before is worth nothing any more."""
    code, salt = f"{secrets.randbelow(10**6):06d}", secrets.token_hex(16)
    key = key_of(code, salt)  # slow on purpose, so before the transaction
    with tools.begin() as tx:
        case = assessments.find(tx, assessment)
        require(actor, "candidate.code", case.provider)
        if not recordable(case.state):
            raise WrongStateError(state=case.state)
        now = tools.now()
        candidate_codes.put(tx, assessment, Kept(salt=salt, key=key.hex()), actor.person, now)
        ledger.append(
            tx, tools.new_id(), tenant=case.provider, actor=actor.person, action="candidate.code",
            subject=assessment, content={"salt": salt}, at=now,
        )  # fmt: skip
    return code


def check_of(kept: Kept | None) -> Check | None:
    """What goes into the package."""
    if kept is None:
        return None
    return Check(salt=kept.salt, rounds=ROUNDS, check=hashlib.sha256(bytes.fromhex(kept.key)).hexdigest())


def key_of(code: str, salt: str) -> bytes:
    """Slow on purpose."""
    return hashlib.pbkdf2_hmac("sha256", code.encode(), salt.encode(), ROUNDS, 32)


def proof_of(key: bytes, event: SignedOff) -> str:
    """That whoever signed this knew the code; it fits this event only."""
    said = "declined" if event.declined else "agreed"
    return hmac.new(key, f"{event.id}\n{event.digest}\n{said}".encode(), hashlib.sha256).hexdigest()


def fits(kept: Kept | None, event: SignedOff, proof: str) -> bool:
    """Whether the candidate's own code was typed."""
    return kept is not None and hmac.compare_digest(proof_of(bytes.fromhex(kept.key), event), proof)
