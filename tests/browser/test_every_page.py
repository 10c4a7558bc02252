"""Every page of the demonstration in a real chromium: small and large, nothing for axe to find."""

from datetime import date

import pytest
from playwright.sync_api import Page

from sipas import clock
from sipas.desk.queries import open_desks
from sipas.door.actions import open_session
from sipas.door.models import Account
from sipas.seed import fill
from tests.browser.conftest import faults_by_axe

ON_ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # looks only
SCREENS = ({"width": 360, "height": 740}, {"width": 1280, "height": 800})
SAMPLES = {"unit_id": 2, "year": 2026, "day": date(2026, 11, 24)}
NOT_PAGES = ("/static/", "/healthz", "/readyz", "/metrics")
FILES = (".svg", ".pdf", ".png", ".csv", ".xlsx")
WHO = ("quantri", "vanphong")  # between them they may open every page


@pytest.fixture
def code(app, db) -> str:
    fill(db, password_hash="!", now=clock.now(), day=clock.today())
    db.commit()
    return open_desks(db)[0].live_code.code


@pytest.fixture
def staff_page(app, db, code, live_server, open_context):
    """A page in which this person of the demonstration is signed in."""

    def make(name: str) -> Page:
        account = db.query(Account).filter_by(name=name).one()
        token = open_session(db, account, browser="Chromium", factor_passed=True, now=clock.now())
        db.commit()
        client = app.test_client()
        with client.session_transaction() as cookie:
            cookie["token"] = token
        context = open_context(bypass_csp=True)
        kept = {"name": "sipas", "value": client.get_cookie("sipas").value, "url": live_server}
        context.add_cookies([kept])
        return context.new_page()

    return make


def addresses(app, code: str) -> list[str]:
    """Every address that can be opened. One with a gap that has no sample fails the test."""
    adapter = app.url_map.bind("localhost")

    def sample(name: str) -> object:
        return 1 if name.endswith("_id") and name not in SAMPLES else samples[name]

    samples = SAMPLES | {"code": code}
    found = {
        adapter.build(rule.endpoint, {name: sample(name) for name in rule.arguments})
        for rule in app.url_map.iter_rules()
        if "GET" in rule.methods and not rule.rule.startswith(NOT_PAGES)
    }
    return sorted(address for address in found if not address.endswith(FILES))


def faults_of(page: Page, address: str) -> list[str]:
    """What a machine can see on a page: sideways scrolling, and whatever axe finds."""
    found = []
    for screen in SCREENS:
        page.set_viewport_size(screen)
        page.goto(address)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{screen['width']}: scrolls sideways")
        found += [f"{screen['width']}: {fault}" for fault in faults_by_axe(page)]
    return found


@ON_ONE_DATABASE
@pytest.mark.parametrize("who", WHO)
def test_no_page_has_a_fault_that_a_machine_can_see(app, code, live_server, staff_page, who):
    page = staff_page(who)

    faults = {
        address: found
        for address in addresses(app, code)
        if (found := faults_of(page, live_server + address))
    }

    assert faults == {}
