"""One file that holds the installation: the database, the files, and what proves them whole.

The file is a compressed tar: `manifest.json`, the database by its own means (SQLite's online copy,
or pg_dump in one snapshot), then the folder of files. The manifest names each part's digest and is
sealed under the installation's secret; the secret itself is never in it.
"""

import hashlib
import hmac
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from sipas import schema
from sipas.database import Database

MANIFEST = "manifest.json"
PARTS = {"sqlite": "database.sqlite", "postgresql": "database.sql"}
FILES = "files"
QUICK = 3  # gzip's level: a backup is made every day, and mostly of text
_EMPTY_FIRST = "DROP SCHEMA public CASCADE; CREATE SCHEMA public"

Facts = Callable[[Session], Mapping[str, Any]]


class BackupError(Exception):
    """No backup can be made, or this one cannot be restored; the message is one line."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds. Its facts are read in the same snapshot as the copy."""

    kind: str
    revision: str
    facts: Mapping[str, Any]
    digests: Mapping[str, str]

    def sealed(self, key: bytes) -> str:
        return json.dumps({**asdict(self), "seal": _seal(asdict(self), key)}, indent=1)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an installation keeps its things, and the keys: it seals with the first of them."""

    database: Database
    files: Path
    keys: Sequence[bytes]

    @property
    def kind(self) -> str:
        return self.database.engine.dialect.name


def back_up(place: Place, target: Path, facts: Facts) -> Manifest:
    """Write the backup beside its name first, so that whoever sees the name sees all of it."""
    try:
        return _write(place, target, facts)
    except (OSError, sqlite3.Error) as error:
        raise BackupError(f"Không ghi được {target} ({error}).") from None


def _write(place: Place, target: Path, facts: Facts) -> Manifest:
    if target.exists():
        raise BackupError(f"Đã có tệp {target}. Hãy đặt tên khác.")
    if schema.current(place.database) is None:
        raise BackupError("Cơ sở dữ liệu còn trống, chưa có gì để sao lưu.")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".sipas-backup-", dir=target.parent) as name:
        folder = Path(name)
        part = folder / PARTS[place.kind]
        copy = _copy_sqlite if place.database.is_sqlite else _copy_postgres
        revision, found = copy(place.database, part, facts)
        parts = {part.name: part, **_files(place.files)}
        digests = {name: _digest(path) for name, path in parts.items()}
        manifest = Manifest(place.kind, revision, found, digests)
        draft = folder / "draft"
        _pack(draft, manifest.sealed(place.keys[0]), parts)
        draft.rename(target)
    return manifest


def restore(place: Place, source: Path, *, replace: bool, other_secret: bool) -> Manifest:
    """Put everything back, after proving that the backup is whole and fits in here."""
    try:
        with source.open("rb"):
            pass  # a file that may not be read is no damaged one
        return _put_back(place, source, replace=replace, other_secret=other_secret)
    except (OSError, sqlite3.Error) as error:
        raise BackupError(f"Không phục hồi được từ {source} ({error}).") from None


def _put_back(place: Place, source: Path, *, replace: bool, other_secret: bool) -> Manifest:
    place.files.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".sipas-restore-", dir=place.files.parent) as name:
        folder = Path(name)
        manifest = _unpack(source, folder, () if other_secret else place.keys)
        _check_fits(manifest, place, replace=replace)
        if (folder / FILES).exists():
            shutil.copytree(folder / FILES, place.files, dirs_exist_ok=True)
        load = _load_sqlite if place.database.is_sqlite else _load_postgres
        load(place.database, folder / PARTS[manifest.kind])
    return manifest


def _check_fits(manifest: Manifest, place: Place, *, replace: bool) -> None:
    if manifest.kind != place.kind:
        raise BackupError(f"Bản sao lưu này của {manifest.kind}, ở đây dùng {place.kind}.")
    if not schema.is_known(manifest.revision):
        raise schema.NewerDatabaseError(manifest.revision)
    if not replace and not schema.is_bare(place.database):
        raise BackupError("Cơ sở dữ liệu ở đây không trống. Thêm --replace để thay toàn bộ.")


def _copy_sqlite(database: Database, part: Path, facts: Facts) -> tuple[str, Mapping[str, Any]]:
    """SQLite's own copy of one moment, while others go on writing."""
    with (
        closing(sqlite3.connect(str(database.engine.url.database), timeout=10)) as source,
        closing(sqlite3.connect(part)) as copy,
    ):
        source.backup(copy)
    opened = Database(f"sqlite:///{part}")
    try:
        return _described(opened, facts)
    finally:
        opened.close()


def _described(database: Database, facts: Facts) -> tuple[str, Mapping[str, Any]]:
    with database.reading() as db:
        return str(schema.current(database)), facts(db)


