"""However often, and from however many sides at once, a form is sent: it is one response."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select

from sipas.survey.models import Arrival, Remark, Response, Submission
from tests.survey.looking import receipt_in, rows


def at_once(app, count, send):
    """The answers to `count` browsers that send at the same moment."""
    together = Barrier(count)

    def one(_number: int):
        browser = app.test_client()
        together.wait()
        return send(browser)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


@pytest.mark.parametrize("count", [8, 10])
def test_the_same_form_sent_by_many_at_once_is_one_response_with_one_receipt(db, app, phone, count):
    fields = {"phieu": phone.phieu, "muc": "4"}
    answers = at_once(app, count, lambda b: b.post(f"/k/{phone.code}/danh-gia", data=fields))

    assert [answer.status_code for answer in answers] == [200] * count
    assert len({receipt_in(answer) for answer in answers}) == 1
    assert [rows(db, model) for model in (Response, Submission, Arrival)] == [1, 1, 1]


def test_of_many_different_answers_at_once_the_first_stays_and_the_others_are_told(db, app, phone):
    levels = iter("5432154321")
    answers = at_once(
        app,
        10,
        lambda b: b.post(
            f"/k/{phone.code}/danh-gia", data={"phieu": phone.phieu, "muc": next(levels)}
        ),
    )

    assert sorted(answer.status_code for answer in answers) == [200] * 2 + [409] * 8
    assert rows(db, Response) == 1


def test_a_remark_sent_by_many_at_once_is_one_remark(db, app, phone):
    phone.tap(4)
    fields = {"phieu": phone.phieu, "muc": "4", "ly_do": ["time"], "y_kien": "Làm nhanh."}
    answers = at_once(app, 8, lambda b: b.post(f"/k/{phone.code}/them", data=fields))

    assert [answer.status_code for answer in answers] == [200] * 8
    assert rows(db, Remark) == 1
    assert db.scalars(select(Response.reasons)).one() == "0010"


def test_two_changes_at_once_leave_one_of_them_whole(db, app, phone):
    phone.tap(4)
    levels = iter("12121212")
    answers = at_once(
        app,
        8,
        lambda b: b.post(f"/k/{phone.code}/doi", data={"phieu": phone.phieu, "muc": next(levels)}),
    )

    assert [answer.status_code for answer in answers] == [200] * 8
    assert db.scalars(select(Response.answers)).one() in {"1", "2"}


def test_many_people_at_once_are_many_responses(db, app, new_phone):
    phones = iter([new_phone() for _ in range(8)])

    at_once(
        app,
        8,
        lambda b: b.post(
            f"/k/{(one := next(phones)).code}/danh-gia", data={"phieu": one.phieu, "muc": "5"}
        ),
    )

    assert rows(db, Response) == 8


def test_a_rating_whose_answer_was_lost_on_the_way_is_found_again_on_the_next_try(db, app, phone):
    """The line is cut after the commit: the browser sends the same bytes once more."""
    fields = {"phieu": phone.phieu, "muc": "3"}
    app.test_client().post(f"/k/{phone.code}/danh-gia", data=fields)

    again = app.test_client().post(f"/k/{phone.code}/danh-gia", data=fields)

    assert again.status_code == 200
    assert rows(db, Response) == 1
