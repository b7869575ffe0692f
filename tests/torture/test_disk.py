"""A full disk: every refusal is clear, nothing acknowledged is lost, and it goes on without a restart."""

import hashlib
import http.client
import os
import subprocess
import sys
import threading
from contextlib import suppress

import pytest
from examine import rows
from house import House, wait_for
from senders import Sender
from workshop import HOLDER, PASSPHRASE, a_photo, a_workshop, visit

from app.actions.enrol import enrol, make_code
from app.queue import waker
from app.store.files import Files
from app.web.problems import full

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")]
SIZE = 12_000_000


@pytest.fixture
def small_disk(tmp_path):
    """A disk of its own with twelve megabytes."""
    place = tmp_path / "disk"
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", place], check=True)
    yield place
    subprocess.run(["umount", "--lazy", place], check=True)


def fill(place, *, spare=0):
    """Everything but a little."""
    free = os.statvfs(place)
    with (place / "ballast").open("wb") as ballast:
        size = free.f_bavail * free.f_frsize - spare
        with suppress(OSError):
            while size > 0:
                size -= os.write(ballast.fileno(), b"\0" * min(size, 65536))


def ask(port, method, path, body=None, **headers):
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    line.request(method, path, body, headers)
    with line.getresponse() as answer:
        said = answer.status, answer.read()
    line.close()
    return said


@pytest.fixture
def house(small_disk, tmp_path):
    folder = small_disk / "var"
    a_workshop(folder).tools.database.close()
    (folder / "keys" / "passphrase").write_text(PASSPHRASE)
    (folder / "secret").write_text("a secret of the tests, longer than thirty-two characters")
    made = House(folder, f"sqlite:///{folder / 'intyga.sqlite'}")
    with (tmp_path / "words").open("wb") as words:
        web = subprocess.Popen([sys.executable, "-m", "app.cli", "web"], env=made.environ, stdout=words, stderr=words)
        wait_for("the web does not start", lambda: made.answers() or web.poll() is not None)
        yield made
        assert web.poll() is None, "the web fell"
        web.terminate()
        web.wait(20)


def test_a_full_disk_is_said_loses_nothing_and_needs_no_restart(house, small_disk, request):
    shop = visit(house.folder)
    actor = shop.actors["assessor"]
    tablet = enrol(shop.tools, make_code(shop.tools, actor, shop.provider), "Platta")
    cases = [shop.open(HOLDER) for _ in range(2)]
    sender = Sender(house.port, tablet.device, tablet.token, actor.person, cases, 1, lambda: 0, threading.Event())
    line = http.client.HTTPConnection("127.0.0.1", house.port, timeout=30)
    request.addfinalizer(line.close)

    def deliver():
        sender.open = sender.open or sender.next_batch()
        return sender.send(line, sender.open)

    assert all(deliver() for _ in range(5))
    fill(small_disk, spare=100_000)
    for _ in range(100):
        if not deliver():
            break
    deliver()  # it may fit after all: what the journal has taken already it can use again
    assert set(sender.refused) == {507}
    photo = {"Authorization": f"Bearer {tablet.token}", "Content-Type": "application/octet-stream"}
    data = os.urandom(200_000)
    name = hashlib.sha256(data).hexdigest()
    piece = ask(
        house.port,
        "PATCH",
        f"/api/v1/media/{name}",
        data,
        **photo,
        **{"Upload-Offset": "0", "Upload-Length": str(len(data))},
    )
    assert piece[0] == 507, piece
    assert b"Traceback" not in piece[1]
    assert ask(house.port, "GET", "/healthz")[0] == 200
    (small_disk / "ballast").unlink()
    wait_for("it does not work again", deliver)
    assert all(deliver() for _ in range(3))
    line.close()
    assert sender.faults == []
    with shop.tools.read() as tx:
        kept = {row[0] for row in tx.exec_driver_sql("SELECT id FROM events")}
    assert kept == {key for batch in sender.answered for key in batch.ids}
    assert shop.faults() == []
    shop.tools.database.close()


def test_the_worker_tries_again_when_there_is_room(small_disk):
    folder = small_disk / "var"
    shop = a_workshop(folder, "approved")
    fill(small_disk, spare=60_000)
    shop.work()
    assert shop.given.issued_at is None
    (small_disk / "ballast").unlink()
    shop.clock.forward(hours=2)
    shop.work()
    assert shop.given.issued_at
    assert shop.faults() == []
    assert not list((folder / "files").glob("??/.*"))
    shop.tools.database.close()


def test_a_worker_that_starts_on_a_full_disk_stays_and_works_later(small_disk, tmp_path):
    folder = small_disk / "var"
    shop = a_workshop(folder, "approved")
    (folder / "keys" / "passphrase").write_text(PASSPHRASE)
    rows(shop, "SELECT id FROM intents")  # somebody has the database open, as the web does
    fill(small_disk)
    made = House(folder, f"sqlite:///{folder / 'intyga.sqlite'}")
    log = tmp_path / "words"
    with log.open("wb") as words:
        worker = subprocess.Popen(
            [sys.executable, "-m", "app.cli", "work"], env=made.environ, stdout=words, stderr=words
        )
    try:
        wait_for("it never tries", lambda: worker.poll() is not None or "now" in log.read_text())
        wait_for("it never listens", lambda: worker.poll() is not None or "now" in log.read_text())
        assert worker.poll() is None, log.read_text()
        (small_disk / "ballast").unlink()
        wait_for("it does not work again", lambda: worker.poll() is not None or shop.given.issued_at)
        assert worker.poll() is None, log.read_text()
    finally:
        worker.kill()
        worker.wait()
    assert shop.faults() == []
    shop.tools.database.close()


def test_an_act_that_is_committed_is_not_refused_because_nobody_could_be_woken(small_disk):
    folder = small_disk / "var"
    shop = a_workshop(folder, "decided")
    wake = waker(shop.tools.settings)
    (folder / "queue.sqlite").write_bytes(b"broken" * 1000)
    wake("an intent")


def test_files_are_whole_or_not_there(small_disk):
    files = Files(small_disk / "files")
    fill(small_disk, spare=20_000)
    with pytest.raises(OSError) as refused:
        files.put(os.urandom(200_000))
    assert full(refused.value) == 507
    assert list((small_disk / "files").rglob("*.*")) == []
    (small_disk / "ballast").unlink()
    assert files.get(files.put(a_photo()))
