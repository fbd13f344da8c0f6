#!/bin/sh
# Runs the end-to-end tests: the page in Chromium on the real program, and the real
# window steered through WebKitWebDriver. Builds what it needs first.
# Usage: scripts/e2e.sh [FILE.test.mjs …]
#   MAILROOM_DEV_BINARY, MAILROOM_E2E_BINARY  ready builds (tags dev, and e2e)
#   MAILROOM_E2E_SERVERS                      ready build of backend/testkit/cmd/mailservers
#   MAILROOM_VENDORS_BINARY                   ready build of backend/testkit/cmd/vendors
#   MAILROOM_PAGE=built                       frontend/dist is what the sources say
#   MAILROOM_SHOTS                            folder for screenshots
set -eu

cd -- "$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)"
. scripts/env.sh
out=$PWD/build/bin/e2e

if [ ! -d frontend/node_modules ]; then
	npm --prefix frontend ci --no-audit --no-fund
fi
[ "${MAILROOM_PAGE:-}" = built ] || npm --prefix frontend run --silent build

if [ -z "${MAILROOM_DEV_BINARY:-}" ]; then
	MAILROOM_DEV_BINARY=$out/mailroom-dev
	go build -tags dev,webkit2_41 -o "$MAILROOM_DEV_BINARY" .
fi
if [ -z "${MAILROOM_E2E_BINARY:-}" ]; then
	MAILROOM_E2E_BINARY=$out/mailroom-e2e
	go build -tags desktop,production,webkit2_41,e2e -ldflags=-extldflags=-Wl,-z,lazy -o "$MAILROOM_E2E_BINARY" .
	go run ./build/lazy "$MAILROOM_E2E_BINARY"
fi
if [ -z "${MAILROOM_E2E_SERVERS:-}" ]; then
	MAILROOM_E2E_SERVERS=$out/mailservers
	go build -o "$MAILROOM_E2E_SERVERS" ./backend/testkit/cmd/mailservers
fi
if [ -z "${MAILROOM_VENDORS_BINARY:-}" ]; then
	MAILROOM_VENDORS_BINARY=$out/vendors
	go build -o "$MAILROOM_VENDORS_BINARY" ./backend/testkit/cmd/vendors
fi
export MAILROOM_DEV_BINARY MAILROOM_E2E_BINARY MAILROOM_E2E_SERVERS MAILROOM_VENDORS_BINARY

cd frontend
if [ $# -gt 0 ]; then
	exec node --test --test-reporter=spec --test-concurrency=1 "$@"
fi
exec npm run --silent e2e
