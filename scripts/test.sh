#!/bin/sh
# Runs everything that CI runs; each step is timed and a failed one does not hide the
# next. Ends with 1 if any step failed.
# Usage: scripts/test.sh [STEP …]   only these steps; scripts/test.sh list names them
set -u

cd -- "$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)" || exit 1
. scripts/env.sh
logs=.cache/test
mkdir -p "$logs" .cache/bin .cache/stamps

steps="setup npm page-build format vet staticcheck rules windows darwin bindings page-types page-lint page-tests go-tests e2e"
staticcheck_version=v0.8.2

step_setup() {
	scripts/setup.sh run test servers
}

step_npm() { scripts/npm.sh; }

step_page_build() {
	npm --prefix frontend run --silent build && touch frontend/dist/.gitkeep
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

step_go_tests() { go test -race -shuffle=on -timeout 15m ./...; }

step_e2e() { scripts/e2e.sh; }

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
failed=0

# run NAME: prints what the step prints, and keeps it in a file.
run() {
	name=$1
	from=$(date +%s)
	printf '\n== %s\n' "$name"
	{
		"step_$(printf %s "$name" | tr - _)" 2>&1
		echo $? >"$logs/$name.code"
	} | tee "$logs/$name.log"
	code=$(cat "$logs/$name.code")
	took=$(($(date +%s) - from))
	if [ "$code" -eq 0 ]; then
		printf 'ok    %5d s  %s\n' "$took" "$name" | tee -a "$summary"
	else
		printf 'FAIL  %5d s  %s (log: %s)\n' "$took" "$name" "$logs/$name.log" | tee -a "$summary"
		failed=1
	fi
}

for name in $wanted; do
	case " $steps " in
	*" $name "*) run "$name" ;;
	*)
		echo "test.sh: no such step: $name ($steps)" >&2
		exit 1
		;;
	esac
	# Without tools and the page nothing else means anything.
	case $name in setup | npm | page-build) [ "$failed" -eq 0 ] || break ;; esac
done

printf '\n== summary (%d s)\n' $(($(date +%s) - started))
cat "$summary"
# A run of everything counts; go test's own lines say how much was tried.
if [ -f "$logs/go-tests.log" ]; then
	printf 'packages: %s ok, %s failed, %s without tests\n' \
		"$(grep -c '^ok' "$logs/go-tests.log")" "$(grep -c '^FAIL	' "$logs/go-tests.log")" "$(grep -c 'no test files' "$logs/go-tests.log")"
fi
exit "$failed"
