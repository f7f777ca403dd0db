#!/usr/bin/env bash
# Builds the prover of the symbolic model into .cache/verifpal, about three minutes. Does nothing if the pinned version is there already.
set -euo pipefail
cd "$(dirname "$0")/../../.."

version=1.6.7
root=.cache/verifpal

[ "$("$root/bin/verifpal" --version 2>/dev/null || true)" = "verifpal $version" ] && exit 0

# Its manifest asks for a newer compiler than ours, which builds it all the same.
if ! cargo install --quiet --locked --ignore-rust-version --version "=$version" --force --root "$root" verifpal; then
  echo "the prover of the model could not be installed: cargo could not fetch or build verifpal $version" >&2
  exit 69
fi
