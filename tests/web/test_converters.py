"""What may stand in addresses, and what is no address at all."""

import pytest

from sipas.staff.rules import Role


@pytest.mark.parametrize("number", ["99999999999999999999", "2147483648", "-1", "1.5", "abc"])
def test_a_number_that_no_row_can_have_is_no_address(signed_in, number):
    assert signed_in(Role.ADMINISTRATOR).get(f"/noi-bo/quay/{number}").status_code == 404


@pytest.mark.parametrize("day", ["2026-02-30", "26-02-03", "2026-13-01"])
def test_a_day_that_no_calendar_has_is_no_address(signed_in, day):
    assert signed_in(Role.ADMINISTRATOR).get(f"/noi-bo/lich/{day}").status_code == 404
