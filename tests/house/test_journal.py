"""Whatever is written into the ledger can be read there in words."""

import ast
import re
from pathlib import Path

from sipas.office.labels import EVENTS

KIND = re.compile(r"[a-z_]+\.[a-z_]+")


def recorded() -> set[str]:
    """The kinds of events that the code writes: what is handed to record() and its kin."""
    return {
        argument.value
        for path in Path("sipas").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and "record" in called(node)
        for argument in node.args
        if isinstance(argument, ast.Constant) and KIND.fullmatch(str(argument.value))
    }


def called(node: ast.Call) -> str:
    return str(getattr(node.func, "id", getattr(node.func, "attr", "")))


def test_every_kind_of_event_has_words():
    assert recorded() - set(EVENTS) == set()


def test_no_words_stand_for_events_that_nobody_writes():
    assert set(EVENTS) - recorded() == set()
