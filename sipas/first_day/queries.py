"""How far the first day has come."""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from sipas.desk.models import Desk
from sipas.first_day.rules import FirstDay, Step
from sipas.staff.models import Office, Unit


def first_day(db: Session) -> FirstDay:
    """Read from what is there: a step done elsewhere in the back office is done here too."""
    office = db.get_one(Office, 1)
    found = {
        Step.NAME: bool(office.phone and office.domain),
        Step.EMBLEM: office.emblem_png is not None or office.set_up_at is not None,
        Step.UNITS: bool(db.scalar(select(exists().where(Unit.parent_id.is_not(None))))),
        Step.DESK: bool(db.scalar(select(exists().where(Desk.id.is_not(None))))),
        Step.POSTER: office.set_up_at is not None,
    }
    return FirstDay(frozenset(step for step, is_done in found.items() if is_done))


def root_unit(db: Session) -> Unit:
    return db.scalars(select(Unit).where(Unit.parent_id.is_(None)).order_by(Unit.id)).one()


def first_desk(db: Session) -> Desk | None:
    return db.scalars(select(Desk).order_by(Desk.id)).first()
