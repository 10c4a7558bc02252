"""Opening and ending sessions."""

import secrets
from datetime import datetime

from sqlalchemy.orm import Session

from sipas.door.models import Account, SignIn
from sipas.door.queries import token_hash


def open_session(
    db: Session, account: Account, *, browser: str, factor_passed: bool, now: datetime
) -> str:
    """Open a session and return its token: the only time that it is known in clear."""
    token = secrets.token_urlsafe(32)
    db.add(
        SignIn(
            token_hash=token_hash(token),
            account_id=account.id,
            browser=browser,
            opened_at=now,
            seen_at=now,
            confirmed_at=now,
            factor_passed=factor_passed,
        )
    )
    db.flush()
    return token
