"""The one clock: moments in UTC, days in Vietnam."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


class _Belief:
    """What the program believes; only the test setting SIPAS_CLOCK ever moves it."""

    ahead = timedelta()


def now() -> datetime:
    return datetime.now(UTC) + _Belief.ahead


def today() -> date:
    return day_of(now())


def day_of(moment: datetime) -> date:
    return moment.astimezone(VIETNAM).date()


def believe(setting: str | None) -> None:
    """Move the clock to an ISO moment, or ahead by `+seconds`; from there it runs on."""
    if not setting:
        _Belief.ahead = timedelta()
    elif setting[0] in "+-":
        _Belief.ahead = timedelta(seconds=float(setting))
    else:
        moment = datetime.fromisoformat(setting)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=VIETNAM)
        _Belief.ahead = moment - datetime.now(UTC)
