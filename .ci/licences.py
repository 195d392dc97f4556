"""Holds what deny.toml says of licences and sources, without cargo-deny: every dependency of every feature is looked at."""

import json
import re
import subprocess
import sys
import tomllib

ALLOWED = set(tomllib.load(open("deny.toml", "rb"))["licenses"]["allow"])


def fits(expression):
    """Whether an SPDX expression can be fulfilled with allowed licences alone."""
    tokens = re.findall(r"[()]|[A-Za-z0-9.+-]+(?: WITH [A-Za-z0-9.-]+)?", expression.replace("/", " OR "))
    words = {"(": "(", ")": ")", "OR": "or", "AND": "and"}
    return eval(" ".join(words.get(it, str(it in ALLOWED)) for it in tokens))


command = [sys.argv[1] if 1 < len(sys.argv) else "cargo", "metadata", "--format-version", "1", "--locked", "--all-features"]
packages = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)["packages"]
wrong = [f"{it['name']} {it['version']}: licence {it['license']}" for it in packages if not it["license"] or not fits(it["license"])]
wrong += [f"{it['name']} {it['version']}: from {it['source']}" for it in packages
          if it["source"] and it["source"] != "registry+https://github.com/rust-lang/crates.io-index"]
print("\n".join(wrong) or f"{len(packages)} packages: licences and sources are those of deny.toml")
sys.exit(1 if wrong else 0)
