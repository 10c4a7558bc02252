"""The layouts and components, drawn with real forms; pages are tested by their wings."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    Form,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from sipas.web import words

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "templates"
NAMES = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html"))
LANGUAGES = [
    SimpleNamespace(code="vi", name="Tiếng Việt", url="?lang=vi", current=True),
    SimpleNamespace(code="en", name="English", url="?lang=en", current=False),
]
CITIZEN = {
    "office": SimpleNamespace(
        name="Sở Tư pháp tỉnh An Bình", phone="0200 123.4567", domain="anbinh.gov.vn", emblem=None
    ),
    "lang": "vi",
    "languages": LANGUAGES,
    "privacy_url": "/quyen-rieng-tu",
    "citizen_style": Markup(":root{--chu:#1b1b1b}"),
}
STAFF = CITIZEN | {
    "me": SimpleNamespace(name="Nguyễn Thị Hoa", unit_name="Phòng Hành chính"),
    "more": [],
    "menu": [SimpleNamespace(label="Hộp việc", url="/noi-bo/ho-so", current=True)],
    "demo": False,
    "notice": None,
    "account_url": "/noi-bo/tai-khoan",
    "sign_out_url": "/noi-bo/dang-xuat",
    "csrf_token": lambda: "signed-token",
}


class Boxes(SelectMultipleField):
    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class QuestionForm(Form):
    key = HiddenField(default="k1")
    kind = RadioField(
        "Ông/Bà muốn làm gì?",
        choices=[SelectChoice("ask", "Hỏi"), SelectChoice("petition", "Kiến nghị")],
        validators=[InputRequired("Chọn Hỏi hoặc Kiến nghị")],
    )
    text = TextAreaField("Nội dung", validators=[InputRequired("Viết nội dung")])
    unit = SelectField("Đơn vị", choices=[SelectChoice("1", "Văn phòng Sở")])
    reasons = Boxes("Lý do", choices=[SelectChoice("time", "Thời gian")])
    saved = BooleanField("Tôi đã lưu mã")
    password = PasswordField("Mật khẩu")


@pytest.fixture
def environment():
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_null_translations(newstyle=True)
    made.filters.update(words.FILTERS)
    made.globals["url_for"] = lambda _endpoint, filename: f"/static/{filename}"
    return made


@pytest.fixture
def draw(environment):
    def drawn(source, **context):
        return re.sub(r"\s+", " ", environment.from_string(source).render(**context))

    return drawn


@pytest.fixture
def sent_empty():
    form = QuestionForm(MultiDict({"key": "k1", "unit": "1"}))
    form.validate()
    return form


@pytest.mark.parametrize("name", NAMES)
def test_every_template_compiles(environment, name):
    assert environment.get_template(name)


@pytest.mark.parametrize("name", NAMES)
def test_no_template_carries_script_or_style_of_its_own(name):
    text = (TEMPLATES / name).read_text(encoding="utf-8")

    assert re.findall(r"<script(?![^>]*\ssrc=)|\sstyle\s*=|\son\w+\s*=|javascript:", text) == []
    assert ("<style" in text) == (name == "layouts/citizen.html")


def test_every_drawing_that_a_template_names_exists(environment):
    paths = environment.get_template("components/icon.html").module.paths
    texts = [(TEMPLATES / name).read_text(encoding="utf-8") for name in NAMES]

    named = {name for text in texts for name in re.findall(r'icon\("([^"]*)"\)', text)}

    assert named - paths.keys() == set()


def test_the_citizens_page_is_one_answer(draw):
    page = draw(
        '{% extends "layouts/citizen.html" %}'
        "{% block title %}Phiếu{% endblock %}{% block main %}<h1>Phiếu</h1>{% endblock %}",
        **CITIZEN,
    )

    assert "<title>Phiếu – Sở Tư pháp tỉnh An Bình</title>" in page
    assert "<style>:root{--chu:#1b1b1b}</style>" in page
    assert 'href="tel:02001234567">0200 123.4567</a>' in page
    assert re.findall(r'<(?:script|link rel="stylesheet"|img)', page) == []


def test_an_error_page_stands_without_an_office(draw):
    page = draw(
        '{% extends "web/error.html" %}',
        **CITIZEN | {"office": None},
        heading="Có lỗi ở phía chúng tôi",
        sentences=["Thử lại sau."],
        kept="Câu trả lời chưa được ghi nhận.",
        ways=[("Về trang đầu", "/")],
    )

    assert "<title>Có lỗi ở phía chúng tôi</title>" in page
    assert "<p><b>Câu trả lời chưa được ghi nhận.</b></p>" in page
    assert '<a href="/">' in page


@pytest.mark.parametrize("layout", ["citizen", "staff"])
def test_another_language_is_a_button_of_the_form_that_the_page_names(draw, layout):
    page = draw(
        '{% extends "layouts/' + layout + '.html" %}{% set main_form = "question" %}'
        "{% block title %}Hỏi{% endblock %}{% block main %}{% endblock %}",
        **STAFF,
    )

    button = (
        '<button type="submit" form="question" name="lang" value="en" lang="en" formnovalidate>'
    )
    assert button in page
    assert "?lang=en" not in page


def test_another_language_is_a_link_on_a_page_without_a_form(draw):
    page = draw(
        '{% extends "layouts/staff.html" %}'
        "{% block title %}Hộp việc{% endblock %}{% block main %}{% endblock %}",
        **STAFF,
    )

    assert '<a href="?lang=en" lang="en" hreflang="en">English</a>' in page
    assert '<b lang="vi" aria-current="true">Tiếng Việt</b>' in page


def test_signing_out_is_a_form_with_its_token(draw):
    page = draw('{% extends "web/error_staff.html" %}', **STAFF | error())

    form = '<form method="post" action="/noi-bo/dang-xuat"> <input type="hidden" name="csrf_token"'
    assert f'{form} value="signed-token">' in page
    assert 'aria-current="page">Hộp việc</a>' in page


def test_nobody_signed_in_sees_no_menu(draw):
    page = draw('{% extends "web/error_staff.html" %}', **STAFF | error() | {"me": None})

    assert "<nav" not in page
    assert "Đăng xuất" not in page


def test_a_notice_is_told_once_and_as_a_status(draw):
    page = draw('{% extends "web/error_staff.html" %}', **STAFF | error() | {"notice": "Đã lưu."})

    assert page.count('role="status"') == 1
    assert "<p>Đã lưu.</p>" in page


def test_the_red_box_leads_to_each_field_that_is_wrong(draw, sent_empty):
    box = draw(
        '{% from "components/form.html" import error_summary %}{{ error_summary(form) }}',
        form=sent_empty,
    )

    assert re.findall(r'<a href="(.*?)">(.*?)</a>', box) == [
        ("#kind-0", "Chọn Hỏi hoặc Kiến nghị"),
        ("#text", "Viết nội dung"),
    ]


def test_a_form_without_mistakes_has_no_red_box(draw):
    box = draw(
        '{% from "components/form.html" import error_summary %}{{ error_summary(form) }}',
        form=QuestionForm(),
    )

    assert box.strip() == ""


def test_the_title_of_a_form_that_came_back_says_so(draw, sent_empty):
    source = '{% from "components/form.html" import error_mark %}{{ error_mark(form) }}Hỏi'

    assert draw(source, form=sent_empty) == "Lỗi: Hỏi"
    assert draw(source, form=QuestionForm()) == "Hỏi"


def test_a_field_is_described_by_its_hint_and_its_error(draw, sent_empty):
    drawn = draw_field(draw, "form.text, hint='Việc gì, ở đâu', rows=5", sent_empty)

    assert 'aria-describedby="text-hint text-error"' in drawn
    assert 'aria-invalid="true"' in drawn
    assert 'rows="5"' in drawn
    assert '<span class="form-hint" id="text-hint">Việc gì, ở đâu</span>' in drawn
    assert '<span class="form-error" id="text-error">Viết nội dung</span>' in drawn


def test_a_field_without_hint_and_error_is_described_by_nothing(draw):
    drawn = draw_field(draw, "form.password, autocomplete='current-password'", QuestionForm())

    assert "aria-" not in drawn
    assert 'autocomplete="current-password"' in drawn
    assert '<label class="form-label" for="password">Mật khẩu</label>' in drawn


@pytest.mark.parametrize(("name", "kind"), [("kind", "radio"), ("reasons", "checkbox")])
def test_a_group_of_choices_is_named_by_its_legend(draw, sent_empty, name, kind):
    drawn = draw_field(draw, f"form.{name}", sent_empty)

    assert re.search(r'<legend class="form-label">(.*?)</legend>', drawn)
    assert f'type="{kind}"' in drawn
    assert "checked" not in drawn
    assert ('<fieldset aria-describedby="kind-error"' in drawn) == (name == "kind")


def test_a_single_box_stands_inside_its_label(draw):
    drawn = draw_field(draw, "form.saved, hint='Mã chỉ hiện một lần'", QuestionForm())

    assert '<label class="form-check"> <input aria-describedby="saved-hint"' in drawn
    assert 'for="' not in drawn


def test_hidden_fields_come_without_an_id_so_that_two_forms_may_share_a_page(draw):
    drawn = draw(
        '{% from "components/form.html" import hidden %}{{ hidden(form) }}', form=QuestionForm()
    )

    assert drawn == '<input name="key" type="hidden" value="k1">'


def test_the_levels_are_buttons_in_the_given_order(draw):
    levels = [SimpleNamespace(value=5, label="Rất hài lòng"), SimpleNamespace(value=1, label="Kém")]

    drawn = draw(
        '{% from "components/rating.html" import rating_buttons %}'
        '{{ rating_buttons(levels, "level") }}',
        levels=levels,
    )

    assert 'role="group" aria-labelledby="heading"' in drawn
    assert re.findall(r'<button type="submit" name="level" value="(\d)">', drawn) == ["5", "1"]
    assert re.findall(r"</svg> (.*?)</button>", drawn) == ["Rất hài lòng", "Kém"]


@pytest.mark.parametrize(("number", "ways"), [(1, ["?2"]), (2, ["?1", "?3"]), (3, ["?2"])])
def test_the_pager_leads_no_further_than_the_list(draw, number, ways):
    page = SimpleNamespace(number=number, pages=3, url="?{}".format)

    drawn = draw('{% from "components/pager.html" import pager %}{{ pager(page) }}', page=page)

    assert re.findall(r'href="(.*?)"', drawn) == ways
    assert f"Trang {number} trên 3" in drawn


def test_a_list_of_one_page_needs_no_pager(draw):
    page = SimpleNamespace(number=1, pages=1, url="?{}".format)

    drawn = draw('{% from "components/pager.html" import pager %}{{ pager(page) }}', page=page)

    assert drawn.strip() == ""


def error():
    return {"heading": "Không tìm thấy", "sentences": [], "kept": None, "ways": []}


def draw_field(draw, arguments, form):
    source = '{% from "components/form.html" import field %}{{ field(' + arguments + ") }}"
    return draw(source, form=form)
