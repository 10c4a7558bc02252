"""Every page of the demonstration in a real chromium: small and large, nothing for axe to find."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import unquote

import pytest
from playwright.sync_api import Page

from sipas import clock
from sipas.catalogue.actions import keep_draft
from sipas.catalogue.rules import Line
from sipas.desk.queries import open_desks
from sipas.door.actions import open_session
from sipas.door.models import Account
from sipas.mailroom.actions import post
from sipas.mailroom.jobs import drain_outbox
from sipas.mailroom.rules import Letter
from sipas.seed import fill
from sipas.staff.models import StaffMember
from tests.browser.conftest import faults_by_axe
from tests.catalogue.files import BIRTH

ON_ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # looks only
SCREENS = ({"width": 360, "height": 740}, {"width": 1280, "height": 800})
SAMPLES = {"unit_id": 2, "year": 2026, "day": date(2026, 11, 24)}
NOT_PAGES = ("/static/", "/healthz", "/readyz", "/metrics")
FILES = (".svg", ".pdf", ".png", ".csv", ".xlsx")
ADMINISTRATOR, HEAD_OFFICE = "quantri", "vanphong"
LEAD_ELSEWHERE = {"/k/<code>/them": "only takes a form; whoever opens it is led to the rating"}


@dataclass(frozen=True)
class Visit:
    """What somebody met who opened an address."""

    who: str
    status: int
    ended_at: str


@pytest.fixture
def code(app, db, database, settings) -> str:
    """The demonstration, with a letter that was sent and a catalogue file not yet confirmed."""
    now = clock.now()
    fill(db, password_hash="!", now=now, day=clock.today())
    post(db, Letter("hoa@anbinh.gov.vn", "Thư thử", "Kính gửi Ông/Bà"), now=now)
    person = db.query(StaffMember).join(Account).filter_by(name=ADMINISTRATOR).one()
    keep_draft(db, [Line(2, BIRTH)], file_name="danh-muc.csv", staff_id=person.id, now=now)
    db.commit()
    drain_outbox(database, settings)  # into the folder, where a page shows it
    return open_desks(db)[0].live_code.code


@pytest.fixture
def signed_in_page(app, db, code, live_server, open_context):
    """A page in which this person of the demonstration is signed in, or half way in."""

    def make(name: str, *, factor_passed: bool = True) -> Page:
        account = db.query(Account).filter_by(name=name).one()
        assert account.totp_secret or factor_passed
        token = open_session(
            db, account, browser="Chromium", factor_passed=factor_passed, now=clock.now()
        )
        db.commit()
        client = app.test_client()
        with client.session_transaction() as cookie:
            cookie["token"] = token
        context = open_context(bypass_csp=True)
        kept = {"name": "sipas", "value": client.get_cookie("sipas").value, "url": live_server}
        context.add_cookies([kept])
        return context.new_page()

    return make


@pytest.fixture
def visitors(signed_in_page, open_context) -> dict[str, Page]:
    """Between them they may open every page. Whoever comes first is shown it."""
    return {
        "nobody": open_context(bypass_csp=True).new_page(),
        ADMINISTRATOR: signed_in_page(ADMINISTRATOR),
        HEAD_OFFICE: signed_in_page(HEAD_OFFICE),
        "at the second step": signed_in_page(ADMINISTRATOR, factor_passed=False),
    }


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


def visits(visitors: dict[str, Page], server: str, address: str) -> list[Visit]:
    """One after the other opens the address, until somebody is shown the page."""
    made = []
    for who, page in visitors.items():
        answer = page.goto(server + address)
        made.append(Visit(who, answer.status, unquote(answer.url.removeprefix(server))))
        if is_shown(made[-1], address):
            break
    return made


def is_shown(visit: Visit, address: str) -> bool:
    return (visit.status, visit.ended_at) == (200, unquote(address))


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
def test_every_page_is_shown_to_somebody_and_has_no_fault_that_a_machine_can_see(
    app, code, live_server, visitors
):
    unseen, broken, faults = {}, {}, {}
    for address in addresses(app, code):
        met = visits(visitors, live_server, address)
        if any(visit.status >= 500 for visit in met):
            broken[address] = met
        elif not is_shown(met[-1], address):
            unseen[address] = met
        elif found := faults_of(visitors[met[-1].who], live_server + address):
            faults[address] = found

    elsewhere = {path.replace("<code>", code) for path in LEAD_ELSEWHERE}
    assert {address: met for address, met in unseen.items() if address not in elsewhere} == {}
    assert elsewhere - set(unseen) == set()
    assert broken == {}
    assert faults == {}
