"""Figures for operators: how many answers and how quick, by the rule of the address."""

import time

from flask import Flask, Response, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from sipas.web.logs import rule

REGISTRY = CollectorRegistry()
_ANSWERS = Counter(
    "sipas_answers_total", "Answers given", ("method", "rule", "status"), registry=REGISTRY
)
_SECONDS = Histogram("sipas_answer_seconds", "Seconds an answer took", ("rule",), registry=REGISTRY)


def init_app(app: Flask) -> None:
    app.after_request(_count)


def exposition() -> Response:
    return Response(generate_latest(REGISTRY), content_type=CONTENT_TYPE_LATEST)


def _count(response: Response) -> Response:
    _ANSWERS.labels(request.method, rule(), str(response.status_code)).inc()
    _SECONDS.labels(rule()).observe(time.perf_counter() - g.get("begun", time.perf_counter()))
    return response
