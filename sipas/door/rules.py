"""What the door asks: passwords, codes, how long a session lasts, how often one may fail."""

import ipaddress
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sipas.folding import folded

IDLE = timedelta(minutes=15)
LONGEST = timedelta(hours=12)
SEEN_GRAIN = timedelta(minutes=1)  # a session's last use is noted no finer than this
CONFIRMED_FOR = timedelta(minutes=5)  # how long a step-up holds

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 256
LEAST_OF_ITS_OWN = 6  # signs that remain when every word anybody would guess is taken out
FEWEST_SIGNS = 5  # different ones
SHORTEST_WORD = 4  # shorter words stand inside honest sentences
TEMPORARY_FOR = timedelta(days=7)  # how long a password given by somebody else can be used

CODE_SECONDS = 30
CODE_DIGITS = 6
RECOVERY_CODES = 10
RECOVERY_DIGITS = 12  # digits only: Vietnamese keyboards turn letters into accents

KEEP_TRIES = timedelta(hours=24)
KEEP_SESSIONS = timedelta(days=30)
KEEP_BROWSERS = timedelta(days=180)


def is_open(*, opened: datetime, seen: datetime, now: datetime) -> bool:
    return now - seen < IDLE and now - opened < LONGEST


class Gate(StrEnum):
    """How far somebody with an open session has come."""

    SECOND_STEP = "second_step"  # the password was right, the second factor is still to come
    PASSWORD = "password"  # noqa: S105 -- a gate: the password was given by somebody else
    SET_UP = "set_up"  # the role asks for a second factor and there is none
    OPEN = "open"


def may_enter(*, disabled: bool, temporary_since: datetime | None, now: datetime) -> bool:
    """Does the right password still open this account?"""
    expired = temporary_since is not None and now - temporary_since > TEMPORARY_FOR
    return not disabled and not expired


def gate(*, has_factor: bool, factor_passed: bool, must_change: bool, needs_factor: bool) -> Gate:
    """The first thing that still stands between this person and the back office."""
    if has_factor and not factor_passed:
        return Gate.SECOND_STEP
    if must_change:
        return Gate.PASSWORD
    return Gate.SET_UP if needs_factor and not has_factor else Gate.OPEN


def account_name(text: str) -> str:
    """A name as it is kept: without case, accents and spaces, however it was typed."""
    return "".join(folded(unicodedata.normalize("NFKC", text)).split())


def normalised(password: str) -> str:
    """One form for each password, however a keyboard composes its accents."""
    return unicodedata.normalize("NFKC", password)


class Weakness(StrEnum):
    """Why a password is refused."""

    SHORT = "short"
    LONG = "long"
    MONOTONOUS = "monotonous"
    GUESSABLE = "guessable"
    PERSONAL = "personal"


def weakness(password: str, *, listed: Iterable[str], own: Iterable[str]) -> Weakness | None:
    """What is wrong with this password; `own` are the names of the person and the office."""
    password = normalised(password)
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        return Weakness.SHORT if len(password) < SHORTEST_PASSWORD else Weakness.LONG
    if len(set(folded(password))) < FEWEST_SIGNS:
        return Weakness.MONOTONOUS
    common = _words(listed)
    if _left(password, common) < LEAST_OF_ITS_OWN:
        return Weakness.GUESSABLE
    personal = _left(password, common | _words(own)) < LEAST_OF_ITS_OWN
    return Weakness.PERSONAL if personal else None


_LOOKS_LIKE = str.maketrans("@4301!$57", "aaeoiisst")  # p@ssw0rd is no other word than password
_RUNS = (
    "0123456789",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
)
_RUN_LENGTH = 4
_YEAR = re.compile(r"(19|20)\d\d")
_REPEATED = re.compile(r"(.+?)\1{2,}")


def _words(texts: Iterable[str]) -> frozenset[str]:
    """Each text as a whole and each of its words, folded, without signs between the letters."""
    found = {_letters(text) for text in texts}
    found |= {_letters(word) for text in texts for word in re.split(r"[\W_]+", text)}
    return frozenset(word for word in found if len(word) >= SHORTEST_WORD)


def _letters(text: str) -> str:
    return re.sub(r"[\W_]", "", folded(text))


def _left(password: str, words: frozenset[str]) -> int:
    """How many signs remain without these words, years, runs of keys and repetitions."""
    as_typed = folded(password)
    return min(
        len(_stripped(_letters(form), words))
        for form in (as_typed, as_typed.translate(_LOOKS_LIKE))
    )


