"""What machines ask: alive, able to serve, figures."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from sipas.app import create_app
from sipas.database import Database
from sipas.mailroom.actions import post
from sipas.mailroom.rules import Letter
from tests.conftest import NOW
from tests.running import free_port


def post_letter(db, *, posted):
    post(db, Letter("hoa@anbinh.gov.vn", "Thư", "Kính gửi"), now=posted)
    db.commit()


def test_the_process_says_that_it_is_alive(browser):
    assert browser.get("/healthz").text == "ok\n"


def test_a_process_is_alive_even_without_its_database(settings):
    nowhere = f"postgresql+psycopg://x@127.0.0.1:{free_port()}/none"
    app = create_app(settings, Database(nowhere))
    browser = app.test_client()

    assert browser.get("/healthz").status_code == 200
    assert (browser.get("/readyz").status_code, browser.get("/readyz").json) == (
        503,
        {"database": "down"},
    )


def test_ready_with_database_tables_and_an_outbox_that_moves(browser):
    answer = browser.get("/readyz")

    assert (answer.status_code, answer.json) == (
        200,
        {"database": "ok", "schema": "ok", "outbox": "ok"},
    )


def test_not_ready_on_the_tables_of_another_version(browser, db):
    db.execute(text("UPDATE alembic_version SET version_num = '9999_later'"))
    db.commit()

    answer = browser.get("/readyz")

    assert (answer.status_code, answer.json) == (503, {"database": "ok", "schema": "other"})


@pytest.mark.parametrize(("minutes", "outbox"), [(14, "ok"), (16, "late")])
def test_letters_that_wait_are_told_but_stop_nobody(browser, db, at, minutes, outbox):
    at(NOW.isoformat())
    post_letter(db, posted=NOW - timedelta(minutes=minutes))

    answer = browser.get("/readyz")

    assert (answer.status_code, answer.json["outbox"]) == (200, outbox)


def test_figures_are_not_public_by_default(browser, office):
    assert browser.get("/metrics").status_code == 404


def test_figures_speak_of_rules_and_of_the_outbox(settings, database, db, office, at):
    browser = create_app(settings.model_copy(update={"metrics": True}), database).test_client()
    at(NOW.isoformat())
    post_letter(db, posted=NOW - timedelta(minutes=5))
    browser.get("/khong-co/ten-ai-do")

    page = browser.get("/metrics").text

    assert 'rule="-"' in page
    assert "ten-ai-do" not in page
    assert "\nsipas_outbox_seconds 300." in page
    assert "\nsipas_outbox_given_up 0.0" in page


@pytest.mark.parametrize("surfaces", ["public", "staff"])
def test_each_surface_can_be_looked_after(settings, database, surfaces):
    app = create_app(settings.model_copy(update={"surfaces": surfaces}), database)

    assert app.test_client().get("/healthz").status_code == 200
