"""The pages about people, through the front door."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from sipas import clock
from sipas.door.models import Account, SignIn
from sipas.staff.models import Delegation, RoleGrant, StaffMember
from sipas.staff.rules import Role

PEOPLE = "/noi-bo/can-bo/"
VIEWERS = {
    Role.DIVISION_HEAD,
    Role.LEADER,
    Role.HEAD_OFFICE,
    Role.INSPECTOR,
    Role.ADMINISTRATOR,
}
CHANGING = ("them", "{}/sua", "{}/vai-tro", "{}/vai-tro/{}/thu-hoi", "{}/khoa", "{}/mo-khoa",
            "{}/mat-khau", "{}/bo-xac-thuc")  # fmt: skip
LONG = "Công Tằng Tôn Nữ " * 20


def new_person(unit, **changed):
    return {"name": "H'Hen Niê", "title": "Chuyên viên", "email": "hen@anbinh.gov.vn",
            "unit_id": unit.id, "sign_in": "", "roles": ["officer"], **changed}  # fmt: skip


def fresh(db, person):
    db.expire_all()
    return db.get_one(StaffMember, person.id)


def how_many(db):
    db.rollback()
    return db.scalar(select(func.count()).select_from(StaffMember))


@pytest.mark.parametrize("role", Role)
def test_few_see_people_and_one_changes_them(staff, signed_in, role):
    person = staff(Role.OFFICER)
    browser = signed_in(role)
    seeing = 200 if role in VIEWERS else 403
    changing = 200 if role == Role.ADMINISTRATOR else 403

    assert browser.get(PEOPLE).status_code == seeing
    assert browser.get(f"{PEOPLE}{person.id}").status_code == seeing
    for page in CHANGING:
        path = PEOPLE + page.format(person.id, person.grants[0].id)
        assert browser.get(path).status_code == changing


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_nobody_else_changes_anything_by_posting(db, staff, sending, token_in, role):
    person = staff(Role.OFFICER)
    browser = sending(role)
    token = token_in(browser.get("/noi-bo/"))

    for page in CHANGING:
        path = PEOPLE + page.format(person.id, person.grants[0].id)
        sent = {"csrf_token": token, **new_person(person.unit), "role": "administrator"}
        assert browser.post(path, data=sent).status_code == 403
    assert how_many(db) == 2
    assert fresh(db, person).grants[0].ends is None
    assert not person.account.disabled


@pytest.mark.parametrize("page", ["", "1", *CHANGING])
def test_who_is_not_signed_in_is_led_to_the_door(office, browser, page):
    assert browser.get(PEOPLE + page.format(1, 1)).status_code == 303


def test_a_head_sees_the_own_division_and_nobody_else_exists(staff, signed_in, add_unit):
    mine = add_unit("Phòng A")
    near = staff(Role.OFFICER, unit=add_unit("Tổ 1", under=mine), name="Người Gần")
    far = staff(Role.OFFICER, unit=add_unit("Phòng B"), name="Người Xa")
    browser = signed_in(person=staff(Role.DIVISION_HEAD, unit=mine))

    page = browser.get(PEOPLE).text
    assert "Người Gần" in page
    assert "Người Xa" not in page
    assert browser.get(f"{PEOPLE}{near.id}").status_code == 200
    assert browser.get(f"{PEOPLE}{far.id}").status_code == 404
    assert "Người Xa" not in browser.get(f"{PEOPLE}?don_vi={far.unit_id}").text


def test_the_head_of_the_successor_sees_the_people_who_are_left_over(
    staff, signed_in, add_unit, at
):
    at("2026-06-01 09:00")
    heir = add_unit("Phòng Mới")
    old = add_unit("Phòng Cũ", ends=date(2026, 6, 1), successor_id=heir.id)
    staff(Role.OFFICER, unit=old, name="Người Sót")
    browser = signed_in(person=staff(Role.DIVISION_HEAD, unit=heir))

    page = browser.get(f"{PEOPLE}?cho_chuyen=1").text
    assert "Người Sót" in page
    assert "Cần đơn vị mới" in page
    assert "1 người" in page


def test_the_keeper_of_one_division_cannot_take_over_who_holds_more(
    db, office, staff, signed_in, add_unit
):
    mine = add_unit("Phòng A")
    clerk, leader = staff(Role.OFFICER, unit=mine), staff(Role.LEADER, unit=mine)
    leader.grants[0].unit_id = office.id
    db.commit()
    browser = signed_in(person=staff(Role.ADMINISTRATOR, unit=mine))

    assert browser.get(f"{PEOPLE}{clerk.id}/mat-khau").status_code == 200
    assert browser.get(f"{PEOPLE}{leader.id}/mat-khau").status_code == 404
    assert browser.get(f"{PEOPLE}{leader.id}").status_code == 200
    assert office.name not in browser.get(f"{PEOPLE}them").text.split('id="unit_id"')[1]


@pytest.mark.parametrize("number", ["0", "99999", "999999999", "99999999999999999999", "-1", "x"])
def test_a_person_who_is_not_there_is_not_found(signed_in, number):
    browser = signed_in(Role.ADMINISTRATOR)

    for page in ("{}", "{}/sua", "{}/vai-tro", "{}/khoa"):
        assert browser.get(PEOPLE + page.format(number)).status_code == 404


def test_a_role_of_another_person_is_not_found(staff, signed_in):
    one, other = staff(Role.OFFICER), staff(Role.OFFICER)
    path = f"{PEOPLE}{one.id}/vai-tro/{other.grants[0].id}/thu-hoi"

    assert signed_in(Role.ADMINISTRATOR).get(path).status_code == 404


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("nguyen", ["Nguyễn Đình Đức", "Nguyễn Thị Á"]),
        ("NGUYỄN ĐỨC", ["Nguyễn Đình Đức"]),
        ("duc", ["Nguyễn Đình Đức"]),
        ("nguye\u0302\u0303n a\u0301", ["Nguyễn Thị Á"]),
        ("h'hen", ["H'Hen Niê"]),
        ("eban", ["Y Bhăm Êban"]),
        ("%", []),
        ("_", []),
        ("không ai", []),
        ("\x00' OR 1=1 --", []),
        ("x" * 5000, []),
    ],
)
def test_people_are_found_with_or_without_marks(staff, signed_in, typed, found):
    for name in ("Nguyễn Thị Á", "Nguyễn Đình Đức", "H'Hen Niê", "Y Bhăm Êban"):
        staff(Role.OFFICER, name=name)
    answer = signed_in(Role.ADMINISTRATOR).get(PEOPLE, query_string={"tim": typed})

    shown = [
        name.replace("&#39;", "'")
        for name in re.findall(r'<th scope="row">\s*<a[^>]*>(.*?)</a>', answer.text)
    ]
    matched = [name for name in shown if name != "Người administrator"]
    assert (answer.status_code, matched) == (200, found)


def test_a_long_list_has_pages(staff, signed_in):
    for number in range(51):
        staff(Role.OFFICER, name=f"Người {number:02}")
    browser = signed_in(Role.ADMINISTRATOR)

    assert "Trang 1 trên 2" in browser.get(PEOPLE).text
    assert "Người 50" in browser.get(f"{PEOPLE}?trang=2&tim=nguoi").text
    assert browser.get(f"{PEOPLE}?trang=99999999999999999999").status_code == 200


def test_the_list_and_a_page_take_the_same_number_of_queries_for_one_and_for_three(
    db, staff, add_unit, signed_in, queries_of
):
    person = staff(Role.OFFICER, unit=add_unit("Phòng A"))
    browser = signed_in(Role.ADMINISTRATOR)
    pages = (PEOPLE, f"{PEOPLE}{person.id}")
    one = [queries_of(lambda page=page: browser.get(page)) for page in pages]
    for number in range(3):
        staff(Role.OFFICER, unit=add_unit(f"Phòng {number}"))
        unit = add_unit(f"Tổ {number}")
        person.grants.append(RoleGrant(role="publisher", unit=unit, starts=date(2026, 1, 1)))
    db.commit()

    assert [queries_of(lambda page=page: browser.get(page)) for page in pages] == one


def test_a_person_is_added_with_roles_and_a_password_that_is_shown_once(
    db, office, sending, add_unit
):
    unit = add_unit("Phòng A")
    browser = sending(Role.ADMINISTRATOR)

    answer = browser.send(f"{PEOPLE}them", **new_person(unit, roles=["officer", "publisher"]))

    added = db.scalars(select(StaffMember).where(StaffMember.name == "H'Hen Niê")).one()
    assert answer.status_code == 200
    assert re.search(r"<code>\d{4}-\d{4}-\d{4}-\d{4}</code>", answer.text)
    assert "<code>nieh</code>" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert {(grant.role, grant.unit_id) for grant in added.grants} == {
        ("officer", unit.id),
        ("publisher", unit.id),
    }
    assert not re.search(r"\d{4}-\d{4}-\d{4}", browser.get(f"{PEOPLE}{added.id}").text)


def test_a_double_click_adds_no_second_person(db, office, sending):
    browser = sending(Role.ADMINISTRATOR)
    browser.send(f"{PEOPLE}them", **new_person(office))

    again = browser.send(f"{PEOPLE}them", **new_person(office))

    assert again.status_code == 422
    assert "Đã có cán bộ mang tên này" in again.text
    assert how_many(db) == 2


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"name": ""}, "Viết họ và tên."),
        ({"name": "  "}, "Viết họ và tên."),
        ({"name": LONG[:300]}, "Rút ngắn 200 ký tự."),
        ({"title": ""}, "Viết chức danh"),
        ({"email": ""}, "Viết địa chỉ thư điện tử."),
        ({"email": "hen"}, "cần có dạng ten@donvi.gov.vn"),
        ({"email": "a@b.vn\nBcc: c@d.vn"}, "cần có dạng ten@donvi.gov.vn"),
        ({"unit_id": "0"}, "Chọn đơn vị."),
        ({"unit_id": "99999"}, "Chọn một mục trong danh sách."),
        ({"sign_in": "a"}, "Viết từ 3 đến 40 chữ cái"),
        ({"sign_in": "hen<script>"}, "Viết từ 3 đến 40 chữ cái"),
        ({"sign_in": "x" * 300}, "Viết từ 3 đến 40 chữ cái"),
        ({"roles": ["king"]}, "Chọn một mục trong danh sách."),
        ({"roles": ["officer", "administrator"]}, "không được xem hồ sơ ý kiến"),
    ],
)
def test_bad_input_comes_back_with_what_was_typed(db, office, sending, changed, message):
    sent = new_person(office, **{"title": "Phó phòng", **changed})
    answer = sending(Role.ADMINISTRATOR).send(f"{PEOPLE}them", **sent)

    assert answer.status_code == 422
    assert message in answer.text
    assert f'value="{sent["title"]}"' in answer.text
    assert how_many(db) == 1
    assert db.scalar(select(func.count()).select_from(Account)) == 1


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Nguye\u0302\u0303n Thi\u0323 A\u0301nh", "Nguyễn Thị Ánh"),
        ("Y Bhăm Êban", "Y Bhăm Êban"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("{{ 7*7 }} %(name)s", "{{ 7*7 }} %(name)s"),
        ("ﬃ" * 100, "ﬃ" * 100),
    ],
)
def test_a_name_is_text_however_it_is_typed(db, office, sending, typed, stored):
    browser = sending(Role.ADMINISTRATOR)
    answer = browser.send(f"{PEOPLE}them", **new_person(office, name=typed))

    added = db.scalars(select(StaffMember).where(StaffMember.email == "hen@anbinh.gov.vn")).one()
    assert (answer.status_code, added.name) == (200, stored)
    assert "<script>alert" not in browser.get(f"{PEOPLE}{added.id}").text
    assert "<script>alert" not in browser.get(PEOPLE).text


def edited(person, **changed):
    return {"name": person.name, "title": person.title, "email": person.email,
            "unit_id": person.unit_id, "version": person.version, **changed}  # fmt: skip


def test_a_person_moves_to_another_unit(db, staff, sending, add_unit):
    person, unit = staff(Role.OFFICER), add_unit("Phòng Mới")
    browser = sending(Role.ADMINISTRATOR)

    answer = browser.send(f"{PEOPLE}{person.id}/sua", **edited(person, unit_id=unit.id))

    assert answer.status_code == 303
    assert fresh(db, person).unit_id == unit.id


def test_a_person_of_an_ended_unit_is_not_moved_by_mistake(db, staff, sending, add_unit, at):
    at("2026-06-01 09:00")
    old = add_unit("Phòng Cũ", ends=date(2026, 6, 1))
    person = staff(Role.OFFICER, unit=old)
    browser = sending(Role.ADMINISTRATOR)

    page = browser.get(f"{PEOPLE}{person.id}/sua").text
    answer = browser.send(f"{PEOPLE}{person.id}/sua", **edited(person, title="Khác", unit_id=0))

    assert "selected" not in page.split('id="unit_id"')[1].split("</select>")[0]
    assert answer.status_code == 422
    assert "Chọn đơn vị." in answer.text
    assert fresh(db, person).unit_id == old.id


def test_a_stale_page_tells_what_is_stored_and_the_next_sending_counts(db, staff, sending):
    person = staff(Role.OFFICER)
    url = f"{PEOPLE}{person.id}/sua"
    browser = sending(Role.ADMINISTRATOR)
    browser.send(url, **edited(person, name="Tên Hai"))

    stale = browser.send(url, **edited(person, name="Tên Ba"))
    shown = re.search(r'name="version"[^>]*value="(\d+)"', stale.text)[1]
    again = browser.send(url, **edited(person, name="Tên Ba", version=shown))

    assert stale.status_code == 422
    assert "Người khác vừa sửa" in stale.text
    assert "Đang lưu: Tên Hai" in stale.text
    assert 'value="Tên Ba"' in stale.text
    assert again.status_code == 303
    assert fresh(db, person).name == "Tên Ba"


def granting(unit, **changed):
    today = clock.today()
    return {"role": "publisher", "unit_id": unit.id, "starts": today.isoformat(),
            "last_day": "", **changed}  # fmt: skip


def test_a_role_is_given_to_the_end_of_a_last_day(db, staff, sending, add_unit):
    person, unit = staff(Role.OFFICER), add_unit("Phòng A")
    last = clock.today() + timedelta(days=30)
    browser = sending(Role.ADMINISTRATOR)

    answer = browser.send(
        f"{PEOPLE}{person.id}/vai-tro", **granting(unit, last_day=f"{last:%d/%m/%Y}")
    )

    assert answer.status_code == 303
    given = fresh(db, person).grants[1]
    assert (given.role, given.unit_id, given.ends) == (
        "publisher",
        unit.id,
        last + timedelta(days=1),
    )
    assert "Người đăng tin" in browser.get(f"{PEOPLE}{person.id}").text


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"role": "king"}, "Chọn một mục trong danh sách."),
        ({"unit_id": "0"}, "Chọn đơn vị."),
        ({"starts": ""}, "Viết ngày bắt đầu."),
        ({"starts": "2020-01-01"}, "sớm nhất từ hôm nay"),
        ({"last_day": "2020-01-01"}, "Ngày cuối không được trước"),
        ({"last_day": "9999-12-31"}, "Viết ngày có thật"),
        ({"role": "administrator"}, "không được xem hồ sơ ý kiến"),
        ({"role": "officer"}, "đã có vai trò này"),
    ],
)
def test_a_grant_with_mistakes_changes_nothing(db, staff, sending, changed, message):
    person = staff(Role.OFFICER)
    answer = sending(Role.ADMINISTRATOR).send(
        f"{PEOPLE}{person.id}/vai-tro", **granting(person.unit, **changed)
    )

    assert answer.status_code == 422
    assert message in answer.text
    assert len(fresh(db, person).grants) == 1


def test_a_withdrawn_role_opens_nothing_from_that_moment(db, staff, sending, signed_in):
    person = staff(Role.INSPECTOR)
    theirs = signed_in(person=person)
    assert theirs.get(PEOPLE).status_code == 200
    path = f"{PEOPLE}{person.id}/vai-tro/{person.grants[0].id}/thu-hoi"
    browser = sending(Role.ADMINISTRATOR)

    answer = browser.send(path)

    assert answer.status_code == 303
    assert "Thanh tra" in browser.get(answer.headers["Location"]).text
    assert theirs.get(PEOPLE).status_code == 303
    assert signed_in(person=person).get(PEOPLE).status_code == 403


def test_a_closed_account_is_out_at_once_and_comes_back_when_opened(db, staff, sending, signed_in):
    person = staff(Role.INSPECTOR)
    theirs = signed_in(person=person)
    browser = sending(Role.ADMINISTRATOR)

    browser.send(f"{PEOPLE}{person.id}/khoa")
    assert theirs.get(PEOPLE).status_code == 303
    assert "Tài khoản đã khóa" in browser.get(f"{PEOPLE}{person.id}").text

    browser.send(f"{PEOPLE}{person.id}/mo-khoa")
    assert not fresh(db, person).account.disabled
    assert signed_in(person=person).get(PEOPLE).status_code == 200


def test_a_reset_shows_a_new_password_once(db, staff, sending, signed_in):
    person = staff(Role.INSPECTOR)
    theirs = signed_in(person=person)

    answer = sending(Role.ADMINISTRATOR).send(f"{PEOPLE}{person.id}/mat-khau")

    assert answer.status_code == 200
    assert re.search(r"<code>\d{4}-\d{4}-\d{4}-\d{4}</code>", answer.text)
    assert theirs.get(PEOPLE).status_code == 303


def test_a_lost_phone_is_taken_off(db, staff, sending, signed_in):
    person = staff(Role.LEADER)
    signed_in(person=person)
    browser = sending(Role.ADMINISTRATOR)

    answer = browser.send(f"{PEOPLE}{person.id}/bo-xac-thuc")

    assert answer.status_code == 303
    assert fresh(db, person).account.totp_secret is None
    assert "Chưa bật" in browser.get(f"{PEOPLE}{person.id}").text


def test_the_last_administrator_is_told_why_not(db, staff, sending, add_unit):
    first, second = staff(Role.ADMINISTRATOR), staff(Role.ADMINISTRATOR)
    browser = sending(person=first)
    own = browser.send(f"{PEOPLE}{first.id}/khoa")
    gone = browser.send(f"{PEOPLE}{second.id}/khoa")

    assert own.status_code == 409
    assert "cho chính mình" in own.text
    assert gone.status_code == 303
    assert not fresh(db, first).account.disabled


def test_one_does_not_see_the_buttons_for_oneself(staff, signed_in):
    person = staff(Role.ADMINISTRATOR)
    page = signed_in(person=person).get(f"{PEOPLE}{person.id}").text

    for word in ("Đặt lại mật khẩu", "Khóa tài khoản", "Cấp vai trò", "Thu hồi"):
        assert word not in page


@pytest.mark.parametrize("page", [page for page in CHANGING if page != "{}/sua"])
def test_deeds_of_weight_ask_for_the_password_again(db, staff, signed_in, page):
    person = staff(Role.OFFICER)
    browser = signed_in(Role.ADMINISTRATOR)
    for session in db.scalars(select(SignIn)):
        session.confirmed_at = clock.now() - timedelta(minutes=6)
    db.commit()

    answer = browser.get(PEOPLE + page.format(person.id, person.grants[0].id))

    assert answer.status_code == 303
    assert "xac-nhan" in answer.headers["Location"] or "tiep=" in answer.headers["Location"]


def test_a_page_says_what_a_person_may_do_where_and_why(db, staff, add_unit, signed_in):
    unit = add_unit("Phòng A")
    person = staff(Role.OFFICER, unit=unit, name="Người Nhận")
    giver = staff(Role.DIVISION_HEAD, unit=unit, name="Người Giao")
    today = clock.today()
    db.add(
        Delegation(
            from_id=giver.id, to_id=person.id, first_day=today, last_day=today, reason="đi họp"
        )
    )
    db.commit()

    page = signed_in(Role.ADMINISTRATOR).get(f"{PEOPLE}{person.id}").text

    assert "Vai trò của mình: Chuyên viên" in page
    assert f"Nhận ủy quyền của Người Giao đến hết {today:%d/%m/%Y}: Trưởng phòng" in page
    assert "Duyệt trả lời" in page
    assert "Ở Phòng A và các đơn vị trực thuộc:" in page
