"""What the door asks: by table."""

from datetime import UTC, datetime, timedelta

import pytest

from sipas.door.rules import (
    LIMITS,
    Counter,
    Gate,
    Limit,
    Weakness,
    account_name,
    browser_of,
    gate,
    hash_cost,
    held_until,
    is_open,
    may_enter,
    network_of,
    weakness,
)

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
LISTED = ("mật khẩu", "password", "việt nam", "lạng sơn")
OWN = ("Nguyễn Văn An", "Sở Tư pháp tỉnh An Bình", "an.nguyen")


@pytest.mark.parametrize(
    ("idle", "age", "expected"),
    [
        (timedelta(minutes=14, seconds=59), timedelta(hours=1), True),
        (timedelta(minutes=15), timedelta(hours=1), False),
        (timedelta(0), timedelta(hours=11, minutes=59), True),
        (timedelta(0), timedelta(hours=12), False),
    ],
)
def test_a_session_lasts_fifteen_idle_minutes_and_twelve_hours_in_all(idle, age, expected):
    assert is_open(opened=NOW - age, seen=NOW - idle, now=NOW) is expected


@pytest.mark.parametrize(
    ("has_factor", "passed", "must_change", "needs", "expected"),
    [
        (True, False, True, True, Gate.SECOND_STEP),
        (True, True, True, True, Gate.PASSWORD),
        (False, True, True, True, Gate.PASSWORD),
        (False, True, False, True, Gate.SET_UP),
        (False, True, False, False, Gate.OPEN),
        (True, True, False, True, Gate.OPEN),
        (True, False, False, False, Gate.SECOND_STEP),
    ],
)
def test_the_gates_stand_in_this_order(has_factor, passed, must_change, needs, expected):
    found = gate(
        has_factor=has_factor, factor_passed=passed, must_change=must_change, needs_factor=needs
    )

    assert found == expected


@pytest.mark.parametrize(
    ("password", "expected"),
    [
        ("bốn mèo ngủ", Weakness.SHORT),
        ("x" * 257, Weakness.LONG),
        ("abababababab", Weakness.MONOTONOUS),
        ("ababcababcab", Weakness.MONOTONOUS),
        ("matkhau123456", Weakness.GUESSABLE),
        ("MậtKhẩu@2026", Weakness.GUESSABLE),
        ("P@ssw0rd-2026", Weakness.GUESSABLE),
        ("qwertyuiop12", Weakness.GUESSABLE),
        ("poiuytrewq!!", Weakness.GUESSABLE),
        ("1qaz2wsx3edc", Weakness.GUESSABLE),
        ("VietNam LangSon 1975", Weakness.GUESSABLE),
        ("nguyenvanan1990", Weakness.PERSONAL),
        ("SoTuPhapTinhAnBinh", Weakness.PERSONAL),
        ("an.nguyen@2026", Weakness.PERSONAL),
        ("bốn con mèo ngủ trưa", None),
        ("tr0ng-veo-bat-ngat", None),
        ("Nguyễn thích phở gà lắm", None),
    ],
)
def test_a_password_that_anybody_would_guess_is_refused(password, expected):
    assert weakness(password, listed=LISTED, own=OWN) == expected


def test_names_are_compared_without_case_accents_and_spaces():
    assert account_name(" Đỗ Thị.ÁNH ") == "dothi.anh"


def test_only_tests_may_hash_cheaply():
    assert {hash_cost(env).memory_kib for env in ("embedded", "production")} == {19 * 1024}
    assert hash_cost("test").memory_kib < 19 * 1024


@pytest.mark.parametrize(
    ("failures", "minutes"), [(9, None), (10, 1), (11, 2), (12, 4), (14, 15), (500, 15)]
)
def test_each_further_failure_waits_twice_as_long_up_to_a_quarter_of_an_hour(failures, minutes):
    limit = Limit(10, timedelta(minutes=1), timedelta(minutes=15))

    until = held_until(limit, failures=failures, last=NOW)

    assert until == (None if minutes is None else NOW + timedelta(minutes=minutes))


def test_nobody_is_ever_held_for_longer_than_a_quarter_of_an_hour():
    assert {limit.longest for limit in LIMITS.values()} == {timedelta(minutes=15)}
    assert LIMITS[Counter.PAIR].free < LIMITS[Counter.NAME].free < LIMITS[Counter.ADDRESS].free


@pytest.mark.parametrize(
    ("disabled", "days", "expected"),
    [(False, None, True), (True, None, False), (False, 7, True), (False, 8, False)],
)
def test_a_temporary_password_opens_for_a_week(disabled, days, expected):
    since = None if days is None else NOW - timedelta(days=days)

    assert may_enter(disabled=disabled, temporary_since=since, now=NOW) is expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("10.1.2.3", "10.1.2.3"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("", "unknown"),
    ],
)
def test_a_household_of_version_six_counts_as_one_address(address, expected):
    assert network_of(address) == expected


@pytest.mark.parametrize(
    ("agent", "expected"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Firefox/140.0", "Firefox · Windows"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/140.0 Mobile Safari/537.36", "Chrome · Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1", "Safari · iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge · Windows"),
        ("curl/8.0", ""),
    ],
)
def test_of_a_browser_only_family_and_system_are_kept(agent, expected):
    assert browser_of(agent) == expected
