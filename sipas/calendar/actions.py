"""Changing the calendar: a new version replaces the old one, and the ledger notes it."""

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from sipas.calendar import queries, reference
from sipas.calendar.models import EnteredDay, OpenSpan, ReportPeriod
from sipas.calendar.rules import CalendarDay, WorkingHours, needs_reason, suits
from sipas.database import Base
from sipas.errors import NotFoundError, RuleError
from sipas.i18n import gettext as _
from sipas.ledger.actions import record
from sipas.ledger.rules import Actor, ActorKind


def set_day(
    db: Session, special: CalendarDay, *, reason: str, by: Actor, now: datetime
) -> EnteredDay:
    """Enter a day, or change it. Entering the same twice changes nothing."""
    current = queries.version_in_force(db, special.day)
    if current is not None and current.special == special:
        return current
    if not suits(special.kind, special.day, queries.working_hours(db)):
        raise RuleError(_("Loại ngày này không hợp với thứ trong tuần của ngày đó."))
    if needs_reason(special.decision, replaces=current is not None) and not reason:
        raise RuleError(_("Viết lý do ghi hoặc sửa ngày này."))
    entered = _version(special.day, special, reason=reason, by=by, now=now)
    _replace(db, current, entered, now=now)
    _record_day(db, "calendar.day_set", entered, by=by, now=now)
    return entered


def remove_day(db: Session, day: date, *, reason: str, by: Actor, now: datetime) -> EnteredDay:
    """Make it an ordinary day again. What stood there stays readable."""
    current = queries.version_in_force(db, day)
    if current is None:
        raise NotFoundError
    if current.kind is None:
        return current
    if not reason:
        raise RuleError(_("Viết lý do bỏ ngày này khỏi lịch."))
    ordinary = _version(day, None, reason=reason, by=by, now=now)
    ordinary.name = current.name
    _replace(db, current, ordinary, now=now)
    _record_day(db, "calendar.day_removed", ordinary, by=by, now=now)
    return ordinary


def set_hours(db: Session, hours: WorkingHours, *, by: Actor, now: datetime) -> None:
    """Change the office hours of the whole week at once."""
    if queries.open_spans(db) and queries.working_hours(db) == hours:
        return
    db.execute(update(OpenSpan).where(OpenSpan.replaced_at.is_(None)).values(replaced_at=now))
    _add(db, _spans(hours, by=by, now=now))
    week = [[f"{span.opens:%H:%M}-{span.closes:%H:%M}" for span in day] for day in hours.week]
    record(db, "calendar.hours_set", "working_hours", by=by, now=now, week=week)


def load_reference(
    db: Session, *, by: Actor, now: datetime, folder: Path = reference.FOLDER
) -> tuple[int, ...]:
    """Fill in what is missing: a year, the hours, a period. What the office entered stays."""
    entered = queries.years_entered(db)
    shipped = reference.years(folder)
    missing = tuple(year for year in shipped if year not in entered)
    known = queries.period_codes(db)
    periods = [period for period in reference.periods(folder) if period.code not in known]
    if not queries.open_spans(db):
        set_hours(db, reference.working_hours(folder), by=by, now=now)
    for year in missing:
        _add(db, (_version(day.day, day, reason="", by=by, now=now) for day in shipped[year]))
    _add(db, (ReportPeriod.of(period) for period in periods))
    if missing or periods:
        record(
            db,
            "calendar.reference_loaded",
            "calendar",
            by=by,
            now=now,
            years=list(missing),
            periods=[period.code for period in periods],
        )
    return missing


def _version(
    day: date, special: CalendarDay | None, *, reason: str, by: Actor, now: datetime
) -> EnteredDay:
    return EnteredDay(
        day=day,
        kind=special.kind if special else None,
        name=special.name if special else "",
        decision=special.decision if special else None,
        reason=reason,
        entered_by_id=_staff_id(by),
        entered_at=now,
    )


def _spans(hours: WorkingHours, *, by: Actor, now: datetime) -> list[OpenSpan]:
    return [
        OpenSpan(
            weekday=weekday,
            opens=span.opens,
            closes=span.closes,
            entered_by_id=_staff_id(by),
            entered_at=now,
        )
        for weekday, spans in enumerate(hours.week)
        for span in spans
    ]


def _staff_id(by: Actor) -> int | None:
    return by.id if by.kind is ActorKind.STAFF else None


def _replace(
    db: Session, current: EnteredDay | None, entered: EnteredDay, *, now: datetime
) -> None:
    """The old version goes out of force first: the database allows one at a time."""
    if current is not None:
        current.replaced_at = now
        db.flush()
    _add(db, [entered])
    if current is not None:
        current.replaced_by_id = entered.id


def _add(db: Session, rows: Iterable[Base]) -> None:
    """Two people may enter the same at once; the second is told instead of overwriting."""
    try:
        with db.begin_nested():
            db.add_all(rows)
    except IntegrityError:
        raise RuleError(
            _("Lịch vừa được người khác sửa. Mở lại trang, xem rồi sửa lần nữa.")
        ) from None


def _record_day(db: Session, what: str, entered: EnteredDay, *, by: Actor, now: datetime) -> None:
    record(
        db,
        what,
        f"calendar_day:{entered.id}",
        by=by,
        now=now,
        day=entered.day.isoformat(),
        kind=entered.kind,
        decision=entered.decision,
    )
