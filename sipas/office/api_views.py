"""For machines that look after this one: alive, able to serve, figures."""

from datetime import datetime, timedelta

from flask import Blueprint, Response, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DBAPIError

from sipas import clock, schema
from sipas.errors import NotFoundError
from sipas.mailroom.queries import given_up_count, longest_due
from sipas.web import metrics
from sipas.web.request_db import get_database, get_db, get_settings

bp = Blueprint("health", __name__)

LATE = timedelta(minutes=15)


@bp.get("/healthz")
def healthz() -> ResponseReturnValue:
    """The process answers; nothing else is asked, so that a slow database restarts nobody."""
    return Response("ok\n", mimetype="text/plain")


@bp.get("/readyz")
def readyz() -> ResponseReturnValue:
    """Able to serve: the database answers and has this program's tables.

    Letters that wait too long are told, but a person can still be served without them.
    """
    try:
        is_current = schema.is_current(get_database())
        waited = _waited(longest_due(get_db()), clock.now()) if is_current else None
    except DBAPIError:
        return jsonify(database="down"), 503
    if waited is None:
        return jsonify(database="ok", schema="other"), 503
    outbox = "late" if waited > LATE else "ok"
    return jsonify(database="ok", schema="ok", outbox=outbox)


@bp.get("/metrics")
def figures() -> ResponseReturnValue:
    if not get_settings().metrics:
        raise NotFoundError
    db = get_db()
    waited = _waited(longest_due(db), clock.now())
    return metrics.exposition(
        {
            "sipas_outbox_seconds": ("Longest overdue letter", waited.total_seconds()),
            "sipas_outbox_given_up": ("Letters that were given up", given_up_count(db)),
        }
    )


def _waited(due: datetime | None, now: datetime) -> timedelta:
    return max(now - due, timedelta()) if due else timedelta()
