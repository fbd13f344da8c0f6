#!/bin/sh
# Runs everything that CI runs; each step is timed and a failed one does not hide the
# next. The long ones, which wait for servers and for pages more than they compute, run in
# two lanes side by side; what the window's lane prints comes when it has ended. The end
# says of each failed step what failed in it. Ends with 1 if any step failed.
# Usage: scripts/test.sh [STEP …]   only these steps; scripts/test.sh list names them
set -u

cd -- "$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)" || exit 1
. scripts/env.sh
logs=.cache/test
mkdir -p "$logs" .cache/bin .cache/stamps

# One after the other, then the two lanes.
first="setup npm page-build format vet staticcheck rules windows darwin bindings page-types page-lint"
lane_go="page-tests go-tests"
lane_window="e2e"
steps="$first $lane_go $lane_window"
staticcheck_version=v0.8.2

step_setup() {
	scripts/setup.sh run test servers
}

step_npm() { scripts/npm.sh; }

# The types are looked at in a step of their own.
step_page_build() {
	npm --prefix frontend run --silent bundle && touch frontend/dist/.gitkeep
}

step_page_types() { npm --prefix frontend run --silent types; }
step_page_lint() { npm --prefix frontend run --silent lint; }
step_page_tests() { npm --prefix frontend run --silent test; }

step_format() {
	# A Go that switches to go.mod's version does not switch the gofmt in PATH.
	wrong=$("$(go env GOROOT)/bin/gofmt" -l ./*.go backend build)
	[ -z "$wrong" ] || { printf 'not formatted (make fmt):\n%s\n' "$wrong"; return 1; }
}

step_vet() { go vet ./...; }

step_staticcheck() {
	tool=.cache/bin/staticcheck-$staticcheck_version
	if [ ! -x "$tool" ]; then
		GOBIN=$PWD/.cache/bin go install honnef.co/go/tools/cmd/staticcheck@$staticcheck_version || return 1
		mv .cache/bin/staticcheck "$tool"
	fi
	"$tool" -checks "all,-ST1000,-ST1003,-ST1005,-ST1016,-ST1020,-ST1021,-ST1022" ./...
}

step_rules() { go test -count=1 ./backend/archtest; }

step_windows() { GOOS=windows CGO_ENABLED=0 go vet -tags desktop,production ./...; }
step_darwin() { GOOS=darwin GOARCH=arm64 CGO_ENABLED=0 go vet ./...; }

step_bindings() { scripts/bindings.sh --check; }

# The race detector would let every program sleep for a second before it ends, in case a
# goroutine is still about to race: goleak has seen by then that there is none. SQLite is C
# in Go's clothes on memory of its own, of which the detector knows nothing: watched, it
# takes three times as long. Packages wait for their servers, so more of them are at work
# than there are processors.
step_go_tests() {
	unwatched="-race=false -d=checkptr=0"
	GORACE=atexit_sleep_ms=10 go test -race -shuffle=on -timeout 40m -p 4 \
		-gcflags="modernc.org/sqlite/lib=$unwatched" -gcflags="modernc.org/libc=$unwatched" \
		-gcflags="modernc.org/memory=$unwatched" ./...
}

# The page is not built again beneath the programs that are being linked with it.
step_e2e() { MAILROOM_PAGE=built scripts/e2e.sh; }

case "${1:-}" in
list)
	printf '%s\n' "$steps" | tr ' ' '\n'
	exit 0
	;;
"") wanted=$steps ;;
*) wanted=$* ;;
esac

started=$(date +%s)
summary=$logs/summary
: >"$summary"

# run NAME: prints what the step prints, and keeps it in a file.
run() {
	from=$(date +%s)
	rm -f "$logs/$1.code"
	printf '\n== %s\n' "$1"
	{
		"step_$(printf %s "$1" | tr - _)" 2>&1
		echo $? >"$logs/$1.code"
	} | tee "$logs/$1.log"
	took=$(($(date +%s) - from))
	if [ "$(cat "$logs/$1.code")" = 0 ]; then
		printf 'ok    %5d s  %s\n' "$took" "$1" | tee -a "$summary"
	else
		printf 'FAIL  %5d s  %s (log: %s)\n' "$took" "$1" "$logs/$1.log" | tee -a "$summary"
	fi
}

# lane STEP …: one after the other.
lane() { for step in "$@"; do run "$step"; done; }

# among STEPS: which of them are wanted, in their order.
among() {
	for step in $1; do
		case " $wanted " in *" $step "*) printf '%s ' "$step" ;; esac
	done
}

# failures LOG: the lines that say which test failed and why, as Go's tests and compiler,
# Node's tests and Vitest write them; of any other log the end.
failures() {
	told=$(awk '
		{ gsub(/\033\[[0-9;]*m/, "") }
		/^✖ failing tests:/ || / Failed (Tests|Suites) [0-9]+ / || / Unhandled (Errors|Rejection)/ { rest = 1 }
		/^ *--- FAIL: / || /^panic: / || /^fatal error: / || /^WARNING: DATA RACE/ || /^# / { few = 14 }
		/^ok / { few = 0; next }
		rest || few-- > 0 || /^-test\.shuffle/ || /^FAIL\t/ || /^[^ ]+\.go:[0-9]+:/ { print }
	' "$1")
	[ -n "$told" ] || told=$(tail -n 40 "$1")
	printf '%s\n' "$told" | head -n 120 | cut -c 1-400
}

for name in $wanted; do
	case " $steps " in *" $name "*) ;; *)
		echo "test.sh: no such step: $name ($steps)" >&2
		exit 1
		;;
	esac
done
case " $wanted " in *" e2e "*) wanted="page-build $wanted" ;; esac
go_on=1
for name in $(among "$first"); do
	run "$name"
	# Without tools and the page nothing else means anything.
	case $name in setup | npm | page-build) ! grep -q ^FAIL "$summary" || { go_on=0; break; } ;; esac
done
if [ "$go_on" -eq 1 ]; then
	# shellcheck disable=SC2046 # they are words
	lane $(among "$lane_window") >"$logs/window" 2>&1 &
	# shellcheck disable=SC2046
	lane $(among "$lane_go")
	wait
	cat "$logs/window"
fi

printf '\n== summary (%d s)\n' $(($(date +%s) - started))
cat "$summary"
# A run of everything counts; go test's own lines say how much was tried.
if [ -f "$logs/go-tests.log" ]; then
	printf 'packages: %s ok, %s failed, %s without tests\n' \
		"$(grep -c '^ok' "$logs/go-tests.log")" "$(grep -c '^FAIL	' "$logs/go-tests.log")" "$(grep -c 'no test files' "$logs/go-tests.log")"
fi
failed=$(sed -n 's/^FAIL .* s  \([^ ]*\) .*/\1/p' "$summary" | tr '\n' ' ')
for name in $failed; do
	printf '\n== what failed in %s (all of it: %s)\n' "$name" "$logs/$name.log"
	failures "$logs/$name.log"
done
[ -z "$failed" ] || { printf '\nFAILED: %s\n' "$failed"; exit 1; }
