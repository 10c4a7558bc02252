"""Finding accounts and open sessions, and proving who somebody is."""

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from threading import BoundedSemaphore

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload

from sipas.door.models import Account, FailedTry, KnownBrowser, RecoveryCode, SignIn
from sipas.door.rules import (
    CODE_DIGITS,
    CODE_LIMITS,
    CODE_SECONDS,
    IDLE,
    KEEP_BROWSERS,
    LIMITS,
    LONGEST,
    WINDOW,
    Counter,
    HashCost,
    Tried,
    Weakness,
    account_name,
    held_until,
    is_open,
    may_enter,
    network_of,
    normalised,
    weakness,
)

LISTED = Path(__file__).resolve().parent.parent.parent / "reference" / "passwords.txt"
SAME_TIME = 2  # hash checks at once in one process: each takes 19 MiB and a whole core
_turns = BoundedSemaphore(SAME_TIME)


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


def open_sign_ins(db: Session, account_id: int, *, now: datetime) -> Sequence[SignIn]:
    """All sessions of one account that would still open something, the newest use first."""
    return db.scalars(
        select(SignIn)
        .where(SignIn.account_id == account_id, SignIn.ended_at.is_(None))
        .where(SignIn.seen_at > now - IDLE, SignIn.opened_at > now - LONGEST)
        .order_by(SignIn.seen_at.desc(), SignIn.id.desc())
    ).all()


def account_by_name(db: Session, name: str) -> Account | None:
    return db.scalars(select(Account).where(Account.name == account_name(name))).one_or_none()


def unused_recovery_codes(db: Session, account_id: int) -> Sequence[RecoveryCode]:
    return db.scalars(
        select(RecoveryCode)
        .where(RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None))
        .order_by(RecoveryCode.id)
    ).all()


def is_known_browser(
    db: Session, account: Account | None, mark: str | None, *, now: datetime
) -> bool:
    """Has this person come all the way in with this browser, not too long ago?"""
    return mark is not None and bool(
        db.scalar(
            select(KnownBrowser.id)
            .where(KnownBrowser.account_id == (account.id if account else 0))
            .where(KnownBrowser.browser_hash == token_hash(mark))
            .where(KnownBrowser.seen_at > now - KEEP_BROWSERS)
        )
    )


def hash_password(password: str, cost: HashCost) -> str:
    with _turns:
        return _hasher(cost).hash(normalised(password))


def password_matches(account: Account | None, password: str, cost: HashCost) -> bool:
    """Is this the password? For nobody's account the same work is done, for nothing."""
    known = account.password_hash if account and _is_hash(account.password_hash) else _decoy(cost)
    try:
        with _turns:
            _hasher(cost).verify(known, normalised(password))
    except VerificationError:
        return False
    return account is not None and known == account.password_hash


def be_ready_for_nobody(cost: HashCost) -> None:
    """Make the decoy before anybody comes: made for the first unknown name, it would tell."""
    _decoy(cost)


def may_sign_in(account: Account, *, now: datetime) -> bool:
    since = account.password_set_at if account.must_change_password else None
    return may_enter(disabled=account.disabled, temporary_since=since, now=now)


def up_to_date_hash(account: Account, password: str, cost: HashCost) -> str:
    """The account's hash; made anew if it was made at another cost than today's."""
    if _hasher(cost).check_needs_rehash(account.password_hash):
        return hash_password(password, cost)
    return account.password_hash


def password_weakness(password: str, *, own: Iterable[str]) -> Weakness | None:
    return weakness(password, listed=_listed(), own=own)


def matching_recovery_code(
    codes: Sequence[RecoveryCode], digits: str, cost: HashCost
) -> RecoveryCode | None:
    for code in codes:
        try:
            with _turns:
                _hasher(cost).verify(code.code_hash, digits)
        except VerificationError:
            continue
        return code
    return None


def accepted_step(secret: str, digits: str, *, now: datetime) -> int | None:
    """The time step whose code this is: this one, the one before, or the next."""
    code = pyotp.TOTP(secret, digits=CODE_DIGITS, interval=CODE_SECONDS)
    this = int(now.timestamp()) // CODE_SECONDS
    steps = (this - 1, this, this + 1)
    right = [s for s in steps if hmac.compare_digest(code.generate_otp(s), digits)]
    return max(right, default=None)


def password_tried(key: bytes, name: str, *, address: str, known_browser: str | None) -> Tried:
    """What a try at a password is counted under; `known_browser` is the mark of one."""
    origin = f"browser:{known_browser}" if known_browser else f"address:{network_of(address)}"
    return Tried(
        _mark(key, f"name:{account_name(name)}"),
        _mark(key, origin),
        known_browser is not None,
        LIMITS,
    )


def code_tried(key: bytes, sign_in: SignIn, *, known_browser: str | None) -> Tried:
    """What a try at a second factor is counted under: the session, and the account."""
    origin = f"browser:{known_browser}" if known_browser else f"session:{sign_in.id}"
    return Tried(
        _mark(key, f"code:{sign_in.account_id}"),
        _mark(key, origin),
        known_browser is not None,
        CODE_LIMITS,
    )


def wait_until(db: Session, tried: Tried, *, now: datetime) -> datetime | None:
    """Until when such a try is refused unread; None when it may be made."""
    waits = (
        held_until(limit, failures=failures, last=last)
        for counter, limit in tried.counters
        for failures, last in [_failures(db, _counted_under(counter, tried), now)]
    )
    longest = max((until for until in waits if until), default=None)
    return longest if longest and longest > now else None


def _failures(
    db: Session, under: ColumnElement[bool], now: datetime
) -> tuple[int, datetime | None]:
    found = db.execute(
        select(func.count(), func.max(FailedTry.at)).where(under, FailedTry.at > now - WINDOW)
    ).one()
    return found[0], found[1]


def _counted_under(counter: Counter, tried: Tried) -> ColumnElement[bool]:
    name = FailedTry.name_mark == tried.name_mark
    origin = FailedTry.origin_mark == tried.origin_mark
    return {Counter.PAIR: name & origin, Counter.NAME: name, Counter.ADDRESS: origin}[counter]


def _mark(key: bytes, text: str) -> str:
    """A hash under a key that the table does not hold: nobody reads an address out of it."""
    return hmac.digest(key, text.encode(), "sha256").hex()[:32]


@cache
def _hasher(cost: HashCost) -> PasswordHasher:
    return PasswordHasher(
        time_cost=cost.rounds, memory_cost=cost.memory_kib, parallelism=cost.lanes
    )


@cache
def _decoy(cost: HashCost) -> str:
    """What a password for nobody is checked against, so that it takes as long."""
    return _hasher(cost).hash("")


def _is_hash(stored: str) -> bool:
    """An account may hold no password at all yet: then none is right."""
    return stored.startswith("$argon2id$")


@cache
def _listed() -> tuple[str, ...]:
    lines = LISTED.read_text(encoding="utf-8").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))
