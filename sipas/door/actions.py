"""Accounts, passwords, second factors, sessions, and the count of failures."""

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import cast

import pyotp
from sqlalchemy import CursorResult, Update, delete, func, or_, select, update
from sqlalchemy.orm import Session

from sipas.door.models import Account, FailedTry, KnownBrowser, RecoveryCode, SignIn
from sipas.door.queries import (
    accepted_step,
    account_by_name,
    hash_password,
    token_hash,
    wait_until,
)
from sipas.door.rules import (
    IDLE,
    KEEP_BROWSERS,
    KEEP_SESSIONS,
    KEEP_TRIES,
    RECOVERY_CODES,
    RECOVERY_DIGITS,
    HashCost,
    Tried,
    account_name,
)
from sipas.errors import NotFoundError, RuleError
from sipas.i18n import gettext as _
from sipas.ledger.actions import record
from sipas.ledger.rules import SYSTEM, Actor


def add_account(
    db: Session, name: str, *, cost: HashCost, by: Actor, now: datetime
) -> tuple[Account, str]:
    """A new account and its temporary password: the only time that this is known in clear."""
    temporary = _temporary_password()
    hashed = hash_password(temporary, cost)
    if account_by_name(db, name):
        raise RuleError(_("Tên đăng nhập này đã có người dùng. Chọn tên khác."))
    account = Account(
        name=account_name(name),
        password_hash=hashed,
        password_set_at=now,
        must_change_password=True,
    )
    db.add(account)
    db.flush()
    record(db, "account.added", _subject(account), by=by, now=now)
    return account, temporary


def reset_password(
    db: Session, account: Account, *, cost: HashCost, by: Actor, now: datetime
) -> str:
    """Give a temporary password in place of a forgotten one, and end every session."""
    temporary = _temporary_password()
    account.password_hash = hash_password(temporary, cost)
    account.password_set_at = now
    account.must_change_password = True
    ended = _shut_out(db, account, now=now)
    record(db, "password.reset", _subject(account), by=by, now=now, sessions_ended=ended)
    return temporary


def set_password(db: Session, sign_in: SignIn, hashed: str, *, by: Actor, now: datetime) -> None:
    """The person's own new password: whoever knew the old one is out everywhere but here."""
    account = sign_in.account
    account.password_hash = hashed
    account.password_set_at = now
    account.must_change_password = False
    ended = _shut_out(db, account, but=sign_in, now=now)
    record(db, "password.changed", _subject(account), by=by, now=now, sessions_ended=ended)


def disable(db: Session, account: Account, *, by: Actor, now: datetime) -> None:
    account.disabled = True
    ended = _shut_out(db, account, now=now)
    record(db, "account.disabled", _subject(account), by=by, now=now, sessions_ended=ended)


def enable(db: Session, account: Account, *, by: Actor, now: datetime) -> None:
    account.disabled = False
    record(db, "account.enabled", _subject(account), by=by, now=now)


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
            offered_secret=pyotp.random_base32(),
        )
    )
    db.flush()
    return token


def renew(db: Session, sign_in: SignIn, *, now: datetime) -> str:
    """After a new proof the session goes on under a new token; the old one opens nothing."""
    token = secrets.token_urlsafe(32)
    sign_in.token_hash = token_hash(token)
    sign_in.confirmed_at = now
    db.flush()
    return token


def let_in(
    db: Session, sign_in: SignIn, *, browser_mark: str, by: Actor, now: datetime
) -> tuple[str, bool]:
    """The last proof is given: the session's new token, and whether the browser is a new one."""
    _lock(db, sign_in.account_id)
    sign_in.factor_passed = True
    is_new = _remember_browser(db, sign_in.account_id, browser_mark, now=now)
    record(
        db, "sign_in.opened", f"account:{sign_in.account_id}", by=by, now=now, new_browser=is_new
    )
    return renew(db, sign_in, now=now), is_new


def end_session(db: Session, account_id: int, sign_in_id: int, *, by: Actor, now: datetime) -> None:
    """End one of the account's own sessions; another person's is not found."""
    ended = _changed(
        db,
        update(SignIn)
        .where(SignIn.id == sign_in_id, SignIn.account_id == account_id)
        .values(ended_at=func.coalesce(SignIn.ended_at, now)),
    )
    if not ended:
        raise NotFoundError
    record(db, "sign_in.ended", f"account:{account_id}", by=by, now=now, sessions_ended=ended)


def end_sessions(
    db: Session, account_id: int, *, by: Actor, now: datetime, but: SignIn | None = None
) -> int:
    """End every session of an account, or every other one: after a change of rights, say."""
    ended = _end(db, account_id, but=but, now=now)
    if ended:
        record(db, "sign_in.ended", f"account:{account_id}", by=by, now=now, sessions_ended=ended)
    return ended


def begin_try(
    db: Session, tried: Tried, account: Account | None, *, now: datetime
) -> datetime | None:
    """Count a try before its proof is read, so that many at once get no more than their share.

    Returns until when it must wait, if it must; such a try is neither read nor counted.
    """
    _lock(db, account.id if account else 0)
    until = wait_until(db, tried, now=now)
    if until is None:
        db.add(FailedTry(name_mark=tried.name_mark, origin_mark=tried.origin_mark, at=now))
        db.flush()
    return until


def accept_password(db: Session, tried: Tried, account: Account, hashed: str) -> bool:
    """The password was right, unless it was changed while it was read. Kept at today's cost."""
    still_right = _changed(
        db,
        update(Account)
        .where(Account.id == account.id, Account.password_hash == account.password_hash)
        .where(Account.disabled.is_(False))
        .values(password_hash=hashed),
    )
    if still_right:
        forgive(db, tried)
    return bool(still_right)


