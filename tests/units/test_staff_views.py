"""The pages of the tree, through the front door."""

import re
from datetime import date

import pytest
from sqlalchemy import func, select

from sipas.ledger.models import Event
from sipas.staff.models import Unit
from sipas.staff.rules import Role

EDITORS = {Role.HEAD_OFFICE, Role.ADMINISTRATOR}
LONG = "Phòng " + "Quản lý đăng ký giao dịch bảo đảm và bồi thường nhà nước " * 6
TREE = "/noi-bo/don-vi/"


def new_unit(office, **changed):
    return {"name": "Phòng Mới", "short_name": "PM", "kind": "division",
            "parent_id": office.id, "starts": "2026-06-01", **changed}  # fmt: skip


def fresh(db, unit):
    db.expire_all()
    return db.get_one(Unit, unit.id)


def how_many(db):
    db.rollback()
    return db.scalar(select(func.count()).select_from(Unit))


@pytest.mark.parametrize("role", Role)
def test_everybody_sees_the_tree_and_few_change_it(signed_in, add_unit, role):
    unit = add_unit("Phòng A")
    browser = signed_in(role)
    changing = 200 if role in EDITORS else 403

    assert browser.get(TREE).status_code == 200
    assert browser.get(f"{TREE}{unit.id}").status_code == 200
    for page in ("them", "sap-xep", f"{unit.id}/sua"):
        assert browser.get(TREE + page).status_code == changing
    assert ("Lập đơn vị" in browser.get(TREE).text) == (role in EDITORS)


@pytest.mark.parametrize("page", ["", "1", "them", "sap-xep", "1/sua"])
def test_who_is_not_signed_in_is_led_to_the_door(office, browser, page):
    assert browser.get(TREE + page).status_code == 303


def test_nothing_is_changed_without_a_permission(db, signed_in, add_unit, token_in, office):
    unit = add_unit("Phòng A")
    browser = signed_in(Role.OFFICER)
    token = token_in(browser.get("/noi-bo/"))

    for page in ("them", "sap-xep", f"{unit.id}/sua", f"{unit.id}/giu"):
        answer = browser.post(TREE + page, data={"csrf_token": token, **new_unit(office)})
        assert answer.status_code == 403
    assert how_many(db) == 2


@pytest.mark.parametrize("number", ["0", "99999", "999999999", "99999999999999999999", "-1", "a"])
def test_a_unit_that_is_not_there_is_not_found(signed_in, number):
    assert signed_in(Role.HEAD_OFFICE).get(TREE + number).status_code == 404


def test_who_edits_below_a_division_changes_nothing_above_it(db, staff, signed_in, add_unit):
    mine, other = add_unit("Phòng A"), add_unit("Phòng B")
    team = add_unit("Tổ 1", under=mine)
    browser = signed_in(person=staff(Role.HEAD_OFFICE, unit=mine))

    assert browser.get(f"{TREE}{team.id}/sua").status_code == 200
    assert browser.get(f"{TREE}{other.id}").status_code == 200
    assert browser.get(f"{TREE}{other.id}/sua").status_code == 404
    assert "Phòng B" not in browser.get(f"{TREE}them").text


def test_a_unit_is_added_and_a_double_click_adds_no_second(db, office, sending):
    browser = sending(Role.HEAD_OFFICE)
    answer = browser.send(f"{TREE}them", **new_unit(office))
    again = browser.send(f"{TREE}them", **new_unit(office))

    assert answer.status_code == 303
    assert "Phòng Mới" in browser.get(answer.headers["Location"]).text
    assert again.status_code == 422
    assert "Đã có đơn vị mang tên này" in again.text
    assert how_many(db) == 2


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"name": ""}, "Viết tên đơn vị."),
        ({"name": "   "}, "Viết tên đơn vị."),
        ({"name": LONG[:300]}, "Rút ngắn 100 ký tự."),
        ({"short_name": "x" * 41}, "Rút ngắn 1 ký tự."),
        ({"kind": "province"}, "Chọn một mục trong danh sách."),
        ({"parent_id": "99999"}, "Chọn một mục trong danh sách."),
        ({"parent_id": "x"}, "Chọn một mục trong danh sách."),
        ({"starts": ""}, "Viết ngày bắt đầu hoạt động."),
        ({"starts": "31/02/2026"}, "Viết ngày, ví dụ 20/11/2026."),
        ({"starts": "0001-01-01"}, "Viết ngày có thật"),
        ({"starts": "2020-01-01"}, "không hoạt động vào ngày này"),
    ],
)
def test_bad_input_comes_back_with_what_was_typed(db, office, changed, message, sending):
    sent = new_unit(office, **{"short_name": "Tên ngắn", **changed})
    answer = sending(Role.HEAD_OFFICE).send(f"{TREE}them", **sent)

    assert answer.status_code == 422
    assert message in answer.text
    assert f'value="{sent["short_name"]}"' in answer.text
    assert how_many(db) == 1


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Pho\u0300ng Ha\u0300nh chi\u0301nh", "Phòng Hành chính"),
        ("Buôn H'Hen Niê <script>alert(1)</script>", "Buôn H'Hen Niê <script>alert(1)</script>"),
        ("Phòng '; DROP TABLE unit; --", "Phòng '; DROP TABLE unit; --"),
        ("Phòng %(n)s {{ 7*7 }}", "Phòng %(n)s {{ 7*7 }}"),
        ("Phòng\x00 A", "Phòng A"),
    ],
)
def test_a_name_is_text_however_it_is_typed(db, office, typed, stored, sending):
    browser = sending(Role.HEAD_OFFICE)
    answer = browser.send(f"{TREE}them", **new_unit(office, name=typed))
    page = browser.get(answer.headers["Location"])

    assert db.scalars(select(Unit.name).where(Unit.parent_id.is_not(None))).one() == stored
    assert "<script>alert" not in page.text
    assert browser.get(TREE).status_code == 200


