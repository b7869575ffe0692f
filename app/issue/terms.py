"""The JSON-LD terms our records use, one table per published context: signing needs no network, no foreign file.

A line says `term iri [^datatype|@id|@vocab] [+list|+set|+lang]`; `vc:` alone means prefix and own name, `<…>` an IRI
written out. Indented lines live only inside the type (or term) above. Never edit a table that has signed: a new
version of a standard is a new table beside the old one. The tests prove every line equal to the published contexts.
"""

from typing import Any

from msgspec import Struct

V2 = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
OPEN_BADGES_EXTENSIONS = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
DID_V1 = "https://www.w3.org/ns/did/v1"
MULTIKEY = "https://w3id.org/security/multikey/v1"

PREFIXES = {
    "vc": "https://www.w3.org/2018/credentials#",
    "st": "https://www.w3.org/ns/credentials/status#",
    "sec": "https://w3id.org/security#",
    "s": "https://schema.org/",
    "ob": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#",
    "vccs": "https://purl.imsglobal.org/spec/vccs/v1p0/context.json#",
    "xss": "https://www.w3.org/2001/XMLSchema#",  # Open Badges writes it with https
    "xs": "http://www.w3.org/2001/XMLSchema#",
    "dct": "http://purl.org/dc/terms/",
    "elm": "http://data.europa.eu/snb/model/elm/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "own": "urn:intyga:term:",
}

_V2 = """
name s:
description s:
VerifiableCredential vc:
  credentialSchema vc: @id
  credentialStatus vc: @id
  credentialSubject vc: @id
  evidence vc: @id
  issuer vc: @id
  validFrom vc: ^xs:dateTime
  validUntil vc: ^xs:dateTime
BitstringStatusListEntry st:
  statusListCredential st: @id
  statusListIndex st:
  statusPurpose st:
BitstringStatusListCredential st:
BitstringStatusList st:
  encodedList st: ^sec:multibase
  statusPurpose st:
DataIntegrityProof sec:
  created dct: ^xs:dateTime
  cryptosuite sec: ^sec:cryptosuiteString
  verificationMethod sec: @id
  proofPurpose sec: @vocab
    assertionMethod sec: @id +set
"""

_OPEN_BADGES = """
name s:
description s:
narrative ob:
url s: ^xss:anyURI
awardedDate ob: ^<xsd:dateTime>
alignment ob: +set
OpenBadgeCredential ob:
Profile ob:
  address ob: @id
  otherIdentifier ob: +set
Address ob:
  addressCountryCode ob:CountryCode
  addressCountry s:
  addressRegion s:
  addressLocality s:
  streetAddress s:
  postalCode s:
IdentifierEntry ob:
  identifier ob:
  identifierType ob:
IdentityObject ob:
  hashed ob: ^xss:boolean
  identityHash ob:
  identityType ob:
  salt ob:
AchievementSubject ob:
  achievement ob:
  activityStartDate ob: ^xss:date
  activityEndDate ob: ^xss:date
  creditsEarned ob: ^xss:float
  identifier ob: +set
  licenseNumber ob:
  result ob: +set
Achievement ob:
  achievementType ob:
  creator ob:
  creditsAvailable ob: ^xss:float
  criteria ob:Criteria @id
  fieldOfStudy ob:
  humanCode ob:
  resultDescription ob: +set
  version ob:
  inLanguage s:
  tag s:keywords +set
Alignment s:AlignmentObject
  targetCode ob:
  targetType ob:
  targetDescription s:
  targetFramework s:
  targetName s:
  targetUrl s: ^xss:anyURI
ResultDescription ob:
  allowedValue ob: +list
  requiredLevel ob: ^xss:anyURI
  resultType ob:
  rubricCriterionLevel ob: +set
RubricCriterionLevel ob:
  level ob:
Result ob:
  achievedLevel ob: ^xss:anyURI
  resultDescription ob: ^xss:anyURI
  status ob:
  value s:
Evidence ob:
  audience s:
  genre s:
"""

_OPEN_BADGES_EXTENSIONS = """
1EdTechJsonSchemaValidator2019 vccs:
"""

_DID_V1 = """
assertionMethod sec: @id +set
verificationMethod sec: @id
"""

_MULTIKEY = """
Multikey sec:
  controller sec: @id
  publicKeyMultibase sec: ^sec:multibase
"""

