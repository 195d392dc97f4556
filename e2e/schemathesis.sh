#!/usr/bin/env bash
# Schemathesis asks every address of the API with what its description allows, and with what it does not: no 5xx may come.
set -euo pipefail
cd "$(dirname "$0")"
base=$1 data=$2 yiyang=$3
if [ ! -x .venv/bin/schemathesis ]; then
  python3 -m venv .venv
  .venv/bin/pip install -q --disable-pip-version-check -r requirements.txt || { echo "skipped: schemathesis cannot be installed"; rm -rf .venv; exit 0; }
fi
token=$("$yiyang" token create --user official --data-dir "$data" --format json | python3 -c 'import json,sys; print(json.load(sys.stdin)["token"])')
timeout 240 .venv/bin/schemathesis run "$base/api/openapi.json" --header "Authorization: Bearer $token" \
  --checks not_a_server_error --max-examples "${EXAMPLES:-8}" --phases examples,coverage,fuzzing --seed 1 --workers 1
