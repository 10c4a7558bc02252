"""Accounts, sessions and the count of failures, on both databases."""

import threading
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import func, select

from sipas.door import actions
from sipas.door.models import Account, FailedTry, KnownBrowser, RecoveryCode, SignIn
from sipas.door.queries import (
    account_by_name,
    code_tried,
    hash_password,
    is_known_browser,
    open_sign_in,
    password_matches,
    password_tried,
    wait_until,
)
from sipas.door.rules import CODE_LIMITS, LIMITS, Counter, hash_cost
from sipas.errors import NotFoundError, RuleError
from sipas.ledger.models import Event
from sipas.ledger.rules import COMMAND
from tests.conftest import NOW

COST = hash_cost("test")
KEY = b"k" * 32


def tried(name="an.nguyen", *, address="10.0.0.1", known=None):
    return password_tried(KEY, name, address=address, known_browser=known)


def fail(db, times, *, now=NOW, **about):
    for _time in range(times):
        assert actions.begin_try(db, tried(**about), None, now=now) is None
    db.commit()


def session(db, account, *, now=NOW):
    token = actions.open_session(db, account, browser="Firefox", factor_passed=True, now=now)
    db.commit()
    return open_sign_in(db, token, now=now)


def events(db):
    return db.scalars(select(Event.what).order_by(Event.seq)).all()


def test_a_new_account_has_a_temporary_password_that_must_be_changed(db):
    account, temporary = actions.add_account(db, "An.Nguyễn", cost=COST, by=COMMAND, now=NOW)

    assert account.name == "an.nguyen"
    assert account.must_change_password
    assert password_matches(account, temporary, COST)
    assert temporary not in account.password_hash


def test_a_name_that_differs_only_in_accents_is_taken(db, account):
    account("an.nguyen")

    with pytest.raises(RuleError):
        actions.add_account(db, "Ân.Nguyễn", cost=COST, by=COMMAND, now=NOW)


def test_a_password_matches_however_its_accents_are_composed(account):
    person = account()
    person.password_hash = hash_password("mèo ngủ trưa hè", COST)

    assert password_matches(person, "mèo ngủ trưa hè", COST)
    assert not password_matches(person, "meo ngu trua he", COST)


def test_nobodys_password_is_never_right(account):
    person = account()
    person.password_hash = "!"

    assert not password_matches(None, "", COST)
    assert not password_matches(person, "", COST)
    assert not password_matches(person, "!", COST)


def test_a_reset_ends_every_session_and_forgets_known_browsers(db, account):
    person = account()
    found = session(db, person)
    actions.let_in(db, found, browser_mark="m", by=COMMAND, now=NOW)

    temporary = actions.reset_password(db, person, cost=COST, by=COMMAND, now=NOW)
    db.commit()

    assert person.must_change_password
    assert password_matches(person, temporary, COST)
    assert found.ended_at == NOW
    assert db.scalar(select(func.count()).select_from(KnownBrowser)) == 0


def test_a_disabled_account_is_out_at_once_and_comes_back_with_its_password(db, account):
    person = account()
    token = actions.open_session(db, person, browser="", factor_passed=True, now=NOW)

    actions.disable(db, person, by=COMMAND, now=NOW)
    db.commit()
    assert open_sign_in(db, token, now=NOW) is None

    actions.enable(db, person, by=COMMAND, now=NOW)
    assert open_sign_in(db, token, now=NOW) is None
    assert not person.disabled


def test_ending_the_other_sessions_keeps_this_one_and_colleagues(db, account):
    mine, other, colleagues = (
        session(db, account("an")),
        session(db, account_by_name(db, "an")),
        session(db, account("binh")),
    )

    ended = actions.end_sessions(db, mine.account_id, by=COMMAND, now=NOW, but=mine)
    db.commit()
    for found in (mine, other, colleagues):
        db.refresh(found)

    assert ended == 1
    assert [mine.ended_at, other.ended_at, colleagues.ended_at] == [None, NOW, None]


def test_ending_no_session_leaves_no_event(db, account):
    person = account()

    assert actions.end_sessions(db, person.id, by=COMMAND, now=NOW) == 0
    assert events(db) == ["account.added"]


def test_a_session_of_somebody_else_is_not_found(db, account):
    mine, colleagues = session(db, account("an")), session(db, account("binh"))

    with pytest.raises(NotFoundError):
        actions.end_session(db, mine.account_id, colleagues.id, by=COMMAND, now=NOW)


def test_a_renewed_session_opens_by_its_new_token_only(db, account):
    person = account()
    old = actions.open_session(db, person, browser="", factor_passed=True, now=NOW)

    new = actions.renew(db, open_sign_in(db, old, now=NOW), now=NOW)

    assert open_sign_in(db, old, now=NOW) is None
    assert open_sign_in(db, new, now=NOW) is not None


