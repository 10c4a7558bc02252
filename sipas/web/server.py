"""The web server: gunicorn with threads, set up from our settings alone."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger
from gunicorn.util import import_app

from sipas.settings import Settings

ROOT = Path(__file__).resolve().parent.parent.parent
SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # read by the library when it is first imported
_STOP = "_sipas_stop"

Stop = Callable[[], None]


class ServerLog(Logger):  # type: ignore[misc]  # gunicorn ships no types
    """gunicorn's own words go the way of all others (web/logs.py)."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
    """gunicorn without its command line, its configuration files and its control socket."""

    def __init__(self, settings: Settings, begin: Callable[[], Stop]) -> None:
        self._settings = settings
        self._begin = begin
        super().__init__()

    def load_config(self) -> None:
        settings = self._settings
        for name, value in {
            "bind": f"{settings.host}:{settings.port}",
            "workers": settings.workers,
            "worker_class": "gthread",
            "threads": settings.threads,
            "timeout": 60,
            "graceful_timeout": 15,
            "keepalive": 30,
            "pythonpath": str(ROOT),
            "preload_app": False,  # what draws posters hangs when it is used and then forked
            "control_socket_disable": True,  # it would want a home folder to live in
            "accesslog": None,  # web/logs.py tells of each answer, without personal data
            "logger_class": ServerLog,
            "loglevel": "warning",
            "post_worker_init": self._worker_ready,
            "worker_exit": self._worker_leaves,
        }.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        return import_app("wsgi:app")

    def _worker_ready(self, worker: Any) -> None:
        """Threads start here, in the worker: none would live through the fork."""
        setattr(worker, _STOP, self._begin())

    def _worker_leaves(self, _server: Any, worker: Any) -> None:
        stop: Stop | None = getattr(worker, _STOP, None)
        if stop is not None:
            stop()


def serve(settings: Settings, begin: Callable[[], Stop]) -> None:
    """Serve until a signal ends it. `begin` runs in each worker and returns what ends it."""
    if settings.metrics:
        _share_metrics(settings.data / "metrics")
    Server(settings, begin).run()


def _share_metrics(folder: Path) -> None:
    """Workers add up their figures in a folder; what a former run left would be counted again."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ[SHARED_FOLDER] = str(folder.absolute())
