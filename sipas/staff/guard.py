"""The staff door: who is signed in, and what a page asks of them. Alone touches the cookies."""

import functools
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ParamSpec, cast
from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Response,
    after_this_request,
    g,
    redirect,
    request,
    session,  # noqa: TID251 -- here
    url_for,
)
from flask.typing import ResponseReturnValue
from sqlalchemy import update

from sipas import clock
from sipas.door.models import SignIn
from sipas.door.queries import open_sign_in
from sipas.door.rules import CONFIRMED_FOR, KEEP_BROWSERS, SEEN_GRAIN, Gate, gate
from sipas.errors import NotAllowedError
from sipas.staff.queries import staff_by_account, standing
from sipas.staff.rules import Deed, Permission, Standing
from sipas.web.kept import NEXT, SENT
from sipas.web.request_db import get_database, get_db, get_settings

P = ParamSpec("P")
View = Callable[P, ResponseReturnValue]
TOKEN = "token"  # noqa: S105 -- the name of a key, not a secret
NOTICE = "notice"
INSIDE = "/noi-bo/"
GUARD = "_sipas_guard"

# Where somebody is led who has not yet come all the way in.
_GATES = {
    Gate.SECOND_STEP: "account_staff.second_step",
    Gate.PASSWORD: "account_staff.password",
    Gate.SET_UP: "account_staff.factor",
}


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody with an open session, and how far in they are."""

    standing: Standing
    sign_in_id: int
    confirmed_at: datetime
    gate: Gate


def staff_blueprint(name: str, import_name: str, *, url_prefix: str) -> Blueprint:
    """A part of the back office. Its name ends in _staff: headers and errors go by that."""
    return Blueprint(f"{name}_staff", import_name, url_prefix=f"/noi-bo{url_prefix}")


def needs(permission: Permission, *, even_at: Gate = Gate.OPEN) -> Callable[[View[P]], View[P]]:
    """Only who holds this permission somewhere gets in; rows are then reached by unit.

    `even_at` names the one gate whose own page this is.
    """

    def guard(view: View[P]) -> View[P]:
        @functools.wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            found = visitor()
            if found is None:
                return _lead_to("account_staff.sign_in")
            if found.gate not in {Gate.OPEN, even_at}:
                return redirect(url_for(_GATES[found.gate]), 303)
            if not found.standing.may(permission):
                raise NotAllowedError
            return view(*args, **kwargs)

        setattr(guarded, GUARD, permission)
        return guarded

    return guard


def needs_recent_proof(view: View[P]) -> View[P]:
    """Ask for the password again if it was given a while ago. Stands below `needs`."""

    @functools.wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        found = visitor()
        if found is None:
            raise NotAllowedError
        if clock.now() - found.confirmed_at < CONFIRMED_FOR:
            return view(*args, **kwargs)
        return _lead_to("account_staff.prove")

    return guarded


def visitor() -> Visitor | None:
    """Who sits at this browser, however far in, or nobody; looked up once a request."""
    if "visitor" not in g:
        g.visitor = _look_up()
    return cast("Visitor | None", g.visitor)


def signed_in() -> Standing | None:
    """Who has come all the way in at this browser, or nobody."""
    found = visitor()
    return found.standing if found and found.gate == Gate.OPEN else None


def current_staff() -> Standing:
    """Who is here, on a page that `needs` a permission."""
    return _current().standing


def deed(permission: Permission, *unit_ids: int) -> Deed:
    """What is done now by this permission, in these units; the ledger names whose duty it is."""
    now = clock.now()
    return Deed(current_staff().actor_for(permission, *unit_ids), now, clock.day_of(now))


def current_sign_in() -> SignIn:
    """The session of this browser, on a page that `needs` a permission."""
    return get_db().get_one(SignIn, _current().sign_in_id)


def sign_in(token: str) -> None:
    """Put a new session's token into the cookie; what was there before is gone."""
    session.clear()
    g.pop("csrf_token", None)  # a form shown in this answer needs a token of the new session
    session[TOKEN] = token


def renew(token: str) -> None:
    """The same session under a new token; forms in other windows stay good."""
    session[TOKEN] = token


def sign_out() -> None:
    session.clear()


def tell(message: str) -> None:
    """One line for the next page to show, once."""
    session[NOTICE] = message


def told() -> str | None:
    return cast("str | None", session.pop(NOTICE, None)) if NOTICE in session else None


def browser_mark() -> str | None:
    """The random mark by which this browser is known again; it says nothing of who used it."""
    return request.cookies.get(_mark_name()) or None


def mark_browser() -> str:
    """Give this browser its mark, or keep the one it has for longer."""
    mark = browser_mark() or secrets.token_urlsafe(32)

    @after_this_request
    def keep(response: Response) -> Response:
        response.set_cookie(
            _mark_name(),
            mark,
            max_age=KEEP_BROWSERS,
            secure=get_settings().is_https,
            httponly=True,
            samesite="Strict",
        )
        return response

    return mark


def way_on(default: str) -> str:
    """Where the address says to go next; nowhere outside the back office."""
    wanted = request.args.get(NEXT, "")
    try:
        parts = urlsplit(wanted)
    except ValueError:  # not an address at all
        return default
    plain = wanted.isprintable() and "\\" not in wanted and "//" not in parts.path
    inside = parts.path.startswith(INSIDE) and ".." not in parts.path
    return wanted if plain and inside and not parts.scheme and not parts.netloc else default


def _current() -> Visitor:
    found = visitor()
    if found is None:
        raise NotAllowedError
    return found


def _mark_name() -> str:
    return "__Host-sipas-known" if get_settings().is_https else "sipas-known"


def _lead_to(endpoint: str) -> ResponseReturnValue:
    """To a page that leads back here afterwards. A form's content goes along: 307 keeps it."""
    way: dict[str, Any] = {NEXT: request.full_path.rstrip("?")}
    if request.method in {"GET", "HEAD"}:
        return redirect(url_for(endpoint, **way), 303)
    way[SENT] = 1
    return redirect(url_for(endpoint, **way), 307)


def _look_up() -> Visitor | None:
    """Read apart from the request's own session: a POST must not take its turn to write yet."""
    token = session.get(TOKEN)
    if not token:
        return None
    now = clock.now()
    with get_database().reading() as db:
        found = open_sign_in(db, str(token), now=now)
        staff = staff_by_account(db, found.account_id) if found else None
        if found is None or staff is None:
            return None
        today = standing(db, staff, day=clock.today())
    _note_use(found, now)
    return Visitor(today, found.id, found.confirmed_at, _gate_of(found, today))


def _gate_of(found: SignIn, today: Standing) -> Gate:
    return gate(
        has_factor=found.account.has_factor,
        factor_passed=found.factor_passed,
        must_change=found.account.must_change_password,
        needs_factor=today.needs_second_factor,
    )


def _note_use(found: SignIn, now: datetime) -> None:
    """Noted by itself: a GET only reads, and a POST that fails must not take the note with it."""
    if now - found.seen_at >= SEEN_GRAIN and "db" not in g:
        with get_database().writing() as db:
            db.execute(update(SignIn).where(SignIn.id == found.id).values(seen_at=now))
            db.commit()
