"""What huey runs: the outbox is drained, and periodic work is done once a period.

huey only wakes and carries threads. It takes a job off its queue before running it, so a killed
process loses the job, and each of its consumers starts the periodic ones. The truth is therefore
in the database: a letter is leased, and a period is claimed, before anything is done.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from threading import Thread
from typing import Any

from sqlalchemy.orm import Session

from sipas import clock
from sipas.database import Database
from sipas.mailroom import actions
from sipas.mailroom.delivery import Delivery, delivery
from sipas.mailroom.models import Notice
from sipas.mailroom.rules import DeliveryError, Setback, period_of
from sipas.settings import Settings

LETTERS_A_RUN = 500  # then the next minute goes on, so that a worker can be stopped in between
THREADS = 2
DRAIN = "drain"

Work = Callable[[Database, Settings], None]


@dataclass(frozen=True, slots=True)
class Periodic:
    """Work for each period. After a stand-still it is done once: once makes up for all missed."""

    name: str
    every: timedelta
    work: Work


def transacted(act: Callable[[Session, datetime], object]) -> Work:
    """Work that is one action in one transaction."""

    def work(database: Database, _settings: Settings) -> None:
        with database.writing() as db:
            act(db, clock.now())
            db.commit()

    return work


def drain_outbox(database: Database, settings: Settings) -> None:
    """Send what is due, letter by letter, until nothing is left or the mail server is away."""
    way = delivery(settings)
    for _letter in range(LETTERS_A_RUN):
        notice = _leased(database)
        if notice is None or not _is_open_after(way, notice, database):
            return


def _leased(database: Database) -> Notice | None:
    with database.writing() as db:
        notice = actions.lease_next(db, now=clock.now())
        db.commit()
    return notice


def _is_open_after(way: Delivery, notice: Notice, database: Database) -> bool:
    """Send one letter, note what became of it, and say whether the next can be tried."""
    try:
        way.send(notice)
    except DeliveryError as error:
        with database.writing() as db:
            actions.put_off(db, notice, error, now=clock.now())
            db.commit()
        return error.setback is not Setback.UNREACHABLE
    with database.writing() as db:
        actions.mark_sent(db, notice, now=clock.now())
        db.commit()
    return True


def run_once(database: Database, settings: Settings, task: Periodic) -> bool:
    """Do the work of this period, unless it is done or in another worker's hands."""
    now = clock.now()
    period = period_of(now, task.every)
    with database.writing() as db:
        run = actions.claim_period(db, task.name, period=period, every=task.every, now=now)
        db.commit()
    if run is None:
        return False
    task.work(database, settings)
    with database.writing() as db:
        actions.finish_period(db, run, now=clock.now())
        db.commit()
    return True


def wake(database: Database, settings: Settings) -> None:
    """Have what was just committed sent at once; if nobody listens, the next minute does it."""
    queue = _queue(settings)
    _declare_drain(queue, database, settings)()
    queue.storage.close()


def worker(database: Database, settings: Settings, tasks: Sequence[Periodic]) -> Any:
    """The threads that do the jobs, not yet started. They look at every task once a minute."""
    from huey.consumer import Consumer  # noqa: PLC0415 -- see _queue

    queue = _queue(settings)
    _declare_drain(queue, database, settings)
    for task in tasks:
        once = partial(run_once, database, settings, task)
        queue.periodic_task(_at_every_look, name=task.name)(once)
    return Consumer(
        queue, workers=THREADS, max_delay=1.0, shutdown_timeout=10, graceful_signal="TERM"
    )


class Guest:
    """The same threads inside a web server. They start beside its first page, not before it."""

    def __init__(self, settings: Settings, tasks: Sequence[Periodic]) -> None:
        self._settings = settings
        self._tasks = tasks
        self._database = Database(settings.database_url)
        self._starting = Thread(target=self._start, name="jobs", daemon=True)
        self._starting.start()

    def _start(self) -> None:
        self._threads = worker(self._database, self._settings, self._tasks)
        # The signals are the web server's.
        self._threads._set_signal_handlers = lambda: None  # noqa: SLF001 -- huey has no switch
        self._threads.start()

    def leave(self) -> None:
        """Let the letter or the work at hand be finished."""
        self._starting.join()
        self._threads.stop(graceful=True)
        self._database.close()


def _queue(settings: Settings) -> Any:
    """One queue a machine, in a file: nothing in it would be missed, so it need not be synced."""
    # huey loads every driver that it finds: a page need not wait for that.
    from huey import SqliteHuey  # noqa: PLC0415 -- see the line above

    settings.data.mkdir(parents=True, exist_ok=True)
    return SqliteHuey("sipas", filename=settings.data / "jobs.db", results=False, fsync=False)


def _declare_drain(queue: Any, database: Database, settings: Settings) -> Any:
    return queue.task(name=DRAIN)(partial(drain_outbox, database, settings))


def _at_every_look(_moment: datetime) -> bool:
    """Whether a period is still to be done is for the database to say."""
    return True
