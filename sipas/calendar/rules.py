"""When the office works and when a time limit ends: pure arithmetic on a given calendar."""

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
NOON = time(12)
WEEKDAYS = 7
MONTHS = 12
LEAP = 2000
FIRST_YEAR, LAST_YEAR = 2000, 2100
MAX_AMOUNT = 365
# A year of working days with every holiday doubled still ends within this; a walk that does not
# end by then is walking a calendar in which the office is closed for good.
MAX_WALK = 3 * 366


class DayKind(StrEnum):
    """What a day is for the office; each day is exactly one of these."""

    WORKING = "working"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    COMPENSATORY = "compensatory"
    SWAPPED_OFF = "swapped_off"
    MAKEUP_WORKING = "makeup_working"
    HALF_DAY = "half_day"


# The rest follows from the hours of the week and is never entered.
SPECIAL_KINDS = (
    DayKind.HOLIDAY,
    DayKind.COMPENSATORY,
    DayKind.SWAPPED_OFF,
    DayKind.MAKEUP_WORKING,
    DayKind.HALF_DAY,
)


class CountRule(StrEnum):
    """What becomes of a receipt outside working time."""

    ROLL = "roll"
    """It counts as received on the next working day, which is then day zero."""
    NEXT_IS_DAY_ONE = "next_is_day_one"
    """It counts where it fell, so that the next day that counts is already day one."""


class Unit(StrEnum):
    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"


class CountReason(StrEnum):
    """Why a day of a time limit was counted or skipped."""

    RECEIVED = "received"
    RECEIVED_AFTER_HOURS = "received_after_hours"
    RECEIVED_ON_DAY_OFF = "received_on_day_off"
    RECEIPT_MOVED_HERE = "receipt_moved_here"
    COUNTED = "counted"
    DAY_OFF = "day_off"
    END_MOVED_HERE = "end_moved_here"


@dataclass(frozen=True, slots=True)
class Span:
    opens: time
    closes: time

    def __post_init__(self) -> None:
        if self.opens >= self.closes:
            raise ValueError("a span of working hours closes after it opens")


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """Office hours (giờ làm việc) from Monday to Sunday; a weekday without any is a weekend."""

    week: tuple[tuple[Span, ...], ...]

    def __post_init__(self) -> None:
        if len(self.week) != WEEKDAYS:
            raise ValueError("working hours name all seven weekdays")
        if not any(self.week) or self.full_day[0].opens >= NOON:
            raise ValueError("the office works on at least one weekday, from the morning on")
        for spans in self.week:
            if any(later.opens < earlier.closes for earlier, later in pairwise(spans)):
                raise ValueError("spans of one weekday stand in order and do not overlap")

    @property
    def full_day(self) -> tuple[Span, ...]:
        """The first weekday's hours: a make-up Saturday is worked like any other day."""
        return next(spans for spans in self.week if spans)

    @property
    def half_day(self) -> tuple[Span, ...]:
        morning = self.full_day[0]
        return (Span(morning.opens, min(NOON, morning.closes)),)


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day that differs from its weekday, with the document that made it so."""

    day: date
    kind: DayKind
    name: str
    decision: str | None
    """None while no document is out: the day is expected (dự kiến), not decided."""

    def __post_init__(self) -> None:
        if self.kind not in SPECIAL_KINDS:
            raise ValueError("an ordinary day is not entered")

    @property
    def is_expected(self) -> bool:
        return self.decision is None


def suits(kind: DayKind, day: date, hours: WorkingHours) -> bool:
    """A day usually off can be worked, a working day given off; a holiday falls where it falls."""
    usually_worked = bool(hours.week[day.weekday()])
    if kind is DayKind.MAKEUP_WORKING:
        return not usually_worked
    return usually_worked or kind is DayKind.HOLIDAY


def needs_reason(decision: str | None, *, replaces: bool) -> bool:
    """A change of the calendar rests on a document, a change of a change on a reason too."""
    return replaces or decision is None


@dataclass(frozen=True, slots=True)
class Calendar:
    days: Mapping[date, CalendarDay]
    hours: WorkingHours

    def kind_of(self, day: date) -> DayKind:
        if special := self.days.get(day):
            return special.kind
        return DayKind.WORKING if self.hours.week[day.weekday()] else DayKind.WEEKEND

    def hours_of(self, day: date) -> tuple[Span, ...]:
        """When the office is open on this day; nothing on a day off."""
        match self.kind_of(day):
            case DayKind.WORKING:
                return self.hours.week[day.weekday()]
            case DayKind.MAKEUP_WORKING:
                return self.hours.full_day
            case DayKind.HALF_DAY:
                return self.hours.half_day
        return ()

    def is_working(self, day: date) -> bool:
        return bool(self.hours_of(day))

    def closes_at(self, day: date) -> time:
        """The end of a working day; a day off has none, so ask `is_working` first."""
        return self.hours_of(day)[-1].closes

    def knows(self, year: int) -> bool:
        """Whether anyone has entered the days off of this year."""
        return any(day.year == year for day in self.days)


@dataclass(frozen=True, slots=True)
class DeadlinePolicy:
    amount: int
    unit: Unit
    count_rule: CountRule
    cut_off: time | None = None
    """The last moment that still counts as today; None is the end of office hours."""

    def __post_init__(self) -> None:
        if not 1 <= self.amount <= MAX_AMOUNT:
            raise ValueError(f"a time limit is 1 to {MAX_AMOUNT} days")


@dataclass(frozen=True, slots=True)
class DayLine:
    """One day between receipt and end, with its number if it was counted."""

    day: date
    kind: DayKind
    reason: CountReason
    number: int | None = None
    special: CalendarDay | None = None

    @property
    def counted(self) -> bool:
        return self.number is not None


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a time limit (hạn) ends, and every day on the way there."""

    due: datetime
    day_zero: date
    lines: tuple[DayLine, ...]
    unknown_years: tuple[int, ...]
    """Years on the way whose days off nobody has entered yet."""

    @property
    def is_expected(self) -> bool:
        """Whether it rests on days that no document has decided, or that nobody has entered."""
        undecided = any(line.special and line.special.is_expected for line in self.lines)
        return undecided or bool(self.unknown_years)


