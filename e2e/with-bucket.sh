#!/usr/bin/env bash
# Runs the tests of files in an S3-compatible store: the one that YIYANG_TEST_S3 (s3://bucket/folder) and AWS_… name, or
# moto's, started here. Says what it skipped where neither can be had.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo=${1:-cargo}
if [ -z "${YIYANG_TEST_S3:-}" ]; then
  environment=e2e/.venv-s3
  if [ ! -x $environment/bin/moto_server ]; then
    said=$(mktemp)
    if ! { python3 -m venv $environment && $environment/bin/pip install -q --disable-pip-version-check 'moto[server]==5.2.5'; } >"$said" 2>&1; then
      echo "skipped: files in an object store, since moto cannot be installed: $(tail -1 "$said")"
      rm -rf $environment "$said"
      exit 0
    fi
    rm -f "$said"
  fi
  port=$((20000 + RANDOM % 20000))
  $environment/bin/moto_server -H 127.0.0.1 -p "$port" >/dev/null 2>&1 &
  moto=$!
  trap 'kill "$moto" 2>/dev/null || true' EXIT
  export AWS_ENDPOINT="http://127.0.0.1:$port" AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_REGION=us-east-1
  for _ in $(seq 1 200); do
    curl -fs "$AWS_ENDPOINT/moto-api/" >/dev/null 2>&1 && break
    sleep 0.1
  done
  curl -fs -X PUT "$AWS_ENDPOINT/yiyang" >/dev/null
  export YIYANG_TEST_S3=s3://yiyang/files
fi
"$cargo" test -p kit --lib --locked --features object-store -- files
