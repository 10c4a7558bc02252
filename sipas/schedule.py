"""The periodic work, by name, period and deed. Each runs once a period, however many workers."""

from datetime import timedelta

from sipas.ledger.jobs import move_anchor
from sipas.mailroom.actions import forget_old
from sipas.mailroom.jobs import Periodic, drain_outbox, transacted

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)

PERIODIC = (
    Periodic("outbox", MINUTE, drain_outbox),
    Periodic("ledger-anchor", MINUTE, move_anchor),
    Periodic("old-letters", DAY, transacted(lambda db, now: forget_old(db, now=now))),
)
