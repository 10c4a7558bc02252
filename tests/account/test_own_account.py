"""One's own account: password, sessions, and proving it again."""

import html
import re

import pytest
from flask import Blueprint, request
from sqlalchemy import select

from sipas import clock
from sipas.door.actions import end_sessions
from sipas.ledger.models import Event
from sipas.ledger.rules import COMMAND
from sipas.mailroom.models import Notice
from sipas.staff.guard import needs, needs_recent_proof
from sipas.staff.rules import Permission, Role
from tests.account.conftest import PASSWORD, code_of
from tests.conftest import token_of

OWN = "/noi-bo/tai-khoan"
CHANGE = "/noi-bo/tai-khoan/mat-khau"
NEW = "tám quả cam vàng ươm"


@pytest.fixture
def inside(person, visit):
    """A browser with somebody signed in: inside(somebody)."""

    def make(somebody=None, address="10.0.0.1"):
        here = visit(address)
        here.enter(somebody or person())
        return here

    return make


def is_in(visit):
    return visit.get("/noi-bo/").status_code == 200


def change(here, old=PASSWORD):
    return here.post(CHANGE, old_password=old, new_password=NEW, new_password_again=NEW)


def test_a_new_password_opens_and_the_old_one_no_longer(person, visit, inside):
    somebody = person()
    here, elsewhere = inside(somebody), inside(somebody, "10.0.0.2")

    answer = change(here)

    assert (answer.status_code, answer.headers["Location"]) == (303, "/noi-bo/")
    assert "Đã đổi mật khẩu." in here.get("/noi-bo/").text
    assert not is_in(elsewhere)
    assert visit("10.0.0.3").enter(somebody).status_code == 422
    assert visit("10.0.0.3").enter(somebody, NEW).status_code == 303


def test_the_owner_gets_a_letter_and_the_ledger_an_entry(look, person, inside):
    somebody = person()

    change(inside(somebody))

    (letter,) = look(select(Notice))
    assert (letter.to, letter.subject) == (somebody.email, "Đã đổi mật khẩu")
    assert NEW not in letter.body
    assert look(select(Event.what).order_by(Event.seq))[-1] == "password.changed"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"old_password": "không phải mật khẩu"}, "Mật khẩu không đúng."),
        ({"old_password": ""}, "Điền mật khẩu đang dùng."),
        ({"new_password": "ngắn quá"}, "Mật khẩu quá ngắn. Đặt ít nhất 12 ký tự"),
        ({"new_password": "Matkhau@2026"}, "chỉ gồm từ thông dụng"),
        ({"new_password": "Nguyễn Văn Tèo 99"}, "chỉ gồm tên của Ông/Bà"),
        ({"new_password": "SoTuPhapAnBinh"}, "chỉ gồm"),
        ({"new_password": "aaaaaaaaaaaaaaa"}, "lặp đi lặp lại"),
        ({"new_password": PASSWORD}, "phải khác mật khẩu đang dùng"),
        ({"new_password_again": "tám quả cam vàng"}, "chưa giống nhau"),
    ],
)
def test_a_password_that_cannot_be_taken_is_explained(person, inside, typed, sentence):
    here = inside(person(name="Nguyễn Văn Tèo"))
    new = typed.get("new_password", NEW)

    answer = here.post(
        CHANGE,
        **{"old_password": PASSWORD, "new_password": new, "new_password_again": new, **typed},
    )

    assert answer.status_code == 422
    assert sentence in html.unescape(answer.text)
    assert new not in answer.text


def test_guessing_at_the_old_password_is_held_like_signing_in(person, inside):
    here = inside()

    answers = [change(here, old="sai hết cả rồi").status_code for _time in range(11)]

    assert answers == [422] * 10 + [429]


def test_my_sessions_are_listed_and_another_one_can_be_ended(person, inside):
    somebody = person()
    here, elsewhere = inside(somebody), inside(somebody, "10.0.0.2")
    inside()

    page = here.get(OWN).text
    number = re.search(r"/phien/(\d+)/ket-thuc", page)[1]
    answer = here.press(f"{OWN}/phien/{number}/ket-thuc")

    assert page.count("Firefox · Windows") == 2
    assert page.count("Phiên này") == 1
    assert answer.status_code == 303
    assert not is_in(elsewhere)
    assert is_in(here)


def test_a_colleagues_session_is_not_found(db, person, inside):
    here, theirs = inside(), inside()
    inside_theirs = theirs.get(OWN)
    assert inside_theirs.status_code == 200

    answers = {here.press(f"{OWN}/phien/{n}/ket-thuc").status_code for n in (2, 99)}

    assert answers == {404}
    assert is_in(theirs)


