"""Setting up, using and leaving the second factor."""

import html
import re

import pyotp
import pytest
import zxingcpp
from PIL import Image, ImageDraw
from sqlalchemy import select

from sipas import clock
from sipas.door.models import Account, RecoveryCode
from sipas.ledger.models import Event
from sipas.mailroom.models import Notice
from sipas.staff.rules import Role
from tests.account.conftest import PASSWORD, code_of

OWN = "/noi-bo/tai-khoan"
SET_UP = "/noi-bo/tai-khoan/xac-thuc"


def secret_in(page):
    return re.search(r'class="secret">([A-Z2-7 ]+)<', page.text)[1].replace(" ", "")


def codes_in(page):
    return re.findall(r"<li>(\d{4} \d{4} \d{4})</li>", page.text)


def now_shown(secret, steps=0):
    return pyotp.TOTP(secret).at(clock.now(), counter_offset=steps)


def set_up(here):
    """Set it up as a person would: read the secret, type the app's code."""
    secret = secret_in(here.get(SET_UP))
    return secret, here.post(SET_UP, code=now_shown(secret))


@pytest.fixture
def leader(person, visit):
    here = visit()
    somebody = person(Role.LEADER)
    here.enter(somebody)
    return somebody, here


def test_setting_it_up_opens_the_back_office_and_shows_ten_codes_once(leader, look):
    _somebody, here = leader

    _secret, answer = set_up(here)

    assert answer.status_code == 200
    assert len(set(codes_in(answer))) == 10
    assert here.get("/noi-bo/").status_code == 200
    assert codes_in(here.get(OWN)) == []
    hashes = look(select(RecoveryCode.code_hash))
    assert not any(code.replace(" ", "") in found for code in codes_in(answer) for found in hashes)


def test_it_is_entered_in_the_ledger_and_the_owner_gets_a_letter(leader, look):
    somebody, here = leader

    secret, _answer = set_up(here)

    (letter,) = look(select(Notice))
    assert (letter.to, letter.subject) == (somebody.email, "Đã bật xác thực hai lớp")
    assert secret not in letter.body
    assert look(select(Event.what).order_by(Event.seq))[-2:] == [
        "factor.added",
        "factor.codes_renewed",
    ]


def test_a_wrong_first_code_sets_nothing_up_and_keeps_the_same_secret(leader, look):
    _somebody, here = leader
    secret = secret_in(here.get(SET_UP))
    wrong = f"{(int(now_shown(secret)) + 7) % 1_000_000:06}"

    answer = here.post(SET_UP, code=wrong)

    assert answer.status_code == 422
    assert secret_in(answer) == secret
    assert look(select(Account.totp_secret)) == [None]


def drawn(svg):
    """The picture as a camera would see it: the path's squares filled in."""
    size = float(re.search(r'viewBox="0 0 ([\d.]+)', svg)[1])
    picture = Image.new("L", (int(size * 10), int(size * 10)), 255)
    pen = ImageDraw.Draw(picture)
    path = re.search(r' d="([^"]+)"', svg)[1]
    for square in path.split("M")[1:]:
        numbers = [float(n) * 10 for n in re.findall(r"[\d.]+", square)]
        x, y, right, bottom = numbers[0], numbers[1], numbers[2], numbers[3]
        pen.rectangle((x, y, right - 1, bottom - 1), fill=0)
    return picture


def test_the_picture_says_what_the_text_says_and_who_it_is_for(leader):
    somebody, here = leader
    secret = secret_in(here.get(SET_UP))

    answer = here.get(f"{SET_UP}.svg")

    assert answer.mimetype == "image/svg+xml"
    assert answer.headers["Cache-Control"] == "no-store"
    (found,) = zxingcpp.read_barcodes(drawn(answer.text))
    taken = pyotp.parse_uri(found.text)
    assert taken.secret == secret
    assert taken.name == somebody.account.name
    assert taken.issuer == "Sở Tư pháp tỉnh An Bình"


def test_each_session_is_shown_a_secret_of_its_own(person, visit):
    somebody, here, there = person(Role.LEADER), visit(), visit()
    here.enter(somebody)
    there.enter(somebody)

    assert secret_in(here.get(SET_UP)) != secret_in(there.get(SET_UP))
    assert visit().get(f"{SET_UP}.svg").status_code == 303


