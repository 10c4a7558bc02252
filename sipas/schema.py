"""The shape of the database: migrations run by our own command, on both databases."""

from pathlib import Path
from typing import cast

from sqlalchemy import inspect, text

from sipas.database import Base, Database

ROOT = Path(__file__).resolve().parent.parent
_UNPROVEN = text(
    "SELECT conname FROM pg_constraint WHERE NOT convalidated ORDER BY conname LIMIT 1"
)
# Triggers that refuse to change what was written; a disabled one refuses nothing.
_GUARDS = {
    "sqlite": {"event_no_update", "event_no_delete"},
    "postgresql": {"event_no_change", "event_no_truncate"},
}
_FROZEN = {
    "questionnaire_frozen_update",
    "questionnaire_frozen_delete",
    "criterion_frozen_insert",
    "criterion_frozen_update",
    "criterion_frozen_delete",
}
_TRIGGERS = {
    "sqlite": text("SELECT name FROM sqlite_master WHERE type = 'trigger'"),
    "postgresql": text(
        "SELECT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
        "WHERE relnamespace = current_schema()::regnamespace AND tgenabled IN ('O', 'A')"
    ),
}
ONE_UPGRADE_AT_A_TIME = 744_211  # PostgreSQL's advisory lock; any number that stays the same


class NewerDatabaseError(Exception):
    """The database was made by a newer version of the program; this one must not touch it."""

    def __init__(self, revision: str) -> None:
        super().__init__(
            f"Cơ sở dữ liệu do phiên bản mới hơn của chương trình tạo ra ({revision}). "
            "Hãy chạy phiên bản đó."
        )


def head() -> str:
    """The newest migration. Their files carry their names, so that alembic need not be asked."""
    return max(_revisions())


def is_known(revision: str) -> bool:
    return revision in _revisions()


def _revisions() -> list[str]:
    return [path.stem for path in (ROOT / "migrations" / "versions").glob("[0-9]*.py")]


def current(database: Database) -> str | None:
    with database.reading() as db:
        if not inspect(db.connection()).has_table("alembic_version"):
            return None
        return cast("str | None", db.scalar(text("SELECT version_num FROM alembic_version")))


def is_current(database: Database) -> bool:
    return current(database) == head()


def refuse_newer(database: Database) -> None:
    now = current(database)
    if now is not None and not is_known(now):
        raise NewerDatabaseError(now)


def is_bare(database: Database) -> bool:
    """Is there no table at all?"""
    return not inspect(database.engine).get_table_names()


def lost_table(database: Database) -> str | None:
    """The first table of the program's that is not there."""
    there = inspect(database.engine).get_table_names()
    return min(Base.metadata.tables.keys() - set(there), default=None)


def lost_guard(database: Database) -> str | None:
    """The first trigger that should refuse changes, and does not."""
    kind = database.engine.dialect.name
    with database.reading() as db:
        there = set(db.scalars(_TRIGGERS[kind]))
    return min((_GUARDS[kind] | _FROZEN) - there, default=None)


def damage(database: Database) -> str | None:
    """What the database itself finds wrong with its pages and references, in its own words."""
    with database.reading() as db:
        if not database.is_sqlite:
            return cast("str | None", db.scalar(_UNPROVEN))
        state = db.scalar(text("PRAGMA integrity_check(1)"))
        stray = db.execute(text("PRAGMA foreign_key_check")).first()
    if state != "ok":
        return str(state)
    return f"{stray[0]} -> {stray[2]}" if stray else None


def upgrade(database: Database, revision: str = "head") -> None:
    """Bring the tables up to this version in one transaction: all of it, or nothing."""
    refuse_newer(database)
    _run(database, "upgrade", revision)


def downgrade(database: Database, revision: str) -> None:
    _run(database, "downgrade", revision)


def _run(database: Database, direction: str, revision: str) -> None:
    # Half a second to load, and a start that finds its tables in order does without.
    from alembic import command  # noqa: PLC0415 -- see the line above
    from alembic.config import Config  # noqa: PLC0415 -- see above

    settings = Config()
    settings.set_main_option("script_location", str(ROOT / "migrations"))
    settings.set_main_option("path_separator", "os")
    with database.engine.connect() as connection:
        settings.attributes["connection"] = connection
        getattr(command, direction)(settings, revision)
