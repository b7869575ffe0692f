"""The wake-up call between web and worker: huey on a SQLite file of its own. Losing a call only delays."""

import time
from collections.abc import Callable
from functools import cache

import structlog
from huey import SqliteHuey, crontab

from app.settings import Settings

QUIET = 0.3  # seconds the worker sleeps at most between looks into the queue
WITHOUT_QUEUE = 2.0  # seconds between looks while the queue cannot be opened
log = structlog.get_logger()


def queue(settings: Settings, work: Callable[[str], object]) -> tuple[SqliteHuey, Callable[[str], object]]:
    """The queue and its one task; the file lies beside the database but is no part of a backup."""
    settings.folder.mkdir(parents=True, exist_ok=True)
    carrier = SqliteHuey("intyga", filename=str(settings.folder / "queue.sqlite"), fsync=True, results=False)

    def wake(intent_id: str) -> None:
        work(intent_id)

    return carrier, carrier.task()(wake)


def waker(settings: Settings) -> Callable[[str], None]:
    """A function that tells the worker of a due intent; it opens the queue when it is needed, a full disk or not."""

    @cache
    def opened() -> Callable[[str], object]:
        return queue(settings, _only_the_worker)[1]

    def call(intent_id: str) -> None:
        try:
            opened()(intent_id)
        except Exception as fault:  # noqa: BLE001 the act is committed and must not look refused; the worker looks anyway
            log.warning("nobody was woken", failure=type(fault).__name__)

    return call


def consume(settings: Settings, work: Callable[[str], object], look: Callable[[], object]) -> None:
    """Work until stopped: `work` per wake-up, `look` once a minute for whatever was missed."""
    while True:
        try:
            carrier, _ = queue(settings, work)
            break
        except Exception as fault:  # noqa: BLE001 no room for the queue: the intents are the record, and they can be looked at
            log.warning("no queue now", failure=type(fault).__name__)
            time.sleep(WITHOUT_QUEUE)
            look()

    def look_around() -> None:
        look()

    carrier.periodic_task(crontab())(look_around)
    # One worker thread: the renderer must not be shared by threads.
    carrier.create_consumer(workers=1, initial_delay=0.05, max_delay=QUIET, backoff=1.2).run()


def _only_the_worker(intent_id: str) -> None:
    raise RuntimeError(f"only the worker carries out {intent_id}")
