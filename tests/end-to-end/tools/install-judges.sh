#!/usr/bin/env bash
# Makes .cache/judges-venv with pyHanko, the PDF judge that Debian does not package. Does nothing if the pinned packages are there already.
set -euo pipefail
cd "$(dirname "$0")/../../.."

venv=.cache/judges-venv
requirements=tests/end-to-end/tools/requirements.txt
stamp=$venv/requirements.txt

cmp -s "$requirements" "$stamp" && exit 0

rm -rf "$venv"
mkdir -p .cache
python3 -m venv "$venv"
if ! "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$requirements"; then
  echo "the judges of the PDF tests could not be installed: pip could not fetch the packages of $requirements" >&2
  exit 69
fi
# Last, so that an interrupted installation is begun again.
cp "$requirements" "$stamp"
