"""The three answers a stranger gets about a document, and every sentence they can be given in.

Who says it, is it unchanged, is it valid today: each *yes*, *no* or *could not check*, always with the reason. A code
decides question and result, so a sentence can never stand beside the wrong mark. The web imports this and nothing else
of the room.
"""

import unicodedata
from typing import Literal

import msgspec
from msgspec import Struct

Question = Literal["who", "unchanged", "valid"]
Result = Literal["yes", "no", "could-not-check"]
Kind = Literal["pdf", "record", "jwt", "unknown"]
Text = dict[str, str]

QUESTIONS: dict[Question, Text] = {
    "who": {"sv": "Vem säger det?", "en": "Who says it?"},
    "unchanged": {"sv": "Är det oförändrat?", "en": "Is it unchanged?"},
    "valid": {"sv": "Gäller det nu?", "en": "Is it valid now?"},
}
RESULTS: dict[Result, Text] = {
    "yes": {"sv": "Ja", "en": "Yes"},
    "no": {"sv": "Nej", "en": "No"},
    "could-not-check": {"sv": "Kunde inte kontrolleras", "en": "Could not be checked"},
}


class Sentence(Struct, frozen=True):
    """What a code means; `{names}` are filled from the document's proved content."""

    question: Question
    result: Result
    sv: str
    en: str


def _who(result: Result, sv: str, en: str) -> Sentence:
    return Sentence("who", result, sv, en)


def _unchanged(result: Result, sv: str, en: str) -> Sentence:
    return Sentence("unchanged", result, sv, en)


def _valid(result: Result, sv: str, en: str) -> Sentence:
    return Sentence("valid", result, sv, en)


