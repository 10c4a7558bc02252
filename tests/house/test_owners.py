"""Transactions and time have one owner each."""

import ast
from pathlib import Path

import pytest

SOURCES = sorted(Path("sipas").rglob("*.py"))
MAY_COMMIT = ("_views.py", "jobs.py", "guard.py")
MAY_READ_THE_CLOCK = (*MAY_COMMIT, "clock.py")
COMMANDS = Path("sipas/cli")
LONGEST_FILE = 350


COMMIT = {"commit"}
CLOCK = {"now", "today", "utcnow"}


def calls(source: str, names: set[str]) -> list[int]:
    """Lines that call a method of one of these names, of whatever thing it is."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in names
    ]


def imports(source: str, module: str, names: set[str]) -> list[int]:
    """Lines that import one of these names by itself, so that it is called without the module's."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom)
        and node.module == module
        and names & {name.name for name in node.names}
    ]


def looks_at_the_clock(source: str) -> list[int]:
    return [*calls(source, CLOCK), *imports(source, "sipas.clock", CLOCK)]


@pytest.mark.parametrize(
    "line", ["db.commit()", "writer.commit()", "self._db.commit()", "get_db().commit()"]
)
def test_a_commit_is_seen_whatever_the_session_is_called(line):
    assert calls(line, COMMIT) == [1]


@pytest.mark.parametrize(
    "line",
    [
        "clock.now()",
        "sipas.clock.today()",
        "datetime.datetime.now(UTC)",
        "date.today()",
        "from sipas.clock import now",
        "from sipas.clock import VIETNAM, today as day",
    ],
)
def test_a_look_at_the_clock_is_seen_however_it_is_written(line):
    assert looks_at_the_clock(line) == [1]


@pytest.mark.parametrize("path", SOURCES, ids=str)
def test_only_views_commands_and_jobs_commit(path):
    if not path.name.endswith(MAY_COMMIT) and path.parent != COMMANDS:
        assert calls(path.read_text(), COMMIT) == []


@pytest.mark.parametrize("path", SOURCES, ids=str)
def test_only_views_commands_and_jobs_read_the_clock(path):
    if not path.name.endswith(MAY_READ_THE_CLOCK) and path.parent != COMMANDS:
        assert looks_at_the_clock(path.read_text()) == []


@pytest.mark.parametrize("path", SOURCES, ids=str)
def test_every_module_says_in_its_first_line_what_lives_there(path):
    if text := path.read_text():
        assert ast.get_docstring(ast.parse(text))


@pytest.mark.parametrize("path", SOURCES, ids=str)
def test_every_file_can_be_read_in_one_sitting(path):
    assert len(path.read_text().splitlines()) <= LONGEST_FILE
