"""What a response holds, what marks a sending without naming anyone, and what may be shown."""

import base64
import hmac
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

LEVELS = (1, 2, 3, 4, 5)
SATISFIED = (4, 5)
BLANK = "-"  # a criterion left empty; "x" says that it does not apply
YES, NO = "1", "0"  # a reason that was chosen, and one that was not

CHANGE_WITHIN = timedelta(minutes=10)
ARRIVAL_LIVES = timedelta(hours=23)  # it is purged hourly, so at most a day is true
FORM_LIVES = timedelta(days=7)
LATE_FORMS = timedelta(days=1)  # a page opened before the round closed may still be sent

LONGEST_REMARK = 2000
MINIMUM_CELL = 5
ONE_TAP = "one-tap"  # the questionnaire of the short rating
STANDING_NAME = "Đánh giá thường xuyên tại quầy"
STANDING_YEARS = 10  # a printed code hangs for years, and must not fall silent at a new year

_ID_BYTES = 16
_SEAL_BYTES = 16
_NUMBER_BYTES = 5  # with these lengths base64 needs no padding, so a seal has one spelling
_FORM_BYTES = _ID_BYTES + 2 * _NUMBER_BYTES + _SEAL_BYTES


class Channel(StrEnum):
    """How a response reached the office (kênh)."""

    PHONE = "phone"
    KIOSK = "kiosk"
    WEB = "web"
    PAPER = "paper"
    ASSISTED = "assisted"
    IMPORTED = "imported"


class Tier(StrEnum):
    """How sure it is that the person was there (mức tin cậy), the surest first."""

    SLIP = "slip"
    PRESENCE = "presence"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Rating:
    """One response as it is stored, but for its random id."""

    round_id: int
    questionnaire_id: int
    desk_id: int
    day: date
    channel: Channel
    tier: Tier
    language: str
    answers: str
    reasons: str
    sector_id: int | None = None


@dataclass(frozen=True, slots=True)
class RoundPlan:
    """What a round is opened with: its name, its first and last day, the tiers that count."""

    name: str
    opens: date
    closes: date
    is_test: bool = False
    tiers: tuple[Tier, ...] = tuple(Tier)


def standing_plan(opens: date) -> RoundPlan:
    """The round that an office begins with: it takes ratings until another one is opened."""
    return RoundPlan(STANDING_NAME, opens, date(opens.year + STANDING_YEARS, 12, 31))


def takes_forms(opens: date, closes: date, day: date) -> bool:
    """May a form of a round, opened while it was open, still be sent on this day?"""
    return opens <= day <= closes + LATE_FORMS


@dataclass(frozen=True, slots=True)
class Receipt:
    """What proves that a sending arrived, and never what it said."""

    number: str
    day: date

    @property
    def grouped(self) -> str:
        return f"{self.number[:4]} {self.number[4:]}"


@dataclass(frozen=True, slots=True)
class ShownForm:
    """A form (tờ phiếu) as it was handed to a browser: its random id, for which round, when."""

    id: bytes
    round_id: int
    at: datetime

    def is_fresh(self, now: datetime) -> bool:
        """A clock set back is no reason to refuse a citizen, so both directions are allowed."""
        return abs(now - self.at) <= FORM_LIVES

    @property
    def forgotten_after(self) -> date:
        """The last day on which its submission must be remembered."""
        return (self.at.astimezone(UTC) + FORM_LIVES + timedelta(days=1)).date()


def new_form(round_id: int, *, now: datetime) -> ShownForm:
    return ShownForm(secrets.token_bytes(_ID_BYTES), round_id, now)


def sealed(form: ShownForm, code: str, key: bytes) -> str:
    """The form's own name as its hidden field carries it; it holds at this desk's code only."""
    numbers = (int(form.at.timestamp()), form.round_id)
    content = form.id + b"".join(number.to_bytes(_NUMBER_BYTES) for number in numbers)
    return base64.urlsafe_b64encode(content + _seal(content, code, key)).decode()


def unsealed(text: str, code: str, key: bytes) -> ShownForm | None:
    """The form that we handed out under this name, or None: it was made up or cut."""
    try:
        raw = base64.b64decode(text, altchars=b"-_", validate=True)
    except ValueError:
        return None
    content, seal = raw[:-_SEAL_BYTES], raw[-_SEAL_BYTES:]
    if len(raw) != _FORM_BYTES or not hmac.compare_digest(seal, _seal(content, code, key)):
        return None
    moment = int.from_bytes(content[_ID_BYTES:-_NUMBER_BYTES])
    round_id = int.from_bytes(content[-_NUMBER_BYTES:])
    return ShownForm(content[:_ID_BYTES], round_id, datetime.fromtimestamp(moment, UTC))


