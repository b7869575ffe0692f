"""The wake-up call between web and worker: huey on a SQLite file of its own. Losing a call only delays."""

from collections.abc import Callable

from huey import SqliteHuey, crontab

from app.settings import Settings

QUIET = 0.3  # seconds the worker sleeps at most between looks into the queue


def queue(settings: Settings, work: Callable[[str], object]) -> tuple[SqliteHuey, Callable[[str], object]]:
    """The queue and its one task; the file lies beside the database but is no part of a backup."""
    settings.folder.mkdir(parents=True, exist_ok=True)
    carrier = SqliteHuey("intyga", filename=str(settings.folder / "queue.sqlite"), fsync=True, results=False)

    def wake(intent_id: str) -> None:
        work(intent_id)

    return carrier, carrier.task()(wake)


def waker(settings: Settings) -> Callable[[str], None]:
    """A function that tells the worker of a due intent."""
    _, wake = queue(settings, _only_the_worker)

    def call(intent_id: str) -> None:
        wake(intent_id)

    return call


def consume(settings: Settings, work: Callable[[str], object], look: Callable[[], object]) -> None:
    """Work until stopped: `work` per wake-up, `look` once a minute for whatever was missed."""
    carrier, _ = queue(settings, work)

    def look_around() -> None:
        look()

    carrier.periodic_task(crontab())(look_around)
    # One worker thread: the renderer must not be shared by threads.
    carrier.create_consumer(workers=1, initial_delay=0.05, max_delay=QUIET, backoff=1.2).run()


def _only_the_worker(intent_id: str) -> None:
    raise RuntimeError(f"only the worker carries out {intent_id}")
