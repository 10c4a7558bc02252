"""What a deed leaves behind: entries in the ledger, letters, sessions that are still open."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sipas.door.models import SignIn
from sipas.ledger.models import Event
from sipas.mailroom.models import Notice


class Traces:
    def __init__(self, db: Session) -> None:
        self._db = db

    def entries(self):
        found = self._db.scalars(select(Event).order_by(Event.seq))
        return [(event.what, event.subject, event.detail) for event in found]

    def letters(self):
        notices = self._db.scalars(select(Notice).order_by(Notice.id))
        return [(notice.to, notice.subject) for notice in notices]

    def open_sessions(self, person):
        mine = (SignIn.account_id == person.account_id, SignIn.ended_at.is_(None))
        return self._db.scalar(select(func.count()).select_from(SignIn).where(*mine))


@pytest.fixture
def traces(db) -> Traces:
    return Traces(db)
