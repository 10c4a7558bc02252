"""Copies the wanted files of installed packages into a folder and writes their manifest.

Called by build.sh with the folder npm installed into and the folder to fill. A file under "keep"
comes from no package: it is a licence that its package forgot to carry, committed by hand.
"""

import hashlib
import json
import shutil
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent


def main(packages: Path, out: Path) -> None:
    wanted = json.loads((HERE / "wanted.json").read_text(encoding="utf-8"))
    manifest = [collect(package, packages / package["name"], out) for package in wanted]
    text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    (out / "static/vendor/manifest.json").write_text(text, encoding="utf-8")


def collect(wanted: dict[str, Any], source: Path, out: Path) -> dict[str, Any]:
    files = {target: source / name for name, target in wanted.get("copy", {}).items()}
    files |= {target: ROOT / target for target in wanted.get("keep", [])}
    for target, file in files.items():
        (out / target).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, out / target)
    return {
        "name": wanted["name"],
        **(version_and_licence(source) if "copy" in wanted else stated(wanted)),
        "files": {target: digest(out / target) for target in sorted(files)},
    }


def version_and_licence(source: Path) -> dict[str, str]:
    package = json.loads((source / "package.json").read_text(encoding="utf-8"))
    return {"version": package["version"], "licence": package["license"]}


def stated(wanted: dict[str, Any]) -> dict[str, str]:
    return {"version": wanted["version"], "licence": wanted["licence"]}


def digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
