#!/bin/sh
# Copies the files named in wanted.json out of the locked packages and records them in
# manifest.json. With --check nothing is written: what npm delivers is compared with the manifest,
# and the committed files too. Needs Node; setting up and testing the product do not.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cp "$here/package.json" "$here/package-lock.json" "$here/.npmrc" "$work"
(cd "$work" && npm ci --silent)

python3 "$here/collect.py" "$work/node_modules" "$work/out"
if [ "${1-}" = --check ]; then
    diff "$here/manifest.json" "$work/out/static/vendor/manifest.json"
else
    cp -R "$work/out/." "$here/../.."
fi
python3 "$here/verify.py"
