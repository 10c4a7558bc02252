"""Commands that keep what is there safe: verify, back up, restore, check."""

import os
import shutil
import smtplib
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click
from sqlalchemy.orm import Session

from sipas import backup as archive
from sipas import clock, schema
from sipas.cli.installation import installation
from sipas.database import Database
from sipas.ledger import queries as ledger
from sipas.ledger.jobs import anchor_path, drop_anchor, kept_anchor, move_anchor
from sipas.ledger.labels import BREAKS
from sipas.ledger.rules import BrokenAnchorError
from sipas.settings import Settings

LEAST_SPACE = 500 * 1024 * 1024
FIRST_RELEASE = datetime.fromisoformat("2026-11-01T00:00+07:00")


@click.command()
def verify() -> None:
    """Kiểm tra toàn vẹn: cấu trúc, cơ sở dữ liệu, chuỗi sự kiện của sổ nhật ký."""
    with installation() as (settings, database):
        for look in (_schema_fault, _database_fault, _ledger_fault, _guard_fault):
            if fault := look(settings, database):
                raise click.ClickException(fault)
        with database.reading() as db:
            end = ledger.head(db)
        anchored = "" if anchor_path(settings).exists() else " Chưa có tệp neo để đối chiếu."
    click.echo(f"Toàn vẹn. Sổ nhật ký: {end.length} sự kiện, mã cuối {end.hash}.{anchored}")


def _schema_fault(_settings: Settings, database: Database) -> str | None:
    schema.refuse_newer(database)
    if not schema.is_current(database):
        return "Cơ sở dữ liệu chưa ở phiên bản của chương trình. Chạy: sipas upgrade"
    lost = schema.lost_table(database)
    return f"Cơ sở dữ liệu thiếu bảng {lost}. Phục hồi từ bản sao lưu." if lost else None


def _guard_fault(_settings: Settings, database: Database) -> str | None:
    """Asked last: what was changed meanwhile is the graver news."""
    lost = schema.lost_guard(database)
    return f"Cơ sở dữ liệu thiếu chốt chống sửa {lost}. Phục hồi từ bản sao lưu." if lost else None


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


@click.command()
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


@click.command()
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


@click.command()
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
    _guard_fault,
    _mail_fault,
)
