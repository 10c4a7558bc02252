"""Signing in and out, through the front door."""

import re
import unicodedata

import argon2
import pytest
from sqlalchemy import event, func, select

from sipas import clock
from sipas.app import create_app
from sipas.door import queries
from sipas.door.models import Account, FailedTry, SignIn
from sipas.ledger.models import Event
from sipas.mailroom.models import Notice
from sipas.staff.rules import Role
from tests.account.conftest import PASSWORD, code_of
from tests.conftest import token_of

DOOR = "/noi-bo/dang-nhap"
WRONG = "Tên đăng nhập hoặc mật khẩu không đúng."


def without_what_changes(answer):
    """The page without its token and without what was typed."""
    text = re.sub(r'name="csrf_token"[^>]*', "", answer.text)
    return re.sub(r'value="[^"]*"', "", text)


def is_in(visit):
    return visit.get("/noi-bo/").status_code == 200


def test_name_and_password_open_the_page_that_was_asked_for(person, visit):
    here = visit()

    answer = here.enter(person(), tiep="/noi-bo/tai-khoan")

    assert (answer.status_code, answer.headers["Location"]) == (303, "/noi-bo/tai-khoan")
    assert is_in(here)


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://example.com/",
        "//example.com/noi-bo/",
        "/noi-bo/..//example.com",
        "/\\example.com",
        "/noi-bo/\\example.com",
        "/",
        "/gui-y-kien",
        "javascript:alert(1)",
        "/noi-bo/%0d%0aSet-Cookie:a=b",
    ],
)
def test_nobody_is_led_out_of_the_back_office(person, visit, elsewhere):
    answer = visit().enter(person(), tiep=elsewhere)

    assert answer.status_code == 303
    assert "example.com" not in answer.headers["Location"]
    assert answer.headers["Location"].startswith("/noi-bo/")


def test_who_is_in_already_is_led_on(person, visit):
    here = visit()
    here.enter(person())

    answer = here.get(f"{DOOR}?tiep=/noi-bo/tai-khoan")

    assert answer.headers["Location"] == "/noi-bo/tai-khoan"


def test_a_name_may_be_typed_with_capitals_and_accents(db, person, visit):
    somebody = person()
    somebody.account.name = "an.nguyen"
    db.commit()

    assert visit().enter(" An.Nguyễn ").status_code == 303


def test_a_password_typed_on_another_keyboard_is_the_same(person, visit):
    composed, taken_apart = (unicodedata.normalize(form, PASSWORD) for form in ("NFC", "NFD"))

    assert composed != taken_apart
    assert visit().enter(person(password=composed), taken_apart).status_code == 303


def test_unknown_wrong_disabled_and_expired_are_answered_alike(db, person, visit, at):
    somebody, disabled, expired = person(), person(disabled=True), person(must_change=True)
    expired.account.password_set_at = clock.now().replace(year=2020)
    db.commit()

    answers = [
        visit().enter("khong.co", PASSWORD),
        visit().enter(somebody, "không phải mật khẩu"),
        visit().enter(disabled),
        visit().enter(expired),
    ]

    assert {answer.status_code for answer in answers} == {422}
    assert len({without_what_changes(answer) for answer in answers}) == 1
    assert WRONG in answers[0].text


@pytest.fixture
def hashes(monkeypatch, settings, database):
    """What a process that has just begun hashes and checks, while it really is done."""
    queries._decoy.cache_clear()
    create_app(settings, database)
    made = []

    def note(name):
        real = getattr(argon2.PasswordHasher, name)

        def noted(self, *args):
            made.append((name, self.memory_cost))
            return real(self, *args)

        monkeypatch.setattr(argon2.PasswordHasher, name, noted)

    note("hash")
    note("verify")
    return made


@pytest.fixture
def writes(database):
    """The changes that the database was asked for."""
    made = []

    def note(_connection, _cursor, statement, *_rest):
        if statement.startswith(("INSERT", "UPDATE", "DELETE")):
            made.append(" ".join(statement.split()[:3]))

    event.listen(database.engine, "before_cursor_execute", note)
    return made


@pytest.mark.parametrize("who", ["known", "unknown", "disabled", "without password"])
def test_every_refusal_costs_one_hash_check_and_the_same_changes(
    who, person, visit, hashes, writes
):
    names = {
        "known": person().account.name,
        "unknown": "khong.co",
        "disabled": person(disabled=True).account.name,
        "without password": person(password=None).account.name,
    }
    del writes[:], hashes[:]

    visit().enter(names[who], "không phải mật khẩu")

    assert hashes == [("verify", 8)]
    assert writes == ["INSERT INTO failed_try", "UPDATE chain_end SET", "INSERT INTO event"]


