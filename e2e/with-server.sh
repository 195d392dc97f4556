#!/usr/bin/env bash
# Walks the journeys against a small synthetic county of its own, lets schemathesis ask the same server's API, then starts
# it once more with a policy document that has become known late, and walks what follows from that.
# With arguments (such as --only elders, or --folder late) those journeys alone, as run.mjs takes them.
set -euo pipefail
cd "$(dirname "$0")"
yiyang=$(realpath "${YIYANG:-../target/debug/yiyang}")
data=$(mktemp -d)
port=$((20000 + RANDOM % 20000))
# Where devices connect.
export E2E_MQTT="127.0.0.1:$((port + 1))"
base="http://127.0.0.1:$port"
server=""
trap 'stop; rm -rf "$data"' EXIT

stop() {
  [ -n "$server" ] || return 0
  kill "$server" 2>/dev/null || true
  wait "$server" 2>/dev/null || true
  server=""
}

serve() { # what else the configuration says
  stop
  printf 'demo = true\nrequire_second_factor = []\n%s\n[mqtt]\nlisten = "%s"\n' "$1" "$E2E_MQTT" >"$data/yiyang.toml"
  RUST_LOG=error "$yiyang" serve --config "$data/yiyang.toml" --data-dir "$data" --listen "127.0.0.1:$port" >"$data/server.log" 2>&1 &
  server=$!
  for _ in $(seq 1 100); do
    curl -fs "$base/readyz" >/dev/null 2>&1 && return
    sleep 0.1
  done
  cat "$data/server.log"
  exit 1
}

late() { # since the first of the month two months ago the limits of care in an institution are higher
  mkdir -p "$data/late/211100-panjin"
  python3 late/document.py ../policy/211100-panjin/ltci.yaml "$(date -d "$(date +%Y-%m-01) -2 months" +%F)" >"$data/late/211100-panjin/ltci.yaml"
  serve "policy = [\"$(realpath ../policy)\", \"$data/late\"]"
}

"$yiyang" demo --elders 400 --generate-only --data-dir "$data" 2>"$data/generate.log" || { cat "$data/generate.log"; exit 1; }
if [ "$*" != "--folder late" ]; then
  serve ""
  node run.mjs --base "$base" --logins "$data/logins.json" "$@"
  (($# == 0)) || exit 0
  ./schemathesis.sh "$base" "$data" "$yiyang"
fi
late
node run.mjs --base "$base" --logins "$data/logins.json" --folder late
