"""Handing over one's duties: what is refused, told, and kept in the ledger."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from sipas.delegation import actions
from sipas.delegation.rules import LONGEST_DAYS, Absence
from sipas.errors import RuleError
from sipas.ledger.models import Event
from sipas.ledger.rules import COMMAND
from sipas.mailroom.models import Notice
from sipas.staff.models import Delegation
from sipas.staff.queries import standing
from sipas.staff.rules import Deed, Permission, Role

DAY = date(2026, 6, 1)
DEED = Deed(COMMAND, datetime(2026, 6, 1, 2, tzinfo=UTC), DAY)


def absence(first=0, last=9):
    return Absence(DAY + timedelta(days=first), DAY + timedelta(days=last), "đi công tác")


def entries(db):
    found = db.scalars(select(Event).order_by(Event.seq))
    return [(event.what, event.subject, event.detail) for event in found]


def test_a_delegation_is_told_to_the_taker_and_kept_without_its_reason(db, staff):
    giver, taker = staff(Role.LEADER, name="Người Giao"), staff(Role.OFFICER)

    actions.delegate(db, giver, taker, absence(), deed=DEED)

    assert entries(db) == [
        (
            "delegation.given",
            f"staff:{giver.id}",
            {"to": taker.id, "first_day": "2026-06-01", "last_day": "2026-06-10"},
        )
    ]
    letter = db.scalars(select(Notice)).one()
    assert (letter.to, letter.subject) == (taker.email, "Ông/Bà được ủy quyền")
    assert (
        "Người Giao ủy quyền cho Ông/Bà từ ngày 01/06/2026 đến hết ngày 10/06/2026." in letter.body
    )


@pytest.mark.parametrize(
    ("first", "last", "why"),
    [
        (-1, 5, "sớm nhất là hôm nay"),
        (5, 4, "Ngày cuối không được trước"),
        (0, LONGEST_DAYS, "nhiều nhất 90 ngày"),
    ],
)
def test_days_have_their_bounds(db, staff, first, last, why):
    with pytest.raises(RuleError, match=why):
        actions.delegate(
            db, staff(Role.LEADER), staff(Role.OFFICER), absence(first, last), deed=DEED
        )


def test_ninety_days_are_allowed(db, staff):
    longest = absence(0, LONGEST_DAYS - 1)

    assert actions.delegate(db, staff(Role.LEADER), staff(Role.OFFICER), longest, deed=DEED).id


def test_nobody_stands_in_for_themselves(db, staff):
    person = staff(Role.LEADER)

    with pytest.raises(RuleError, match="chính mình"):
        actions.delegate(db, person, person, absence(), deed=DEED)


def test_the_same_days_are_handed_over_once(db, staff):
    giver, taker, other = staff(Role.LEADER), staff(Role.OFFICER), staff(Role.OFFICER)
    first = actions.delegate(db, giver, taker, absence(0, 9), deed=DEED)

    with pytest.raises(RuleError, match="đã ủy quyền cho người này"):
        actions.delegate(db, giver, taker, absence(9, 12), deed=DEED)
    actions.delegate(db, giver, taker, absence(10, 12), deed=DEED)
    actions.delegate(db, giver, other, absence(0, 9), deed=DEED)
    actions.take_back(db, first, deed=DEED)
    actions.delegate(db, giver, taker, absence(0, 9), deed=DEED)


@pytest.mark.parametrize("role", [Role.OFFICER, Role.LEADER, Role.DATA_PROTECTION])
def test_who_keeps_the_keys_is_no_stand_in_for_who_reads_cases(db, staff, role):
    with pytest.raises(RuleError, match="không được xem hồ sơ ý kiến"):
        actions.delegate(db, staff(role), staff(Role.ADMINISTRATOR), absence(), deed=DEED)


def test_who_keeps_the_keys_may_stand_in_for_who_reads_none(db, staff):
    actions.delegate(db, staff(Role.DESK_CLERK), staff(Role.ADMINISTRATOR), absence(), deed=DEED)

    assert db.scalar(select(func.count()).select_from(Delegation)) == 1


def test_what_is_taken_back_ends_at_once_and_once(db, staff):
    giver, taker = staff(Role.LEADER), staff(Role.DESK_CLERK)
    delegation = actions.delegate(db, giver, taker, absence(), deed=DEED)
    assert standing(db, taker, day=DAY).may(Permission.CASE_APPROVE)

    for _time in range(2):
        actions.take_back(db, delegation, deed=DEED)

    assert not standing(db, taker, day=DAY).may(Permission.CASE_APPROVE)
    assert delegation.revoked_at == DEED.now
    assert [what for what, *_rest in entries(db)] == ["delegation.given", "delegation.taken_back"]
    assert [notice.subject for notice in db.scalars(select(Notice).order_by(Notice.id))] == [
        "Ông/Bà được ủy quyền",
        "Ủy quyền cho Ông/Bà đã được rút",
    ]


def test_what_is_over_is_left_as_it_is(db, staff):
    delegation = actions.delegate(
        db, staff(Role.LEADER), staff(Role.OFFICER), absence(0, 0), deed=DEED
    )
    later = Deed(COMMAND, DEED.now + timedelta(days=1), DAY + timedelta(days=1))

    actions.take_back(db, delegation, deed=later)

    assert delegation.revoked_at is None
