"""How long a session lasts, and what must be proved again."""

from datetime import datetime, timedelta

IDLE = timedelta(minutes=15)
LONGEST = timedelta(hours=12)
SEEN_GRAIN = timedelta(minutes=1)  # a session's last use is noted no finer than this
CONFIRMED_FOR = timedelta(minutes=5)  # how long a step-up holds


def is_open(*, opened: datetime, seen: datetime, now: datetime) -> bool:
    return now - seen < IDLE and now - opened < LONGEST
