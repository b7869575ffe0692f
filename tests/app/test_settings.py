"""Settings are read once, every fault is told at once, and production takes no stand-in."""

from dataclasses import fields
from pathlib import Path

import pytest

from app.settings import VARIABLES, Settings, SettingsError, from_env

PRODUCTION = {
    "INTYGA_MODE": "production",
    "INTYGA_PUBLIC_URL": "https://intyg.example.se",
    "INTYGA_MAIL": "smtps://mail.example.se:465",
    "INTYGA_MAIL_FROM": "intyg@example.se",
    "INTYGA_CONTROLLER": "Exempelnät Validering AB",
    "INTYGA_LEGAL_BASIS": "avtal",
    "INTYGA_CONTACT": "dataskydd@example.se",
}
SWITCHES = {"INTYGA_VC_API", "INTYGA_TEST_MODE"}


def faults(**environ: str) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        from_env(environ)
    return caught.value.faults


def test_every_setting_has_a_variable_and_every_variable_a_setting():
    assert set(VARIABLES) == {each.name for each in fields(Settings)}
    assert len(set(VARIABLES.values())) == len(VARIABLES)
    assert all(name.startswith("INTYGA_") for name in VARIABLES.values())


def test_nothing_said_is_a_fit_development_setting():
    found = from_env({})
    assert (found.mode, found.port, found.production) == ("development", 8080, False)
    assert found.folder == Path("var").absolute()
    assert found.secret_file == found.folder / "secret"
    assert found.passphrase_file == found.folder / "keys" / "passphrase"
    assert found.database == f"sqlite:///{found.folder}/intyga.sqlite"


def test_a_folder_carries_everything_that_is_not_said_otherwise():
    found = from_env({"INTYGA_FOLDER": "/srv/intyga"})
    assert found.secret_file == Path("/srv/intyga/secret")
    assert found.database == "sqlite:////srv/intyga/intyga.sqlite"


def test_each_variable_reaches_its_setting():
    said = PRODUCTION | {
        "INTYGA_FOLDER": "/srv/a", "INTYGA_DATABASE_URL": "postgresql://a@/b", "INTYGA_HOST": "10.0.0.1",
        "INTYGA_PORT": "9000", "INTYGA_PROXIES": "1", "INTYGA_PASSPHRASE_FILE": "/run/passphrase",
        "INTYGA_SECRET_FILE": "/run/secret", "INTYGA_TSA": "https://tsa.example.se/rfc3161",
        "INTYGA_TSA_TRUST": "/etc/intyga/tsa.pem", "INTYGA_TABLET_URL": "https://192.168.1.20:8443",
    }  # fmt: skip
    assert set(said) | SWITCHES == set(VARIABLES.values())
    found = from_env(said)
    for field, name in VARIABLES.items():
        if name in said:
            assert str(getattr(found, field)) == said[name], name


@pytest.mark.parametrize("name", sorted(SWITCHES))
def test_a_switch_is_on_or_off_and_never_on_in_production(name):
    assert [each for each in faults(**{name: "yes"}) if f"{name}: 0 or 1" in each]
    assert from_env(PRODUCTION | {name: "0"})
    with pytest.raises(SettingsError, match=name):
        from_env(PRODUCTION | {name: "1"})


def test_tablets_are_reached_over_https_only():
    assert [each for each in faults(INTYGA_TABLET_URL="http://192.168.1.20:8080") if "INTYGA_TABLET_URL" in each]


def test_every_fault_is_named_at_once():
    told = faults(
        INTYGA_MODE="test", INTYGA_PORT="many", INTYGA_PROXIES="-1", INTYGA_PUBLIC_URL="ftp://x", INTYGA_MAIL="post",
        INTYGA_DATABASE_URL="oracle://x", INTYGA_COLOUR="blue",
    )  # fmt: skip
    for name in ("MODE", "PORT", "PROXIES", "PUBLIC_URL", "MAIL", "DATABASE_URL", "COLOUR"):
        assert [each for each in told if f"INTYGA_{name}" in each], name
    assert len(told) == 7


def test_a_misspelt_variable_is_told_and_foreign_ones_are_nobodys_business():
    assert faults(INTYGA_PUBLICURL="https://x.se", HOME="/root") == ["unknown setting INTYGA_PUBLICURL"]


