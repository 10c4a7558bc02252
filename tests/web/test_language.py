"""The language stands in the address and goes along with every link."""

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