CODES: dict[str, Sentence] = {
    # --- who
    "who-sealed": _who("yes", "Stämplat av {issuer}.", "Sealed by {issuer}."),
    "who-issuer": _who("yes", "Utfärdat av {issuer} ({id}).", "Issued by {issuer} ({id})."),
    "who-host": _who(
        "yes",
        "Utfärdat av den som råder över {host}. Namnet i handlingen, {issuer}, är deras egen uppgift.",
        "Issued by whoever controls {host}. The name in the document, {issuer}, is their own statement.",
    ),
    "who-registered": _who(
        "yes",
        "Utfärdat av {issuer}. Registret har samma handling.",
        "Issued by {issuer}. The register holds the same document.",
    ),
    "who-other-organisation": _who(
        "no",
        "Stämpeln tillhör {sealer}, men handlingen säger sig komma från {issuer}.",
        "The seal belongs to {sealer}, but the document claims to come from {issuer}.",
    ),
    "who-other-signer": _who(
        "no",
        "Handlingen säger sig komma från {id}, men någon annan har skrivit under den.",
        "The document claims to come from {id}, but somebody else has signed it.",
    ),
    "who-not-registered": _who(
        "no",
        "Handlingen bär en nyckel från {issuer} men finns inte i registret. Lita inte på den; fråga utfärdaren.",
        "The document bears a key of {issuer} but is not in the register. Do not rely on it; ask the issuer.",
    ),
    "who-test-issuer": _who(
        "could-not-check",
        "Utfärdaren är en testutfärdare. Handlingen är ett prov och säger inget om någon verklig person.",
        "The issuer is a test issuer. The document is a specimen and says nothing about any real person.",
    ),
    "who-unknown-seal": _who(
        "could-not-check",
        "Okänd utfärdare. Stämpeln bygger inte på något certifikat som kontrollen litar på.",
        "Unknown issuer. The seal rests on no certificate that this check trusts.",
    ),
    "who-unknown-issuer": _who(
        "could-not-check",
        "Okänd utfärdare: {id}. Handlingen kallar den {issuer}, men det är adressen som avgör, inte namnet.",
        "Unknown issuer: {id}. The document calls it {issuer}, but the address decides, not the name.",
    ),
    "who-unknown-key": _who(
        "could-not-check",
        "Underskriften är gjord med en nyckel som inte står i den uppgift vi har om {id}.",
        "The signature was made with a key that is not in what we know of {id}.",
    ),
    "who-revoked-seal": _who(
        "no",
        "Stämpelns certifikat ({issuer}) var spärrat när handlingen stämplades, eller så går det inte att visa att den"
        " stämplades dessförinnan.",
        "The certificate of the seal ({issuer}) was revoked when the document was sealed, or nothing shows that it was"
        " sealed before.",
    ),
    "who-certificate-time": _who(
        "could-not-check",
        "Stämpelns certifikat ({issuer}) gäller {since}–{until}, alltså inte vid den här tiden.",
        "The certificate of the seal ({issuer}) is valid {since}–{until}, so not at this time.",
    ),
    "who-changed": _who(
        "could-not-check",
        "Ingen står bakom handlingen som den ser ut nu, eftersom den är ändrad.",
        "Nobody stands behind the document as it is now, because it was changed.",
    ),
    "who-no-seal": _who(
        "could-not-check",
        "Handlingen saknar elektronisk stämpel och underskrift. Vem som helst kan ha gjort den.",
        "The document has no electronic seal or signature. Anybody can have made it.",
    ),
    "who-unread": _who(
        "could-not-check",
        "Vi kunde inte läsa handlingen och vet därför inte vem som står bakom den.",
        "We could not read the document and so do not know who stands behind it.",
    ),
    # --- unchanged
    "unchanged-sealed": _unchanged(
        "yes", "Inget har ändrats sedan den stämplades.", "Nothing has been changed since it was sealed."
    ),
    "unchanged-proved": _unchanged(
        "yes", "Inget har ändrats sedan den skrevs under.", "Nothing has been changed since it was signed."
    ),
    "unchanged-registered": _unchanged(
        "yes",
        "Filen är exakt densamma som registret har.",
        "The file is exactly the one the register holds.",
    ),
    "changed-sealed": _unchanged(
        "no", "Filen är ändrad sedan den stämplades.", "The file was changed after it was sealed."
    ),
    "changed-after": _unchanged(
        "no",
        "Något har lagts till eller bytts ut i filen efter stämpeln.",
        "Something was added or replaced in the file after the seal.",
    ),
    "changed-proved": _unchanged(
        "no",
        "Underskriften stämmer inte med innehållet: något är ändrat.",
        "The signature does not match the content: something was changed.",
    ),
    "changed-inside": _unchanged(
        "no",
        "Mikromeriten inuti filen stämmer inte med sin egen underskrift.",
        "The record inside the file does not match its own signature.",
    ),
    "changed-register": _unchanged(
        "no",
        "Innehållet är ett annat än det som registret har för samma handling.",
        "The content differs from what the register holds for the same document.",
    ),
    "no-seal": _unchanged(
        "could-not-check",
        "PDF-filen saknar elektronisk stämpel. Det kan vara en kopia, utskrift eller avskrift: be om originalfilen.",
        "The PDF has no electronic seal. It may be a copy, print or transcript: ask for the original file.",
    ),
    "other-seal": _unchanged(
        "could-not-check",
        "PDF-filen är undertecknad på ett annat sätt än våra handlingar.",
        "The PDF is signed in another way than our documents.",
    ),
    "no-proof": _unchanged(
        "could-not-check",
        "Handlingen saknar underskrift, så det går inte att se om den är ändrad.",
        "The document has no signature, so it cannot be seen whether it was changed.",
    ),
    "unknown-proof": _unchanged(
        "could-not-check",
        "Underskriften är av ett slag som kontrollen inte kan.",
        "The signature is of a kind this check does not know.",
    ),
    "no-key": _unchanged(
        "could-not-check",
        "Utfärdarens nyckel saknas, så underskriften gick inte att pröva.",
        "The issuer's key is missing, so the signature could not be tried.",
    ),
    "unknown-vocabulary": _unchanged(
        "could-not-check",
        "Handlingen använder ord eller former som kontrollen inte känner.",
        "The document uses words or forms that this check does not know.",
    ),
    "unreadable": _unchanged(
        "could-not-check",
        "Filen är skadad eller följer inte sitt format, så den gick inte att läsa.",
        "The file is damaged or does not follow its format, so it could not be read.",
    ),
    "ambiguous": _unchanged(
        "could-not-check",
        "Filen säger samma sak två gånger på olika sätt, så vi läser den inte.",
        "The file says the same thing twice in different ways, so we do not read it.",
    ),
    "encrypted": _unchanged(
        "could-not-check",
        "Filen är låst med lösenord, så den gick inte att läsa.",
        "The file is locked with a password, so it could not be read.",
    ),
    "too-large": _unchanged(
        "could-not-check",
        "Filen är större än ett intyg kan vara, så vi läser den inte.",
        "The file is larger than a certificate can be, so we do not read it.",
    ),
    "empty": _unchanged("could-not-check", "Filen är tom.", "The file is empty."),
    "unknown-kind": _unchanged(
        "could-not-check",
        "Filen är varken ett PDF-intyg eller en mikromerit (JSON, JWT eller märkesbild med mikromerit i).",
        "The file is neither a PDF certificate nor a credential (JSON, JWT or a badge picture with one inside).",
    ),
    "unsafe": _unchanged(
        "could-not-check",
        "Filen gick inte att läsa på ett säkert sätt.",
        "The document could not be read safely.",
    ),
    # --- valid
    "valid-until": _valid(
        "yes",
        "Gäller till och med {until}. Inte återkallat enligt utfärdarens lista från {on}.",
        "Valid until {until} inclusive. Not revoked by the issuer's list of {on}.",
    ),
    "valid-without-end": _valid(
        "yes",
        "Gäller utan slutdatum. Inte återkallat enligt utfärdarens lista från {on}.",
        "Valid without end. Not revoked by the issuer's list of {on}.",
    ),
    "valid-until-registered": _valid(
        "yes", "Gäller till och med {until} enligt registret.", "Valid until {until} inclusive, says the register."
    ),
    "valid-without-end-registered": _valid(
        "yes", "Gäller utan slutdatum enligt registret.", "Valid without end, says the register."
    ),
    "valid-until-unlisted": _valid(
        "yes",
        "Gäller till och med {until}. Handlingen är av ett slag som inte återkallas.",
        "Valid until {until} inclusive. The document is of a kind that is not revoked.",
    ),
    "valid-without-end-unlisted": _valid(
        "yes",
        "Gäller utan slutdatum. Handlingen är av ett slag som inte återkallas.",
        "Valid without end. The document is of a kind that is not revoked.",
    ),
    "expired": _valid("no", "Gick ut {until}. Gäller inte längre.", "Expired on {until}. No longer valid."),
    "not-yet": _valid("no", "Gäller först från {since}.", "Not valid until {since}."),
    "revoked": _valid("no", "Återkallat. Gäller inte.", "Revoked. Not valid."),
    "revoked-on": _valid("no", "Återkallat {on}. Gäller inte.", "Revoked on {on}. Not valid."),
    "suspended": _valid("no", "Tillfälligt stoppat. Gäller inte just nu.", "Suspended. Not valid at present."),
    "being-issued": _valid(
        "could-not-check",
        "Handlingen håller på att utfärdas. Försök igen om en stund.",
        "The document is being issued. Try again in a while.",
    ),
    "status-missing": _valid(
        "could-not-check",
        "Datumen stämmer, men utan utfärdarens statuslista vet vi inte om det har återkallats.",
        "The dates hold, but without the issuer's status list we do not know whether it was revoked.",
    ),
    "status-stale": _valid(
        "could-not-check",
        "Datumen stämmer, men statuslistan är från {on} och för gammal: vi vet inte om det har återkallats.",
        "The dates hold, but the status list is from {on} and too old: we do not know whether it was revoked.",
    ),
    "status-foreign": _valid(
        "could-not-check",
        "Statuslistan kommer från någon annan än utfärdaren och räknas inte.",
        "The status list comes from somebody else than the issuer and does not count.",
    ),
    "status-unproved": _valid(
        "could-not-check",
        "Statuslistans underskrift gick inte att bekräfta, så listan räknas inte.",
        "The signature of the status list could not be confirmed, so the list does not count.",
    ),
    "status-wrong": _valid(
        "could-not-check",
        "Statuslistan går inte att läsa för den här handlingen.",
        "The status list cannot be read for this document.",
    ),
    "status-unknown": _valid(
        "could-not-check",
        "Handlingens status anges på ett sätt som kontrollen inte kan.",
        "The status of the document is given in a way this check does not know.",
    ),
    "dates-unread": _valid(
        "could-not-check",
        "Giltighetstiden gick inte att läsa.",
        "The period of validity could not be read.",
    ),
    "no-record": _valid(
        "could-not-check",
        "Filen innehåller ingen läsbar mikromerit, så giltigheten gick inte att läsa.",
        "The file holds no readable record, so its validity could not be read.",
    ),
    "valid-unproved": _valid(
        "could-not-check",
        "Giltigheten går bara att pröva på en oförändrad handling från en känd utfärdare.",
        "Validity can only be tried on an unchanged document from a known issuer.",
    ),
}
"""Every code with its question, result and sentences."""

