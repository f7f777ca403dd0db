#!/usr/bin/env bash
# Runs the named suites, or all of them. Each ends with its runner's own closing line; the first failure ends the run.
#
# Every call to cargo names the whole workspace: a part of it would be another set of features, and a second build of most libraries.
set -euo pipefail
cd "$(dirname "$0")/../../.."

pcsc=(--test pcsc)
judges=(--test judges --test judges_of_forms --test judges_of_time --test judges_of_revocation --test judges_of_responders --test judges_of_stamps --test judges_of_json)
browser=(--test browser --test practice --test rehearsal --test rehearsal_phone --test signing_page --test webcrypto --test demo)

# Everything that needs no program but our own.
rust() {
  shellcheck tests/end-to-end/tools/*.sh .ci/run
  local names name others=" ${pcsc[*]} ${judges[*]} ${browser[*]} " tests=()
  names=$(cargo metadata --locked --no-deps --format-version 1 | python3 -c '
import json, sys
targets = (target for package in json.load(sys.stdin)["packages"] for target in package["targets"])
print(*sorted({target["name"] for target in targets if "test" in target["kind"]}))')
  for name in $names; do
    [[ $others == *" $name "* ]] || tests+=(--test "$name")
  done
  run --lib --bins "${tests[@]}"
  run --doc
}

run() { cargo test --locked --workspace "$@"; }

# The suites start the programs that lie beside them.
cargo build --locked --workspace --all-targets

[ $# -gt 0 ] || set -- test-rust test-pcsc test-judges test-browser
for suite in "$@"; do
  echo "== $suite"
  case "$suite" in
    test-rust) rust ;;
    test-pcsc) run "${pcsc[@]}" ;;
    test-judges) run "${judges[@]}" ;;
    test-browser) run "${browser[@]}" ;;
    *) echo "no such suite: $suite" >&2; exit 64 ;;
  esac
done
echo "every suite passed: $*"