def test_no_token_stands_in_the_database(db, account):
    token = actions.open_session(db, account(), browser="", factor_passed=True, now=NOW)

    assert token not in db.scalars(select(SignIn.token_hash)).all()
    assert len(token) >= 43


@pytest.mark.parametrize("counter", list(Counter))
def test_the_failure_after_the_free_ones_has_to_wait(db, counter):
    free = LIMITS[counter].free
    names = {Counter.ADDRESS: lambda n: f"name{n}"}.get(counter, lambda _n: "an.nguyen")
    places = {Counter.NAME: lambda n: f"10.0.0.{n}"}.get(counter, lambda _n: "10.0.0.1")
    for n in range(free):
        assert wait_until(db, tried(names(n), address=places(n)), now=NOW) is None
        actions.begin_try(db, tried(names(n), address=places(n)), None, now=NOW)

    until = actions.begin_try(db, tried(names(free), address=places(free)), None, now=NOW)

    assert until == NOW + timedelta(minutes=1)
    assert db.scalar(select(func.count()).select_from(FailedTry)) == free


def test_a_held_try_is_not_counted_so_the_wait_does_not_grow_by_hammering(db):
    fail(db, 10)

    waits = {actions.begin_try(db, tried(), None, now=NOW) for _time in range(50)}

    assert waits == {NOW + timedelta(minutes=1)}


def test_after_the_wait_one_more_try_is_read_and_then_it_takes_twice_as_long(db):
    fail(db, 10)
    later = NOW + timedelta(minutes=1, seconds=1)
    fail(db, 1, now=later)

    assert wait_until(db, tried(), now=later) == later + timedelta(minutes=2)


def test_an_hour_later_everything_is_forgotten(db):
    fail(db, 10)

    assert wait_until(db, tried(), now=NOW + timedelta(hours=1)) is None


def test_the_owner_elsewhere_and_colleagues_here_are_not_held(db):
    fail(db, 10)

    assert wait_until(db, tried(), now=NOW) is not None
    assert wait_until(db, tried(address="10.9.9.9"), now=NOW) is None
    assert wait_until(db, tried("binh"), now=NOW) is None


def test_guesses_spread_over_addresses_hold_the_name_but_not_a_known_browser(db):
    for n in range(LIMITS[Counter.NAME].free):
        fail(db, 1, address=f"10.0.1.{n}")

    assert wait_until(db, tried(address="10.9.9.9"), now=NOW) is not None
    assert wait_until(db, tried(address="10.9.9.9", known="mark"), now=NOW) is None


def test_a_known_browser_has_ten_failures_of_its_own(db):
    fail(db, 10, known="mark")

    assert wait_until(db, tried(known="mark"), now=NOW) is not None
    assert wait_until(db, tried(), now=NOW) is None


def test_a_right_proof_forgives_its_own_slips_and_nobody_elses(db):
    fail(db, 10)
    fail(db, 10, name="binh")

    actions.forgive(db, tried())

    assert wait_until(db, tried(), now=NOW) is None
    assert wait_until(db, tried("binh"), now=NOW) is not None


def test_codes_are_counted_by_session_and_by_account(db, account):
    person = account()
    first, second = session(db, person), session(db, person)
    about = [code_tried(KEY, found, known_browser=None) for found in (first, second)]
    for _time in range(CODE_LIMITS[Counter.PAIR].free):
        actions.begin_try(db, about[0], person, now=NOW)

    assert wait_until(db, about[0], now=NOW) is not None
    assert wait_until(db, about[1], now=NOW) is None

    later = NOW + timedelta(minutes=16)
    for _time in range(5):
        actions.begin_try(db, about[1], person, now=later)
    third = code_tried(KEY, session(db, person), known_browser=None)
    for _time in range(5):
        actions.begin_try(db, third, person, now=later)
    assert wait_until(db, code_tried(KEY, session(db, person), known_browser=None), now=later)


def test_neither_names_nor_addresses_can_be_read_in_the_counts(db):
    fail(db, 1)

    row = db.scalars(select(FailedTry)).one()
    assert {len(row.name_mark), len(row.origin_mark)} == {32}
    assert tried() != password_tried(b"z" * 32, "an.nguyen", address="10.0.0.1", known_browser=None)


def test_a_refusal_of_an_unknown_name_is_entered_without_the_name(db):
    actions.begin_try(db, tried("khong.co"), None, now=NOW)
    actions.refuse(db, tried("khong.co"), None, now=NOW)

    event = db.scalars(select(Event)).one()
    assert (event.what, event.subject, event.detail) == ("sign_in.refused", "account:unknown", {})


def test_the_ledger_says_when_a_wait_begins(db, account):
    person = account()
    fail(db, 10)

    actions.refuse(db, tried(), person, now=NOW)

    assert events(db) == ["account.added", "sign_in.refused", "sign_in.held"]


