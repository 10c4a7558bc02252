"""Deadline arithmetic and report periods, by table."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from sipas.calendar.rules import (
    MAX_AMOUNT,
    VIETNAM,
    Calendar,
    CalendarDay,
    CountReason,
    CountRule,
    DayKind,
    DeadlinePolicy,
    PeriodDefinition,
    Span,
    Unit,
    WorkingHours,
    YearDay,
    deadline,
    window,
)

FULL = (Span(time(8), time(12)), Span(time(13), time(17)))
WEEK = WorkingHours((FULL,) * 5 + ((), ()))

WEDNESDAY_BEFORE = date(2026, 4, 29)
MAKE_UP_SATURDAY = date(2026, 5, 9)


def special(day, kind, decision="Thông báo 1/TB"):
    return CalendarDay(day, kind, "Ngày được ghi", decision)


def calendar_with(*days, hours=WEEK):
    return Calendar({day.day: day for day in days}, hours)


# The calendar of the specification's example; the real 2026 has no make-up day in May.
EXAMPLE = calendar_with(
    special(date(2026, 4, 30), DayKind.HOLIDAY),
    special(date(2026, 5, 1), DayKind.HOLIDAY),
    special(MAKE_UP_SATURDAY, DayKind.MAKEUP_WORKING),
)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


def working_days(amount, rule=CountRule.ROLL, cut_off=None):
    return DeadlinePolicy(amount, Unit.WORKING_DAYS, rule, cut_off)


def calendar_days(amount, rule=CountRule.ROLL):
    return DeadlinePolicy(amount, Unit.CALENDAR_DAYS, rule)


@pytest.mark.parametrize(
    ("received", "rule", "due"),
    [
        ("2026-04-29 09:00", CountRule.ROLL, "2026-05-08 17:00"),
        ("2026-04-29 09:00", CountRule.NEXT_IS_DAY_ONE, "2026-05-08 17:00"),
        ("2026-05-02 10:00", CountRule.ROLL, "2026-05-09 17:00"),
        ("2026-05-02 10:00", CountRule.NEXT_IS_DAY_ONE, "2026-05-08 17:00"),
        ("2026-05-04 16:59", CountRule.ROLL, "2026-05-09 17:00"),
        ("2026-05-04 17:00", CountRule.ROLL, "2026-05-09 17:00"),
        ("2026-05-04 17:01", CountRule.ROLL, "2026-05-11 17:00"),
        ("2026-05-04 17:01", CountRule.NEXT_IS_DAY_ONE, "2026-05-09 17:00"),
        ("2026-05-09 16:00", CountRule.ROLL, "2026-05-15 17:00"),
        ("2026-05-03 23:30", CountRule.ROLL, "2026-05-09 17:00"),
        ("2026-05-04 00:10", CountRule.ROLL, "2026-05-09 17:00"),
    ],
)
def test_five_working_days_of_the_specification_end_where_it_says(received, rule, due):
    assert deadline(working_days(5, rule), EXAMPLE, at(received)).due == at(due)


def test_a_holiday_added_later_moves_the_end_to_the_make_up_saturday():
    holiday = special(date(2026, 5, 7), DayKind.HOLIDAY)
    changed = calendar_with(*EXAMPLE.days.values(), holiday)

    result = deadline(working_days(5), changed, at("2026-04-29 09:00"))

    assert result.due == at("2026-05-09 17:00")


def test_every_day_counted_or_skipped_is_listed_with_its_reason():
    result = deadline(working_days(5), EXAMPLE, at("2026-04-29 09:00"))

    assert [(line.day.day, line.kind, line.reason, line.number) for line in result.lines] == [
        (29, DayKind.WORKING, CountReason.RECEIVED, None),
        (30, DayKind.HOLIDAY, CountReason.DAY_OFF, None),
        (1, DayKind.HOLIDAY, CountReason.DAY_OFF, None),
        (2, DayKind.WEEKEND, CountReason.DAY_OFF, None),
        (3, DayKind.WEEKEND, CountReason.DAY_OFF, None),
        (4, DayKind.WORKING, CountReason.COUNTED, 1),
        (5, DayKind.WORKING, CountReason.COUNTED, 2),
        (6, DayKind.WORKING, CountReason.COUNTED, 3),
        (7, DayKind.WORKING, CountReason.COUNTED, 4),
        (8, DayKind.WORKING, CountReason.COUNTED, 5),
    ]


def test_a_rolled_receipt_shows_the_true_day_and_the_counted_one():
    result = deadline(working_days(1), EXAMPLE, at("2026-05-02 10:00"))

    assert result.day_zero == date(2026, 5, 4)
    assert [(line.day.day, line.reason) for line in result.lines] == [
        (2, CountReason.RECEIVED_ON_DAY_OFF),
        (3, CountReason.DAY_OFF),
        (4, CountReason.RECEIPT_MOVED_HERE),
        (5, CountReason.COUNTED),
    ]


def test_a_receipt_after_hours_says_so():
    result = deadline(working_days(1), EXAMPLE, at("2026-05-04 17:01"))

    assert result.lines[0].reason == CountReason.RECEIVED_AFTER_HOURS


@pytest.mark.parametrize(
    ("received", "due"),
    [("2026-05-05 15:00", "2026-05-06 17:00"), ("2026-05-05 15:01", "2026-05-07 17:00")],
)
def test_an_earlier_cut_off_hour_moves_the_receipt_but_not_the_end_of_the_day(received, due):
    assert deadline(working_days(1, cut_off=time(15)), EXAMPLE, at(received)).due == at(due)


def test_a_cut_off_after_closing_does_not_keep_the_office_open():
    result = deadline(working_days(1, cut_off=time(20)), EXAMPLE, at("2026-05-05 17:01"))

    assert result.due == at("2026-05-07 17:00")


def test_the_same_moment_in_utc_gives_the_same_end():
    moment = at("2026-05-04 17:01")

    result = deadline(working_days(5), EXAMPLE, moment.astimezone(UTC))

    assert result == deadline(working_days(5), EXAMPLE, moment)
    assert result.due.tzinfo == VIETNAM


def test_a_late_evening_in_utc_is_already_the_next_day_in_vietnam():
    received = datetime(2026, 5, 4, 20, tzinfo=UTC)  # 03:00 on Tuesday

    assert deadline(working_days(1), EXAMPLE, received).due == at("2026-05-06 17:00")


@pytest.mark.parametrize(
    ("amount", "received", "due"),
    [
        (3, "2026-05-05 09:00", "2026-05-08 17:00"),
        (4, "2026-05-05 09:00", "2026-05-09 17:00"),
        (5, "2026-05-05 09:00", "2026-05-11 17:00"),
        (6, "2026-05-05 09:00", "2026-05-11 17:00"),
        (1, "2026-04-29 09:00", "2026-05-04 17:00"),
        (20, "2026-04-29 09:00", "2026-05-19 17:00"),
    ],
)
def test_calendar_days_end_at_the_close_of_the_next_working_day(amount, received, due):
    assert deadline(calendar_days(amount), EXAMPLE, at(received)).due == at(due)


def test_the_days_between_a_calendar_period_and_its_moved_end_are_listed():
    result = deadline(calendar_days(1), EXAMPLE, at("2026-04-29 09:00"))

    assert [(line.day.day, line.reason) for line in result.lines] == [
        (29, CountReason.RECEIVED),
        (30, CountReason.COUNTED),
        (1, CountReason.DAY_OFF),
        (2, CountReason.DAY_OFF),
        (3, CountReason.DAY_OFF),
        (4, CountReason.END_MOVED_HERE),
    ]


@pytest.mark.parametrize(
    ("rule", "due"),
    [(CountRule.ROLL, "2026-05-06 17:00"), (CountRule.NEXT_IS_DAY_ONE, "2026-05-04 17:00")],
)
def test_calendar_days_of_a_weekend_receipt_follow_the_rule(rule, due):
    assert deadline(calendar_days(2, rule), EXAMPLE, at("2026-05-02 10:00")).due == at(due)


HALF_TUESDAY = calendar_with(special(date(2026, 5, 5), DayKind.HALF_DAY))


def test_a_half_day_counts_and_ends_at_noon():
    assert deadline(working_days(1), HALF_TUESDAY, at("2026-05-04 09:00")).due == at(
        "2026-05-05 12:00"
    )


@pytest.mark.parametrize(
    ("received", "due"),
    [("2026-05-05 12:00", "2026-05-06 17:00"), ("2026-05-05 12:01", "2026-05-07 17:00")],
)
def test_a_receipt_in_the_afternoon_of_a_half_day_is_after_hours(received, due):
    assert deadline(working_days(1), HALF_TUESDAY, at(received)).due == at(due)


def test_a_half_day_without_a_lunch_break_still_ends_at_noon():
    through = WorkingHours(((Span(time(7), time(15)),),) * 5 + ((), ()))
    calendar = calendar_with(special(date(2026, 5, 5), DayKind.HALF_DAY), hours=through)

    assert calendar.closes_at(date(2026, 5, 5)) == time(12)


def test_a_half_day_ends_with_a_morning_that_closes_before_noon():
    early = WorkingHours(
        ((Span(time(7), time(11, 30)), Span(time(13, 30), time(17))),) * 5 + ((), ())
    )
    calendar = calendar_with(special(date(2026, 5, 5), DayKind.HALF_DAY), hours=early)

    assert calendar.closes_at(date(2026, 5, 5)) == time(11, 30)


def test_a_make_up_saturday_keeps_the_hours_of_a_full_day_where_saturdays_are_short():
    saturdays = WorkingHours((FULL,) * 5 + ((Span(time(8), time(11)),), ()))
    calendar = calendar_with(special(MAKE_UP_SATURDAY, DayKind.MAKEUP_WORKING), hours=saturdays)

    assert calendar.closes_at(date(2026, 5, 2)) == time(11)
    assert calendar.closes_at(MAKE_UP_SATURDAY) == time(17)


def test_days_off_of_every_kind_are_not_worked():
    off = (DayKind.HOLIDAY, DayKind.COMPENSATORY, DayKind.SWAPPED_OFF)
    days = [date(2026, 5, 5 + position) for position in range(3)]
    calendar = calendar_with(*(special(*pair) for pair in zip(days, off, strict=True)))

    assert [calendar.is_working(day) for day in days] == [False, False, False]


def test_an_undecided_day_on_the_way_makes_the_end_an_expected_one():
    calendar = calendar_with(special(date(2026, 5, 6), DayKind.HOLIDAY, decision=None))

    assert deadline(working_days(2), calendar, at("2026-05-05 09:00")).is_expected
    assert not deadline(working_days(2), calendar, at("2026-05-07 09:00")).is_expected


def test_a_year_whose_days_off_nobody_entered_is_named():
    result = deadline(working_days(5), EXAMPLE, at("2026-12-30 09:00"))

    assert result.unknown_years == (2027,)
    assert result.is_expected
    assert deadline(working_days(5), EXAMPLE, at("2026-04-29 09:00")).unknown_years == ()


@pytest.mark.parametrize("amount", [0, -1, MAX_AMOUNT + 1])
def test_an_absurd_amount_is_refused(amount):
    with pytest.raises(ValueError, match="1 to 365 days"):
        working_days(amount)


def test_a_moment_without_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        deadline(working_days(5), EXAMPLE, datetime(2026, 5, 4, 9))  # noqa: DTZ001 -- the point


@pytest.mark.parametrize("year", [1, 1999, 2101, 9999])
def test_a_moment_in_an_absurd_year_is_refused(year):
    with pytest.raises(ValueError, match="between 2000 and 2100"):
        deadline(working_days(5), EXAMPLE, datetime(year, 12, 31, 23, tzinfo=UTC))


def test_a_calendar_closed_for_good_is_refused_instead_of_walked_for_ever():
    start = date(2026, 1, 1)
    closed = calendar_with(
        *(special(start + timedelta(days=ahead), DayKind.HOLIDAY) for ahead in range(1300))
    )

    with pytest.raises(ValueError, match="no end"):
        deadline(working_days(5), closed, at("2026-01-05 09:00"))


def test_the_longest_limit_ends_within_the_walk():
    result = deadline(working_days(MAX_AMOUNT), EXAMPLE, at("2026-01-05 09:00"))

    assert result.lines[-1].number == MAX_AMOUNT


@pytest.mark.parametrize(
    "week",
    [
        (FULL,) * 5,
        ((),) * 7,
        ((Span(time(13), time(17)),),) * 7,
        (tuple(reversed(FULL)),) * 7,
        ((Span(time(8), time(12)), Span(time(11), time(17))),) * 7,
    ],
    ids=["five weekdays", "never open", "afternoons only", "out of order", "overlapping"],
)
def test_impossible_hours_are_refused(week):
    with pytest.raises(ValueError, match="week"):
        WorkingHours(week)


def test_a_span_that_closes_before_it_opens_is_refused():
    with pytest.raises(ValueError, match="closes after it opens"):
        Span(time(12), time(12))


@pytest.mark.parametrize("kind", [DayKind.WORKING, DayKind.WEEKEND])
def test_an_ordinary_day_is_not_entered(kind):
    with pytest.raises(ValueError, match="ordinary"):
        special(date(2026, 5, 5), kind)


specials = some.dictionaries(
    some.dates(date(2026, 1, 1), date(2026, 12, 31)),
    some.sampled_from([kind for kind in DayKind if kind not in ("working", "weekend")]),
    max_size=60,
)
moments = some.integers(0, 395 * 24 * 60).map(
    lambda minutes: at("2025-12-01") + timedelta(minutes=minutes)
)
policies = some.builds(
    DeadlinePolicy,
    some.integers(1, 40),
    some.sampled_from(Unit),
    some.sampled_from(CountRule),
    some.none() | some.times(time(7), time(18)),
)


@given(specials, moments, policies)
def test_an_end_is_a_working_day_at_its_closing_hour_and_the_list_has_no_gap(
    entered, received, policy
):
    calendar = calendar_with(*(special(*pair) for pair in entered.items()))

    result = deadline(policy, calendar, received)

    days = [line.day for line in result.lines]
    assert calendar.is_working(result.due.date())
    assert result.due.time() == calendar.closes_at(result.due.date())
    assert result.due > received
    assert days == [received.date() + timedelta(days=ahead) for ahead in range(len(days))]
    assert days[-1] == result.due.date()
    assert [line.number for line in result.lines if line.counted] == list(
        range(1, policy.amount + 1)
    )


@given(specials, moments, policies)
def test_a_longer_limit_never_ends_earlier(entered, received, policy):
    calendar = calendar_with(*(special(*pair) for pair in entered.items()))
    longer = DeadlinePolicy(policy.amount + 1, policy.unit, policy.count_rule, policy.cut_off)

    shorter_due = deadline(policy, calendar, received).due
    longer_due = deadline(longer, calendar, received).due

    assert longer_due >= shorter_due
    assert longer_due > shorter_due or policy.unit is Unit.CALENDAR_DAYS


@given(specials, moments, policies, some.timedeltas(timedelta(), timedelta(days=10)))
def test_a_later_receipt_never_ends_earlier(entered, received, policy, later):
    calendar = calendar_with(*(special(*pair) for pair in entered.items()))

    assert (
        deadline(policy, calendar, received + later).due >= deadline(policy, calendar, received).due
    )


@given(specials, moments, some.integers(1, 40), some.sampled_from(Unit))
def test_rolling_the_receipt_never_shortens_the_limit(entered, received, amount, unit):
    calendar = calendar_with(*(special(*pair) for pair in entered.items()))
    rolled = DeadlinePolicy(amount, unit, CountRule.ROLL)
    kept = DeadlinePolicy(amount, unit, CountRule.NEXT_IS_DAY_ONE)

    assert deadline(rolled, calendar, received).due >= deadline(kept, calendar, received).due


def period(starts, ends, due=None):
    return PeriodDefinition(
        "ky", "Kỳ", starts, ends, due, cumulative=True, legal_basis=None, first_year=2024
    )


def test_a_period_may_begin_in_the_year_before():
    first_quarter = period(YearDay(12, 15, -1), YearDay(3, 14), YearDay(3, 20))

    result = window(first_quarter, 2027)

    assert (result.starts, result.ends, result.due) == (
        date(2026, 12, 15),
        date(2027, 3, 14),
        date(2027, 3, 20),
    )


def test_a_period_without_a_due_day_has_none():
    assert window(period(YearDay(1, 1), YearDay(3, 31)), 2026).due is None


@pytest.mark.parametrize(("year", "last"), [(2024, 29), (2025, 28), (2026, 28), (2028, 29)])
def test_the_end_of_february_follows_the_year(year, last):
    assert window(period(YearDay(2, 1), YearDay(2, 29)), year).ends == date(year, 2, last)


@pytest.mark.parametrize(("month", "day"), [(0, 1), (13, 1), (2, 30), (4, 31), (1, 0)])
def test_a_day_no_year_has_is_refused(month, day):
    with pytest.raises(ValueError, match="no year"):
        YearDay(month, day)
