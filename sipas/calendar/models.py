"""Days off and make-up days, office hours, report periods: rows that are replaced, never lost."""

from datetime import date, datetime, time

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, composite, mapped_column, relationship

from sipas.calendar.rules import CalendarDay, DayKind, PeriodDefinition, YearDay
from sipas.database import Base
from sipas.staff.models import StaffMember

IN_FORCE = text("replaced_at IS NULL")


class EnteredDay(Base):
    """One version of a day that differs from its weekday; at most one version is in force.

    A version without a kind says that the day is an ordinary one again.
    """

    __tablename__ = "calendar_day"
    __table_args__ = (
        Index(
            "uq_calendar_day_in_force",
            "day",
            unique=True,
            sqlite_where=IN_FORCE,
            postgresql_where=IN_FORCE,
        ),
        Index("ix_calendar_day_day", "day"),
        CheckConstraint("replaced_by_id IS NULL OR replaced_at IS NOT NULL", name="replaced_when"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date]
    kind: Mapped[str | None] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(200))
    decision: Mapped[str | None] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(Text)  # why it was entered or changed by hand
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey(StaffMember.id))
    entered_at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("calendar_day.id"))

    entered_by: Mapped[StaffMember | None] = relationship()

    @property
    def special(self) -> CalendarDay | None:
        """What the arithmetic knows of this day."""
        if self.kind is None:
            return None
        return CalendarDay(self.day, DayKind(self.kind), self.name, self.decision)


class OpenSpan(Base):
    """One version of one span of a weekday's office hours (Monday is 0)."""

    __tablename__ = "working_hours"
    __table_args__ = (
        Index(
            "uq_working_hours_in_force",
            "weekday",
            "opens",
            unique=True,
            sqlite_where=IN_FORCE,
            postgresql_where=IN_FORCE,
        ),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("closes > opens", name="closes_after_opening"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    weekday: Mapped[int]
    opens: Mapped[time]
    closes: Mapped[time]
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey(StaffMember.id))
    entered_at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]


class ReportPeriod(Base):
    """The definition of a report period (kỳ báo cáo), for the report years it is valid in."""

    __tablename__ = "report_period"
    __table_args__ = (
        Index("uq_report_period_code_first_year", "code", "first_year", unique=True),
        CheckConstraint("last_year IS NULL OR last_year >= first_year", name="years_in_order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200))
    starts: Mapped[YearDay] = composite(
        mapped_column("starts_month"), mapped_column("starts_day"), mapped_column("starts_shift")
    )
    ends: Mapped[YearDay] = composite(
        mapped_column("ends_month"), mapped_column("ends_day"), mapped_column("ends_shift")
    )
    due: Mapped[YearDay | None] = composite(
        mapped_column("due_month", nullable=True),
        mapped_column("due_day", nullable=True),
        mapped_column("due_shift", nullable=True),
    )
    cumulative: Mapped[bool]
    legal_basis: Mapped[str | None] = mapped_column(Text)
    first_year: Mapped[int]
    last_year: Mapped[int | None]

    @property
    def definition(self) -> PeriodDefinition:
        return PeriodDefinition(
            self.code,
            self.name,
            self.starts,
            self.ends,
            self.due,
            self.cumulative,
            self.legal_basis,
            self.first_year,
        )

    @classmethod
    def of(cls, definition: PeriodDefinition) -> "ReportPeriod":
        return cls(
            code=definition.code,
            name=definition.name,
            starts=definition.starts,
            ends=definition.ends,
            due=definition.due,
            cumulative=definition.cumulative,
            legal_basis=definition.legal_basis,
            first_year=definition.first_year,
        )
