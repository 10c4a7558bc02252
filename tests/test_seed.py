"""The demonstration's office: believable, whole, and the same on every run."""

from collections import Counter

import pytest
from sqlalchemy import func, select

from sipas.desk.models import Desk, DeskCode
from sipas.ledger.queries import first_break
from sipas.seed import fill, logins
from sipas.staff.models import Unit
from sipas.staff.rules import NEED_SECOND_FACTOR, Role
from sipas.survey.models import Remark, Response
from tests.conftest import NOW, TODAY


@pytest.fixture
def demo(db):
    fill(db, password_hash="!", now=NOW, day=TODAY)
    db.commit()
    return db


def by_desk_and_month(db):
    counts = select(Desk.name, Response.day, Response.answers).join(
        Desk, Desk.id == Response.desk_id
    )
    return Counter((name, day.month, int(level) >= 4) for name, day, level in db.execute(counts))


def test_there_are_six_divisions_four_desks_and_people_of_every_role(demo):
    people = logins(demo)

    assert demo.scalar(select(func.count()).select_from(Unit).where(Unit.kind != "office")) == 6
    assert demo.scalar(select(func.count()).select_from(Desk)) == 4
    assert {person.role for person in people} == set(Role)
    assert all(
        (person.totp_secret is not None) == (person.role in NEED_SECOND_FACTOR) for person in people
    )


def test_a_year_of_answers_has_seasons_weak_desks_and_remarks(demo):
    found = by_desk_and_month(demo)

    def rate(desk, *months):
        good = sum(found[desk, month, True] for month in months)
        return good / (good + sum(found[desk, month, False] for month in months))

    def volume(month):
        return sum(count for (_desk, when, _good), count in found.items() if when == month)

    assert sum(found.values()) > 4000
    assert volume(2) < volume(3) / 2
    assert rate("Quầy 3", 3, 4, 5) < rate("Quầy 3", 6, 7, 8) < rate("Quầy 1", 6, 7, 8)
    assert demo.scalar(select(func.count()).select_from(Remark)) > 100


def test_nobody_answers_on_a_day_off_or_today(demo):
    days = set(demo.scalars(select(Response.day)))

    assert max(days) < TODAY
    assert not {day for day in days if day.isoformat() in {"2026-02-17", "2026-09-02"}}


def test_what_was_set_up_stands_in_an_unbroken_ledger(demo):
    assert first_break(demo) is None


def test_its_desks_still_take_ratings_two_years_on(app, browser, demo, at):
    code = demo.scalars(select(DeskCode.code)).first()
    demo.rollback()
    at("2028-11-20 09:00")

    assert browser.get(f"/k/{code}").status_code == 200
