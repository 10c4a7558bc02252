"""The commands, each a few lines over actions and queries."""

import os
import shutil
import smtplib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click
import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from sipas import backup as archive
from sipas import clock, schema
from sipas.database import Database
from sipas.errors import RuleError
from sipas.ledger import queries as ledger
from sipas.ledger.jobs import anchor_path, drop_anchor, kept_anchor, move_anchor
from sipas.ledger.labels import BREAKS
from sipas.ledger.rules import BrokenAnchorError
from sipas.mailroom import jobs
from sipas.schedule import PERIODIC
from sipas.settings import Settings, SettingsError, load
from sipas.web import logs, server

REFUSALS = (SettingsError, schema.NewerDatabaseError, archive.BackupError, RuleError)
LEAST_SPACE = 500 * 1024 * 1024
FIRST_RELEASE = datetime.fromisoformat("2026-11-01T00:00+07:00")


class Quiet(click.Group):
    """A command that is refused says so in one line and ends with 1; it shows no trail."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except REFUSALS as error:
            raise click.ClickException(str(error)) from None
        except DBAPIError as error:
            kind = type(error.orig).__name__
            raise click.ClickException(f"Cơ sở dữ liệu không trả lời ({kind}).") from None


@click.group(cls=Quiet)
def main() -> None:
    """Hệ thống góp ý và khảo sát hài lòng của cơ quan."""


@contextmanager
def installation() -> Iterator[tuple[Settings, Database]]:
    """The settings, believed, and the database they name."""
    settings = load()
    clock.believe(settings.clock)
    settings.data.mkdir(mode=0o750, parents=True, exist_ok=True)
    database = Database(settings.database_url)
    try:
        yield settings, database
    finally:
        database.close()


@main.command()
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


def fit(settings: Settings, database: Database) -> None:
    """An embedded installation brings its tables up to date itself; others are told how."""
    schema.refuse_newer(database)
    if schema.is_current(database):
        return
    if settings.env != "embedded":
        raise click.ClickException(
            "Cơ sở dữ liệu chưa ở phiên bản của chương trình. Chạy: sipas upgrade"
        )
    schema.upgrade(database)


@main.command()
def worker() -> None:
    """Chạy riêng các việc nền: gửi thư, việc định kỳ."""
    with installation() as (settings, database):
        fit(settings, database)
        logs.configure()
        structlog.get_logger("worker").info("working")
        jobs.worker(database, settings, PERIODIC).run()


@main.command()
def upgrade() -> None:
    """Đưa cơ sở dữ liệu lên phiên bản của chương trình."""
    with installation() as (_settings, database):
        schema.upgrade(database)
    click.echo("Cơ sở dữ liệu đã ở phiên bản của chương trình.")


@main.command()
def verify() -> None:
    """Kiểm tra toàn vẹn: cấu trúc, cơ sở dữ liệu, chuỗi sự kiện của sổ nhật ký."""
    with installation() as (settings, database):
        for look in (_schema_fault, _database_fault, _ledger_fault):
            if fault := look(settings, database):
                raise click.ClickException(fault)
        with database.reading() as db:
            end = ledger.head(db)
        anchored = "" if anchor_path(settings).exists() else " Chưa có tệp neo để đối chiếu."
    click.echo(f"Toàn vẹn. Sổ nhật ký: {end.length} sự kiện, mã cuối {end.hash}.{anchored}")


def _schema_fault(_settings: Settings, database: Database) -> str | None:
    schema.refuse_newer(database)
    if schema.is_current(database):
        return None
    return "Cơ sở dữ liệu chưa ở phiên bản của chương trình. Chạy: sipas upgrade"


def _database_fault(_settings: Settings, database: Database) -> str | None:
    fault = schema.damage(database)
    return f"Cơ sở dữ liệu hỏng: {fault}" if fault else None


def _ledger_fault(settings: Settings, database: Database) -> str | None:
    try:
        anchor = kept_anchor(settings)
    except BrokenAnchorError:
        return f"Tệp neo {anchor_path(settings)} bị sửa, hoặc do khóa bí mật khác tạo ra."
    with database.reading() as db:
        found = ledger.first_break(db, anchor)
    return f"Sổ nhật ký đứt ở sự kiện số {found.seq}: {BREAKS[found.kind]}." if found else None


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
def backup(file: Path) -> None:
    """Sao lưu tất cả vào một tệp, trong khi máy chủ vẫn chạy."""
    with installation() as (settings, database):
        made = archive.back_up(_place(settings, database), file, _ledger_end)
        move_anchor(database, settings)
    click.echo(f"Đã sao lưu vào {file}: {made.facts['length']} sự kiện trong sổ nhật ký.")
    if not settings.secret:
        kept = settings.secret_file or settings.data / "secret"
        click.echo(f"Tệp này không chứa khóa bí mật. Giữ riêng một bản của {kept}.")


@main.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Thay toàn bộ dữ liệu đang có.")
@click.option("--other-secret", is_flag=True, help="Chấp nhận khóa bí mật khác lúc sao lưu.")
def restore(file: Path, *, replace: bool, other_secret: bool) -> None:
    """Phục hồi tất cả từ một tệp sao lưu."""
    with installation() as (settings, database):
        place = _place(settings, database)
        archive.restore(place, file, replace=replace, other_secret=other_secret)
        with database.reading() as db:
            end = ledger.head(db)
        drop_anchor(end, settings)
        if fault := _ledger_fault(settings, database):
            raise click.ClickException(fault)
    click.echo(f"Đã phục hồi. Sổ nhật ký: {end.length} sự kiện, mã cuối {end.hash}.")


def _place(settings: Settings, database: Database) -> archive.Place:
    return archive.Place(database, settings.data / archive.FILES, settings.keys("backup"))


def _ledger_end(db: Session) -> dict[str, object]:
    return asdict(ledger.head(db))


@main.command()
def check() -> None:
    """Hỏi: cài đặt này đã đủ an toàn để phục vụ chưa?"""
    with installation() as (settings, database):
        faults = [fault for look in CHECKS if (fault := look(settings, database))]
    for fault in faults:
        click.echo(f"- {fault}", err=True)
    if faults:
        raise click.ClickException(f"Còn {len(faults)} việc cần sửa trước khi phục vụ.")
    click.echo("Đủ an toàn để phục vụ.")


def _folder_fault(settings: Settings, _database: Database) -> str | None:
    if not os.access(settings.data, os.W_OK):
        return f"Không ghi được vào thư mục {settings.data}."
    if settings.data.stat().st_mode & 0o007:
        return f"Người khác trên máy đọc được thư mục {settings.data}. Chạy: chmod o-rwx."
    return None


def _secret_fault(settings: Settings, _database: Database) -> str | None:
    if settings.secret:
        return None
    path = settings.secret_file or settings.data / "secret"
    is_ours = path.exists() and path.stat().st_uid == os.getuid()  # others' are theirs to guard
    is_shared = is_ours and path.stat().st_mode & 0o077
    return f"Người khác trên máy đọc được tệp khóa {path}. Chạy: chmod 600." if is_shared else None


def _space_fault(settings: Settings, _database: Database) -> str | None:
    free = shutil.disk_usage(settings.data).free
    if free >= LEAST_SPACE:
        return None
    return f"Đĩa chỉ còn {free // 1024 // 1024} MB trống. Cần ít nhất 500 MB."


def _clock_fault(_settings: Settings, _database: Database) -> str | None:
    return "Đồng hồ của máy chạy sai năm." if clock.now() < FIRST_RELEASE else None


def _mail_fault(settings: Settings, _database: Database) -> str | None:
    if not settings.mail_host:
        return None
    if not settings.mail_from:
        return "Có máy chủ thư nhưng chưa có địa chỉ gửi: đặt SIPAS_MAIL_FROM."
    try:
        smtplib.SMTP(settings.mail_host, settings.mail_port, timeout=5).close()
    except (OSError, smtplib.SMTPException) as error:
        return f"Không nối được máy chủ thư ({type(error).__name__})."
    return None


CHECKS = (
    _folder_fault,
    _secret_fault,
    _space_fault,
    _clock_fault,
    _schema_fault,
    _database_fault,
    _mail_fault,
)


if __name__ == "__main__":
    main()
