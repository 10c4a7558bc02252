"""Bad input, lost codes, closed rounds: a clear page with a way on, and nothing stored."""

import re
from datetime import date

import pytest
from sqlalchemy import select

from sipas.desk.models import DeskCode
from sipas.desk.rules import code_of
from sipas.survey.models import SurveyRound
from tests.survey.looking import remarks, stored
from tests.survey.making import make_desk

TODAY = date(2026, 11, 20)


def replace_code(db) -> str:
    """The desk's code is revoked; the one in its place is handed back."""
    old = db.scalars(select(DeskCode)).one()
    old.revoked_on = TODAY
    db.flush()
    old.successor = DeskCode(code=code_of(45678), desk_id=old.desk_id, issued_on=TODAY)
    db.commit()
    return old.successor.code


def test_a_remark_that_is_too_long_comes_back_with_what_was_ticked(db, phone):
    phone.tap(3)
    answer = phone.add(3, ly_do=["time"], y_kien="ă" * 2001)

    assert answer.status_code == 422
    assert "Rút ngắn 1 ký tự" in answer.text
    assert "ă" * 2001 in answer.text
    assert re.findall(r'value="(\w+)" checked', answer.text) == ["time"]
    assert (stored(db), remarks(db)) == ([("3", "0000")], [])


@pytest.mark.parametrize(
    "fields",
    [
        {"muc": "6"},
        {"muc": "0"},
        {"muc": ""},
        {"muc": "4\0"},
        {"muc": "\uff14"},
        {"muc": "4" * 10_000},
        {"muc": ["4", "5"]},
        {"muc": "4", "diem": "5"},
        {"muc": "4", "phieu": ""},
        {"muc": "4", "phieu": "made-up"},
        {"muc": "4", "phieu": "A" * 56},
        {"muc": "4", "phieu": "đ" * 56},
        {"muc": "4", "phieu": "A" * 10_000},
        {"muc": "4", "phieu": "\0"},
    ],
    ids=repr,
)
def test_what_our_page_would_not_send_is_refused_and_the_question_asked_again(db, phone, fields):
    answer = phone.send("danh-gia", **fields)

    assert answer.status_code == 422
    assert "Chưa gửi được" in answer.text
    assert len(re.findall(r'name="muc" value="\d"', answer.text)) == 5
    assert stored(db) == []


@pytest.mark.parametrize("way", ["danh-gia", "doi", "them"])
def test_a_made_up_form_and_an_impossible_level_are_refused_on_every_way(db, phone, way):
    phone.tap(4)

    assert phone.send(way, phieu="made-up", muc="5").status_code == 422
    assert phone.send(way, muc="9").status_code == 422
    assert stored(db) == [("4", "0000")]


def test_a_valid_form_is_kept_when_the_level_was_impossible(db, phone):
    answer = phone.tap(9)

    assert f'value="{phone.phieu}"' in answer.text


def test_reasons_that_nobody_offered_are_refused(db, phone):
    phone.tap(4)

    assert phone.add(4, ly_do=["attitude", "money"]).status_code == 422
    assert phone.add(4, ly_do=["time", "time"]).status_code == 422
    assert phone.add(7, ly_do=["time"]).status_code == 422
    assert stored(db) == [("4", "0000")]


def test_reasons_before_any_rating_lead_to_the_question(db, phone):
    assert phone.add(4, ly_do=["money"]).status_code == 422
    assert phone.add(4, ly_do=["time"]).status_code == 409
    assert stored(db) == []


def test_a_form_of_one_desk_is_worth_nothing_at_another(db, office, browser, phone):
    other = make_desk(db, office, name="Quầy 4", number=45678)
    answer = browser.post(f"/k/{other}/danh-gia", data={"phieu": phone.phieu, "muc": "5"})

    assert answer.status_code == 422
    assert stored(db) == []


def test_a_page_left_open_for_a_week_is_asked_again(db, phone, at):
    at("2026-11-27 09:01")
    answer = phone.tap(4)

    assert answer.status_code == 422
    assert "Trang này mở đã lâu" in answer.text
    assert phone.phieu not in answer.text
    assert stored(db) == []


def test_a_slip_of_the_finger_is_named_and_can_be_put_right(browser, code):
    wrong = code[:-1] + str((int(code[-1]) + 1) % 10)
    for address in (f"/k/{wrong}", f"/{wrong}", f"/k?ma={wrong}"):
        answer = browser.get(address)

        assert answer.status_code == 404
        assert "Mã có một chữ số sai" in answer.text
        assert f'value="{wrong}"' in answer.text


def test_a_code_that_was_never_issued_is_not_found_and_shows_ways_on(browser, code):
    answer = browser.get(f"/k/{code_of(99999)}")

    assert answer.status_code == 404
    assert "Không tìm thấy quầy này" in answer.text
    assert 'href="/"' in answer.text
    assert 'action="/k"' in answer.text


@pytest.mark.parametrize("typed", ["abc", "12", "%00", "9" * 12, "đ" * 200, "..%2f"])
def test_what_is_no_code_at_all_is_not_found(browser, code, typed):
    assert browser.get(f"/k/{typed}").status_code == 404


def test_a_rating_sent_to_a_wrong_code_says_that_it_was_not_recorded(db, browser, phone):
    answer = browser.post("/k/123456/danh-gia", data={"phieu": phone.phieu, "muc": "4"})

    assert answer.status_code == 404
    assert "Câu trả lời vừa gửi chưa được ghi nhận." in answer.text


def test_a_revoked_code_points_to_the_one_in_its_place(db, browser, phone):
    onward = replace_code(db)
    answers = [browser.get(f"/k/{phone.code}"), phone.tap(4)]

    assert [answer.status_code for answer in answers] == [410, 410]
    assert "Mã này không dùng được nữa" in answers[0].text
    assert f'href="/k/{onward}"' in answers[0].text
    assert "chưa được ghi nhận" in answers[1].text
    assert stored(db) == []


def test_a_code_revoked_without_another_in_its_place_still_shows_ways_on(db, browser, code):
    db.scalars(select(DeskCode)).one().revoked_on = TODAY
    db.commit()
    answer = browser.get(f"/k/{code}")

    assert answer.status_code == 410
    assert re.findall(r'<li><a href="([^"]+)"', answer.text) == ["/", "/k"]


def test_a_form_opened_on_the_last_day_may_be_sent_on_the_next(db, phone, at):
    db.scalars(select(SurveyRound)).one().closes = TODAY
    db.commit()
    at("2026-11-21 08:00")

    assert phone.tap(4).status_code == 200
    at("2026-11-22 08:00")
    assert phone.tap(4).status_code == 409
    assert stored(db) == [("4", "0000")]


def test_without_an_open_round_the_page_says_so_and_shows_ways_on(browser, code, at):
    at("2027-02-01 09:00")
    answer = browser.get(f"/k/{code}")

    assert answer.status_code == 409
    assert "Hiện không có đợt lấy ý kiến" in answer.text
    assert 'href="/k"' in answer.text
