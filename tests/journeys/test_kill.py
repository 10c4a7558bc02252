"""A server killed at any moment of a rating: what was acknowledged is there, once, and whole."""

import os
import random
import re
import signal
import subprocess
import threading
import time
from collections import Counter
from http.client import HTTPException

import pytest
from sqlalchemy import func, select

from sipas.ledger.queries import first_break
from sipas.survey.models import Response, Submission
from tests.running import wait_for
from tests.survey.making import make_desk, make_round

PHONES = 4
KILLS = 4
NOON = "2026-11-20 12:00"


class Phone(threading.Thread):
    """One citizen after another: opens the page, taps, and remembers what was answered."""

    def __init__(self, crowd: "Crowd") -> None:
        super().__init__()
        self.crowd = crowd

    def run(self) -> None:
        while not self.crowd.is_over.is_set():
            try:
                self._rate_once()
            except (OSError, HTTPException):
                time.sleep(0.02)  # the server is gone: whatever was sent has no answer

    def _rate_once(self) -> None:
        _status, page = self.crowd.served.get(f"/k/{self.crowd.code}")
        form = re.search(r'name="phieu" value="([^"]+)"', page)
        if form:
            self.crowd.tapped[form[1]] = random.choice("12345")  # noqa: S311 -- no secret
            self.crowd.tap(form[1])


class Crowd:
    """Citizens who rate at once, what each of them tapped, and which forms were acknowledged."""

    def __init__(self, served, code: str) -> None:
        self.served = served
        self.code = code
        self.tapped: dict[str, str] = {}
        self.acknowledged: set[str] = set()
        self.strange: list[int] = []
        self.is_over = threading.Event()
        self._phones = [Phone(self) for _number in range(PHONES)]
        for phone in self._phones:
            phone.start()

    def tap(self, form: str) -> None:
        fields = {"phieu": form, "muc": self.tapped[form]}
        status, _page = self.served.post(f"/k/{self.code}/danh-gia", fields)
        if status == 200:
            self.acknowledged.add(form)
        else:
            self.strange.append(status)

    def wait_for_more(self) -> None:
        before = len(self.acknowledged)
        assert wait_for(lambda: len(self.acknowledged) > before + 5)

    def go_home(self) -> None:
        self.is_over.set()
        for phone in self._phones:
            phone.join()

    def levels(self, forms) -> Counter:
        return Counter(self.tapped[form] for form in forms)


def kill_everything(installation, served):
    served.kill()
    return installation.serve(SIPAS_CLOCK=NOON)


def kill_the_worker(_installation, served):
    """Only the process that holds the connections; its master starts another one."""
    children = ["pgrep", "-P", str(served.process.pid)]
    found = subprocess.run(children, capture_output=True, text=True, check=True)
    os.kill(int(found.stdout.split()[0]), signal.SIGKILL)
    return served


@pytest.fixture
def code(db, office):
    make_round(db)
    return make_desk(db, office)


def stored(database) -> Counter:
    with database.reading() as db:
        return Counter(db.scalars(select(Response.answers)))


@pytest.mark.parametrize("kill", [kill_everything, kill_the_worker])
def test_a_rating_is_there_after_a_kill_exactly_when_it_was_acknowledged(
    installation, database, code, kill
):
    crowd = Crowd(installation.serve(SIPAS_CLOCK=NOON), code)

    for _time in range(KILLS):
        crowd.wait_for_more()
        time.sleep(random.uniform(0, 0.3))  # noqa: S311 -- any moment
        crowd.served = kill(installation, crowd.served)
    crowd.wait_for_more()
    crowd.go_home()

    kept = stored(database)
    assert crowd.levels(crowd.acknowledged) <= kept  # nothing acknowledged is lost
    assert kept <= crowd.levels(crowd.tapped)  # and nothing is there that nobody sent

    for form in crowd.tapped:
        crowd.tap(form)  # as a browser does that got no answer
    assert stored(database) == crowd.levels(crowd.tapped)
    assert crowd.strange == []
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Submission)) == len(crowd.tapped)
        assert first_break(db) is None
    assert installation.run("verify", SIPAS_CLOCK=NOON).returncode == 0
