"""The shipped calendars say what the documents say, and a bad file is refused with its line."""

import itertools
from datetime import date, datetime, time, timedelta

import holidays
import pytest

from sipas.calendar import reference
from sipas.calendar.rules import (
    SPECIAL_KINDS,
    VIETNAM,
    Calendar,
    CalendarDay,
    CountRule,
    DayKind,
    DeadlinePolicy,
    Span,
    Unit,
    deadline,
    window,
)
from sipas.errors import RuleError

YEARS = reference.years()
SHIPPED = Calendar(
    {special.day: special for days in YEARS.values() for special in days},
    reference.working_hours(),
)


def weekdays_off(year):
    start = date(year, 1, 1)
    days = [start + timedelta(days=ahead) for ahead in range(366)]
    return [
        f"{day:%d/%m}"
        for day in days
        if day.year == year and day.weekday() < 5 and not SHIPPED.is_working(day)
    ]


def weekend_worked(year):
    return [
        f"{special.day:%d/%m}"
        for special in YEARS[year]
        if special.kind is DayKind.MAKEUP_WORKING and special.day.weekday() >= 5
    ]


@pytest.mark.parametrize(
    ("year", "off", "worked"),
    [
        (
            2024,
            "01/01 08/02 09/02 12/02 13/02 14/02 18/04 29/04 30/04 01/05 02/09 03/09",
            "04/05",
        ),
        (2025, "01/01 27/01 28/01 29/01 30/01 31/01 07/04 30/04 01/05 02/05 01/09 02/09", "26/04"),
        (
            2026,
            "01/01 02/01 16/02 17/02 18/02 19/02 20/02 27/04 30/04 01/05 31/08 01/09 02/09 24/11",
            "10/01 22/08",
        ),
        (2027, "01/01 04/02 05/02 08/02 09/02 10/02 16/04 30/04 03/05 02/09 03/09 24/11", ""),
    ],
)
def test_weekdays_off_and_weekends_worked_of_each_shipped_year(year, off, worked):
    assert weekdays_off(year) == off.split()
    assert weekend_worked(year) == worked.split()


def test_the_library_that_filled_the_table_misses_only_the_swap_of_january_2026():
    library = holidays.country_holidays("VN", years=list(YEARS))
    start, end = date(2024, 1, 1), date(2027, 12, 31)
    days = [start + timedelta(days=ahead) for ahead in range((end - start).days + 1)]

    differences = [day for day in days if library.is_working_day(day) != SHIPPED.is_working(day)]

    assert differences == [date(2026, 1, 2), date(2026, 1, 10)]


def test_the_day_of_culture_is_off_from_2026_only():
    assert [SHIPPED.is_working(date(year, 11, 24)) for year in (2025, 2026)] == [True, False]


def test_days_of_2027_that_wait_for_the_yearly_notice_are_marked_as_expected():
    expected = [f"{special.day:%d/%m}" for special in YEARS[2027] if special.is_expected]

    assert expected == ["04/02", "05/02", "06/02", "07/02", "08/02", "09/02", "10/02", "03/09"]


def test_every_day_of_a_past_year_carries_its_document():
    assert [
        special for year in (2024, 2025, 2026) for special in YEARS[year] if special.is_expected
    ] == []


def test_every_swapped_day_has_its_make_up_day():
    for days in YEARS.values():
        swapped = [day for day in days if day.kind is DayKind.SWAPPED_OFF]
        made_up = [day for day in days if day.kind is DayKind.MAKEUP_WORKING]
        assert len(swapped) == len(made_up)


@pytest.mark.parametrize(
    ("received", "amount", "due"),
    [
        ((2025, 12, 31, 9), 1, date(2026, 1, 5)),
        ((2025, 12, 31, 9), 5, date(2026, 1, 9)),
        ((2025, 12, 31, 9), 6, date(2026, 1, 10)),
        ((2026, 1, 9, 9), 1, date(2026, 1, 10)),
        ((2026, 1, 10, 16), 1, date(2026, 1, 12)),
        ((2026, 2, 13, 9), 1, date(2026, 2, 23)),
        ((2026, 2, 14, 22), 1, date(2026, 2, 24)),
        ((2026, 4, 24, 9), 1, date(2026, 4, 28)),
        ((2026, 8, 28, 9), 1, date(2026, 9, 3)),
        ((2026, 8, 21, 9), 1, date(2026, 8, 22)),
        ((2026, 11, 23, 9), 1, date(2026, 11, 25)),
        ((2025, 11, 23, 9), 1, date(2025, 11, 25)),
        ((2027, 2, 3, 9), 2, date(2027, 2, 12)),
    ],
)
def test_deadlines_across_the_real_holidays(received, amount, due):
    policy = DeadlinePolicy(amount, Unit.WORKING_DAYS, CountRule.ROLL)
    year, month, day, hour = received
    moment = datetime(year, month, day, hour, tzinfo=VIETNAM)

    assert deadline(policy, SHIPPED, moment).due.date() == due


