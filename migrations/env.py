"""Runs the migrations on the connection that sipas/schema.py hands over."""

from alembic import context
from sqlalchemy import Connection, text

from sipas.app import all_tables
from sipas.schema import ONE_UPGRADE_AT_A_TIME


def run(connection: Connection) -> None:
    is_sqlite = connection.dialect.name == "sqlite"
    if is_sqlite:
        # Rebuilding a parent table under foreign keys would fail, or delete the children.
        # The switch only works outside a transaction.
        connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
    try:
        with connection.begin():
            if not is_sqlite:
                connection.execute(
                    text("SELECT pg_advisory_xact_lock(:key)"), {"key": ONE_UPGRADE_AT_A_TIME}
                )
            context.configure(
                connection=connection,
                target_metadata=all_tables(),
                render_as_batch=True,
                transactional_ddl=True,
            )
            context.run_migrations()
            if is_sqlite and connection.execute(text("PRAGMA foreign_key_check")).first():
                message = "A migration broke a reference between tables."
                raise RuntimeError(message)
    finally:
        if is_sqlite:
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")


run(context.config.attributes["connection"])