def test_a_unit_is_renamed_and_moved_and_its_past_stays(db, at, office, add_unit, sending):
    one, two = add_unit("Phòng Một"), add_unit("Phòng Hai")
    team = add_unit("Tổ Tin học", under=one)
    at("2026-06-01 09:00")
    browser = sending(Role.HEAD_OFFICE)

    answer = browser.send(f"{TREE}{team.id}/sua", name="Tổ Số", short_name="TS",
                  kind="team", parent_id=two.id, version=1)  # fmt: skip

    assert answer.status_code == 303
    assert (fresh(db, team).name, team.parent_id) == ("Tổ Số", two.id)
    page = browser.get(f"{TREE}{team.id}").text
    assert "Đến hết 31/05/2026: Tổ Tin học" in page
    assert ", trực thuộc Phòng Một" in page
    assert "Tổ Tin học" in browser.get(f"{TREE}?ngay=2026-05-31").text
    assert "Tổ Tin học" in browser.get(f"{TREE}?ngay=31/05/2026").text
    assert "Tổ Tin học" not in browser.get(TREE).text


def test_the_office_is_renamed_without_asking_under_what(db, office, sending):
    browser = sending(Role.HEAD_OFFICE)
    answer = browser.send(f"{TREE}{office.id}/sua", name="Sở Nội vụ", short_name="SNV",
                  kind="office", version=1)  # fmt: skip

    assert answer.status_code == 303
    assert (fresh(db, office).name, office.parent_id) == ("Sở Nội vụ", None)


def test_a_stale_page_tells_what_is_stored_and_the_next_sending_counts(db, add_unit, sending):
    unit = add_unit("Phòng A")
    fields = {"short_name": "PA", "kind": "division", "parent_id": unit.parent_id}
    url = f"{TREE}{unit.id}/sua"
    browser = sending(Role.HEAD_OFFICE)
    browser.send(url, name="Phòng B", version=1, **fields)

    stale = browser.send(url, name="Phòng C", version=1, **fields)
    shown = re.search(r'name="version"[^>]*value="(\d+)"', stale.text)[1]
    again = browser.send(url, name="Phòng C", version=shown, **fields)

    assert stale.status_code == 422
    assert "Người khác vừa sửa đơn vị này" in stale.text
    assert "Đang lưu: Phòng B" in stale.text
    assert 'value="Phòng C"' in stale.text
    assert again.status_code == 303
    assert fresh(db, unit).name == "Phòng C"


def test_a_unit_is_not_offered_a_place_under_itself(add_unit, sending):
    one = add_unit("Phòng Một")
    team = add_unit("Tổ Con", under=one)
    browser = sending(Role.HEAD_OFFICE)
    url = f"{TREE}{one.id}/sua"

    answer = browser.send(url, name="Phòng Một", short_name="PM", kind="division",
                  parent_id=team.id, version=1)  # fmt: skip

    assert f'value="{team.id}"' not in browser.get(url).text
    assert answer.status_code == 422


def ending(*ended, **changed):
    return {"units": [unit.id for unit in ended], "day": "2026-06-01", "heir": "khong",
            "successor": "0", "name": "", "short_name": "", **changed}  # fmt: skip


def test_two_units_merge_into_a_new_one(db, at, office, add_unit, sending):
    at("2026-05-01 09:00")
    one, two = add_unit("Phòng Một"), add_unit("Phòng Hai")
    browser = sending(Role.HEAD_OFFICE)

    answer = browser.send(f"{TREE}sap-xep",
                  **ending(one, two, heir="moi", name="Phòng Chung", short_name="PC"))  # fmt: skip

    heir = db.scalars(select(Unit).where(Unit.name == "Phòng Chung")).one()
    assert answer.status_code == 303
    assert (heir.parent_id, heir.kind, heir.starts) == (office.id, "division", date(2026, 6, 1))
    assert {fresh(db, unit).successor_id for unit in (one, two)} == {heir.id}
    assert "Sắp thay đổi" in browser.get(TREE).text
    assert "Phòng Chung" in browser.get(f"{TREE}?ngay=2026-06-01").text
    assert "Phòng Một" in browser.get(f"{TREE}{heir.id}").text


