"""Commands that serve: the web, the jobs, and bringing the tables up to date."""

import os
from collections.abc import Callable

import click
import structlog

from sipas import schema
from sipas.cli.installation import fit, installation
from sipas.mailroom import jobs
from sipas.schedule import PERIODIC
from sipas.settings import Settings
from sipas.web import logs, server


@click.command()
@click.option("--host", help="Địa chỉ để lắng nghe, thay cho SIPAS_HOST.")
@click.option("--port", type=int, help="Cổng để lắng nghe, thay cho SIPAS_PORT.")
def serve(host: str | None, port: int | None) -> None:
    """Chạy máy chủ web (và các việc nền, nếu SIPAS_JOBS=embedded)."""
    listen(host=host, port=port)


def listen(*, host: str | None = None, port: int | None = None) -> None:
    """Serve until a signal ends it; a database that does not fit is not served."""
    for name, value in (("SIPAS_HOST", host), ("SIPAS_PORT", port)):
        if value is not None:
            os.environ[name] = str(value)  # the workers read the same environment
    with installation() as (settings, database):
        fit(settings, database)
    logs.configure()
    structlog.get_logger("serve").info(
        "serving", host=settings.host, port=settings.port, workers=settings.workers
    )
    server.serve(settings, lambda: begin_jobs(settings))


def begin_jobs(settings: Settings) -> Callable[[], None]:
    """Start the job threads inside a web worker, unless workers of their own do the jobs."""
    if settings.jobs != "embedded":
        return lambda: None
    return jobs.Guest(settings, PERIODIC).leave


@click.command()
def worker() -> None:
    """Chạy riêng các việc nền: gửi thư, việc định kỳ."""
    with installation() as (settings, database):
        fit(settings, database)
        logs.configure()
        structlog.get_logger("worker").info("working")
        jobs.worker(database, settings, PERIODIC).run()


@click.command()
def upgrade() -> None:
    """Đưa cơ sở dữ liệu lên phiên bản của chương trình."""
    with installation() as (_settings, database):
        schema.upgrade(database)
    click.echo("Cơ sở dữ liệu đã ở phiên bản của chương trình.")
