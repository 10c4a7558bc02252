"""Printed codes and their addresses, by table."""

import pytest

from sipas.desk.rules import (
    FIRST_NUMBER,
    NUMBERS,
    code_of,
    fits_small_print,
    is_code,
    short_address,
    typed_address,
    typed_code,
)

BASE = "https://hl.anbinh.gov.vn"
SOME_CODES = [code_of(number) for number in range(FIRST_NUMBER, FIRST_NUMBER + NUMBERS, 997)]


def test_every_number_gives_a_code_of_six_digits_that_passes_its_own_check():
    assert all(len(code) == 6 and is_code(code) for code in SOME_CODES)


def test_the_first_and_the_last_number_give_the_first_and_the_last_code():
    assert (code_of(FIRST_NUMBER)[:5], code_of(FIRST_NUMBER + NUMBERS - 1)[:5]) == (
        "10000",
        "99999",
    )


def test_any_one_changed_digit_is_refused():
    changed = [
        code[:place] + digit + code[place + 1 :]
        for code in SOME_CODES
        for place in range(6)
        for digit in "0123456789"
        if digit != code[place]
    ]

    assert [code for code in changed if is_code(code)] == []


def test_any_two_swapped_neighbours_are_refused():
    swapped = [
        code[:place] + code[place + 1] + code[place] + code[place + 2 :]
        for code in SOME_CODES
        for place in range(5)
        if code[place] != code[place + 1]
    ]

    assert [code for code in swapped if is_code(code)] == []


@pytest.mark.parametrize(
    "code",
    [
        "",
        "30271",
        "3027110",
        "30271a",
        "\u0663\u0660\u0662\u0667\u0661\u0661",
        "030271",
        "302711\n",
    ],
)
def test_what_is_not_six_digits_is_no_code(code):
    assert not is_code(code)


@pytest.mark.parametrize(
    "typed",
    [
        "302711",
        " 302 711 ",
        "302.711",
        "302-711",
        "302–711",
        "30 27 11",
        "\uff13\uff10\uff12\uff17\uff11\uff11",
    ],
)
def test_a_code_may_be_typed_with_gaps_dots_hyphens_and_wide_digits(typed):
    assert typed_code(typed) == "302711"


def test_the_address_in_the_code_is_in_capitals_and_short():
    address = short_address(BASE + "/", "302711")

    assert address == "HTTPS://HL.ANBINH.GOV.VN/302711"
    assert fits_small_print(address)


def test_an_address_of_more_than_35_letters_does_not_fit():
    assert not fits_small_print(short_address("https://danhgia.sotuphap.anbinh.gov.vn", "302711"))


def test_a_person_types_the_address_in_small_letters_without_its_scheme():
    assert typed_address(BASE, "302711") == "hl.anbinh.gov.vn/302711"