def test_a_step_is_taken_once(db, account):
    person = account()
    person.totp_secret = pyotp.random_base32()
    digits = pyotp.TOTP(person.totp_secret).at(NOW)

    assert actions.accept_step(db, person, digits, now=NOW)
    assert not actions.accept_step(db, person, digits, now=NOW)
    assert not actions.accept_step(db, person, digits, now=NOW + timedelta(seconds=29))


@pytest.mark.parametrize(("steps", "expected"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_a_phone_may_be_half_a_minute_off(db, account, steps, expected):
    person = account()
    person.totp_secret = pyotp.random_base32()
    digits = pyotp.TOTP(person.totp_secret).at(NOW + timedelta(seconds=30 * steps))

    assert actions.accept_step(db, person, digits, now=NOW) is expected


def test_of_the_same_code_sent_many_times_at_once_one_gets_through(db, database, account):
    person = account()
    person.totp_secret = pyotp.random_base32()
    db.commit()
    digits = pyotp.TOTP(person.totp_secret).at(NOW)
    start, accepted = threading.Barrier(6), []

    def post():
        start.wait()
        with database.writing() as own:
            found = own.get_one(Account, person.id)
            accepted.append(actions.accept_step(own, found, digits, now=NOW))
            own.commit()

    threads = [threading.Thread(target=post) for _n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(accepted) == [False] * 5 + [True]


def test_of_many_tries_at_once_no_more_are_read_than_are_free(db, database, account):
    person = account()
    start, held = threading.Barrier(16), []

    def post():
        start.wait()
        with database.writing() as own:
            found = own.get_one(Account, person.id)
            held.append(actions.begin_try(own, tried(), found, now=NOW))
            own.commit()

    threads = [threading.Thread(target=post) for _n in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert held.count(None) == 10


def test_a_recovery_code_is_used_once(db, account):
    person = account()
    actions.renew_codes(db, person, [hash_password("123456789012", COST)], by=COMMAND, now=NOW)
    db.flush()
    code = db.scalars(select(RecoveryCode)).one()

    assert actions.use_recovery_code(db, code, by=COMMAND, now=NOW)
    assert not actions.use_recovery_code(db, code, by=COMMAND, now=NOW)
    assert events(db)[-2:] == ["factor.codes_renewed", "factor.code_used"]


def test_drawn_codes_are_ten_different_ones_of_twelve_digits():
    codes = actions.draw_recovery_codes()

    assert len(set(codes)) == 10
    assert {len(code) for code in codes} == {12}
    assert "".join(codes).isdecimal()


def test_removing_the_factor_takes_its_codes_along(db, account):
    person = account()
    person.totp_secret = pyotp.random_base32()
    actions.renew_codes(db, person, ["a", "b"], by=COMMAND, now=NOW)

    actions.remove_factor(db, person, by=COMMAND, now=NOW)

    assert not person.has_factor
    assert db.scalars(select(RecoveryCode)).all() == []


def test_a_browser_is_new_only_beside_another_one(db, account):
    person = account()
    found = session(db, person)

    news = [
        actions.let_in(db, found, browser_mark=mark, by=COMMAND, now=NOW)[1]
        for mark in ("home", "home", "café", "home")
    ]

    assert news == [False, False, True, False]
    assert is_known_browser(db, person, "café", now=NOW)
    assert not is_known_browser(db, person, "other", now=NOW)
    assert not is_known_browser(db, None, "café", now=NOW)
    assert not is_known_browser(db, person, "café", now=NOW + timedelta(days=180))


def test_what_the_door_need_not_know_is_forgotten(db, account):
    person = account()
    fail(db, 3)
    fail(db, 1, now=NOW + timedelta(days=2))
    actions.let_in(db, session(db, person), browser_mark="m", by=COMMAND, now=NOW)
    db.commit()

    actions.forget_old(db, now=NOW + timedelta(days=2, minutes=1))
    kept = [db.scalar(select(func.count()).select_from(t)) for t in (FailedTry, SignIn)]
    actions.forget_old(db, now=NOW + timedelta(days=181))
    left = [
        db.scalar(select(func.count()).select_from(t)) for t in (FailedTry, SignIn, KnownBrowser)
    ]

    assert kept == [1, 1]
    assert left == [0, 0, 0]


@pytest.mark.parametrize("change", [{"password_hash": "other"}, {"disabled": True}])
def test_a_password_that_was_changed_while_it_was_read_is_no_longer_right(
    db, database, account, change
):
    person = account()
    with database.writing() as other:
        found = other.get_one(Account, person.id)
        for name, value in change.items():
            setattr(found, name, value)
        other.commit()

    assert not actions.accept_password(db, tried(), person, "made anew")
    db.refresh(person)
    assert person.password_hash != "made anew"
