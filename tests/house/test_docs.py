"""The operator's page tells of every setting, every command and all periodic work."""

import re
from pathlib import Path

from sipas.cli import main
from sipas.schedule import PERIODIC
from sipas.settings import Settings

PAGE = Path("docs/running.md").read_text()


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
    commands = set()
    for name, command in main.commands.items():
        inner = getattr(command, "commands", None)
        commands |= {f"{name} {word}" for word in inner} if inner else {name}

    assert {name.strip() for name in listed(r"sipas ([a-z ]+)")} == commands


def test_every_option_of_a_command_is_told():
    commands = [*main.commands.values(), *main.commands["staff"].commands.values()]
    options = {
        option
        for command in commands
        for parameter in command.params
        for option in parameter.opts
        if option.startswith("--")
    }

    assert {option for option in options if option not in PAGE} == set()


def test_every_file_that_the_page_names_is_there():
    named = set(re.findall(r"`(deploy/[\w.-]+)`", PAGE))

    assert named
    assert {path for path in named if not Path(path).exists()} == set()


def test_all_periodic_work_is_told_with_its_period():
    words = {60: "mỗi phút", 3600: "mỗi giờ", 86400: "mỗi ngày"}
    told = re.findall(r"\| (mỗi \w+) \|$", PAGE, re.MULTILINE)

    assert told == [words[task.every.total_seconds()] for task in PERIODIC]
