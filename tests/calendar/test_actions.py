"""Changing the calendar: versions, the ledger, two people at once."""

import threading
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import func, select

from sipas.calendar import actions, queries, reference
from sipas.calendar.models import EnteredDay, OpenSpan, ReportPeriod
from sipas.calendar.rules import (
    CalendarDay,
    CountRule,
    DayKind,
    DeadlinePolicy,
    Span,
    Unit,
    WorkingHours,
    deadline,
)
from sipas.errors import NotFoundError, RuleError
from sipas.ledger.models import Event
from sipas.ledger.rules import COMMAND, Actor, ActorKind
from sipas.staff.rules import Role

NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)
TUESDAY = date(2026, 5, 5)
SATURDAY = date(2026, 5, 9)
STORM = CalendarDay(TUESDAY, DayKind.HOLIDAY, "Nghỉ phòng chống bão", "Công điện 12/CĐ-UBND")


@pytest.fixture
def clerk(staff):
    return Actor(ActorKind.STAFF, staff(Role.HEAD_OFFICE).id)


def count(db, what):
    return db.scalar(select(func.count()).select_from(what))


def events(db, what):
    return db.scalars(select(Event).where(Event.what == what).order_by(Event.seq)).all()


def set_day(db, special, *, by, reason="", now=NOW):
    return actions.set_day(db, special, reason=reason, by=by, now=now)


def test_loading_fills_four_years_hours_and_periods_with_one_event_for_the_days(db, office):
    missing = actions.load_reference(db, by=COMMAND, now=NOW)

    shipped = sum(len(days) for days in reference.years().values())
    assert missing == (2024, 2025, 2026, 2027)
    assert count(db, EnteredDay) == shipped
    assert queries.working_hours(db) == reference.working_hours()
    assert [
        row.definition for row in db.scalars(select(ReportPeriod).order_by(ReportPeriod.id))
    ] == (list(reference.periods()))
    assert events(db, "calendar.reference_loaded")[0].detail["years"] == [2024, 2025, 2026, 2027]


def test_loading_twice_changes_nothing(db, loaded):
    before = count(db, EnteredDay), count(db, OpenSpan), count(db, ReportPeriod), count(db, Event)

    assert actions.load_reference(db, by=COMMAND, now=NOW) == ()

    after = count(db, EnteredDay), count(db, OpenSpan), count(db, ReportPeriod), count(db, Event)
    assert after == before


def test_loading_again_keeps_what_the_office_changed(db, loaded, clerk):
    actions.remove_day(db, date(2026, 9, 1), reason="Thông báo mới", by=clerk, now=NOW)

    actions.load_reference(db, by=COMMAND, now=NOW)

    assert queries.calendar(db).is_working(date(2026, 9, 1))


def test_the_stored_calendar_is_the_shipped_one(db, loaded):
    stored = queries.calendar(db)

    assert stored.days == {
        special.day: special for days in reference.years().values() for special in days
    }
    assert stored.hours == reference.working_hours()


def test_a_calendar_without_hours_is_refused_in_words(db, office):
    with pytest.raises(RuleError, match="Chưa có giờ làm việc"):
        queries.calendar(db)


def test_a_new_day_is_in_force_and_carries_who_entered_it(db, loaded, clerk):
    entered = set_day(db, STORM, by=clerk)
    db.commit()

    assert queries.calendar(db).days[TUESDAY] == STORM
    assert (entered.entered_by_id, entered.entered_at) == (clerk.id, NOW)
    [event] = events(db, "calendar.day_set")
    assert (event.actor_id, event.subject) == (clerk.id, f"calendar_day:{entered.id}")
    assert event.detail == {
        "day": "2026-05-05",
        "kind": "holiday",
        "decision": "Công điện 12/CĐ-UBND",
    }


def test_a_new_holiday_moves_a_deadline(db, loaded, clerk):
    policy = DeadlinePolicy(1, Unit.WORKING_DAYS, CountRule.ROLL)
    received = datetime(2026, 5, 4, 2, tzinfo=UTC)
    before = deadline(policy, queries.calendar(db), received)

    set_day(db, STORM, by=clerk)

    after = deadline(policy, queries.calendar(db), received)
    assert (before.due.day, after.due.day) == (5, 6)


def test_a_changed_day_keeps_its_earlier_version(db, loaded, clerk):
    first = set_day(db, STORM, by=clerk)
    half = CalendarDay(TUESDAY, DayKind.HALF_DAY, "Họp toàn cơ quan buổi chiều", None)

    second = set_day(db, half, reason="Bão tan sớm", by=clerk, now=NOW + timedelta(hours=1))
    db.commit()

    versions = queries.versions_of_day(db, TUESDAY)
    assert [version.id for version in versions] == [second.id, first.id]
    assert (first.replaced_at, first.replaced_by_id) == (NOW + timedelta(hours=1), second.id)
    assert queries.calendar(db).days[TUESDAY] == half


def test_entering_the_same_day_twice_writes_once(db, loaded, clerk):
    first = set_day(db, STORM, by=clerk)

    assert set_day(db, STORM, by=clerk) is first
    assert len(events(db, "calendar.day_set")) == 1


