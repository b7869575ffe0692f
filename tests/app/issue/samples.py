"""Awards rich enough to look at: a whole trade with seven modules, and the extremes a page must bear."""

from support.programs import output

from app.issue.certificate import Particulars
from assessments.award import (
    Award,
    CriterionAward,
    FactLine,
    Holder,
    ModuleAward,
    OutcomeAward,
    ParameterLine,
    PrerequisiteLine,
    Provider,
)
from criteria.model import Level, Party

RECORD = b'{"type": ["VerifiableCredential"]}'
MODULES = (
    ("Säkert arbete i fibernät", "Safe work in fibre networks"),
    ("Fibersvetsning och skarvboxar", "Fusion splicing and closures"),
    ("Mätning med OTDR och ljuskälla", "Measuring with OTDR and light source"),
    ("Felsökning i accessnät", "Fault finding in access networks"),
    ("Reparation av kabelbrott i kris och höjd beredskap", "Repair of cable cuts in crisis and heightened alert"),
    ("Kanalisation, blåsning och förläggning", "Ducts, blowing and laying"),
    ("Dokumentation och återställning", "Documentation and reinstatement"),
)
CRITERIA = (
    (
        "Planerar arbetet och gör en skriftlig riskbedömning innan det börjar",
        "Plans the work and writes a risk assessment before it starts",
    ),
    (
        "Använder rätt skyddsutrustning för laser, glas och trafik",
        "Uses the right protection against laser, glass and traffic",
    ),
    ("Förbereder kabel och fiber så att inga fibrer skadas", "Prepares cable and fibre so that no fibre is damaged"),
    ("Svetsar fibrer med godkänd dämpning i båda riktningarna", "Splices fibres with accepted loss in both directions"),
    (
        "Lägger fibrer i kassett med rätt böjradie och märkning",
        "Lays fibres in the tray with the right bend radius and marks",
    ),
    (
        "Återställer platsen och lämnar en dokumentation som nästa person förstår",
        "Reinstates the site and leaves a documentation that the next person understands",
    ),
)
FACTS = (
    FactLine(
        title={"sv": "Skarvdämpning, medel av båda riktningar", "en": "Splice loss, mean of both directions"},
        value="0.03–0.07 dB (24)",
        limit="≤ 0.10 dB",
    ),
    FactLine(title={"sv": "Mätinstrumentets kalibrering", "en": "Calibration of the instrument"}, value="2026-04-02"),
)


def t(sv: str, en: str) -> dict[str, str]:
    return {"sv": sv, "en": en}


def a_module(number: int, criteria: int = 6, **changes) -> ModuleAward:
    title = MODULES[(number - 1) % len(MODULES)]
    fields = {
        "id": f"M{number}",
        "title": t(*title),
        "short": title[0][:24],
        "summary": t(
            "Arbetet utförs självständigt i fält, med de risker och den utrustning som hör till.",
            "The work is done independently in the field, with the risks and the equipment that belong to it.",
        ),
        "workload": "PT24H",
        "outcomes": (
            OutcomeAward(
                id=f"M{number}.L1",
                kind="knowledge",
                text=t(
                    "Förklarar varför dämpning uppstår i skarvar och kontakter",
                    "Explains why loss arises in splices and connectors",
                ),
            ),
            OutcomeAward(
                id=f"M{number}.L2",
                kind="skill",
                text=t(
                    "Utför arbetet enligt anvisning och mäter resultatet",
                    "Does the work as instructed and measures the result",
                ),
            ),
            OutcomeAward(
                id=f"M{number}.L3",
                kind="competence",
                text=t("Avgör själv när ett arbete måste avbrytas", "Decides independently when work must be stopped"),
            ),
        ),
        "criteria": tuple(
            CriterionAward(
                id=f"M{number}.{index}",
                text=t(*CRITERIA[(index - 1) % len(CRITERIA)]),
                critical=index in {2, 4},
                score="not_applicable" if (number, index) == (3, 5) else "met",
                facts=FACTS if index == 4 else (),
            )
            for index in range(1, criteria + 1)
        ),
        "methods": ("OBS", "PRA", "SAM") if number % 2 else ("PRA", "TEO"),
    }
    return ModuleAward(**(fields | changes))


def an_award(modules: int = 7, **changes) -> Award:
    fields = {
        "id": "0193-award",
        "holder": Holder(name="Åsa Öberg-Łukasik", birth_date="1990-02-28"),
        "standard": "fibertekniker",
        "edition": "2026.1",
        "edition_sha256": "4f1c9ab203d4e7718c55d0a96b1e2f3344556677889900aabbccddeeff001122",
        "title": t("Fibertekniker, drift och service", "Fibre technician, operation and service"),
        "notice": t(
            "Exempelstandard, inspirerad av offentliga beskrivningar. Inte godkänd av någon bransch eller myndighet.",
            "Example standard inspired by public descriptions. Not approved by any trade or authority.",
        ),
        "result_id": "yrkesbevis",
        "result_kind": "yrkesbevis",
        "result_name": t("Yrkesbevis", "Vocational certificate"),
        "whole": True,
        "modules": tuple(a_module(number) for number in range(1, modules + 1)),
        "not_assessed": (),
        "owner": Party(name="Exempelbranschen", country="SE", organisation_number="802000-0006"),
        "provider": Provider(name="Exempelnät Validering AB", organisation_number="556000-0167", country="SE"),
        "level": Level(seqf=4, eqf=4, state="proposed"),
        "participation": t("Arbetsplatsbaserad validering utan kurs", "Work-based validation without a course"),
        "assessment_form": t(
            "Praktiska prov på plats och yrkessamtal", "Practical tests on site and professional discussion"
        ),
        "quality_assurance": t(
            "Intern granskning av varje ärende; stickprov av standardens ägare",
            "Internal review of every case; samples by the owner of the standard",
        ),
        "supervision": t("På plats, med kontrollerad identitet", "On site, with identity checked"),
        "methods": ("OBS", "PRA", "SAM", "TEO"),
        "assessed_from": "2026-11-02",
        "assessed_until": "2026-11-20",
        "awarded_on": "2026-11-24",
        "valid_until": "2031-11-23",
        "assessors": 2,
        "parameters": (
            ParameterLine(
                name=t("Skarvdämpning, högst", "Splice loss, at most"), value="0.10", unit="dB", tightened=False
            ),
            ParameterLine(name=t("Böjradie, minst", "Bend radius, at least"), value="30", unit="mm", tightened=True),
        ),
        "prerequisites": (
            PrerequisiteLine(
                name=t("ESA Instruerad person", "Electrical safety, instructed person"),
                issued="2025-01-15",
                valid_until="2028-01-14",
            ),
            PrerequisiteLine(
                name=t("Arbete på väg, steg 1", "Road work, level 1"), issued="2024-05-02", valid_until=None
            ),
        ),
        "workload": f"PT{24 * modules}H",
    }
    return Award(**(fields | changes))


def particulars(**changes) -> Particulars:
    fields = {
        "number": "2026-000123-1",
        "page": "https://intyga.example/v/Qm9yZ2VzIGFuZCBmaWJyZQ",
        "issued_at": "2026-11-24T13:45:10+00:00",
        "seal_level": "development",
        "specimen": True,
    }
    return Particulars(**(fields | changes))


def text_of(pdf: bytes, folder) -> str:
    """What a reader of text finds in it."""
    file = folder / "certificate.pdf"
    file.write_bytes(pdf)
    return output("pdftotext", file, "-")
