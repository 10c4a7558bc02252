"""The back office's first page."""

from sipas.staff.rules import Role


def test_who_is_not_signed_in_is_led_to_the_door_and_back(office, browser):
    answer = browser.get("/noi-bo/")

    assert answer.status_code == 303
    assert answer.headers["Location"] == "/noi-bo/dang-nhap?tiep=/noi-bo/"


def test_the_first_page_greets_the_person_by_name(signed_in):
    answer = signed_in(Role.OFFICER).get("/noi-bo/")

    assert answer.status_code == 200
    assert "Người officer" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
