"""Who works here, in which unit, and what each may do today."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from sipas.staff.models import Delegation, Office, RoleGrant, StaffMember, Unit
from sipas.staff.rules import (
    NEED_SECOND_FACTOR,
    NOT_DELEGABLE,
    PERMISSIONS,
    Permission,
    Role,
    Standing,
)


def office(db: Session) -> Office | None:
    return db.get(Office, 1)


def is_demo(db: Session) -> bool:
    """Does this database hold the demonstration's invented office? Every staff page says so."""
    return bool(db.scalar(select(Office.is_demo)))


def staff_by_account(db: Session, account_id: int) -> StaffMember | None:
    return db.scalars(
        select(StaffMember)
        .where(StaffMember.account_id == account_id)
        .options(joinedload(StaffMember.unit), selectinload(StaffMember.grants))
    ).one_or_none()


def standing(db: Session, staff: StaffMember, *, day: date) -> Standing:
    """What this person may do on this day: by own roles, and by colleagues' delegations."""
    below = units_below(db)
    units: dict[Permission, set[int]] = defaultdict(set)
    own = [grant for grant in staff.grants if holds(grant, day)]
    for grant in own:
        for permission in PERMISSIONS[Role(grant.role)]:
            units[permission] |= below[grant.unit_id]
    for grant in _lent_grants(db, staff, day=day):
        for permission in PERMISSIONS[Role(grant.role)] - NOT_DELEGABLE:
            units[permission] |= below[grant.unit_id]
    return Standing(
        staff_id=staff.id,
        account_id=staff.account_id,
        name=staff.name,
        unit_id=staff.unit_id,
        unit_name=staff.unit.name,
        units_by_permission={name: frozenset(ids) for name, ids in units.items()},
        needs_second_factor=any(Role(grant.role) in NEED_SECOND_FACTOR for grant in own),
    )


def holds(grant: RoleGrant, day: date) -> bool:
    return grant.starts <= day and (grant.ends is None or day < grant.ends)


def _lent_grants(db: Session, staff: StaffMember, *, day: date) -> Iterable[RoleGrant]:
    """The roles of those who handed their duties to this person for today."""
    givers = (
        select(Delegation.from_id)
        .where(Delegation.to_id == staff.id, Delegation.revoked_at.is_(None))
        .where(Delegation.first_day <= day, Delegation.last_day >= day)
    )
    grants = db.scalars(
        select(RoleGrant).where(RoleGrant.staff_id.in_(givers)).order_by(RoleGrant.id)
    )
    return [grant for grant in grants if holds(grant, day)]


def units_below(db: Session) -> Mapping[int, frozenset[int]]:
    """For each unit, itself and every unit under it, past ones too: their cases live on."""
    parents: dict[int, int | None] = dict(db.execute(select(Unit.id, Unit.parent_id)).all())
    below: dict[int, set[int]] = {unit_id: {unit_id} for unit_id in parents}
    for unit_id, parent in parents.items():
        above = parent
        while above is not None:
            below[above].add(unit_id)
            above = parents[above]
    return {unit_id: frozenset(ids) for unit_id, ids in below.items()}
