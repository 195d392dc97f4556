#!/usr/bin/env bash
# M7, the ear alone: a thousand devices as fast as they are acknowledged and at 30,000 messages a second, ten thousand at 1,300; then
# killed while devices send. EXAMPLES is the folder with `sink` and `load` of crates/mqtt, built for release.
set -euo pipefail
cd "$(dirname "$0")/.."
examples=${1:-target/release/examples}
data=$(mktemp -d)
trap 'kill "${sink:-}" 2>/dev/null || true; rm -rf "$data"' EXIT
ulimit -n 30000 2>/dev/null || ulimit -n "$(ulimit -Hn)"
port=18831

measure() { # arguments of load
  "$examples/sink" "127.0.0.1:$port" "$data/kept" "${papers[@]}" &
  sink=$!
  until (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do sleep 0.02; done
  echo "load $*"
  "$examples/load" --to "127.0.0.1:$port" --pid "$sink" --seconds "${SECONDS_EACH:-20}" "$@"
  kill "$sink"
  wait "$sink" 2>/dev/null || true
  rm -f "$data/kept"
}

papers=()
measure --connections 1000 --window 20
measure --connections 1000 --window 50 --rate 30000
measure --connections 1000 --window 50 --rate 30000 --version 5
measure --connections 10000 --rate 1300
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=ear -addext subjectAltName=IP:127.0.0.1 \
  -addext basicConstraints=critical,CA:false -keyout "$data/key.pem" -out "$data/chain.pem" 2>/dev/null
papers=(--chain "$data/chain.pem" --key "$data/key.pem")
measure --connections 5000 --rate 1300 --tls "$data/chain.pem"
python3 benches/mqtt_kill.py "$examples" "${KILLS:-100}"
