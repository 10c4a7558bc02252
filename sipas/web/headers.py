"""What every answer tells the browser it may do, and which requests come from elsewhere."""

import base64
import gzip
import hashlib
import re
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask, Response, request
from markupsafe import Markup

from sipas.errors import NotAllowedError
from sipas.web.request_db import get_settings

STATIC = Path(__file__).resolve().parent.parent.parent / "static"
WORTH_SQUEEZING = 500
LARGEST_TEXT = 500_000
_CLOSED = "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
_STAFF = (
    f"{_CLOSED}; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'"
)
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # no-referrer would break every form on https
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "X-Frame-Options": "DENY",
}


def init_app(app: Flask) -> None:
    app.before_request(_limit_text)
    app.before_request(_refuse_foreign_posts)
    app.after_request(_add_headers)
    app.after_request(_squeeze)
    app.jinja_env.globals["citizen_style"] = Markup(citizen_style())  # noqa: S704 -- our own file


@cache
def citizen_style() -> str:
    """The stylesheet that every citizen's page carries inside itself, without its comments."""
    text = (STATIC / "citizen.css").read_text()
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    text = re.sub(r"\s+", " ", text)
    return re.sub(r"\s*([{};:,>])\s*(?![^(]*\))", r"\1", text).replace(";}", "}").strip()


@cache
def _citizen_policy() -> str:
    """The one style block is allowed by name: by the hash of what it says."""
    digest = base64.b64encode(hashlib.sha256(citizen_style().encode()).digest()).decode()
    return f"{_CLOSED}; style-src 'sha256-{digest}'; img-src 'self' data:; media-src 'self'"


def is_staff_side() -> bool:
    blueprint = request.blueprint or ""
    return blueprint.endswith("_staff") or request.path.startswith("/noi-bo")


def _add_headers(response: Response) -> Response:
    for name, value in _ALWAYS.items():
        response.headers.setdefault(name, value)
    policy = _STAFF if is_staff_side() else _citizen_policy()
    response.headers.setdefault("Content-Security-Policy", policy)
    if is_staff_side():
        response.headers["Cache-Control"] = "no-store"
    if get_settings().is_https:
        response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    return response


def _limit_text() -> None:
    """A form without files is text, and nobody types half a million bytes."""
    if request.mimetype != "multipart/form-data":
        request.max_content_length = LARGEST_TEXT


def _refuse_foreign_posts() -> None:
    """A form is sent from our own pages. Old browsers say nothing, and are let through."""
    if request.method in {"GET", "HEAD", "OPTIONS"}:
        return
    site = request.headers.get("Sec-Fetch-Site", "none")
    origin = request.headers.get("Origin", "")
    ours = not origin or origin == "null" or _host_of(origin) == request.host
    if site in {"cross-site", "same-site"} or not ours:
        raise NotAllowedError


def _host_of(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc
    except ValueError:  # no browser writes such an origin
        return None


def _squeeze(response: Response) -> Response:
    """Compress a citizen's page: it holds no secret that a guess beside it could draw out."""
    body_fits = response.mimetype == "text/html" and not response.direct_passthrough
    if not body_fits or is_staff_side() or not request.accept_encodings["gzip"]:
        return response
    body = response.get_data()
    if len(body) >= WORTH_SQUEEZING:
        response.set_data(gzip.compress(body, compresslevel=6, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
        response.headers["Content-Length"] = str(response.content_length)
    response.vary.add("Accept-Encoding")
    return response
