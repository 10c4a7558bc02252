"""The back office's first page, and the outbox."""

from sqlalchemy import event, select

from sipas.app import create_app
from sipas.mailroom.actions import post
from sipas.mailroom.jobs import drain_outbox
from sipas.mailroom.models import Notice
from sipas.mailroom.rules import Letter, NoticeState
from sipas.staff.rules import Role
from tests.conftest import NOW


def test_who_is_not_signed_in_is_led_to_the_door_and_back(office, browser):
    answer = browser.get("/noi-bo/")

    assert answer.status_code == 303
    assert answer.headers["Location"] == "/noi-bo/dang-nhap?tiep=/noi-bo/"


def test_the_first_page_greets_the_person_by_name(signed_in):
    answer = signed_in(Role.OFFICER).get("/noi-bo/")

    assert answer.status_code == 200
    assert "Người officer" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def mailbox(db, count=1, **changes):
    letters = [
        post(db, Letter(f"nguoi{number}@gmail.com", f"Thư {number}", "Kính gửi"), now=NOW)
        for number in range(count)
    ]
    for letter in letters:
        for name, value in changes.items():
            setattr(letter, name, value)
    db.commit()
    return letters


def test_the_outbox_shows_what_became_of_each_letter_and_hides_private_names(db, signed_in):
    mailbox(db, due_at=None, last_error="refused 550", tries=1)
    mailbox(db, due_at=None, sent_at=NOW, tries=1)
    mailbox(db)

    page = signed_in(Role.HEAD_OFFICE).get("/noi-bo/thu-gui").text

    assert "n•••@gmail.com" in page
    assert "nguoi0" not in page
    for words in ("Không gửi được", "Máy chủ thư từ chối thư này.", "Đã gửi", "Đang chờ gửi"):
        assert words in page


def test_an_empty_outbox_says_what_will_stand_there(signed_in):
    assert "Chưa có thư nào" in signed_in(Role.HEAD_OFFICE).get("/noi-bo/thu-gui").text


def test_the_outbox_takes_as_many_queries_for_three_as_for_one(db, database, signed_in):
    browser = signed_in(Role.HEAD_OFFICE)
    asked = []
    event.listen(database.engine, "before_cursor_execute", lambda *said: asked.append(said[2]))

    mailbox(db)
    asked.clear()
    browser.get("/noi-bo/thu-gui")
    for_one = len(asked)
    mailbox(db, 2)
    asked.clear()
    browser.get("/noi-bo/thu-gui")

    assert len(asked) == for_one


def test_who_may_not_see_the_outbox_does_not(signed_in):
    assert signed_in(Role.OFFICER).get("/noi-bo/thu-gui").status_code == 403


def test_a_letter_that_was_given_up_is_sent_again(db, signed_in, token_in):
    [letter] = mailbox(db, due_at=None, last_error="unreachable timeout", tries=9)
    browser = signed_in(Role.HEAD_OFFICE)
    token = token_in(browser.get("/noi-bo/thu-gui"))

    answer = browser.post(f"/noi-bo/thu-gui/{letter.id}/gui-lai", data={"csrf_token": token})

    assert answer.headers["Location"] == "/noi-bo/thu-gui"
    db.expire_all()
    assert db.get_one(Notice, letter.id).state is NoticeState.WAITING


def test_a_letter_that_was_sent_is_not_sent_again(db, signed_in, token_in):
    [letter] = mailbox(db, due_at=None, sent_at=NOW)
    browser = signed_in(Role.HEAD_OFFICE)
    token = token_in(browser.get("/noi-bo/thu-gui"))

    answer = browser.post(f"/noi-bo/thu-gui/{letter.id}/gui-lai", data={"csrf_token": token})

    assert answer.status_code == 409


def test_a_test_letter_goes_to_oneself_and_can_be_read_in_the_demonstration(
    database, settings, signed_in, token_in
):
    browser = signed_in(Role.HEAD_OFFICE)
    token = token_in(browser.get("/noi-bo/thu-gui"))

    browser.post("/noi-bo/thu-gui/thu-thu", data={"csrf_token": token})
    drain_outbox(database, settings)
    page = browser.get("/noi-bo/thu-gui/1")

    assert page.status_code == 200
    assert "Thư này cho biết hệ thống gửi được thư tới Người head_office." in page.text


def test_where_a_mail_server_sends_no_letter_can_be_read(db, database, settings, signed_in):
    mailbox(db)
    drain_outbox(database, settings)
    browser = signed_in(Role.HEAD_OFFICE)
    assert browser.get("/noi-bo/thu-gui/1").status_code == 200

    served = create_app(settings.model_copy(update={"mail_host": "thu.anbinh.gov.vn"}), database)
    other = served.test_client()
    other._cookies = browser._cookies

    assert other.get("/noi-bo/thu-gui/1").status_code == 404


def test_a_button_without_its_token_sends_nothing(db, signed_in):
    browser = signed_in(Role.HEAD_OFFICE)

    assert browser.post("/noi-bo/thu-gui/thu-thu").status_code == 409
    assert db.scalars(select(Notice)).all() == []
