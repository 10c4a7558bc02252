"""What a form held when it met a closed door: carried through signing in, and sent again."""

import json
from typing import Any

from flask import request
from flask_wtf.csrf import validate_csrf
from wtforms import ValidationError

from sipas.web import language

NEXT = "tiep"  # in an address: where to go once the door is open
SENT = "gui"  # in an address: this request carries a form that was meant for there
_OURS = frozenset({"csrf_token", language.FIELD})
_SECRET = "password"  # noqa: S105 -- a word in the names of fields that no page may repeat


def arrives() -> bool:
    """Does this request bring a form that was meant for another page?"""
    return request.method == "POST" and SENT in request.args


def put_aside() -> str:
    """The fields of that form as one text; empty when it may come from another site."""
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValidationError:
        return ""
    pairs = request.form.items(multi=True)
    return json.dumps([[name, value] for name, value in pairs if _is_kept(name)])


def way() -> dict[str, Any]:
    """Where to go afterwards, for the addresses of this page's forms."""
    wanted = request.args.get(NEXT)
    lost = arrives() and not put_aside()  # without its form that address may open nothing
    return {NEXT: wanted} if wanted and not lost else {}


def taken_up(text: str | None) -> list[tuple[str, str]] | None:
    """The fields again, from what the page has carried; None when it carried no form."""
    try:
        return [(str(name), str(value)) for name, value in json.loads(text or "null")]
    except (ValueError, TypeError):
        return None


def _is_kept(name: str) -> bool:
    return name not in _OURS and _SECRET not in name