def test_all_other_sessions_end_at_once(person, inside):
    somebody = person()
    here = inside(somebody)
    others = [inside(somebody, f"10.0.0.{n}") for n in (2, 3)]

    here.press(f"{OWN}/phien/ket-thuc-khac")

    assert "Đã đăng xuất 2 phiên khác." in here.get(OWN).text
    assert [is_in(other) for other in others] == [False, False]


def test_a_change_of_role_ends_sessions(db, person, inside):
    somebody = person()
    here = inside(somebody)

    end_sessions(db, somebody.account_id, by=COMMAND, now=clock.now())
    db.commit()

    assert not is_in(here)


@pytest.mark.parametrize(
    "address",
    [f"{OWN}/phien/1/ket-thuc", f"{OWN}/phien/ket-thuc-khac", f"{OWN}/ma-du-phong"],
)
@pytest.mark.parametrize("token", [None, "", "wrong", "IjEi.aaaa.bbbb"])
def test_a_button_without_the_pages_token_does_nothing(inside, address, token):
    here = inside()

    fields = {} if token is None else {"csrf_token": token}

    assert here.client.post(address, data=fields).status_code == 409
    assert is_in(here)


@pytest.fixture
def sensitive(app):
    """A page with a form and a deed that asks for a recent proof."""
    bp = Blueprint("sensitive_staff", __name__, url_prefix="/noi-bo/thu")
    done = []

    @bp.route("/", methods=["GET", "POST"])
    @needs(Permission.HOME)
    @needs_recent_proof
    def deed():
        if request.method == "POST":
            done.append(request.form.to_dict(flat=False))
        return "done", 200, {"Content-Type": "text/plain"}

    app.register_blueprint(bp)
    return done


def test_a_fresh_session_is_proof_enough(inside, sensitive):
    here = inside()

    answer = here.client.post("/noi-bo/thu/", data={"a": "1"})

    assert answer.status_code == 200
    assert sensitive == [{"a": ["1"]}]


def test_after_five_minutes_a_page_asks_for_the_password_and_leads_back(inside, sensitive, at):
    at("2026-05-04 09:00")
    here = inside()
    at("2026-05-04 09:06")

    asked = here.get("/noi-bo/thu/?a=1")
    answer = here.post(asked.headers["Location"], proof_password=PASSWORD)

    assert asked.headers["Location"] == "/noi-bo/xac-nhan?tiep=/noi-bo/thu/?a%3D1"
    assert answer.headers["Location"] == "/noi-bo/thu/?a=1"
    assert here.get("/noi-bo/thu/").status_code == 200


def post_as_browsers_do(here, path, **fields):
    """Send a form, and once more where a 307 says: the test client would lose its content."""
    answer = here.client.post(path, data=fields)
    assert answer.status_code == 307
    return here.client.post(answer.headers["Location"], data=fields)


def resend(here, page):
    """Press the button of the page that offers the fields again."""
    way = html.unescape(re.search(r'<form method="post" action="([^"]+)"', page.text)[1])
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text)
    return here.client.post(way, data={html.unescape(a): html.unescape(b) for a, b in fields})


def kept_in(page):
    return html.unescape(re.search(r'name="kept"[^>]*value="([^"]*)"', page.text)[1])


def test_what_a_form_carried_goes_through_the_question_and_is_sent_on(inside, sensitive, at):
    at("2026-05-04 09:00")
    here = inside()
    token = token_of(here.get(OWN))
    at("2026-05-04 09:06")
    typed = {"csrf_token": token, "name": 'Ý kiến "dài"\nhai dòng', "password": "bí mật riêng"}

    asked = post_as_browsers_do(here, "/noi-bo/thu/", **typed)
    wrong = here.client.post(
        "/noi-bo/xac-nhan?tiep=/noi-bo/thu/",
        data={"csrf_token": token, "kept": kept_in(asked), "proof_password": "sai hết cả rồi"},
    )
    right = here.client.post(
        "/noi-bo/xac-nhan?tiep=/noi-bo/thu/",
        data={"csrf_token": token, "kept": kept_in(wrong), "proof_password": PASSWORD},
    )
    answer = resend(here, right)

    assert (asked.status_code, wrong.status_code, right.status_code) == (200, 422, 200)
    assert answer.status_code == 200
    assert sensitive[0]["name"] == ['Ý kiến "dài"\nhai dòng']
    assert "password" not in sensitive[0]
    assert "bí mật riêng" not in asked.text


