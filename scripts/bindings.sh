#!/bin/sh
# Writes frontend/wailsjs: the page's view of backend/api. The program itself does
# it, built with the tag "bindings"; neither GTK nor the wails tool is needed.
# Usage: scripts/bindings.sh [--check]   --check fails if anything changed
set -eu

cd -- "$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)"
. scripts/env.sh
[ -e frontend/dist/.gitkeep ] || { mkdir -p frontend/dist && : >frontend/dist/.gitkeep; }
report=$(mktemp)
trap 'rm -f "$report"' EXIT
before=
if [ "${1:-}" = --check ]; then
	before=$(find frontend/wailsjs -type f -exec cksum {} + | sort)
fi
CGO_ENABLED=0 tsoutputtype=interfaces go run -tags bindings . >"$report" 2>&1 || { cat "$report" >&2; exit 1; }
find frontend/wailsjs -type f -exec chmod 755 {} +
if [ "${1:-}" = --check ] && [ "$before" != "$(find frontend/wailsjs -type f -exec cksum {} + | sort)" ]; then
	echo "bindings: frontend/wailsjs was not what backend/api says; it is now: commit it" >&2
	git --no-pager diff --stat -- frontend/wailsjs >&2 || true
	exit 1
fi
