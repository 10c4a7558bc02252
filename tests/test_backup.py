"""Backups made while others write, restored elsewhere, and refused when they are not whole."""

import hashlib
import json
import os
import stat
import subprocess
import sys
import tarfile
import time
from contextlib import contextmanager
from dataclasses import asdict, replace

import pytest
from sqlalchemy import select

from sipas import backup, schema
from sipas.app import all_tables
from sipas.backup import BackupError, Place
from sipas.database import Database
from sipas.ledger import queries
from sipas.ledger.actions import record
from sipas.ledger.rules import SYSTEM
from tests.conftest import NOW
from tests.running import ROOT, Installation, postgres_programs

EVENTS = 20


@pytest.fixture(autouse=True)
def programs(monkeypatch):
    monkeypatch.setenv("PATH", f"{postgres_programs()}:{os.environ['PATH']}")


@pytest.fixture
def here(database, db, tmp_path):
    """A place with some events and a file."""
    for number in range(EVENTS):
        record(db, "desk.added", f"desk:{number}", by=SYSTEM, now=NOW)
    db.commit()
    files = tmp_path / "data" / "files"
    files.mkdir(parents=True)
    (files / "anh.jpg").write_bytes(b"a picture")
    return Place(database, files, [b"the same secret"])


@pytest.fixture
def there(tmp_path, database, bare_url):
    """Another machine: an empty database and an empty folder, the same secret."""
    empty = Database(bare_url(database.engine.dialect.name))
    yield Place(empty, tmp_path / "there" / "files", [b"the same secret"])
    empty.close()


@pytest.fixture
def path(here, tmp_path):
    """A backup of the place."""
    made = tmp_path / "sao-luu"
    backup.back_up(here, made, lambda db: asdict(queries.head(db)))
    return made


def url_of(place) -> str:
    return place.database.engine.url.render_as_string(hide_password=False)


def rows(place) -> list:
    """Everything that the tables hold."""
    with place.database.reading() as db:
        return [sorted(map(repr, db.execute(select(t)))) for t in all_tables().sorted_tables]


def length(place) -> int:
    with place.database.reading() as db:
        return queries.head(db).length


def refusal(path, there, *, other_secret=False) -> str:
    with pytest.raises((BackupError, schema.NewerDatabaseError)) as refused:
        backup.restore(there, path, replace=False, other_secret=other_secret)
    assert schema.is_bare(there.database)
    assert not there.files.exists()
    assert list(there.files.parent.iterdir()) == []
    return str(refused.value)


@contextmanager
def writing_all_the_time(url: str):
    words = f"from tests.writers import record_events; record_events({url!r}, 100_000)"
    writer = subprocess.Popen([sys.executable, "-c", words], cwd=ROOT)
    try:
        yield
    finally:
        writer.kill()
        writer.wait()


def test_a_backup_taken_during_writes_restores_to_a_database_that_verifies(
    here, there, installation, tmp_path
):
    path = tmp_path / "sao-luu"
    elsewhere = Installation(there.files.parent, url_of(there))
    with writing_all_the_time(url_of(here)):
        while length(here) < EVENTS + 20:
            time.sleep(0.05)
        acknowledged = length(here)
        assert installation.run("backup", str(path)).returncode == 0
        at_the_end = length(here)

    assert elsewhere.run("restore", str(path)).returncode == 0

    verified = elsewhere.run("verify")
    assert verified.returncode == 0, verified.stderr
    assert acknowledged <= length(there) <= at_the_end
    assert at_the_end > acknowledged  # it really was written to meanwhile


def test_a_quiet_installation_comes_back_identical_and_serves(here, there, installation, tmp_path):
    path = tmp_path / "sao-luu"
    elsewhere = Installation(there.files.parent, url_of(there))

    assert installation.run("backup", str(path)).returncode == 0
    assert elsewhere.run("restore", str(path)).returncode == 0

    assert rows(there) == rows(here)
    assert (elsewhere.data / "files" / "anh.jpg").read_bytes() == b"a picture"
    assert elsewhere.run("verify").stdout == installation.run("verify").stdout
    served = elsewhere.serve()
    assert served.get("/readyz")[0] == 200
    served.stop()


def test_a_restored_ledger_still_refuses_changes(path, there):
    backup.restore(there, path, replace=False, other_secret=False)

    with there.database.reading() as db:
        assert queries.first_break(db) is None
    assert schema.is_current(there.database)


def test_a_backup_is_for_its_owner_alone_and_holds_no_key(path, here):
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with tarfile.open(path) as archive:
        names = archive.getnames()
        held = b"".join(archive.extractfile(name).read() for name in names)
    assert names == ["manifest.json", backup.PARTS[here.kind], "files/anh.jpg"]
    assert here.keys[0] not in held


def test_the_manifest_says_where_the_ledger_ended(path, there):
    manifest = backup.restore(there, path, replace=False, other_secret=False)

    assert manifest.facts["length"] == EVENTS
    assert manifest.revision == schema.head()


def test_an_older_backup_is_never_overwritten(path, here):
    before = path.read_bytes()

    with pytest.raises(BackupError, match="đặt tên khác"):
        backup.back_up(here, path, lambda _db: {})

    assert path.read_bytes() == before
    assert list(path.parent.glob(".sipas-*")) == []