def _copy_postgres(database: Database, part: Path, facts: Facts) -> tuple[str, Mapping[str, Any]]:
    """The dump sees the very moment that the facts are read in."""
    with (
        database.engine.connect() as plain,
        Session(plain.execution_options(isolation_level="REPEATABLE READ")) as db,
    ):
        db.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
        snapshot = db.scalar(text("SELECT pg_export_snapshot()"))
        found = facts(db)
        revision = str(db.scalar(text("SELECT version_num FROM alembic_version")))
        own = ("--no-owner", "--no-privileges")
        _postgres_tool(database, "pg_dump", f"--snapshot={snapshot}", f"--file={part}", *own)
    return revision, found


def _load_sqlite(database: Database, part: Path) -> None:
    """All pages in one transaction: either the whole of it, or what was there before."""
    with (
        closing(sqlite3.connect(part)) as source,
        closing(sqlite3.connect(str(database.engine.url.database), timeout=10)) as target,
    ):
        if source.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
            raise BackupError("Cơ sở dữ liệu trong bản sao lưu bị hỏng.")
        source.backup(target)


def _load_postgres(database: Database, part: Path) -> None:
    options = ("--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1")
    _postgres_tool(
        database,
        "psql",
        *options,
        f"--command={_EMPTY_FIRST}",
        f"--file={part}",
        "--output=/dev/null",
    )


def _postgres_tool(database: Database, tool: str, *arguments: str) -> None:
    """Run PostgreSQL's own program. The password goes by the environment, unseen in any list."""
    program = shutil.which(tool)
    if program is None:
        raise BackupError(f"Không tìm thấy {tool}. Cài bộ lệnh PostgreSQL cùng phiên bản máy chủ.")
    with database.engine.connect() as connection:
        info = connection.connection.driver_connection.info  # type: ignore[union-attr]  # psycopg's
        told = {"PGHOST": info.host, "PGPORT": str(info.port), "PGUSER": info.user}
        told |= {"PGDATABASE": info.dbname, "PGPASSWORD": info.password}
        told |= {"PGOPTIONS": "-c client_min_messages=warning"}
    done = subprocess.run(  # noqa: S603 -- a fixed list of words, no shell
        [program, *arguments],
        env={**os.environ, **told},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = (done.stderr.strip().splitlines() or [""])[0]
        raise BackupError(f"{tool} dừng lại: {said}")


def _files(folder: Path) -> dict[str, Path]:
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {f"{FILES}/{path.relative_to(folder)}": path for path in found}


def _pack(draft: Path, manifest: str, parts: Mapping[str, Path]) -> None:
    listed = draft.with_name(MANIFEST)
    listed.write_text(manifest)
    draft.touch(mode=0o600)
    with draft.open("wb") as file:
        with tarfile.open(fileobj=file, mode="w:gz", compresslevel=QUICK) as archive:
            for name, path in {MANIFEST: listed, **parts}.items():
                archive.add(path, name, recursive=False)
        file.flush()
        os.fsync(file.fileno())


def _unpack(source: Path, folder: Path, keys: Sequence[bytes]) -> Manifest:
    """Lay the parts out and compare each with the manifest: nothing less, nothing more."""
    try:
        with tarfile.open(source) as archive:
            _lay_out(archive, folder)
        manifest = _manifest(json.loads((folder / MANIFEST).read_text()), keys)
    except (tarfile.TarError, zlib.error, OSError, EOFError, ValueError, KeyError, TypeError):
        raise BackupError(f"Tệp {source} không phải bản sao lưu, hoặc đã bị hỏng.") from None
    laid_out = {name: path for name, path in _all_parts(folder).items() if name != MANIFEST}
    if {name: _digest(path) for name, path in laid_out.items()} != manifest.digests:
        raise BackupError(f"Tệp {source} đã bị hỏng: nội dung không khớp mã kiểm tra.")
    return manifest


def _lay_out(archive: tarfile.TarFile, folder: Path) -> None:
    """Plain files below the folder and nothing else: no links, no way out of it.

    By hand, since the filters of tarfile are younger than the oldest Python we run on.
    """
    for member in archive:
        path = folder / member.name
        stays_inside = folder.resolve() in path.resolve().parents
        content = archive.extractfile(member) if member.isreg() and stays_inside else None
        if content is None:
            raise tarfile.TarError(member.name)
        path.parent.mkdir(parents=True, exist_ok=True)
        with content, path.open("wb") as laid_out:
            shutil.copyfileobj(content, laid_out)


def _manifest(read: dict[str, Any], keys: Sequence[bytes]) -> Manifest:
    """The manifest, sealed under one of the keys; without any key the seal is not looked at."""
    manifest = Manifest(read["kind"], read["revision"], read["facts"], read["digests"])
    seals = [_seal(asdict(manifest), key) for key in keys]
    if seals and not any(hmac.compare_digest(str(read["seal"]), seal) for seal in seals):
        raise BackupError(
            "Bản sao lưu được niêm phong bằng khóa bí mật khác. Dùng khóa của nơi đã sao lưu "
            "(SIPAS_SECRET hoặc tệp secret), hoặc thêm --other-secret nếu không còn khóa ấy."
        )
    return manifest


def _all_parts(folder: Path) -> dict[str, Path]:
    return {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()}


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _seal(content: object, key: bytes) -> str:
    return hmac.digest(key, json.dumps(content, sort_keys=True).encode(), "sha256").hex()
