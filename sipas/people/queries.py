"""People as their pages show them. Each is reached by the units in which one may see people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from sipas.door.models import Account
from sipas.errors import NotFoundError
from sipas.folding import folded
from sipas.staff.models import RoleGrant, StaffMember, Unit
from sipas.staff.queries import held_on, units_on
from sipas.staff.rules import Branch, Permission, Role, Standing, flat


@dataclass(frozen=True, slots=True)
class Search:
    """Which people to list: words of the name, one unit, those whose unit has ended."""

    words: str = ""
    unit_id: int | None = None
    left_over_on: date | None = None


def people_for_staff(staff: Standing, search: Search) -> Select[StaffMember]:
    reach = staff.units(Permission.STAFF_VIEW)
    found = (
        select(StaffMember)
        .join(StaffMember.unit)
        .where(StaffMember.unit_id.in_(reach))
        .order_by(StaffMember.folded_name, StaffMember.id)
        .options(
            joinedload(StaffMember.unit),
            joinedload(StaffMember.account),
            selectinload(StaffMember.grants),
        )
    )
    for word in folded(search.words).split():
        found = found.where(StaffMember.folded_name.contains(word, autoescape=True))
    if search.unit_id is not None:
        found = found.where(StaffMember.unit_id == search.unit_id)
    if search.left_over_on is not None:
        found = found.where(Unit.ends <= search.left_over_on)
    return found


def person_for_staff(db: Session, staff: Standing, person_id: int) -> StaffMember:
    person = db.scalars(
        select(StaffMember)
        .where(StaffMember.id == person_id)
        .where(StaffMember.unit_id.in_(staff.units(Permission.STAFF_VIEW)))
        .options(
            joinedload(StaffMember.unit),
            joinedload(StaffMember.account),
            selectinload(StaffMember.grants).joinedload(RoleGrant.unit),
        )
    ).one_or_none()
    if person is None:
        raise NotFoundError
    return person


def person_to_edit(db: Session, staff: Standing, person_id: int, *, day: date) -> StaffMember:
    person = person_for_staff(db, staff, person_id)
    if not may_edit(staff, person, day=day):
        raise NotFoundError
    return person


def may_edit(staff: Standing, person: StaffMember, *, day: date) -> bool:
    """All that this person holds, or will hold, must lie in reach.

    Whoever can reset a password could sign in with it.
    """
    lasting = {grant.unit_id for grant in person.grants if grant.ends is None or grant.ends > day}
    return {person.unit_id, *lasting} <= staff.units(Permission.STAFF_EDIT)


def grant_of(person: StaffMember, grant_id: int) -> RoleGrant:
    grant = next((grant for grant in person.grants if grant.id == grant_id), None)
    if grant is None:
        raise NotFoundError
    return grant


def editable_units(db: Session, staff: Standing, day: date) -> list[Branch]:
    """The units of this day in which this person may put people and give roles."""
    reach = staff.units(Permission.STAFF_EDIT)
    return [branch for branch in flat(units_on(db, day)) if branch.unit.id in reach]


def lasting_administrators(db: Session, day: date) -> Sequence[int]:
    """Those who keep the keys to the whole office today and without an end."""
    return db.scalars(
        select(RoleGrant.staff_id)
        .join(RoleGrant.staff)
        .join(StaffMember.account)
        .join(Unit, RoleGrant.unit_id == Unit.id)
        .where(RoleGrant.role == Role.ADMINISTRATOR, held_on(day), RoleGrant.ends.is_(None))
        .where(Unit.parent_id.is_(None), Account.disabled.is_(False))
        .order_by(RoleGrant.staff_id)
    ).all()


def sign_in_names(db: Session, beginning: str) -> Sequence[str]:
    """The names in use that begin like this."""
    return db.scalars(
        select(Account.name)
        .where(Account.name.startswith(beginning, autoescape=True))
        .order_by(Account.name)
    ).all()


def namesake(db: Session, name: str, email: str) -> StaffMember | None:
    """Somebody already known under this name and this address."""
    return db.scalars(
        select(StaffMember)
        .where(StaffMember.folded_name == folded(name), StaffMember.email == email)
        .order_by(StaffMember.id)
        .limit(1)
    ).one_or_none()
