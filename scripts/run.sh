#!/bin/sh
# Opens the window, which begins on the practice office; without a display the same
# rehearsal runs in the terminal. Usage: scripts/run.sh PROGRAM
set -eu

case $(uname -s) in
Linux)
	if [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
		echo "No display here, so the rehearsal runs in the terminal (mailroom practice)." >&2
		exec "$1" practice
	fi
	;;
esac
exec "$1"
