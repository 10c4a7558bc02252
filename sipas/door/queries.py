"""Finding accounts and open sessions."""

import hashlib
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from sipas.door.models import SignIn
from sipas.door.rules import is_open


def token_hash(token: str) -> str:
    """A session's token is long and random: a plain hash keeps it from whoever reads the table."""
    return hashlib.sha256(token.encode()).hexdigest()


def open_sign_in(db: Session, token: str, *, now: datetime) -> SignIn | None:
    """The session that this token opens, unless it is over or its account is closed."""
    found = db.scalars(
        select(SignIn)
        .where(SignIn.token_hash == token_hash(token), SignIn.ended_at.is_(None))
        .options(joinedload(SignIn.account))
    ).one_or_none()
    if found is None or found.account.disabled:
        return None
    return found if is_open(opened=found.opened_at, seen=found.seen_at, now=now) else None
