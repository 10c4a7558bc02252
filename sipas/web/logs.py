"""Structured logs without personal data: the rule of the address, never the address itself."""

import logging
import secrets
import sys
import time
from traceback import extract_tb
from types import TracebackType

import structlog
from flask import Flask, Response, g, request

ExcInfo = tuple[type[BaseException] | None, BaseException | None, TracebackType | None]
UNSAID = "…"
SERVER_SAYS = (
    "Invalid request",
    "Error handling request",
    "Socket error processing request",
    "Exception in worker process",
    "Exception in post_request hook",
    "Unhandled exception in main loop",
    "connection to",
    "No keepalived connections can be handled",
)
DEEPEST = 12  # places of a trail that are worth a line


def configure() -> None:
    """One JSON object a line on standard output, Vietnamese kept readable."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *_args: structlog.PrintLogger(sys.stdout),
    )
    logging.basicConfig(handlers=[_OtherWords()], level=logging.WARNING, force=True)


class _OtherWords(logging.Handler):
    """What libraries log, in the same form, its gaps filled with numbers only.

    gunicorn, say, names the address of a person whose request is malformed.
    """

    def emit(self, record: logging.LogRecord) -> None:
        trail = {}
        if record.exc_info and record.exc_info[0]:
            trail = {"kind": record.exc_info[0].__name__, "trace": _places(record.exc_info[2])}
        write = structlog.get_logger(record.name).bind(source=record.name, **trail)
        write.log(record.levelno, _sentence(record))


def _sentence(record: logging.LogRecord) -> str:
    said = str(record.msg)
    if not record.args:
        return _beginning(said) if record.name.startswith("gunicorn") else said
    try:
        return said % tuple(gap if isinstance(gap, int | float) else UNSAID for gap in record.args)
    except (TypeError, ValueError):
        return UNSAID


def _beginning(said: str) -> str:
    """What gunicorn has filled with typed words itself: only a beginning known to us is kept."""
    return next((known for known in SERVER_SAYS if said.startswith(known)), UNSAID)


def init_app(app: Flask) -> None:
    app.before_request(_begin)
    app.after_request(_end)
    app.log_exception = _log_exception  # type: ignore[method-assign]  # Flask's own prints the path


def rule() -> str:
    """The address as the program knows it: no code, no query, nothing that was typed."""
    return request.url_rule.rule if request.url_rule else "-"


def _begin() -> None:
    g.begun = time.perf_counter()
    g.request_id = secrets.token_hex(8)


def _end(response: Response) -> Response:
    response.headers["X-Request-Id"] = g.get("request_id", "-")
    if not request.path.startswith(("/static/", "/healthz", "/readyz", "/metrics")):
        spent = time.perf_counter() - g.get("begun", time.perf_counter())
        structlog.get_logger("web").info(
            "answered",
            request=g.get("request_id"),
            method=request.method,
            rule=rule(),
            status=response.status_code,
            ms=round(spent * 1000, 1),
        )
    return response


def _log_exception(exc_info: ExcInfo) -> None:
    """The trail without its values: an exception's text may quote what a person typed."""
    kind, _value, trace = exc_info
    structlog.get_logger("web").error(
        "broke",
        request=g.get("request_id"),
        rule=rule(),
        kind=kind.__name__ if kind else None,
        trace=_places(trace),
    )


def _places(trace: TracebackType | None) -> list[str]:
    places = [f"{place.filename}:{place.lineno} {place.name}" for place in extract_tb(trace)]
    return places[-DEEPEST:]
