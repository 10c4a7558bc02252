"""Compares the vendored files with manifest.json: none changed, none missing, none besides.

Ends 0, or names each file that differs and ends 1. Standard library only, no network.
"""

import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
FOLDERS = (HERE, ROOT / "tests/browser/vendor")
OWN = {
    HERE / name
    for name in (
        ".npmrc",
        "build.sh",
        "collect.py",
        "manifest.json",
        "package-lock.json",
        "package.json",
        "verify.py",
        "wanted.json",
    )
}


def main() -> int:
    faults = sorted(find_faults())
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


def find_faults() -> Iterator[str]:
    listed = listed_files()
    present = {path for folder in FOLDERS for path in folder.rglob("*") if path.is_file()} - OWN
    for path, digest in listed.items():
        if path not in present:
            yield f"{path.relative_to(ROOT)}: missing"
        elif hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            yield f"{path.relative_to(ROOT)}: differs from the manifest"
    for path in present - listed.keys():
        yield f"{path.relative_to(ROOT)}: not in the manifest"


def listed_files() -> dict[Path, str]:
    manifest = json.loads((HERE / "manifest.json").read_text(encoding="utf-8"))
    return {
        ROOT / name: digest for package in manifest for name, digest in package["files"].items()
    }


if __name__ == "__main__":
    sys.exit(main())
