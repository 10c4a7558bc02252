"""Setting up desks through the front door."""

import pytest
from sqlalchemy import event, select

from sipas import clock
from sipas.desk import actions, poster, qr
from sipas.desk.models import Desk
from sipas.settings import Settings
from sipas.staff.rules import Role
from tests.conftest import token_of

DESKS = "/noi-bo/quay/"


@pytest.fixture
def head_office(signed_in):
    return signed_in(Role.HEAD_OFFICE)


@pytest.fixture
def send(token_in):
    """Posts the form of a page: send(browser, address, name="Quầy 3")."""

    def post(browser, address, *, form=None, **values):
        token = token_in(browser.get(form or address))
        return browser.post(address, data={"csrf_token": token, **values})

    return post


def the_desk(db):
    db.expire_all()
    return db.scalars(select(Desk)).one()


def test_an_office_without_desks_is_shown_the_way_to_the_first(head_office):
    page = head_office.get(DESKS)

    assert "Chưa có quầy nào" in page.text
    assert 'href="/noi-bo/quay/moi"' in page.text


def test_a_desk_is_set_up_with_one_form_and_can_be_printed_at_once(db, office, head_office, send):
    answer = send(
        head_office, DESKS + "moi", name="Quầy 3", unit_id=office.id, place="Bộ phận Một cửa"
    )

    desk = the_desk(db)
    page = head_office.get(answer.headers["Location"])
    assert answer.status_code == 303
    assert "Đã lập quầy." in page.text
    assert f"localhost/{desk.live_code.code}" in page.text
    assert head_office.get(f"{DESKS}{desk.id}/to-qr-a5.pdf").data.startswith(b"%PDF")


def test_the_form_knows_where_citizens_usually_come(head_office):
    assert 'value="Bộ phận Một cửa"' in head_office.get(DESKS + "moi").text


def test_pressing_twice_makes_one_desk_and_says_so(db, office, head_office, send):
    values = {"name": "Quầy 3", "unit_id": office.id, "place": "Tầng 1"}
    send(head_office, DESKS + "moi", **values)

    again = send(head_office, DESKS + "moi", **values)

    assert again.status_code == 422
    assert "đã có quầy mang tên đó" in again.text
    assert the_desk(db).name == "Quầy 3"


def test_a_name_in_decomposed_letters_is_the_same_name(db, office, head_office, send):
    decomposed = "Qua\u0302\u0300y 3"
    send(head_office, DESKS + "moi", name=decomposed, unit_id=office.id, place="Tầng 1")

    assert the_desk(db).name == "Quầy 3"


