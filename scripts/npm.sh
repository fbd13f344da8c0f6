#!/bin/sh
# Installs the page's libraries, as the lock file says and only if it changed.
set -eu
cd -- "$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)"
. scripts/env.sh
mark=frontend/node_modules/.installed
want=$(cksum <frontend/package-lock.json)
[ "$(cat "$mark" 2>/dev/null)" != "$want" ] || exit 0
npm --prefix frontend ci --no-audit --no-fund
printf '%s\n' "$want" >"$mark"
