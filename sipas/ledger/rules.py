"""What an entry of the ledger says, and how each is chained to the one before."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

FIRST = "0" * 64  # what the first event names as the one before it


class ActorKind(StrEnum):
    STAFF = "staff"
    CITIZEN = "citizen"
    SYSTEM = "system"
    COMMAND = "command"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it, and for whom: numbers only, since events hold no personal text."""

    kind: ActorKind
    id: int | None = None
    on_behalf_of: int | None = None


SYSTEM = Actor(ActorKind.SYSTEM)
COMMAND = Actor(ActorKind.COMMAND)


@dataclass(frozen=True, slots=True)
class Entry:
    """One event as it is hashed: exactly what is stored, in a fixed form."""

    seq: int
    at: datetime
    what: str
    subject: str
    actor: Actor
    detail: Mapping[str, object]

    def hash_after(self, previous: str) -> str:
        content = json.dumps(
            [
                self.seq,
                self.at.astimezone(UTC).isoformat(timespec="microseconds"),
                self.what,
                self.subject,
                [self.actor.kind, self.actor.id, self.actor.on_behalf_of],
                self.detail,
            ],
            ensure_ascii=False,
            separators=(",", ":"),
            sort_keys=True,
        )
        return hashlib.sha256(f"{previous}\n{content}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Head:
    """Where the chain ends: its length and the last hash."""

    length: int
    hash: str


class BrokenAnchorError(Exception):
    """The anchor is there, but was not made under this installation's secret."""


@dataclass(frozen=True, slots=True)
class Break:
    """The first place where the chain does not hold, and how."""

    seq: int
    kind: "BreakKind"


class BreakKind(StrEnum):
    MISSING = "missing"  # a number is skipped
    ALTERED = "altered"  # the content does not give the stored hash
    UNLINKED = "unlinked"  # it does not name the event before it
    CUT = "cut"  # the chain is shorter than its anchor says
    REPLACED = "replaced"  # at the anchor's place stands another event
