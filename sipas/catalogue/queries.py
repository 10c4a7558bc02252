"""What stands in the service catalogue, and what a sent file would change in it."""

from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from sipas.catalogue.models import CatalogueDraft, Procedure, Sector
from sipas.catalogue.rules import Line, Plan, Problem, catalogue_rows, plan, problems
from sipas.errors import NotFoundError


@dataclass(frozen=True, slots=True)
class SectorLine:
    """A sector with the number of its procedures in use."""

    sector: Sector
    procedures: int


@dataclass(frozen=True, slots=True)
class DryRun:
    """What a sent file holds: its problems, or the plan of what taking it would do."""

    file_name: str
    problems: list[Problem]
    plan: Plan | None


def sector_lines(db: Session) -> list[SectorLine]:
    """Sectors in use first, each group by code."""
    in_use = (
        select(Procedure.sector_id, func.count().label("procedures"))
        .where(Procedure.retired_on.is_(None))
        .group_by(Procedure.sector_id)
        .subquery()
    )
    rows = db.execute(
        select(Sector, func.coalesce(in_use.c.procedures, 0))
        .outerjoin(in_use, in_use.c.sector_id == Sector.id)
        .order_by(Sector.retired_on.is_not(None), Sector.code, Sector.id)
    )
    return [SectorLine(sector, count) for sector, count in rows]


def sectors_in_use(db: Session) -> list[Sector]:
    return list(
        db.scalars(
            select(Sector).where(Sector.retired_on.is_(None)).order_by(Sector.code, Sector.id)
        )
    )


def sector(db: Session, sector_id: int) -> Sector:
    found = db.get(Sector, sector_id)
    if found is None:
        raise NotFoundError
    return found


def procedure(db: Session, procedure_id: int) -> Procedure:
    found = db.get(Procedure, procedure_id, options=[joinedload(Procedure.sector)])
    if found is None:
        raise NotFoundError
    return found


def procedures_of(sector: Sector) -> Select[Procedure]:
    """Procedures in use first, each group by code."""
    return (
        select(Procedure)
        .where(Procedure.sector_id == sector.id)
        .order_by(Procedure.retired_on.is_not(None), Procedure.code, Procedure.id)
    )


def procedures_in_use(db: Session) -> list[Procedure]:
    """Every procedure in use with its sector, by code of sector and procedure."""
    return list(
        db.scalars(
            select(Procedure)
            .join(Procedure.sector)
            .where(Procedure.retired_on.is_(None))
            .options(joinedload(Procedure.sector))
            .order_by(Sector.code, Procedure.code, Procedure.id)
        )
    )


def sector_with_code(db: Session, code: str) -> Sector | None:
    return db.scalars(select(Sector).where(Sector.code == code)).one_or_none()


def procedure_with_code(db: Session, code: str) -> Procedure | None:
    return db.scalars(select(Procedure).where(Procedure.code == code)).one_or_none()


def uses_sector(db: Session, sector: Sector) -> bool:
    """A procedure in use belongs to it."""
    in_use = select(Procedure.id).where(
        Procedure.sector_id == sector.id, Procedure.retired_on.is_(None)
    )
    return db.scalar(in_use.limit(1)) is not None


def has_draft(db: Session, *, staff_id: int) -> bool:
    return db.get(CatalogueDraft, staff_id) is not None


def dry_run(db: Session, *, staff_id: int) -> DryRun:
    """What the file that this person sent last would do to the catalogue as it is now."""
    draft = db.get(CatalogueDraft, staff_id)
    if draft is None:
        raise NotFoundError
    lines = [Line(number, tuple(cells)) for number, cells in draft.lines]
    rows, found = catalogue_rows(lines)
    found += problems(rows)
    if found:
        return DryRun(draft.file_name, found, None)
    sectors = {each.code: each.facts for each in db.scalars(select(Sector).order_by(Sector.id))}
    procedures = db.scalars(
        select(Procedure).options(joinedload(Procedure.sector)).order_by(Procedure.id)
    )
    known = {each.code: each.facts for each in procedures}
    return DryRun(draft.file_name, [], plan(rows, sectors, known))
