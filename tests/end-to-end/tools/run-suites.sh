#!/usr/bin/env bash
# Runs the named suites, or all of them. Each ends with its runner's own closing line; the first failure ends the run.
set -euo pipefail
cd "$(dirname "$0")/../../.."

cargo=(cargo test --locked)

rust() {
  shellcheck tests/end-to-end/tools/*.sh .ci/run
  "${cargo[@]}" --workspace --exclude end-to-end
  "${cargo[@]}" -p end-to-end --lib --bins --test edges
}
pcsc() { "${cargo[@]}" -p end-to-end --test pcsc; }
judges() { "${cargo[@]}" -p end-to-end --test judges; }
browser() { "${cargo[@]}" -p end-to-end --test browser --test practice --test demo; }

# One build for all suites: the suites start the programs that lie beside them.
cargo build --locked --workspace --bins
cargo test --locked --workspace --no-run

[ $# -gt 0 ] || set -- test-rust test-pcsc test-judges test-browser
for suite in "$@"; do
  echo "== $suite"
  "${suite#test-}"
done
echo "every suite passed: $*"
