"""Runs schemathesis as one role after another, each with keys of things that are there, within a few minutes in all."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import urllib.request

ROLES = ["official", "clerk", "lead", "assessor", "clinician"]
SECONDS = int(os.environ.get("SECONDS_IN_ALL", "300"))
EXAMPLES = os.environ.get("EXAMPLES", "6")

base, data, yiyang = sys.argv[1:4]
here = pathlib.Path(__file__).parent


def token(role):
    command = [yiyang, "token", "create", "--user", role, "--data-dir", data, "--format", "json"]
    environment = os.environ | {"RUST_LOG": "error"}
    return json.loads(subprocess.run(command, check=True, capture_output=True, env=environment).stdout)["token"]


def ask(path, bearer):
    request = urllib.request.Request(base + path, headers={"Authorization": f"Bearer {bearer}"})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def key_of_first(path, bearer):
    """The key of the first thing of a list, as pages and API name it; one that is nowhere, if the list is empty."""
    items = ask(path, bearer)["items"]
    return f"{items[0]['region']}-{items[0]['id']}" if items else "211122-1"


def settings(bearer):
    """Path parameters that lead to something, so that what lies behind is asked and not only the refusal."""
    elder, assessment = key_of_first("/api/v1/elders", bearer), key_of_first("/api/v1/assessments", bearer)
    known = {"/elders/{key}": elder, "/assessments/{key}": assessment}
    lines = []
    for path in ask("/api/openapi.json", bearer)["paths"]:
        key = next((key for part, key in known.items() if path.startswith("/api/v1" + part)), None)
        if key:
            lines += ["[[operations]]", f'include-path = "{path}"', f'parameters = {{ key = "{key}" }}', ""]
    return "\n".join(lines)


def run(role, phases, config, bearer, seconds):
    """Whether nothing was found; None where the time was over first."""
    command = [
        here / ".venv/bin/schemathesis", "--config-file", config, "run", f"{base}/api/openapi.json",
        "--header", f"Authorization: Bearer {bearer}", "--checks", "not_a_server_error,unsupported_method",
        "--phases", phases, "--max-examples", EXAMPLES, "--seed", "1", "--workers", "1", "--warnings", "off",
        "--request-timeout", "20", "--no-color",
    ]
    try:
        done = subprocess.run(command, timeout=seconds, capture_output=True, text=True, cwd=data)
    except subprocess.TimeoutExpired:
        return None
    lines = [line for line in done.stdout.splitlines() if line.strip()]
    if done.returncode:
        print("\n".join(lines), done.stderr, sep="\n")
    else:
        counts = [line.strip() for line in lines if "generated" in line]
        print(f"schemathesis as {role}: {' '.join(counts)}", flush=True)
    return done.returncode == 0


end = time.monotonic() + SECONDS
failed = False
for number, role in enumerate(ROLES):
    bearer = token(role)
    left = end - time.monotonic()
    with tempfile.NamedTemporaryFile("w", suffix=".toml", dir=data) as config:
        # The first role goes through the whole description with keys of its own invention, the others to what is there.
        config.write(settings(bearer) if number else "")
        config.flush()
        found = run(role, "coverage,fuzzing", config.name, bearer, left) if 5 < left else None
    if found is None:
        print(f"stopped: {SECONDS} s were over before schemathesis was through as {role}; not asked as {ROLES[number + 1:]}")
        failed |= number == 0
        break
    failed |= not found
sys.exit(1 if failed else 0)
