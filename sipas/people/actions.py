"""Changing who works here and who holds which role. Each change is told to the person by mail."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from sipas.door import actions as door
from sipas.door.rules import HashCost
from sipas.errors import RuleError
from sipas.i18n import gettext as _
from sipas.ledger.actions import record
from sipas.ledger.rules import ActorKind
from sipas.mailroom.actions import post
from sipas.mailroom.rules import Letter
from sipas.people import queries
from sipas.people.rules import PersonFacts, RoleSpan, free_sign_in, suggested_sign_in
from sipas.staff.labels import ROLES
from sipas.staff.models import RoleGrant, StaffMember, Unit
from sipas.staff.queries import hold
from sipas.staff.rules import Deed, Role, clash


def add_person(
    db: Session, facts: PersonFacts, *, sign_in: str, cost: HashCost, deed: Deed
) -> tuple[StaffMember, str]:
    """A new person and a temporary password: the only time that this is known in clear."""
    _one_at_a_time(db)
    if queries.namesake(db, facts.name, facts.email):
        raise RuleError(_("Đã có cán bộ mang tên này với cùng địa chỉ thư."))
    wanted = sign_in or _suggested(db, facts.name)
    account, temporary = door.add_account(db, wanted, cost=cost, by=deed.by, now=deed.now)
    person = StaffMember(account=account)
    _write(person, facts)
    db.add(person)
    db.flush()
    record(db, "staff.added", _subject(person), by=deed.by, now=deed.now,
           account=account.id, unit=facts.unit_id)  # fmt: skip
    _tell(
        db,
        person,
        _("Ông/Bà có tài khoản mới"),
        _(
            "Tên đăng nhập: %(name)s. Quản trị hệ thống trao mật khẩu tạm tận tay; "
            "không ai hỏi mật khẩu qua thư hay điện thoại.",
            name=account.name,
        ),
        deed=deed,
    )
    return person, temporary


def edit_person(
    db: Session, person: StaffMember, facts: PersonFacts, *, version: int, deed: Deed
) -> None:
    hold(db, person)
    was = facts_of(person)
    if facts == was:
        return
    if person.version != version:
        raise RuleError(_("Người khác vừa sửa thông tin này. Xem lại nội dung rồi gửi lần nữa."))

    if facts.email != was.email:
        _tell_of_new_address(db, person, deed=deed)  # to the old one, which still is the person's
    _write(person, facts)
    person.version += 1
    moved = facts.unit_id != was.unit_id
    units = {"unit": facts.unit_id, "unit_before": was.unit_id} if moved else {}
    record(db, "staff.changed", _subject(person), by=deed.by, now=deed.now, **units)
    if moved:
        _tell_of_move(db, person, deed=deed)


def grant_role(db: Session, person: StaffMember, span: RoleSpan, *, deed: Deed) -> RoleGrant:
    """Give a role from day to day. It shows at once: open sessions end.

    Only an administrator gets here, so only one makes another (tests keep it so).
    """
    _check_other(person, deed)
    hold(db, person)
    _check_days(span, deed=deed)
    _check_unit(db.get_one(Unit, span.unit_id), span)
    _check_fits(span, person.grants)

    grant = RoleGrant(role=span.role, unit_id=span.unit_id, starts=span.starts, ends=span.ends)
    person.grants.append(grant)
    db.flush()
    door.end_sessions(db, person.account_id, by=deed.by, now=deed.now)
    record(db, "role.granted", _subject(person), by=deed.by, now=deed.now, role=span.role,
           unit=span.unit_id, starts=span.starts.isoformat(),
           ends=span.ends.isoformat() if span.ends else None)  # fmt: skip
    _tell(
        db,
        person,
        _("Ông/Bà được cấp vai trò"),
        _(
            "Vai trò %(role)s tại %(unit)s, từ ngày %(day)s.",
            role=ROLES[span.role],
            unit=grant.unit.name,
            day=f"{span.starts:%d/%m/%Y}",
        ),
        deed=deed,
    )
    return grant


def withdraw_role(db: Session, person: StaffMember, grant: RoleGrant, *, deed: Deed) -> None:
    """Take a role back from today on. What is over already is left as it is."""
    _check_other(person, deed)
    hold(db, person)
    if grant.ends is not None and grant.ends <= deed.day:
        return
    if grant.role == Role.ADMINISTRATOR and grant.unit.parent_id is None:
        _check_not_last(db, person, deed=deed)

    grant.ends = max(grant.starts, deed.day)
    door.end_sessions(db, person.account_id, by=deed.by, now=deed.now)
    record(db, "role.withdrawn", _subject(person), by=deed.by, now=deed.now,
           role=grant.role, unit=grant.unit_id, ends=grant.ends.isoformat())  # fmt: skip
    _tell(
        db,
        person,
        _("Ông/Bà thôi giữ vai trò"),
        _(
            "Vai trò %(role)s tại %(unit)s đã được thu hồi.",
            role=ROLES[Role(grant.role)],
            unit=grant.unit.name,
        ),
        deed=deed,
    )


def disable(db: Session, person: StaffMember, *, deed: Deed) -> None:
    """Close the account: its sessions end, its delegations lend nothing any more."""
    _check_other(person, deed)
    hold(db, person)
    if person.account.disabled:
        return
    _check_not_last(db, person, deed=deed)
    door.disable(db, person.account, by=deed.by, now=deed.now)
    body = _("Ông/Bà không đăng nhập được nữa. Nếu có nhầm lẫn, báo quản trị hệ thống.")
    _tell(db, person, _("Tài khoản của Ông/Bà đã khóa"), body, deed=deed)


def enable(db: Session, person: StaffMember, *, deed: Deed) -> None:
    _check_other(person, deed)
    hold(db, person)
    if not person.account.disabled:
        return
    door.enable(db, person.account, by=deed.by, now=deed.now)
    body = _("Ông/Bà đăng nhập lại được bằng mật khẩu đã có.")
    _tell(db, person, _("Tài khoản của Ông/Bà đã mở lại"), body, deed=deed)


def reset_password(db: Session, person: StaffMember, *, cost: HashCost, deed: Deed) -> str:
    """A temporary password in place of a forgotten one: the only time it is known in clear."""
    _check_other(person, deed)
    temporary = door.reset_password(db, person.account, cost=cost, by=deed.by, now=deed.now)
    body = _("Quản trị hệ thống trao mật khẩu tạm tận tay. Nếu Ông/Bà không yêu cầu, báo ngay.")
    _tell(db, person, _("Mật khẩu của Ông/Bà đã được đặt lại"), body, deed=deed)
    return temporary


def remove_factor(db: Session, person: StaffMember, *, deed: Deed) -> None:
    """For somebody whose phone is lost; whoever found it must not stay in."""
    _check_other(person, deed)
    door.remove_factor(db, person.account, by=deed.by, now=deed.now)
    door.end_sessions(db, person.account_id, by=deed.by, now=deed.now)
    body = _("Cài lại ở lần đăng nhập sau. Nếu Ông/Bà không yêu cầu, báo ngay quản trị hệ thống.")
    _tell(db, person, _("Xác thực hai lớp của Ông/Bà đã được gỡ"), body, deed=deed)


def facts_of(person: StaffMember) -> PersonFacts:
    return PersonFacts(person.name, person.title, person.email, person.unit_id)


def span_of(grant: RoleGrant) -> RoleSpan:
    return RoleSpan(Role(grant.role), grant.unit_id, grant.starts, grant.ends)


def _check_other(person: StaffMember, deed: Deed) -> None:
    if deed.by.kind == ActorKind.STAFF and deed.by.id == person.id:
        raise RuleError(
            _("Không làm được việc này cho chính mình. Nhờ một quản trị hệ thống khác.")
        )


def _check_days(span: RoleSpan, *, deed: Deed) -> None:
    if span.starts < deed.day:
        raise RuleError(_("Vai trò bắt đầu sớm nhất từ hôm nay."))
    if span.ends is not None and span.ends <= span.starts:
        raise RuleError(_("Ngày cuối không được trước ngày đầu."))


def _check_unit(unit: Unit, span: RoleSpan) -> None:
    if unit.starts > span.starts or (unit.ends is not None and unit.ends <= span.starts):
        raise RuleError(_("Đơn vị không hoạt động vào ngày này. Chọn đơn vị khác."))


def _check_fits(span: RoleSpan, grants: Iterable[RoleGrant]) -> None:
    for held in map(span_of, grants):
        if not span.meets(held):
            continue
        if clash(span.role, held.role):
            raise RuleError(
                _(
                    "Người quản trị hệ thống không được xem hồ sơ ý kiến, nên không giữ cùng lúc "
                    "vai trò “%(one)s” và “%(other)s”.",
                    one=ROLES[held.role],
                    other=ROLES[span.role],
                )
            )
        if (span.role, span.unit_id) == (held.role, held.unit_id):
            raise RuleError(_("Cán bộ đã có vai trò này ở đơn vị này trong những ngày ấy."))


def _check_not_last(db: Session, person: StaffMember, *, deed: Deed) -> None:
    """Somebody must keep the keys. Two who close each other's account at once wait in line."""
    keys = select(RoleGrant.id).where(RoleGrant.role == Role.ADMINISTRATOR).order_by(RoleGrant.id)
    db.scalars(keys.with_for_update()).all()
    keepers = queries.lasting_administrators(db, deed.day)
    if set(keepers) == {person.id}:
        raise RuleError(
            _("Đây là quản trị hệ thống cuối cùng. Cấp vai trò này cho người khác trước.")
        )


