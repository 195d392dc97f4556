"""What devices send to a whole server: how much it takes (M7), and that nothing it acknowledged is lost when it is killed.

readings.py load YIYANG LOAD [--connections N] [--rate R] [--seconds S] [--database postgres://…/an_empty_database]
readings.py kill YIYANG LOAD KILLS [--database …]

LOAD is the load tool of crates/mqtt (target/release/examples/load). A synthetic county is made, devices are registered by the API, and
each connects with its own name and secret. `load` prints acknowledgements a second, the server's processor time a message and its
memory, and beside it how long an alarm takes from the button to the list of cases. `kill` stops the server with SIGKILL while 40
devices send; then every acknowledged reading must be there once, and every emergency call must have a case.
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("what", choices=["load", "kill"])
parser.add_argument("yiyang")
parser.add_argument("load")
parser.add_argument("kills", nargs="?", type=int, default=0)
parser.add_argument("--connections", type=int, default=1000)
parser.add_argument("--rate", type=float)
parser.add_argument("--seconds", type=int, default=30)
parser.add_argument("--database", default="")
asked = parser.parse_args()
yiyang, load = os.path.abspath(asked.yiyang), os.path.abspath(asked.load)
chance = random.Random(3)
folder = tempfile.TemporaryDirectory()
data = pathlib.Path(folder.name)
database = ["--database-url", asked.database] if asked.database else []
environment = os.environ | {"RUST_LOG": "error"}


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


http, mqtt = free_port(), free_port()


def command(*words):
    return [yiyang, *words, "--data-dir", str(data), *database]


def run(*words):
    return subprocess.run(command(*words), check=True, capture_output=True, text=True, env=environment).stdout


def start():
    log = open(data / "server.log", "a")
    config = ["--config", str(data / "yiyang.toml"), "--listen", f"127.0.0.1:{http}"]
    server = subprocess.Popen(command("serve", *config), stdout=log, stderr=log, env=environment)
    for _ in range(6000):
        try:
            if ask("GET", "/readyz") is not None:
                socket.create_connection(("127.0.0.1", mqtt), 1).close()
                return server
        except OSError:
            assert server.poll() is None, (data / "server.log").read_text()
        time.sleep(0.01)
    raise AssertionError("the server never became ready")


def ask(method, path, body=None, token=None):
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    request = urllib.request.Request(f"http://127.0.0.1:{http}{path}", json.dumps(body).encode() if body else None, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            text = answer.read()
            return json.loads(text) if text.startswith(b"{") else {}
    except urllib.error.HTTPError as e:
        raise AssertionError(f"{method} {path}: {e.read().decode()}") from e


(data / "yiyang.toml").write_text(f'demo = true\nrequire_second_factor = []\n[mqtt]\nlisten = "127.0.0.1:{mqtt}"\nmessages_per_second = 100000\n')
run("demo", "--elders", "400", "--generate-only")
token = json.loads(run("token", "create", "--user", "operator", "--format", "json"))["token"]
clinical = json.loads(run("token", "create", "--user", "lead", "--format", "json"))["token"]
server = start()
known = ask("GET", "/api/v1/devices?limit=1", token=token)["items"][0]
region = str(known["region"])
organisation = next(it["id"] for it in ask("GET", "/api/v1/institutions?limit=100", token=token)["items"] if str(it["region"]) == region)
people = [f"{it['region']}-{it['id']}" for it in ask("GET", "/api/v1/elders?limit=100", token=clinical)["items"]]


def device(number, kind, elder=None):
    serial = f"LOAD{kind}{number:06}".upper()
    body = {"organisation": str(organisation), "kind": kind, "maker": "量具", "model": f"load {kind}", "serial": serial, "owner": "government"}
    made = ask("POST", "/api/v1/devices", body, token)
    if elder:
        ask("POST", f"/api/v1/devices/{made['device']}/hand-out", {"elder": elder, "spot": "床头", "by": "量具"}, token)
    return made["user"], made["secret"], serial


def devices(count, kind):
    with concurrent.futures.ThreadPoolExecutor(8) as all:
        return list(all.map(lambda n: device(n, kind, people[n % len(people)]), range(count)))


def press(user, secret, serial):
    """One emergency call by a client of its own; how long until it is acknowledged, and until the case is in the list."""
    begun = time.monotonic()
    message = json.dumps({"device": serial, "time": int(time.time() * 1000), "alarm": "sos"})
    subprocess.run(["mosquitto_pub", "-h", "127.0.0.1", "-p", str(mqtt), "-u", user, "-P", secret, "-q", "1",
                    "-t", f"yiyang/{serial}/readings", "-m", message], check=True, capture_output=True, timeout=30)
    return time.monotonic() - begun


def logins(made):
    file = data / "logins.csv"
    file.write_text("".join(f"c{n},{user},{secret}\n" for n, (user, secret, _) in enumerate(made)))
    return str(file)


def measure():
    made, buttons = devices(asked.connections, "wearable"), devices(10, "sos")
    options = [load, "--to", f"127.0.0.1:{mqtt}", "--connections", str(asked.connections), "--logins", logins(made), "--topic", "yiyang/readings",
               "--payload", '{"time":{ms},"values":{"heart_rate":{60..99},"steps":{n}}}', "--at", str(int(time.time() * 1000)),
               "--seconds", str(asked.seconds), "--window", "20", "--pid", str(server.pid)]
    options += ["--rate", str(asked.rate)] if asked.rate else []
    took = []

    def alarms():
        time.sleep(asked.seconds / 4)
        for it in buttons:
            took.append(press(*it))
            time.sleep(asked.seconds / 25)

    beside = threading.Thread(target=alarms)
    beside.start()
    print(subprocess.run(options, check=True, capture_output=True, text=True).stdout.strip())
    beside.join()
    cases = ask("GET", "/api/v1/monitoring?kind=sos&state=raised&limit=200", token=token)["items"]
    print(f"emergency calls beside it, with the start of a client each: p50 {statistics.median(took) * 1000:.0f} ms, max {max(took) * 1000:.0f} ms; "
          f"{len(cases)} cases are open")
    shutil.copy(data / "server.log", "/tmp/readings-server.log")


def cases():
    """Cases of emergency calls: all, and those that are open."""
    every = ask("GET", "/api/v1/monitoring?kind=sos&limit=500", token=token)["items"]
    return len(every), sum(1 for it in every if it["state"] != "closed")


def kill():
    global server
    made, buttons = devices(40, "wearable"), devices(20, "sos")
    before = cases()
    ledger = data / "ledger"
    pauses = [chance.uniform(0.2, 1.2) for _ in range(asked.kills)]
    seconds = int(sum(pauses) + asked.kills * 4) + 3
    options = [load, "--to", f"127.0.0.1:{mqtt}", "--connections", "40", "--logins", logins(made), "--topic", "yiyang/readings",
               "--payload", '{"time":{ms},"values":{"steps":{n}}}', "--at", str(int(time.time() * 1000)), "--rate", "400",
               "--seconds", str(seconds), "--ledger", str(ledger)]
    sending = subprocess.Popen(options, stdout=subprocess.PIPE, text=True)
    pressed = []

    def presses():
        for it in buttons:
            try:
                press(*it)
                pressed.append(it[2])
            except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
                pass
            time.sleep(seconds / 25)

    beside = threading.Thread(target=presses)
    beside.start()
    for pause in pauses:
        time.sleep(pause)
        server.send_signal(signal.SIGKILL)
        server.wait()
        server = start()
    told = sending.communicate(timeout=300)[0]
    beside.join()
    assert sending.returncode == 0, told
    print(told.strip())
    acknowledged = {}
    for line in ledger.read_text().split():
        number, message = line.split("-")
        acknowledged.setdefault(int(number), []).append(int(message))
    first = min(acknowledged)
    lost, twice, kept = [], 0, 0
    for number, messages in acknowledged.items():
        elder = people[(number - first) % len(people)]
        points = ask("GET", f"/api/v1/readings/{elder}", token=clinical)["measures"].get("steps", {"points": []})["points"]
        values = [int(it["value"]) for it in points]
        kept += len(values)
        twice += len(values) - len(set((it["at"], it["value"]) for it in points))
        there = set(values)
        lost += [(number, it) for it in messages if it not in there]
    total = cases()[0]
    # A call of somebody whose case was open already is counted in that one.
    without = max(0, before[0] + len(pressed) - before[1] - total)
    count = sum(map(len, acknowledged.values()))
    print(f"killed {asked.kills} times: {count} acknowledged, {len(lost)} lost, {kept} kept, {twice} twice; {len(pressed)} emergency calls "
          f"acknowledged, {total - before[0]} new cases, {without} calls without one")
    server.terminate()
    server.wait()
    sys.exit(1 if lost or twice or without or not count or not pressed else 0)


try:
    measure() if asked.what == "load" else kill()
finally:
    if server.poll() is None:
        server.terminate()
        server.wait()
