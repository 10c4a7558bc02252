"""Whatever is written into the ledger can be read there in words."""

import ast
from pathlib import Path

from sipas.office.labels import EVENTS


def recorded() -> set[str]:
    """The kinds of events that the code writes: the second argument of each record()."""
    return {
        node.args[1].value
        for path in Path("sipas").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", getattr(node.func, "attr", "")) == "record"
        and len(node.args) > 1
        and isinstance(node.args[1], ast.Constant)
    }


def test_every_kind_of_event_has_words():
    assert recorded() - set(EVENTS) == set()


def test_no_words_stand_for_events_that_nobody_writes():
    assert set(EVENTS) - recorded() == set()