def test_a_refusal_keeps_the_name_and_never_the_password(person, visit):
    somebody = person()

    answer = visit().enter(somebody, "không phải mật khẩu")

    assert f'value="{somebody.account.name}"' in answer.text
    assert "không phải mật khẩu" not in answer.text


@pytest.mark.parametrize("token", ["", "wrong", "IjEi.aaaa.bbbb", "\u0111" * 40, None])
def test_a_wrong_token_keeps_the_typed_name(person, visit, token):
    somebody, here = person(), visit()
    here.get(DOOR)
    fields = {"name": somebody.account.name, "password": PASSWORD, "csrf_token": token}

    answer = here.client.post(DOOR, data={k: v for k, v in fields.items() if v is not None})

    assert answer.status_code == 422
    assert f'value="{somebody.account.name}"' in answer.text
    assert not is_in(here)


def test_a_token_of_another_browser_is_refused(person, visit):
    somebody, here, there = person(), visit(), visit()
    here.get(DOOR)
    token = token_of(there.get(DOOR))

    answer = here.client.post(
        DOOR, data={"name": somebody.account.name, "password": PASSWORD, "csrf_token": token}
    )

    assert answer.status_code == 422


def test_ten_megabytes_of_password_are_refused_unread(person, visit):
    answer = visit().enter(person(), "a" * 10_000_000)

    assert answer.status_code in {413, 422}


@pytest.mark.parametrize("password", ["a" * 257, "\x00" * 30, "\ud83d", "' OR 1=1 --", "{{7*7}}"])
def test_odd_passwords_are_merely_wrong(person, visit, password):
    answer = visit().enter(person(), password.encode("utf-8", "surrogatepass"))

    assert answer.status_code == 422


def test_the_session_is_new_at_the_door_and_its_old_cookie_worthless(app, person, visit):
    here = visit()
    here.get(DOOR)
    with here.client.session_transaction() as cookie:
        cookie["token"] = "planted"
        before = dict(cookie)

    here.enter(person())

    with here.client.session_transaction() as cookie:
        assert cookie["token"] not in {"planted", before["token"]}
        assert cookie.get("csrf_token") != before["csrf_token"]


def test_signing_in_again_ends_the_session_of_before(look, person, visit):
    here, somebody = visit(), person()
    here.enter(somebody)
    token = token_of(here.get("/noi-bo/tai-khoan"))

    here.client.post(
        DOOR, data={"csrf_token": token, "name": somebody.account.name, "password": PASSWORD}
    )

    assert look(select(func.count()).where(SignIn.ended_at.is_(None))) == [1]


def test_signing_out_ends_the_session_here_and_in_the_database(person, visit):
    here = visit()
    here.enter(person())
    with here.client.session_transaction() as cookie:
        token = cookie["token"]

    answer = here.press("/noi-bo/dang-xuat")

    assert answer.headers["Location"] == DOOR
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert "Đã đăng xuất." in here.get(DOOR).text
    with here.client.session_transaction() as cookie:
        cookie["token"] = token
    assert not is_in(here)


def test_after_signing_out_the_back_button_finds_nothing_stored(person, visit):
    here = visit()
    here.enter(person())

    assert here.get("/noi-bo/tai-khoan").headers["Cache-Control"] == "no-store"


def test_signing_out_without_a_session_leads_to_the_door(office, visit):
    answer = visit().client.post("/noi-bo/dang-xuat")

    assert (answer.status_code, answer.headers["Location"]) == (303, DOOR)


def test_signing_out_needs_the_token_of_the_page(person, visit):
    here = visit()
    here.enter(person())

    assert here.client.post("/noi-bo/dang-xuat").status_code == 409
    assert is_in(here)


def test_fifteen_idle_minutes_end_a_session(person, visit, at):
    at("2026-05-04 09:00")
    here = visit()
    here.enter(person())

    at("2026-05-04 09:14")
    assert is_in(here)
    at("2026-05-04 09:28")
    assert is_in(here)
    at("2026-05-04 09:44")
    assert not is_in(here)


def test_twelve_hours_end_a_session_however_busy(person, visit, at):
    at("2026-05-04 07:00")
    here = visit()
    here.enter(person())
    for minutes in range(10, 12 * 60, 10):
        at(f"2026-05-04 {7 + minutes // 60:02}:{minutes % 60:02}")
        assert is_in(here)

    at("2026-05-04 19:01")
    assert not is_in(here)