def _one_at_a_time(db: Session) -> None:
    """Whoever adds people holds the office's own row, so a double click finds the first one."""
    db.execute(select(Unit.id).where(Unit.parent_id.is_(None)).with_for_update())


def _suggested(db: Session, name: str) -> str:
    wanted = suggested_sign_in(name)
    return free_sign_in(wanted, queries.sign_in_names(db, wanted))


def _write(person: StaffMember, facts: PersonFacts) -> None:
    person.name = facts.name
    person.title = facts.title
    person.email = facts.email
    person.unit_id = facts.unit_id


def _tell_of_new_address(db: Session, person: StaffMember, *, deed: Deed) -> None:
    body = _("Thư báo từ nay gửi đến địa chỉ mới. Nếu Ông/Bà không yêu cầu, báo quản trị hệ thống.")
    _tell(db, person, _("Địa chỉ thư của Ông/Bà đã được đổi"), body, deed=deed)


def _tell_of_move(db: Session, person: StaffMember, *, deed: Deed) -> None:
    db.flush()
    db.refresh(person, ["unit"])
    body = _("Từ nay Ông/Bà thuộc %(unit)s. Vai trò không đổi.", unit=person.unit.name)
    _tell(db, person, _("Ông/Bà được chuyển đơn vị"), body, deed=deed)


def _tell(db: Session, person: StaffMember, subject: str, body: str, *, deed: Deed) -> None:
    post(db, Letter(to=person.email, subject=subject, body=body), now=deed.now)


def _subject(person: StaffMember) -> str:
    return f"staff:{person.id}"
