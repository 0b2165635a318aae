# The admin UI's packages and build, made again only when their sources changed. To be sourced.

frontend_packages() {
    if [ ! frontend/node_modules/.package-lock.json -nt frontend/package-lock.json ]; then
        (cd frontend && npm ci --no-audit --no-fund)
    fi
}

frontend_build() {
    local built=frontend/dist/index.html
    if [ -f "$built" ] && [ -z "$(find frontend -path frontend/node_modules -prune -o -path frontend/dist -prune -o -newer "$built" -type f -print -quit)" ]; then
        return
    fi
    frontend_packages && (cd frontend && npm run --silent build)
}
