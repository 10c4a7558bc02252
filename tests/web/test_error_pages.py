"""Errors as pages: what happened, what became of what was typed, and a way on."""

import sqlite3

import pytest
from flask import abort
from sqlalchemy.exc import OperationalError

from sipas.errors import NotAllowedError, NotFoundError, RuleError


def locked():
    raise OperationalError("INSERT", {}, sqlite3.OperationalError("database is locked"))


def broken():
    message = "Nguyễn Văn A wrote this"
    raise ValueError(message)


def refuse(error):
    def view():
        raise error

    return view


CASES = {
    "gone": (refuse(NotFoundError()), 404, "Không tìm thấy trang này"),
    "closed": (refuse(NotAllowedError()), 403, "Không được phép làm việc này"),
    "ruled": (refuse(RuleError("Quầy này đã đóng.")), 409, "Quầy này đã đóng."),
    "locked": (locked, 503, "Máy chủ đang bận"),
    "large": (lambda: abort(413), 413, "Nội dung quá lớn"),
    "often": (lambda: abort(429), 429, "Đã gửi nhiều lần"),
    "broken": (broken, 500, "Có lỗi ở phía chúng tôi"),
}


@pytest.fixture
def failing(app):
    """A service with one page for each error. A bug is a page here, as for a citizen."""
    app.testing = False
    for name, (view, _status, _words) in CASES.items():
        app.add_url_rule(f"/{name}", endpoint=name, view_func=view, methods=["GET", "POST"])
    return app.test_client()


@pytest.mark.parametrize("name", CASES)
def test_each_error_is_a_page_with_its_status_words_and_a_way_on(office, failing, name):
    _view, status, words = CASES[name]

    answer = failing.get(f"/{name}")

    assert answer.status_code == status
    assert words in answer.text
    assert 'href="/"' in answer.text


@pytest.mark.parametrize("name", CASES)
def test_after_sending_the_page_says_what_became_of_it(office, failing, name):
    assert "chưa được ghi nhận" in failing.post(f"/{name}").text
    assert "chưa được ghi nhận" not in failing.get(f"/{name}").text


@pytest.mark.parametrize("name", ["locked", "often"])
def test_who_should_try_again_is_told_when(office, failing, name):
    assert failing.get(f"/{name}").headers["Retry-After"] == "20"


def test_a_bug_is_logged_by_its_place_and_not_by_its_text(office, failing, capsys):
    failing.get("/broken")

    logged = capsys.readouterr().out
    assert "ValueError" in logged
    assert "broken" in logged
    assert "Nguyễn" not in logged


def test_an_unknown_page_of_the_back_office_has_its_frame(office, browser):
    answer = browser.get("/noi-bo/khong-co")

    assert answer.status_code == 404
    assert 'href="/noi-bo/"' in answer.text
