#!/usr/bin/env bash
# Lets the published JavaScript clients work with the built server, on an empty SQLite database.
# SNACKBASE_BIN: the server's program, default target/debug/snackbase.
set -euo pipefail
cd "$(dirname "$0")"
# shellcheck source=../support/server.sh
. ../support/server.sh

binary=${SNACKBASE_BIN:-../../target/debug/snackbase}
[ -x "$binary" ] || {
    echo "no program at $binary: set SNACKBASE_BIN or run cargo build --workspace" >&2
    exit 1
}
if [ ! node_modules/.package-lock.json -nt package-lock.json ]; then
    npm ci --no-audit --no-fund --silent
fi

start_server "$binary" sqlite
export SNACKBASE_URL=$server_url SUPERADMIN_EMAIL SUPERADMIN_PASSWORD
status=0
node --test --test-reporter=spec sdk.test.mjs realtime.test.mjs || status=$?
if [ "$status" -ne 0 ]; then
    server_log
fi
exit "$status"
