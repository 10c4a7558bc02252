"""What the product costs, each figure beside its reference, measured in one run."""

import http.client
import re
import sys
import tempfile
from functools import partial
from pathlib import Path

from bench import servers
from bench.driver import bare_visit, rating_visit, rounds, visits_a_second

ROUNDS = 5
SECONDS = 3.0
CITIZENS = 4
THREADS = 8
FIRST_LOAD_GOAL = 5 * 1024


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        own, reference = Path(folder, "office"), Path(folder, "bare")
        own.mkdir()
        reference.mkdir()
        with (
            servers.office(own) as office,
            servers.bare(reference, threads=THREADS) as bare,
        ):
            desk = first_desk(office.port)
            weigh(office.port, desk)
            compare(office, bare, desk)
            print(f"memory after that: {office.memory():.0f} MB (goal 80)")


def first_desk(port: int) -> str:
    """The address of a desk, as the first page gives it."""
    _size, page = load(port, "/")
    found = re.search(rb'href="(/k/\d+)"', page)
    if found is None:
        sys.exit("the first page names no desk")
    return found[1].decode()


def weigh(port: int, desk: str) -> None:
    for name, path in (("first page", "/"), ("rating page", desk)):
        size, _page = load(port, path, squeezed=True)
        print(f"{name}: {size} bytes on the wire, one request (goal {FIRST_LOAD_GOAL})")


def load(port: int, path: str, *, squeezed: bool = False) -> tuple[int, bytes]:
    """Bytes of the answer, headers included, and its body."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers={"Accept-Encoding": "gzip"} if squeezed else {})
    answer = connection.getresponse()
    body = answer.read()
    headers = sum(len(name) + len(value) + 4 for name, value in answer.getheaders())
    return headers + len(body) + len("HTTP/1.1 200 OK\r\n\r\n"), body


def compare(office: servers.Server, bare: servers.Server, desk: str) -> None:
    print(f"start to first answer: {office.started_in:.2f} s (bare Flask: {bare.started_in:.2f} s)")
    rate = rating_visit(desk)
    for citizens in (1, CITIZENS):
        crowd = partial(visits_a_second, citizens=citizens, seconds=SECONDS)
        found = rounds(
            {
                "bare": partial(crowd, bare.port, bare_visit),
                "office": partial(crowd, office.port, rate),
            },
            count=ROUNDS,
        )
        ratio = found["office"] / found["bare"]
        print(
            f"whole visits a second, {citizens} at once: {found['office']:.0f} "
            f"against {found['bare']:.0f} of the bare pair: {ratio:.2f} (goal 0.70)"
        )


main()
