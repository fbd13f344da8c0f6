#!/bin/sh
# Measures the verbs beside mbsync, imapsync (where IMAPSYNC names its script) and the
# raw limit, and prints a table; see docs/performance.md. Arguments go to the program:
#   scripts/bench.sh --cases small,noop --scale 0.1 --json figures.json
# "scripts/bench.sh records" measures the book of records instead, see docs/records.md; without
# arguments both are measured.
# What is measured is the program that "make build" makes; MAILROOM_PROGRAM names another.
set -eu

cd "$(dirname -- "$0")/.."
. scripts/env.sh
scripts/setup.sh bench servers
[ -n "${MAILROOM_PROGRAM:-}" ] || make --no-print-directory build
go build -o build/bin/bench ./backend/testkit/cmd/bench
go build -o build/bin/recordbench ./backend/testkit/cmd/recordbench
program=${MAILROOM_PROGRAM:-build/bin/mailroom}
if [ "${1:-}" = records ]; then
	shift
	exec build/bin/recordbench --program "$program" "$@"
fi
build/bin/bench --program "$program" "$@"
[ $# -gt 0 ] || build/bin/recordbench --program "$program"
