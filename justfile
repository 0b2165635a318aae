# Short names for what is done often; each is a script or one command.

# Lists these.
default:
    @just --list

# Builds the server with its admin UI and starts it.
dev:
    ./dev

# Everything that must be green before a change is merged.
test:
    ./test

# Formats the sources.
fmt:
    cargo fmt

# What the compiler, clippy and the admin UI's linter object to.
lint:
    cargo clippy --workspace --all-targets -- -D warnings
    cd frontend && npm run lint && npm run typecheck

# Licences, advisories and sources of dependencies (needs cargo-deny).
deny:
    cargo deny check

# Requests a second on this machine; arguments go to the load generator.
bench *ARGS:
    tests/bench/run.sh {{ARGS}}