def test_ten_wrong_passwords_are_held_and_the_right_one_waits_too(person, visit, at):
    at("2026-05-04 09:00")
    somebody, guesser = person(), visit()
    for _time in range(10):
        assert guesser.enter(somebody, "không phải mật khẩu").status_code == 422

    answer = guesser.enter(somebody)

    assert answer.status_code == 429
    assert "Thử lại sau 09:01" in answer.text
    assert 0 < int(answer.headers["Retry-After"]) <= 60
    at("2026-05-04 09:02")
    assert guesser.enter(somebody).status_code == 303


def test_a_name_that_nobody_has_is_held_in_the_same_way(office, visit):
    answers = [visit().enter("khong.co", "sai hết cả rồi") for _time in range(11)]

    assert [answer.status_code for answer in answers] == [422] * 10 + [429]


def test_the_owner_elsewhere_and_a_colleague_here_get_in_meanwhile(person, visit):
    somebody, colleague, guesser = person(), person(), visit()
    for _time in range(11):
        guesser.enter(somebody, "không phải mật khẩu")

    assert visit("10.9.9.9").enter(somebody).status_code == 303
    assert visit().enter(colleague).status_code == 303


def test_the_owner_gets_in_at_the_same_address_with_a_known_browser(person, visit):
    somebody, own, guesser = person(), visit(), visit()
    own.enter(somebody)
    own.press("/noi-bo/dang-xuat")
    for _time in range(11):
        guesser.enter(somebody, "không phải mật khẩu")

    assert guesser.enter(somebody).status_code == 429
    assert own.enter(somebody).status_code == 303


def test_guesses_spread_over_many_addresses_are_held(person, visit):
    somebody, own = person(), visit("10.9.9.9")
    own.enter(somebody)
    own.press("/noi-bo/dang-xuat")

    answers = [visit(f"10.0.1.{n}").enter(somebody, "sai hết cả rồi") for n in range(31)]

    assert [answer.status_code for answer in answers] == [422] * 30 + [429]
    assert own.enter(somebody).status_code == 303


def test_many_names_from_one_address_are_held_while_forty_colleagues_come_in(person, visit):
    colleagues = [(person(), visit()) for _n in range(40)]
    for somebody, own in colleagues:
        own.enter(somebody)
        own.press("/noi-bo/dang-xuat")

    sprayed = [visit().enter(f"ten{n}", "sai hết cả rồi").status_code for n in range(61)]

    assert sprayed == [422] * 60 + [429]
    assert {own.enter(somebody).status_code for somebody, own in colleagues} == {303}


def test_forty_colleagues_who_mistype_once_in_a_new_office_all_get_in(person, visit):
    for _n in range(40):
        somebody, own = person(), visit()
        assert own.enter(somebody, "gõ nhầm mất rồi").status_code == 422
        assert own.enter(somebody).status_code == 303


def test_a_right_password_forgives_the_slips_before_it(look, person, visit):
    somebody, here = person(), visit()
    for _time in range(3):
        here.enter(somebody, "gõ nhầm mất rồi")

    here.enter(somebody)

    assert look(select(FailedTry)) == []


def test_the_ledger_knows_who_came_in_and_that_somebody_was_refused(look, person, visit):
    somebody = person()
    visit().enter(somebody, "gõ nhầm mất rồi")
    here = visit()
    here.enter(somebody)
    here.press("/noi-bo/dang-xuat")

    assert look(select(Event.what).order_by(Event.seq)) == [
        "sign_in.refused",
        "sign_in.opened",
        "sign_in.ended",
    ]


def test_the_owner_gets_a_letter_about_a_second_browser_but_not_the_first(look, person, visit):
    somebody = person()
    visit().enter(somebody)
    assert look(select(Notice)) == []

    visit("10.5.5.5").enter(somebody)

    (letter,) = look(select(Notice))
    assert letter.to == somebody.email
    assert "Firefox · Windows" in letter.body
    assert "10.5.5.5" not in letter.body


def test_the_hash_is_made_anew_when_its_cost_has_changed(look, db, person, visit):
    somebody = person()
    somebody.account.password_hash = queries.hash_password(PASSWORD, queries.HashCost(2, 16, 1))
    db.commit()

    visit().enter(somebody)

    (made_anew,) = look(select(Account.password_hash))
    assert "m=8,t=1" in made_anew


