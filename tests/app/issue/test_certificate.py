"""The certificate as people meet it: what it says, on which page, and what it refuses to say."""

import ast
import re

import pytest
import zxingcpp
from msgspec.structs import replace
from PIL import Image
from samples import MODULES, a_module, an_award, particulars, t, text_of
from support.programs import output

from app.issue.certificate import certificate
from app.issue.fonts import fonts_missing
from app.issue.paper import SEALS
from app.issue.problems import CharactersMissingError, SpecimenMissingError
from app.words import METHODS, translations
from assessments.award import Holder, Provider, TableLine, digest
from templates import FOLDER

LONG = "Maria-Aleksandra Żółkiewska-Nordenskjöld af Västergötland de la Gardie-Łukasik i"


def pages_of(pdf, folder):
    return text_of(pdf, folder).split("\f")[:-1]


def painted(pdf, folder, *more):
    (folder / "certificate.pdf").write_bytes(pdf)
    output("pdftoppm", *more, "-png", folder / "certificate.pdf", folder / "page")
    for file in sorted(folder.glob("page-*.png")):
        with Image.open(file) as page:
            yield page.convert("RGB")


def in_order(text, lines):
    place = 0
    for line in lines:
        place = text.find(line, place)
        assert place >= 0, line


@pytest.fixture(scope="module")
def read(plain, tmp_path_factory):
    return pages_of(plain, tmp_path_factory.mktemp("read"))


def test_the_fonts_are_installed():
    assert fonts_missing() == []


def test_page_one_says_it_all(read):
    in_order(
        read[0],
        [
            "Exempelnät Validering AB",
            "Yrkesbevis",
            "Vocational certificate",
            "Fibertekniker, drift och service",
            "tilldelas is awarded to",
            "Åsa Öberg-Łukasik",
            "född born 1990-02-28",
            "som vid bedömning har visat hela den kompetens yrkesprofilen kräver",
        ],
    )
    for title in MODULES:
        assert title[0] in read[0]
        assert title[1] in read[0]
    for words in (
        "Observation i arbetet, praktiskt prov, yrkessamtal, teoriprov",
        "Observation at work, practical test, professional discussion, theory test",
        "2 yrkesbedömare, utsedda av utfärdaren",
        "Internt, av någon som inte bedömde. Inte externt",
        "Inget: alla moduler i utgåvan är bedömda",
        "SeQF 4 · EQF 4, föreslagen, inte beslutad",
        "proposed, not decided",
        "556000-0167",
        "Exempelbranschen",
        "2026.1",
        "SHA-256 4f1c 9ab2 03d4 e771",
        "2026-11-02–",
        "2026-11-24",
        "2031-11-23",
        "2026-000123-1",
        "https://intyga.example/v/Qm9yZ2VzIGFuZCBmaWJyZQ",
        "Inte godkänd av någon bransch eller myndighet",
    ):
        assert words in read[0], words


def test_the_annex_tells_what_was_judged_by_which_limits_and_how_to_check_it(read):
    annex = "\n".join(read[1:])
    in_order(annex, ["Bilaga", *(title[0] for title in MODULES), "Gränser som gällde", "Handlingar som visades upp"])
    for words in (
        "M3.5",
        "ej tillämpligt",
        "kritiskt",
        "0.03–0.07 dB (24)",
        "≤ 0.10 dB",
        "skärpt av utfärdaren",
        "som i standarden",
        "ESA Instruerad person",
        "2028-01-14",
        "2022/C 243/02",
        "Sverige",
        "168 timmar",
        "På plats, med kontrollerad identitet",
        "4f1c 9ab2 03d4 e771 8c55",
    ):
        assert words in annex, words
    assert re.sub(r"\s", "", annex).count(digest(an_award())) == 1
    assert {str(number) for number in range(1, 12)} <= set(re.findall(r"^(\d+)$", annex, re.MULTILINE))


def test_a_criterion_that_was_not_met_says_so_and_the_table_that_applied_stands_beside(tmp_path):
    first = a_module(1)
    ends = ("not_met", "not_assessed", "met", "met", "met")
    criteria = tuple(replace(each, score=end) for each, end in zip(first.criteria, ends, strict=False))
    tables = (TableLine(name=t("Fasfärger", "Phase colours"), variant=t("Nät före 2004", "Network before 2004")),)
    award = an_award(modules=1, tables=tables)
    award = replace(award, modules=(replace(first, criteria=criteria),))
    annex = " ".join("\n".join(pages_of(certificate(award, particulars(), {}), tmp_path)[1:]).split())
    for words in ("ej uppfyllt", "not met", "ej bedömt", "assessed", "Tabeller som gällde", "Nät före 2004"):
        assert words in annex, words
    assert "ej tillämpligt" not in annex


def test_the_heading_of_a_table_stands_on_every_page_it_reaches(read):
    for page in read[1:]:
        if re.search(r"^M\d\.\d", page, re.MULTILINE):
            assert "Bedömningskriterium" in page
    assert [f"{number} ({len(read)})" in page for number, page in enumerate(read, 1)] == [True] * len(read)


