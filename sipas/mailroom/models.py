"""The outbox: notices written in the transaction of what they tell of; what ran in which period."""

from datetime import datetime

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from sipas.database import Base
from sipas.mailroom.rules import Letter, NoticeState, Setback


class Notice(Base):
    """A letter (thư báo) on its way: waiting, leased to a sender, sent, or given up."""

    __tablename__ = "notice"
    __table_args__ = (Index("ix_notice_due_at", "due_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    to: Mapped[str] = mapped_column(String(200))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    posted_at: Mapped[datetime]
    due_at: Mapped[datetime | None]  # when to try next; nothing once it is sent or given up
    tries: Mapped[int] = mapped_column(default=0)
    lease: Mapped[str | None] = mapped_column(String(32))
    leased_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(String(200))  # "refused 550"

    @property
    def letter(self) -> Letter:
        return Letter(self.to, self.subject, self.body)

    @property
    def state(self) -> NoticeState:
        if self.sent_at is not None:
            return NoticeState.SENT
        return NoticeState.WAITING if self.due_at is not None else NoticeState.GIVEN_UP

    @property
    def setback(self) -> Setback | None:
        return Setback(self.last_error.split()[0]) if self.last_error else None


class PeriodicRun(Base):
    """One run of periodic work (việc định kỳ) in one period: whoever makes the row does it."""

    __tablename__ = "periodic_run"

    task: Mapped[str] = mapped_column(String(40), primary_key=True)
    period: Mapped[datetime] = mapped_column(primary_key=True)
    leased_until: Mapped[datetime]
    done_at: Mapped[datetime | None]
