"""Citizens for a measurement: each opens the page and sends one rating, over and over."""

import http.client
import re
import threading
import time
from collections.abc import Callable
from statistics import median
from urllib.parse import urlencode

SUBMISSION = re.compile(rb'name="phieu"[^>]*value="([^"]+)"')


def visits_a_second(
    port: int, visit: Callable[[http.client.HTTPConnection], None], *, citizens: int, seconds: float
) -> float:
    """Whole visits (page and rating) a second, by so many citizens at once."""
    done = [0] * citizens
    end = time.perf_counter() + seconds

    def citizen(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while time.perf_counter() < end:
            visit(connection)
            done[number] += 1
        connection.close()

    threads = [threading.Thread(target=citizen, args=(n,)) for n in range(citizens)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done) / (time.perf_counter() - begun)


def rating_visit(address: str) -> Callable[[http.client.HTTPConnection], None]:
    def visit(connection: http.client.HTTPConnection) -> None:
        page = ask(connection, "GET", address)
        submission = SUBMISSION.search(page)
        if submission is None:
            raise RuntimeError("the rating page carries no submission id")
        form = {"phieu": submission[1].decode(), "muc": "4"}
        thanks = ask(connection, "POST", f"{address}/danh-gia", form)
        if "Đã ghi nhận".encode() not in thanks:
            raise RuntimeError("the rating was not acknowledged")

    return visit


def bare_visit(connection: http.client.HTTPConnection) -> None:
    ask(connection, "GET", "/")
    ask(connection, "POST", "/send", {"muc": "4"})


def ask(
    connection: http.client.HTTPConnection,
    method: str,
    path: str,
    form: dict[str, str] | None = None,
) -> bytes:
    body = urlencode(form) if form else None
    headers = {"Content-Type": "application/x-www-form-urlencoded"} if form else {}
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    text = answer.read()
    if answer.status != 200:  # noqa: PLR2004 -- anything else is no measurement
        message = f"{method} {path} answered {answer.status}"
        raise RuntimeError(message)
    return text


def rounds(measure: dict[str, Callable[[], float]], *, count: int) -> dict[str, float]:
    """Each measurement in turn, round after round, so that drift of the machine hits all."""
    found: dict[str, list[float]] = {name: [] for name in measure}
    for _round in range(count):
        for name, take in measure.items():
            found[name].append(take())
    return {name: median(values) for name, values in found.items()}
