"""When a failed letter is tried again, and which period a moment lies in."""

from datetime import UTC, datetime, timedelta

import pytest

from sipas.mailroom.rules import Setback, masked, next_try, period_of

POSTED = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("tries", "minutes"), [(1, 1), (2, 5), (3, 15), (4, 60), (5, 240), (40, 240)]
)
def test_the_waits_grow_and_stay_at_four_hours(tries, minutes):
    due = next_try(Setback.DEFERRED, posted=POSTED, tries=tries, now=POSTED)

    assert due == POSTED + timedelta(minutes=minutes)


@pytest.mark.parametrize("setback", [Setback.DEFERRED, Setback.UNREACHABLE])
def test_after_two_days_a_letter_is_given_up(setback):
    hours = timedelta(hours=48)

    assert next_try(setback, posted=POSTED, tries=9, now=POSTED + hours) is None
    assert next_try(setback, posted=POSTED, tries=9, now=POSTED + hours - timedelta(seconds=1))


def test_a_letter_that_is_refused_is_not_tried_again():
    assert next_try(Setback.REFUSED, posted=POSTED, tries=1, now=POSTED) is None


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("hoa@anbinh.gov.vn", "hoa@anbinh.gov.vn"),
        ("hoa@AnBinh.gov.vn", "hoa@AnBinh.gov.vn"),
        ("nguyen.hoa@gmail.com", "n•••@gmail.com"),
        ("hoa@x.anbinh.gov.vn", "h•••@x.anbinh.gov.vn"),
    ],
)
def test_a_private_address_is_shown_without_its_name(address, shown):
    assert masked(address, domain="anbinh.gov.vn") == shown


@pytest.mark.parametrize(
    ("moment", "every", "begins"),
    [
        ("2026-11-20T09:00:59+07:00", timedelta(minutes=1), "2026-11-20T09:00:00+07:00"),
        ("2026-11-20T09:01:00+07:00", timedelta(minutes=1), "2026-11-20T09:01:00+07:00"),
        ("2026-11-20T23:59:00+07:00", timedelta(days=1), "2026-11-20T00:00:00+07:00"),
        ("2026-11-21T00:00:00+07:00", timedelta(days=1), "2026-11-21T00:00:00+07:00"),
        ("2019-01-01T12:00:00+07:00", timedelta(days=1), "2019-01-01T00:00:00+07:00"),
    ],
)
def test_periods_begin_where_vietnam_begins_them(moment, every, begins):
    now = datetime.fromisoformat(moment)

    assert period_of(now, every) == datetime.fromisoformat(begins)