def test_the_form_of_the_door_keeps_where_the_person_wanted_to_go(office, visit):
    answer = visit().get(f"{DOOR}?tiep=/noi-bo/tai-khoan")

    assert 'action="/noi-bo/dang-nhap?tiep=/noi-bo/tai-khoan"' in answer.text


def test_a_password_given_by_somebody_else_leads_to_a_new_one_from_every_page(person, visit):
    here = visit()
    here.enter(person(must_change=True))

    answers = [here.get(page) for page in ("/noi-bo/", "/noi-bo/tai-khoan")]

    assert {a.headers["Location"] for a in answers} == {"/noi-bo/tai-khoan/mat-khau"}
    here.post(
        "/noi-bo/tai-khoan/mat-khau", old_password=PASSWORD, new_password="tám quả cam vàng ươm",
        new_password_again="tám quả cam vàng ươm",
    )  # fmt: skip
    assert is_in(here)


def test_the_second_step_comes_after_the_password_and_opens_nothing_before(person, visit):
    somebody, here = person(factor=True), visit()

    answer = here.enter(somebody, tiep="/noi-bo/tai-khoan")

    step = "/noi-bo/dang-nhap/buoc-hai"
    assert answer.headers["Location"] == f"{step}?tiep=/noi-bo/tai-khoan"
    for page in ("/noi-bo/", "/noi-bo/tai-khoan", "/noi-bo/xac-nhan", "/noi-bo/tai-khoan/mat-khau"):
        assert here.get(page).headers["Location"] == step
    done = here.post(f"{step}?tiep=/noi-bo/tai-khoan", code=code_of(somebody))
    assert done.headers["Location"] == "/noi-bo/tai-khoan"
    assert is_in(here)


def test_the_token_of_the_first_step_is_dead_after_the_second(person, visit):
    somebody, here, thief = person(factor=True), visit(), visit()
    here.enter(somebody)
    with here.client.session_transaction() as cookie:
        stolen = cookie["token"]

    here.step(code_of(somebody))

    with thief.client.session_transaction() as cookie:
        cookie["token"] = stolen
    assert not is_in(thief)


def test_a_code_that_was_used_is_refused_in_another_browser(person, visit):
    somebody, here, there = person(factor=True), visit(), visit()
    digits = code_of(somebody)
    here.enter(somebody)
    there.enter(somebody)

    assert here.step(f"{digits[:3]} {digits[3:]}").status_code == 303
    assert there.step(digits).status_code == 422
    assert there.step(code_of(somebody, steps=1)).status_code == 303


def test_wrong_codes_are_held_by_session(person, visit):
    somebody, here = person(factor=True), visit()
    here.enter(somebody)
    wrong = f"{(int(code_of(somebody)) + 7) % 1_000_000:06}"

    answers = [here.step(wrong).status_code for _time in range(6)]

    assert answers == [422] * 5 + [429]


def test_somebody_at_the_second_step_can_leave(person, visit):
    here = visit()
    here.enter(person(factor=True))

    answer = here.press("/noi-bo/dang-xuat", "/noi-bo/dang-nhap/buoc-hai")

    assert answer.headers["Location"] == DOOR


def test_a_role_that_needs_a_second_factor_is_led_to_it_from_every_page(person, visit):
    here = visit()
    here.enter(person(Role.LEADER))

    answers = [here.get(page) for page in ("/noi-bo/", "/noi-bo/tai-khoan")]

    assert {a.headers["Location"] for a in answers} == {"/noi-bo/tai-khoan/xac-thuc"}


def test_somebody_without_a_place_in_the_office_does_not_get_in(db, person, visit):
    somebody = person()
    name = somebody.account.name
    db.delete(somebody.grants[0])
    db.delete(somebody)
    db.commit()

    assert visit().enter(name).status_code == 403


def test_the_language_is_kept_on_the_way_in_and_out(person, visit):
    somebody, here = person(), visit()

    shown = here.post(f"{DOOR}?lang=en", name=somebody.account.name, password="x", lang="en")
    inside = here.post(f"{DOOR}?lang=en", name=somebody.account.name, password=PASSWORD)
    page = here.get("/noi-bo/tai-khoan?lang=en").text
    out = here.send("/noi-bo/dang-xuat?lang=en", "/noi-bo/tai-khoan?lang=en")

    assert (shown.status_code, shown.text.count('<html lang="en">')) == (200, 1)
    assert f'value="{somebody.account.name}"' in shown.text
    assert inside.headers["Location"] == "/noi-bo/?lang=en"
    assert 'action="/noi-bo/dang-xuat?lang=en"' in page
    assert out.headers["Location"] == f"{DOOR}?lang=en"