@pytest.mark.parametrize(
    ("kind", "day"),
    [
        (DayKind.MAKEUP_WORKING, TUESDAY),
        (DayKind.SWAPPED_OFF, SATURDAY),
        (DayKind.COMPENSATORY, SATURDAY),
        (DayKind.HALF_DAY, SATURDAY),
    ],
)
def test_a_kind_that_contradicts_the_weekday_is_refused(db, loaded, clerk, kind, day):
    with pytest.raises(RuleError, match="thứ trong tuần"):
        set_day(db, CalendarDay(day, kind, "Ngày lạ", "Số 1"), by=clerk)

    assert queries.version_in_force(db, day) is None


@pytest.mark.parametrize("day", [TUESDAY, SATURDAY])
def test_a_holiday_may_fall_on_any_weekday(db, loaded, clerk, day):
    set_day(db, CalendarDay(day, DayKind.HOLIDAY, "Ngày lễ", "Số 1"), by=clerk)

    assert not queries.calendar(db).is_working(day)


def test_a_day_without_document_needs_a_reason(db, loaded, clerk):
    expected = CalendarDay(TUESDAY, DayKind.HOLIDAY, "Nghỉ dự kiến", None)

    with pytest.raises(RuleError, match="Viết lý do"):
        set_day(db, expected, by=clerk)

    set_day(db, expected, reason="Chờ công điện", by=clerk)
    assert queries.calendar(db).days[TUESDAY].is_expected


def test_a_change_needs_a_reason_even_with_a_document(db, loaded, clerk):
    set_day(db, STORM, by=clerk)
    renamed = CalendarDay(TUESDAY, DayKind.HOLIDAY, "Nghỉ bão số 3", "Công điện 13/CĐ-UBND")

    with pytest.raises(RuleError, match="Viết lý do"):
        set_day(db, renamed, by=clerk)


def test_a_removed_day_is_ordinary_again_and_stays_readable(db, loaded, clerk):
    set_day(db, STORM, by=clerk)

    removed = actions.remove_day(db, TUESDAY, reason="Bão đổi hướng", by=clerk, now=NOW)

    assert queries.calendar(db).is_working(TUESDAY)
    assert [version.kind for version in queries.versions_of_day(db, TUESDAY)] == [None, "holiday"]
    assert removed.name == STORM.name
    assert events(db, "calendar.day_removed")[0].detail["kind"] is None
    assert queries.days_of_year(db, 2026)[-1].day == date(2026, 11, 24)


def test_removing_twice_writes_once(db, loaded, clerk):
    set_day(db, STORM, by=clerk)

    for _ in range(2):
        actions.remove_day(db, TUESDAY, reason="Bão đổi hướng", by=clerk, now=NOW)

    assert len(events(db, "calendar.day_removed")) == 1


def test_removing_needs_a_reason_and_a_day(db, loaded, clerk):
    with pytest.raises(RuleError, match="Viết lý do"):
        actions.remove_day(db, date(2026, 9, 2), reason="", by=clerk, now=NOW)
    with pytest.raises(NotFoundError):
        actions.remove_day(db, TUESDAY, reason="Không có", by=clerk, now=NOW)


def test_a_removed_day_can_be_entered_again_with_a_reason(db, loaded, clerk):
    set_day(db, STORM, by=clerk)
    actions.remove_day(db, TUESDAY, reason="Bão đổi hướng", by=clerk, now=NOW)

    set_day(db, STORM, reason="Bão quay lại", by=clerk)

    assert queries.calendar(db).days[TUESDAY] == STORM


def test_two_people_entering_the_same_day_at_once_leave_one_version(database, loaded, staff):
    clerks = [Actor(ActorKind.STAFF, staff(Role.HEAD_OFFICE).id) for _ in range(2)]
    start = threading.Barrier(2)
    refused = []

    def enter(clerk):
        special = CalendarDay(TUESDAY, DayKind.HOLIDAY, f"Nghỉ {clerk.id}", f"Số {clerk.id}")
        with database.writing() as db:
            start.wait()
            try:
                set_day(db, special, by=clerk)
                db.commit()
            except RuleError as error:
                refused.append(error.message)

    threads = [threading.Thread(target=enter, args=(clerk,)) for clerk in clerks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with database.reading() as db:
        assert (
            count(db, EnteredDay.__table__.select().where(EnteredDay.day == TUESDAY).subquery())
            == 1
        )
    assert len(refused) == 1


FULL = (Span(time(7, 30), time(11, 30)), Span(time(13, 30), time(17)))


def test_new_hours_replace_the_whole_week(db, loaded, clerk):
    hours = WorkingHours((FULL,) * 5 + ((Span(time(7, 30), time(11, 30)),), ()))

    actions.set_hours(db, hours, by=clerk, now=NOW)
    db.commit()

    assert queries.working_hours(db) == hours
    assert count(db, OpenSpan) == 10 + 11
    assert events(db, "calendar.hours_set")[-1].detail["week"][5:] == [["07:30-11:30"], []]


def test_the_same_hours_again_write_nothing(db, loaded, clerk):
    before = count(db, OpenSpan), count(db, Event)

    actions.set_hours(db, reference.working_hours(), by=clerk, now=NOW)

    assert (count(db, OpenSpan), count(db, Event)) == before
