#!/usr/bin/env bash
# Schemathesis asks every address of the API with what its description allows, and with what it does not: no 5xx may come.
# Usage: schemathesis.sh http://127.0.0.1:8080 DATA_DIR YIYANG. Needs Python; says what it skipped where it cannot install.
set -euo pipefail
cd "$(dirname "$0")"
if [ ! -x .venv/bin/schemathesis ]; then
  if ! { python3 -m venv .venv && .venv/bin/pip install -q --disable-pip-version-check -r requirements.txt; } >/tmp/schemathesis-install.$$ 2>&1; then
    echo "skipped: schemathesis, since it cannot be installed: $(tail -1 /tmp/schemathesis-install.$$)"
    rm -rf .venv /tmp/schemathesis-install.$$
    exit 0
  fi
  rm -f /tmp/schemathesis-install.$$
fi
exec .venv/bin/python schemathesis.py "$@"
