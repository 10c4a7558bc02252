"""What a letter is, when a failed one is tried again, and when periodic work is due."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

LEASE = timedelta(minutes=5)  # longer than one letter can take, with every wait at its limit
RUN_LEASE = timedelta(minutes=30)  # the same for one run of periodic work
TRIED_FOR = timedelta(hours=48)
KEPT_FOR = timedelta(days=90)
_WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
_LONGEST_WAIT = timedelta(hours=4)
# No wait or lease is this long, and no two workers' clocks differ by so much: a time farther
# ahead was noted under a clock that was wrong, and holds nothing up.
FAR_AHEAD = timedelta(hours=12)
_FIRST_PERIOD = datetime(2023, 12, 31, 17, tzinfo=UTC)  # a midnight in Vietnam


@dataclass(frozen=True, slots=True)
class Letter:
    """One notice to one person. It never carries a secret or the content of a case."""

    to: str
    subject: str
    body: str


class Setback(StrEnum):
    """Why a letter did not go out, as far as the next step depends on it."""

    REFUSED = "refused"  # this letter will never be taken
    DEFERRED = "deferred"  # this letter not now
    UNREACHABLE = "unreachable"  # no letter can go out now


class DeliveryError(Exception):
    """A letter did not go out. The detail is a number or a kind of error; it quotes no address."""

    def __init__(self, setback: Setback, detail: str) -> None:
        super().__init__(setback, detail)
        self.setback = setback
        self.detail = detail


class NoticeState(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    GIVEN_UP = "given_up"


def next_try(setback: Setback, *, posted: datetime, tries: int, now: datetime) -> datetime | None:
    """When to try again after this many tries, or nothing when it is given up."""
    if setback is Setback.REFUSED or now - posted >= TRIED_FOR:
        return None
    return now + (_WAITS[tries - 1] if tries <= len(_WAITS) else _LONGEST_WAIT)


def masked(address: str, *, domain: str) -> str:
    """A private person's address without its name; the office's own are shown whole."""
    name, at, host = address.rpartition("@")
    if host.casefold() == domain.casefold():
        return address
    return f"{name[:1]}•••{at}{host}"


def period_of(now: datetime, every: timedelta) -> datetime:
    """The beginning of the period that this moment lies in; days begin at Vietnam's midnight."""
    return _FIRST_PERIOD + (now - _FIRST_PERIOD) // every * every
