#!/bin/sh
# Drives the admin UI of a server in Chromium, from the first run on.
# SNACKBASE_BIN: the server's program, with the UI built in (./stand-in.mjs for the UI alone).
# CHROMIUM: the browser's program, default /usr/bin/chromium. KEEP=folder: keeps a picture of each failure there.
# FIRST=1: ends at the first failure. THROTTLE=4: the pages run four times slower, as on a busy machine.
# PICTURES=folder: pictures of every page there, in both themes, for desktop and phone.
set -eu
cd "$(dirname "$0")"
: "${SNACKBASE_BIN:?set SNACKBASE_BIN to the program of the server}"
[ -d node_modules ] || npm ci --no-audit --no-fund --silent
exec node run.mjs
