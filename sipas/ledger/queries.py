"""Reading the ledger, and proving that nobody changed it."""

import hmac
import json
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

from sqlalchemy import Select, select
from sqlalchemy.exc import DataError, OperationalError
from sqlalchemy.orm import Session

from sipas.ledger.models import ChainEnd, Event
from sipas.ledger.rules import FIRST, Break, BreakKind, BrokenAnchorError, Head

AT_ONCE = 1000

# What drivers and column types say of a value that the program never wrote. SQLite's driver calls
# bytes that are no text an operational error.
_UNREADABLE = (ValueError, TypeError, OverflowError, RecursionError, DataError)


class _UnreadableError(Exception):
    """An event could not be read; `after` is the last one before it that holds."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self.after = after


def head(db: Session) -> Head:
    """The end of the chain. Without its row it is one that no chain has."""
    end = db.scalars(select(ChainEnd)).one_or_none()
    return Head(end.length, end.hash) if end else Head(0, "")


def newest_events() -> Select[Event]:
    return select(Event).order_by(Event.seq.desc())


def first_break(db: Session, anchor: Head | None = None) -> Break | None:
    """Walk the whole chain; name the first event at which it does not hold."""
    try:
        return _walk(db, anchor, AT_ONCE)
    except _UnreadableError:
        return _walk_singly(db, anchor)


def _walk_singly(db: Session, anchor: Head | None) -> Break | None:
    """An event that cannot be read hides those that are fetched with it."""
    try:
        return _walk(db, anchor, 1)
    except _UnreadableError as hidden:
        return Break(hidden.after + 1, BreakKind.ALTERED)


def _walk(db: Session, anchor: Head | None, at_once: int) -> Break | None:
    last = Head(0, FIRST)
    events = _detached(db, db.scalars(select(Event).order_by(Event.seq)).yield_per(at_once))
    while event := _next(events, last):
        if found := _broken_here(event, last) or _replaced(event, anchor):
            return found
        last = Head(event.seq, event.hash)
    return _cut(last, db, anchor)


def _next(events: Iterator[Event], last: Head) -> Event | None:
    try:
        return next(events, None)
    except _UNREADABLE:
        raise _UnreadableError(last.length) from None
    except OperationalError as error:
        if not isinstance(error.orig, sqlite3.Error):
            raise
        raise _UnreadableError(last.length) from None


def _replaced(event: Event, anchor: Head | None) -> Break | None:
    """Whoever rewrites the whole chain cannot give the anchored event its old hash."""
    if anchor and event.seq == anchor.length and event.hash != anchor.hash:
        return Break(event.seq, BreakKind.REPLACED)
    return None


def _cut(last: Head, db: Session, anchor: Head | None) -> Break | None:
    too_short = anchor is not None and last.length < anchor.length
    return Break(last.length + 1, BreakKind.CUT) if too_short or last != head(db) else None


def _broken_here(event: Event, last: Head) -> Break | None:
    if event.seq != last.length + 1:
        return Break(last.length + 1, BreakKind.MISSING)
    if event.previous != last.hash:
        return Break(event.seq, BreakKind.UNLINKED)
    if _hash_of(event, last) != event.hash:
        return Break(event.seq, BreakKind.ALTERED)
    return None


def _hash_of(event: Event, last: Head) -> str | None:
    """None for what no entry can say, such as an actor of a kind that there is not."""
    try:
        return event.entry.hash_after(last.hash)
    except _UNREADABLE:
        return None


def _detached(db: Session, events: Iterable[Event]) -> Iterator[Event]:
    """Each event is read once and let go, so that a long ledger needs little memory."""
    for event in events:
        db.expunge(event)
        yield event


def sealed(end: Head, key: bytes) -> str:
    """The chain's end as it is kept outside the table, with a seal that only the key makes."""
    return json.dumps({"length": end.length, "hash": end.hash, "seal": _seal(end, key)})


def unsealed(text: bytes | str, key: bytes) -> Head | None:
    """The anchor as it was kept, or None when it was not made under this key."""
    try:
        kept = json.loads(text)
        end = Head(int(kept["length"]), str(kept["hash"]))
        is_ours = hmac.compare_digest(str(kept["seal"]).encode(), _seal(end, key).encode())
    except (*_UNREADABLE, KeyError):
        return None
    return end if is_ours else None


def kept_anchor(path: Path, keys: Iterable[bytes]) -> Head | None:
    """The end of the chain as it was last kept in a file; nothing if it never was."""
    if not path.exists():
        return None
    text = path.read_bytes()
    for key in keys:
        if end := unsealed(text, key):
            return end
    raise BrokenAnchorError


def holds_anchor(db: Session, anchor: Head) -> bool:
    """Is the event that was the last one then still in its place?"""
    there = db.scalar(select(Event.hash).where(Event.seq == anchor.length))
    return anchor.length == 0 or there == anchor.hash


def _seal(end: Head, key: bytes) -> str:
    return hmac.digest(key, f"{end.length}:{end.hash}".encode(), "sha256").hex()