CHECKS: dict[str, Text] = {
    "file": {"sv": "Filen går att läsa", "en": "The file can be read"},
    "seal-digest": {"sv": "Stämpelns kontrollsumma", "en": "Digest of the seal"},
    "seal-coverage": {"sv": "Stämpeln omfattar hela handlingen", "en": "The seal covers the whole document"},
    "seal-after": {"sv": "Inget tillagt efter stämpeln", "en": "Nothing added after the seal"},
    "seal-certificate": {"sv": "Stämpelns certifikat", "en": "Certificate of the seal"},
    "seal-certificate-revocation": {
        "sv": "Spärrkontroll av stämpelns certifikat",
        "en": "Revocation of the seal's certificate",
    },
    "seal-time": {"sv": "Tidsstämpel", "en": "Time-stamp"},
    "record-inside": {"sv": "Mikromerit i den stämplade filen", "en": "Record in the sealed file"},
    "record-issuer": {"sv": "Mikromeritens utfärdare", "en": "Issuer of the record"},
    "record-proof": {"sv": "Mikromeritens underskrift", "en": "Signature of the record"},
    "record-dates": {"sv": "Giltighetstid", "en": "Period of validity"},
    "status-list": {"sv": "Statuslista", "en": "Status list"},
    "picture": {"sv": "Bilden (omfattas inte av underskriften)", "en": "The picture (not covered by the signature)"},
    "register": {"sv": "Registret", "en": "The register"},
    "online": {"sv": "Hämtat från utfärdaren", "en": "Fetched from the issuer"},
}
"""What the list of single checks may name."""


