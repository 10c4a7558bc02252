"""A rule of ruff or mypy is set aside for one line, by its code and with the reason."""

import re
import tokenize
from pathlib import Path

import pytest

SOURCES = sorted(
    path
    for path in Path().rglob("*.py")
    if not any(part.startswith(".") for part in path.parts) and "node_modules" not in path.parts
)
SET_ASIDE = re.compile(r"noqa|type: *ignore", re.IGNORECASE)
NOQA = r"# noqa: [A-Z]+\d+(, ?[A-Z]+\d+)* -- \S.*"
IGNORE = r"# type: ignore\[[a-z-]+(, ?[a-z-]+)*\]  # \S.*"


def is_reasoned(comment: str) -> bool:
    return bool(re.fullmatch(NOQA, comment) or re.fullmatch(IGNORE, comment))


@pytest.mark.parametrize("path", SOURCES, ids=str)
def test_whatever_is_set_aside_carries_its_code_and_a_reason(path):
    with tokenize.open(path) as source:
        comments = [
            (token.start[0], token.string)
            for token in tokenize.generate_tokens(source.readline)
            if token.type == tokenize.COMMENT and SET_ASIDE.search(token.string)
        ]

    assert [(line, comment) for line, comment in comments if not is_reasoned(comment)] == []


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("# noqa: S608 -- our tables", True),
        ("# type: ignore[misc]  # no types are shipped", True),
        ("# noqa", False),
        ("# noqa: S608", False),
        ("# noqa: S608 --", False),
        ("# ruff: noqa", False),
        ("# type: ignore", False),
        ("# type: ignore[misc]", False),
    ],
)
def test_a_code_alone_is_no_reason(comment, expected):
    assert SET_ASIDE.search(comment)
    assert is_reasoned(comment) == expected
