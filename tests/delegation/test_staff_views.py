"""One's own delegations, through the front door."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from sipas import clock
from sipas.staff.models import Delegation
from sipas.staff.rules import Role

PAGE = "/noi-bo/uy-quyen/"


def handing(taker, **changed):
    today = clock.today()
    return {"to_id": taker.id, "first_day": today.isoformat(),
            "last_day": (today + timedelta(days=6)).isoformat(),
            "reason": "Đi công tác tại Hà Nội", **changed}  # fmt: skip


def how_many(db):
    db.rollback()
    return db.scalar(select(func.count()).select_from(Delegation))


def only_one(db):
    number = db.scalars(select(Delegation.id)).one()
    db.rollback()
    return number


@pytest.mark.parametrize("role", Role)
def test_everybody_who_works_here_may_hand_over(signed_in, role):
    browser = signed_in(role)

    assert browser.get(PAGE).status_code == 200
    assert browser.get(f"{PAGE}them").status_code == 200


@pytest.mark.parametrize("page", ["", "them"])
def test_who_is_not_signed_in_is_led_to_the_door(office, browser, page):
    assert browser.get(PAGE + page).status_code == 303


def test_a_deputy_acts_from_that_moment_and_both_see_it(db, staff, sending, signed_in):
    head, clerk = staff(Role.DIVISION_HEAD, name="Người Giao"), staff(Role.DESK_CLERK)
    deputy = signed_in(person=clerk)
    assert deputy.get("/noi-bo/can-bo/").status_code == 403
    browser = sending(person=head)

    answer = browser.send(f"{PAGE}them", **handing(clerk))

    assert answer.status_code == 303
    assert deputy.get("/noi-bo/can-bo/").status_code == 200
    assert "Người Giao" in deputy.get(PAGE).text
    page = browser.get(PAGE).text
    assert "Đi công tác tại Hà Nội" in page
    assert "Đang có hiệu lực" in page


def test_what_is_taken_back_ends_at_once(db, staff, sending, signed_in, token_in):
    head, clerk = staff(Role.DIVISION_HEAD), staff(Role.DESK_CLERK)
    browser = sending(person=head)
    browser.send(f"{PAGE}them", **handing(clerk))
    path = f"{PAGE}{only_one(db)}/rut"

    answer = browser.post(path, data={"csrf_token": token_in(browser.get(PAGE))})
    again = browser.post(path, data={"csrf_token": token_in(browser.get(f"{PAGE}them"))})

    assert (answer.status_code, again.status_code) == (303, 303)
    assert signed_in(person=clerk).get("/noi-bo/can-bo/").status_code == 403
    assert "Đã rút" in browser.get(PAGE).text


def test_what_others_handed_over_is_not_found(db, staff, sending, token_in):
    head, clerk = staff(Role.DIVISION_HEAD), staff(Role.DESK_CLERK)
    sending(person=head).send(f"{PAGE}them", **handing(clerk))
    number = only_one(db)

    for person in (clerk, staff(Role.ADMINISTRATOR)):
        browser = sending(person=person)
        token = token_in(browser.get(f"{PAGE}them"))
        for one in (number, 99999, "99999999999999999999"):
            answer = browser.post(f"{PAGE}{one}/rut", data={"csrf_token": token})
            assert answer.status_code == 404
    db.expire_all()
    assert db.scalars(select(Delegation.revoked_at)).one() is None


def test_a_double_click_hands_over_once(db, staff, sending):
    clerk = staff(Role.DESK_CLERK)
    browser = sending(Role.DIVISION_HEAD)
    browser.send(f"{PAGE}them", **handing(clerk))

    again = browser.send(f"{PAGE}them", **handing(clerk))

    assert again.status_code == 422
    assert "đã ủy quyền cho người này" in again.text
    assert how_many(db) == 1


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"to_id": "0"}, "Chọn người nhận ủy quyền."),
        ({"to_id": "99999"}, "Chọn một mục trong danh sách."),
        ({"first_day": ""}, "Viết ngày đầu."),
        ({"first_day": "2020-01-01"}, "sớm nhất là hôm nay"),
        ({"last_day": "2020-01-01"}, "Ngày cuối không được trước"),
        ({"last_day": "2199-01-01"}, "nhiều nhất 90 ngày"),
        ({"last_day": "mai"}, "Viết ngày, ví dụ 20/11/2026."),
        ({"reason": " \n "}, "Viết lý do"),
        ({"reason": "x" * 501}, "Rút ngắn 1 ký tự."),
    ],
)
def test_bad_input_comes_back_with_what_was_typed(db, staff, sending, changed, message):
    sent = handing(staff(Role.DESK_CLERK), **{"reason": "Nghỉ phép <b>", **changed})
    answer = sending(Role.DIVISION_HEAD).send(f"{PAGE}them", **sent)

    assert answer.status_code == 422
    assert message in answer.text
    assert sent["reason"].strip().replace("<", "&lt;").replace(">", "&gt;") in answer.text
    assert how_many(db) == 0


def test_oneself_and_closed_accounts_are_not_offered(db, staff, sending):
    head, gone = staff(Role.DIVISION_HEAD, name="Chính Mình"), staff(Role.OFFICER, name="Đã Nghỉ")
    gone.account.disabled = True
    db.commit()
    browser = sending(person=head)

    offered = browser.get(f"{PAGE}them").text.split('id="to_id"')[1].split("</select>")[0]
    assert "Chính Mình" not in offered
    assert "Đã Nghỉ" not in offered
    assert browser.send(f"{PAGE}them", **handing(head)).status_code == 422
    assert browser.send(f"{PAGE}them", **handing(gone)).status_code == 422


def test_the_page_takes_the_same_number_of_queries_for_one_and_for_three(
    staff, sending, queries_of
):
    browser = sending(Role.DIVISION_HEAD)
    browser.send(f"{PAGE}them", **handing(staff(Role.OFFICER)))
    browser.get(PAGE)
    one = queries_of(lambda: browser.get(PAGE))
    for _person in range(2):
        browser.send(f"{PAGE}them", **handing(staff(Role.OFFICER)))
    browser.get(PAGE)

    assert queries_of(lambda: browser.get(PAGE)) == one
