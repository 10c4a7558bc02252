"""Handing one's duties to a colleague for some days (ủy quyền), and taking them back.

What was received cannot be handed on: a delegation lends the giver's own roles and nothing else.
"""

from sqlalchemy.orm import Session

from sipas.delegation.queries import running_between
from sipas.delegation.rules import LONGEST_DAYS, Absence
from sipas.errors import RuleError
from sipas.i18n import gettext as _
from sipas.ledger.actions import record
from sipas.mailroom.actions import post
from sipas.mailroom.rules import Letter
from sipas.staff.models import Delegation, RoleGrant, StaffMember
from sipas.staff.queries import hold
from sipas.staff.rules import Deed, Role, sees_cases


def delegate(
    db: Session, giver: StaffMember, taker: StaffMember, absence: Absence, *, deed: Deed
) -> Delegation:
    hold(db, giver)  # two at once would both find no other
    _check_days(absence, deed=deed)
    _check_pair(giver, taker, absence)
    for other in running_between(db, giver, taker):
        if absence.meets(other.first_day, other.last_day):
            raise RuleError(_("Ông/Bà đã ủy quyền cho người này trong những ngày ấy."))

    delegation = Delegation(
        from_id=giver.id,
        to_id=taker.id,
        first_day=absence.first_day,
        last_day=absence.last_day,
        reason=absence.reason,
    )
    db.add(delegation)
    db.flush()
    record(db, "delegation.given", f"staff:{giver.id}", by=deed.by, now=deed.now,
           to=taker.id, first_day=absence.first_day.isoformat(),
           last_day=absence.last_day.isoformat())  # fmt: skip
    _tell(
        db,
        taker,
        _("Ông/Bà được ủy quyền"),
        _(
            "%(giver)s ủy quyền cho Ông/Bà từ ngày %(first)s đến hết ngày %(last)s.",
            giver=giver.name,
            first=f"{absence.first_day:%d/%m/%Y}",
            last=f"{absence.last_day:%d/%m/%Y}",
        ),
        deed=deed,
    )
    return delegation


def take_back(db: Session, delegation: Delegation, *, deed: Deed) -> None:
    """End a delegation at once; what is over or taken back already is left as it is."""
    hold(db, delegation.giver)
    db.refresh(delegation)
    if delegation.revoked_at is not None or delegation.last_day < deed.day:
        return
    delegation.revoked_at = deed.now
    record(db, "delegation.taken_back", f"staff:{delegation.from_id}", by=deed.by, now=deed.now,
           to=delegation.to_id, delegation=delegation.id)  # fmt: skip
    body = _("%(giver)s đã rút ủy quyền, có hiệu lực ngay.", giver=delegation.giver.name)
    _tell(db, delegation.taker, _("Ủy quyền cho Ông/Bà đã được rút"), body, deed=deed)


def _check_days(absence: Absence, *, deed: Deed) -> None:
    if absence.first_day < deed.day:
        raise RuleError(_("Ngày đầu sớm nhất là hôm nay."))
    if absence.last_day < absence.first_day:
        raise RuleError(_("Ngày cuối không được trước ngày đầu."))
    if absence.days > LONGEST_DAYS:
        raise RuleError(_("Ủy quyền nhiều nhất %(most)d ngày.", most=LONGEST_DAYS))


def _check_pair(giver: StaffMember, taker: StaffMember, absence: Absence) -> None:
    if giver.id == taker.id:
        raise RuleError(_("Không ủy quyền cho chính mình."))
    keeps_keys = Role.ADMINISTRATOR in _roles_during(taker, absence)
    if keeps_keys and any(sees_cases(role) for role in _roles_during(giver, absence)):
        raise RuleError(
            _("Người này quản trị hệ thống nên không được xem hồ sơ ý kiến. Chọn người khác.")
        )


def _roles_during(staff: StaffMember, absence: Absence) -> set[Role]:
    return {Role(grant.role) for grant in staff.grants if _holds_during(grant, absence)}


def _holds_during(grant: RoleGrant, absence: Absence) -> bool:
    not_over = grant.ends is None or absence.first_day < grant.ends
    return grant.starts <= absence.last_day and not_over


def _tell(db: Session, to: StaffMember, subject: str, body: str, *, deed: Deed) -> None:
    post(db, Letter(to=to.email, subject=subject, body=body), now=deed.now)
