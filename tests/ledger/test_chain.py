"""The ledger cannot be changed unnoticed: not by the program, not with the raw database."""

import pytest
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from sipas.ledger import queries
from sipas.ledger.actions import record
from sipas.ledger.jobs import anchor_path, kept_anchor, move_anchor
from sipas.ledger.models import Event
from sipas.ledger.rules import COMMAND, FIRST, BreakKind, BrokenAnchorError, Head
from tests.conftest import NOW
from tests.writers import at_once, record_events

EVENTS = 5


@pytest.fixture
def chain(db):
    """Five events, and their end."""
    for number in range(1, EVENTS + 1):
        record(db, "desk.added", f"desk:{number}", by=COMMAND, now=NOW, code=f"Q{number}")
    db.commit()
    end = queries.head(db)
    db.rollback()
    return end


@pytest.fixture
def raw(database):
    """What someone with the raw database can do: drop the triggers, then anything."""

    def tamper(*statements: str) -> None:
        if database.is_sqlite:
            drops = ["DROP TRIGGER event_no_update", "DROP TRIGGER event_no_delete"]
        else:
            drops = ["DROP FUNCTION event_refuse CASCADE"]
        with database.writing() as db:
            for statement in [*drops, *statements]:
                db.execute(text(statement))
            db.commit()

    return tamper


def first_break(database, anchor=None):
    with database.reading() as db:
        found = queries.first_break(db, anchor)
    return (found.seq, found.kind) if found else None


@pytest.mark.parametrize(
    "statement",
    ["UPDATE event SET what = 'x'", "DELETE FROM event", "DELETE FROM event WHERE seq = 5"],
)
def test_the_database_refuses_to_change_an_event(db, chain, statement):
    with pytest.raises(DBAPIError, match="append-only"):
        db.execute(text(statement))


def test_postgresql_refuses_to_empty_the_ledger(database, db, chain):
    if database.is_sqlite:
        pytest.skip("SQLite has no TRUNCATE; its DELETE is refused")

    with pytest.raises(DBAPIError, match="append-only"):
        db.execute(text("TRUNCATE event"))


def test_an_untouched_chain_holds(database, chain):
    assert chain.length == EVENTS
    assert first_break(database, chain) is None


def test_an_event_leaves_with_the_deed_that_is_not_done(database, db, chain):
    record(db, "desk.added", "desk:9", by=COMMAND, now=NOW)
    db.rollback()

    assert first_break(database, chain) is None


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE event SET subject = 'desk:9' WHERE seq = 2", (2, BreakKind.ALTERED)),
        ("UPDATE event SET actor_id = 7 WHERE seq = 4", (4, BreakKind.ALTERED)),
        ("DELETE FROM event WHERE seq = 3", (3, BreakKind.MISSING)),
        ("UPDATE event SET previous = 'x' WHERE seq = 3", (3, BreakKind.UNLINKED)),
        ("DELETE FROM event WHERE seq = 5", (5, BreakKind.CUT)),
        ("UPDATE event SET actor_kind = 'alien' WHERE seq = 3", (3, BreakKind.ALTERED)),
        ("UPDATE event SET detail = 'null' WHERE seq = 3", (3, BreakKind.ALTERED)),
        ("DELETE FROM chain_end", (6, BreakKind.CUT)),
    ],
)  # fmt: skip
def test_the_first_event_that_does_not_hold_is_named(database, chain, raw, statement, named):
    raw(statement)

    assert first_break(database) == named


@pytest.mark.parametrize(
    ("changed", "on_postgresql"),
    [
        ("at = 'garbage'", "at = 'infinity'"),
        ("detail = '{bad'", None),
        ("subject = CAST(x'fffe' AS TEXT)", None),
        ("subject = x'fffe'", None),
    ],
)
def test_an_event_that_cannot_even_be_read_was_altered(
    database, chain, raw, changed, on_postgresql
):
    changed = changed if database.is_sqlite else on_postgresql
    if changed is None:
        pytest.skip("PostgreSQL's columns refuse it")

    raw(f"UPDATE event SET {changed} WHERE seq = 3")  # noqa: S608 -- a list of ours

    assert first_break(database) == (3, BreakKind.ALTERED)


