"""What every answer tells the browser, and which requests are refused."""

import base64
import gzip
import hashlib
import re

import pytest

from sipas.app import create_app
from sipas.staff.rules import Role


def test_the_policy_names_the_style_that_the_page_really_carries(office, browser):
    answer = browser.get("/")

    style = re.search(r"<style>(.*?)</style>", answer.text, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("address", ["/", "/khong-co", "/noi-bo/dang-nhap", "/noi-bo/khong-co"])
def test_every_answer_is_closed_to_other_sites(office, browser, address):
    headers = browser.get(address).headers

    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_an_https_address_is_kept_https_and_its_cookie_bound_to_the_host(settings, database):
    secure = create_app(
        settings.model_copy(update={"address": "https://hl.anbinh.gov.vn"}), database
    )

    answer = secure.test_client().get("/", base_url="https://hl.anbinh.gov.vn")

    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert secure.config["SESSION_COOKIE_NAME"] == "__Host-sipas"
    assert secure.config["SESSION_COOKIE_SECURE"] is True


@pytest.mark.parametrize(
    "said",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
    ],
)
def test_a_form_sent_from_another_site_is_refused(office, signed_in, said):
    answer = signed_in(Role.HEAD_OFFICE).post("/noi-bo/bat-dau/co-quan", headers=said)

    assert answer.status_code == 403


def test_an_unknown_host_is_refused(office, browser):
    answer = browser.get("/", base_url="http://evil.example")

    assert answer.status_code == 400


def test_a_citizens_page_is_squeezed_for_who_can_read_it(office, browser):
    plain = browser.get("/")
    squeezed = browser.get("/", headers={"Accept-Encoding": "gzip"})

    assert squeezed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(squeezed.data) == plain.data
    assert "Accept-Encoding" in squeezed.headers["Vary"]
    assert len(squeezed.data) < len(plain.data) / 2


def test_a_staff_page_is_never_kept_nor_squeezed(office, signed_in):
    answer = signed_in(Role.OFFICER).get("/noi-bo/", headers={"Accept-Encoding": "gzip"})

    assert answer.headers["Cache-Control"] == "no-store"
    assert "Content-Encoding" not in answer.headers


@pytest.mark.parametrize("origin", ["http://[", "null.example", "https://", "javascript:alert(1)"])
def test_an_origin_that_is_no_address_of_ours_is_foreign(office, browser, origin):
    assert browser.post("/k", headers={"Origin": origin}).status_code in {403, 405}


def test_ten_megabytes_of_text_are_refused_before_they_are_read(office, browser):
    answer = browser.post("/k/100002/danh-gia", data={"phieu": "x" * 10_000_000})

    assert answer.status_code == 413
    assert "Nội dung quá lớn" in answer.text
