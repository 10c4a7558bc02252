"""The language stands in the address and goes along with every link."""

import pytest

from sipas.staff.rules import Role


def test_the_page_speaks_the_language_of_its_address(office, browser):
    english = browser.get("/quyen-rieng-tu?lang=en")

    assert '<html lang="en">' in english.text
    assert "<h1>Privacy</h1>" in english.text


def test_an_unknown_language_is_vietnamese(office, browser):
    assert '<html lang="vi">' in browser.get("/?lang=xx").text


def test_links_of_an_english_page_stay_english(office, signed_in):
    page = signed_in(Role.ADMINISTRATOR).get("/noi-bo/?lang=en")

    assert "/noi-bo/nhat-ky?lang=en" in page.text


def test_each_language_is_named_by_itself(office, browser):
    page = browser.get("/")

    assert "English" in page.text
    assert 'lang="en"' in page.text


@pytest.mark.parametrize("query", ["endpoint=x", "_method=POST", "_scheme=ftp", "_external=1"])
def test_a_query_never_steers_the_links_of_a_page(office, browser, query):
    answer = browser.get(f"/tro-giup?{query}")

    assert answer.status_code == 200
    assert f'href="/tro-giup?{query}&amp;lang=en"' in answer.text
