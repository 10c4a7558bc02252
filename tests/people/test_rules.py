"""Names to sign in with, and roles from day to day, by table."""

from datetime import date

import pytest

from sipas.people.rules import SIGN_IN_NAME, RoleSpan, free_sign_in, suggested_sign_in
from sipas.staff.rules import Role


@pytest.mark.parametrize(
    ("name", "suggested"),
    [
        ("Nguyễn Văn Nam", "namnv"),
        ("Đặng Thị Ngọc Ánh", "anhdtn"),
        ("H'Hen Niê", "nieh"),
        ("Y Bhăm Êban", "ebanyb"),
        ("Nguye\u0302\u0303n Va\u0306n Nam", "namnv"),
        ("Ý", "y00"),
        ("--- !!!", "canbo"),
        ("Lý " * 60, "ly" + "l" * 28),
    ],
)
def test_a_sign_in_name_is_the_given_name_and_the_other_initials(name, suggested):
    assert suggested_sign_in(name) == suggested
    assert SIGN_IN_NAME.fullmatch(suggested)


@pytest.mark.parametrize(
    ("taken", "free"),
    [([], "namnv"), (["namnv"], "namnv2"), (["namnv", "namnv2", "namnva"], "namnv3")],
)
def test_a_taken_name_gets_the_first_free_number(taken, free):
    assert free_sign_in("namnv", taken) == free


def span(starts, ends):
    return RoleSpan(Role.OFFICER, 1, date(2026, 1, starts), date(2026, 1, ends) if ends else None)


@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [
        ((1, 5), (5, 9), False),
        ((1, 6), (5, 9), True),
        ((1, None), (5, 9), True),
        ((9, None), (5, 9), False),
        ((1, None), (5, None), True),
        ((3, 3), (1, 9), False),
    ],
)
def test_two_spans_meet_when_a_day_belongs_to_both(one, other, meet):
    assert span(*one).meets(span(*other)) == meet
    assert span(*other).meets(span(*one)) == meet
