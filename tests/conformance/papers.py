"""The kinds of certificate that must hold before others: short, whole, crowded, specimen and not."""

from msgspec.structs import replace
from samples import RECORD, a_module, an_award, particulars, t
from support.damage import flipped, painted_over, saved_again, with_another_record

from app.issue.certificate import certificate
from assessments.award import Award, Holder, Provider, TableLine

REAL = {"specimen": False, "seal_level": "advanced"}
LONG = "Maria-Aleksandra Żółkiewska-Nordenskjöld af Västergötland de la Gardie-Łukasik i"


def paper(award: Award, **about) -> bytes:
    return certificate(award, particulars(**about), {"credential.json": RECORD})


PAPERS = {
    "one module": lambda: paper(an_award(modules=1), **REAL),
    "seven modules": lambda: paper(an_award(), **REAL),
    "specimen": lambda: paper(an_award(modules=2)),
    "crowded": lambda: paper(
        replace(
            an_award(modules=5),
            holder=Holder(name=LONG, birth_date="1988-12-31"),
            result_name=t(f"Yrkesbevis {'x' * 69}", "Vocational certificate"),
            provider=Provider(name="Bolaget " * 10, organisation_number="556000-0167", country="SE"),
            modules=tuple(a_module(number, criteria=14) for number in range(1, 6)),
            tables=(TableLine(name=t("Fasfärger", "Phase colours"), variant=t("Nät före 2004", "Before 2004")),),
            valid_until=None,
        ),
        supersedes="2026-000101-7",
    ),
    "names of other scripts": lambda: paper(
        an_award(modules=1, holder=Holder(name="Ελένη Щукина-Nguyễn", birth_date="1990-01-01")), **REAL
    ),
}

DAMAGES = (flipped, saved_again, painted_over, with_another_record)
"""Done to the shortest: comparing the revisions of a tagged file takes a second per page."""
LASTING = ("B-T", "B-LTA", "B-LTA, renewed")
"""The same page under an authority with time-stamps and revocation: each level only appends to the one before."""
