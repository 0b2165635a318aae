# Starts the built server for tests from outside and stops it again. To be sourced; the shell that
# does so gets an EXIT trap.

SUPERADMIN_EMAIL=admin@example.com
SUPERADMIN_PASSWORD='Adm1n!Passw0rd'

server_pid=
server_folder=

# A port nobody listens on at the moment.
free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# wait_for_port PORT PID: until the process listens; fails when it ends or after 60 seconds.
wait_for_port() {
    local port=$1 pid=$2 tries=600
    until (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
        tries=$((tries - 1))
        if [ "$tries" -eq 0 ] || ! kill -0 "$pid" 2>/dev/null; then
            return 1
        fi
        sleep 0.1
    done
}

# start_server BINARY DATABASE_URL [NAME=VALUE…]: a server on an empty folder of its own (the database
# `sqlite` is a file there), with a superadmin. Sets server_url. Extra settings win.
start_server() {
    local binary database port
    binary=$(realpath "$1")
    database=$2
    shift 2
    server_folder=$(mktemp -d "${TMPDIR:-/tmp}/snackbase-server.XXXXXX")
    trap stop_server EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    if [ "$database" = sqlite ]; then
        database="sqlite:///$server_folder/data/snackbase.db"
    fi
    port=$(free_port)
    server_url="http://127.0.0.1:$port"
    (
        cd "$server_folder"
        exec env \
            SNACKBASE_HOST=127.0.0.1 \
            SNACKBASE_PORT="$port" \
            SNACKBASE_EXTERNAL_URL="$server_url" \
            SNACKBASE_DATABASE_URL="$database" \
            SNACKBASE_STORAGE_PATH="$server_folder/files" \
            SNACKBASE_SUPERADMIN_EMAIL="$SUPERADMIN_EMAIL" \
            SNACKBASE_SUPERADMIN_PASSWORD="$SUPERADMIN_PASSWORD" \
            SNACKBASE_ALLOW_PRIVATE_DESTINATIONS=true \
            SNACKBASE_LOGIN_THROTTLE_ENABLED=false \
            SNACKBASE_LOG_LEVEL=WARNING \
            "$@" "$binary" serve
    ) >"$server_folder/log" 2>&1 &
    server_pid=$!
    if ! wait_for_port "$port" "$server_pid"; then
        echo "the server did not start:" >&2
        tail -n 40 "$server_folder/log" >&2
        return 1
    fi
}

# The end of the server's log, for when something went wrong.
server_log() {
    echo "--- end of the server's log" >&2
    tail -n 40 "$server_folder/log" >&2
}

stop_server() {
    trap - EXIT
    if [ -n "$server_pid" ]; then
        kill "$server_pid" 2>/dev/null || true
        for _ in $(seq 150); do
            kill -0 "$server_pid" 2>/dev/null || break
            sleep 0.1
        done
        kill -9 "$server_pid" 2>/dev/null || true
        wait "$server_pid" 2>/dev/null || true
        server_pid=
    fi
    if [ -n "$server_folder" ]; then
        rm -rf "$server_folder"
        server_folder=
    fi
}
