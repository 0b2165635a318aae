#!/usr/bin/env bash
# Measures release builds.  run.sh [http] [ARGUMENT…]: the server on embedded SQLite with the load generator;
# run.sh records [ARGUMENT…]: storage against sea-orm on sqlx; run.sh sizes [ARGUMENT…]: few records and very many;
# run.sh realtime [ARGUMENT…]: many subscribers. Arguments go to load.py, record_path.py, sizes.py or realtime.py.
# BENCH_POSTGRES_URL names a PostgreSQL database to use in place of SQLite for http, sizes and realtime.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=../support/packages.sh
. tests/support/packages.sh
# shellcheck source=../support/server.sh
. tests/support/server.sh

what=http
case ${1:-} in
    http | records | realtime | sizes)
        what=$1
        shift
        ;;
esac
need_toolchains
need python3 python3
if [ "$what" = records ]; then
    exec python3 tests/bench/record_path.py "$@"
fi
if [ "$what" = realtime ]; then
    cargo build --release --locked -p snackbase-server
    cargo build --release --locked --manifest-path tests/bench/realtime/Cargo.toml
    ulimit -n "$(ulimit -Hn)"
    start_server target/release/snackbase "${BENCH_POSTGRES_URL:-sqlite}" SNACKBASE_REALTIME_MAX_CONNECTIONS_PER_USER=0 \
        SNACKBASE_REALTIME_MAX_CONNECTIONS_PER_ACCOUNT=0 SNACKBASE_REALTIME_MAX_CONNECTIONS=0
    python3 tests/bench/realtime.py --url "$server_url" --pid "$server_pid" \
        --program tests/bench/realtime/target/release/snackbase-bench-realtime \
        --email "$SUPERADMIN_EMAIL" --password "$SUPERADMIN_PASSWORD" "$@"
    exit
fi
need wrk wrk
cargo build --release --locked -p snackbase-server
start_server target/release/snackbase "${BENCH_POSTGRES_URL:-sqlite}"
script=load.py
if [ "$what" = sizes ]; then
    script=sizes.py
fi
python3 "tests/bench/$script" --url "$server_url" --pid "$server_pid" \
    --email "$SUPERADMIN_EMAIL" --password "$SUPERADMIN_PASSWORD" "$@"