def forgive(db: Session, tried: Tried) -> None:
    """The proof was right: what failed before under this name and origin was a slip."""
    db.execute(
        delete(FailedTry)
        .where(FailedTry.name_mark == tried.name_mark)
        .where(FailedTry.origin_mark == tried.origin_mark)
    )


def refuse(db: Session, tried: Tried, account: Account | None, *, now: datetime) -> None:
    """The proof was wrong. A name that nobody has is entered without saying which."""
    subject = _subject(account) if account else "account:unknown"
    record(db, "sign_in.refused", subject, by=SYSTEM, now=now)
    if until := wait_until(db, tried, now=now):
        record(db, "sign_in.held", subject, by=SYSTEM, now=now, until=until.isoformat())


def accept_step(db: Session, account: Account, digits: str, *, now: datetime) -> bool:
    """Take a code of the person's app, once: of two posts at the same moment one gets through."""
    step = accepted_step(account.totp_secret or "", digits, now=now)
    return step is not None and bool(
        _changed(
            db,
            update(Account)
            .where(Account.id == account.id)
            .where(or_(Account.totp_last_step.is_(None), Account.totp_last_step < step))
            .values(totp_last_step=step),
        )
    )


def use_recovery_code(db: Session, code: RecoveryCode, *, by: Actor, now: datetime) -> bool:
    used = _changed(
        db,
        update(RecoveryCode)
        .where(RecoveryCode.id == code.id, RecoveryCode.used_at.is_(None))
        .values(used_at=now),
    )
    if used:
        record(db, "factor.code_used", f"account:{code.account_id}", by=by, now=now)
    return bool(used)


def draw_recovery_codes() -> list[str]:
    return [
        "".join(secrets.choice("0123456789") for _digit in range(RECOVERY_DIGITS))
        for _code in range(RECOVERY_CODES)
    ]


def add_factor(db: Session, sign_in: SignIn, *, step: int, by: Actor, now: datetime) -> None:
    """Take the secret that was shown in this session; the code that proved it is used up."""
    account = sign_in.account
    account.totp_secret = sign_in.offered_secret
    account.totp_last_step = step
    sign_in.factor_passed = True
    sign_in.offered_secret = pyotp.random_base32()
    ended = _end(db, account.id, but=sign_in, now=now)
    record(db, "factor.added", _subject(account), by=by, now=now, sessions_ended=ended)


def renew_codes(
    db: Session, account: Account, code_hashes: Iterable[str], *, by: Actor, now: datetime
) -> None:
    _replace_codes(db, account, code_hashes)
    record(db, "factor.codes_renewed", _subject(account), by=by, now=now)


def remove_factor(db: Session, account: Account, *, by: Actor, now: datetime) -> None:
    """Without its second factor; a role that needs one leads to a new one at the next page."""
    account.totp_secret = None
    account.totp_last_step = None
    _replace_codes(db, account, ())
    record(db, "factor.removed", _subject(account), by=by, now=now)


def forget_old(db: Session, *, now: datetime) -> None:
    """Forget what the door need not know any longer."""
    db.execute(delete(FailedTry).where(FailedTry.at < now - KEEP_TRIES))
    db.execute(delete(KnownBrowser).where(KnownBrowser.seen_at < now - KEEP_BROWSERS))
    db.execute(delete(SignIn).where(SignIn.seen_at < now - KEEP_SESSIONS))


def _temporary_password() -> str:
    """Sixteen digits in groups of four: easy to read out, beyond guessing in a week."""
    return "-".join(f"{secrets.randbelow(10_000):04}" for _group in range(4))


def _subject(account: Account) -> str:
    return f"account:{account.id}"


def _shut_out(db: Session, account: Account, *, now: datetime, but: SignIn | None = None) -> int:
    """End the sessions, and let no browser count as known."""
    db.execute(delete(KnownBrowser).where(KnownBrowser.account_id == account.id))
    return _end(db, account.id, but=but, now=now)


def _end(db: Session, account_id: int, *, now: datetime, but: SignIn | None = None) -> int:
    kept = but.id if but else 0
    live = (SignIn.account_id == account_id, SignIn.ended_at.is_(None), SignIn.id != kept)
    ended = db.scalars(select(SignIn.id).where(*live, SignIn.seen_at > now - IDLE)).all()
    db.execute(update(SignIn).where(*live).values(ended_at=now))
    return len(ended)


def _replace_codes(db: Session, account: Account, hashes: Iterable[str]) -> None:
    db.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    db.add_all(RecoveryCode(account_id=account.id, code_hash=code_hash) for code_hash in hashes)


def _remember_browser(db: Session, account_id: int, mark: str, *, now: datetime) -> bool:
    """Note the browser; true when this person has others, and this is not one of them."""
    known: Sequence[KnownBrowser] = db.scalars(
        select(KnownBrowser)
        .where(KnownBrowser.account_id == account_id)
        .order_by(KnownBrowser.seen_at.desc(), KnownBrowser.id.desc())
    ).all()
    this = next((found for found in known if found.browser_hash == token_hash(mark)), None)
    if this is None:
        db.add(KnownBrowser(account_id=account_id, browser_hash=token_hash(mark), seen_at=now))
        return bool(known)
    this.seen_at = now
    return False


def _lock(db: Session, account_id: int) -> None:
    """One at a time for each account; SQLite has but one writer anyway."""
    db.execute(select(Account.id).where(Account.id == account_id).with_for_update())


def _changed(db: Session, statement: Update) -> int:
    """How many rows a change has met: the database itself says who came first."""
    return cast("CursorResult[object]", db.execute(statement)).rowcount
