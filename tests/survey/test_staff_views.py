"""The figures by desk and month: what is shown, to whom, and what stays closed."""

import re
from datetime import date

import pytest
from sqlalchemy import event, select, update

from sipas.desk.models import Desk
from sipas.staff.models import Unit
from sipas.staff.rules import Role
from sipas.survey.models import Response
from sipas.survey.rules import Tier
from tests.survey.making import make_desk, make_ratings, make_round

MONTH = "/noi-bo/khao-sat/?thang=2026-11"
CLOSED = "Không hiện số liệu"


@pytest.fixture
def survey_round(app, at, db):
    at("2026-11-20 09:00")
    return make_round(db)


@pytest.fixture
def desk(db, office):
    """Makes a desk: desk("Quầy 1", "44555", survey_round=…) with one response for each digit."""
    numbers = iter(range(30000, 31000, 10))

    def make(name: str, levels: str = "", *, survey_round=None, unit=None, **changed) -> int:
        make_desk(db, unit or office, name=name, number=next(numbers))
        desk_id = db.scalars(select(Desk.id).where(Desk.name == name)).one()
        if levels:
            make_ratings(db, survey_round, desk_id, levels, **changed)
        return desk_id

    return make


@pytest.fixture
def reader(signed_in):
    return signed_in(Role.LEADER)


@pytest.fixture
def division(db, office) -> Unit:
    own = Unit(kind="division", name="Phòng Một", short_name="P1", starts=date(2024, 1, 1))
    own.parent_id = office.id
    db.add(own)
    db.commit()
    return own


@pytest.fixture
def head(signed_in, staff, division):
    """The browser of the division's head."""
    return signed_in(person=staff(Role.DIVISION_HEAD, unit=division))


def lines(answer) -> dict[str, list[str]]:
    """The table by its row heads."""
    assert answer.status_code == 200
    found = {}
    for row in re.findall(r"<tr>(.*?)</tr>", answer.text.partition("<tbody>")[2], re.DOTALL):
        head = re.search(r'<th scope="row">\s*(.*?)\s*(<|$)', row, re.DOTALL)[1]
        found[head] = [one.strip() for one in re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)]
    return found


def test_each_level_is_counted_and_the_rate_stands_beside_its_base(reader, desk, survey_round):
    desk("Quầy 1", "5544321", survey_round=survey_round)

    shown = lines(reader.get(MONTH))

    assert shown["Quầy 1"] == ["7", "2", "2", "1", "1", "1", "57,14% trên 7 phiếu"]
    assert shown["Tất cả các quầy trên"] == shown["Quầy 1"]


def test_the_page_says_what_the_rate_is_for_which_days_and_what_it_is_not(
    reader, desk, survey_round
):
    desk("Quầy 1", "55555", survey_round=survey_round)

    page = reader.get(MONTH).text

    assert "Số liệu từ 01/11/2026 đến hết 15/11/2026." in page
    assert "Số liệu mới vào mỗi thứ Hai." in page
    assert "Số liệu mới" not in reader.get("/noi-bo/khao-sat/?thang=2026-10").text
    assert "Tự khảo sát, không thay thế kết quả do Bộ Nội vụ công bố." in page
    assert "Tỷ lệ hài lòng là số phiếu chọn mức Hài lòng hoặc Rất hài lòng" in page


def test_a_small_desk_is_closed_and_one_more_so_that_the_total_tells_nothing(
    reader, desk, survey_round
):
    for name, levels in (("A", "5" * 113), ("B", "4" * 12), ("C", "211"), ("D", "")):
        desk(name, levels, survey_round=survey_round)

    shown = lines(reader.get(MONTH))

    assert shown["A"][0] == "113"
    assert shown["B"] == ["được giữ kín", CLOSED]
    assert shown["C"] == ["dưới 5 phiếu", CLOSED]
    assert shown["D"] == ["—", CLOSED]
    assert shown["Tất cả các quầy trên"][0] == "128"


def test_a_total_that_is_one_small_desk_is_closed_too(reader, desk, survey_round):
    desk("C", "211", survey_round=survey_round)
    desk("D")

    assert lines(reader.get(MONTH))["Tất cả các quầy trên"] == ["được giữ kín", CLOSED]


def test_of_nobody_there_is_a_dash_and_never_a_zero(reader, desk, survey_round):
    desk("D")

    assert lines(reader.get(MONTH))["D"] == ["—", CLOSED]


