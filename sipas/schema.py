"""The shape of the database: migrations run by our own command, on both databases."""

from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from sipas.database import Database

ROOT = Path(__file__).resolve().parent.parent
ONE_UPGRADE_AT_A_TIME = 744_211  # PostgreSQL's advisory lock; any number that stays the same


class NewerDatabaseError(Exception):
    """The database was made by a newer version of the program; this one must not touch it."""


def config() -> Config:
    settings = Config()
    settings.set_main_option("script_location", str(ROOT / "migrations"))
    settings.set_main_option("path_separator", "os")
    return settings


def head() -> str:
    found = ScriptDirectory.from_config(config()).get_current_head()
    assert found is not None  # noqa: S101 -- a program without migrations is broken by itself
    return found


def current(database: Database) -> str | None:
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def is_current(database: Database) -> bool:
    return current(database) == head()


def refuse_newer(database: Database) -> None:
    known = {script.revision for script in ScriptDirectory.from_config(config()).walk_revisions()}
    now = current(database)
    if now is not None and now not in known:
        raise NewerDatabaseError(now)


def upgrade(database: Database, revision: str = "head") -> None:
    """Bring the tables up to this version in one transaction: all of it, or nothing."""
    refuse_newer(database)
    _run(database, command.upgrade, revision)


def downgrade(database: Database, revision: str) -> None:
    _run(database, command.downgrade, revision)


def _run(database: Database, direction: Callable[[Config, str], None], revision: str) -> None:
    settings = config()
    with database.engine.connect() as connection:
        settings.attributes["connection"] = connection
        direction(settings, revision)