@pytest.mark.parametrize(
    "wrong",
    [
        ({"name": "", "place": "Tầng 1"}, "Ghi tên quầy, ví dụ Quầy 3."),
        ({"name": "Quầy 3", "place": " "}, "Ghi nơi đặt quầy"),
        ({"name": "x" * 61, "place": "Tầng 1"}, "Dài quá 60 ký tự. Rút ngắn 1 ký tự."),
        ({"name": "Quầy 3", "place": "Tầng 1", "unit_id": "999"}, "Chọn một mục trong danh sách."),
        ({"name": "Quầy 3", "place": "Tầng 1", "unit_id": "x"}, "Chọn một mục trong danh sách."),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_nothing_is_lost(
    db, office, head_office, send, wrong
):
    values, message = wrong
    answer = send(head_office, DESKS + "moi", **{"unit_id": office.id, **values})

    assert answer.status_code == 422
    assert message in answer.text
    assert f'value="{values["name"]}"' in answer.text
    assert db.scalars(select(Desk)).all() == []


def test_the_picture_is_read_back_as_the_short_address(head_office, desk):
    counter = desk()

    answer = head_office.get(f"{DESKS}{counter.id}/qr.svg")

    assert answer.mimetype == "image/svg+xml"
    assert answer.data.startswith(b"<svg")


def test_the_sheet_names_office_and_desk_and_carries_the_code_of_the_desk(head_office, desk, at):
    at("2026-11-20 09:00")
    counter = desk()
    code = counter.live_code.code
    expected = poster.Sheet(
        office="Sở Tư pháp tỉnh An Bình",
        place="Bộ phận Một cửa",
        desk="Quầy 1",
        qr=qr.svg(f"HTTP://LOCALHOST/{code}").decode(),
        typed=f"localhost/{code}",
        domain="anbinh.gov.vn",
        small_print=f"Tờ {code} · in 20/11/2026 · Nếu tờ này bị rách hoặc bị dán đè, "
        "xin báo 0200 123 4567",
    )

    answer = head_office.get(f"{DESKS}{counter.id}/to-qr-a5.pdf")

    assert answer.data == poster.pdf_a5(expected)
    assert answer.headers["Content-Disposition"] == f'attachment; filename="to-qr-{code}.pdf"'


def test_a_page_shows_the_code_the_sheet_and_the_ways_on(head_office, desk):
    counter = desk()

    page = head_office.get(f"{DESKS}{counter.id}")

    assert f'src="/noi-bo/quay/{counter.id}/qr.svg"' in page.text
    assert f'href="/noi-bo/quay/{counter.id}/to-qr-a5.pdf"' in page.text
    assert f"HTTP://LOCALHOST/{counter.live_code.code}" in page.text


def test_a_clerk_prints_but_does_not_change(signed_in, desk):
    counter = desk()
    clerk = signed_in(Role.DESK_CLERK)

    page = clerk.get(f"{DESKS}{counter.id}")

    assert "In tờ QR" in page.text
    assert "Đổi hoặc ngừng mã" not in page.text
    assert clerk.get(f"{DESKS}{counter.id}/to-qr-a5.pdf").status_code == 200
    assert clerk.get(f"{DESKS}{counter.id}/sua").status_code == 403
    assert clerk.get(DESKS + "moi").status_code == 403


def test_an_officer_has_no_business_with_desks(signed_in):
    assert signed_in(Role.OFFICER).get(DESKS).status_code == 403


@pytest.mark.parametrize("page", ["", "/qr.svg", "/to-qr-a5.pdf", "/sua", "/ma", "/dong"])
def test_a_desk_of_another_unit_is_not_found(signed_in, staff, divisions, desk, page):
    other = desk(unit=divisions[1])
    person = staff(Role.ADMINISTRATOR, unit=divisions[0])

    assert signed_in(person=person).get(f"{DESKS}{other.id}{page}").status_code == 404


def test_a_new_code_stands_on_the_page_and_the_old_one_points_to_it(db, head_office, desk, send):
    counter = desk()
    old = counter.live_code.code

    answer = send(head_office, f"{DESKS}{counter.id}/ma", instead_of=old)

    page = head_office.get(answer.headers["Location"])
    new = the_desk(db).live_code.code
    assert new != old
    assert "Đã cấp mã mới." in page.text
    assert f"localhost/{new}" in page.text


def test_a_second_press_for_a_new_code_changes_nothing_and_says_so(db, head_office, desk, send):
    counter = desk()
    old = counter.live_code.code
    send(head_office, f"{DESKS}{counter.id}/ma", instead_of=old)
    new = the_desk(db).live_code.code
    db.commit()

    answer = send(head_office, f"{DESKS}{counter.id}/ma", instead_of=old)

    assert "vừa được thay" in head_office.get(answer.headers["Location"]).text
    assert the_desk(db).live_code.code == new


def test_a_revoked_code_takes_picture_and_sheet_with_it(db, head_office, desk, send):
    counter = desk()
    form = f"{DESKS}{counter.id}/ma"

    send(head_office, f"{DESKS}{counter.id}/ngung-ma", form=form)

    assert "Quầy chưa có mã đang dùng" in head_office.get(f"{DESKS}{counter.id}").text
    assert head_office.get(f"{DESKS}{counter.id}/qr.svg").status_code == 404
    assert head_office.get(f"{DESKS}{counter.id}/to-qr-a5.pdf").status_code == 404
    assert "Cấp mã mới" in head_office.get(form).text


def test_a_desk_closes_onto_another(db, head_office, desk, send):
    counter, other = desk("Quầy 1"), desk("Quầy 2")

    answer = send(head_office, f"{DESKS}{counter.id}/dong", onward_id=other.id)

    page = head_office.get(answer.headers["Location"])
    db.expire_all()
    assert "Quầy đã đóng ngày" in page.text
    assert counter.codes[0].successor == other.live_code


def test_a_desk_cannot_close_onto_itself_or_a_desk_of_another_unit(
    signed_in, staff, divisions, desk, send
):
    counter, foreign = desk(unit=divisions[0]), desk(unit=divisions[1])
    own = signed_in(person=staff(Role.ADMINISTRATOR, unit=divisions[0]))

    for onward in (counter.id, foreign.id):
        answer = send(own, f"{DESKS}{counter.id}/dong", onward_id=onward)
        assert answer.status_code == 422
        assert "Chọn một mục trong danh sách." in answer.text


@pytest.mark.parametrize("page", ["moi", "{}/sua"])
def test_staff_may_not_put_a_desk_into_another_unit(enter, staff, divisions, desk, page):
    counter = desk(unit=divisions[0])
    browser = enter(staff(Role.ADMINISTRATOR, unit=divisions[0]))
    address = DESKS + page.format(counter.id)
    values = {"name": "Quầy 9", "place": "Tầng 1", "unit_id": divisions[1].id}

    answer = browser.post(address, data={"csrf_token": token_of(browser.get(address)), **values})

    assert answer.status_code == 422
    assert "Chọn một mục trong danh sách." in answer.text


def test_a_changed_name_and_sectors_are_shown(db, head_office, desk, send, office):
    counter = desk()
    answer = send(
        head_office, f"{DESKS}{counter.id}/sua",
        name="Quầy Hộ tịch", unit_id=office.id, place="Tầng 2",
    )  # fmt: skip

    page = head_office.get(answer.headers["Location"])
    assert "<h1>Quầy Hộ tịch</h1>" in page.text
    assert "Mọi lĩnh vực." in page.text


def test_a_name_that_another_desk_has_is_refused_at_its_field(head_office, desk, send, office):
    desk("Quầy 1")
    second = desk("Quầy 2")

    answer = send(
        head_office, f"{DESKS}{second.id}/sua", name="Quầy 1", unit_id=office.id, place="Tầng 2"
    )

    assert answer.status_code == 422
    assert "đã có quầy mang tên đó" in answer.text


def test_a_name_that_cannot_be_printed_is_told_when_the_sheet_is_asked_for(head_office, desk):
    counter = desk("Quầy \N{GRINNING FACE}")

    answer = head_office.get(f"{DESKS}{counter.id}/to-qr-a5.pdf")

    assert answer.status_code == 409
    assert "ký tự không in được" in answer.text


def test_a_long_address_is_warned_about(settings, desk, signed_in):
    counter = desk()
    head_office = signed_in(Role.HEAD_OFFICE)
    head_office.application.extensions["sipas.settings"] = Settings(
        env="test", database=settings.database, secret=settings.secret,
        address="http://danhgiahailong.sotuphap.anbinh.gov.vn",
    )  # fmt: skip

    page = head_office.get(f"{DESKS}{counter.id}")

    assert "Địa chỉ dài hơn 35 ký tự" in page.text


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_takes_the_same_number_of_queries_for_1_and_3(number, database, desk, head_office):
    for place in range(number):
        desk(f"Quầy {place}")
    seen = []
    event.listen(database.engine, "before_cursor_execute", lambda *call: seen.append(call[2]))

    head_office.get(DESKS)

    assert sum("FROM desk" in statement for statement in seen) == 3


def test_a_form_without_its_token_does_nothing(db, head_office, office):
    answer = head_office.post(
        DESKS + "moi", data={"name": "Quầy 3", "unit_id": office.id, "place": "Tầng 1"}
    )

    assert answer.status_code == 422
    assert db.scalars(select(Desk)).all() == []


def test_a_closed_desk_is_listed_as_closed(db, head_office, desk, deed):
    actions.close_desk(db, desk(), None, deed())
    db.commit()

    assert "Đã đóng" in head_office.get(DESKS).text


def test_a_desk_whose_unit_has_ended_asks_for_a_new_one(db, desk, divisions, signed_in):
    ended, living = divisions
    desk("Quầy 1", unit=ended)
    desk("Quầy 2", unit=living)
    ended.ends = clock.today()
    db.commit()

    page = signed_in(Role.HEAD_OFFICE).get("/noi-bo/quay/")

    assert page.text.count("Cần đơn vị mới") == 1
