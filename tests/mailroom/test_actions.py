"""Letters leased, sent, put off and given up; periods claimed."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from sipas.errors import RuleError
from sipas.mailroom import actions
from sipas.mailroom.models import Notice, PeriodicRun
from sipas.mailroom.rules import LEASE, RUN_LEASE, DeliveryError, NoticeState, Setback
from tests.conftest import NOW

MINUTE = timedelta(minutes=1)
AWAY = DeliveryError(Setback.UNREACHABLE, "ConnectionRefusedError")


def lease(db, now=NOW):
    notice = actions.lease_next(db, now=now)
    db.commit()
    return notice


def refreshed(db, notice):
    db.expire_all()
    return db.get_one(Notice, notice.id)


def claim(db, now=NOW, period=NOW):
    run = actions.claim_period(db, "task", period=period, every=MINUTE, now=now)
    db.commit()
    return run


def test_a_leased_letter_is_not_given_to_another_sender(db, posted):
    posted(1)

    assert lease(db).tries == 1
    assert lease(db) is None


def test_a_lease_that_ran_out_is_taken_over(db, posted):
    posted(1)
    lease(db)

    assert lease(db, NOW + LEASE).tries == 2


def test_the_letter_that_is_due_longest_goes_first(db, posted):
    posted(1, to="sau@anbinh.gov.vn", now=NOW)
    posted(1, to="truoc@anbinh.gov.vn", now=NOW - MINUTE)

    assert lease(db).to == "truoc@anbinh.gov.vn"


def test_a_letter_waits_for_its_time(db, posted):
    posted(1, now=NOW + MINUTE)

    assert lease(db) is None


def test_a_clock_that_was_set_back_holds_no_letter_up(db, posted):
    posted(1)
    lease(db)

    assert lease(db, NOW - timedelta(days=2)).tries == 2


@pytest.mark.parametrize("seconds", [-3600, -61, -0.001])
def test_workers_whose_clocks_differ_respect_each_others_leases(db, posted, seconds):
    posted(1, now=NOW - timedelta(hours=2))
    lease(db)

    assert lease(db, NOW + timedelta(seconds=seconds)) is None


@pytest.mark.parametrize("seconds", [-3600, -61, -0.001])
def test_workers_whose_clocks_differ_respect_each_others_periods(db, seconds):
    claim(db)

    assert claim(db, NOW + timedelta(seconds=seconds), NOW) is None


def test_a_sent_letter_is_not_sent_again(db, posted):
    posted(1)
    notice = lease(db)

    actions.mark_sent(db, notice, now=NOW)
    db.commit()

    assert refreshed(db, notice).state is NoticeState.SENT
    assert lease(db, NOW + LEASE) is None


def test_a_letter_put_off_comes_back_at_its_time(db, posted):
    posted(1)
    notice = lease(db)

    actions.put_off(db, notice, AWAY, now=NOW)
    db.commit()

    assert refreshed(db, notice).setback is Setback.UNREACHABLE
    assert lease(db, NOW + MINUTE - timedelta(seconds=1)) is None
    assert lease(db, NOW + MINUTE).tries == 2


def test_a_sender_whose_lease_was_taken_over_has_no_say(db, posted, database):
    posted(1)
    with database.reading() as other:
        slow = other.merge(lease(db), load=False)
    taken = lease(db, NOW + LEASE)

    actions.put_off(db, slow, DeliveryError(Setback.REFUSED, "550"), now=NOW + LEASE)
    db.commit()

    assert refreshed(db, taken).state is NoticeState.WAITING
    assert refreshed(db, taken).lease is not None


def test_a_refused_letter_is_given_up_and_can_be_sent_again(db, posted):
    posted(1)
    notice = lease(db)
    actions.put_off(db, notice, DeliveryError(Setback.REFUSED, "550"), now=NOW)
    db.commit()
    given_up = refreshed(db, notice)
    assert given_up.state is NoticeState.GIVEN_UP

    actions.send_again(given_up, now=NOW + MINUTE)
    db.commit()

    assert lease(db, NOW + MINUTE).tries == 1


def test_a_letter_on_its_way_is_not_sent_a_second_time_by_hand(db, posted):
    [notice] = posted(1)

    with pytest.raises(RuleError):
        actions.send_again(notice, now=NOW)


def test_old_letters_are_forgotten_but_never_one_that_waits(db, posted):
    long_ago = NOW - timedelta(days=91)
    old, waiting = posted(2, now=long_ago)
    [young] = posted(1)
    for notice in (old, young):
        actions.mark_sent(db, notice, now=long_ago)

    actions.forget_old(db, now=NOW)
    db.commit()

    assert set(db.scalars(select(Notice.id))) == {waiting.id, young.id}


def test_a_period_is_claimed_once(db):
    assert claim(db) is not None
    assert claim(db) is None


def test_a_finished_period_stays_finished(db):
    actions.finish_period(db, claim(db), now=NOW)
    db.commit()
    db.expire_all()

    assert claim(db, NOW + RUN_LEASE) is None


def test_a_period_whose_worker_died_is_taken_over(db):
    claim(db)

    assert claim(db, NOW + RUN_LEASE - timedelta(seconds=1)) is None
    assert claim(db, NOW + RUN_LEASE) is not None


def test_the_next_period_is_another_one(db):
    claim(db)

    assert claim(db, NOW + MINUTE, NOW + MINUTE) is not None


def test_periods_long_over_are_forgotten(db):
    for minutes in range(6):
        moment = NOW + minutes * MINUTE
        claim(db, moment, moment)

    kept = db.scalars(select(PeriodicRun.period).order_by(PeriodicRun.period)).all()

    assert kept == [NOW + minutes * MINUTE for minutes in (2, 3, 4, 5)]


def test_a_clock_that_was_set_back_does_not_stop_the_work(db):
    claim(db, NOW + timedelta(days=40), NOW + timedelta(days=40))

    assert claim(db) is not None
