"""The short rating in a real browser: a small phone, no JavaScript."""

from itertools import pairwise

import pytest

from sipas.survey.models import Response
from tests.survey.looking import rows, stored
from tests.survey.making import make_desk, make_round

ON_ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # looks only
PIXELS = 0.5  # a browser rounds
FIRST_FLIGHT = 14 * 1024
RATING_BUDGET = THANKS_BUDGET = 6 * 1024


@pytest.fixture
def address(live_server, at, db, office) -> str:
    at("2026-11-20 09:00")
    make_round(db)
    return f"{live_server}/{make_desk(db, office)}"


@pytest.fixture
def levels(db):
    """The levels stored so far."""
    return lambda: [answers for answers, _reasons in stored(db)]


def tap(page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


def test_one_tap_without_script_is_one_rating_in_two_requests_and_no_cookie(
    phone_page, address, levels
):
    requests, refused = [], []
    phone_page.on("request", lambda one: requests.append(one.url))
    phone_page.on("console", lambda one: refused.append(one.text))

    phone_page.goto(address)
    tap(phone_page, "Hài lòng")

    assert phone_page.get_by_role("heading", level=1).inner_text().startswith("Đã ghi nhận")
    assert levels() == ["4"]
    assert len(requests) <= 2
    assert phone_page.context.cookies() == []
    assert refused == []


@ON_ONE_DATABASE
def test_all_five_answers_and_the_privacy_line_are_in_sight(phone_page, address):
    phone_page.goto(address)
    group = phone_page.get_by_role(
        "group", name="Ông/Bà có hài lòng với lần phục vụ hôm nay không?"
    )
    boxes = [button.bounding_box() for button in group.get_by_role("button").all()]
    privacy = phone_page.get_by_text("Cán bộ tại quầy không xem được").bounding_box()

    assert len(boxes) == 5
    assert all(box["height"] >= 60 - PIXELS for box in boxes)
    gaps = [low["y"] - high["y"] - high["height"] for high, low in pairwise(boxes)]
    assert all(gap >= 8 - PIXELS for gap in gaps)
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= 360 for box in boxes)
    assert privacy["y"] + privacy["height"] <= 740


@ON_ONE_DATABASE
@pytest.mark.parametrize("width", [320, 180])
def test_nothing_runs_past_the_right_edge_of_a_narrow_window(open_context, address, width):
    page = open_context(viewport={"width": width, "height": 740}).new_page()
    page.goto(address)
    narrow = page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    tap(page, "Rất không hài lòng")

    assert narrow
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_reload_and_back_and_another_tap_make_no_second_rating(phone_page, address, levels):
    phone_page.goto(address)
    tap(phone_page, "Hài lòng")
    phone_page.reload()
    assert levels() == ["4"]

    phone_page.go_back()
    tap(phone_page, "Không hài lòng")
    assert "Ông/Bà đã đánh giá trước đó" in phone_page.content()
    assert levels() == ["4"]

    tap(phone_page, "Đổi thành “Không hài lòng”")
    assert levels() == ["2"]

    phone_page.goto(address)
    tap(phone_page, "Bình thường")
    assert levels() == ["2", "3"]


def test_the_answer_is_changed_where_it_was_thanked_for(phone_page, address, levels):
    phone_page.goto(address)
    tap(phone_page, "Rất hài lòng")
    phone_page.get_by_text("Đổi câu trả lời").click()
    tap(phone_page, "Bình thường")

    assert levels() == ["3"]
    assert "Điều gì cần tốt hơn?" in phone_page.content()


def test_reasons_and_a_remark_follow_without_a_script(phone_page, address, db):
    phone_page.goto(address)
    tap(phone_page, "Không hài lòng")
    phone_page.get_by_label("Làm chậm, trễ hẹn").check()
    phone_page.get_by_label("Ý kiến khác").fill("Chờ hơn một tiếng.")
    tap(phone_page, "Gửi thêm")

    assert "Đã ghi nhận thêm" in phone_page.content()
    assert stored(db) == [("2", "0010")]


def test_the_language_is_switched_on_the_page_of_thanks(phone_page, address, db):
    phone_page.goto(address)
    tap(phone_page, "Hài lòng")
    phone_page.get_by_label("Ý kiến khác").fill("Tốt lắm.")
    tap(phone_page, "English")

    assert "What pleased you?" in phone_page.content()
    assert phone_page.locator("textarea").input_value() == "Tốt lắm."
    assert rows(db, Response) == 1


@ON_ONE_DATABASE
def test_question_and_thanks_fit_their_weight(open_context, address):
    page = open_context().new_page()
    wire = []
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.on("Network.loadingFinished", lambda one: wire.append(one["encodedDataLength"]))

    page.goto(address)
    tap(page, "Hài lòng")

    question, thanks = wire
    print(f"\nwire: question {question:.0f} B, thanks {thanks:.0f} B")  # noqa: T201 -- a figure
    assert question <= RATING_BUDGET < FIRST_FLIGHT
    assert thanks <= THANKS_BUDGET


def rate(page) -> None:
    tap(page, "Không hài lòng")


def open_change(page) -> None:
    rate(page)
    page.get_by_text("Đổi câu trả lời").click()


def answer_otherwise(page) -> None:
    rate(page)
    page.go_back()
    tap(page, "Bình thường")


def write_too_much(page) -> None:
    rate(page)
    page.get_by_label("Ý kiến khác").fill("ă" * 2001)
    tap(page, "Gửi thêm")


def add_more(page) -> None:
    rate(page)
    tap(page, "Gửi thêm")


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    "act", [None, rate, open_change, answer_otherwise, write_too_much, add_more]
)
def test_axe_finds_nothing_on_the_way_through_the_rating(axe, address, act):
    assert axe(address, act) == {}


@ON_ONE_DATABASE
@pytest.mark.parametrize("path", ["/k", "/k/123456"])
def test_axe_finds_nothing_where_a_code_is_typed(axe, address, path):
    assert axe(address.rpartition("/")[0] + path) == {}
