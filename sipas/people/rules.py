"""What is written down of a person, names to sign in with, and roles from day to day."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sipas.door.rules import account_name
from sipas.staff.rules import Role

SIGN_IN_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,39}")


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """A person as the office knows them."""

    name: str
    title: str
    email: str
    unit_id: int


@dataclass(frozen=True, slots=True)
class RoleSpan:
    """A role for a unit and what is below it; `ends` is the first day without it."""

    role: Role
    unit_id: int
    starts: date
    ends: date | None

    def meets(self, other: "RoleSpan") -> bool:
        """Is there a day on which both hold?"""
        last_to_start = max(self.starts, other.starts)
        return all(span.ends is None or last_to_start < span.ends for span in (self, other))


def suggested_sign_in(name: str) -> str:
    """Nguyễn Văn Nam signs in as namnv: the given name, then the other initials."""
    words = [re.sub(r"[^a-z0-9]", "", account_name(word)) for word in name.split()]
    *others, given = [word for word in words if word] or ["canbo"]
    return (given + "".join(word[0] for word in others))[:30].ljust(3, "0")


def free_sign_in(wanted: str, taken: Iterable[str]) -> str:
    """The name itself, or with the first number that makes it a new one."""
    known = set(taken)
    number = 2
    free = wanted
    while free in known:
        free = f"{wanted}{number}"
        number += 1
    return free
