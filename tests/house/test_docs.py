"""The operator's page tells of all there is to set, call and wait for; no link leads nowhere."""

import re
from pathlib import Path

import click
import pytest

from sipas.cli import main
from sipas.schedule import PERIODIC
from sipas.settings import Settings

PAGE = Path("docs/running.md").read_text()
READ = [Path("README.md"), Path("CONTRIBUTING.md"), *sorted(Path("docs").rglob("*.md"))]
LINK = re.compile(r'\]\(([^)\s]+)\)|(?:src|href)="([^"]+)"')
ELSEWHERE = ("http://", "https://", "mailto:", "#")


def commands() -> dict[str, click.Command]:
    """Every command by its whole name: "serve", "staff add"."""
    found = {}
    for name, command in main.commands.items():
        inner = getattr(command, "commands", None)
        found |= (
            {f"{name} {word}": one for word, one in inner.items()} if inner else {name: command}
        )
    return found


def told_of_commands() -> dict[str, str]:
    """What stands in the row of each command."""
    rows = re.findall(r"^\| `sipas ([a-z ]+)([^`]*)` \| (.*) \|$", PAGE, re.MULTILINE)
    return {name.strip(): text for name, _argument, text in rows}


def listed(pattern: str) -> set[str]:
    """What stands in the first column of the page's tables."""
    return set(re.findall(rf"^\| `{pattern}", PAGE, re.MULTILINE))


def test_every_setting_is_described_and_no_other():
    assert listed(r"SIPAS_(\w+)`") == {name.upper() for name in Settings.model_fields}


def test_every_default_is_the_true_one():
    told = dict(re.findall(r"^\| `SIPAS_(\w+)` \| (?:`([^`]*)`|trống) \|", PAGE, re.MULTILINE))
    true = {
        name.upper(): "" if field.default in {None, ""} else str(field.default)
        for name, field in Settings.model_fields.items()
    }

    assert told == {**true, "METRICS": "false"}


def test_every_command_is_described_and_no_other():
    assert set(told_of_commands()) == set(commands())


@pytest.mark.parametrize("name", commands())
def test_the_row_of_a_command_tells_its_options_and_no_other(name):
    options = {
        option
        for parameter in commands()[name].params
        for option in [*parameter.opts, *parameter.secondary_opts]
        if option.startswith("--")
    }

    assert set(re.findall(r"`(--[\w-]+)`", told_of_commands()[name])) == options


@pytest.mark.parametrize("page", READ, ids=str)
def test_every_link_and_picture_leads_to_a_file(page):
    found = [link or attribute for link, attribute in LINK.findall(page.read_text())]
    paths = [path.partition("#")[0] for path in found if not path.startswith(ELSEWHERE)]

    assert [path for path in paths if not (page.parent / path).exists()] == []


def test_every_file_that_the_page_names_is_there():
    named = set(re.findall(r"`(deploy/[\w.-]+)`", PAGE))

    assert named
    assert {path for path in named if not Path(path).exists()} == set()


def test_all_periodic_work_is_told_with_its_period():
    words = {60: "mỗi phút", 3600: "mỗi giờ", 86400: "mỗi ngày"}
    told = re.findall(r"\| (mỗi \w+) \|$", PAGE, re.MULTILINE)

    assert told == [words[task.every.total_seconds()] for task in PERIODIC]
