"""Roles and permissions, and where a unit belongs, by table."""

from datetime import date

import pytest

from sipas.ledger.rules import Actor, ActorKind
from sipas.staff.rules import (
    NEED_SECOND_FACTOR,
    NOT_DELEGABLE,
    PERMISSIONS,
    Permission,
    Role,
    Standing,
    UnitKind,
    UnitOn,
    above,
    below,
    clash,
    goes_in_circles,
    lent,
    parent_on,
    sees_cases,
)

BEFORE, DAY = date(2026, 5, 31), date(2026, 6, 1)
CASE_WORK = {
    Permission.CASE_VIEW,
    Permission.CASE_HANDLE,
    Permission.CASE_APPROVE,
    Permission.CASE_PUBLISH,
}
KEYS = {Permission.STAFF_EDIT, Permission.SET_UP, Permission.LEDGER_VIEW, Permission.DELEGATE}


def test_every_role_has_its_permissions():
    assert set(PERMISSIONS) == set(Role)


def test_an_administrator_reads_no_case():
    assert PERMISSIONS[Role.ADMINISTRATOR] & CASE_WORK == set()


def test_only_an_administrator_makes_another():
    holders = {role for role in Role if Permission.STAFF_EDIT in PERMISSIONS[role]}

    assert holders == {Role.ADMINISTRATOR}
    assert Permission.STAFF_EDIT in NOT_DELEGABLE


def test_every_role_may_hand_over_its_duties():
    assert all(Permission.DELEGATE in PERMISSIONS[role] for role in Role)


def test_the_roles_that_reach_far_need_a_second_factor():
    assert {
        Role.LEADER,
        Role.HEAD_OFFICE,
        Role.DATA_PROTECTION,
        Role.ADMINISTRATOR,
    } == NEED_SECOND_FACTOR


@pytest.mark.parametrize("role", Role)
def test_an_administrator_holds_no_role_that_reads_cases(role):
    assert clash(Role.ADMINISTRATOR, role) == sees_cases(role)
    assert clash(role, Role.ADMINISTRATOR) == sees_cases(role)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_other_roles_go_together(role):
    assert not any(clash(role, other) for other in Role if other != Role.ADMINISTRATOR)


@pytest.mark.parametrize("role", Role)
def test_a_delegation_lends_the_duties_and_never_the_keys(role):
    assert lent(role, own=[Role.OFFICER]) == PERMISSIONS[role] - KEYS


@pytest.mark.parametrize("role", Role)
def test_no_delegation_shows_cases_to_an_administrator(role):
    assert lent(role, own=[Role.ADMINISTRATOR]) & CASE_WORK == set()


def standing_with(**values):
    plain = {"staff_id": 7, "account_id": 1, "name": "", "unit_id": 1, "unit_name": "",
             "needs_second_factor": False}  # fmt: skip
    return Standing(**plain, **values)


def test_a_standing_names_the_colleague_where_only_a_delegation_gives_the_right():
    standing = standing_with(
        units_by_permission={Permission.CASE_APPROVE: frozenset({1, 2})},
        lent_by={(Permission.CASE_APPROVE, 2): 9},
    )

    assert standing.on_behalf_of(Permission.CASE_APPROVE, 1) is None
    assert standing.on_behalf_of(Permission.CASE_APPROVE, 2) == 9
    assert standing.actor_for(Permission.CASE_APPROVE, 1) == Actor(ActorKind.STAFF, 7)
    assert standing.actor_for(Permission.CASE_APPROVE, 2) == Actor(ActorKind.STAFF, 7, 9)


def test_what_reaches_several_units_needs_an_own_right_in_each():
    standing = standing_with(
        units_by_permission={Permission.DESK_EDIT: frozenset({1, 2})},
        lent_by={(Permission.DESK_EDIT, 2): 9},
    )

    assert standing.on_behalf_of(Permission.DESK_EDIT, 1, 2) == 9


@pytest.mark.parametrize(("units", "giver"), [({1, 2}, None), ({2}, 9), (set(), None)])
def test_for_what_belongs_to_no_unit_an_own_right_anywhere_is_enough(units, giver):
    standing = standing_with(
        units_by_permission={Permission.CALENDAR_EDIT: frozenset(units)},
        lent_by={(Permission.CALENDAR_EDIT, 2): 9} if units else {},
    )

    assert standing.on_behalf_of(Permission.CALENDAR_EDIT) == giver


def test_a_standing_without_a_permission_holds_it_nowhere():
    standing = standing_with(units_by_permission={Permission.HOME: frozenset({1})})

    assert standing.may(Permission.HOME)
    assert standing.may(Permission.HOME, 1)
    assert not standing.may(Permission.HOME, 2)
    assert not standing.may(Permission.STAFF_EDIT)
    assert standing.units(Permission.STAFF_EDIT) == frozenset()


def tree(*rows):
    """Units as (id, parent), or (id, parent, the successor from DAY on; 0 for none)."""
    found = {}
    for unit_id, parent, *end in rows:
        ends = DAY if end else None
        successor = (end[0] or None) if end else None
        found[unit_id] = UnitOn(unit_id, UnitKind.DIVISION, "", "", parent, date(2024, 1, 1),
                                ends, successor)  # fmt: skip
    return found


MERGED = tree((1, None), (2, 1, 3), (3, 1), (4, 2), (5, 1, 0), (6, 5), (7, 2, 0))


@pytest.mark.parametrize(
    ("unit", "before", "after"),
    [
        (1, [], []),
        (2, [1], [3, 1]),  # merged into 3
        (3, [1], [1]),
        (4, [2, 1], [2, 3, 1]),  # stood under 2
        (5, [1], [1]),  # given up without a successor
        (6, [5, 1], [5, 1]),
        (7, [2, 1], [2, 3, 1]),  # ended as a part of 2
    ],
)
def test_a_unit_belongs_to_its_parent_or_once_ended_to_its_successor(unit, before, after):
    assert above(MERGED, unit, BEFORE) == before
    assert above(MERGED, unit, DAY) == after


@pytest.mark.parametrize(
    ("unit", "before", "after"), [(4, 2, 3), (6, 5, 1), (3, 1, 1), (1, None, None)]
)
def test_a_unit_stands_under_the_nearest_that_exists(unit, before, after):
    assert parent_on(MERGED, unit, BEFORE) == before
    assert parent_on(MERGED, unit, DAY) == after


def test_a_right_covers_what_is_below_and_what_ended_into_it():
    assert below(MERGED, BEFORE)[2] == {2, 4, 7}
    assert below(MERGED, BEFORE)[3] == {3}
    assert below(MERGED, DAY) == {
        1: {1, 2, 3, 4, 5, 6, 7},
        2: {2, 7},  # a right for an ended unit reaches no unit that goes on
        3: {3, 2, 4, 7},
        4: {4},
        5: {5},
        6: {6},
        7: {7},
    }


def test_a_chain_of_successors_is_followed_to_its_end():
    chain = tree((1, None), (2, 1, 3), (3, 1, 4), (4, 1))

    assert below(chain, DAY)[4] == {4, 3, 2}


def test_a_circle_is_seen_and_walked_only_once():
    circle = tree((1, None), (2, 3), (3, 2), (4, 3))

    assert goes_in_circles(circle, DAY)
    assert above(circle, 4, DAY) == [3, 2]
    assert not goes_in_circles(MERGED, DAY)


def test_a_circle_that_only_comes_with_an_end_is_seen_on_that_day():
    later = tree((1, None), (2, 1, 3), (3, 2))

    assert not goes_in_circles(later, BEFORE)
    assert goes_in_circles(later, DAY)
