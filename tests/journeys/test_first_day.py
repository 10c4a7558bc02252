"""From an empty machine to a rated desk, as the first administrator walks it."""

import re

import pyotp
import pytest
from sqlalchemy import select

from sipas import clock
from sipas.app import create_app
from sipas.database import Database
from sipas.settings import Settings
from sipas.survey.models import Response
from tests.conftest import token_of
from tests.pages import CarefulClient
from tests.running import Installation

NEW_PASSWORD = "bốn con mèo ngủ trưa"
OFFICE = {
    "name": "Sở Tư pháp tỉnh Ẫn Bình",
    "place": "Bộ phận Một cửa",
    "phone": "0200 123 4567",
    "domain": "anbinh.gov.vn",
}


@pytest.fixture
def begun(tmp_path, bare_url, request):
    """A new installation, and what `sipas init` printed."""
    installation = Installation(tmp_path, bare_url(request.param))
    done = installation.run(
        "init", "--name", "Sở mới", "--admin", "Nguyễn Văn Nam", "--email", "nam@anbinh.gov.vn"
    )
    temporary = re.search(r"\d{4}-\d{4}-\d{4}-\d{4}", done.stdout)[0]
    database = Database(installation.environ["SIPAS_DATABASE"])
    settings = Settings(
        env="test",
        data=tmp_path,
        database=installation.environ["SIPAS_DATABASE"],
        secret="a-test-secret-of-more-than-32-characters",
        address="http://localhost",
    )
    app = create_app(settings, database)
    app.test_client_class = CarefulClient
    yield app, database, temporary
    database.close()


def send(browser, address, **fields):
    """Open the form and send it; where it leads is followed."""
    fields["csrf_token"] = token_of(browser.get(address))
    return browser.post(address, data=fields, follow_redirects=True)


def comes_in(staff, temporary):
    """First sign-in: a new password, then the second factor that the role needs."""
    page = send(staff, "/noi-bo/dang-nhap", name="quantri", password=temporary)
    assert page.request.path == "/noi-bo/tai-khoan/mat-khau"
    again = {"new_password": NEW_PASSWORD, "new_password_again": NEW_PASSWORD}
    send(staff, "/noi-bo/tai-khoan/mat-khau", old_password=temporary, **again)
    shown = staff.get("/noi-bo/tai-khoan/xac-thuc").text
    secret = re.search(r'class="secret">([A-Z2-7 ]+)<', shown)[1].replace(" ", "")
    code = pyotp.TOTP(secret).at(clock.now())
    assert "Tôi đã cất mã" in send(staff, "/noi-bo/tai-khoan/xac-thuc", code=code).text


def sets_up(staff):
    """Name, divisions, the first desk, its sheet."""
    assert "Còn 5 việc" in staff.get("/noi-bo/bat-dau/").text
    send(staff, "/noi-bo/bat-dau/co-quan", **OFFICE)
    send(staff, "/noi-bo/bat-dau/don-vi", names="Phòng Hành chính tư pháp\nVăn phòng Sở")
    form = staff.get("/noi-bo/quay/moi").text
    division = re.search(r'value="(\d+)">[^<]*Phòng Hành chính tư pháp', form)[1]
    send(staff, "/noi-bo/quay/moi", name="Quầy 1", unit_id=division, place="Bộ phận Một cửa")
    assert staff.get("/noi-bo/quay/1/to-qr-a5.pdf").data.startswith(b"%PDF")
    assert "Ngày đầu đã xong" in send(staff, "/noi-bo/bat-dau/to-qr").text


def rates(citizen):
    first_page = citizen.get("/").text
    assert OFFICE["name"] in first_page
    address = re.search(r'href="(/k/\d+)"', first_page)[1]
    ticket = re.search(r'name="phieu"[^>]*value="([^"]+)"', citizen.get(address).text)[1]
    return citizen.post(f"{address}/danh-gia", data={"phieu": ticket, "muc": "5"})


@pytest.mark.parametrize("begun", ["sqlite", "postgresql"], indirect=True)
def test_an_empty_machine_becomes_an_office_whose_first_desk_is_rated(begun):
    app, database, temporary = begun
    staff = app.test_client()

    comes_in(staff, temporary)
    sets_up(staff)
    thanks = rates(app.test_client())

    assert "Đã ghi nhận" in thanks.text
    with database.reading() as db:
        assert db.scalars(select(Response.answers)).all() == ["5"]
