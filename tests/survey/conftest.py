"""A desk with its code, an open round, and a citizen's phone."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.survey.making import make_desk, make_round


@pytest.fixture
def code(app, at, db, office) -> str:
    """The printed code of Quầy 3, where a round is open; it is nine in the morning."""
    at("2026-11-20 09:00")  # after the app, which sets the clock by its settings
    make_round(db)
    return make_desk(db, office)


class Phone:
    """A browser with one page open at a desk: each tap sends that page's form."""

    def __init__(self, browser: FlaskClient, code: str) -> None:
        self.browser = browser
        self.code = code
        self.page = browser.get(f"/k/{code}")
        self.phieu = re.search(r'name="phieu" value="([^"]+)"', self.page.text)[1]

    def tap(self, level: object, **more: object):
        return self.send("danh-gia", muc=level, **more)

    def change(self, level: object, **more: object):
        return self.send("doi", muc=level, **more)

    def add(self, level: object, **more: object):
        return self.send("them", muc=level, **more)

    def send(self, way: str, **fields: object):
        return self.browser.post(f"/k/{self.code}/{way}", data={"phieu": self.phieu, **fields})


@pytest.fixture
def phone(browser, code) -> Phone:
    return Phone(browser, code)


@pytest.fixture
def new_phone(app, code) -> Callable[[], Phone]:
    """Another citizen's phone, with a page of its own."""
    return lambda: Phone(app.test_client(), code)
