"""What one may do today, by own roles and by delegation, and who reads the tree."""

from datetime import UTC, date, datetime, timedelta

import pytest

from sipas.staff.models import Delegation
from sipas.staff.queries import roles_on, standing
from sipas.staff.rules import PERMISSIONS, Permission, Role

FIRST, LAST = date(2026, 6, 1), date(2026, 6, 10)
NOW = datetime(2026, 6, 5, 2, tzinfo=UTC)


@pytest.fixture
def hand_over(db):
    def make(giver, taker, **values):
        days = {"first_day": FIRST, "last_day": LAST, "reason": "đi họp"}
        delegation = Delegation(from_id=giver.id, to_id=taker.id, **{**days, **values})
        db.add(delegation)
        db.commit()
        return delegation

    return make


@pytest.mark.parametrize("role", Role)
def test_a_role_gives_its_permissions_in_its_unit_and_below(db, staff, add_unit, role):
    unit = add_unit("Phòng A")
    team = add_unit("Tổ", under=unit)
    add_unit("Phòng B")

    found = standing(db, staff(role, unit=unit), day=FIRST)

    assert set(found.units_by_permission) == PERMISSIONS[role]
    assert set(found.units_by_permission.values()) == {frozenset({unit.id, team.id})}
    assert found.lent_by == {}


@pytest.mark.parametrize(
    ("starts", "ends", "holds"),
    [
        (FIRST, None, True),
        (FIRST, LAST, True),
        (LAST, None, False),
        (date(2026, 1, 1), FIRST, False),
        (FIRST, FIRST, False),
    ],
)
def test_a_role_holds_from_day_to_day(db, staff, starts, ends, holds):
    person = staff(Role.OFFICER)
    person.grants[0].starts, person.grants[0].ends = starts, ends

    assert standing(db, person, day=FIRST).may(Permission.CASE_VIEW) == holds
    assert roles_on(person, FIRST) == ([Role.OFFICER] if holds else [])


def test_a_head_of_the_successor_reaches_the_ended_unit(db, staff, add_unit):
    heir = add_unit("Phòng Mới")
    old = add_unit("Phòng Cũ", ends=FIRST, successor_id=heir.id)
    person = staff(Role.DIVISION_HEAD, unit=heir)
    before = FIRST - timedelta(days=1)

    assert standing(db, person, day=before).units(Permission.CASE_VIEW) == {heir.id}
    assert standing(db, person, day=FIRST).units(Permission.CASE_VIEW) == {heir.id, old.id}


@pytest.mark.parametrize(
    ("day", "lends"),
    [(FIRST - timedelta(days=1), False), (FIRST, True), (LAST, True), (date(2026, 6, 11), False)],
)
def test_a_delegation_lends_on_its_days_and_names_the_giver(db, staff, hand_over, day, lends):
    giver, taker = staff(Role.DIVISION_HEAD), staff(Role.DESK_CLERK)
    hand_over(giver, taker)

    found = standing(db, taker, day=day)

    unit = taker.unit_id
    assert found.may(Permission.CASE_APPROVE, unit) == lends
    assert found.on_behalf_of(Permission.CASE_APPROVE, unit) == (giver.id if lends else None)
    assert found.on_behalf_of(Permission.DESK_VIEW, unit) is None


def test_where_an_own_role_suffices_nobody_is_stood_in_for(db, staff, add_unit, hand_over):
    mine, theirs = add_unit("Phòng A"), add_unit("Phòng B")
    giver, taker = staff(Role.DIVISION_HEAD, unit=theirs), staff(Role.DIVISION_HEAD, unit=mine)
    hand_over(giver, taker)

    found = standing(db, taker, day=FIRST)

    assert found.actor_for(Permission.CASE_APPROVE, mine.id).on_behalf_of is None
    assert found.actor_for(Permission.CASE_APPROVE, theirs.id).on_behalf_of == giver.id


def test_a_delegation_taken_back_lends_nothing(db, staff, hand_over):
    taker = staff(Role.DESK_CLERK)
    hand_over(staff(Role.DIVISION_HEAD), taker, revoked_at=NOW)

    assert not standing(db, taker, day=FIRST).may(Permission.CASE_APPROVE)


def test_who_lost_role_or_account_lends_nothing_any_more(db, staff, hand_over):
    gone, demoted, taker = staff(Role.LEADER), staff(Role.LEADER), staff(Role.DESK_CLERK)
    hand_over(gone, taker)
    hand_over(demoted, taker)
    assert standing(db, taker, day=FIRST).may(Permission.CASE_APPROVE)

    gone.account.disabled = True
    demoted.grants[0].ends = FIRST
    db.commit()

    assert not standing(db, taker, day=FIRST).may(Permission.CASE_APPROVE)


def test_what_was_received_is_not_handed_on(db, staff, hand_over):
    first, second, third = staff(Role.LEADER), staff(Role.DESK_CLERK), staff(Role.INSPECTOR)
    hand_over(first, second)
    hand_over(second, third)

    found = standing(db, third, day=FIRST)

    assert found.may(Permission.DESK_VIEW)
    assert not found.may(Permission.CASE_APPROVE)


def test_the_keys_are_not_lent(db, staff, hand_over):
    taker = staff(Role.OFFICER)
    hand_over(staff(Role.ADMINISTRATOR), taker)

    found = standing(db, taker, day=FIRST)

    assert found.may(Permission.DESK_EDIT)
    assert not found.may(Permission.STAFF_EDIT)
    assert not found.may(Permission.SET_UP)
    assert not found.may(Permission.LEDGER_VIEW)


def test_no_delegation_shows_cases_to_an_administrator(db, staff, hand_over):
    taker = staff(Role.ADMINISTRATOR)
    hand_over(staff(Role.DIVISION_HEAD), taker)

    found = standing(db, taker, day=FIRST)

    assert found.may(Permission.SURVEY_VIEW)
    assert not found.may(Permission.CASE_VIEW)
    assert not found.may(Permission.CASE_APPROVE)


def test_a_lent_role_asks_for_the_second_factor_like_an_own_one(db, staff, hand_over):
    taker = staff(Role.DESK_CLERK)
    assert not standing(db, taker, day=FIRST).needs_second_factor

    hand_over(staff(Role.LEADER), taker)

    assert standing(db, taker, day=FIRST).needs_second_factor


def test_a_standing_takes_the_same_number_of_queries_for_one_and_for_three(
    db, staff, add_unit, hand_over, queries_of
):
    one, three = staff(Role.DESK_CLERK), staff(Role.DESK_CLERK)
    hand_over(staff(Role.OFFICER, unit=add_unit("Phòng 0")), one)
    for number in range(1, 4):
        hand_over(staff(Role.OFFICER, unit=add_unit(f"Phòng {number}")), three)
    standing(db, one, day=FIRST)  # begins the transaction

    sent = [queries_of(lambda who=who: standing(db, who, day=FIRST)) for who in (one, three)]

    assert sent[0] == sent[1]
