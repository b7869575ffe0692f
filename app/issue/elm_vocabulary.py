"""Values of the EU's lists that a record of the European Learning Model points at, and how our words map to them.

Only values read in a published list stand here: https://op.europa.eu/en/web/eu-vocabularies (lists named `snb` and
the authority tables). What a list has no value for is said in the standard's own words, never bent to the nearest one.
"""

from typing import Any

from app.issue.problems import CertificateError
from app.words import METHODS, translations

Json = dict[str, Any]

SNB = "http://data.europa.eu/snb"
AUTHORITY = "http://publications.europa.eu/resource/authority"
ESCO = "http://data.europa.eu/esco"

GENERIC = "e34929035b"
"""Profile of a credential: generic. There is none for micro-credentials."""
BASE64 = "6146cde7dd"
NON_FORMAL = "e207a81fc7"
"""Learning setting; the list has formal and non-formal only, and a validation is certainly not formal."""
WORK_BASED = "729f3bed4b"
SEQF = ("c_20b8cbc9", "c_e1f75f79", "c_4ec9e6c0", "c_6477e349", "c_b44f7367", "c_185bb246", "c_1ab773a2", "c_055b6cf8")
"""Levels 1 to 8 of the Swedish framework."""
LANGUAGES = {"sv": ("SWE", "svenska"), "en": ("ENG", "English")}
SKILL_TYPES = {"knowledge": "knowledge", "skill": "skill", "competence": "skill"}
"""The list has two; ESCO counts competences as skills."""

ASSESSMENTS = {
    "OBS": ("6a4db9f11d", "practical assessment"),
    "PRA": ("6a4db9f11d", "practical assessment"),
    "SIM": ("6a4db9f11d", "practical assessment"),
    "SAM": ("d30284d7df", "oral examination"),
    "TEO": ("6e6cb2cc78", "written examination"),
    "DOK": ("4f03b91c0e", "portfolio"),
}
"""Method to the list of assessment types, the most telling first; the method's own name always stands beside it."""

COUNTRIES = {
    "AT": "AUT", "BE": "BEL", "BG": "BGR", "CH": "CHE", "CY": "CYP", "CZ": "CZE", "DE": "DEU", "DK": "DNK", "EE": "EST",
    "ES": "ESP", "FI": "FIN", "FR": "FRA", "GB": "GBR", "GR": "GRC", "HR": "HRV", "HU": "HUN", "IE": "IRL", "IS": "ISL",
    "IT": "ITA", "LI": "LIE", "LT": "LTU", "LU": "LUX", "LV": "LVA", "MT": "MLT", "NL": "NLD", "NO": "NOR", "PL": "POL",
    "PT": "PRT", "RO": "ROU", "SE": "SWE", "SI": "SVN", "SK": "SVK", "UA": "UKR",
}  # fmt: skip
"""Where organisations may be registered: the EU, the EEA and their neighbours."""


class CountryUnknownError(CertificateError):
    """An organisation's country has no entry in our table, so no document can name it."""

    code = "country-unknown"
    sv = "Landet finns inte i tabellen över länder."
    en = "The country is not in the table of countries."


def concept(scheme: str, value: str, **labels: str) -> Json:
    """A value of a list; what its scheme is must stand beside it, or a validator does not know the list."""
    found: Json = {"id": value, "type": "Concept", "inScheme": {"id": scheme, "type": "ConceptScheme"}}
    return found | ({"prefLabel": labels} if labels else {})


def listed(name: str, value: str, **labels: str) -> Json:
    """A value of one of the lists whose scheme is called `25831c2`."""
    return concept(f"{SNB}/{name}/25831c2", f"{SNB}/{name}/{value}", **labels)


def language(code: str) -> Json:
    """A language."""
    value, name = LANGUAGES[code]
    return concept(f"{AUTHORITY}/language", f"{AUTHORITY}/language/{value}", **{code: name})


def country(code: str) -> Json:
    """A country, from its code of two letters."""
    if code not in COUNTRIES:
        raise CountryUnknownError(country=code)
    return concept(f"{AUTHORITY}/country", f"{AUTHORITY}/country/{COUNTRIES[code]}")


def level(number: int) -> Json:
    """A level of the European framework."""
    return listed("eqf", str(number), sv=f"EQF {number}", en=f"EQF {number}")


def national_level(number: int) -> Json:
    """A level of the Swedish framework."""
    return listed("qdr", SEQF[number - 1], sv=f"SeQF {number}", en=f"SeQF {number}")


def assessment_type(method: str) -> Json:
    """What the list of assessment types calls the method."""
    value, label = ASSESSMENTS[method]
    return listed("assessment", value, en=label)


def method_name(method: str) -> dict[str, str]:
    """What we call it."""
    return {"sv": METHODS[method], "en": translations("en").gettext(METHODS[method])}
