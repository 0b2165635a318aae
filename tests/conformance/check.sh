#!/usr/bin/env bash
# Plays the conformance cases against the built server:  check.sh BINARY sqlite|postgres [ARGUMENT…]
# For postgres, TEST_POSTGRES_URL names a server where a database can be made. Arguments go to check.py.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=../support/server.sh
. "$here/../support/server.sh"

binary=$1
kind=$2
shift 2

case $kind in
    sqlite)
        url=sqlite
        ;;
    postgres)
        name="conformance_$$"
        psql --quiet --no-psqlrc "$TEST_POSTGRES_URL" -c "CREATE DATABASE $name"
        # The same address with another database; parameters after it stay.
        parameters=$(sed -n 's/^[^?]*\(?.*\)/\1/p' <<<"$TEST_POSTGRES_URL")
        address=${TEST_POSTGRES_URL%%\?*}
        url="${address%/*}/$name$parameters"
        ;;
    *)
        echo "sqlite or postgres, not $kind" >&2
        exit 2
        ;;
esac

start_server "$binary" "$url"
status=0
python3 "$here/check.py" --url "$server_url" --email "$SUPERADMIN_EMAIL" --password "$SUPERADMIN_PASSWORD" "$@" || status=$?
# Without arguments, which choose cases, the realtime protocol is played as well.
if [ $# -eq 0 ]; then
    python3 "$here/realtime_check.py" --url "$server_url" --email "$SUPERADMIN_EMAIL" --password "$SUPERADMIN_PASSWORD" || status=$?
fi
if [ "$status" -ne 0 ]; then
    server_log
fi
stop_server
if [ "$kind" = postgres ]; then
    psql --quiet --no-psqlrc "$TEST_POSTGRES_URL" -c "DROP DATABASE IF EXISTS $name WITH (FORCE)"
fi
exit "$status"
