"""The short rating through the front door."""

import re
import unicodedata

import pytest
from sqlalchemy import select

from sipas.survey.models import Response, Submission
from tests.survey.looking import receipt_in, remarks, rows, stored

WRITTEN = "Chờ lâu, nhưng cán bộ hướng dẫn kỹ."


def test_the_page_asks_one_question_with_five_answers_and_sets_no_cookie(phone):
    assert phone.page.status_code == 200
    assert "Ông/Bà có hài lòng với lần phục vụ hôm nay không?" in phone.page.text
    assert re.findall(r'name="muc" value="(\d)"', phone.page.text) == ["5", "4", "3", "2", "1"]
    assert "Bộ phận Một cửa · Quầy 3" in phone.page.text
    assert "Set-Cookie" not in phone.page.headers


def test_one_tap_is_one_response_that_knows_its_day_and_not_its_moment(db, phone):
    answer = phone.tap(4)

    response = db.scalars(select(Response)).one()
    assert answer.status_code == 200
    assert "Đã ghi nhận. Cảm ơn Ông/Bà!" in answer.text
    assert "<b>Hài lòng</b>" in answer.text
    assert "Set-Cookie" not in answer.headers
    assert (response.answers, response.reasons, str(response.day)) == ("4", "0000", "2026-11-20")
    assert (response.channel, response.tier, response.language) == ("phone", "open", "vi")


@pytest.mark.parametrize(
    ("level", "question", "first"),
    [
        (5, "Điều gì làm Ông/Bà hài lòng?", "Cán bộ lịch sự, tận tình"),
        (3, "Điều gì cần tốt hơn?", "Thái độ của cán bộ"),
        (1, "Điều gì làm Ông/Bà chưa hài lòng?", "Cán bộ chưa lịch sự, tận tình"),
    ],
)
def test_the_reasons_offered_are_worded_by_the_level(phone, level, question, first):
    answer = phone.tap(level)

    assert question in answer.text
    assert re.findall(r'form-check-label">([^<]+)<', answer.text)[0] == first
    assert len(re.findall('name="ly_do"', answer.text)) == 4


def test_the_same_form_sent_again_gives_the_same_receipt_and_no_second_response(db, phone):
    answers = [phone.tap(4) for _ in range(5)]

    assert {answer.status_code for answer in answers} == {200}
    assert len({receipt_in(answer) for answer in answers}) == 1
    assert stored(db) == [("4", "0000")]


def test_a_page_opened_anew_is_another_visit(db, phone, new_phone):
    phone.tap(4)
    new_phone().tap(4)

    assert stored(db) == [("4", "0000"), ("4", "0000")]


def test_another_answer_on_the_same_form_is_refused_and_the_first_stays(db, phone):
    phone.tap(4)
    answer = phone.tap(2)

    assert answer.status_code == 409
    assert "Ông/Bà đã đánh giá trước đó" in answer.text
    assert "Đổi thành “Không hài lòng”" in answer.text
    assert stored(db) == [("4", "0000")]


def test_within_ten_minutes_the_answer_can_be_changed_and_its_reasons_start_anew(db, phone, at):
    phone.tap(4)
    phone.add(4, ly_do=["attitude"])
    at("2026-11-20 09:09")
    answer = phone.change(2)

    assert answer.status_code == 200
    assert "<b>Không hài lòng</b>" in answer.text
    assert stored(db) == [("2", "0000")]


def test_after_ten_minutes_nothing_changes_and_the_page_says_so(db, phone, at):
    phone.tap(4)
    at("2026-11-20 09:11")
    answer = phone.change(2)

    assert answer.status_code == 409
    assert "Chỉ đổi được trong 10 phút" in answer.text
    assert stored(db) == [("4", "0000")]


def test_a_change_sent_twice_is_one_change_and_keeps_the_receipt(db, phone):
    first = phone.tap(4)
    changed = [phone.change(1), phone.change(1)]

    assert {receipt_in(answer) for answer in [first, *changed]} == {receipt_in(first)}
    assert stored(db) == [("1", "0000")]


def test_what_was_never_sent_cannot_be_changed(db, phone):
    answer = phone.change(2)

    assert answer.status_code == 409
    assert stored(db) == []


def test_reasons_and_a_remark_are_added_once_however_often_they_are_sent(db, phone):
    phone.tap(2)
    answers = [phone.add(2, ly_do=["time", "papers"], y_kien=WRITTEN) for _ in range(3)]

    assert {answer.status_code for answer in answers} == {200}
    assert "Đã ghi nhận thêm. Cảm ơn Ông/Bà!" in answers[0].text
    assert stored(db) == [("2", "0011")]
    assert remarks(db) == [WRITTEN]


