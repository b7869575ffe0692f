"""Workbooks and packages by the command line: the difference first, comments kept, nothing overwritten."""

import openpyxl
import pytest
from click.testing import CliRunner
from faulty import SOUND

from app.cli.criteria import criteria
from criteria.reader import library, read


@pytest.fixture
def intyga(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LANG", raising=False)
    (tmp_path / "old.yaml").write_text(SOUND, encoding="utf-8")
    return lambda *words: CliRunner().invoke(criteria, list(words))


def edited(path, sheet, header, value):
    book = openpyxl.load_workbook(path)
    heads = [cell.value for cell in book[sheet][1]]
    book[sheet].cell(2, heads.index(header) + 1).value = value
    book.save(path)


def test_a_workbook_comes_home_onto_its_file_and_comments_stay(tmp_path, intyga):
    assert intyga("export", "old.yaml", "--to", "xlsx", "-o", "book.xlsx").exit_code == 0
    edited(tmp_path / "book.xlsx", "criteria", "text.sv", "En ny mening")
    answer = intyga("import", "book.xlsx", "-o", "new.yaml", "--onto", "old.yaml")
    assert answer.exit_code == 0, answer.output
    assert "M1.1" in answer.output
    assert "proposed: patch" in answer.output
    old, new = SOUND.splitlines(), (tmp_path / "new.yaml").read_text(encoding="utf-8").splitlines()
    assert len([line for line in new if line not in old]) == 1
    assert [line for line in old if "#" in line] == [line for line in new if "#" in line]


@pytest.mark.parametrize("each", library(), ids=lambda each: each.standard)
def test_an_untouched_workbook_changes_no_byte_of_the_file(tmp_path, intyga, each):
    assert intyga("export", str(each.file), "--to", "xlsx", "-o", "book.xlsx").exit_code == 0
    answer = intyga("import", "book.xlsx", "-o", "new.yaml", "--onto", str(each.file))
    assert (answer.exit_code, answer.output) == (0, "proposed: none\n")
    assert (tmp_path / "new.yaml").read_bytes() == each.file.read_bytes()


def test_a_faulty_workbook_is_told_by_cell_and_nothing_is_written(tmp_path, intyga):
    intyga("export", "old.yaml", "--to", "xlsx", "-o", "book.xlsx")
    edited(tmp_path / "book.xlsx", "criteria", "kind", "skil")
    answer = intyga("import", "book.xlsx", "-o", "new.yaml", "--lang", "sv")
    assert answer.exit_code == 2
    assert "book.xlsx:criteria!E2: error unknown-choice skil är inte ett av valen" in answer.output
    assert not (tmp_path / "new.yaml").exists()


def test_nothing_is_overwritten_unless_told(tmp_path, intyga):
    intyga("export", "old.yaml", "--to", "xlsx", "-o", "book.xlsx")
    for words in (("export", "old.yaml", "--to", "xlsx", "-o", "book.xlsx"), ("import", "book.xlsx", "-o", "old.yaml")):
        answer = intyga(*words)
        assert answer.exit_code == 1
        assert "--force" in answer.output
    assert (tmp_path / "old.yaml").read_text(encoding="utf-8") == SOUND
    assert intyga("import", "book.xlsx", "--onto", "old.yaml", "-o", "old.yaml", "--force").exit_code == 0
    assert (tmp_path / "old.yaml").read_text(encoding="utf-8") == SOUND


def test_the_difference_can_be_looked_at_alone(tmp_path, intyga):
    intyga("export", "old.yaml", "--to", "xlsx", "-o", "book.xlsx")
    before = set(tmp_path.iterdir())
    assert intyga("import", "book.xlsx", "--onto", "old.yaml").output == "proposed: none\n"
    assert set(tmp_path.iterdir()) == before


def test_a_package_goes_out_and_comes_back(tmp_path, intyga):
    assert intyga("export", "old.yaml", "--to", "case", "-o", "a.json").exit_code == 0
    assert intyga("import", "a.json", "-o", "new.yaml").exit_code == 0
    assert read((tmp_path / "new.yaml").read_bytes()) == read(SOUND.encode())


def test_a_broken_package_is_told_by_pointer(tmp_path, intyga):
    (tmp_path / "a.json").write_text('{"CFDocument": {"identifier": "x", "creator": "y"}, "CFItems": [{}]}')
    answer = intyga("import", "a.json", "-o", "new.yaml")
    assert answer.exit_code == 2
    assert "a.json:/CFDocument: error case-missing title is missing." in answer.output
    assert "a.json:/CFItems/0: error case-missing fullStatement is missing." in answer.output


def test_without_a_file_there_is_nothing_to_export(intyga):
    assert "FILE is missing" in intyga("export", "--to", "case", "-o", "a.json").output
    assert "cannot be written to the screen" in intyga("export", "old.yaml", "--to", "xlsx", "-o", "-").output
