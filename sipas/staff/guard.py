"""The staff door: who is signed in, and what a page asks of them. Alone touches the cookie."""

import functools
from collections.abc import Callable
from datetime import datetime
from typing import ParamSpec, cast
from urllib.parse import quote

from flask import Blueprint, g, redirect, request, session  # noqa: TID251 -- here
from flask.typing import ResponseReturnValue
from sqlalchemy import update

from sipas import clock
from sipas.door.models import SignIn
from sipas.door.queries import open_sign_in
from sipas.door.rules import SEEN_GRAIN
from sipas.errors import NotAllowedError
from sipas.staff.queries import staff_by_account, standing
from sipas.staff.rules import Permission, Standing
from sipas.web.request_db import get_database, get_db

P = ParamSpec("P")
View = Callable[P, ResponseReturnValue]
TOKEN = "token"  # noqa: S105 -- the name of a key, not a secret
NOTICE = "notice"
SIGN_IN = "/noi-bo/dang-nhap"
NEXT = "tiep"
GUARD = "_sipas_guard"


def staff_blueprint(name: str, import_name: str, *, url_prefix: str) -> Blueprint:
    """A part of the back office. Its name ends in _staff: headers and errors go by that."""
    return Blueprint(f"{name}_staff", import_name, url_prefix=f"/noi-bo{url_prefix}")


def needs(permission: Permission) -> Callable[[View[P]], View[P]]:
    """Only who holds this permission somewhere gets in; rows are then reached by unit."""

    def guard(view: View[P]) -> View[P]:
        @functools.wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            staff = signed_in()
            if staff is None:
                return redirect(SIGN_IN + _way_back(), 303)
            if not staff.may(permission):
                raise NotAllowedError
            return view(*args, **kwargs)

        setattr(guarded, GUARD, permission)
        return guarded

    return guard


def signed_in() -> Standing | None:
    """Who sits at this browser, or nobody; looked up once a request."""
    if "staff" not in g:
        g.staff = _look_up()
    return cast("Standing | None", g.staff)


def current_staff() -> Standing:
    """Who is signed in, on a page that `needs` a permission."""
    staff = signed_in()
    if staff is None:
        raise NotAllowedError
    return staff


def current_sign_in() -> SignIn:
    """The session of this browser, on a page that `needs` a permission."""
    current_staff()
    return get_db().get_one(SignIn, g.sign_in_id)


def sign_in(token: str) -> None:
    """Put a new session's token into the cookie; what was there before is gone."""
    session.clear()
    session[TOKEN] = token


def sign_out() -> None:
    session.clear()


def tell(message: str) -> None:
    """One line for the next page to show, once."""
    session[NOTICE] = message


def told() -> str | None:
    return cast("str | None", session.pop(NOTICE, None)) if NOTICE in session else None


def _way_back() -> str:
    """After signing in, the person lands where they wanted to go."""
    return f"?{NEXT}={quote(request.full_path.rstrip('?'))}" if request.method == "GET" else ""


def _look_up() -> Standing | None:
    token = session.get(TOKEN)
    found = _use(str(token), clock.now()) if token else None
    staff = staff_by_account(get_db(), found.account_id) if found else None
    if found is None or staff is None:
        return None
    g.sign_in_id = found.id
    return standing(get_db(), staff, day=clock.today())


def _use(token: str, now: datetime) -> SignIn | None:
    """The open session, its use noted.

    Done apart from the request's own session: a GET only reads, and a POST that fails must not
    take the note with it.
    """
    with get_database().reading() as db:
        found = open_sign_in(db, token, now=now)
    if found is not None and now - found.seen_at >= SEEN_GRAIN and "db" not in g:
        with get_database().writing() as db:
            db.execute(update(SignIn).where(SignIn.id == found.id).values(seen_at=now))
            db.commit()
    return found
