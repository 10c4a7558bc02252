"""Reading the outbox."""

from datetime import datetime

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from sipas.mailroom.models import Notice
from sipas.mailroom.rules import FAR_AHEAD


def newest_notices() -> Select[Notice]:
    return select(Notice).order_by(Notice.id.desc())


def notice(db: Session, notice_id: int) -> Notice | None:
    return db.get(Notice, notice_id)


def sendable_notices(*, now: datetime) -> Select[Notice]:
    """Those whose time has come and that no sender holds, the longest due first."""
    far = now + FAR_AHEAD
    is_due = or_(Notice.due_at <= now, Notice.due_at > far)
    until = Notice.leased_until
    is_free = or_(until.is_(None), until <= now, until > far)
    return select(Notice).where(is_due, is_free).order_by(Notice.due_at, Notice.id)


def longest_due(db: Session) -> datetime | None:
    """When the letter was due that has been passed over longest: nobody drains, or mail is down."""
    return db.scalar(select(func.min(Notice.due_at)))


def given_up_count(db: Session) -> int:
    given_up = (Notice.due_at.is_(None), Notice.sent_at.is_(None))
    return db.scalar(select(func.count()).select_from(Notice).where(*given_up)) or 0
