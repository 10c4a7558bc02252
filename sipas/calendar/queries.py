"""Reading the calendar: as the arithmetic wants it, and as its pages show it."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from sipas.calendar.models import EnteredDay, OpenSpan, ReportPeriod
from sipas.calendar.rules import WEEKDAYS, Calendar, Span, Window, WorkingHours, window
from sipas.errors import RuleError
from sipas.i18n import gettext as _


def calendar(db: Session) -> Calendar:
    """The whole calendar in force: a few dozen rows."""
    rows = db.scalars(
        select(EnteredDay)
        .where(EnteredDay.replaced_at.is_(None), EnteredDay.kind.is_not(None))
        .order_by(EnteredDay.day)
    )
    return Calendar({row.day: row.special for row in rows if row.special}, working_hours(db))


def working_hours(db: Session) -> WorkingHours:
    spans = open_spans(db)
    if not spans:
        raise RuleError(_("Chưa có giờ làm việc của cơ quan. Nạp lịch làm việc có sẵn trước."))
    return WorkingHours(
        tuple(
            tuple(Span(span.opens, span.closes) for span in spans if span.weekday == weekday)
            for weekday in range(WEEKDAYS)
        )
    )


def open_spans(db: Session) -> Sequence[OpenSpan]:
    """Office hours in force, from Monday morning on."""
    return db.scalars(
        select(OpenSpan)
        .where(OpenSpan.replaced_at.is_(None))
        .order_by(OpenSpan.weekday, OpenSpan.opens, OpenSpan.id)
    ).all()


def days_of_year(db: Session, year: int) -> Sequence[EnteredDay]:
    """The special days of a year in force, in order, with who entered each."""
    return db.scalars(
        select(EnteredDay)
        .where(
            EnteredDay.replaced_at.is_(None),
            EnteredDay.kind.is_not(None),
            EnteredDay.day.between(date(year, 1, 1), date(year, 12, 31)),
        )
        .options(joinedload(EnteredDay.entered_by))
        .order_by(EnteredDay.day, EnteredDay.id)
    ).all()


def versions_of_day(db: Session, day: date) -> Sequence[EnteredDay]:
    """All that was ever entered for this day, the latest first."""
    return db.scalars(
        select(EnteredDay)
        .where(EnteredDay.day == day)
        .options(joinedload(EnteredDay.entered_by))
        .order_by(EnteredDay.id.desc())
    ).all()


def version_in_force(db: Session, day: date) -> EnteredDay | None:
    return db.scalars(
        select(EnteredDay).where(EnteredDay.day == day, EnteredDay.replaced_at.is_(None))
    ).one_or_none()


def years_entered(db: Session) -> frozenset[int]:
    """Years for which any day was ever entered, be it taken out again since."""
    return frozenset(day.year for day in db.scalars(select(EnteredDay.day).distinct()))


def report_windows(db: Session, year: int) -> list[Window]:
    """The report periods of a year, in the order in which they were laid down."""
    rows = db.scalars(
        select(ReportPeriod)
        .where(
            ReportPeriod.first_year <= year,
            ReportPeriod.last_year.is_(None) | (ReportPeriod.last_year >= year),
        )
        .order_by(ReportPeriod.id)
    )
    return [window(row.definition, year) for row in rows]


def period_codes(db: Session) -> frozenset[str]:
    return frozenset(db.scalars(select(ReportPeriod.code)))
