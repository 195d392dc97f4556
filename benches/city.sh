#!/usr/bin/env bash
# M9 and M8 of CAPACITY.md: loads a whole city, lets the server do its first night's work, asks for every list, page and
# indicator of it, and counts everything anew, on SQLite and, where it answers, on PostgreSQL.
# CITY and SCALE say which city (chongqing, 1), ON its day (that of the document), ENGINES which of the two, PROGRAM what is
# measured. The loaded data goes at the end unless KEEP names a folder for it; what is there already is asked, not loaded anew.
set -euo pipefail
cd "$(dirname "$0")/.."
city=${CITY:-chongqing} scale=${SCALE:-1} on=${ON:-2024-12-31} port=${PORT:-8793}
admin=${YIYANG_TEST_POSTGRES:-postgres://postgres@127.0.0.1:5432/postgres}
program=${PROGRAM:-./target/release/yiyang}
data=${KEEP:-$(mktemp -d)}
mkdir -p "$data"
database=yiyang_city_${KEEP:+kept}${KEEP:-$$}
database=${database//[^a-z0-9_]/_}
clean() {
  kill "${server:-}" 2>/dev/null || true
  [ -z "${KEEP:-}" ] || return 0
  rm -rf "$data"
  psql -q "$admin" -c "drop database if exists $database with (force)" >/dev/null 2>&1 || true
}
trap clean EXIT

load() { # name, arguments
  python3 benches/city.py load "$1" "$program" generate --profile "$city" --scale "$scale" --data-dir "$data" "${@:2}"
  python3 benches/people.py 5 >"$data/ledger.csv"
}

# The generated official governs a county; another one here the whole city. The queue of the house is the nation's.
accounts="insert into account (id, login, name, role, place, password, must_change, failures, state, created)
  select (select max(id) + 1 from account), 'city', name, role, (select parent from place where code = account.place), password, must_change, failures, state, created
    from account where login = 'official';
  update account set place = '000000' where login = 'administrator'"

# Some whose ID numbers are known come into the official's county.
known() { # county, arguments
  "$program" import elders "$data/ledger.csv" --place "$1" --data-dir "$data" "${@:2}" >/dev/null
}

ask() { # name, arguments of serve
  local here=("$1" "http://127.0.0.1:$port" "$data/logins.json")
  printf 'demo = true\nrequire_second_factor = []\n' >"$data/yiyang.toml"
  RUST_LOG=warn "$program" serve --config "$data/yiyang.toml" --data-dir "$data" --listen "127.0.0.1:$port" "${@:2}" >"$data/log" 2>&1 &
  server=$!
  until curl -fs "http://127.0.0.1:$port/readyz" >/dev/null; do sleep 0.1; done
  python3 benches/city.py night "${here[@]}" "$server"
  python3 benches/city.py ask "${here[@]}" "$server" "$on"
  python3 benches/city.py recount "${here[@]}" "$server"
  kill "$server"
  wait "$server" 2>/dev/null || true
}

engines=${ENGINES:-sqlite postgres}
county="select place from account where login = 'official'"
if [[ " $engines " == *" sqlite "* ]]; then
  if [ ! -f "$data/yiyang.db" ]; then
    load SQLite
    echo "SQLite: $(du -m "$data/yiyang.db" | cut -f1) MB of database"
    known "$(sqlite3 "$data/yiyang.db" "$county")"
    sqlite3 "$data/yiyang.db" "$accounts"
  fi
  ask SQLite
  [ -n "${KEEP:-}" ] || rm -f "$data"/yiyang.db*
fi
if [[ " $engines " == *" postgres "* ]] && psql -q "$admin" -c 'select 1' >/dev/null 2>&1; then
  url="${admin%/*}/$database"
  if ! psql -q "$url" -c 'select 1' >/dev/null 2>&1; then
    psql -q "$admin" -c "create database $database"
    load PostgreSQL --database-url "$url"
    echo "PostgreSQL: $(psql -At "$url" -c 'select pg_database_size(current_database()) / 1000000') MB of database"
    known "$(psql -At "$url" -c "$county")" --database-url "$url"
    psql -q "$url" -c "$accounts"
  fi
  ask PostgreSQL --database-url "$url"
fi