def test_a_unit_is_split_into_units_that_were_made_before(db, at, office, add_unit, sending):
    at("2026-05-01 09:00")
    old = add_unit("Phòng Cũ")
    east = add_unit("Phòng Đông", starts=date(2026, 6, 1))
    add_unit("Phòng Tây", starts=date(2026, 6, 1))
    browser = sending(Role.HEAD_OFFICE)

    answer = browser.send(f"{TREE}sap-xep",
                  **ending(old, heir="da-co", successor=east.id))  # fmt: skip

    assert answer.status_code == 303
    assert fresh(db, old).successor_id == east.id
    tree = browser.get(f"{TREE}?ngay=2026-06-01").text
    assert all(name in tree for name in ("Phòng Đông", "Phòng Tây"))
    assert "Phòng Cũ" not in tree.split("tree")[1].split("</ul>")[0]


def test_an_end_is_called_off_with_a_button(db, at, token_in, add_unit, sending):
    at("2026-05-01 09:00")
    unit = add_unit("Phòng A")
    browser = sending(Role.HEAD_OFFICE)
    browser.send(f"{TREE}sap-xep", **ending(unit))
    page = browser.get(f"{TREE}{unit.id}")

    answer = browser.post(f"{TREE}{unit.id}/giu", data={"csrf_token": token_in(page)})

    assert "Sắp kết thúc" in page.text
    assert answer.status_code == 303
    assert fresh(db, unit).ends is None


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"units": []}, "Chọn đơn vị kết thúc."),
        ({"units": ["99999"]}, "Chọn một mục trong danh sách."),
        ({"day": ""}, "Viết ngày kết thúc."),
        ({"day": "2024-01-01"}, "phải sau ngày thành lập"),
        ({"heir": ""}, "Chọn cách kế thừa."),
        ({"heir": "da-co"}, "Chọn đơn vị kế thừa."),
        ({"heir": "moi"}, "Viết tên đơn vị lập mới."),
        ({"heir": "moi", "name": "Phòng B", "short_name": "PB"}, "Đã có đơn vị mang tên này"),
        ({"heir": "moi", "name": "Phòng C", "short_name": "PC", "day": "2024-01-01"}, "phải sau"),
    ],
)
def test_a_reorganisation_with_mistakes_changes_nothing(db, add_unit, changed, message, sending):
    unit = add_unit("Phòng A")
    add_unit("Phòng B")
    answer = sending(Role.HEAD_OFFICE).send(f"{TREE}sap-xep",
                  **ending(unit, **changed))  # fmt: skip

    assert answer.status_code == 422
    assert message in answer.text
    assert fresh(db, unit).ends is None
    assert how_many(db) == 3
    assert db.scalar(select(func.count()).select_from(Event)) == 0


def test_people_of_an_ended_unit_are_shown_as_needing_a_new_one(at, staff, signed_in, add_unit):
    unit = add_unit("Phòng A", ends=date(2026, 6, 1))
    staff(Role.OFFICER, unit=unit)

    at("2026-05-31 23:55")
    before = signed_in(Role.HEAD_OFFICE).get(TREE).text
    at("2026-06-01 00:05")
    after = signed_in(Role.HEAD_OFFICE).get(TREE).text

    assert "Cán bộ cần đơn vị mới" not in before
    assert "1 cán bộ còn ở đơn vị đã kết thúc." in after


@pytest.mark.parametrize("asked", ["hom-nay", "2026-13-01", "", "0001-01-01"])
def test_a_day_that_is_none_shows_today_and_says_so(signed_in, office, asked):
    answer = signed_in(Role.OFFICER).get(f"{TREE}?ngay={asked}")

    assert answer.status_code == 200
    assert office.name in answer.text


def test_a_day_before_the_office_began_shows_no_unit(signed_in, office):
    assert "chưa có đơn vị nào" in signed_in(Role.OFFICER).get(f"{TREE}?ngay=2001-01-01").text


def test_the_tree_takes_the_same_number_of_queries_for_one_and_for_three(
    add_unit, queries_of, sending
):
    browser = sending(Role.HEAD_OFFICE)
    add_unit("Phòng 1")
    one = queries_of(lambda: browser.get(TREE))
    add_unit("Phòng 2")
    add_unit("Phòng 3")

    assert queries_of(lambda: browser.get(TREE)) == one