def test_office_hours_as_shipped():
    assert SHIPPED.hours.full_day == (Span(time(8), time(12)), Span(time(13), time(17)))
    assert SHIPPED.closes_at(date(2026, 1, 5)) == time(17)


@pytest.mark.parametrize(
    ("code", "starts", "ends", "due", "cumulative"),
    [
        ("cchc-quy-1", date(2025, 12, 15), date(2026, 3, 14), date(2026, 3, 20), True),
        ("cchc-6-thang", date(2025, 12, 15), date(2026, 6, 14), date(2026, 6, 20), True),
        ("cchc-quy-3", date(2026, 6, 15), date(2026, 9, 14), date(2026, 9, 20), False),
        ("cchc-nam", date(2025, 12, 15), date(2026, 12, 14), date(2026, 12, 20), True),
        ("quy-4", date(2026, 10, 1), date(2026, 12, 31), None, False),
        ("thang-02", date(2026, 2, 1), date(2026, 2, 28), None, False),
    ],
)
def test_report_periods_of_2026(code, starts, ends, due, cumulative):
    definition = next(period for period in reference.periods() if period.code == code)

    result = window(definition, 2026)

    assert (result.starts, result.ends, result.due) == (starts, ends, due)
    assert definition.cumulative is cumulative


@pytest.mark.parametrize(("prefix", "number"), [("quy-", 4), ("thang-", 12)])
def test_plain_periods_cover_the_year_without_gap(prefix, number):
    windows = [
        window(period, 2026) for period in reference.periods() if period.code.startswith(prefix)
    ]

    assert len(windows) == number
    assert (windows[0].starts, windows[-1].ends) == (date(2026, 1, 1), date(2026, 12, 31))
    for earlier, later in itertools.pairwise(windows):
        assert later.starts == earlier.ends + timedelta(days=1)


YEAR_HEAD = "year: 2026\ndecisions: {law: {number: Luật, source: Công báo}}\ndays:\n"
GOOD_DAY = "- {day: 2026-09-02, kind: holiday, name: Quốc khánh, decision: law}\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "calendar").mkdir()
    return tmp_path


def year_file(folder, text):
    (folder / "calendar" / "2026.yaml").write_text(text, "utf-8")
    return folder


def test_a_good_year_is_read(folder):
    assert reference.years(year_file(folder, YEAR_HEAD + GOOD_DAY)) == {
        2026: (CalendarDay(date(2026, 9, 2), DayKind.HOLIDAY, "Quốc khánh", "Luật"),)
    }