def test_reasons_sent_again_take_the_place_of_the_first(db, phone):
    phone.tap(4)
    phone.add(4, ly_do=["attitude", "time"])
    phone.add(4, ly_do=["guidance"])

    assert stored(db) == [("4", "0100")]


def test_another_remark_on_the_same_form_is_refused_with_everything_beside_it(db, phone):
    phone.tap(4)
    phone.add(4, ly_do=["attitude"], y_kien=WRITTEN)
    answer = phone.add(4, ly_do=["papers"], y_kien="Ý kiến khác.")

    assert answer.status_code == 409
    assert stored(db) == [("4", "1000")]
    assert remarks(db) == [WRITTEN]


def test_a_day_later_nothing_can_be_added(db, phone, at):
    phone.tap(4)
    at("2026-11-21 09:01")
    answer = phone.add(4, ly_do=["attitude"], y_kien=WRITTEN)

    assert answer.status_code == 409
    assert "Chỉ gửi thêm được trong một ngày" in answer.text
    assert (stored(db), remarks(db)) == ([("4", "0000")], [])


def test_reasons_for_an_answer_that_was_changed_meanwhile_are_refused(db, phone):
    phone.tap(4)
    phone.change(2)
    answer = phone.add(4, ly_do=["attitude"])

    assert answer.status_code == 409
    assert stored(db) == [("2", "0000")]


def test_a_remark_is_stored_composed_and_without_control_characters(db, phone):
    phone.tap(3)
    phone.add(3, y_kien=unicodedata.normalize("NFD", WRITTEN) + "\0\x07")

    assert remarks(db) == [WRITTEN]


@pytest.mark.parametrize("address", ["/{}", "/K/{}", "/k/{}"])
def test_every_printed_form_of_the_address_shows_the_same_page(browser, code, address):
    answer = browser.get(address.format(code))

    assert answer.status_code == 200
    assert f'action="/k/{code}/danh-gia"' in answer.text


def test_the_code_may_be_typed_with_spaces(browser, code):
    assert browser.get(f"/k/{code[:3]} {code[3:]}").status_code == 200
    answer = browser.get(f"/k?ma={code[:3]}.{code[3:]}")

    assert (answer.status_code, answer.headers["Location"]) == (303, f"/k/{code}")


def test_who_has_no_camera_is_asked_for_the_number(browser, code):
    answer = browser.get("/k")

    assert answer.status_code == 200
    assert "Nhập mã quầy" in answer.text


@pytest.mark.parametrize("way", ["danh-gia", "doi", "them"])
def test_who_opens_the_address_of_an_answer_gets_the_question(browser, code, way):
    answer = browser.get(f"/k/{code}/{way}")

    assert (answer.status_code, answer.headers["Location"]) == (303, f"/k/{code}")


def test_the_question_is_asked_in_english_from_the_questionnaire_itself(db, browser, code):
    page = browser.get(f"/k/{code}?lang=en")
    phieu = re.search(r'name="phieu" value="([^"]+)"', page.text)[1]
    browser.post(f"/k/{code}/danh-gia?lang=en", data={"phieu": phieu, "muc": "4"})

    assert "Are you satisfied with today’s service?" in page.text
    assert f'action="/k/{code}/danh-gia?lang=en"' in page.text
    assert db.scalars(select(Response.language)).one() == "en"


def test_changing_the_language_keeps_what_was_written_and_sends_nothing(db, phone):
    phone.tap(4)
    answer = phone.add(4, ly_do=["time"], y_kien=WRITTEN, lang="en")

    assert answer.status_code == 200
    assert "What pleased you?" in answer.text
    assert WRITTEN in answer.text
    assert re.findall(r'value="(\w+)" checked', answer.text) == ["time"]
    assert remarks(db) == []


def test_forty_people_behind_one_address_are_all_counted(db, new_phone):
    statuses = {new_phone().tap(5).status_code for _ in range(40)}

    assert statuses == {200}
    assert rows(db, Response) == 40


def test_a_staff_session_in_the_browser_is_not_looked_at(signed_in, code):
    answer = signed_in(role="officer").get(f"/k/{code}")

    assert answer.status_code == 200
    assert "Người officer" not in answer.text
    assert "Set-Cookie" not in answer.headers


def test_the_receipt_says_day_and_desk_and_is_the_one_that_is_stored(db, phone):
    answer = phone.tap(1)

    number = db.scalars(select(Submission.receipt)).one()
    assert receipt_in(answer) == f"{number[:4]} {number[4:]}"
    assert "Quầy\u00a03 · 20/11/2026" in answer.text
