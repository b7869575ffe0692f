"""Letters reach a real mail server or a readable folder once, in both languages, with no name where it shows locked."""

import email
import socketserver
import ssl
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import policy
from ipaddress import ip_address
from pathlib import Path
from smtplib import SMTPException

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from jinja2 import UndefinedError
from sqlalchemy import text
from workshop import HOLDER

from app import mail
from app.actions import links
from app.store import letters
from app.store.letters import Letter
from app.words import LANGUAGES
from templates import FOLDER


class Conversation(socketserver.StreamRequestHandler):
    """As much SMTP as a mail needs (RFC 5321)."""

    def handle(self):
        self.say("220 intyga.example")
        while line := self.rfile.readline().decode().strip():
            word = line.split()[0].upper()
            if word == "DATA":
                self.say("354 go on")
                self.server.mails.append(b"".join(iter(self.rfile.readline, b".\r\n")))
                self.say("250 kept")
            elif word == "RCPT" and self.server.refuses:
                self.say("451 try again later")
            elif word == "EHLO" and self.server.offers:
                self.say(f"250-intyga.example\r\n250 {self.server.offers}")
            elif word == "STARTTLS":
                self.say("220 go on")
                self.wfile.write(b"no TLS at all")
                return
            elif word == "QUIT":
                self.say("221 bye")
                return
            else:
                self.server.heard.append(line)
                self.say("250 fine")

    def say(self, line):
        self.wfile.write(f"{line}\r\n".encode())


@pytest.fixture
def server():
    with socketserver.ThreadingTCPServer(("", 0), Conversation) as listening:
        listening.daemon_threads, listening.mails, listening.heard, listening.refuses = True, [], [], False
        listening.offers = ""
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield listening
        listening.shutdown()
        thread.join()


def letter(**changes) -> Letter:
    fields = {
        "id": "019a0000-0000-7000-8000-000000000001", "recipient": "erik@intyga.example", "template": "link",
        "language": "sv", "candidate": None, "sent_at": None,
        "content": {"link": "https://intyga.example/mina/x", "provider": "Exempelnät & Co", "days": 14},
    }  # fmt: skip
    return Letter(**fields | changes)


def waiting(shop):
    """The demo candidate has asked for a link."""
    links.ask(shop.tools, HOLDER.email)
    with shop.tools.read() as tx:
        return tx.execute(text("SELECT id FROM letters")).scalar_one()


def by_server(shop, server, host="127.0.0.1"):
    return replace(shop.tools, settings=replace(shop.tools.settings, mail=f"smtp://{host}:{server.server_address[1]}"))


def test_every_letter_has_its_subject_and_text_in_every_language():
    templates = {Path(each).name for each in (FOLDER / "mail").iterdir()}
    assert templates == {f"{name}.{language}.txt" for name in mail.SUBJECTS for language in LANGUAGES}
    assert all(set(subjects) == set(LANGUAGES) for subjects in mail.SUBJECTS.values())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", list(mail.SUBJECTS))
def test_a_letter_can_be_read(shop, template, language):
    message = mail.compose(shop().tools, letter(template=template, language=language))
    assert message["To"] == "erik@intyga.example"
    assert message["Auto-Submitted"] == "auto-generated"
    body = message.get_content()
    assert "https://intyga.example/mina/x" in body
    assert "Exempelnät & Co" in body
    assert "Erik" not in str(message["Subject"])


def test_a_letter_that_lacks_a_word_is_not_sent(shop):
    with pytest.raises(UndefinedError):
        mail.compose(shop().tools, letter(content={"link": "x"}))


def test_the_demo_finds_its_mail_in_a_folder_once(shop):
    shop = shop("opened")
    key = waiting(shop)
    mail.send(shop.tools, key)
    mail.send(shop.tools, key)
    [file] = (shop.tools.settings.folder / "mail").iterdir()
    lines = file.read_text().splitlines()
    assert lines[:2] == ["To: erik@intyga.example", "Subject: Din länk till Intyga"]
    assert any(line.strip().startswith("https://intyga.example/mina/") for line in lines)
    assert file.stat().st_mode & 0o077 == 0


def test_a_mail_server_gets_the_letter_as_it_was_composed(shop, server):
    shop = shop("opened")
    key = waiting(shop)
    mail.send(by_server(shop, server), key)
    mail.send(by_server(shop, server), key)
    [raw] = server.mails
    got = email.message_from_bytes(raw, policy=policy.default)
    assert (got["To"], got["From"]) == ("erik@intyga.example", "intyga@intyga.example")
    assert got["Subject"] == "Din länk till Intyga"
    assert got["Message-ID"] == f"<{key}@intyga.example>"
    assert "/mina/" in got.get_content()
    assert not (shop.tools.settings.folder / "mail").exists()


def test_a_sent_letter_is_forgotten(shop, server):
    shop = shop("opened")
    key = waiting(shop)
    mail.send(by_server(shop, server), key)
    with shop.tools.read() as tx:
        kept = letters.find(tx, key)
    assert (kept.recipient, kept.content) == ("", {})
    assert kept.sent_at


def test_what_the_server_refuses_is_kept_and_sent_later(shop, server):
    shop = shop("opened")
    key = waiting(shop)
    server.refuses = True
    again = replace(shop, tools=by_server(shop, server))
    again.work()
    with shop.tools.read() as tx:
        assert letters.find(tx, key).recipient == "erik@intyga.example"
        assert tx.execute(text("SELECT failure FROM intents WHERE kind = 'letter'")).scalar_one().startswith("SMTP")
    server.refuses = False
    shop.clock.forward(hours=1)
    again.work()
    assert len(server.mails) == 1


@pytest.fixture
def unknown_certificate(tmp_path):
    """A certificate for 127.0.0.1 that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    day, builder = datetime.now(UTC), x509.CertificateBuilder(name, name, key.public_key(), 1)
    made = builder.not_valid_before(day).not_valid_after(day + timedelta(days=1)).add_extension(names, critical=False)
    file = tmp_path / "certificate.pem"
    locked = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(locked + made.sign(key, SHA256()).public_bytes(Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


def test_letters_and_passwords_go_to_no_server_that_cannot_prove_who_it_is(shop, server, unknown_certificate):
    shop = shop("opened")
    key = waiting(shop)
    server.socket = unknown_certificate.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *_: None  # the client hangs up, as it should
    address = f"smtps://user:password@127.0.0.1:{server.server_address[1]}"
    away = replace(shop.tools, settings=replace(shop.tools.settings, mail=address))
    with pytest.raises(ssl.SSLCertVerificationError):
        mail.send(away, key)
    assert (server.mails, server.heard) == ([], [])


def test_what_a_server_offers_to_hide_is_hidden_or_not_said(shop, server):
    """Another machine that offers STARTTLS and then does not hold it gets neither letter nor password."""
    shop = shop("opened")
    key = waiting(shop)
    server.offers = "STARTTLS"
    with pytest.raises((OSError, SMTPException)):
        mail.send(by_server(shop, server, "127.0.0.2"), key)
    assert server.mails == []
    mail.send(by_server(shop, server), key)
    assert len(server.mails) == 1


def test_a_server_that_is_not_there_loses_nothing(shop):
    shop = shop("opened")
    key = waiting(shop)
    away = replace(shop.tools, settings=replace(shop.tools.settings, mail="smtp://127.0.0.1:1"))
    with pytest.raises(OSError, match="refused"):
        mail.send(away, key)
    with shop.tools.read() as tx:
        assert letters.find(tx, key).sent_at is None
