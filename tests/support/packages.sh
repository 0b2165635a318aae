# Debian packages, installed only when something is missing. To be sourced.

# need COMMAND PACKAGE…: installs the packages unless the command is there.
need() {
    local command=$1
    shift
    command -v "$command" >/dev/null 2>&1 || install_packages "$@"
}

install_packages() {
    echo "installing $*"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

# What cannot come from Debian 12 in the version needed.
need_toolchains() {
    export PATH="$HOME/.cargo/bin:$PATH"
    command -v cargo >/dev/null 2>&1 || {
        echo "Rust is needed: https://rustup.rs" >&2
        exit 1
    }
    local node
    node=$(node --version 2>/dev/null | sed 's/^v\([0-9]*\).*/\1/')
    [ "${node:-0}" -ge 20 ] || {
        echo "Node.js 20 or newer is needed: https://nodejs.org" >&2
        exit 1
    }
    need cc build-essential
    need pkg-config pkg-config
}
