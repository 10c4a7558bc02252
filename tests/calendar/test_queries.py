"""Reading the calendar takes the same number of queries however much it holds."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import event

from sipas.calendar import queries
from sipas.calendar.actions import set_day
from sipas.calendar.models import ReportPeriod
from sipas.calendar.rules import CalendarDay, DayKind
from sipas.ledger.rules import Actor, ActorKind
from sipas.staff.rules import Role

NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)


@pytest.fixture
def asked(database):
    """The statements sent to the database while a piece of work is done."""

    def count(work):
        statements = []
        event.listen(
            database.engine,
            "before_cursor_execute",
            lambda *parts: statements.append(parts[2]),
        )
        with database.reading() as db:
            work(db)
        return len(statements)

    return count


def names_of_2031(db):
    return [row.entered_by.name for row in queries.days_of_year(db, 2031)]


def enter(db, staff, day):
    clerk = Actor(ActorKind.STAFF, staff(Role.HEAD_OFFICE).id)
    special = CalendarDay(day, DayKind.HOLIDAY, "Ngày lễ", "Số 1")
    set_day(db, special, reason="", by=clerk, now=NOW)
    db.commit()


def test_one_day_and_three_take_the_same_queries(db, loaded, staff, asked):
    enter(db, staff, date(2031, 1, 1))
    for_one = asked(names_of_2031)
    enter(db, staff, date(2031, 12, 31))
    enter(db, staff, date(2031, 9, 2))

    assert asked(names_of_2031) == for_one


def test_the_days_of_a_year_come_in_order_and_from_that_year_only(db, loaded, staff):
    for day in (date(2031, 12, 31), date(2031, 1, 1), date(2030, 12, 31), date(2032, 1, 1)):
        enter(db, staff, day)

    assert [row.day for row in queries.days_of_year(db, 2031)] == [
        date(2031, 1, 1),
        date(2031, 12, 31),
    ]


def test_a_report_period_is_shown_for_its_years_only(db, loaded):
    row = db.get(ReportPeriod, 1)
    row.first_year, row.last_year = 2025, 2026

    shown = [
        row.code in [window.definition.code for window in queries.report_windows(db, year)]
        for year in (2024, 2025, 2026, 2027)
    ]

    assert shown == [False, True, True, False]
    db.rollback()
