#!/usr/bin/env bash
# Runs a command with TEST_POSTGRES_URL set to a private PostgreSQL server in a temporary folder, and
# takes the server away afterwards:  with_postgres.sh COMMAND [ARGUMENT…]
# The address names the database postgres; tests make databases of their own beside it.
set -euo pipefail

binaries=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
[ -n "$binaries" ] || binaries=$(dirname "$(command -v initdb)")

folder=$(mktemp -d "${TMPDIR:-/tmp}/snackbase-postgres.XXXXXX")
# A server refuses to run as root, so root lends it to the user postgres.
as_server() {
    if [ "$(id -u)" -eq 0 ]; then
        (cd / && setpriv --reuid=postgres --regid=postgres --init-groups env HOME="$folder" "$@")
    else
        "$@"
    fi
}

stop() {
    trap - EXIT
    if [ -f "$folder/data/postmaster.pid" ]; then
        as_server "$binaries/pg_ctl" -D "$folder/data" -m immediate -w stop >/dev/null || true
    fi
    rm -rf "$folder"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

if [ "$(id -u)" -eq 0 ]; then
    chown postgres:postgres "$folder"
fi
as_server "$binaries/initdb" -D "$folder/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync >/dev/null

for attempt in 1 2 3 4 5; do
    port=$((20000 + RANDOM % 20000))
    # Tests need no durability: the data is thrown away.
    if as_server "$binaries/pg_ctl" -D "$folder/data" -l "$folder/log" -w -t 60 \
        -o "-p $port -k $folder -c listen_addresses=127.0.0.1 -c max_connections=300 -c fsync=off -c synchronous_commit=off -c full_page_writes=off" \
        start >/dev/null; then
        break
    fi
    if [ "$attempt" -eq 5 ]; then
        cat "$folder/log" >&2
        exit 1
    fi
done

export TEST_POSTGRES_URL="postgresql://postgres@127.0.0.1:$port/postgres"
"$@"
