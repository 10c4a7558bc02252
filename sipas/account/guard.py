"""Whether a proof is right, counted first and read while others may write; and coming in."""

from datetime import datetime

from flask import request

from sipas import clock
from sipas.account import actions
from sipas.door import actions as door
from sipas.door import queries
from sipas.door.models import Account, SignIn
from sipas.door.rules import CODE_DIGITS, HashCost, Tried, Verdict, browser_of, hash_cost
from sipas.errors import NotAllowedError
from sipas.ledger.rules import Actor
from sipas.staff import guard
from sipas.staff.queries import staff_by_account, standing
from sipas.staff.rules import Standing
from sipas.web.request_db import get_database, get_db, get_settings


def cost() -> HashCost:
    return hash_cost(get_settings().env)


def password_verdict(account: Account | None, *, name: str, password: str) -> Verdict:
    """The same steps, whoever has this name or nobody. Who is right has a deed to commit."""
    db, known = get_db(), _known_mark(account)
    address = request.remote_addr or ""
    tried = queries.password_tried(_key(), name, address=address, known_browser=known)
    if until := _begin(tried, account):
        return Verdict(right=False, waits_until=until)
    right = _password_accepted(account, password, tried)
    if not right:
        door.refuse(db, tried, account, now=clock.now())
        db.commit()
    return Verdict(right=right)


def code_verdict(found: SignIn, digits: str, *, by: Actor) -> Verdict:
    """A code of the app, or a recovery code: each opens once."""
    db, now, account = get_db(), clock.now(), found.account
    tried = queries.code_tried(_key(), found, known_browser=_known_mark(account))
    if until := _begin(tried, account):
        return Verdict(right=False, waits_until=until)
    if len(digits) == CODE_DIGITS:
        right = door.accept_step(db, account, digits, now=now)
    else:
        right = _recovery_code_right(account, digits, by=by)
    if right:
        door.forgive(db, tried)
    else:
        door.refuse(db, tried, account, now=now)
        db.commit()
    return Verdict(right=right)


def open_session(account: Account) -> tuple[SignIn, Standing]:
    """A new session in this browser, whatever was there before; the second factor is to come."""
    db, now = get_db(), clock.now()
    staff = staff_by_account(db, account.id)
    if staff is None:
        raise NotAllowedError
    leave()
    browser = browser_of(request.user_agent.string)
    token = door.open_session(db, account, browser=browser, factor_passed=False, now=now)
    guard.sign_in(token)
    found = queries.open_sign_in(db, token, now=now)
    if found is None:
        raise NotAllowedError
    return found, standing(db, staff, day=clock.today())


def let_in(found: SignIn, by: Standing) -> None:
    """All the way in, under a token that nobody has seen before. Commits."""
    mark = guard.mark_browser()
    token = actions.let_in(get_db(), found, mark=mark, by=by, now=clock.now())
    get_db().commit()
    guard.sign_in(token)


def leave() -> None:
    """End the session of this browser, if there is one."""
    if found := guard.visitor():
        staff = found.standing
        by = staff.actor
        door.end_session(get_db(), staff.account_id, found.sign_in_id, by=by, now=clock.now())


def _begin(tried: Tried, account: Account | None) -> datetime | None:
    """Count the try and let go of the turn to write; or until when it must wait."""
    db = get_db()
    until = door.begin_try(db, tried, account, now=clock.now())
    if until:
        db.rollback()
    else:
        db.commit()
    return until


def _password_accepted(account: Account | None, password: str, tried: Tried) -> bool:
    right = queries.password_matches(account, password, cost())
    if account is None or not right or not queries.may_sign_in(account, now=clock.now()):
        return False
    hashed = queries.up_to_date_hash(account, password, cost())
    return door.accept_password(get_db(), tried, account, hashed)


def _recovery_code_right(account: Account, digits: str, *, by: Actor) -> bool:
    with get_database().reading() as reading:  # ten slow checks, and nobody waits for them
        codes = queries.unused_recovery_codes(reading, account.id)
    code = queries.matching_recovery_code(codes, digits, cost())
    now = clock.now()
    return code is not None and door.use_recovery_code(get_db(), code, by=by, now=now)


def _known_mark(account: Account | None) -> str | None:
    """The mark of this browser, if this person has come in with it before."""
    mark = guard.browser_mark()
    known = queries.is_known_browser(get_db(), account, mark, now=clock.now())
    return mark if known else None


def _key() -> bytes:
    return get_settings().key("failed tries")
