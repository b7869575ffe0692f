"""Compose and send letters; without a mail server they land as readable files in a folder, as in the demo."""

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

from app.settings import LOOPBACK
from app.store import letters
from app.store.files import write_whole
from app.store.letters import Letter
from app.tools import Tools
from app.words import environment

SUBJECTS: dict[str, dict[str, str]] = {
    "link": {"sv": "Din länk till Intyga", "en": "Your link to Intyga"},
    "issued": {"sv": "Ditt bevis är klart", "en": "Your certificate is ready"},
}
"""Each letter with its subject; the text lies in `templates/mail/<name>.<language>.txt`."""
SECONDS = 20


def send(tools: Tools, key: str) -> None:
    """Send a letter once; when the mail server fails the error goes to the caller, who tries again later."""
    with tools.read() as tx:
        letter = letters.find(tx, key)
    if letter.sent_at is not None:
        return
    message = compose(tools, letter)
    if tools.settings.mail:
        _by_server(tools.settings.mail, message)
    else:
        folder = tools.settings.folder / "mail"
        folder.mkdir(parents=True, exist_ok=True)
        name = f"{tools.now():%Y%m%d-%H%M%S}-{letter.id[-8:]}.txt"
        text = f"To: {letter.recipient}\nSubject: {message['Subject']}\n\n{message.get_content()}"
        write_whole(folder / name, text.encode())
    with tools.begin() as tx:
        letters.set_sent(tx, letter.id, tools.now())


def compose(tools: Tools, letter: Letter) -> EmailMessage:
    """The letter as a message; names stay out of subject lines, which show on locked screens."""
    message = EmailMessage()
    message["Subject"] = SUBJECTS[letter.template][letter.language]
    message["From"] = tools.settings.mail_from
    message["To"] = letter.recipient
    message["Date"] = format_datetime(tools.now())
    message["Message-ID"] = f"<{letter.id}@{urlsplit(tools.settings.public_url).hostname}>"
    message["Auto-Submitted"] = "auto-generated"
    template = environment(letter.language).get_template(f"mail/{letter.template}.{letter.language}.txt")
    message.set_content(template.render(**letter.content))
    return message


def _by_server(address: str, message: EmailMessage) -> None:
    url = urlsplit(address)
    sure = ssl.create_default_context()  # Python's own choice for SMTP asks no server who it is
    host, port = url.hostname or "localhost", url.port or 0
    with (
        smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=sure)
        if url.scheme == "smtps"
        else smtplib.SMTP(host, port, timeout=SECONDS)
    ) as server:
        server.ehlo()
        # On this machine nobody listens in, and the certificate of a local server proves nothing.
        if url.scheme == "smtp" and host not in LOOPBACK and server.has_extn("starttls"):
            server.starttls(context=sure)
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
        server.send_message(message)
