"""Delegations given and received, and to whom duties can be handed."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from sipas.door.models import Account
from sipas.errors import NotFoundError
from sipas.staff.models import Delegation, StaffMember
from sipas.staff.rules import Standing


def given(db: Session, staff: Standing) -> Sequence[Delegation]:
    return db.scalars(
        select(Delegation)
        .where(Delegation.from_id == staff.staff_id)
        .order_by(Delegation.first_day.desc(), Delegation.id.desc())
        .options(joinedload(Delegation.taker).joinedload(StaffMember.unit))
    ).all()


def received(db: Session, staff: Standing) -> Sequence[Delegation]:
    return db.scalars(
        select(Delegation)
        .where(Delegation.to_id == staff.staff_id)
        .order_by(Delegation.first_day.desc(), Delegation.id.desc())
        .options(joinedload(Delegation.giver).joinedload(StaffMember.unit))
    ).all()


def own_delegation(db: Session, staff: Standing, delegation_id: int) -> Delegation:
    """One that this person has given; what others gave each other is not found."""
    found = db.get(Delegation, delegation_id)
    if found is None or found.from_id != staff.staff_id:
        raise NotFoundError
    return found


def colleagues(db: Session, staff: Standing) -> Sequence[StaffMember]:
    """Everybody else who can sign in: one may hand one's duties to any of them."""
    return db.scalars(
        select(StaffMember)
        .join(StaffMember.account)
        .where(StaffMember.id != staff.staff_id, Account.disabled.is_(False))
        .order_by(StaffMember.folded_name, StaffMember.id)
        .options(joinedload(StaffMember.unit))
    ).all()


def running_between(db: Session, giver: StaffMember, taker: StaffMember) -> Sequence[Delegation]:
    """What one has handed to the other and not taken back."""
    return db.scalars(
        select(Delegation)
        .where(Delegation.from_id == giver.id, Delegation.to_id == taker.id)
        .where(Delegation.revoked_at.is_(None))
        .order_by(Delegation.id)
    ).all()
