#!/usr/bin/env bash
# M9 and M8 of CAPACITY.md: loads a whole city and asks for every indicator of it, on SQLite and, where it answers, on
# PostgreSQL. CITY and SCALE say which city (chongqing, 1), ON its day (that of the document); the loaded data goes at the end
# unless KEEP names a folder for it.
set -euo pipefail
cd "$(dirname "$0")/.."
city=${CITY:-chongqing} scale=${SCALE:-1} on=${ON:-2024-12-31} port=8793
admin=${YIYANG_TEST_POSTGRES:-postgres://postgres@127.0.0.1:5432/postgres}
program=${PROGRAM:-./target/release/yiyang}
data=${KEEP:-$(mktemp -d)}
mkdir -p "$data"
database="yiyang_city_$$"
clean() {
  kill "${server:-}" 2>/dev/null || true
  [ -n "${KEEP:-}" ] || rm -rf "$data"
  psql -q "$admin" -c "drop database if exists $database with (force)" >/dev/null 2>&1 || true
}
trap clean EXIT

load() { # name, arguments
  python3 benches/city.py load "$1" "$program" generate --profile "$city" --scale "$scale" --data-dir "$data" "${@:2}"
}

ask() { # name, arguments of serve
  printf 'demo = true\nrequire_second_factor = []\n' >"$data/yiyang.toml"
  RUST_LOG=warn "$program" serve --config "$data/yiyang.toml" --data-dir "$data" --listen "127.0.0.1:$port" "${@:2}" >"$data/log" 2>&1 &
  server=$!
  until curl -fs "http://127.0.0.1:$port/readyz" >/dev/null; do sleep 0.1; done
  python3 benches/city.py ask "$1" "http://127.0.0.1:$port" "$data/logins.json" "$server" "$on"
  kill "$server"
  wait "$server" 2>/dev/null || true
}

# The generated official governs a county; here the whole city.
raise="update account set place = (select parent from place where code = account.place) where login in ('official', 'administrator')"

engines=${ENGINES:-sqlite postgres}
if [[ " $engines " == *" sqlite "* ]]; then
  load SQLite
  echo "SQLite: $(du -m "$data/yiyang.db" | cut -f1) MB of database"
  sqlite3 "$data/yiyang.db" "$raise"
  ask SQLite
  [ -n "${KEEP:-}" ] || rm -f "$data"/yiyang.db*
fi
if [[ " $engines " == *" postgres "* ]] && psql -q "$admin" -c 'select 1' >/dev/null 2>&1; then
  psql -q "$admin" -c "create database $database"
  url="${admin%/*}/$database"
  load PostgreSQL --database-url "$url"
  echo "PostgreSQL: $(psql -At "$url" -c 'select pg_database_size(current_database()) / 1000000') MB of database"
  psql -q "$url" -c "$raise"
  ask PostgreSQL --database-url "$url"
fi
