"""After a day nothing in the database tells who sent what, from where, or when."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import MetaData, select, text

from sipas.clock import day_of
from sipas.survey.actions import purge_arrivals
from sipas.survey.models import Arrival, Remark, Response, Submission
from tests.survey.looking import rows, stored

ADDRESS = "203.0.113.77"
AGENT = "Planted-Browser/9.87"
SENT = "2026-11-20 09:17:43"
PLANTED = (ADDRESS, AGENT, "17:43", "09:17", "02:17")


def later(moment: str, **after: int) -> datetime:
    return datetime.fromisoformat(f"{moment}+07:00") + timedelta(**after)


def purge(db, now: datetime) -> None:
    purge_arrivals(db, now=now, day=day_of(now))


def dump(db) -> str:
    """Every value of every table as text, bytes as they are and in hex."""
    db.rollback()
    found = MetaData()
    found.reflect(db.connection())
    lines = []
    for table in found.sorted_tables:
        for row in db.execute(text(f'SELECT * FROM "{table.name}"')):  # noqa: S608 -- our tables
            lines += [_shown(value) for value in row]
    db.rollback()
    return "\n".join(lines)


def _shown(value: object) -> str:
    if isinstance(value, bytes | memoryview):
        return f"{bytes(value).hex()} {bytes(value).decode('latin-1')}"
    return str(value)


@pytest.fixture
def sent(phone, at):
    """A rating with reasons and a remark from a phone that can be recognised."""
    at(SENT)
    phone.browser.environ_base["REMOTE_ADDR"] = ADDRESS
    phone.browser.environ_base["HTTP_USER_AGENT"] = AGENT
    phone.tap(2)
    phone.add(2, ly_do=["time"], y_kien="Chờ lâu.")
    return phone


def test_address_and_browser_are_stored_nowhere_not_even_for_the_day(db, sent):
    held = dump(db)

    assert [mark for mark in (ADDRESS, AGENT) if mark in held] == []
    assert "17:43" in held  # the arrival buffer: the search below would find it


def test_after_the_purge_no_moment_is_left_beside_an_answer(db, sent):
    purge(db, later(SENT, hours=23, seconds=5))
    db.commit()

    held = dump(db)
    assert [mark for mark in PLANTED if mark in held] == []
    assert db.scalars(select(Response.answers)).one() == "2"
    assert db.scalars(select(Remark.text)).one() == "Chờ lâu."


def test_what_was_logged_names_neither_address_nor_browser_nor_code(sent, capsys):
    sent.tap(2)
    logged = capsys.readouterr().out

    assert "answered" in logged
    assert [mark for mark in (ADDRESS, AGENT, sent.code, sent.phieu) if mark in logged] == []


def test_an_arrival_lives_for_less_than_a_day_whatever_the_hour_of_the_purge(db, sent):
    purge(db, later(SENT, hours=22, minutes=59))
    db.commit()
    assert rows(db, Arrival) == 1

    purge(db, later(SENT, hours=24, seconds=5))
    db.commit()
    assert rows(db, Arrival) == 0


def test_a_sending_is_remembered_for_as_long_as_its_form_is_taken(db, sent, at):
    purge(db, later("2026-11-27 09:00:00"))
    db.commit()
    at("2026-11-27 08:59")

    assert sent.tap(2).status_code == 200
    assert rows(db, Response) == 1
    purge(db, later("2026-11-30 09:00:00"))
    db.commit()
    assert rows(db, Submission) == 0


def test_a_sending_is_forgotten_by_the_day_in_vietnam(db, sent):
    purge(db, later("2026-11-28 23:59:00"))
    db.commit()
    assert rows(db, Submission) == 2

    purge(db, later("2026-11-29 00:01:00"))
    db.commit()
    assert rows(db, Submission) == 0


def test_nothing_leads_from_a_remark_or_a_sending_to_a_response(db, sent):
    purge(db, later(SENT, days=2))
    response = {_shown(value) for value in db.execute(select(Response.id)).one()}
    columns = [*Remark.__table__.columns, *Submission.__table__.columns]

    assert [
        one for one in columns if any(fk.column.table.name == "response" for fk in one.foreign_keys)
    ] == []
    beside = db.execute(select(Remark)).scalars().one()
    assert _shown(beside.id) not in response


def test_rows_do_not_lie_in_the_order_in_which_they_arrived(db, new_phone):
    for _ in range(30):
        one = new_phone()
        one.tap(4)
        one.add(4, y_kien="Tốt.")
    purge(db, later("2026-11-21 09:30:00"))
    db.commit()

    for table in ("response", "remark"):
        found = db.execute(text(f"SELECT * FROM {table}"))  # noqa: S608 -- our tables
        ids = [bytes(row[0]) for row in found]
        assert len(ids) == 30
        assert ids == sorted(ids)


def test_a_rating_of_the_last_minutes_can_still_be_changed_after_the_purge(db, sent, new_phone, at):
    at("2026-11-21 09:20:00")
    recent = new_phone()
    recent.tap(5)
    purge(db, later("2026-11-21 09:21:00"))
    db.commit()

    assert recent.change(3).status_code == 200
    assert [answers for answers, _reasons in stored(db)] == ["2", "3"]


def test_purging_again_changes_nothing(db, sent):
    for _ in range(2):
        purge(db, later(SENT, days=2))
        db.commit()

    assert db.scalars(select(Response.reasons)).one() == "0010"
