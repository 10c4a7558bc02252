"""Setting up desks and giving them codes."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from sipas.desk import queries
from sipas.desk.models import Desk, DeskCode
from sipas.desk.rules import FIRST_NUMBER, NUMBERS, DeskFacts, code_of
from sipas.errors import RuleError
from sipas.i18n import gettext as _
from sipas.ledger.actions import record
from sipas.staff.rules import Deed


def add_desk(db: Session, facts: DeskFacts, deed: Deed) -> Desk:
    """A desk with its first code: it can be printed at once."""
    _refuse_twin(db, facts)
    desk = Desk(
        name=facts.name,
        place=facts.place,
        unit_id=facts.unit_id,
        opened_on=deed.day,
        sectors=queries.sectors_by_id(db, facts.sector_ids),
    )
    with _alone_with_its_name(db):
        db.add(desk)
    _record(db, "desk.added", desk, deed, unit=desk.unit_id)
    issue_code(db, desk, None, deed)
    return desk


def change_desk(db: Session, desk: Desk, facts: DeskFacts, deed: Deed) -> None:
    """Name, place, sectors, and the unit it moves to. Its code stays: the print is on the desk."""
    _refuse_closed(desk)
    _refuse_twin(db, facts, known=desk)
    before = desk.facts
    if before == facts:
        return
    sectors = queries.sectors_by_id(db, facts.sector_ids)
    with _alone_with_its_name(db):
        desk.name = facts.name
        desk.place = facts.place
        desk.unit_id = facts.unit_id
        desk.sectors = sectors
    _record(db, "desk.changed", desk, deed, unit_before=before.unit_id, unit=facts.unit_id)


def close_desk(db: Session, desk: Desk, onward: Desk | None, deed: Deed) -> None:
    """No code of it works any more; who scans the old print is shown the desk `onward`."""
    _hold(db, desk)
    _refuse_closed(desk)
    _revoke_live(desk, deed)
    _point_onward(desk, onward.live_code if onward else None)
    desk.closed_on = deed.day
    db.flush()
    _record(db, "desk.closed", desk, deed, onward=onward.id if onward else None)


def issue_code(db: Session, desk: Desk, instead_of: str | None, deed: Deed) -> DeskCode:
    """A new code in the place of the one named, which stops at once and points to the new one.

    Naming it makes a second press harmless: the code it names is no longer there to replace.
    """
    _hold(db, desk)
    _refuse_closed(desk)
    live = desk.live_code.code if desk.live_code else None
    if live != instead_of:
        raise RuleError(_("Mã của quầy vừa được thay. Xem lại trang của quầy."))
    _revoke_live(desk, deed)
    db.flush()  # one live code a desk: the old one leaves before the new one comes
    new = DeskCode(code=_unused_code(db), desk=desk, issued_on=deed.day)
    db.add(new)
    db.flush()
    _point_onward(desk, new)
    db.flush()
    _record(db, "desk_code.issued", desk, deed, code=new.code, instead_of=instead_of)
    return new


def revoke_code(db: Session, desk: Desk, deed: Deed) -> None:
    """Its print leads nowhere any more, until a new code is issued for the desk."""
    _hold(db, desk)
    code = desk.live_code
    if code is None:
        raise RuleError(_("Quầy này không có mã nào đang dùng."))
    _revoke_live(desk, deed)
    db.flush()
    _record(db, "desk_code.revoked", desk, deed, code=code.code)


def _revoke_live(desk: Desk, deed: Deed) -> None:
    if desk.live_code is not None:
        desk.live_code.revoked_on = deed.day


def _point_onward(desk: Desk, successor: DeskCode | None) -> None:
    for code in desk.codes:
        if code is not successor and code.successor_id is None:
            code.successor = successor


def _unused_code(db: Session) -> str:
    """Drawn, not counted: from one code nobody can tell the next."""
    if queries.issued_codes(db) >= NUMBERS:
        raise RuleError(_("Đã dùng hết các mã quầy. Báo cho quản trị hệ thống."))
    code = code_of(FIRST_NUMBER + secrets.randbelow(NUMBERS))
    while queries.code_is_taken(db, code):
        code = code_of(FIRST_NUMBER + secrets.randbelow(NUMBERS))
    return code


def _hold(db: Session, desk: Desk) -> None:
    """Keep others from changing this desk's codes until the deed is committed."""
    db.refresh(desk, with_for_update={"of": Desk})
    db.refresh(desk, ["codes"])


def _refuse_closed(desk: Desk) -> None:
    if not desk.is_open:
        raise RuleError(_("Quầy này đã đóng."))


def _refuse_twin(db: Session, facts: DeskFacts, *, known: Desk | None = None) -> None:
    twin = queries.open_desk_named(db, facts.unit_id, facts.name)
    if twin is not None and twin is not known:
        raise _name_taken()


@contextmanager
def _alone_with_its_name(db: Session) -> Iterator[None]:
    """Two people, or one who pressed twice, make one desk: the database has the last word."""
    try:
        with db.begin_nested():
            yield
    except IntegrityError:
        raise _name_taken() from None


def _name_taken() -> RuleError:
    return RuleError(_("Đơn vị này đã có quầy mang tên đó. Xem danh sách quầy, hoặc đặt tên khác."))


def _record(db: Session, what: str, desk: Desk, deed: Deed, **detail: object) -> None:
    record(db, what, f"desk:{desk.id}", by=deed.by, now=deed.now, **detail)
