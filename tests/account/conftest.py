"""People with a password, and browsers that sign in through the front door."""

from collections.abc import Callable
from dataclasses import dataclass

import pyotp
import pytest
from flask.testing import FlaskClient

from sipas import clock
from sipas.door.queries import hash_password
from sipas.door.rules import hash_cost
from sipas.staff.models import StaffMember
from sipas.staff.rules import Role
from tests.conftest import token_of

PASSWORD = "bốn con mèo ngủ trưa"
COST = hash_cost("test")


@pytest.fixture
def person(db, staff) -> Callable[..., StaffMember]:
    """Makes somebody who can sign in: person(Role.OFFICER, factor=True)."""

    def make(role=Role.OFFICER, *, name="", password=PASSWORD, factor=False, **account):
        made = staff(role, name=name)
        made.account.password_hash = hash_password(password, COST) if password else "!"
        made.account.password_set_at = clock.now()
        made.account.must_change_password = account.get("must_change", False)
        made.account.disabled = account.get("disabled", False)
        made.account.totp_secret = pyotp.random_base32() if factor else None
        db.commit()
        return made

    return make


@pytest.fixture
def look(database) -> Callable[..., list]:
    """What the database holds now: look(select(Notice))."""

    def read(statement):
        with database.reading() as db:
            return list(db.scalars(statement))

    return read


@dataclass
class Visit:
    """One browser at one address."""

    client: FlaskClient
    address: str = "10.0.0.1"
    agent: str = "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0"

    def get(self, path):
        return self.client.get(path, **self._from())

    def post(self, path, /, **fields):
        """Send a form of the page at this address, with the token of that page."""
        return self.send(path, path, **fields)

    def send(self, path, page, /, **fields):
        token = token_of(self.get(page))
        return self.client.post(path, data={"csrf_token": token, **fields}, **self._from())

    def press(self, path, page="/noi-bo/tai-khoan", /, **fields):
        return self.send(path, page, **fields)

    def enter(self, person, password=PASSWORD, *, tiep=None):
        way = f"?tiep={tiep}" if tiep else ""
        name = getattr(getattr(person, "account", None), "name", person)
        return self.post(f"/noi-bo/dang-nhap{way}", name=name, password=password)

    def step(self, digits):
        return self.post("/noi-bo/dang-nhap/buoc-hai", code=digits)

    def _from(self):
        return {
            "environ_overrides": {"REMOTE_ADDR": self.address},
            "headers": {"User-Agent": self.agent},
        }


@pytest.fixture
def visit(app) -> Callable[..., Visit]:
    """Makes a fresh browser: visit(), visit("10.0.0.2")."""
    return lambda address="10.0.0.1": Visit(app.test_client(), address)


def code_of(person: StaffMember, steps: int = 0) -> str:
    """What the person's app shows now, or so many half minutes later."""
    return pyotp.TOTP(person.account.totp_secret).at(clock.now(), counter_offset=steps)