class Answer(Struct, frozen=True, kw_only=True):
    """One of the three answers, with its reason in both languages."""

    question: Question
    result: Result
    code: str
    sv: str
    en: str


class Check(Struct, frozen=True, kw_only=True):
    """One thing that was looked at, for those who want to know more; `name` is a key of `CHECKS`."""

    name: str
    result: Literal["passed", "failed", "could-not-check"]
    detail: str = ""
    """A short technical reason, the same in all languages."""


class Shown(Struct, frozen=True, kw_only=True):
    """What the document says, read only from content that its seal or proof covers; empty = it does not say."""

    holder: str
    birth_date: str
    result_name: Text
    standard: str
    edition: str
    eqf: str
    seqf: str
    level_state: str
    """`proposed` or `decided`: stands beside the number wherever the number is shown."""
    modules: tuple[Text, ...]
    number: str
    issuer_name: str
    issuer_id: str
    organisation_number: str
    awarded_on: str
    valid_from: str
    valid_until: str | None
    withheld: bool = False
    """The holder's identity is protected: name and birth date are not repeated, they stand in the document itself."""


class Refers(Struct, frozen=True, kw_only=True):
    """What the document points at, for looking it up: a claim, proved only if the answers say so."""

    record: str = ""
    issuer: str = ""
    digest: str = ""
    """Of the award, as the record states it."""
    lists: tuple[str, ...] = ()


class Verification(Struct, frozen=True, kw_only=True):
    """All that was found out about one document."""

    kind: Kind
    answers: tuple[Answer, Answer, Answer]
    """Who, unchanged, valid: in this order."""
    shown: Shown | None = None
    checks: tuple[Check, ...] = ()
    refers: Refers | None = None

    @property
    def who(self) -> Answer:
        """Who says it."""
        return self.answers[0]

    @property
    def unchanged(self) -> Answer:
        """Is it unchanged."""
        return self.answers[1]

    @property
    def valid(self) -> Answer:
        """Is it valid."""
        return self.answers[2]

    @property
    def result(self) -> Result:
        """All three in one: a single no is a no, and only three yes are a yes."""
        found = {each.result for each in self.answers}
        return "no" if "no" in found else "could-not-check" if "could-not-check" in found else "yes"


LONGEST = 200


def answer(code: str, **values: str) -> Answer:
    """The answer a code stands for, with its names filled in."""
    meant, safe = CODES[code], {name: plain(value) or "–" for name, value in values.items()}
    return Answer(
        question=meant.question,
        result=meant.result,
        code=code,
        sv=meant.sv.format_map(safe),
        en=meant.en.format_map(safe),
    )


def unread(code: str, kind: Kind = "unknown", detail: str = "") -> Verification:
    """Nothing could be found out, and `code` says why."""
    return Verification(
        kind=kind,
        answers=(answer("who-unread"), answer(code), answer("valid-unproved")),
        checks=(Check(name="file", result="could-not-check", detail=detail or code),),
    )


def plain(text: str, most: int = LONGEST) -> str:
    """Shown without harm: no control or direction marks that could make a line read otherwise, no endless lines."""
    cut = text if len(text) <= most else f"{text[: most - 1]}…"
    return "".join("\ufffd" if unicodedata.category(each) in HARMFUL else each for each in cut)


HARMFUL = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})


def to_json(found: Verification) -> str:
    """As it is stored and handed over."""
    return msgspec.json.encode(found).decode()


def from_json(text: str | bytes) -> Verification:
    """The opposite; raises `msgspec.MsgspecError` on anything else."""
    return msgspec.json.decode(text, type=Verification)
