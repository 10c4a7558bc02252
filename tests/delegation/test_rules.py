"""How long a delegation is, and when two meet, by table."""

from datetime import date

import pytest

from sipas.delegation.rules import Absence


def absence(first, last):
    return Absence(date(2026, 6, first), date(2026, 6, last), "đi họp")


@pytest.mark.parametrize(("first", "last", "days"), [(1, 1, 1), (1, 2, 2), (1, 30, 30)])
def test_both_ends_count(first, last, days):
    assert absence(first, last).days == days


@pytest.mark.parametrize(
    ("first", "last", "meet"),
    [(1, 4, False), (1, 5, True), (7, 8, True), (10, 12, True), (11, 12, False), (1, 30, True)],
)
def test_two_meet_when_a_day_belongs_to_both(first, last, meet):
    asked = absence(5, 10)

    assert asked.meets(date(2026, 6, first), date(2026, 6, last)) == meet
