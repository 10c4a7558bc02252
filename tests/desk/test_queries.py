"""Which desk a code means, and which desks a member of staff may see."""

import pytest
from sqlalchemy import event

from sipas import clock
from sipas.desk import actions, queries
from sipas.desk.queries import FoundCode, desk_by_code
from sipas.desk.rules import FIRST_NUMBER, NUMBERS, CodeState, code_of
from sipas.errors import NotFoundError
from sipas.staff.rules import Permission, Role


@pytest.fixture
def statements(database):
    """Every statement that reaches the database while the test runs."""
    seen = []
    event.listen(database.engine, "before_cursor_execute", lambda *call: seen.append(call[2]))
    return seen


def unused_code(*used):
    """A well-formed code that was never issued."""
    codes = (code_of(number) for number in range(FIRST_NUMBER, FIRST_NUMBER + NUMBERS))
    return next(code for code in codes if code not in used)


def test_a_code_leads_to_its_desk_however_it_is_typed(db, desk):
    counter = desk()
    code = counter.live_code.code

    found = [desk_by_code(db, typed) for typed in (code, f" {code[:3]} {code[3:]} ")]

    assert found == [FoundCode(CodeState.VALID, counter)] * 2


def test_a_slip_of_the_finger_is_told_without_asking_the_database(db, statements):
    found = desk_by_code(db, "302712")

    assert (found, statements) == (FoundCode(CodeState.MISTYPED), [])


def test_a_code_never_issued_is_unknown(db, desk):
    code = unused_code(desk().live_code.code)

    assert desk_by_code(db, code) == FoundCode(CodeState.UNKNOWN)


def test_a_replaced_code_points_to_the_newest_one(db, desk, deed):
    counter = desk()
    first = counter.live_code.code
    second = actions.issue_code(db, counter, first, deed()).code
    third = actions.issue_code(db, counter, second, deed()).code

    assert desk_by_code(db, first) == FoundCode(CodeState.REVOKED, counter, third)
    assert desk_by_code(db, second) == FoundCode(CodeState.REVOKED, counter, third)


def test_a_revoked_code_without_a_new_one_points_nowhere(db, desk, deed):
    counter = desk()
    code = counter.live_code.code
    actions.revoke_code(db, counter, deed())

    assert desk_by_code(db, code) == FoundCode(CodeState.REVOKED, counter, None)


def test_the_code_of_a_closed_desk_points_to_the_desk_that_does_its_work(db, desk, deed):
    old, new = desk("Quầy 1"), desk("Quầy 2")
    code = old.live_code.code
    actions.close_desk(db, old, new, deed())

    assert desk_by_code(db, code) == FoundCode(CodeState.REVOKED, old, new.live_code.code)


def test_staff_see_the_desks_of_their_own_unit_alone(db, desk, standing_of, divisions):
    own = desk(unit=divisions[0])
    desk(unit=divisions[1])
    clerk = standing_of(Role.DESK_CLERK, unit=divisions[0])

    assert db.scalars(queries.desks_for_staff(clerk)).all() == [own]


def test_a_desk_of_another_unit_is_not_found(db, desk, standing_of, divisions):
    other = desk(unit=divisions[1])
    clerk = standing_of(Role.DESK_CLERK, unit=divisions[0])

    with pytest.raises(NotFoundError):
        queries.desk_for_staff(db, clerk, other.id, needs=Permission.DESK_VIEW)


def test_seeing_a_desk_is_not_enough_to_change_it(db, desk, standing_of):
    counter = desk()
    clerk = standing_of(Role.DESK_CLERK)

    with pytest.raises(NotFoundError):
        queries.desk_for_staff(db, clerk, counter.id, needs=Permission.DESK_EDIT)


def test_closed_desks_stand_last(db, desk, deed, standing_of):
    closed, still_open = desk("Quầy 1"), desk("Quầy 2")
    actions.close_desk(db, closed, None, deed())

    listed = db.scalars(queries.desks_for_staff(standing_of(Role.HEAD_OFFICE))).all()

    assert listed == [still_open, closed]


def test_a_unit_that_has_ended_gets_no_new_desk(db, divisions, standing_of):
    today = clock.today()
    divisions[0].ends = today
    db.commit()

    offered = queries.units_for_desks(db, standing_of(Role.HEAD_OFFICE), day=today)

    assert [unit.name for unit in offered] == ["Phòng Công chứng", "Sở Tư pháp tỉnh An Bình"]
