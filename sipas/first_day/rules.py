"""The first day: which steps there are, and which is done."""

from dataclasses import dataclass
from enum import StrEnum


class Step(StrEnum):
    """What an office does on its first day, in this order; each can be left and found again."""

    NAME = "co-quan"
    EMBLEM = "bieu-trung"
    UNITS = "don-vi"
    DESK = "quay"
    POSTER = "to-qr"


@dataclass(frozen=True, slots=True)
class FirstDay:
    """How far the first day has come, read from what is there and not from a note about it."""

    done: frozenset[Step]

    @property
    def next(self) -> Step | None:
        return next((step for step in Step if step not in self.done), None)

    @property
    def left(self) -> int:
        return len(Step) - len(self.done)


@dataclass(frozen=True, slots=True)
class OfficeWords:
    """How the office is called and reached, as someone wrote it."""

    name: str
    place: str
    phone: str
    domain: str


EMBLEM_SIDE = 96  # pixels: three for each of the 32 that the header shows
EMBLEM_BYTES = 6000  # it rides inside each citizen's page, which has 14 KB in all
EMBLEM_UPLOAD = 2 * 1024 * 1024
EMBLEM_PIXELS = 25_000_000
EMBLEM_COLOURS = (256, 64, 16)
UNITS_AT_ONCE = 60