def test_the_code_that_set_it_up_does_not_sign_in(leader, visit):
    somebody, here = leader
    secret, _answer = set_up(here)
    there = visit()
    there.enter(somebody)

    assert there.step(now_shown(secret)).status_code == 422
    assert there.step(now_shown(secret, 1)).status_code == 303


def test_each_recovery_code_signs_in_once(leader, visit):
    somebody, here = leader
    codes = codes_in(set_up(here)[1])
    there, third = visit(), visit()
    there.enter(somebody)
    third.enter(somebody)

    assert there.step(codes[3]).status_code == 303
    assert "Còn 9 mã dự phòng chưa dùng." in there.get(OWN).text
    assert third.step(codes[3]).status_code == 422
    assert third.step(codes[4]).status_code == 303


@pytest.mark.parametrize("digits", ["12345", "1234567", "123456789012", "abc", "١٢٣٤٥٦"])
def test_nonsense_is_merely_wrong(leader, visit, digits):
    somebody, here = leader
    set_up(here)
    there = visit()
    there.enter(somebody)

    assert there.step(digits).status_code == 422


def test_a_new_set_of_codes_makes_the_old_ones_worthless(leader, visit):
    somebody, here = leader
    old = codes_in(set_up(here)[1])

    new = codes_in(here.press(f"{OWN}/ma-du-phong"))

    there = visit()
    there.enter(somebody)
    assert len(set(new) - set(old)) == 10
    assert there.step(old[0]).status_code == 422
    assert there.step(new[0]).status_code == 303


def test_an_officer_may_set_it_up_and_switch_it_off(person, visit, look):
    somebody, here = person(), visit()
    here.enter(somebody)
    set_up(here)

    here.press(f"{OWN}/xac-thuc/tat")

    assert "Đã tắt xác thực hai lớp." in here.get(OWN).text
    assert look(select(Account.totp_secret)) == [None]
    assert look(select(RecoveryCode)) == []
    assert visit().enter(somebody).headers["Location"] == "/noi-bo/"
    subjects = look(select(Notice.subject).order_by(Notice.id))
    assert subjects[:2] == ["Đã bật xác thực hai lớp", "Đã tắt xác thực hai lớp"]


def test_a_leader_may_not_switch_it_off(leader, look):
    _somebody, here = leader
    set_up(here)

    answer = here.press(f"{OWN}/xac-thuc/tat")

    assert answer.status_code == 409
    assert "không tắt được" in html.unescape(answer.text)
    assert look(select(Account.totp_secret)) != [None]


def test_setting_it_up_ends_the_sessions_that_had_only_a_password(person, visit):
    somebody, here, elsewhere = person(), visit(), visit()
    here.enter(somebody)
    elsewhere.enter(somebody)

    set_up(here)

    assert elsewhere.get("/noi-bo/").status_code == 303


def test_a_new_phone_takes_the_place_of_the_old_one(person, visit):
    somebody, here = person(factor=True), visit()
    here.enter(somebody)
    here.step(code_of(somebody))

    secret, answer = set_up(here)

    there = visit()
    there.enter(somebody)
    assert answer.status_code == 200
    assert there.step(code_of(somebody, 1)).status_code == 422
    assert there.step(now_shown(secret, 1)).status_code == 303


@pytest.mark.parametrize("page", [SET_UP, f"{SET_UP}.svg"])
def test_after_a_while_the_secret_is_shown_only_after_the_password(person, visit, at, page):
    at("2026-05-04 09:00")
    here = visit()
    here.enter(person())
    at("2026-05-04 09:06")

    assert here.get(page).headers["Location"].startswith("/noi-bo/xac-nhan?")
    here.post("/noi-bo/xac-nhan", proof_password=PASSWORD)
    assert here.get(page).status_code == 200


def test_who_must_set_it_up_and_took_long_proves_it_again_and_goes_on(leader, at):
    _somebody, here = leader
    at("+360")

    asked = here.get(SET_UP)
    answer = here.post(asked.headers["Location"], proof_password=PASSWORD)

    assert answer.headers["Location"] == SET_UP
    assert here.get(SET_UP).status_code == 200


def test_no_codes_are_made_for_somebody_without_a_second_factor(person, visit):
    here = visit()
    here.enter(person())

    assert here.press(f"{OWN}/ma-du-phong").status_code == 409
