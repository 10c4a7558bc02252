"""Who stands in for a colleague: the ledger names both, wherever the deed is done."""

import pyotp
import pytest
from sqlalchemy import select

from sipas import clock
from sipas.ledger.models import Event
from sipas.staff.models import Delegation
from sipas.staff.rules import Role

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")


def add_a_desk(browser, unit):
    return browser.send("/noi-bo/quay/moi", name="Quầy 7", place="Tầng 1", unit_id=unit.id)


def change_the_hours(browser, _unit):
    hours = dict.fromkeys(DAYS, "7:30-11:30, 13h30-17h00")
    return browser.send("/noi-bo/lich/gio-lam-viec", **hours, saturday="")


def add_a_sector(browser, _unit):
    return browser.send("/noi-bo/danh-muc/linh-vuc/moi", code="HT", name="Hộ tịch")


def rename_the_unit(browser, unit):
    return browser.send(f"/noi-bo/don-vi/{unit.id}/sua", name="Phòng Mới", short_name="PM",
                        kind="division", parent_id=unit.parent_id, version=1)  # fmt: skip


DEEDS = (add_a_desk, change_the_hours, add_a_sector, rename_the_unit)


@pytest.fixture
def division(add_unit):
    return add_unit("Phòng Hộ tịch")


@pytest.fixture
def giver(staff):
    return staff(Role.HEAD_OFFICE, name="Người Giao")


@pytest.fixture
def standing_in(db, staff, giver, sending):
    """The browser of somebody of this role, whose `person` is today left the giver's duties."""

    def make(role, *, unit=None):
        taker = staff(role, unit=unit, name="Người Thay")
        taker.account.totp_secret = pyotp.random_base32()
        today = clock.today()
        db.add(Delegation(from_id=giver.id, to_id=taker.id, first_day=today, last_day=today,
                          reason="đi họp"))  # fmt: skip
        db.commit()
        browser = sending(person=taker)
        browser.person = taker.id
        return browser

    return make


def actors(db):
    """Who did the deeds that stand in the ledger, and on whose behalf."""
    events = db.scalars(select(Event).order_by(Event.seq)).all()
    found = {(event.actor_id, event.on_behalf_of) for event in events if _is_deed(event)}
    db.rollback()
    return found


def _is_deed(event):
    return event.what.partition(".")[0] in {"desk", "desk_code", "calendar", "sector", "unit"}


@pytest.mark.parametrize("do", DEEDS)
def test_what_only_a_delegation_allows_is_done_on_the_givers_behalf(
    db, division, giver, standing_in, do
):
    browser = standing_in(Role.DESK_CLERK)

    answer = do(browser, division)

    assert answer.status_code == 303
    assert actors(db) == {(browser.person, giver.id)}


@pytest.mark.parametrize("do", DEEDS)
def test_who_has_the_right_herself_acts_for_herself(db, division, standing_in, do):
    browser = standing_in(Role.ADMINISTRATOR)

    answer = do(browser, division)

    assert answer.status_code == 303
    assert actors(db) == {(browser.person, None)}


@pytest.mark.parametrize("do", DEEDS)
def test_in_her_own_division_she_needs_nobody(db, division, standing_in, do):
    browser = standing_in(Role.ADMINISTRATOR, unit=division)

    do(browser, division)

    assert actors(db) == {(browser.person, None)}


@pytest.mark.parametrize("do", [add_a_desk, rename_the_unit])
def test_beyond_her_own_division_she_acts_for_the_giver(db, add_unit, giver, standing_in, do):
    browser = standing_in(Role.ADMINISTRATOR, unit=add_unit("Phòng Công chứng"))

    do(browser, add_unit("Phòng Hộ tịch"))

    assert actors(db) == {(browser.person, giver.id)}


def test_a_desk_that_leaves_her_division_goes_by_the_givers_right(db, division, giver, standing_in):
    browser = standing_in(Role.ADMINISTRATOR, unit=division)
    desk = add_a_desk(browser, division).headers["Location"]

    browser.send(f"{desk}/sua", name="Quầy 7", place="Tầng 1", unit_id=division.parent_id)

    assert actors(db) == {(browser.person, None), (browser.person, giver.id)}


def test_the_journal_says_who_stood_in_for_whom(division, standing_in, signed_in):
    add_a_sector(standing_in(Role.DESK_CLERK), division)

    page = signed_in(Role.INSPECTOR).get("/noi-bo/nhat-ky").text

    assert "Người Thay thay Người Giao" in page
