"""The outbox drained and periods run, by real workers that really die."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from sipas.mailroom import jobs
from sipas.mailroom.models import Notice, PeriodicRun
from sipas.mailroom.rules import NoticeState
from sipas.schedule import PERIODIC
from tests.conftest import NOW
from tests.running import free_port, wait_for

LETTERS = 50
OTHER_MINUTE = "+61"  # two workers in one minute would leave that minute's drain to one of them
AFTER_THE_LEASE = "+400"


@pytest.fixture
def mailed(settings, sink):
    return settings.model_copy(update={"mail_host": "127.0.0.1", "mail_port": sink.port})


def mail_of(sink) -> dict[str, str]:
    return {"SIPAS_MAIL_HOST": "127.0.0.1", "SIPAS_MAIL_PORT": str(sink.port)}


def states(database) -> Counter:
    with database.reading() as db:
        return Counter(notice.state for notice in db.scalars(select(Notice)))


def all_sent(database):
    return lambda: states(database) == {NoticeState.SENT: LETTERS}


def test_a_drain_sends_each_letter_once(database, mailed, sink, posted):
    posted(3)

    jobs.drain_outbox(database, mailed)
    jobs.drain_outbox(database, mailed)

    assert [letter["Subject"] for letter in sink.letters] == ["Thư số 1", "Thư số 2", "Thư số 3"]
    assert states(database) == {NoticeState.SENT: 3}


def test_a_refused_letter_does_not_hold_up_the_others(database, mailed, sink, posted):
    posted(1, to="khong@anbinh.gov.vn")
    posted(2)
    sink.answers["khong@anbinh.gov.vn"] = "550 no such person"

    jobs.drain_outbox(database, mailed)

    assert states(database) == {NoticeState.GIVEN_UP: 1, NoticeState.SENT: 2}


def test_while_the_mail_server_is_down_one_letter_is_tried_and_all_wait(
    database, db, mailed, posted
):
    posted(3)

    jobs.drain_outbox(database, mailed.model_copy(update={"mail_port": free_port()}))

    assert states(database) == {NoticeState.WAITING: 3}
    assert sorted(db.scalars(select(Notice.tries))) == [0, 0, 1]


def test_when_the_mail_server_is_back_each_letter_goes_out_once(database, mailed, sink, posted, at):
    at(NOW.isoformat())
    posted(3)
    jobs.drain_outbox(database, mailed.model_copy(update={"mail_port": free_port()}))

    at((NOW + timedelta(minutes=2)).isoformat())
    jobs.drain_outbox(database, mailed)

    assert len(sink.names) == len(set(sink.names)) == 3


def test_two_workers_send_each_of_fifty_letters_once(installation, database, sink, posted):
    posted(LETTERS)

    installation.worker(**mail_of(sink))
    installation.worker(**mail_of(sink), SIPAS_CLOCK=OTHER_MINUTE)

    assert wait_for(all_sent(database)), installation.log()
    assert len(sink.names) == len(set(sink.names)) == LETTERS


def test_a_worker_killed_in_the_middle_loses_no_letter_and_doubles_none(
    installation, database, sink, posted
):
    posted(LETTERS)
    sink.pause_after = 20
    first = installation.worker(**mail_of(sink))
    assert sink.held.wait(30), installation.log()
    first.kill()
    sink.go_on()

    installation.worker(**mail_of(sink), SIPAS_CLOCK=AFTER_THE_LEASE)

    assert wait_for(all_sent(database)), installation.log()
    assert len(sink.names) == len(set(sink.names)) == LETTERS


def test_a_mail_server_that_hangs_keeps_nobody_waiting(
    installation, database, office, sink, posted
):
    posted(1)
    sink.pause_after = 0
    served = installation.serve(**mail_of(sink))
    assert sink.held.wait(30), installation.log()

    status, _page = served.get("/")

    assert status == 200
    assert states(database) == {NoticeState.WAITING: 1}
    sink.go_on()


def test_periodic_work_runs_once_a_period_with_two_workers(database, settings, db):
    done = []
    task = jobs.Periodic("tick", timedelta(days=1), lambda _database, _settings: done.append(1))

    first = jobs.run_once(database, settings, task)
    second = jobs.run_once(database, settings, task)

    assert (first, second, done) == (True, False, [1])
    assert db.scalar(select(func.count(PeriodicRun.done_at))) == 1


def test_work_that_breaks_is_not_taken_for_done(database, settings, db):
    def broken(_database, _settings):
        raise OSError

    with pytest.raises(OSError):  # noqa: PT011 -- any; it is our own
        jobs.run_once(database, settings, jobs.Periodic("tick", timedelta(days=1), broken))

    assert db.scalar(select(func.count(PeriodicRun.done_at))) == 0


def test_two_real_workers_share_the_periods_between_them(installation, database):
    installation.worker()
    installation.worker()

    def tasks_done():
        with database.reading() as db:
            done = select(PeriodicRun.task).where(PeriodicRun.done_at.is_not(None))
            return set(db.scalars(done))

    assert wait_for(lambda: tasks_done() == {task.name for task in PERIODIC}), installation.log()
    assert installation.log().count('"level": "error"') == 0


def test_a_worker_that_is_told_to_stop_ends_well(installation):
    worker = installation.worker()
    assert wait_for((installation.data / "ledger-anchor").exists), installation.log()

    assert worker.stop() == 0


def test_waking_sends_a_letter_without_waiting_for_the_minute(
    installation, database, mailed, posted
):
    installation.worker(SIPAS_MAIL_HOST="127.0.0.1", SIPAS_MAIL_PORT=str(mailed.mail_port))
    assert wait_for((installation.data / "ledger-anchor").exists), installation.log()
    posted(1)

    jobs.wake(database, mailed)

    assert wait_for(lambda: states(database) == {NoticeState.SENT: 1}, 10), installation.log()
