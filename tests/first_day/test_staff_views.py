"""The first day, step by step, by the person who has never seen the program."""

import io

import pytest
from PIL import Image
from sqlalchemy import func, select

from sipas.ledger.models import Event
from sipas.staff.models import Office, Unit
from sipas.staff.rules import Role

ADDRESS = "/noi-bo/bat-dau/"
WORDS = {
    "name": "Sở Tư pháp tỉnh Ẫn Bình",
    "place": "Bộ phận Một cửa",
    "phone": "0200 123 4567",
    "domain": "anbinh.gov.vn",
}


@pytest.fixture
def administrator(signed_in):
    return signed_in(Role.ADMINISTRATOR)


@pytest.fixture
def send(token_in):
    def post(browser, address, **values):
        token = token_in(browser.get(address))
        return browser.post(address, data={"csrf_token": token, **values})

    return post


def picture(side=300, kind="PNG"):
    out = io.BytesIO()
    drawn = Image.new("RGB", (side, side), "#8e1b1e")
    drawn.save(out, kind, exif=drawn.getexif())
    return out.getvalue()


def test_the_overview_says_how_many_steps_are_left(administrator):
    page = administrator.get(ADDRESS)

    assert page.status_code == 200
    assert "Còn 2 việc" in page.text


def test_the_name_of_the_office_is_the_name_of_its_root_unit(administrator, send, db):
    answer = send(administrator, f"{ADDRESS}co-quan", **WORDS)

    assert answer.status_code == 303
    db.expire_all()
    assert db.scalars(select(Office.name)).one() == WORDS["name"]
    assert db.scalars(select(Unit.name)).one() == WORDS["name"]
    assert db.scalars(select(Event.what)).all()[-1] == "office.named"


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("name", "", "Viết tên cơ quan."),
        ("name", "Sở " * 100, "Dài quá 200 ký tự."),
        ("phone", "gọi cô Lan", "Số điện thoại chỉ gồm chữ số, dấu cách, dấu chấm, dấu cộng."),
        ("domain", "anbinh", "Viết tên miền, ví dụ anbinh.gov.vn."),
    ],
)
def test_a_mistake_is_told_at_its_field_and_the_rest_is_kept(
    administrator, send, field, typed, sentence
):
    answer = send(administrator, f"{ADDRESS}co-quan", **(WORDS | {field: typed}))

    assert answer.status_code == 422
    assert sentence in answer.text
    assert WORDS["place"] in answer.text


def test_switching_the_language_keeps_what_was_typed(administrator, send):
    answer = send(administrator, f"{ADDRESS}co-quan", lang="en", **(WORDS | {"name": "Dở dang"}))

    assert answer.status_code == 200
    assert '<html lang="en">' in answer.text
    assert "Dở dang" in answer.text


def test_a_form_without_its_token_changes_nothing_and_keeps_what_was_typed(administrator, db):
    answer = administrator.post(f"{ADDRESS}co-quan", data=WORDS | {"name": "Sở khác"})

    assert answer.status_code == 422
    assert "Sở khác" in answer.text
    assert db.scalars(select(Office.name)).one() != "Sở khác"


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_the_emblem_is_drawn_anew_and_small(administrator, send, db, kind):
    upload = (io.BytesIO(picture(kind=kind)), "logo")

    answer = send(administrator, f"{ADDRESS}bieu-trung", picture=upload)

    assert answer.status_code == 303
    stored = db.scalars(select(Office.emblem_png)).one()
    assert Image.open(io.BytesIO(stored)).size == (96, 96)
    assert len(stored) < 6000


@pytest.mark.parametrize(
    "upload",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"GIF89a<script>",
        picture()[:60],
        b"x" * 999,
    ],
)
def test_what_is_no_picture_is_refused_with_a_sentence(administrator, send, upload):
    answer = send(administrator, f"{ADDRESS}bieu-trung", picture=(io.BytesIO(upload), "a.png"))

    assert answer.status_code == 422
    assert "PNG hoặc JPEG" in answer.text


def test_a_picture_of_too_many_points_is_refused_before_it_is_unpacked(administrator, send):
    answer = send(
        administrator, f"{ADDRESS}bieu-trung", picture=(io.BytesIO(picture(side=9000)), "a.png")
    )

    assert answer.status_code == 422


def test_a_pasted_list_of_divisions_is_added_once(administrator, send, db):
    names = "Phòng Hành chính tư pháp\r\n\r\n  Phòng Bổ trợ   tư pháp \r\nPhòng Hành chính tư pháp"

    for _twice in range(2):
        send(administrator, f"{ADDRESS}don-vi", names=names)

    found = db.execute(
        select(Unit.name, Unit.short_name).where(Unit.parent_id.is_not(None)).order_by(Unit.id)
    ).all()
    assert found == [("Phòng Hành chính tư pháp", "PHCTP"), ("Phòng Bổ trợ tư pháp", "PBTTP")]


def test_the_first_day_ends_once(administrator, send, db):
    db.get_one(Office, 1).set_up_at = None
    db.commit()

    for _twice in range(2):
        assert send(administrator, f"{ADDRESS}to-qr").status_code == 303

    done = select(func.count()).select_from(Event).where(Event.what == "office.set_up")
    assert db.scalar(done) == 1


@pytest.mark.parametrize("role", [Role.DESK_CLERK, Role.OFFICER, Role.INSPECTOR])
def test_others_may_not_set_up_the_office(signed_in, role):
    assert signed_in(role).get(ADDRESS).status_code == 403
