"""Records against what standards bodies publish, beside the vectors and schemas that the tests of issuing use."""

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from jsonschema import FormatChecker
from records import ISSUED, a_key, a_module, a_whole
from support import published

from app.issue.proof import prove

KINDS = {"whole": a_whole, "module": a_module}


@pytest.fixture(scope="module")
def compacted(standards):
    schema = json.loads(
        (standards("openbadges-3.0") / "ob_v3p0_anyachievementcredential_jsonld.schema.json").read_text()
    )
    return jsonschema.Draft201909Validator(schema, format_checker=FormatChecker())


@pytest.mark.parametrize("kind", KINDS)
def test_a_proved_record_passes_the_schema_for_compacted_documents_too(compacted, kind):
    record = prove(KINDS[kind](), a_key(), ISSUED)
    assert [error.message for error in compacted.iter_errors(record)] == []
    assert list(compacted.iter_errors(record | {"credentialSubject": "nobody"}))


def test_no_signed_example_of_others_is_ever_a_yes_without_their_keys(standards):
    """They speak of issuers nobody told us of: it could not be checked, or it cannot be right."""
    vectors = standards("1edtech-validator-vectors")
    files = sorted(file for file in vectors.iterdir() if file.suffix in {".json", ".jwt"})
    files.append(standards("w3c-eddsa-vectors") / "signedDataInt.json")
    words = [Path(sys.executable).with_name("intyga"), "verify", "--json", *files]
    run = subprocess.run(words, capture_output=True, text=True, check=False, timeout=120)
    reports = json.loads(run.stdout)
    assert len(reports) == len(files)
    answers = [(Path(each["file"]).name, answer["result"]) for each in reports for answer in each["answers"]]
    assert [each for each in answers if each[1] == "yes"] == []


def test_the_manifest_says_of_every_file_where_it_is_from_and_under_which_licence(tmp_path):
    names = [(folder, name) for folder, name, _ in published.listed()]
    assert len(set(names)) == len(names)
    assert published.show("openbadges-3.0", tmp_path, tmp_path / "shown")[0].endswith("is missing")


def test_a_file_with_other_bytes_is_not_used(tmp_path):
    (tmp_path / "given" / "w3c-vcdm-schema").mkdir(parents=True)
    (tmp_path / "given" / "w3c-vcdm-schema" / "verifiable-credential-schema.json").write_text("{}")
    (fault,) = published.show("w3c-vcdm-schema", tmp_path / "given", tmp_path / "shown")
    assert fault == "w3c-vcdm-schema/verifiable-credential-schema.json is not what the manifest says"
