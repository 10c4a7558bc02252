"""Logs tell the rule of an address, never the address."""

import json

from sipas.web import logs


def test_a_line_says_rule_and_status_but_neither_path_nor_query(office, browser, capsys):
    logs.configure()

    browser.get("/quyen-rieng-tu?sdt=0912345678", headers={"User-Agent": "Zalo/99"})

    line = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (line["rule"], line["status"], line["method"]) == ("/quyen-rieng-tu", 200, "GET")
    assert "0912345678" not in json.dumps(line)
    assert "Zalo" not in json.dumps(line)


def test_an_answer_carries_the_number_that_its_log_line_has(office, browser, capsys):
    logs.configure()

    answer = browser.get("/")

    line = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert answer.headers["X-Request-Id"] == line["request"]
