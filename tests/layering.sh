#!/usr/bin/env bash
# The inner packages must not know how they are served or where data is kept: no web framework and no
# database driver among what they are built of.
set -euo pipefail
cd "$(dirname "$0")/.."

status=0
for package in domain rules application rls; do
    tree=$(cargo tree --quiet --locked -e normal --prefix none -f '{p}' -p "snackbase-$package")
    if found=$(grep -E '^(actix|sqlx|sea-orm|rusqlite|tokio-postgres|libsqlite3-sys)' <<<"$tree" | sort -u); then
        echo "snackbase-$package must not depend on:" >&2
        echo "$found" >&2
        status=1
    fi
done
exit "$status"