_EU = """
title dct: +lang
summary dct:description +lang
microCredential own: @id
EuMicroCredential own:
  additionalNote elm: @id
  assessmentType own: @id
  awardDigest own:
  entryRequirement elm: @id
  externalQualityAssurance own: ^xs:boolean
  hasPart elm: @id
  homepage foaf: @id
  idVerification elm: @id
  isPartOf elm: @id
  learningOutcome elm: @id
  levelState own:
  mode elm: @id
  qualityAssurance own: @id
  stackability own: @id
  volumeOfLearning elm: ^xs:duration
LearningOutcome elm:
  kind own:
Concept skos:
  prefLabel skos: +lang
Note elm:
  noteLiteral elm: +lang
"""
"""EU elements Open Badges has no place for. Inline in every record: a context address of ours could go dark one day,
and take the records with it. Scoped by type, never by property: the canonicaliser leaks the outer type's terms there.
"""


class Term(Struct, frozen=True):
    """One line: where a word points, what its value is, and which words exist only inside it."""

    iri: str
    kind: str = ""
    """Empty = text or node, `@id`, `@vocab`, or the IRI of a datatype."""
    container: str = ""
    scope: dict[str, "Term"] | None = None


class Table(Struct, frozen=True):
    """The words of one context."""

    terms: dict[str, Term]
    protected: bool


def is_type(word: str) -> bool:
    """Types begin with a capital or a digit; a type's name is never a property."""
    return not word[0].islower()


def read_table(text: str, *, protected: bool = True) -> Table:
    """From the lines above to values."""
    top: dict[str, Any] = {}
    stack: list[dict[str, Any]] = [top]
    for line in text.strip("\n").splitlines():
        word, iri, *marks = line.split()
        depth = (len(line) - len(line.lstrip())) // 2
        entry: dict[str, Any] = {
            "iri": _iri(iri, word),
            "kind": _kind(marks),
            "container": _container(marks),
            "scope": {},
        }
        stack[depth][word] = entry
        stack[depth + 1 :] = [entry["scope"]]
    return Table(_terms(top), protected)


def _terms(raw: dict[str, Any]) -> dict[str, Term]:
    return {
        word: Term(each["iri"], each["kind"], each["container"], _terms(each["scope"]) or None)
        for word, each in raw.items()
    }


def _iri(written: str, word: str = "") -> str:
    if written.startswith("<"):
        return written[1:-1]
    prefix, _, name = written.partition(":")
    return PREFIXES[prefix] + (name or word)


def _kind(marks: list[str]) -> str:
    found = [mark for mark in marks if mark[0] in "@^"]
    if not found:
        return ""
    return found[0] if found[0].startswith("@") else _iri(found[0][1:])


def _container(marks: list[str]) -> str:
    return next(({"+list": "@list", "+set": "@set", "+lang": "@language"}[m] for m in marks if m[0] == "+"), "")


def context(table: Table) -> dict[str, Any]:
    """The table as the JSON-LD context a processor reads."""
    return _context(table.terms, protected=table.protected)


def _context(terms: dict[str, Term], *, protected: bool) -> dict[str, Any]:
    head: dict[str, Any] = {"@protected": True} if protected else {}
    return head | {"id": "@id", "type": "@type"} | {word: _definition(each) for word, each in terms.items()}


def _definition(term: Term) -> str | dict[str, Any]:
    definition: dict[str, Any] = {"@id": term.iri}
    if term.kind:
        definition["@type"] = term.kind
    if term.container:
        definition["@container"] = term.container
    if term.scope:
        definition["@context"] = _context(term.scope, protected=True)
    return definition if len(definition) > 1 else term.iri


TABLES: dict[str, Table] = {
    V2: read_table(_V2),
    OPEN_BADGES: read_table(_OPEN_BADGES),
    OPEN_BADGES_EXTENSIONS: read_table(_OPEN_BADGES_EXTENSIONS, protected=False),
    DID_V1: read_table(_DID_V1),
    MULTIKEY: read_table(_MULTIKEY),
}
CONTEXTS: dict[str, dict[str, Any]] = {url: context(table) for url, table in TABLES.items()}

EU = read_table(_EU)
EU_CONTEXT = context(EU)

LANGUAGES = ("sv", "en")
"""The only keys of a language map; `sv_SE` would vanish without a sound."""