def deadline(policy: DeadlinePolicy, calendar: Calendar, received_at: datetime) -> Deadline:
    """Count from the day after receipt (Bộ luật Dân sự 2015, Điều 147 and 148)."""
    local = _local(received_at)
    receipt = _receipt_lines(policy, calendar, local)
    day_zero = receipt[-1].day
    lines = [*receipt, *_counted_lines(policy, calendar, day_zero)]
    if not calendar.is_working(lines[-1].day):
        lines += _until_working(calendar, lines[-1].day, CountReason.END_MOVED_HERE)
    last = lines[-1].day
    years = range(local.year, last.year + 1)
    return Deadline(
        due=datetime.combine(last, calendar.closes_at(last), VIETNAM),
        day_zero=day_zero,
        lines=tuple(lines),
        unknown_years=tuple(year for year in years if not calendar.knows(year)),
    )


def _local(received_at: datetime) -> datetime:
    if received_at.tzinfo is None:
        raise ValueError("a moment of receipt says its time zone")
    if not FIRST_YEAR <= received_at.year <= LAST_YEAR:
        raise ValueError(f"a moment of receipt lies between {FIRST_YEAR} and {LAST_YEAR}")
    return received_at.astimezone(VIETNAM)


def _receipt_lines(policy: DeadlinePolicy, calendar: Calendar, received: datetime) -> list[DayLine]:
    """The days up to day zero, which is the last of them."""
    reason = _receipt_reason(policy, calendar, received)
    first = _line(calendar, received.date(), reason)
    if reason is CountReason.RECEIVED or policy.count_rule is CountRule.NEXT_IS_DAY_ONE:
        return [first]
    return [first, *_until_working(calendar, first.day, CountReason.RECEIPT_MOVED_HERE)]


def _receipt_reason(policy: DeadlinePolicy, calendar: Calendar, received: datetime) -> CountReason:
    if not calendar.is_working(received.date()):
        return CountReason.RECEIVED_ON_DAY_OFF
    closes = calendar.closes_at(received.date())
    in_time = received.time() <= min(policy.cut_off or closes, closes)
    return CountReason.RECEIVED if in_time else CountReason.RECEIVED_AFTER_HOURS


def _counted_lines(policy: DeadlinePolicy, calendar: Calendar, day_zero: date) -> Iterator[DayLine]:
    days, number = _days_after(day_zero), 0
    while number < policy.amount:
        day = next(days)
        if policy.unit is Unit.CALENDAR_DAYS or calendar.is_working(day):
            number += 1
            yield _line(calendar, day, CountReason.COUNTED, number)
        else:
            yield _line(calendar, day, CountReason.DAY_OFF)


def _until_working(calendar: Calendar, after: date, arrived: CountReason) -> Iterator[DayLine]:
    days = _days_after(after)
    while not calendar.is_working(day := next(days)):
        yield _line(calendar, day, CountReason.DAY_OFF)
    yield _line(calendar, day, arrived)


def _line(calendar: Calendar, day: date, reason: CountReason, number: int | None = None) -> DayLine:
    return DayLine(day, calendar.kind_of(day), reason, number, calendar.days.get(day))


def _days_after(day: date) -> Iterator[date]:
    for distance in range(1, MAX_WALK + 1):
        yield day + timedelta(days=distance)
    raise ValueError(f"the calendar has no end to this time limit within {MAX_WALK} days")


@dataclass(frozen=True, slots=True)
class YearDay:
    """A day of each year, seen from the year of a report (its start may lie in the year before)."""

    month: int
    day: int
    years_after: int = 0

    def __post_init__(self) -> None:
        if not (1 <= self.month <= MONTHS and 1 <= self.day <= monthrange(LEAP, self.month)[1]):
            raise ValueError("no year has such a day")

    def in_year(self, year: int) -> date:
        """29 February means the end of February: it is the 28th in most years."""
        own = year + self.years_after
        return date(own, self.month, min(self.day, monthrange(own, self.month)[1]))


@dataclass(frozen=True, slots=True)
class PeriodDefinition:
    """One report period (kỳ báo cáo) as a document lays it down for every year."""

    code: str
    name: str
    starts: YearDay
    ends: YearDay
    due: YearDay | None
    cumulative: bool
    legal_basis: str | None
    first_year: int


@dataclass(frozen=True, slots=True)
class Window:
    """A report period in one year: the days whose figures go in, and the day it is due."""

    definition: PeriodDefinition
    year: int
    starts: date
    ends: date
    due: date | None


def window(definition: PeriodDefinition, year: int) -> Window:
    return Window(
        definition,
        year,
        starts=definition.starts.in_year(year),
        ends=definition.ends.in_year(year),
        due=definition.due.in_year(year) if definition.due else None,
    )
