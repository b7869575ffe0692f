"""What the documentation shows as an example works, and its table of commands is the program's own."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import click
import pytest
from msgspec.structs import fields
from support.programs import output

from app.cli import cli
from criteria import model

HOUSE = Path(__file__).parents[2]
EXAMPLES = [file for file in sorted((HOUSE / "docs/examples").rglob("*.yaml")) if ".cases." not in file.name]
INTYGA = (sys.executable, "-m", "app.cli")
COMMAND = re.compile(r"^\| `intyga ([a-z-]+(?: [a-z-]+)?)[^`]*` \|", re.MULTILINE)


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.parent.name)
def test_an_example_of_a_standard_is_without_findings_and_judges_as_it_says(file):
    output(*INTYGA, "criteria", "lint", "--strict", file, file.with_suffix(".cases.yaml"), cwd=HOUSE)
    assert "FAILED" not in output(*INTYGA, "criteria", "test", file, cwd=HOUSE)


def test_there_is_an_example_to_look_at():
    assert EXAMPLES


@pytest.fixture(scope="module")
def out(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    output(*INTYGA, "demo", "--out", folder, cwd=folder)
    return folder


@pytest.mark.slow
def test_the_second_opinion_finds_what_the_demo_wrote_good(out):
    assert "NOT" not in output(sys.executable, HOUSE / "docs/examples/second_opinion.py", out, cwd=out)


@pytest.mark.slow
def test_the_programs_of_others_say_what_the_page_for_checking_promises(out):
    certificate, trust = out / "certificate.pdf", out / "trust.pem"
    said = output("pdfsig", "-nocert", certificate, cwd=out)
    assert "Signature is Valid" in said
    assert "Total document signed" in said
    pyhanko = Path(sys.executable).parent / "pyhanko"
    options = ("--pretty-print", "--trust", trust, "--trust-replace", "--no-revocation-check")
    assert "judged VALID" in output(pyhanko, "sign", "validate", *options, certificate, cwd=out)
    output("qpdf", "--check", certificate, cwd=out)
    output("pdfdetach", "-save", "1", "-o", "attached.json", certificate, cwd=out)
    assert (out / "attached.json").read_bytes() == (out / "credential.json").read_bytes()


def test_the_page_about_the_format_names_every_word_of_it():
    page = (HOUSE / "docs/criteria-format.md").read_text()
    kinds = [each for each in vars(model).values() if isinstance(each, type) and each.__module__ == model.__name__]
    words = {field.encode_name for kind in kinds for field in fields(kind)} | set(get_args(model.RuleName))
    assert [word for word in sorted(words - {"origin"}) if not re.search(rf"\b{word}\b", page)] == []


def test_the_table_of_commands_names_every_command_and_no_other():
    written = COMMAND.findall((HOUSE / "README.md").read_text())
    assert sorted(set(written)) == sorted(commands(cli))
    assert len(written) == len(set(written))


def commands(group: click.Group, before: str = "") -> Iterator[str]:
    """Names of all commands, with those of groups in front."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{before}{name} ")
        else:
            yield f"{before}{name}"
