"""What the office's own pages show: names beside the ledger's numbers."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from sipas.ledger.models import Event
from sipas.staff.models import StaffMember


def names_in(db: Session, events: Sequence[Event]) -> Mapping[int, str]:
    """Who did these things. The ledger holds numbers; the names are looked up at once."""
    ids = {event.actor_id for event in events} | {event.on_behalf_of for event in events}
    people = select(StaffMember.id, StaffMember.name).where(StaffMember.id.in_(ids - {None}))
    return dict(db.execute(people).all())