def test_this_week_and_other_months_are_left_out(db, reader, desk, survey_round):
    one = desk("Quầy 1", "55555", survey_round=survey_round, day=date(2026, 11, 15))
    make_ratings(db, survey_round, one, "1", day=date(2026, 11, 16))
    make_ratings(db, survey_round, one, "444444", day=date(2026, 10, 31))

    assert lines(reader.get(MONTH))["Quầy 1"][0] == "5"
    assert lines(reader.get("/noi-bo/khao-sat/?thang=2026-10"))["Quầy 1"][0] == "6"


def test_test_rounds_other_tiers_and_excluded_responses_never_count(db, reader, desk, survey_round):
    one = desk("Quầy 1", "55555", survey_round=survey_round)
    make_ratings(db, make_round(db, is_test=True), one, "1" * 20)
    make_ratings(db, make_round(db, tiers=(Tier.SLIP,)), one, "1" * 20)
    make_ratings(db, survey_round, one, "2")
    db.execute(
        update(Response)
        .where(Response.answers == "2")
        .values(excluded_on=date(2026, 11, 12), exclusion="test")
    )
    db.commit()

    assert lines(reader.get(MONTH))["Quầy 1"][:2] == ["5", "5"]


def test_a_desk_of_another_unit_is_not_there(head, division, desk, survey_round):
    desk("Của phòng", "44444", survey_round=survey_round, unit=division)
    desk("Của Sở", "55555", survey_round=survey_round)

    assert set(lines(head.get(MONTH))) == {"Của phòng", "Tất cả các quầy trên"}


def test_what_is_closed_for_the_whole_office_is_closed_for_a_part_of_it(
    head, division, desk, survey_round
):
    """Else the leader's total and the division head's figure would give the small desk away."""
    desk("Của phòng", "44444", survey_round=survey_round, unit=division)
    desk("Nhỏ", "55", survey_round=survey_round)

    shown = lines(head.get(MONTH))

    assert shown["Của phòng"] == ["được giữ kín", CLOSED]
    assert shown["Tất cả các quầy trên"] == ["được giữ kín", CLOSED]


@pytest.mark.parametrize("role", [Role.DESK_CLERK, Role.OFFICER, Role.ADMINISTRATOR])
def test_who_may_not_see_figures_does_not(signed_in, role, survey_round):
    assert signed_in(role).get(MONTH).status_code == 403


@pytest.mark.parametrize("month", ["2026-13", "x", "1999-01", "2027-01", ""])
def test_a_month_that_is_not_offered_is_this_month(reader, desk, survey_round, month):
    desk("Quầy 1")

    page = reader.get(f"/noi-bo/khao-sat/?thang={month}").text

    assert '<option value="2026-11" selected>' in page


def test_on_the_first_day_of_a_month_there_is_nothing_to_show_yet(
    signed_in, desk, survey_round, at
):
    desk("Quầy 1")
    at("2026-12-01 09:00")

    page = signed_in(Role.LEADER).get("/noi-bo/khao-sat/").text

    assert "Tháng này chưa có số liệu. Số liệu mới vào mỗi thứ Hai." in page


def test_without_desks_the_page_says_so(reader, survey_round):
    assert "Chưa có quầy nào trong tháng này." in reader.get(MONTH).text


def test_a_closed_desk_is_shown_for_the_months_in_which_it_was_open(
    db, signed_in, desk, survey_round, at
):
    old = desk("Cũ", "55555", survey_round=survey_round)
    db.get(Desk, old).closed_on = date(2026, 11, 15)
    db.commit()
    desk("Mới")
    at("2026-12-20 09:00")
    reader = signed_in(Role.LEADER)

    assert lines(reader.get(MONTH))["Cũ"][0] == "5"
    assert set(lines(reader.get("/noi-bo/khao-sat/"))) == {"Mới", "Tất cả các quầy trên"}


def test_one_and_three_desks_take_the_same_number_of_queries(reader, desk, survey_round, database):
    counted = []
    event.listen(database.engine, "before_cursor_execute", lambda *_: counted.append(1))
    desk("Quầy 1", "55555", survey_round=survey_round)
    counted.clear()
    reader.get(MONTH)
    for_one = len(counted)

    desk("Quầy 2", "55555", survey_round=survey_round)
    desk("Quầy 3", "44444", survey_round=survey_round)
    counted.clear()
    reader.get(MONTH)

    assert len(counted) == for_one
