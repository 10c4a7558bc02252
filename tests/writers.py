"""Processes that write at the same time: what each of them does."""

import multiprocessing
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import text

from sipas.database import Database
from sipas.ledger.actions import record
from sipas.ledger.rules import SYSTEM
from sipas.settings import Settings

TURNS = 400


def at_once(processes: int, work: Callable, *arguments) -> None:
    """Run this work in so many processes, each begun anew, and wait for all of them."""
    context = multiprocessing.get_context("spawn")
    started = [context.Process(target=work, args=arguments) for _ in range(processes)]
    for process in started:
        process.start()
    for process in started:
        process.join(120)
    assert [process.exitcode for process in started] == [0] * processes


def count_up(url: str, turns: int) -> None:
    """Read a number, then write it one higher: what is lost when two do it unguarded."""
    database = Database(url)
    lock = "" if database.is_sqlite else " FOR UPDATE"
    for _turn in range(turns):
        with database.writing() as db:
            number = db.scalar(text(f"SELECT number FROM counter WHERE id = 1{lock}"))  # noqa: S608 -- our own two words
            db.execute(text("UPDATE counter SET number = :next WHERE id = 1"), {"next": number + 1})
            db.commit()
    database.close()


def record_events(url: str, turns: int) -> None:
    database = Database(url)
    for _turn in range(turns):
        with database.writing() as db:
            record(db, "test.written", "test:1", by=SYSTEM, now=datetime.now(UTC))
            db.commit()
    database.close()


def keep_secret(folder: str) -> None:
    """What a process sees that starts without a secret, written down beside it."""
    data = Path(folder)
    (data / f"seen-{os.getpid()}").write_text(Settings(data=data).secret_text)
