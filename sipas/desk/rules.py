"""Printed codes and their addresses, and what is said of a desk."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

# Damm's quasigroup of order 10. A wrong digit and two swapped neighbours never pass the check.
_DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)

CODE_LENGTH = 6
# Five free digits, the first of them not 0: a leading 0 is lost on the way through a spreadsheet.
FIRST_NUMBER = 10_000
NUMBERS = 90_000

# What a QR code of version 3 at level H holds in its alphabet of capitals and digits.
LONGEST_ADDRESS = 35

LONGEST_NAME = 60
LONGEST_PLACE = 120


def check_digit(digits: str) -> int:
    interim = 0
    for digit in digits:
        interim = _DAMM[interim][int(digit)]
    return interim


def code_of(number: int) -> str:
    """The code printed for one of NUMBERS numbers, counted from FIRST_NUMBER."""
    return f"{number}{check_digit(str(number))}"


def typed_code(text: str) -> str:
    """What was meant by a code typed by hand: "302 713", "302-713" and full-width digits too."""
    return re.sub(r"[\s.\-\u2010-\u2015]", "", unicodedata.normalize("NFKC", text))


def is_code(code: str) -> bool:
    """A slip of the finger fails here, before any search: no such code was ever printed."""
    return (
        re.fullmatch(rf"[1-9][0-9]{{{CODE_LENGTH - 1}}}", code) is not None
        and check_digit(code) == 0
    )


def short_address(base: str, code: str) -> str:
    """What stands in the QR. Capitals only: they take fewer, larger modules than small letters."""
    return f"{base.rstrip('/')}/{code}".upper()


def typed_address(base: str, code: str) -> str:
    """What a person types who cannot scan."""
    return short_address(base, code).lower().partition("://")[2]


def fits_small_print(address: str) -> bool:
    """It fits the 29 modules that a cheap phone reads from arm's length."""
    return len(address) <= LONGEST_ADDRESS


class CodeState(StrEnum):
    """What becomes of a code that somebody scanned or typed."""

    VALID = "valid"
    REVOKED = "revoked"
    UNKNOWN = "unknown"
    MISTYPED = "mistyped"


@dataclass(frozen=True, slots=True)
class DeskFacts:
    """What staff say of a desk."""

    name: str
    place: str
    unit_id: int
    sector_ids: frozenset[int] = frozenset()
