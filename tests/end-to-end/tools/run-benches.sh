#!/usr/bin/env bash
# Builds what ships and prints its figures beside their bounds: all, or the parts named (card, reader, server, turn, handoff, pdf, making, worst).
# "build" times a clean build of everything (about ten minutes).
set -euo pipefail
cd "$(dirname "$0")/../../.."

cargo build --quiet --locked --release --bins -p relay-server -p end-to-end -p reader -p simulator
[ "${1:-}" = build ] || target/release/bench "$@"

if [ "${1:-}" = build ]; then
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
  began=$SECONDS
  CARGO_TARGET_DIR="$folder" cargo build --quiet --locked --workspace --bins
  spent=$((SECONDS - began))
  printf '%-58s %10d s %10d s %7s\n' "clean build of every program, on $(nproc) cores" "$spent" 600 "$(awk "BEGIN { printf \"%.2f\", $spent / 600 }")"
fi