def cut_to_three(raw, third: str) -> None:
    raw(
        "DELETE FROM event WHERE seq > 3",
        f"UPDATE chain_end SET length = 3, hash = '{third}'",  # noqa: S608 -- a hash of ours
    )


def rewrite(db, raw, count: int) -> None:
    """The whole chain made anew, each hash right: only the anchor can tell."""
    raw("DELETE FROM event", f"UPDATE chain_end SET length = 0, hash = '{FIRST}'")  # noqa: S608 -- a constant
    for number in range(1, count + 1):
        record(db, "desk.added", f"desk:{number}", by=COMMAND, now=NOW, code="forged")
    db.commit()


def test_only_the_anchor_shows_a_chain_that_was_cut_together_with_its_end(database, db, chain, raw):
    third = db.get_one(Event, 3).hash
    db.rollback()

    cut_to_three(raw, third)

    assert first_break(database) is None
    assert first_break(database, chain) == (4, BreakKind.CUT)


@pytest.mark.parametrize("count", [EVENTS, EVENTS + 3])
def test_only_the_anchor_shows_a_chain_that_was_rewritten(database, db, chain, raw, count):
    rewrite(db, raw, count)

    assert first_break(database) is None
    assert first_break(database, chain) == (EVENTS, BreakKind.REPLACED)


def test_the_anchor_follows_the_chain(database, settings, db, chain):
    move_anchor(database, settings)
    assert kept_anchor(settings) == chain

    record(db, "desk.added", "desk:6", by=COMMAND, now=NOW)
    db.commit()
    move_anchor(database, settings)

    assert kept_anchor(settings).length == EVENTS + 1


def test_the_anchor_of_an_empty_ledger_moves_on_too(database, settings, db):
    move_anchor(database, settings)
    record(db, "desk.added", "desk:1", by=COMMAND, now=NOW)
    db.commit()

    move_anchor(database, settings)

    assert kept_anchor(settings).length == 1


def test_the_anchor_never_moves_backwards(database, settings, db, chain, raw):
    move_anchor(database, settings)
    third = db.get_one(Event, 3).hash
    db.rollback()

    cut_to_three(raw, third)
    move_anchor(database, settings)

    assert kept_anchor(settings) == chain


def test_the_anchor_does_not_follow_a_chain_that_was_rewritten(database, settings, db, chain, raw):
    move_anchor(database, settings)

    rewrite(db, raw, EVENTS + 3)
    move_anchor(database, settings)

    assert kept_anchor(settings) == chain


@pytest.mark.parametrize(
    "forged",
    [
        b"",
        b"{}",
        b'{"length": 1, "hash": "x", "seal": "y"}',
        '{"length": 1, "hash": "x", "seal": "é"}'.encode(),
        b'{"length": Infinity, "hash": "x", "seal": "y"}',
        b"\xff\xfe",
    ],
)
def test_an_anchor_that_others_made_is_neither_believed_nor_replaced(
    database, settings, chain, forged
):
    move_anchor(database, settings)
    anchor_path(settings).write_bytes(forged)

    move_anchor(database, settings)

    assert anchor_path(settings).read_bytes() == forged
    with pytest.raises(BrokenAnchorError):
        kept_anchor(settings)


def test_an_anchor_from_before_the_secret_was_changed_is_sealed_anew(database, settings, chain):
    move_anchor(database, settings)
    changed = settings.model_copy(
        update={"secret": SecretStr("a new secret of 40 characters " * 2),
                "secret_old": settings.secret}
    )  # fmt: skip
    assert kept_anchor(changed) == chain

    move_anchor(database, changed)

    assert kept_anchor(changed.model_copy(update={"secret_old": None})) == chain


def test_an_anchor_under_another_key_is_not_believed():
    sealed = queries.sealed(Head(3, "x"), b"one key")

    assert queries.unsealed(sealed, b"one key") == Head(3, "x")
    assert queries.unsealed(sealed, b"another key") is None


def test_processes_that_write_at_once_do_not_fork_the_chain(database, chain):
    url = database.engine.url.render_as_string(hide_password=False)

    at_once(4, record_events, url, 50)

    with database.reading() as db:
        end = queries.head(db)
    assert end.length == EVENTS + 4 * 50
    assert first_break(database, chain) is None
