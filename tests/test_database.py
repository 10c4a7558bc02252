"""Sessions that read or write, at once too, and moments that keep their zone."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError, StatementError

from sipas.ledger.actions import record
from sipas.ledger.models import Event
from sipas.ledger.rules import SYSTEM
from sipas.staff.models import Office
from tests.writers import TURNS, at_once, count_up


def test_a_reading_session_cannot_change_anything(database, office):
    with database.reading() as db:
        db.get_one(Office, 1).name = "Sở khác"

        with pytest.raises(DBAPIError):
            db.flush()


def test_a_connection_that_has_read_can_write_again(database, office):
    for _round in range(40):
        with database.reading() as db:
            db.scalars(select(Office)).one()
        with database.writing() as db:
            db.get_one(Office, 1).name = "Sở khác"
            db.commit()


def test_a_moment_comes_back_as_it_was_in_utc(db, office):
    moment = datetime(2026, 11, 20, 14, 5, tzinfo=timezone(timedelta(hours=7)))
    record(db, "office.named", "office:1", by=SYSTEM, now=moment)
    db.commit()
    db.expire_all()

    found = db.scalars(select(Event)).one()

    assert found.at == moment
    assert found.at.tzinfo == UTC


def test_a_moment_without_a_zone_is_refused(db, office):
    with pytest.raises(StatementError, match="time zone"):
        db.scalars(select(Event).where(Event.at == datetime(2026, 11, 20, 14, 5))).all()  # noqa: DTZ001 -- the mistake


def test_sqlite_syncs_each_commit_and_forgets_what_is_deleted(database):
    if not database.is_sqlite:
        pytest.skip("settings of SQLite")
    with database.reading() as db:
        found = {
            name: db.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        }

    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}


def test_postgresql_waits_neither_for_ever_nor_loses_a_commit(database):
    if database.is_sqlite:
        pytest.skip("settings of PostgreSQL")
    with database.reading() as db:
        found = {
            name: db.scalar(select(func.current_setting(name)))
            for name in ("synchronous_commit", "lock_timeout", "TimeZone")
        }

    assert found == {"synchronous_commit": "on", "lock_timeout": "10s", "TimeZone": "UTC"}


@pytest.mark.parametrize("processes", [2, 4])
def test_processes_that_write_the_same_row_lose_nothing(database, processes, record_property):
    with database.writing() as db:
        db.execute(text("CREATE TABLE counter (id INTEGER PRIMARY KEY, number INTEGER)"))
        db.execute(text("INSERT INTO counter VALUES (1, 0)"))
        db.commit()

    at_once(processes, count_up, database.engine.url.render_as_string(hide_password=False), TURNS)

    with database.reading() as db:
        counted = db.scalar(text("SELECT number FROM counter"))
    print(f"{processes} processes wrote {counted} of {processes * TURNS}")  # noqa: T201 -- the figure asked for
    assert counted == processes * TURNS
