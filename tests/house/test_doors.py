"""Every door of the back office, tried by those who may not pass it."""

from datetime import date

import pytest
from sqlalchemy import select

from sipas import clock
from sipas.app import all_tables
from sipas.seed import fill
from sipas.staff.models import StaffMember, Unit
from sipas.staff.rules import PERMISSIONS, Role

SAMPLES = {"unit_id": 2, "year": 2026, "day": date(2026, 11, 24)}
# Who is in already is led on; who has no file to look at is led to sending one.
HARMLESS = {"/noi-bo/dang-nhap", "/noi-bo/dang-nhap/buoc-hai", "/noi-bo/danh-muc/nhap/xem"}
NOT_TOUCHED_BY_DEEDS = {"sign_in", "failed_try", "known_browser"}


@pytest.fixture
def demo(db):
    fill(db, password_hash="!", now=clock.now(), day=clock.today())
    db.commit()
    return db


def addresses(app, method):
    """Every address of the back office that takes this method, with samples in its gaps."""
    adapter = app.url_map.bind("localhost")
    return {
        adapter.build(
            rule.endpoint, {name: SAMPLES.get(name, 1) for name in rule.arguments}, method
        ): rule
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/noi-bo") and method in rule.methods
    }


def everything(database):
    """All rows of all tables that a deed could change."""
    tables = [t for t in all_tables().sorted_tables if t.name not in NOT_TOUCHED_BY_DEEDS]
    with database.reading() as db:
        return {table.name: sorted(map(repr, db.execute(select(table)))) for table in tables}


def person_of(db, role):
    return next(
        person
        for person in db.scalars(select(StaffMember).order_by(StaffMember.id))
        if role in {grant.role for grant in person.grants}
    )


def test_nobody_gets_in_without_signing_in(app, demo):
    stranger = app.test_client()

    open_to_all = {
        address
        for address in addresses(app, "GET")
        if stranger.get(address).status_code not in {303, 404}
    }

    assert open_to_all == {"/noi-bo/dang-nhap"}


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.HEAD_OFFICE])
def test_no_deed_is_done_without_the_token_of_a_page(app, database, demo, enter, role):
    browser = enter(person_of(demo, role))
    unit = demo.get_one(Unit, SAMPLES["unit_id"])
    unit.ends = date(2027, 12, 31)  # there is something to undo
    demo.commit()
    before = everything(database)

    done = {
        address: status
        for address in addresses(app, "POST")
        if (status := browser.post(address, data={"csrf_token": "wrong"}).status_code) < 400
        and address not in HARMLESS
    }

    assert done == {}
    assert everything(database) == before


@pytest.mark.parametrize("role", list(Role))
def test_each_role_opens_what_its_permissions_say_and_nothing_else(app, demo, enter, role):
    browser = enter(person_of(demo, role))

    wrong = {}
    for address, rule in addresses(app, "GET").items():
        needed = getattr(app.view_functions[rule.endpoint], "_sipas_guard", None)
        status = browser.get(address).status_code
        allowed = needed is None or needed in PERMISSIONS[role]
        if (status == 403) == allowed or status >= 500:
            wrong[address] = status

    assert wrong == {}
