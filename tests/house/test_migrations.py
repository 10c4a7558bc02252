"""Migrations: up and down with rows in the tables, killed and tried again, equal to the models."""

import shutil

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import func, insert, inspect, select, table, text
from sqlalchemy.exc import DBAPIError

from sipas import schema, seed
from sipas.app import all_tables
from sipas.database import Database
from sipas.ledger import queries
from sipas.ledger.actions import record
from sipas.ledger.rules import COMMAND
from sipas.mailroom.models import Notice
from tests.conftest import NOW, TODAY
from tests.running import Installation

KINDS = ["sqlite", "postgresql"]


@pytest.fixture(params=KINDS)
def bare(request, bare_url):
    database = Database(bare_url(request.param))
    yield database
    database.close()


def url_of(database) -> str:
    return database.engine.url.render_as_string(hide_password=False)


def scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(schema.ROOT / "migrations"))
    return ScriptDirectory.from_config(config)


def fill(database) -> None:
    """The office of the demonstration with its year of answers, an event more and a letter."""
    with database.writing() as db:
        seed.fill(db, password_hash="!", now=NOW, day=TODAY)
        record(db, "desk.added", "desk:1", by=COMMAND, now=NOW, code="Q1")
        db.execute(
            insert(Notice).values(
                to="hoa@anbinh.gov.vn", subject="Thư", body="Kính gửi", posted_at=NOW, tries=0
            )
        )
        db.commit()


def rows(database) -> dict[str, list[tuple]]:
    """Every row of every table, for comparing before and after."""
    with database.reading() as db:
        return {
            one.name: sorted(map(tuple, db.execute(select(one))), key=repr)
            for one in all_tables().sorted_tables
        }


def tables(database) -> set[str]:
    return set(inspect(database.engine).get_table_names()) - {"alembic_version"}


def counts(database) -> dict[str, int]:
    """How many rows lie in each table that there is, at whatever revision."""
    with database.reading() as db:
        return {
            name: db.scalar(select(func.count()).select_from(table(name)))
            for name in tables(database)
        }


def test_the_tables_after_migration_equal_the_models(bare):
    schema.upgrade(bare)

    with bare.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, all_tables()) == []


def test_the_files_are_named_as_alembic_names_them():
    assert schema.head() == scripts().get_current_head()
    assert all(schema.is_known(script.revision) for script in scripts().walk_revisions())


def test_a_second_upgrade_changes_nothing(bare):
    schema.upgrade(bare)
    fill(bare)
    before = rows(bare)

    schema.upgrade(bare)

    assert rows(bare) == before


def test_up_down_and_up_again_with_rows_in_the_tables(bare):
    schema.upgrade(bare)
    fill(bare)
    before = counts(bare)

    schema.downgrade(bare, "base")
    assert tables(bare) == set()

    schema.upgrade(bare)
    fill(bare)
    assert counts(bare) == before
    with bare.reading() as db:
        assert queries.first_break(db) is None


def test_every_step_brings_a_table_that_the_filling_puts_rows_into(bare):
    """Else the tests below would move empty tables and prove nothing."""
    schema.upgrade(bare)
    fill(bare)
    filled = {name for name, count in counts(bare).items() if count}

    for script in scripts().walk_revisions():
        brought = tables(bare)
        schema.downgrade(bare, script.down_revision or "base")
        assert filled & (brought - tables(bare)), script.revision


def test_from_every_step_the_rows_of_its_tables_come_up_whole(bare):
    schema.upgrade(bare)
    fill(bare)
    whole, all_counts = rows(bare), counts(bare)

    for step in [script.down_revision for script in scripts().walk_revisions()][:-1]:
        schema.downgrade(bare, step)
        kept = tables(bare)
        assert counts(bare) == {name: all_counts[name] for name in kept}, step

        schema.upgrade(bare)
        came_up = rows(bare)
        assert {name: came_up[name] for name in kept} == {name: whole[name] for name in kept}, step
        with bare.reading() as db:
            assert queries.first_break(db) is None


def test_the_ledger_is_append_only_after_coming_back_up(bare):
    schema.upgrade(bare)
    schema.downgrade(bare, "base")
    schema.upgrade(bare)
    fill(bare)

    with bare.writing() as db, pytest.raises(DBAPIError, match="append-only"):
        db.execute(text("DELETE FROM event"))


@pytest.fixture
def newer(bare):
    """A database that a later version of the program has been at."""
    schema.upgrade(bare)
    with bare.writing() as db:
        db.execute(text("UPDATE alembic_version SET version_num = '9999_later'"))
        db.commit()
    return bare


@pytest.mark.parametrize("command", ["upgrade", "serve"])
def test_a_newer_database_is_refused_in_one_line_and_left_alone(newer, tmp_path, command):
    done = Installation(tmp_path, url_of(newer)).run(command)

    assert done.returncode == 1
    assert "phiên bản mới hơn" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert schema.current(newer) == "9999_later"


def test_an_older_database_is_not_served_but_told_about(bare, tmp_path):
    schema.upgrade(bare, "0001_ledger")

    done = Installation(tmp_path, url_of(bare)).run("serve")

    assert done.returncode == 1
    assert done.stderr == (
        "Error: Cơ sở dữ liệu chưa ở phiên bản của chương trình. Chạy: sipas upgrade\n"
    )


def test_an_embedded_installation_brings_its_tables_up_itself(bare, tmp_path):
    installation = Installation(tmp_path, url_of(bare), SIPAS_ENV="embedded")

    installation.serve().stop()

    assert schema.is_current(bare)


def test_an_upgrade_killed_at_any_step_leaves_the_old_state_and_can_be_tried_again(bare, tmp_path):
    """The last of several migrations kills its own process before its end."""
    schema.upgrade(bare, "0001_ledger")
    with bare.writing() as db:
        record(db, "desk.added", "desk:1", by=COMMAND, now=NOW)
        db.commit()
    before = tables(bare)
    doomed = Installation(tmp_path, url_of(bare))
    doomed.home = _program_that_dies_in(schema.head(), tmp_path)

    for _time in range(2):
        assert doomed.run("upgrade").returncode == -9
        assert schema.current(bare) == "0001_ledger"
        assert tables(bare) == before

    done = Installation(tmp_path, url_of(bare)).run("upgrade")
    assert done.returncode == 0, done.stderr
    assert schema.is_current(bare)
    with bare.reading() as db:
        assert queries.first_break(db) is None


def _program_that_dies_in(revision: str, folder):
    """A copy of the program whose newest migration ends as a machine does without power."""
    copy = folder / "doomed"
    for part in ("sipas", "migrations"):
        shutil.copytree(schema.ROOT / part, copy / part, ignore=shutil.ignore_patterns("*.pyc"))
    for part in ("templates", "static", "translations"):
        if (schema.ROOT / part).exists():
            (copy / part).symlink_to(schema.ROOT / part)
    path = copy / "migrations" / "versions" / f"{revision}.py"
    path.write_text(
        path.read_text().replace(
            "def upgrade() -> None:\n",
            "def upgrade() -> None:\n"
            "    import os, signal\n"
            "    os.kill(os.getpid(), signal.SIGKILL)\n",
        )
    )
    return copy
