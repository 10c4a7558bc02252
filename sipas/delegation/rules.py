"""How far a delegation may reach in time."""

from dataclasses import dataclass
from datetime import date

LONGEST_DAYS = 90


@dataclass(frozen=True, slots=True)
class Absence:
    """The days for which somebody hands over their duties, both ends included, and why."""

    first_day: date
    last_day: date
    reason: str

    @property
    def days(self) -> int:
        return (self.last_day - self.first_day).days + 1

    def meets(self, first_day: date, last_day: date) -> bool:
        return self.first_day <= last_day and first_day <= self.last_day
