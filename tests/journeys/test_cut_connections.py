"""Requests that break off, or that no browser sends: nothing stored, nothing told to the log."""

import json
import re
from urllib.parse import urlencode

import pytest
from sqlalchemy import func, select

from sipas.survey.models import Remark, Response
from tests.survey.making import make_desk, make_round

NOON = "2026-11-20 12:00"
TYPED = "Nguyen Van A 0912345678"
REMARK = "Bàn số 3 hướng dẫn rõ ràng, nhưng phải chờ hơn hai giờ mới được gọi tên. " * 3


@pytest.fixture
def code(db, office) -> str:
    make_round(db)
    made = make_desk(db, office)
    db.rollback()
    return made


@pytest.fixture
def served(installation, code):
    return installation.serve(SIPAS_CLOCK=NOON, SIPAS_JOBS="worker")


@pytest.fixture
def phieu(served, code) -> str:
    return re.search(r'name="phieu" value="([^"]+)"', served.get(f"/k/{code}")[1])[1]


def head(path: str, *lines: str) -> bytes:
    kind = "Content-Type: application/x-www-form-urlencoded"
    return "\r\n".join([f"POST {path} HTTP/1.1", "Host: localhost", kind, *lines, "", ""]).encode()


def broken_off(served, path: str, fields: dict[str, str], missing: int) -> str:
    body = urlencode(fields).encode()
    return served.send_raw(head(path, f"Content-Length: {len(body)}") + body[:-missing])


def stored(database) -> tuple[int, list[str]]:
    with database.reading() as db:
        responses = db.scalar(select(func.count()).select_from(Response))
        return responses, list(db.scalars(select(Remark.text)))


def test_a_rating_that_breaks_off_is_not_stored_and_can_be_sent_again(
    served, database, code, phieu
):
    path, fields = f"/k/{code}/danh-gia", {"phieu": phieu, "muc": "4", "lang": "vi"}

    answer = broken_off(served, path, fields, missing=len("&lang=vi"))

    assert answer.startswith("HTTP/1.1 400")
    assert stored(database) == (0, [])
    assert served.post(path, {"phieu": phieu, "muc": "4"})[0] == 200
    assert stored(database) == (1, [])


def test_half_a_remark_is_not_stored_and_can_be_sent_again(served, database, code, phieu):
    served.post(f"/k/{code}/danh-gia", {"phieu": phieu, "muc": "4"})
    path, fields = f"/k/{code}/them", {"phieu": phieu, "muc": "4", "y_kien": REMARK.strip()}

    answer = broken_off(served, path, fields, missing=70)

    assert answer.startswith("HTTP/1.1 400")
    assert stored(database) == (1, [])
    assert served.post(path, fields)[0] == 200
    assert stored(database) == (1, [REMARK.strip()])


@pytest.mark.parametrize("body", [b"ZZ\r\n", b"5\r\nmuc=4XX", b"20\r\nmuc=4"])
def test_a_body_in_malformed_pieces_is_refused_with_the_page_that_says_so(
    served, installation, database, code, body
):
    answer = served.send_raw(
        head(f"/k/{code}/danh-gia", "Transfer-Encoding: chunked", "Connection: close") + body
    )

    assert answer.startswith("HTTP/1.1 400")
    assert "Yêu cầu không đúng dạng" in answer
    assert stored(database) == (0, [])
    assert '"broke"' not in installation.log()


MALFORMED = (
    f"{TYPED}\r\n\r\n",
    f"GET /?ten={TYPED} HTTP/1.1\r\nHost: localhost\r\n\r\n",
    f"GET / HTTP/1.1\r\nHost: localhost\r\n{TYPED}: x\r\n\r\n",
    f"GET / HTTP/1.1\r\nHost: localhost\r\nX: {TYPED}\x00\r\n\r\n",
    f"GET / HTTP/1.1\r\nHost: localhost\r\nExpect: {TYPED}\r\n\r\n",
    f"GET / HTTP/9.9 {TYPED}\r\n\r\n",
)


def test_the_log_of_malformed_requests_holds_neither_their_words_nor_an_address(
    served, installation
):
    for request_text in MALFORMED:
        served.send_raw(request_text.encode())
    served.stop()

    lines = [line for line in installation.log().splitlines() if "gunicorn" in line]
    assert [json.loads(line)["event"] for line in lines] == ["Invalid request"] * len(MALFORMED)
    assert "127.0.0.1" not in "".join(lines)
    assert not [word for word in ("Nguyen", "0912345678") if word in installation.log()]
