#!/usr/bin/env bash
# Debian packages that a target needs: build, demo, test or bench. Installs only what is missing; says in one line what it cannot install.
set -euo pipefail

build=(gcc g++ make pkg-config libpcsclite-dev)
demo=("${build[@]}" fonts-noto-cjk)
tests=("${demo[@]}" pcscd vsmartcard-vpcd opensc opensc-pkcs11 gnutls-bin openssl libnss3-tools poppler-utils qpdf
  chromium chromium-driver python3 python3-jsonschema python3-venv util-linux iproute2 curl shellcheck)

case "${1:-}" in
  build) wanted=("${build[@]}") ;;
  demo) wanted=("${demo[@]}") ;;
  test | bench) wanted=("${tests[@]}") ;;
  *) echo "usage: $0 build|demo|test|bench" >&2; exit 64 ;;
esac

missing=()
for package in "${wanted[@]}"; do
  [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)" = installed ] || missing+=("$package")
done
[ "${#missing[@]}" -gt 0 ] || exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if ! sudo -n true 2>/dev/null; then
    echo "missing packages; please run: sudo apt-get install --no-install-recommends ${missing[*]}" >&2
    exit 69
  fi
  as_root=(sudo -n)
fi
echo "installing: ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
