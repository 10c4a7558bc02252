"""The ledger (sổ nhật ký): events that are only ever added, and the end of their chain."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from sipas.database import Base, BigKey
from sipas.ledger.rules import Actor, ActorKind, Entry


class Event(Base):
    """One thing that was done. Triggers refuse to change or delete it."""

    __tablename__ = "event"
    __table_args__ = (Index("ix_event_subject_seq", "subject", "seq"),)

    seq: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    what: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(80))
    actor_kind: Mapped[str] = mapped_column(String(10))
    actor_id: Mapped[int | None]
    on_behalf_of: Mapped[int | None]
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)
    previous: Mapped[str] = mapped_column(String(64), unique=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)

    @property
    def entry(self) -> Entry:
        actor = Actor(ActorKind(self.actor_kind), self.actor_id, self.on_behalf_of)
        return Entry(self.seq, self.at, self.what, self.subject, actor, self.detail)


class ChainEnd(Base):
    """The last event, in one row: who writes next holds it, so the chain cannot fork."""

    __tablename__ = "chain_end"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    length: Mapped[int] = mapped_column(BigKey)
    hash: Mapped[str] = mapped_column(String(64))
