"""Who works here, in which unit, and what each may do today."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from sipas.door.models import Account
from sipas.folding import folded
from sipas.staff import rules
from sipas.staff.models import Delegation, Office, RoleGrant, StaffMember, Unit, UnitPast
from sipas.staff.rules import (
    NEED_SECOND_FACTOR,
    PERMISSIONS,
    Branch,
    Permission,
    Role,
    Standing,
    UnitKind,
    UnitOn,
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


def hold(db: Session, staff: StaffMember) -> None:
    """Let nobody else change this person until the deed is done; what they did change is seen."""
    grants = select(RoleGrant).where(RoleGrant.staff_id == staff.id).order_by(RoleGrant.id)
    db.execute(select(StaffMember.id).where(StaffMember.id == staff.id).with_for_update())
    db.refresh(staff)
    db.refresh(staff.account)
    db.scalars(grants.execution_options(populate_existing=True)).all()
    db.refresh(staff, ["grants"])


@dataclass(frozen=True, slots=True)
class Duty:
    """A role at work on one day: one's own, or one that a colleague handed over."""

    grant: RoleGrant
    delegation: Delegation | None
    permissions: frozenset[Permission]


def standing(db: Session, staff: StaffMember, *, day: date) -> Standing:
    """What this person may do on this day: by own roles, and by colleagues' delegations."""
    below = units_below(db, day)
    units: dict[Permission, frozenset[int]] = defaultdict(frozenset)
    lent_by: dict[tuple[Permission, int], int] = {}
    duties = duties_of(db, staff, day=day)
    for duty in duties:  # own ones come first: what they give is on nobody's behalf
        reached = below[duty.grant.unit_id]
        for permission in duty.permissions:
            if duty.delegation:
                new = reached - units[permission]
                lent_by |= {(permission, unit): duty.delegation.from_id for unit in new}
            units[permission] |= reached
    return Standing(
        staff_id=staff.id,
        account_id=staff.account_id,
        name=staff.name,
        unit_id=staff.unit_id,
        unit_name=staff.unit.name,
        units_by_permission=units,
        needs_second_factor=any(Role(duty.grant.role) in NEED_SECOND_FACTOR for duty in duties),
        lent_by=lent_by,
    )


def duties_of(db: Session, staff: StaffMember, *, day: date) -> list[Duty]:
    """Why this person may do what they may: own roles, then those of colleagues they stand for."""
    own = [grant for grant in staff.grants if holds(grant, day)]
    roles = {Role(grant.role) for grant in own}
    handed_over = db.execute(
        select(Delegation, RoleGrant)
        .join(RoleGrant, RoleGrant.staff_id == Delegation.from_id)
        .join(Delegation.giver)
        .join(StaffMember.account)
        .where(Delegation.to_id == staff.id, in_force(day), Account.disabled.is_(False))
        .order_by(Delegation.id, RoleGrant.id)
    )
    return [Duty(grant, None, PERMISSIONS[Role(grant.role)]) for grant in own] + [
        Duty(grant, delegation, rules.lent(Role(grant.role), own=roles))
        for delegation, grant in handed_over
        if holds(grant, day)
    ]


def roles_on(staff: StaffMember, day: date) -> list[Role]:
    """The person's own roles of this day, each once."""
    return list(dict.fromkeys(Role(grant.role) for grant in staff.grants if holds(grant, day)))


def holds(grant: RoleGrant, day: date) -> bool:
    return grant.starts <= day and (grant.ends is None or day < grant.ends)


def held_on(day: date) -> ColumnElement[bool]:
    """Of role grants: those that hold on this day."""
    return (RoleGrant.starts <= day) & or_(RoleGrant.ends.is_(None), RoleGrant.ends > day)


def in_force(day: date) -> ColumnElement[bool]:
    """Of delegations: those that run on this day."""
    running = (Delegation.first_day <= day) & (Delegation.last_day >= day)
    return running & Delegation.revoked_at.is_(None)


def units_below(db: Session, day: date) -> Mapping[int, frozenset[int]]:
    """For each unit, those in which a right for it holds on this day."""
    return rules.below(every_unit(db), day)


def every_unit(db: Session) -> dict[int, UnitOn]:
    """Every unit that there is, will be or was, as it is today."""
    return {unit.id: _as_it_is(unit) for unit in db.scalars(select(Unit).order_by(Unit.id))}


def every_unit_as_of(db: Session, day: date) -> dict[int, UnitOn]:
    """Every unit, called and placed as it was on this day."""
    found = every_unit(db)
    newest_first = select(UnitPast).where(UnitPast.until > day).order_by(UnitPast.until.desc())
    for past in db.scalars(newest_first):
        found[past.unit_id] = _as_it_was(found[past.unit_id], past)
    return found


def units_on(db: Session, day: date) -> tuple[Branch, ...]:
    """The tree as it stands or stood on this day, each level by name."""
    found = every_unit_as_of(db, day)
    under: dict[int | None, list[UnitOn]] = defaultdict(list)
    for unit in found.values():
        if unit.exists_on(day):
            under[rules.parent_on(found, unit.id, day)].append(unit)
    return _grown(under, None, 0)


def _grown(
    under: Mapping[int | None, Sequence[UnitOn]], parent: int | None, depth: int
) -> tuple[Branch, ...]:
    by_name = sorted(under.get(parent, ()), key=lambda unit: (folded(unit.name), unit.id))
    return tuple(Branch(unit, depth, _grown(under, unit.id, depth + 1)) for unit in by_name)


def _as_it_is(unit: Unit) -> UnitOn:
    return UnitOn(
        id=unit.id,
        kind=UnitKind(unit.kind),
        name=unit.name,
        short_name=unit.short_name,
        parent_id=unit.parent_id,
        starts=unit.starts,
        ends=unit.ends,
        successor_id=unit.successor_id,
    )


def _as_it_was(unit: UnitOn, past: UnitPast) -> UnitOn:
    return replace(
        unit,
        kind=UnitKind(past.kind),
        name=past.name,
        short_name=past.short_name,
        parent_id=past.parent_id,
    )
