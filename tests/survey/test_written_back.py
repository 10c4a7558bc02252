"""What a citizen typed survives every answer that could not take it."""

import re
from datetime import date
from html import unescape

import pytest
from sqlalchemy import select

from sipas.desk.models import DeskCode
from sipas.survey.models import SurveyRound
from tests.survey.looking import remarks

TEXT = "\nChờ lâu & <chưa> ai gọi.\nĐề nghị thêm ghế."
TODAY = date(2026, 11, 20)


def written(answer) -> str:
    """The text as a browser shows it: the first line break after the tag is not part of it."""
    label = "Nội dung Ông/Bà đã viết, có thể chép lại"
    assert f'<label class="form-label" for="written">{label}</label>' in answer.text
    found = re.search(r'id="written"[^>]* readonly>\n(.*?)</textarea>', answer.text, re.DOTALL)
    return unescape(found[1])


@pytest.mark.parametrize("phieu", ["", "made-up", "A" * 56])
@pytest.mark.parametrize("way", ["danh-gia", "doi", "them"])
def test_beside_a_made_up_form(db, phone, way, phieu):
    answer = phone.send(way, phieu=phieu, muc="4", y_kien=TEXT)

    assert (answer.status_code, written(answer)) == (422, TEXT)
    assert remarks(db) == []


def test_on_a_page_left_open_for_a_week(phone, at):
    phone.tap(4)
    at("2026-11-27 09:01")
    answer = phone.add(4, y_kien=TEXT)

    assert (answer.status_code, written(answer)) == (422, TEXT)


def test_where_no_rating_came_before(phone):
    unrated, impossible = phone.add(4, y_kien=TEXT), phone.add(9, y_kien=TEXT)

    assert (unrated.status_code, written(unrated)) == (409, TEXT)
    assert (impossible.status_code, written(impossible)) == (422, TEXT)


def test_after_another_remark_was_taken(db, phone):
    phone.tap(4)
    phone.add(4, y_kien="Tốt.")
    answer = phone.add(4, y_kien=TEXT)

    assert (answer.status_code, written(answer)) == (409, TEXT)
    assert remarks(db) == ["Tốt."]


def test_after_the_round_closed(db, phone, at):
    phone.tap(4)
    db.scalars(select(SurveyRound)).one().closes = TODAY
    db.commit()
    at("2026-11-22 08:00")
    answer = phone.add(4, y_kien=TEXT)

    assert (answer.status_code, written(answer)) == (409, TEXT)


def test_at_a_code_that_was_revoked_or_never_was(db, browser, phone):
    nowhere = browser.post("/k/123456/them", data={"muc": "4", "y_kien": TEXT})
    db.scalars(select(DeskCode)).one().revoked_on = TODAY
    db.commit()
    revoked = phone.add(4, y_kien=TEXT)

    assert (nowhere.status_code, written(nowhere)) == (404, TEXT)
    assert (revoked.status_code, written(revoked)) == (410, TEXT)


def test_where_nothing_was_typed_there_is_no_empty_box(phone):
    assert "textarea" not in phone.tap(9).text
    assert "textarea" not in phone.page.text
