"""Text as it is stored, and words for every refusal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from sipas import i18n
from sipas.web.forms import CitizenForm, LineField, LinesField, at_most, clean, required


class Example(CitizenForm):
    name = LineField("Tên", [required("Viết tên."), at_most(20)])
    text = LinesField("Nội dung")
    kind = SelectField("Loại", choices=[SelectChoice("a", "A")])


def sent(app, **values):
    with app.test_request_context("/", method="POST", data=values):
        form = Example()
        return form.validate_on_submit(), form.status, form


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  Đặng Thị Ánh  ", "Đặng Thị Ánh"),
        ("Nguyễn", "Nguyễn"),
        ("a\x00b\x07c", "abc"),
        ("gpj.\u202ephoto", "gpj.photo"),
        ("dòng 1\r\ndòng 2\rdòng 3", "dòng 1\ndòng 2\ndòng 3"),
        ("mặt 😀 cười", "mặt 😀 cười"),
        (None, None),
    ],
)
def test_text_is_stored_composed_and_without_control_characters(typed, stored):
    assert clean(typed) == stored


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text):
    assert clean(clean(text)) == clean(text)


def test_a_form_in_order_hands_on_what_was_typed(app):
    accepted, _status, form = sent(app, name="Y Bhăm Êban", text="một\r\nhai", kind="a")

    assert accepted
    assert (form.name.data, form.text.data) == ("Y Bhăm Êban", "một\nhai")


def test_mistakes_are_told_in_vietnamese_beside_the_field(app):
    accepted, status, form = sent(app, name="x" * 32, kind="z")

    assert (accepted, status) == (False, 422)
    assert form.name.errors == ["Dài quá 20 ký tự. Rút ngắn 12 ký tự."]
    assert form.kind.errors == ["Chọn một mục trong danh sách."]


def test_an_empty_field_gets_its_own_sentence(app):
    _accepted, _status, form = sent(app, kind="a")

    assert form.name.errors == ["Viết tên."]


def test_switching_the_language_sends_nothing_and_keeps_what_was_typed(app):
    accepted, status, form = sent(app, name="Đang viết dở", lang="en")

    assert (accepted, status) == (False, 200)
    assert form.name.data == "Đang viết dở"
    assert form.errors == {}


def test_words_wait_until_they_are_shown():
    words = i18n.lazy_gettext("Chọn một mục trong danh sách.")

    with i18n.speaking("vi"):
        assert str(words) == "Chọn một mục trong danh sách."
