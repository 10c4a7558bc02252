"""Which desk a code means, and which desks one member of staff may see."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from sipas.catalogue.models import Sector
from sipas.desk.models import Desk, DeskCode
from sipas.desk.rules import CodeState, is_code, typed_code
from sipas.errors import NotFoundError
from sipas.staff.models import Unit
from sipas.staff.rules import Permission, Standing


@dataclass(frozen=True, slots=True)
class FoundCode:
    """What a scanned or typed code means.

    `desk` stands for a valid code and for a revoked one; `onward` is the code that took the
    place of a revoked one, where there is such a code.
    """

    state: CodeState
    desk: Desk | None = None
    onward: str | None = None


def desk_by_code(db: Session, typed: str) -> FoundCode:
    """The desk of a code as scanned or typed. A mistyped one costs no look-up."""
    code = typed_code(typed)
    if not is_code(code):
        return FoundCode(CodeState.MISTYPED)
    wanted = select(DeskCode).where(DeskCode.code == code)
    found = db.scalars(wanted.options(joinedload(DeskCode.desk))).one_or_none()
    if found is None:
        return FoundCode(CodeState.UNKNOWN)
    if found.is_live:
        return FoundCode(CodeState.VALID, found.desk)
    return FoundCode(CodeState.REVOKED, found.desk, _onward(found))


def _onward(code: DeskCode) -> str | None:
    """The live code at the end of the line. A successor was live when it was named: no circle."""
    last = code
    while last.successor is not None:
        last = last.successor
    return last.code if last.is_live else None


def open_desks(db: Session) -> list[Desk]:
    """Every desk that citizens may rate today, with its codes."""
    desks = select(Desk).where(Desk.closed_on.is_(None)).options(selectinload(Desk.codes))
    return list(db.scalars(desks.order_by(Desk.name, Desk.id)))


def desks_for_staff(staff: Standing) -> Select[Desk]:
    """Open desks first, then by unit and in the order in which they were opened."""
    return (
        select(Desk)
        .where(Desk.unit_id.in_(staff.units(Permission.DESK_VIEW)))
        .options(joinedload(Desk.unit), selectinload(Desk.codes))
        .order_by(Desk.closed_on.is_not(None), Desk.unit_id, Desk.id)
    )


def desk_for_staff(db: Session, staff: Standing, desk_id: int, *, needs: Permission) -> Desk:
    """The desk, if it belongs to a unit in which this person holds the permission."""
    desk = db.scalars(
        select(Desk)
        .where(Desk.id == desk_id, Desk.unit_id.in_(staff.units(needs)))
        .options(joinedload(Desk.unit), selectinload(Desk.codes), selectinload(Desk.sectors))
    ).one_or_none()
    if desk is None:
        raise NotFoundError
    return desk


def units_for_desks(db: Session, staff: Standing, *, day: date) -> list[Unit]:
    """The units that are there on this day and in which this person may set up a desk."""
    return list(
        db.scalars(
            select(Unit)
            .where(Unit.id.in_(staff.units(Permission.DESK_EDIT)))
            .where(Unit.starts <= day, or_(Unit.ends.is_(None), Unit.ends > day))
            .order_by(Unit.name, Unit.id)
        )
    )


def other_open_desks(db: Session, staff: Standing, desk: Desk) -> list[Desk]:
    """Where the citizens of a desk that closes may be sent."""
    open_desks = desks_for_staff(staff).where(Desk.closed_on.is_(None), Desk.id != desk.id)
    return list(db.scalars(open_desks))


def sectors_by_id(db: Session, ids: Collection[int]) -> list[Sector]:
    return list(
        db.scalars(select(Sector).where(Sector.id.in_(ids)).order_by(Sector.code, Sector.id))
    )


def open_desk_named(db: Session, unit_id: int, name: str) -> Desk | None:
    """The open desk of a unit whose name reads the same, whatever its capitals."""
    desks = db.scalars(
        select(Desk).where(Desk.unit_id == unit_id, Desk.closed_on.is_(None)).order_by(Desk.id)
    )
    return next((desk for desk in desks if desk.name.casefold() == name.casefold()), None)


def issued_codes(db: Session) -> int:
    """How many codes were ever issued: none is used twice."""
    return db.scalar(select(func.count()).select_from(DeskCode)) or 0


def code_is_taken(db: Session, code: str) -> bool:
    return db.scalar(select(DeskCode.id).where(DeskCode.code == code)) is not None