def _stripped(text: str, words: frozenset[str]) -> str:
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(word, " ")
    text = _YEAR.sub(" ", text)
    for run in _runs():
        text = text.replace(run, " ")
    return _REPEATED.sub("", text).replace(" ", "")


def _runs() -> Iterator[str]:
    """Neighbouring keys, forwards and backwards, the longest first."""
    for length in range(max(map(len, _RUNS)), _RUN_LENGTH - 1, -1):
        for row in _RUNS:
            for start in range(len(row) - length + 1):
                yield row[start : start + length]
                yield row[start : start + length][::-1]


@dataclass(frozen=True, slots=True)
class HashCost:
    """What one check of a password costs: rounds, memory, lanes (argon2id)."""

    rounds: int
    memory_kib: int
    lanes: int


_STRONG = HashCost(rounds=2, memory_kib=19 * 1024, lanes=1)  # OWASP's first choice for argon2id
_FOR_TESTS = HashCost(rounds=1, memory_kib=8, lanes=1)


def hash_cost(env: str) -> HashCost:
    """The one guard that tests may weaken: a thousand of them sign in."""
    return _FOR_TESTS if env == "test" else _STRONG


class Counter(StrEnum):
    """Under what failures are counted together."""

    PAIR = "pair"
    NAME = "name"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class Limit:
    """After `free` failures within WINDOW each further try waits, twice as long each time."""

    free: int
    first: timedelta
    longest: timedelta


WINDOW = timedelta(hours=1)
_MINUTE = timedelta(minutes=1)
_QUARTER = timedelta(minutes=15)

# No wait is longer than a quarter of an hour, and a refused try is not counted: whoever guesses
# at a colleague's name can slow it down, never close it. A browser in which the person has signed
# in before is counted by itself, so neither a stranger's guesses nor the office's shared address
# touch it.
LIMITS: Mapping[Counter, Limit] = {
    # One name from one address (or one known browser): people who forgot stop before ten.
    Counter.PAIR: Limit(10, _MINUTE, _QUARTER),
    # One name from anywhere: more than three addresses' worth is no person's doing.
    Counter.NAME: Limit(30, _MINUTE, _QUARTER),
    # One address, any name: an office of forty may each mistype once in an hour, some twice.
    Counter.ADDRESS: Limit(60, _MINUTE, _QUARTER),
}

# Codes of six digits: three are right at any moment, so twenty an hour for an account leave a
# guesser, who must know the password already, less than one chance in 500 a day.
CODE_LIMITS: Mapping[Counter, Limit] = {
    Counter.PAIR: Limit(5, _MINUTE, _QUARTER),
    Counter.NAME: Limit(15, _QUARTER, _QUARTER),
}


@dataclass(frozen=True, slots=True)
class Tried:
    """What one try is counted under: keyed hashes, and whether the browser is known."""

    name_mark: str
    origin_mark: str
    known_browser: bool
    limits: Mapping[Counter, Limit]

    @property
    def counters(self) -> list[tuple[Counter, Limit]]:
        """A known browser answers for itself alone."""
        counted = {Counter.PAIR} if self.known_browser else set(self.limits)
        return [(counter, limit) for counter, limit in self.limits.items() if counter in counted]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a try: right, wrong, or not even read until a moment has passed."""

    right: bool
    waits_until: datetime | None = None


def held_until(limit: Limit, *, failures: int, last: datetime | None) -> datetime | None:
    """Until when the next try must wait."""
    if last is None or failures < limit.free:
        return None
    doublings = min(failures - limit.free, 10)
    wait: timedelta = min(limit.first * 2**doublings, limit.longest)
    return last + wait


def network_of(address: str) -> str:
    """Where a try came from. A household has 2^64 addresses of version 6: they count as one."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if found.version == 4:  # noqa: PLR2004 -- the version's own number
        return str(found)
    return str(ipaddress.ip_network((found, 64), strict=False))


_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("coc_coc", "Cốc Cốc"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def browser_of(agent: str) -> str:
    """The family and the system, enough to know one's own browser again, and no more."""
    named = [
        next((name for sign, name in names if sign in agent), "") for names in (_BROWSERS, _SYSTEMS)
    ]
    return " · ".join(name for name in named if name)