KINDS = ", ".join(SPECIAL_KINDS)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Tệp 2026.yaml, dòng 1: tệp không có nội dung."),
        ("year: [", "Tệp 2026.yaml, dòng 1: không đúng cú pháp YAML."),
        ("- 1", "Tệp 2026.yaml, dòng 1: phải gồm các mục: year, decisions, days."),
        ("year: 2026\n", "Tệp 2026.yaml, dòng 1: thiếu mục: decisions, days."),
        (
            YEAR_HEAD.replace("2026", "2025") + GOOD_DAY,
            "Tệp 2026.yaml, dòng 1, mục “year”: phải là năm trong tên tệp.",
        ),
        (
            YEAR_HEAD + "  none",
            "Tệp 2026.yaml, dòng 4, mục “days”: phải là một danh sách.",
        ),
        (
            YEAR_HEAD + GOOD_DAY + GOOD_DAY,
            "Tệp 2026.yaml, dòng 5, mục “days”: ngày này đã được ghi ở trên.",
        ),
        (
            YEAR_HEAD + GOOD_DAY.replace("2026", "2027"),
            "Tệp 2026.yaml, dòng 4, mục “days”: ngày này không thuộc năm của tệp.",
        ),
        (
            YEAR_HEAD + GOOD_DAY.replace("09-02", "02-30"),
            "Tệp 2026.yaml, dòng 4, mục “day”: phải là một ngày có thật, dạng 2026-09-02.",
        ),
        (
            YEAR_HEAD + GOOD_DAY.replace("holiday", "weekend"),
            f"Tệp 2026.yaml, dòng 4, mục “kind”: phải là một trong: {KINDS}.",
        ),
        (
            YEAR_HEAD + GOOD_DAY.replace("Quốc khánh", "''"),
            "Tệp 2026.yaml, dòng 4, mục “name”: phải có chữ.",
        ),
        (
            YEAR_HEAD + GOOD_DAY.replace("decision: law", "decision: thong-bao"),
            "Tệp 2026.yaml, dòng 4, mục “decision”: phải là một trong: law.",
        ),
        (
            YEAR_HEAD + GOOD_DAY.replace("decision", "decison"),
            "Tệp 2026.yaml, dòng 4, mục “decison”: không phải là mục được dùng ở đây.",
        ),
        (
            YEAR_HEAD + "- {day: 2026-09-02, day: 2026-09-03}",
            "Tệp 2026.yaml, dòng 4, mục “day”: bị ghi hai lần.",
        ),
    ],
)
def test_a_bad_year_is_refused_with_its_line_and_field(folder, text, message):
    with pytest.raises(RuleError) as refused:
        reference.years(year_file(folder, text))

    assert refused.value.message == message


HOURS = "".join(f'{name}: ["08:00-12:00"]\n' for name in reference.WEEKDAY_NAMES)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            HOURS.replace("08:00-12:00", "8h-12h", 1),
            (
                "Tệp hours.yaml, dòng 1, mục “monday”: "
                "phải là khoảng giờ, dạng 08:00-12:00, giờ mở trước giờ đóng."
            ),
        ),
        (
            HOURS.replace("08:00-12:00", "12:00-08:00"),
            (
                "Tệp hours.yaml, dòng 1, mục “monday”: "
                "phải là khoảng giờ, dạng 08:00-12:00, giờ mở trước giờ đóng."
            ),
        ),
        (
            HOURS.replace('"08:00-12:00"', ""),
            (
                "Tệp hours.yaml, dòng 1: các khoảng giờ trong ngày phải theo thứ tự, "
                "có ít nhất một ngày làm việc từ sáng."
            ),
        ),
    ],
)
def test_bad_hours_are_refused_with_their_line(folder, text, message):
    (folder / reference.HOURS).write_text(text, "utf-8")

    with pytest.raises(RuleError) as refused:
        reference.working_hours(folder)

    assert refused.value.message == message


PERIOD = (
    "- {code: q1, name: Quý I, starts: 01/01, ends: 31/03, due: null, "
    "cumulative: no, first_year: 2024, legal_basis: null}\n"
)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (PERIOD * 2, "Tệp periods.yaml, dòng 2: mã kỳ q1 bị ghi hai lần."),
        (
            PERIOD.replace("01/01", "1/1"),
            (
                "Tệp periods.yaml, dòng 1, mục “starts”: "
                "phải là ngày/tháng, dạng 15/12 hoặc 15/12 năm trước."
            ),
        ),
        (
            PERIOD.replace("01/01", "31/02"),
            "Tệp periods.yaml, dòng 1, mục “starts”: không phải là một ngày có thật.",
        ),
        (
            PERIOD.replace("31/03", "31/03 năm trước"),
            "Tệp periods.yaml, dòng 1, mục “ends”: ngày cuối phải sau ngày đầu.",
        ),
        (
            PERIOD.replace("2024", "24"),
            "Tệp periods.yaml, dòng 1, mục “first_year”: phải là một năm, dạng 2026.",
        ),
        (
            PERIOD.replace("cumulative: no", "cumulative: 2"),
            "Tệp periods.yaml, dòng 1, mục “cumulative”: phải là một trong: no, yes.",
        ),
    ],
)
def test_bad_periods_are_refused_with_their_line(folder, text, message):
    (folder / reference.PERIODS).write_text(text, "utf-8")

    with pytest.raises(RuleError) as refused:
        reference.periods(folder)

    assert refused.value.message == message


def test_a_missing_file_is_named(folder):
    with pytest.raises(RuleError, match=r"Không đọc được tệp hours\.yaml"):
        reference.working_hours(folder)
