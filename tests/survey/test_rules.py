"""What may be shown, and what marks a sending."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sipas.survey.rules import (
    FORM_LIVES,
    MINIMUM_CELL,
    Cell,
    Figures,
    Month,
    cell_of,
    closed_cells,
    device_mark,
    may_sum_be_known,
    month_of,
    months_back,
    new_form,
    new_receipt_number,
    sealed,
    sending,
    shown_until,
    standing_plan,
    takes_forms,
    total,
    unsealed,
)
from tests.survey.making import NOW

KEY = b"k" * 32
CODE = "302713"
forms_by_desk = st.dictionaries(st.integers(1, 20), st.integers(0, 30), min_size=1)


@pytest.mark.parametrize(
    ("levels", "rate"),
    [
        ((0, 0, 0, 0, 0), None),
        ((0, 0, 0, 1, 1), Decimal("100.00")),
        ((1, 1, 1, 0, 0), Decimal("0.00")),
        ((1, 1, 1, 1, 1), Decimal("40.00")),
        ((0, 0, 1, 1, 1), Decimal("66.67")),
        ((143, 0, 0, 657, 0), Decimal("82.13")),  # 82.125: half goes up
    ],
)
def test_four_and_five_are_satisfied_and_of_nobody_there_is_no_rate(levels, rate):
    assert Figures(levels).rate == rate


def test_the_total_adds_level_by_level():
    assert total([Figures((1, 0, 0, 2, 3)), Figures((0, 1, 0, 0, 4))]) == Figures((1, 1, 0, 2, 7))
    assert total([]).forms == 0


@pytest.mark.parametrize(
    ("forms", "closed"),
    [
        ({1: 8, 2: 7, 3: 3}, {3, 2}),  # else the total less 8 and 7 gives 3 back
        ({1: 113, 2: 112, 3: 12, 4: 3}, {4, 3}),
        ({1: 8, 2: 7}, set()),
        ({1: 8, 2: 0}, {2}),  # nobody's figure gives nobody away
        ({1: 8, 2: 7, 3: 0, 4: 3}, {3, 4, 2}),
        ({1: 9, 2: 4, 3: 4}, {2, 3}),
        ({1: 9, 2: 2, 3: 2}, {1, 2, 3}),  # four people at two desks are still too few
        ({1: 9, 2: 8, 3: 2, 4: 2}, {2, 3, 4}),
        ({1: 3}, {1}),
        ({1: 6, 2: 6, 3: 1}, {3, 1}),
    ],
)
def test_small_desks_are_closed_and_one_more_where_the_total_would_tell(forms, closed):
    assert closed_cells(forms) == closed


@given(forms_by_desk)
def test_what_is_left_when_open_desks_are_taken_from_the_total_names_nobody(forms):
    closed = closed_cells(forms)
    left = [forms[desk] for desk in closed]

    assert all(forms[desk] >= MINIMUM_CELL for desk in forms if desk not in closed)
    assert may_sum_be_known(left) or closed == set(forms)


@given(forms_by_desk)
def test_a_desk_with_none_and_one_with_few_are_both_closed(forms):
    closed = closed_cells(forms)

    assert {desk for desk, count in forms.items() if count < MINIMUM_CELL} <= closed


@pytest.mark.parametrize(
    ("forms", "is_closed", "cell"),
    [
        (0, True, Cell.NOBODY),
        (4, True, Cell.FEW),
        (5, True, Cell.KEPT),
        (5, False, Cell.OPEN),
    ],
)
def test_a_cell_says_why_it_is_closed(forms, is_closed, cell):
    assert cell_of(forms, is_closed=is_closed) == cell


def test_a_form_that_we_handed_out_is_known_again():
    form = new_form(7, now=NOW)

    assert unsealed(sealed(form, CODE, KEY), CODE, KEY) == form


@given(st.integers(0, 55), st.sampled_from("AZaz09-_"))
def test_no_sign_of_a_form_can_be_changed(place, sign):
    name = sealed(new_form(7, now=NOW), CODE, KEY)
    changed = name[:place] + sign + name[place + 1 :]

    assert changed == name or unsealed(changed, CODE, KEY) is None


@given(st.text(max_size=80))
def test_a_made_up_form_is_not_known(text):
    assert unsealed(text, CODE, KEY) is None


def test_a_form_holds_for_one_desk_and_one_key():
    name = sealed(new_form(7, now=NOW), CODE, KEY)

    assert unsealed(name, "302714", KEY) is None
    assert unsealed(name, CODE, b"x" * 32) is None


@pytest.mark.parametrize(
    ("later", "is_fresh"),
    [
        (timedelta(), True),
        (FORM_LIVES, True),
        (FORM_LIVES + timedelta(seconds=1), False),
        (-timedelta(days=2), True),
    ],
)
def test_a_form_is_fresh_for_a_week_even_when_the_clock_was_set_back(later, is_fresh):
    assert new_form(7, now=NOW).is_fresh(NOW + later) is is_fresh


def test_a_sending_is_remembered_longer_than_its_form_is_taken():
    form = new_form(7, now=NOW)

    assert form.forgotten_after > (NOW + FORM_LIVES).date()


def test_equal_answers_of_two_people_have_nothing_in_common():
    one, other = (sending(new_form(7, now=NOW), "4", KEY) for _ in range(2))

    assert one.mark != other.mark
    assert one.content != other.content


def test_a_rating_and_a_remark_of_one_form_have_nothing_in_common():
    form = new_form(7, now=NOW)
    rating, remark = sending(form, "4", KEY), sending(form, "4", KEY, kind="remark")

    assert rating == sending(form, "4", KEY)
    assert len({rating.mark, rating.content, remark.mark, remark.content}) == 4


def test_a_device_has_another_mark_tomorrow():
    day = date(2026, 11, 20)
    today = device_mark(KEY, day, "203.0.113.7", "Zalo")

    assert today == device_mark(KEY, day, "203.0.113.7", "Zalo")
    assert today != device_mark(KEY, day + timedelta(days=1), "203.0.113.7", "Zalo")
    assert today != device_mark(KEY, day, "203.0.113.8", "Zalo")


def test_a_receipt_has_eight_digits():
    assert re.fullmatch(r"\d{8}", new_receipt_number())


@pytest.mark.parametrize(
    ("month", "first", "last"),
    [
        (Month(2026, 2), date(2026, 2, 1), date(2026, 2, 28)),
        (Month(2024, 2), date(2024, 2, 1), date(2024, 2, 29)),
        (Month(2026, 12), date(2026, 12, 1), date(2026, 12, 31)),
    ],
)
def test_a_month_knows_its_days(month, first, last):
    assert (month.first_day, month.last_day) == (first, last)


def test_months_go_back_over_the_turn_of_the_year():
    assert [str(month) for month in months_back(date(2026, 2, 3), 3)] == [
        "2026-02",
        "2026-01",
        "2025-12",
    ]
    assert month_of(date(2026, 2, 3)) == Month(2026, 2)


@pytest.mark.parametrize(
    ("today", "until"),
    [
        (date(2026, 11, 14), date(2026, 11, 8)),  # a Saturday
        (date(2026, 11, 15), date(2026, 11, 8)),  # the Sunday itself is not over
        (date(2026, 11, 16), date(2026, 11, 15)),
        (date(2026, 11, 20), date(2026, 11, 15)),
        (date(2026, 11, 30), date(2026, 11, 29)),  # the last day, a Monday
        (date(2026, 12, 1), date(2026, 11, 30)),
        (date(2027, 5, 1), date(2026, 11, 30)),
        (date(2026, 11, 1), date(2026, 10, 25)),  # nothing of this month yet
    ],
)
def test_figures_run_to_the_last_sunday_or_to_the_end_of_a_month_that_is_over(today, until):
    assert shown_until(Month(2026, 11), today) == until


@pytest.mark.parametrize(
    ("day", "takes"),
    [
        (date(2026, 1, 4), False),
        (date(2026, 1, 5), True),
        (date(2026, 3, 31), True),
        (date(2026, 4, 1), True),  # the page was opened before midnight
        (date(2026, 4, 2), False),
    ],
)
def test_a_round_takes_forms_from_its_first_day_to_the_day_after_its_last(day, takes):
    assert takes_forms(date(2026, 1, 5), date(2026, 3, 31), day) is takes


@pytest.mark.parametrize("opens", [date(2024, 2, 29), date(2026, 12, 31)])
def test_the_round_an_office_begins_with_stays_open_for_years(opens):
    plan = standing_plan(opens)

    assert (plan.opens, plan.closes) == (opens, date(opens.year + 10, 12, 31))
    assert not plan.is_test
