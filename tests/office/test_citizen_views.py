"""The office's own pages for citizens."""


def test_the_first_page_carries_its_style_under_a_policy_that_names_it(office, browser):
    answer = browser.get("/")

    assert answer.status_code == 200
    assert "<style>" in answer.text
    assert "style-src 'sha256-" in answer.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in answer.headers


def test_a_page_that_is_not_there_says_so_and_shows_a_way_on(office, browser):
    answer = browser.get("/khong-co")

    assert answer.status_code == 404
    assert "Không tìm thấy trang này" in answer.text
    assert 'href="/"' in answer.text
