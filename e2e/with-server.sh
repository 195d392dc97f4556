#!/usr/bin/env bash
# Walks the journeys against a small synthetic county of its own, then lets schemathesis ask the same server's API.
# With arguments (such as --only elders) the journeys alone, as run.mjs takes them.
set -euo pipefail
cd "$(dirname "$0")"
yiyang=${YIYANG:-../target/debug/yiyang}
data=$(mktemp -d)
port=$((20000 + RANDOM % 20000))
base="http://127.0.0.1:$port"
server=""
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$data"' EXIT

"$yiyang" demo --elders 400 --generate-only --data-dir "$data" 2>"$data/generate.log" || { cat "$data/generate.log"; exit 1; }
RUST_LOG=error "$yiyang" demo --data-dir "$data" --listen "127.0.0.1:$port" >"$data/server.log" 2>&1 &
server=$!
for _ in $(seq 1 100); do
  curl -fs "$base/readyz" >/dev/null 2>&1 && break
  sleep 0.1
done
curl -fs "$base/readyz" >/dev/null || { cat "$data/server.log"; exit 1; }

node run.mjs --base "$base" --logins "$data/logins.json" "$@"
(($#)) || ./schemathesis.sh "$base" "$data" "$(realpath "$yiyang")"
