"""The installation that a command works on: its settings and its database."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from sipas import clock, schema
from sipas.database import Database
from sipas.settings import Settings, load


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
