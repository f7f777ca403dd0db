#!/usr/bin/env bash
# Puts axe-core, the accessibility judge of the browser tests, at .cache/axe.min.js. It comes inside a pinned package of PyPI, so that no Node is needed.
set -euo pipefail
cd "$(dirname "$0")/../../.."

package=axe-playwright-python
version=0.1.8
target=.cache/axe-$version.min.js

if [ ! -s "$target" ]; then
  mkdir -p .cache
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
  python3 -m venv "$folder/venv"
  "$folder/venv/bin/pip" download --quiet --no-deps --dest "$folder" "$package==$version"
  python3 - "$folder" "$target" <<'PYTHON'
import pathlib, sys, zipfile

folder, target = map(pathlib.Path, sys.argv[1:])
with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
    script = wheel.read("axe_playwright_python/axe.min.js")
target.with_suffix(".part").write_bytes(script)
target.with_suffix(".part").rename(target)
PYTHON
fi
ln -sf "$(basename "$target")" .cache/axe.min.js
