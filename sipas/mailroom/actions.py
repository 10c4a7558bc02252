"""Letters posted, leased, sent or put off; periods of periodic work claimed."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from sipas.errors import RuleError
from sipas.i18n import gettext as _
from sipas.mailroom.models import Notice, PeriodicRun
from sipas.mailroom.queries import sendable_notices
from sipas.mailroom.rules import (
    FAR_AHEAD,
    KEPT_FOR,
    LEASE,
    RUN_LEASE,
    DeliveryError,
    Letter,
    NoticeState,
    next_try,
)

PERIODS_KEPT = 3


def post(db: Session, letter: Letter, *, now: datetime) -> Notice:
    """Put a letter into the outbox, in the transaction of what it tells of."""
    notice = Notice(
        to=letter.to, subject=letter.subject, body=letter.body, posted_at=now, due_at=now
    )
    db.add(notice)
    return notice


def lease_next(db: Session, *, now: datetime) -> Notice | None:
    """Lease the next letter to this sender; a sender that dies holds it only for a while."""
    waiting = sendable_notices(now=now).limit(1).with_for_update(skip_locked=True)
    notice = db.scalars(waiting).one_or_none()
    if notice is not None:
        notice.lease = secrets.token_hex(16)
        notice.leased_until = now + LEASE
        notice.tries += 1
        db.flush()
    return notice


def mark_sent(db: Session, notice: Notice, *, now: datetime) -> None:
    """It went out, even if the lease ran out meanwhile: nobody shall send it once more."""
    db.execute(
        update(Notice)
        .where(Notice.id == notice.id, Notice.sent_at.is_(None))
        .values(sent_at=now, due_at=None, lease=None, leased_until=None, last_error=None)
    )


def put_off(db: Session, notice: Notice, error: DeliveryError, *, now: datetime) -> None:
    """Try again later, or give it up. Whose lease ran out has no say any more."""
    due = next_try(error.setback, posted=notice.posted_at, tries=notice.tries, now=now)
    db.execute(
        update(Notice)
        .where(Notice.id == notice.id, Notice.lease == notice.lease)
        .values(
            due_at=due,
            lease=None,
            leased_until=None,
            last_error=f"{error.setback} {error.detail}"[:200],
        )
    )


def send_again(notice: Notice, *, now: datetime) -> None:
    """Give a letter that was given up its full time anew."""
    if notice.state is not NoticeState.GIVEN_UP:
        raise RuleError(_("Thư này đã gửi hoặc đang chờ gửi."))
    notice.posted_at = now
    notice.due_at = now
    notice.tries = 0


def forget_old(db: Session, *, now: datetime) -> None:
    """Letters that are sent or given up are of no more use after their time."""
    over = (Notice.due_at.is_(None), Notice.posted_at < now - KEPT_FOR)
    db.execute(delete(Notice).where(*over))


def claim_period(
    db: Session, task: str, *, period: datetime, every: timedelta, now: datetime
) -> PeriodicRun | None:
    """Of all workers one gets the period; one that died in it is followed by another."""
    run = db.get(PeriodicRun, (task, period), with_for_update=True)
    if run is None:
        return _first_claim(db, task, period=period, every=every, now=now)
    if run.done_at is not None or now < run.leased_until <= now + FAR_AHEAD:
        return None
    run.leased_until = now + RUN_LEASE
    return run


def _first_claim(
    db: Session, task: str, *, period: datetime, every: timedelta, now: datetime
) -> PeriodicRun | None:
    run = PeriodicRun(task=task, period=period, leased_until=now + RUN_LEASE)
    try:
        with db.begin_nested():
            db.add(run)
    except IntegrityError:
        return None  # another worker was quicker
    over = (PeriodicRun.task == task, PeriodicRun.period < period - PERIODS_KEPT * every)
    db.execute(delete(PeriodicRun).where(*over))
    return run


def finish_period(db: Session, run: PeriodicRun, *, now: datetime) -> None:
    db.execute(
        update(PeriodicRun)
        .where(PeriodicRun.task == run.task, PeriodicRun.period == run.period)
        .values(done_at=now)
    )
