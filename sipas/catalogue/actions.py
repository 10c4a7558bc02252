"""Keeping the service catalogue: by hand, and by taking a whole file."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from sipas.catalogue import queries
from sipas.catalogue.models import CatalogueDraft, Procedure, Sector
from sipas.catalogue.rules import Line, Outcome, Plan, ProcedureFacts, SectorFacts, Step
from sipas.errors import RuleError
from sipas.i18n import gettext as _
from sipas.ledger.actions import record
from sipas.ledger.rules import Actor


class OutdatedPlanError(Exception):
    """The catalogue has changed since this plan was shown."""


def add_sector(db: Session, facts: SectorFacts, *, by: Actor, now: datetime) -> Sector:
    sector = Sector(code=facts.code, name=facts.name)
    _add(db, sector, queries.sector_with_code(db, facts.code))
    record(db, "sector.added", f"sector:{sector.id}", by=by, now=now, code=facts.code)
    return sector


def rename_sector(db: Session, sector: Sector, name: str, *, by: Actor, now: datetime) -> None:
    if sector.name == name:
        return
    sector.name = name
    record(db, "sector.renamed", f"sector:{sector.id}", by=by, now=now, code=sector.code)


def retire_sector(db: Session, sector: Sector, *, by: Actor, now: datetime, day: date) -> None:
    if queries.uses_sector(db, sector):
        raise RuleError(_("Lĩnh vực này còn thủ tục đang dùng. Ngừng dùng các thủ tục đó trước."))
    if sector.retired_on is None:
        sector.retired_on = day
        record(db, "sector.retired", f"sector:{sector.id}", by=by, now=now, code=sector.code)


def restore_sector(db: Session, sector: Sector, *, by: Actor, now: datetime) -> None:
    if sector.retired_on is not None:
        sector.retired_on = None
        record(db, "sector.restored", f"sector:{sector.id}", by=by, now=now, code=sector.code)


def add_procedure(
    db: Session, sector: Sector, facts: ProcedureFacts, *, by: Actor, now: datetime
) -> Procedure:
    _refuse_retired(sector)
    known = queries.procedure_with_code(db, facts.code)
    procedure = Procedure(code=facts.code, name=facts.name, sector_id=sector.id, level=facts.level)
    _add(db, procedure, known)
    record(db, "procedure.added", f"procedure:{procedure.id}", by=by, now=now, code=facts.code)
    return procedure


def change_procedure(
    db: Session, procedure: Procedure, facts: ProcedureFacts, *, by: Actor, now: datetime
) -> None:
    """Its name and level; the code is what the procedure is known by, and stays."""
    if (procedure.name, procedure.level) == (facts.name, facts.level):
        return
    procedure.name = facts.name
    procedure.level = facts.level
    record(db, "procedure.changed", f"procedure:{procedure.id}", by=by, now=now, code=facts.code)


def retire_procedure(
    db: Session, procedure: Procedure, *, by: Actor, now: datetime, day: date
) -> None:
    if procedure.retired_on is None:
        procedure.retired_on = day
        subject = f"procedure:{procedure.id}"
        record(db, "procedure.retired", subject, by=by, now=now, code=procedure.code)


def restore_procedure(db: Session, procedure: Procedure, *, by: Actor, now: datetime) -> None:
    _refuse_retired(procedure.sector)
    if procedure.retired_on is not None:
        procedure.retired_on = None
        subject = f"procedure:{procedure.id}"
        record(db, "procedure.restored", subject, by=by, now=now, code=procedure.code)


def keep_draft(
    db: Session, lines: Sequence[Line], *, file_name: str, staff_id: int, now: datetime
) -> None:
    """Keep a sent file until it is confirmed: what is confirmed is then what was shown."""
    db.merge(
        CatalogueDraft(
            staff_id=staff_id,
            file_name=file_name,
            sent_at=now,
            lines=[[line.number, list(line.cells)] for line in lines],
        )
    )
    db.flush()


def take_draft(db: Session, *, shown: str, staff_id: int, by: Actor, now: datetime) -> Plan:
    """Do what the plan with the fingerprint `shown` says, all of it or nothing."""
    draft = db.get(CatalogueDraft, staff_id, with_for_update=True)
    plan = queries.dry_run(db, staff_id=staff_id).plan
    if plan is None or plan.fingerprint != shown:
        raise OutdatedPlanError
    try:
        with db.begin_nested():
            _take_procedures(db, plan.procedures, _take_sectors(db, plan.sectors))
    except IntegrityError:  # a colleague's file was taken at the same moment
        raise OutdatedPlanError from None
    db.delete(draft)
    counts = {outcome.value: plan.count(outcome) for outcome in Outcome}
    record(db, "catalogue.imported", "catalogue", by=by, now=now, **counts)
    return plan


def drop_draft(db: Session, *, staff_id: int) -> None:
    db.execute(delete(CatalogueDraft).where(CatalogueDraft.staff_id == staff_id))


def _take_sectors(db: Session, steps: Sequence[Step[SectorFacts]]) -> Mapping[str, Sector]:
    sectors = {sector.code: sector for sector in db.scalars(select(Sector).order_by(Sector.id))}
    for step in steps:
        if step.outcome is Outcome.KEEP:
            continue
        sector = sectors.setdefault(step.after.code, Sector(code=step.after.code))
        sector.name = step.after.name
        sector.retired_on = None
        db.add(sector)
    db.flush()
    return sectors


def _take_procedures(
    db: Session, steps: Sequence[Step[ProcedureFacts]], sectors: Mapping[str, Sector]
) -> None:
    known = {each.code: each for each in db.scalars(select(Procedure).order_by(Procedure.id))}
    for step in steps:
        if step.outcome is Outcome.KEEP:
            continue
        procedure = known.get(step.after.code) or Procedure(code=step.after.code)
        procedure.name = step.after.name
        procedure.sector = sectors[step.after.sector_code]
        procedure.level = step.after.level
        procedure.retired_on = None
        db.add(procedure)
    db.flush()


def _refuse_retired(sector: Sector) -> None:
    if sector.retired_on is not None:
        raise RuleError(_("Lĩnh vực này đã ngừng dùng. Dùng lại lĩnh vực trước."))


def _add(db: Session, thing: Sector | Procedure, known: Sector | Procedure | None) -> None:
    taken = RuleError(_("Mã %(code)s đã có trong danh mục.", code=thing.code))
    if known is not None:
        raise taken
    try:
        with db.begin_nested():
            db.add(thing)
    except IntegrityError:  # a colleague added it between the look and the deed
        raise taken from None
