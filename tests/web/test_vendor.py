"""The vendored files are those that the manifest names, byte for byte."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("static/vendor", "tests/browser/vendor")


@pytest.fixture
def copied(tmp_path):
    for folder in FOLDERS:
        shutil.copytree(ROOT / folder, tmp_path / folder)
    return tmp_path


def test_the_committed_files_are_those_of_the_manifest(copied):
    assert verify(copied) == (0, "")


def test_a_changed_byte_is_named(copied):
    script = copied / "static/vendor/htmx/htmx.min.js"
    script.write_bytes(script.read_bytes() + b" ")

    assert verify(copied) == (1, "static/vendor/htmx/htmx.min.js: differs from the manifest\n")


def test_a_missing_licence_is_named(copied):
    (copied / "static/vendor/tabler/LICENSE").unlink()

    assert verify(copied) == (1, "static/vendor/tabler/LICENSE: missing\n")


def test_a_file_that_nobody_listed_is_named(copied):
    (copied / "tests/browser/vendor/more.js").write_text("")

    assert verify(copied) == (1, "tests/browser/vendor/more.js: not in the manifest\n")


def verify(root):
    run = subprocess.run(
        [sys.executable, root / "static/vendor/verify.py"],
        capture_output=True,
        text=True,
        check=False,
    )
    return run.returncode, run.stderr
