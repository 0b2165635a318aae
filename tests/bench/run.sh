#!/usr/bin/env bash
# Measures the release build on embedded SQLite with the load generator; arguments go to load.py.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=../support/packages.sh
. tests/support/packages.sh
# shellcheck source=../support/server.sh
. tests/support/server.sh

need_toolchains
need python3 python3
need wrk wrk
cargo build --release --locked -p snackbase-server
start_server target/release/snackbase sqlite
python3 tests/bench/load.py --url "$server_url" --pid "$server_pid" \
    --email "$SUPERADMIN_EMAIL" --password "$SUPERADMIN_PASSWORD" "$@"
