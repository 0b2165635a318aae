#!/usr/bin/env bash
# Measures release builds.  run.sh [http] [ARGUMENT…]: the server on embedded SQLite with the load generator;
# run.sh records [ARGUMENT…]: storage against sea-orm on sqlx. Arguments go to load.py or record_path.py.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=../support/packages.sh
. tests/support/packages.sh
# shellcheck source=../support/server.sh
. tests/support/server.sh

what=http
case ${1:-} in
    http | records)
        what=$1
        shift
        ;;
esac
need_toolchains
need python3 python3
if [ "$what" = records ]; then
    exec python3 tests/bench/record_path.py "$@"
fi
need wrk wrk
cargo build --release --locked -p snackbase-server
start_server target/release/snackbase sqlite
python3 tests/bench/load.py --url "$server_url" --pid "$server_pid" \
    --email "$SUPERADMIN_EMAIL" --password "$SUPERADMIN_PASSWORD" "$@"
