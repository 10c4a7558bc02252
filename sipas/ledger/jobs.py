"""The ledger's anchor: its length and last hash, kept under a key in a file beside the database."""

import fcntl
import os
from pathlib import Path

from sipas.database import Database
from sipas.ledger import queries
from sipas.ledger.rules import BrokenAnchorError, Head
from sipas.settings import Settings

PURPOSE = "ledger anchor"


def anchor_path(settings: Settings) -> Path:
    return settings.data / "ledger-anchor"


def kept_anchor(settings: Settings) -> Head | None:
    return queries.kept_anchor(anchor_path(settings), settings.keys(PURPOSE))


def move_anchor(database: Database, settings: Settings) -> None:
    """Bring the anchor up to the end of the chain. It only moves forward, on the same chain.

    On a chain that was cut or rewritten it stays where it was, so that the proof of it stays too.
    """
    settings.data.mkdir(parents=True, exist_ok=True)
    with (settings.data / "ledger-anchor.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        with database.reading() as db:
            end = queries.head(db)
            try:
                kept = kept_anchor(settings)
            except BrokenAnchorError:
                return
            if kept is None or (kept.length <= end.length and queries.holds_anchor(db, kept)):
                drop_anchor(end, settings)


def drop_anchor(end: Head, settings: Settings) -> None:
    """Keep this end as the anchor, whatever was kept before: a restored database has its own."""
    path, text = anchor_path(settings), queries.sealed(end, settings.key(PURPOSE))
    if path.exists() and path.read_bytes() == text.encode():
        return
    draft = path.with_name(".ledger-anchor.draft")
    with draft.open("w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
