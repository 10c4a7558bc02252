"""People and roles: what is refused, what is told, what the ledger keeps."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from sipas.door.models import Account
from sipas.door.rules import hash_cost
from sipas.errors import RuleError
from sipas.ledger.rules import COMMAND, Actor, ActorKind
from sipas.mailroom.models import Notice
from sipas.people import actions
from sipas.people.rules import PersonFacts, RoleSpan
from sipas.staff.models import RoleGrant, StaffMember
from sipas.staff.rules import Deed, Role, sees_cases

DAY = date(2026, 6, 1)
COST = hash_cost("test")
DEED = Deed(COMMAND, datetime(2026, 6, 1, 2, tzinfo=UTC), DAY)


def facts(unit, **changed):
    plain = {"name": "H'Hen Niê", "title": "Chuyên viên", "email": "hen@anbinh.gov.vn",
             "unit_id": unit.id}  # fmt: skip
    return PersonFacts(**{**plain, **changed})


def span(role, unit, starts=DAY, ends=None):
    return RoleSpan(role, unit.id, starts, ends)


def by(person):
    return Deed(Actor(ActorKind.STAFF, person.id), DEED.now, DAY)


def test_a_new_person_gets_a_name_and_a_password_that_no_letter_carries(db, office, traces):
    person, temporary = actions.add_person(db, facts(office), sign_in="", cost=COST, deed=DEED)

    assert person.account.name == "nieh"
    assert person.account.must_change_password
    assert temporary not in person.account.password_hash
    assert traces.letters() == [("hen@anbinh.gov.vn", "Ông/Bà có tài khoản mới")]
    assert temporary not in db.scalars(select(Notice.body)).one()
    assert traces.entries()[-1] == (
        "staff.added",
        f"staff:{person.id}",
        {"account": person.account_id, "unit": office.id},
    )


def test_namesakes_sign_in_under_different_names(db, office):
    names = [
        actions.add_person(
            db, facts(office, email=f"{number}@b.vn"), sign_in="", cost=COST, deed=DEED
        )[0].account.name
        for number in range(3)
    ]

    assert names == ["nieh", "nieh2", "nieh3"]


def test_the_same_person_is_not_added_twice(db, office):
    actions.add_person(db, facts(office), sign_in="", cost=COST, deed=DEED)

    with pytest.raises(RuleError, match="Đã có cán bộ mang tên này"):
        actions.add_person(db, facts(office, name="h'hen nie"), sign_in="", cost=COST, deed=DEED)


def test_a_name_that_is_taken_is_refused(db, office):
    actions.add_person(db, facts(office), sign_in="hen", cost=COST, deed=DEED)

    with pytest.raises(RuleError, match="Tên đăng nhập này đã có người dùng"):
        actions.add_person(db, facts(office, email="b@b.vn"), sign_in="hen", cost=COST, deed=DEED)


def test_a_move_is_told_and_a_new_address_is_told_to_the_old_one(db, staff, add_unit, traces):
    person, unit = staff(Role.OFFICER), add_unit("Phòng Mới")
    old = person.email
    new = PersonFacts(person.name, "Phó phòng", "moi@anbinh.gov.vn", unit.id)

    actions.edit_person(db, person, new, version=1, deed=DEED)

    assert actions.facts_of(person) == new
    assert traces.letters() == [
        (old, "Địa chỉ thư của Ông/Bà đã được đổi"),
        ("moi@anbinh.gov.vn", "Ông/Bà được chuyển đơn vị"),
    ]


def test_a_change_leaves_ids_in_the_ledger_and_no_names(db, office, staff, add_unit, traces):
    person, unit = staff(Role.OFFICER), add_unit("Phòng Mới")
    new = PersonFacts("Trần Thị Khác", person.title, person.email, unit.id)

    actions.edit_person(db, person, new, version=1, deed=DEED)
    actions.edit_person(db, person, new, version=1, deed=DEED)

    assert traces.entries() == [
        ("staff.changed", f"staff:{person.id}", {"unit": unit.id, "unit_before": office.id})
    ]


def test_what_a_colleague_has_changed_since_is_not_overwritten(db, office, staff):
    person = staff(Role.OFFICER)
    actions.edit_person(db, person, facts(office, name="Một"), version=1, deed=DEED)

    with pytest.raises(RuleError, match="Người khác vừa sửa"):
        actions.edit_person(db, person, facts(office, name="Hai"), version=1, deed=DEED)
    assert person.name == "Một"


def test_a_role_is_given_told_and_ends_open_sessions(db, staff, add_unit, signed_in, traces):
    person, unit = staff(Role.OFFICER), add_unit("Phòng A")
    signed_in(person=person)

    actions.grant_role(db, person, span(Role.PUBLISHER, unit, ends=date(2026, 7, 1)),
                       deed=DEED)  # fmt: skip

    assert traces.open_sessions(person) == 0
    assert traces.entries()[-1] == (
        "role.granted",
        f"staff:{person.id}",
        {"role": "publisher", "unit": unit.id, "starts": "2026-06-01", "ends": "2026-07-01"},
    )
    assert traces.letters() == [(person.email, "Ông/Bà được cấp vai trò")]


def test_a_role_is_withdrawn_from_today_and_once(db, staff, signed_in, traces):
    person = staff(Role.OFFICER)
    signed_in(person=person)
    for _time in range(2):
        actions.withdraw_role(db, person, person.grants[0], deed=DEED)

    assert person.grants[0].ends == DAY
    assert traces.open_sessions(person) == 0
    assert [what for what, *_rest in traces.entries() if what.startswith("role")] == [
        "role.withdrawn"
    ]
    assert traces.letters() == [(person.email, "Ông/Bà thôi giữ vai trò")]


def test_a_role_withdrawn_before_it_began_never_held(db, office, staff):
    person = staff(Role.OFFICER)
    later = date(2026, 7, 1)
    grant = actions.grant_role(db, person, span(Role.PUBLISHER, office, starts=later), deed=DEED)

    actions.withdraw_role(db, person, grant, deed=DEED)

    assert (grant.starts, grant.ends) == (later, later)
    actions.grant_role(db, person, span(Role.PUBLISHER, office, starts=later), deed=DEED)


@pytest.mark.parametrize(
    ("days", "why"),
    [
        ((DAY - timedelta(days=1), None), "sớm nhất từ hôm nay"),
        ((DAY, DAY), "Ngày cuối không được trước"),
        ((DAY, DAY - timedelta(days=3)), "Ngày cuối không được trước"),
    ],
)
def test_days_of_a_role_must_make_sense(db, office, staff, days, why):
    with pytest.raises(RuleError, match=why):
        actions.grant_role(db, staff(Role.OFFICER), span(Role.PUBLISHER, office, *days),
                           deed=DEED)  # fmt: skip


@pytest.mark.parametrize("values", [{"ends": DAY}, {"starts": date(2026, 7, 1)}])
def test_a_role_needs_a_unit_that_is_there(db, staff, add_unit, values):
    with pytest.raises(RuleError, match="Đơn vị không hoạt động"):
        actions.grant_role(db, staff(Role.OFFICER), span(Role.PUBLISHER, add_unit("A", **values)),
                           deed=DEED)  # fmt: skip


def test_the_same_role_is_not_given_twice(db, office, staff):
    with pytest.raises(RuleError, match="đã có vai trò này"):
        actions.grant_role(db, staff(Role.OFFICER), span(Role.OFFICER, office),
                           deed=DEED)  # fmt: skip


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_who_keeps_the_keys_gets_no_role_that_reads_cases(db, office, staff, role):
    pairs = [
        (staff(Role.ADMINISTRATOR), span(role, office)),
        (staff(role), span(Role.ADMINISTRATOR, office)),
    ]

    for person, wanted in pairs:
        if sees_cases(role):
            with pytest.raises(RuleError, match="không được xem hồ sơ ý kiến"):
                actions.grant_role(db, person, wanted, deed=DEED)
        else:
            actions.grant_role(db, person, wanted, deed=DEED)


def test_a_clash_ends_with_the_day_on_which_the_first_role_ends(db, office, staff):
    person = staff(Role.OFFICER)
    person.grants[0].ends = date(2026, 7, 1)
    db.commit()

    with pytest.raises(RuleError, match="không được xem hồ sơ ý kiến"):
        actions.grant_role(db, person, span(Role.ADMINISTRATOR, office), deed=DEED)
    actions.grant_role(db, person, span(Role.ADMINISTRATOR, office, date(2026, 7, 1)), deed=DEED)


def test_nobody_does_it_to_themselves(db, office, staff):
    person, other = staff(Role.ADMINISTRATOR), staff(Role.ADMINISTRATOR)
    mine = by(person)

    for doing in (
        lambda: actions.grant_role(db, person, span(Role.INSPECTOR, office), deed=mine),
        lambda: actions.withdraw_role(db, person, person.grants[0], deed=mine),
        lambda: actions.disable(db, person, deed=mine),
        lambda: actions.enable(db, person, deed=mine),
        lambda: actions.reset_password(db, person, cost=COST, deed=mine),
        lambda: actions.remove_factor(db, person, deed=mine),
    ):
        with pytest.raises(RuleError, match="cho chính mình"):
            doing()
    actions.grant_role(db, other, span(Role.INSPECTOR, office), deed=mine)


def test_the_last_administrator_stays(db, staff):
    last, gone = staff(Role.ADMINISTRATOR), staff(Role.ADMINISTRATOR)
    actions.disable(db, gone, deed=DEED)

    with pytest.raises(RuleError, match="quản trị hệ thống cuối cùng"):
        actions.disable(db, last, deed=DEED)
    with pytest.raises(RuleError, match="quản trị hệ thống cuối cùng"):
        actions.withdraw_role(db, last, last.grants[0], deed=DEED)


@pytest.mark.parametrize("how", ["division", "ending", "coming"])
def test_an_administrator_of_a_part_or_for_a_time_does_not_count(db, staff, add_unit, how):
    last = staff(Role.ADMINISTRATOR)
    other = staff(Role.ADMINISTRATOR, unit=add_unit("Phòng A") if how == "division" else None)
    if how == "ending":
        other.grants[0].ends = date(2026, 12, 31)
    if how == "coming":
        other.grants[0].starts = date(2026, 12, 31)
    db.commit()

    with pytest.raises(RuleError, match="quản trị hệ thống cuối cùng"):
        actions.withdraw_role(db, last, last.grants[0], deed=DEED)
    actions.withdraw_role(db, other, other.grants[0], deed=DEED)


def test_a_closed_account_is_closed_and_opened_once(db, staff, signed_in, traces):
    person = staff(Role.OFFICER)
    signed_in(person=person)

    for doing in (actions.disable, actions.disable, actions.enable, actions.enable):
        doing(db, person, deed=DEED)

    assert traces.open_sessions(person) == 0
    assert not person.account.disabled
    assert [what for what, *_rest in traces.entries()] == ["account.disabled", "account.enabled"]
    assert traces.letters() == [
        (person.email, "Tài khoản của Ông/Bà đã khóa"),
        (person.email, "Tài khoản của Ông/Bà đã mở lại"),
    ]


def test_a_reset_gives_a_new_temporary_password_and_ends_sessions(db, staff, signed_in, traces):
    person = staff(Role.OFFICER)
    signed_in(person=person)

    temporary = actions.reset_password(db, person, cost=COST, deed=DEED)

    assert traces.open_sessions(person) == 0
    assert person.account.must_change_password
    assert traces.letters() == [(person.email, "Mật khẩu của Ông/Bà đã được đặt lại")]
    assert temporary not in db.scalars(select(Notice.body)).one()


def test_a_lost_phone_is_taken_off_and_ends_sessions(db, staff, signed_in, traces):
    person = staff(Role.LEADER)
    signed_in(person=person)

    actions.remove_factor(db, person, deed=DEED)
    db.commit()

    assert db.scalars(select(Account.totp_secret)).all() == [None]
    assert traces.open_sessions(person) == 0
    assert traces.letters() == [(person.email, "Xác thực hai lớp của Ông/Bà đã được gỡ")]


def test_who_has_gone_stays_in_the_books(db, staff):
    person = staff(Role.OFFICER)
    actions.disable(db, person, deed=DEED)
    db.commit()

    assert db.get_one(StaffMember, person.id).name == "Người officer"
    assert db.scalars(select(RoleGrant.staff_id)).one() == person.id