@pytest.mark.parametrize(
    "url",
    [
        "http://intyg.example.se", "intyg.example.se", "https://", "https://a.se/path", "https://a.se?x=1",
        "https://a.se#x", "https://[a.se", "https://a.se:port", "https://a.se:99999", "https://me:pw@a.se",
        "https://a b.se", "",
    ],
)  # fmt: skip
def test_an_address_strangers_cannot_use_is_refused(url):
    if url:
        assert any("INTYGA_PUBLIC_URL" in each for each in faults(INTYGA_PUBLIC_URL=url))
    else:
        assert from_env({"INTYGA_PUBLIC_URL": url}) == from_env({})


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080", "http://localhost", "http://[::1]:8080", "https://a.se:8443"])
def test_http_is_for_this_machine_only(url):
    assert from_env({"INTYGA_PUBLIC_URL": url}).public_url == url


def test_a_slash_at_the_end_of_the_address_is_not_doubled_on_certificates():
    assert from_env({"INTYGA_PUBLIC_URL": "https://intyg.example.se/"}).public_url == "https://intyg.example.se"


@pytest.mark.parametrize("mail", ["smtp:", "smtp://", "smtps:///x", "http://mail.example.se", "smtp://a.se:port"])
def test_a_mail_server_without_host_is_refused(mail):
    assert any("INTYGA_MAIL:" in each for each in faults(INTYGA_MAIL=mail))


@pytest.mark.parametrize("port", ["0x50", "65536", "-1", "8080.0", "åtta", "²"])
def test_a_port_is_a_number_that_exists(port):
    assert any("INTYGA_PORT" in each for each in faults(INTYGA_PORT=port))


def test_production_is_fit_when_all_is_said():
    assert from_env(PRODUCTION).production


def test_production_says_everything_it_lacks_at_once():
    told = faults(INTYGA_MODE="production")
    for name in ("PUBLIC_URL", "MAIL:", "MAIL_FROM", "CONTROLLER", "LEGAL_BASIS", "CONTACT"):
        assert [each for each in told if f"INTYGA_{name}" in each], name


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("INTYGA_PUBLIC_URL", "https://intyga.example"),
        ("INTYGA_PUBLIC_URL", "https://demo.intyga.example"),
        ("INTYGA_PUBLIC_URL", "https://INTYGA.example:443"),
        ("INTYGA_PUBLIC_URL", "https://localhost"),
        ("INTYGA_PUBLIC_URL", "http://127.0.0.1:8080"),
        ("INTYGA_PUBLIC_URL", "http://intyg.example.se"),
        ("INTYGA_MAIL_FROM", "intyga@intyga.example"),
        ("INTYGA_MAIL_FROM", "nobody"),
        ("INTYGA_MAIL", ""),
        ("INTYGA_CONTROLLER", " "),
        ("INTYGA_LEGAL_BASIS", ""),
        ("INTYGA_CONTACT", ""),
    ],
)
def test_production_refuses_a_stand_in(name, value):
    assert any(name in each for each in faults(**PRODUCTION | {name: value}))


def test_secrets_in_addresses_are_not_repeated_in_faults():
    told = faults(INTYGA_MAIL="smtp://user:hemligt@", INTYGA_DATABASE_URL="oracle://user:hemligt@db/x")
    assert told
    assert "hemligt" not in " ".join(told)


@pytest.mark.parametrize("address", ["http://tsa.example.se", "ftp://tsa.example.se", "tsa.example.se", "https://"])
def test_a_time_stamp_authority_is_asked_over_https_or_on_this_machine(address):
    assert [each for each in faults(INTYGA_TSA=address, INTYGA_TSA_TRUST="/a.pem") if "INTYGA_TSA:" in each]


def test_a_time_stamp_authority_is_named_together_with_its_roots():
    assert from_env({"INTYGA_TSA": "http://127.0.0.1:3161/", "INTYGA_TSA_TRUST": "roots.pem"}).tsa_trust.endswith(
        "/roots.pem"
    )
    for alone in ({"INTYGA_TSA": "https://tsa.example.se/"}, {"INTYGA_TSA_TRUST": "/a.pem"}):
        assert faults(**alone) == [
            "INTYGA_TSA_TRUST: a PEM file with the authority's roots, given together with INTYGA_TSA"
        ]
