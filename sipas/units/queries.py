"""Units as the pages of the tree show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sipas.errors import NotFoundError
from sipas.staff.models import StaffMember, Unit, UnitPast
from sipas.staff.queries import every_unit, units_on
from sipas.staff.rules import Branch, Permission, Standing, UnitOn, below, flat, parent_on


@dataclass(frozen=True, slots=True)
class UnitPage:
    """A unit with what it was before, what it took over, and what took over from it."""

    unit: Unit
    parent: UnitOn | None
    successor: UnitOn | None
    predecessors: Sequence[UnitOn]
    pasts: Sequence["Past"]


@dataclass(frozen=True, slots=True)
class Past:
    """What a unit was called, and under which other it stood, up to a last day."""

    last_day: date
    name: str
    short_name: str
    parent: UnitOn | None


@dataclass(frozen=True, slots=True)
class Change:
    """A unit that begins or ends on a day to come."""

    day: date
    unit: UnitOn
    begins: bool


def unit_for_staff(db: Session, staff: Standing, unit_id: int) -> Unit:
    """A unit to look at: how the office is made up is open to all who work in it."""
    unit = db.get(Unit, unit_id) if staff.may(Permission.UNITS_VIEW) else None
    if unit is None:
        raise NotFoundError
    return unit


def unit_to_edit(db: Session, staff: Standing, unit_id: int) -> Unit:
    unit = unit_for_staff(db, staff, unit_id)
    if not staff.may(Permission.UNITS_EDIT, unit.id):
        raise NotFoundError
    return unit


def unit_page(db: Session, unit: Unit) -> UnitPage:
    known = every_unit(db)
    return UnitPage(
        unit=unit,
        parent=known.get(unit.parent_id or 0),
        successor=known.get(unit.successor_id or 0),
        predecessors=[past for past in known.values() if past.successor_id == unit.id],
        pasts=[
            Past(
                past.until - timedelta(days=1),
                past.name,
                past.short_name,
                known.get(past.parent_id or 0),
            )
            for past in pasts_of(db, unit)
        ],
    )


def pasts_of(db: Session, unit: Unit) -> Sequence[UnitPast]:
    of_unit = select(UnitPast).where(UnitPast.unit_id == unit.id)
    return db.scalars(of_unit.order_by(UnitPast.until.desc())).all()


def editable_units(db: Session, staff: Standing, day: date) -> list[Branch]:
    """The units that this person may change, in the tree's order, and those that begin later."""
    mine = staff.units(Permission.UNITS_EDIT)
    later = [Branch(change.unit, 0, ()) for change in coming_changes(db, day) if change.begins]
    return [branch for branch in [*flat(units_on(db, day)), *later] if branch.unit.id in mine]


def possible_parents(db: Session, staff: Standing, unit: Unit, day: date) -> list[Branch]:
    """Where a unit may stand: where it stands now, or anywhere in reach that is not under it."""
    known = every_unit(db)
    now_under = parent_on(known, unit.id, day)
    reach = staff.units(Permission.UNITS_EDIT) - below(known, day)[unit.id]
    return [
        branch
        for branch in flat(units_on(db, day))
        if branch.unit.id in reach or branch.unit.id == now_under
    ]


def coming_changes(db: Session, day: date) -> list[Change]:
    """What begins or ends after this day, the nearest first."""
    known = every_unit(db).values()
    begin = [Change(unit.starts, unit, begins=True) for unit in known if unit.starts > day]
    end = [Change(unit.ends, unit, begins=False) for unit in known if unit.ends and unit.ends > day]
    return sorted([*begin, *end], key=lambda change: (change.day, change.unit.id))


def how_many_left_over(db: Session, staff: Standing, day: date) -> int:
    """People whose unit has ended and who are still to be given a new one."""
    return (
        db.scalar(
            select(func.count())
            .select_from(StaffMember)
            .join(StaffMember.unit)
            .where(Unit.ends <= day, Unit.id.in_(staff.units(Permission.STAFF_VIEW)))
        )
        or 0
    )
