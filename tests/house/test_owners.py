"""Transactions and time have one owner each."""

import ast
from pathlib import Path

import pytest

SOURCES = sorted(Path("sipas").rglob("*.py"))
MAY_COMMIT = ("_views.py", "jobs.py", "guard.py")
MAY_READ_THE_CLOCK = (*MAY_COMMIT, "clock.py")
COMMANDS = Path("sipas/cli")
LONGEST_FILE = 350


def calls(path: Path, names: set[str]) -> list[int]:
    """Lines in which a method or function of one of these names is called."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and f"{getattr(node.func.value, 'id', '*')}.{node.func.attr}" in names
    ]


@pytest.mark.parametrize("path", SOURCES, ids=str)
def test_only_views_commands_and_jobs_commit(path):
    if not path.name.endswith(MAY_COMMIT) and path.parent != COMMANDS:
        assert calls(path, {"db.commit", "session.commit", "*.commit"}) == []


@pytest.mark.parametrize("path", SOURCES, ids=str)
def test_only_views_commands_and_jobs_read_the_clock(path):
    if not path.name.endswith(MAY_READ_THE_CLOCK) and path.parent != COMMANDS:
        assert calls(path, {"clock.now", "clock.today", "datetime.now", "date.today"}) == []


@pytest.mark.parametrize("path", SOURCES, ids=str)
def test_every_module_says_in_its_first_line_what_lives_there(path):
    if text := path.read_text():
        assert ast.get_docstring(ast.parse(text))


@pytest.mark.parametrize("path", SOURCES, ids=str)
def test_every_file_can_be_read_in_one_sitting(path):
    assert len(path.read_text().splitlines()) <= LONGEST_FILE
