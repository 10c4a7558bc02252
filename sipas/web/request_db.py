"""One Session a request, opened when first asked for and closed when the request ends."""

from typing import cast

from flask import Flask, current_app, g, request
from sqlalchemy.orm import Session

from sipas.database import Database
from sipas.settings import Settings

_DATABASE = "sipas.database"
_SETTINGS = "sipas.settings"
_READING = frozenset({"GET", "HEAD", "OPTIONS"})


def init_app(app: Flask, database: Database, settings: Settings) -> None:
    app.extensions[_DATABASE] = database
    app.extensions[_SETTINGS] = settings
    app.teardown_appcontext(_close)


def get_database() -> Database:
    return cast("Database", current_app.extensions[_DATABASE])


def get_settings() -> Settings:
    return cast("Settings", current_app.extensions[_SETTINGS])


def get_db() -> Session:
    """The session of this request. In a GET the database itself refuses every change."""
    if "db" not in g:
        database = get_database()
        reads = request.method in _READING
        g.db = database.read_session() if reads else database.write_session()
    return cast("Session", g.db)


def _close(_error: BaseException | None) -> None:
    db: Session | None = g.pop("db", None)
    if db is not None:
        db.close()
