#!/bin/sh
# Breaks a hundred moves at random moments and counts the mail; arguments go to the
# program:
#   scripts/soak.sh --kills 20
#   scripts/soak.sh --seed 1795320000 --kills 1     one of them again
#   scripts/soak.sh --office 200 --faults 20        an office over unfriendly servers
# "scripts/soak.sh logs" reads logs of 2 GB in instead, interrupts that and counts:
#   scripts/soak.sh logs --kind exchange --bytes 200000000 --seed 7
set -eu

cd "$(dirname -- "$0")/.."
. scripts/env.sh
[ "${1:-}" = logs ] || scripts/setup.sh servers
# Without the window: its libraries would be loaded before the verbs begin.
go build -trimpath -o build/bin/mailroom-verbs .
if [ "${1:-}" = logs ]; then
	shift
	go build -o build/bin/logsoak ./backend/testkit/cmd/logsoak
	exec build/bin/logsoak --program build/bin/mailroom-verbs "$@"
fi
go build -o build/bin/soak ./backend/testkit/cmd/soak
exec build/bin/soak --program build/bin/mailroom-verbs "$@"
