"""Adding to the ledger, in the transaction of the deed itself."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from sipas.ledger.models import ChainEnd, Event
from sipas.ledger.rules import Actor, Entry


def record(
    db: Session, what: str, subject: str, *, by: Actor, now: datetime, **detail: object
) -> Event:
    """Write one event. The row lock on the chain's end lasts until the deed is committed."""
    end = db.scalars(select(ChainEnd).with_for_update().execution_options(populate_existing=True))
    last = end.one()
    entry = Entry(last.length + 1, now, what, subject, by, detail)
    event = Event(
        seq=entry.seq,
        at=now,
        what=what,
        subject=subject,
        actor_kind=by.kind,
        actor_id=by.id,
        on_behalf_of=by.on_behalf_of,
        detail=dict(detail),
        previous=last.hash,
        hash=entry.hash_after(last.hash),
    )
    db.add(event)
    last.length = entry.seq
    last.hash = event.hash
    db.flush()
    return event
