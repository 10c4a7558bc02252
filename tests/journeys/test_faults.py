"""A clock that jumps, a database that is held or away: people are served all the same."""

import sqlite3
import threading
import time
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, text

from sipas.mailroom.actions import post
from sipas.mailroom.models import Notice
from sipas.mailroom.rules import Letter, NoticeState
from tests.running import wait_for

DAY = 24 * 60 * 60


def all_sent(database) -> bool:
    with database.reading() as db:
        return {notice.state for notice in db.scalars(select(Notice))} == {NoticeState.SENT}


def test_a_clock_that_jumps_over_restarts_harms_nothing(installation, database, db, office):
    """Two days back, forty days on, one day back again."""
    for number, seconds in enumerate((-2 * DAY, 40 * DAY, -DAY)):
        post(db, Letter("hoa@anbinh.gov.vn", f"Thư {number}", "Kính gửi"), now=datetime.now(UTC))
        db.commit()
        served = installation.serve(SIPAS_CLOCK=f"{seconds:+}")

        assert served.get("/")[0] == 200
        assert served.get("/readyz")[0] == 200
        assert wait_for(lambda: all_sent(database)), installation.log()
        assert served.stop() == 0

    assert installation.run("verify").returncode == 0
    assert '"level": "error"' not in installation.log()


def test_a_database_that_is_held_for_a_moment_is_waited_for(installation, database, office):
    if not database.is_sqlite:
        pytest.skip("PostgreSQL locks rows, not the whole")
    served = installation.serve(SIPAS_JOBS="worker")
    holder = sqlite3.connect(database.engine.url.database, isolation_level=None,
                             check_same_thread=False)  # fmt: skip
    holder.execute("BEGIN IMMEDIATE")
    threading.Timer(3, lambda: holder.execute("ROLLBACK")).start()

    began = time.monotonic()
    worker = installation.worker()

    assert served.get("/")[0] == 200  # who only reads does not wait
    assert wait_for((installation.data / "ledger-anchor").exists), installation.log()
    assert time.monotonic() - began < 15
    assert worker.stop() == 0
    holder.close()


def test_a_database_that_goes_away_and_comes_back_is_found_again(installation, database, office):
    if database.is_sqlite:
        pytest.skip("a file does not go away")
    served = installation.serve()
    name = database.engine.url.database
    database.engine.dispose()

    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as own:
        own.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = :name AND pid <> pg_backend_pid()"
            ),
            {"name": name},
        )

    assert served.get("/")[0] in {200, 503}
    assert wait_for(lambda: served.get("/readyz")[0] == 200, 10)
    assert served.get("/")[0] == 200