def test_a_form_sent_after_the_session_ended_survives_signing_in(person, inside, sensitive, at):
    at("2026-05-04 09:00")
    somebody = person()
    here = inside(somebody)
    token = token_of(here.get(OWN))
    at("2026-05-04 09:20")

    asked = post_as_browsers_do(here, "/noi-bo/thu/", csrf_token=token, name="dài")
    right = here.client.post(
        "/noi-bo/dang-nhap?tiep=/noi-bo/thu/",
        data={
            "csrf_token": token_of(asked),
            "kept": kept_in(asked),
            "name": somebody.account.name,
            "password": PASSWORD,
        },
    )

    assert "Những gì vừa gửi vẫn còn" in asked.text
    assert resend(here, right).status_code == 200
    assert sensitive[0]["name"] == ["dài"]


def test_it_survives_the_second_step_too(person, inside, sensitive, at):
    at("2026-05-04 09:00")
    somebody = person(factor=True)
    here = inside(somebody)
    here.step(code_of(somebody))
    token = token_of(here.get(OWN))
    at("2026-05-04 09:20")
    asked = post_as_browsers_do(here, "/noi-bo/thu/", csrf_token=token, name="dài")

    second = here.client.post(
        "/noi-bo/dang-nhap?tiep=/noi-bo/thu/",
        data={
            "csrf_token": token_of(asked),
            "kept": kept_in(asked),
            "name": somebody.account.name,
            "password": PASSWORD,
        },
    )
    right = here.client.post(
        "/noi-bo/dang-nhap/buoc-hai?tiep=/noi-bo/thu/",
        data={
            "csrf_token": token_of(second),
            "kept": kept_in(second),
            "code": code_of(somebody),
        },
    )

    assert second.status_code == 200
    assert resend(here, right).status_code == 200
    assert sensitive[0]["name"] == ["dài"]


def test_nothing_of_what_another_site_sends_is_carried_along(inside, sensitive, visit):
    stranger = visit()

    asked = post_as_browsers_do(stranger, "/noi-bo/thu/", name="giả")

    assert kept_in(asked) == ""
    assert "giả" not in asked.text
    assert 'action="/noi-bo/dang-nhap"' in asked.text


def test_the_proof_of_somebody_with_a_second_factor_takes_both(person, inside, sensitive, at):
    at("2026-05-04 09:00")
    somebody = person(factor=True)
    here = inside(somebody)
    here.step(code_of(somebody))
    at("2026-05-04 09:06")
    page = "/noi-bo/xac-nhan?tiep=/noi-bo/thu/"

    answers = [
        here.post(page, proof_password=PASSWORD).status_code,
        here.post(page, proof_password=PASSWORD, proof_code="000000").status_code,
        here.post(page, proof_password="sai hết cả rồi", proof_code=code_of(somebody)).status_code,
        here.post(page, proof_password=PASSWORD, proof_code=code_of(somebody)).status_code,
    ]

    assert answers == [422, 422, 422, 303]


def test_the_session_goes_on_under_a_new_token_after_a_proof(inside, visit, at):
    at("2026-05-04 09:00")
    here, thief = inside(), visit()
    with here.client.session_transaction() as cookie:
        stolen = cookie["token"]

    here.post("/noi-bo/xac-nhan", proof_password=PASSWORD)

    with thief.client.session_transaction() as cookie:
        cookie["token"] = stolen
    assert not is_in(thief)
    assert is_in(here)


@pytest.mark.parametrize("role", list(Role))
def test_everybody_reaches_their_own_account(signed_in, role):
    assert signed_in(role).get(OWN).status_code == 200


def test_a_button_pressed_too_late_is_offered_again_after_the_proof(person, inside, at):
    at("2026-05-04 09:00")
    somebody = person(factor=True)
    here = inside(somebody)
    here.step(code_of(somebody))
    token = token_of(here.get(OWN))
    at("2026-05-04 09:06")

    asked = post_as_browsers_do(here, f"{OWN}/xac-thuc/tat", csrf_token=token)
    right = here.client.post(
        f"/noi-bo/xac-nhan?tiep={OWN}/xac-thuc/tat",
        data={
            "csrf_token": token_of(asked),
            "kept": kept_in(asked),
            "proof_password": PASSWORD,
            "proof_code": code_of(somebody),
        },
    )
    answer = resend(here, right)

    assert answer.headers["Location"] == OWN
    assert "Đã tắt xác thực hai lớp." in here.get(OWN).text