def test_a_short_result_says_what_was_not_assessed_and_that_it_has_no_last_day(tmp_path):
    award = an_award(
        modules=1,
        whole=False,
        not_assessed=tuple(t(*title) for title in MODULES[1:3]),
        valid_until=None,
        assessors=1,
        external_quality_assured=True,
    )
    page = pages_of(certificate(award, particulars(supersedes="2026-000101-7"), {}), tmp_path)[0]
    for words in (
        "en modul av yrkesprofilen",
        "Fibersvetsning och skarvboxar, Mätning med OTDR och ljuskälla",
        "Fusion splicing and closures, Measuring with OTDR and light source",
        "ingen sista dag",
        "no last day",
        "En yrkesbedömare, utsedd av utfärdaren",
        "och även externt",
        "2026-000101-7",
    ):
        assert words in page, words


def test_specimen_stands_on_every_page_and_only_on_a_specimen(plain, read, small, tmp_path):
    assert all("SPECIMEN" in page for page in read)
    for page in painted(plain, tmp_path, "-r", "20"):
        red = sum(1 for pixel in page.get_flattened_data() if pixel[0] - pixel[2] > 15)
        assert red > 0.02 * page.width * page.height  # the word across it, not only the one at the foot
    assert "SPECIMEN" not in text_of(small, tmp_path)


def test_the_development_seal_never_goes_without_specimen():
    with pytest.raises(SpecimenMissingError):
        certificate(an_award(modules=1), particulars(specimen=False), {})


def test_only_a_qualified_seal_is_called_so(read, small, tmp_path):
    said = ("\n".join(read) + text_of(small, tmp_path)).lower()
    for word in ("kvalificerad", "qualified", "certified", "certifierad", "compliant", "godkänd av myndighet"):
        assert word not in said
    assert "Avancerad elektronisk stämpel av Exempelnät Validering AB." in text_of(small, tmp_path)


def test_the_code_on_the_printed_page_leads_to_the_page_also_under_specimen(plain, tmp_path):
    (page,) = painted(plain, tmp_path, "-r", "110", "-f", "1", "-l", "1")
    (code,) = zxingcpp.read_barcodes(page)
    assert code.text == particulars().page
    corners = [(getattr(code.position, name).x, getattr(code.position, name).y) for name in ("top_left", "top_right")]
    assert (corners[1][0] - corners[0][0]) / 110 * 25.4 >= 30


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Wáng 小明", "U+5C0F"),
        ("Åsa \u202egnisI", "U+202E RIGHT-TO-LEFT OVERRIDE"),
        ("Åsa\u0000", "U+0000"),
        ("Zero\u200bwidth", "U+200B ZERO WIDTH SPACE"),
        ("سارة", "ARABIC LETTER SEEN"),
    ],
)
def test_a_character_nobody_could_read_is_refused_by_name(name, told):
    with pytest.raises(CharactersMissingError) as caught:
        certificate(an_award(modules=1, holder=Holder(name=name, birth_date="1990-01-01")), particulars(), {})
    assert told in caught.value.sv
    assert told in caught.value.en
    assert "\u202e" not in caught.value.sv


@pytest.mark.parametrize(
    "name", ["Łódź Ząbki", "Ελένη Παπαδοπούλου", "Зоя Щукина", "Nguyễn Thị Ánh", "Əli Ğasımov", "Өмірбек Қаһар"]
)
def test_names_of_europe_and_beyond_are_written_as_they_are(name, tmp_path):
    pdf = certificate(an_award(modules=1, holder=Holder(name=name, birth_date="1990-01-01")), particulars(), {})
    assert name in text_of(pdf, tmp_path)


def test_a_letter_that_the_display_face_lacks_comes_from_our_other_face_everywhere(tmp_path):
    rare = t("Қазақ ғылым", "Қазақ ғылым, English")
    award = an_award(modules=1, result_name=rare, title=rare, notice=rare)
    assert "Қазақ ғылым" in text_of(certificate(award, particulars(), {}), tmp_path)


def test_a_decomposed_name_is_written_composed(tmp_path):
    holder = Holder(name="A\u030asa O\u0308berg", birth_date="1990-01-01")
    assert "Åsa Öberg" in text_of(certificate(an_award(modules=1, holder=holder), particulars(), {}), tmp_path)


def test_the_longest_names_leave_page_one_whole(tmp_path):
    award = an_award(
        holder=Holder(name=LONG, birth_date="1988-12-31"),
        result_name=t(
            "Yrkesbevis som fibertekniker inom drift och service av kommunikationsnät i Norde",
            "Vocational certificate",
        ),
        title=t(
            "Fibertekniker för drift, service och reparation av kommunikationsnät i fred, kris", "Fibre technician"
        ),
        provider=Provider(
            name="Exempelnäts bolag för validering av yrkeskunnande i hela landet AB (publ)",
            organisation_number="556000-0167",
            country="SE",
        ),
    )
    assert len(LONG) == len(award.result_name["sv"]) == 80
    pages = pages_of(certificate(award, particulars(), {}), tmp_path)
    for words in (
        "Vad beviset vilar på",
        "2026-000123-1",
        "Dokumentation och återställning",
        "föreslagen, inte beslutad",
    ):
        assert words in pages[0]
    assert pages[1].startswith("Bilaga")


def test_every_sentence_of_ours_has_its_english():
    said = {*METHODS.values(), *SEALS.values()}
    for file in (FOLDER / "certificate").glob("*.html"):
        said |= {ast.literal_eval(literal) for literal in re.findall(r'both\(("[^"]*")', file.read_text("utf-8"))}
    alike = {"Standard"}  # the same word in both
    english = translations("en")
    assert {sentence for sentence in said if english.gettext(sentence) == sentence} == alike
