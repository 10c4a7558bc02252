"""Reading the ledger, and proving that nobody changed it."""

import hmac
import json
from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from sipas.ledger.models import ChainEnd, Event
from sipas.ledger.rules import FIRST, Break, BreakKind, BrokenAnchorError, Head


def head(db: Session) -> Head:
    end = db.scalars(select(ChainEnd)).one()
    return Head(end.length, end.hash)


def newest_events() -> Select[Event]:
    return select(Event).order_by(Event.seq.desc())


def first_break(db: Session, anchor: Head | None = None) -> Break | None:
    """Walk the whole chain; name the first event at which it does not hold."""
    last = Head(0, FIRST)
    events = db.scalars(select(Event).order_by(Event.seq)).yield_per(1000)
    for event in _detached(db, events):
        if found := _broken_here(event, last) or _replaced(event, anchor):
            return found
        last = Head(event.seq, event.hash)
    return _cut(last, db, anchor)


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
    if event.entry.hash_after(last.hash) != event.hash:
        return Break(event.seq, BreakKind.ALTERED)
    return None


def _detached(db: Session, events: Iterable[Event]) -> Iterable[Event]:
    """Each event is read once and let go, so that a long ledger needs little memory."""
    for event in events:
        db.expunge(event)
        yield event


def sealed(end: Head, key: bytes) -> str:
    """The chain's end as it is kept outside the table, with a seal that only the key makes."""
    return json.dumps({"length": end.length, "hash": end.hash, "seal": _seal(end, key)})


def unsealed(text: str, key: bytes) -> Head | None:
    """The anchor as it was kept, or None when it was not made under this key."""
    try:
        kept = json.loads(text)
        end = Head(int(kept["length"]), str(kept["hash"]))
        seal = str(kept["seal"])
    except (ValueError, KeyError, TypeError):
        return None
    return end if hmac.compare_digest(seal, _seal(end, key)) else None


def kept_anchor(path: Path, keys: Iterable[bytes]) -> Head | None:
    """The end of the chain as it was last kept in a file; nothing if it never was."""
    if not path.exists():
        return None
    text = path.read_text()
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
