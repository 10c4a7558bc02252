"""The figures by desk in a real browser."""

import pytest

from sipas.staff.rules import Role
from tests.browser.conftest import WIDTHS, faults_by_axe
from tests.survey.making import make_desk, make_ratings, make_round


@pytest.fixture
def figures(live_server, at, db, office) -> str:
    """Their address, with open desks, a small one and one that nobody rated."""
    at("2026-11-20 09:00")
    survey_round = make_round(db)
    for desk_id, levels in enumerate(("5544321", "21", "", "55555"), start=1):
        make_desk(db, office, name=f"Quầy {desk_id}", number=30000 + desk_id)
        make_ratings(db, survey_round, desk_id, levels)
    return f"{live_server}/noi-bo/khao-sat/"


@pytest.fixture
def figures_page(figures, signed_in, open_context):
    """The page as a leader sees it."""
    context = open_context(bypass_csp=True)
    cookie = signed_in(Role.LEADER).get_cookie("sipas").value
    context.add_cookies([{"name": "sipas", "value": cookie, "url": figures}])
    page = context.new_page()
    page.goto(figures)
    return page


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # looks only
@pytest.mark.parametrize("width", WIDTHS)
def test_the_figures_fit_the_window_and_axe_finds_nothing(figures_page, width):
    figures_page.set_viewport_size({"width": width, "height": 800})

    assert faults_by_axe(figures_page) == []
    assert figures_page.evaluate("document.documentElement.scrollWidth <= innerWidth")