def rebuilt(path, change):
    """The archive packed again with one of its parts changed."""
    folder = path.with_suffix(".out")
    with tarfile.open(path) as archive:
        for member in archive:  # our own file, just made: nothing to be wary of
            part = folder / member.name
            part.parent.mkdir(parents=True, exist_ok=True)
            part.write_bytes(archive.extractfile(member).read())
    change(folder)
    packed = path.with_suffix(".changed")
    with tarfile.open(packed, "w:gz") as archive:
        for part in sorted(found for found in folder.rglob("*") if found.is_file()):
            archive.add(part, str(part.relative_to(folder)))
    return packed


def change_file(folder):
    (folder / "files" / "anh.jpg").write_bytes(b"another picture")


def drop_file(folder):
    (folder / "files" / "anh.jpg").unlink()


def add_file(folder):
    (folder / "files" / "la.jpg").write_bytes(b"a stranger")


def forge(folder):
    """A changed file whose digest was put right: only the seal can tell."""
    change_file(folder)
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text())
    changed = (folder / "files" / "anh.jpg").read_bytes()
    manifest["digests"]["files/anh.jpg"] = hashlib.sha256(changed).hexdigest()
    path.write_text(json.dumps(manifest))


def from_a_later_version(folder):
    path = folder / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "revision": "9999_later"}))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (change_file, "mã kiểm tra"),
        (drop_file, "mã kiểm tra"),
        (add_file, "mã kiểm tra"),
        (forge, "khóa bí mật khác"),
    ],
)
def test_a_backup_that_was_changed_is_refused_and_touches_nothing(path, there, change, said):
    assert said in refusal(rebuilt(path, change), there)


def test_a_backup_of_a_newer_version_is_refused(path, there):
    later = rebuilt(path, from_a_later_version)

    assert "phiên bản mới hơn" in refusal(later, there, other_secret=True)


@pytest.mark.parametrize("damage", ["cut", "bit", "other"])
def test_a_damaged_file_is_refused(path, there, damage):
    content = bytearray(path.read_bytes())
    if damage == "cut":
        content = content[: len(content) // 2]
    elif damage == "bit":
        content[len(content) // 2] ^= 1
    else:
        content = b"not a backup"
    path.write_bytes(content)

    assert "hỏng" in refusal(path, there)


def test_a_restore_needs_the_secret_of_the_backup_or_a_word_that_it_is_lost(path, here, there):
    stranger = replace(there, keys=[b"another secret"])

    assert "khóa bí mật khác" in refusal(path, stranger)

    backup.restore(stranger, path, replace=False, other_secret=True)
    assert rows(stranger) == rows(here)


def test_a_backup_from_before_the_secret_was_changed_is_still_taken(path, here, there):
    backup.restore(
        replace(there, keys=[b"a new secret", *there.keys]), path, replace=False, other_secret=False
    )

    assert rows(there) == rows(here)


def test_a_restore_replaces_nothing_unless_told_to(path, here, db):
    before = rows(here)
    record(db, "desk.added", "desk:99", by=SYSTEM, now=NOW)
    db.commit()
    db.close()

    with pytest.raises(BackupError, match="--replace"):
        backup.restore(here, path, replace=False, other_secret=False)
    assert length(here) == EVENTS + 1

    backup.restore(here, path, replace=True, other_secret=False)
    assert rows(here) == before


def test_a_backup_of_the_other_kind_of_database_is_refused(path, here, there, bare_url):
    other = Database(bare_url("postgresql" if here.kind == "sqlite" else "sqlite"))

    assert f"của {here.kind}" in refusal(path, replace(there, database=other))
    other.close()


def test_without_postgresqls_own_programs_the_line_says_what_to_install(
    here, tmp_path, monkeypatch
):
    if here.database.is_sqlite:
        pytest.skip("SQLite copies itself")
    monkeypatch.setenv("PATH", "/nowhere")

    with pytest.raises(BackupError, match="Không tìm thấy pg_dump"):
        backup.back_up(here, tmp_path / "sao-luu", lambda _db: {})


def test_what_postgresqls_program_says_is_passed_on_in_one_line(here, tmp_path, monkeypatch):
    if here.database.is_sqlite:
        pytest.skip("SQLite copies itself")
    broken = tmp_path / "bin" / "pg_dump"
    broken.parent.mkdir()
    broken.write_text("#!/bin/sh\necho 'server version mismatch' >&2\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", f"{broken.parent}:{os.environ['PATH']}")

    with pytest.raises(BackupError, match="pg_dump dừng lại: server version mismatch"):
        backup.back_up(here, tmp_path / "sao-luu", lambda _db: {})


def test_a_place_that_cannot_be_written_to_is_named_in_one_line(here, installation, tmp_path):
    (tmp_path / "a-file").touch()
    target = tmp_path / "a-file" / "folder" / "sao-luu"

    done = installation.run("backup", str(target))

    assert done.returncode == 1
    assert done.stderr.startswith(f"Error: Không ghi được {target} (")
    assert len(done.stderr.splitlines()) == 1


def test_a_backup_that_cannot_be_opened_is_named_in_one_line(there, tmp_path):
    with pytest.raises(BackupError, match="Không phục hồi được từ"):
        backup.restore(there, tmp_path / "khong-co", replace=False, other_secret=False)

    assert schema.is_bare(there.database)


def test_an_empty_database_is_no_backup(there, tmp_path):
    with pytest.raises(BackupError, match="còn trống"):
        backup.back_up(there, tmp_path / "sao-luu", lambda _db: {})
