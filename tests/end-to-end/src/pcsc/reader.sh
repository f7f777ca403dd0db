# Runs inside namespaces of its own: a pcscd with one virtual reader, and the virtual card in it.
#
#   $1        a folder that holds nothing but readers.conf/
#   the rest  the virtual card's command line
#
# Standard input stays open as long as the test lives; when it ends, so does everything here. A line in it is an
# order about pcscd: `restart`, `restart without readers`, `stop`, or `freeze`.
# Standard output is the listening socket that PC/SC clients connect to. It exists before
# pcscd does, so that nobody has to wait for it: pcscd takes it over as systemd would hand it.
set -euo pipefail
folder=$1
shift
exec 3<&1 1>&2

ip link set lo up
mount -t tmpfs tmpfs /run
mkdir /run/pcscd

start() {
  LISTEN_FDS=1 bash -c 'LISTEN_PID=$$ exec pcscd --foreground --error --config "$1"' pcscd "$1" </dev/null &
  pcscd=$!
}

stop() {
  kill "$pcscd"
  wait "$pcscd" || true
}

start "$folder/readers.conf"
"$@" </dev/null 3<&- &

while read -r order; do
  case "$order" in
    freeze) kill -STOP "$pcscd" ;;
    stop) stop ;;
    restart) stop; start "$folder/readers.conf" ;;
    "restart without readers") stop; start "$(mktemp -d -p /run)" ;;
  esac
  echo "obeyed: $order"
done
