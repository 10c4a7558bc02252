"""Putting letters into the outbox."""

from datetime import datetime

from sqlalchemy.orm import Session

from sipas.mailroom.models import Notice
from sipas.mailroom.rules import Letter


def post(db: Session, letter: Letter, *, now: datetime) -> Notice:
    """Put a letter into the outbox, in the transaction of what it tells of."""
    notice = Notice(
        to=letter.to, subject=letter.subject, body=letter.body, posted_at=now, due_at=now
    )
    db.add(notice)
    return notice
