#!/bin/sh
# Measures the verbs beside mbsync, imapsync (where IMAPSYNC names its script) and the
# raw limit, and prints a table; see docs/performance.md. Arguments go to the program:
#   scripts/bench.sh --cases small,noop --scale 0.1 --json figures.json
set -eu

cd "$(dirname -- "$0")/.."
. scripts/env.sh
scripts/setup.sh bench servers
# Without the window: its libraries would be loaded before the verbs begin.
go build -trimpath -o build/bin/mailroom-verbs .
go build -o build/bin/bench ./backend/testkit/cmd/bench
exec build/bin/bench --program build/bin/mailroom-verbs "$@"
