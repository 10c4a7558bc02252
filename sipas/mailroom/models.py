"""The outbox: notices written in the transaction of what they tell of."""

from datetime import datetime

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from sipas.database import Base


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
    last_error: Mapped[str | None] = mapped_column(String(200))
