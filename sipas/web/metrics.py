"""Figures for operators: how many answers and how quick, by the rule of the address."""

import os
import time
from collections.abc import Iterator, Mapping

from flask import Flask, Response, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.metrics_core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from sipas.web.logs import rule
from sipas.web.server import SHARED_FOLDER

REGISTRY = CollectorRegistry()
_ANSWERS = Counter(
    "sipas_answers_total", "Answers given", ("method", "rule", "status"), registry=REGISTRY
)
_SECONDS = Histogram("sipas_answer_seconds", "Seconds an answer took", ("rule",), registry=REGISTRY)


def init_app(app: Flask) -> None:
    app.after_request(_count)


def exposition(moment: Mapping[str, tuple[str, float]]) -> Response:
    """The counts of all workers, where they share a folder, and figures of this moment."""
    counted = CollectorRegistry() if SHARED_FOLDER in os.environ else REGISTRY
    if counted is not REGISTRY:
        MultiProcessCollector(counted)  # type: ignore[no-untyped-call]  # the library's gap
    measured = CollectorRegistry()
    measured.register(_Moment(moment))
    text = generate_latest(counted) + generate_latest(measured)
    return Response(text, content_type=CONTENT_TYPE_LATEST)


class _Moment(Collector):
    """Figures that are read when they are asked for. Kept nowhere, no worker has its own."""

    def __init__(self, figures: Mapping[str, tuple[str, float]]) -> None:
        self._figures = figures

    def collect(self) -> Iterator[GaugeMetricFamily]:
        for name, (meaning, value) in self._figures.items():
            yield GaugeMetricFamily(name, meaning, value=value)


def _count(response: Response) -> Response:
    _ANSWERS.labels(request.method, rule(), str(response.status_code)).inc()
    _SECONDS.labels(rule()).observe(time.perf_counter() - g.get("begun", time.perf_counter()))
    return response
