"""The periodic work, by name, period and deed. Each runs once a period, however many workers."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from sipas.clock import day_of
from sipas.door.actions import forget_old as forget_at_the_door
from sipas.ledger.jobs import move_anchor
from sipas.mailroom.actions import forget_old as forget_letters
from sipas.mailroom.jobs import Periodic, drain_outbox, transacted
from sipas.survey.actions import purge_arrivals

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def _purge_arrivals(db: Session, now: datetime) -> None:
    purge_arrivals(db, now=now, day=day_of(now))


PERIODIC = (
    Periodic("outbox", MINUTE, drain_outbox),
    Periodic("ledger-anchor", MINUTE, move_anchor),
    Periodic("arrivals", HOUR, transacted(_purge_arrivals)),
    Periodic("door", HOUR, transacted(lambda db, now: forget_at_the_door(db, now=now))),
    Periodic("old-letters", DAY, transacted(lambda db, now: forget_letters(db, now=now))),
)