def _seal(content: bytes, code: str, key: bytes) -> bytes:
    return hmac.digest(key, b"form\0" + content + code.encode(), "sha256")[:_SEAL_BYTES]


@dataclass(frozen=True, slots=True)
class Sending:
    """What tells a sending from every other, as keyed hashes: neither can be undone.

    The form's id goes into the hash of the content too. Without it the five levels would give
    five hashes, and who sent what could be read off the table.
    """

    mark: bytes
    content: bytes
    forgotten_after: date


def sending(form: ShownForm, content: str, key: bytes, *, kind: str = "rating") -> Sending:
    mark = hmac.digest(key, f"{kind}\0".encode() + form.id, "sha256")
    said = hmac.digest(key, f"{kind} content\0".encode() + form.id + content.encode(), "sha256")
    return Sending(mark, said, form.forgotten_after)


def device_mark(key: bytes, day: date, address: str, agent: str) -> bytes:
    """The same for one phone on one day; it tells nothing on the next, and dies within a day."""
    salt = hmac.digest(key, f"device\0{day.isoformat()}".encode(), "sha256")
    return hmac.digest(salt, f"{address}\n{agent}".encode(), "sha256")[:_ID_BYTES]


def new_id() -> bytes:
    """The id of a response or remark: rows lie in this order, which says nothing of arrival."""
    return secrets.token_bytes(_ID_BYTES)


def new_receipt_number() -> str:
    return f"{secrets.randbelow(10**8):08}"


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month, named in an address as 2026-11."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year}-{self.number:02}"

    @property
    def first_day(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def last_day(self) -> date:
        return (self.first_day + timedelta(days=31)).replace(day=1) - timedelta(days=1)

    @property
    def before(self) -> "Month":
        return month_of(self.first_day - timedelta(days=1))


def month_of(day: date) -> Month:
    return Month(day.year, day.month)


def months_back(day: date, count: int) -> list[Month]:
    """The month of this day and those before it, the newest first."""
    months = [month_of(day)]
    while len(months) < count:
        months.append(months[-1].before)
    return months


def shown_until(month: Month, today: date) -> date:
    """The last day of which a month's figures tell.

    Figures seen before and after one response would give it away. So those of the running month
    move once a week, up to the last Sunday before today; a month that is over is shown whole.
    """
    if month.last_day < today:
        return month.last_day
    return today - timedelta(days=today.isoweekday())


@dataclass(frozen=True, slots=True)
class Figures:
    """How often each level was chosen, 1 to 5."""

    levels: tuple[int, ...] = (0, 0, 0, 0, 0)

    @property
    def forms(self) -> int:
        return sum(self.levels)

    @property
    def rate(self) -> Decimal | None:
        """Percent of levels 4 and 5, half up to two decimals; of nobody there is none."""
        if not self.forms:
            return None
        satisfied = sum(self.levels[level - 1] for level in SATISFIED)
        share = Decimal(100 * satisfied) / Decimal(self.forms)
        return share.quantize(Decimal("0.01"), ROUND_HALF_UP)


def total(figures: Iterable[Figures]) -> Figures:
    counts = zip(*(each.levels for each in figures), strict=True)
    return Figures(tuple(map(sum, counts)) or Figures().levels)


class Cell(StrEnum):
    """What may be shown of one desk."""

    OPEN = "open"
    NOBODY = "nobody"
    FEW = "few"
    KEPT = "kept"  # enough people, but its figure would give away that of another desk


def cell_of(forms: int, *, is_closed: bool) -> Cell:
    if forms >= MINIMUM_CELL:
        return Cell.KEPT if is_closed else Cell.OPEN
    return Cell.FEW if forms else Cell.NOBODY


def closed_cells(forms: Mapping[int, int]) -> frozenset[int]:
    """The desks whose figures stay closed, decided over all desks of the office at once.

    Those under the minimum, and the next smallest besides, until the sum of the closed ones gives
    nobody away: else the total minus the open ones would give the smallest back.
    """
    smallest_first = sorted(forms, key=lambda desk_id: (forms[desk_id], desk_id))
    closed = [desk_id for desk_id in smallest_first if forms[desk_id] < MINIMUM_CELL]
    for desk_id in smallest_first[len(closed) :]:
        if may_sum_be_known([forms[each] for each in closed]):
            break
        closed.append(desk_id)
    return frozenset(closed)


def may_sum_be_known(forms: Sequence[int]) -> bool:
    """Is what these desks have in common nobody's, or that of enough people at two desks?"""
    filled = [count for count in forms if count]
    return not filled or (len(filled) > 1 and sum(filled) >= MINIMUM_CELL)
