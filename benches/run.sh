#!/usr/bin/env bash
# The measures of CAPACITY.md: how much processor time a county of 40,000 elders takes to make; then, among 200,000 elders,
# what each request takes, one after another. PostgreSQL is measured too when it answers.
set -euo pipefail
cd "$(dirname "$0")/.."
data=$(mktemp -d)
database=""
trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$data"; [ -z "$database" ] || psql -q "$admin" -c "drop database if exists $database with (force)"' EXIT
admin=${YIYANG_TEST_POSTGRES:-postgres://postgres@127.0.0.1:5432/postgres}
port=8791
# The county whose officials look, the first of Panjin.
place=211102

measure() { # name, arguments of serve
  local started
  python3 benches/people.py 20 >"$data/ledger.csv"
  ./target/release/yiyang import elders "$data/ledger.csv" --place "$place" --data-dir "$data" "${@:2}" >/dev/null
  started=$(date +%s%N)
  RUST_LOG=warn ./target/release/yiyang serve --config "$data/yiyang.toml" --data-dir "$data" --listen "127.0.0.1:$port" "${@:2}" >"$data/log" 2>&1 &
  server=$!
  until curl -fs "http://127.0.0.1:$port/readyz" >/dev/null; do sleep 0.02; done
  echo "$1: first answer after $((($(date +%s%N) - started) / 1000000)) ms"
  python3 benches/measure.py "http://127.0.0.1:$port" "$data/logins.json" "$server" "$1"
  kill "$server"
  wait "$server" 2>/dev/null || true
}

printf 'demo = true\nrequire_second_factor = []\n' >"$data/yiyang.toml"
TIMEFORMAT='SQLite: a county of 40,000 elders made: %U user and %S system CPU-s, %R s'
time ./target/release/yiyang demo --generate-only --data-dir "$data/county" 2>/dev/null
rm -rf "$data/county"
# 240,000 elders live in Panjin as generated; five sixths of them.
./target/release/yiyang generate --profile panjin --scale 0.8333 --data-dir "$data" 2>/dev/null
measure SQLite
# M4: a county of Panjin's size settles a month, and once more as a draft that is replaced.
python3 benches/ltci.py fill "$data/yiyang.db" "$place" 2026-03 5521 30
python3 benches/ltci.py measure ./target/release/yiyang "$data" "$place" 2026-03
python3 benches/ltci.py measure ./target/release/yiyang "$data" "$place" 2026-03

if psql -q "$admin" -c 'select 1' >/dev/null 2>&1; then
  database="yiyang_bench_$$"
  psql -q "$admin" -c "create database $database"
  url="${admin%/*}/$database"
  ./target/release/yiyang generate --profile panjin --scale 0.8333 --data-dir "$data" --database-url "$url" 2>/dev/null
  measure PostgreSQL --database-url "$url"
  psql -q "$admin" -c "drop database $database with (force)" -c "create database $database"
  # Reliability: killed while it writes, a thousand times (KILLS says otherwise), half of them on each engine.
  python3 benches/kill.py ./target/release/yiyang "$((${KILLS:-1000} / 2))" "$url"
  python3 benches/kill.py ./target/release/yiyang "$((${KILLS:-1000} / 2))"
else
  python3 benches/kill.py ./target/release/yiyang "${KILLS:-1000}"
  echo "skipped: PostgreSQL does not answer"
fi
