"""What devices send to a whole server: how much it takes (M7), and that nothing it acknowledged is lost when it is killed.

readings.py load YIYANG LOAD [--connections N] [--rate R] [--seconds S] [--elders N] [--pages R] [--database postgres://…/an_empty_database]
readings.py kill YIYANG LOAD KILLS [--database …]

LOAD is the load tool of crates/mqtt (target/release/examples/load). A synthetic county is made, devices are registered by the API, and
each connects with its own name and secret. `load` prints acknowledgements a second, the server's processor time a message, its memory
every few minutes, how long an alarm takes from the button to the list of cases, and with `--pages` how long so many pages a second take
beside it. `kill` stops the server with SIGKILL while 40 devices send; then every acknowledged reading must be there once, and every
emergency call must have a case. The 39,000 homes of Chongqing: --connections 39000 --elders 40000 --rate 1300 --seconds 1800 --pages 5,
with `ulimit -n` of 100000 and `sysctl net.ipv4.ip_local_port_range="1024 65535"`.
"""

import argparse
import concurrent.futures
import http.client
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import threading
import time
import urllib.parse

from server import Server

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("what", choices=["load", "kill"])
parser.add_argument("yiyang")
parser.add_argument("load")
parser.add_argument("kills", nargs="?", type=int, default=0)
parser.add_argument("--connections", type=int, default=1000)
parser.add_argument("--rate", type=float)
parser.add_argument("--seconds", type=int, default=30)
parser.add_argument("--elders", type=int, default=400, help="people of the county")
parser.add_argument("--pages", type=float, default=0, help="pages a second that somebody opens beside it")
parser.add_argument("--database", default="")
asked = parser.parse_args()
load = os.path.abspath(asked.load)
chance = random.Random(3)
hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
server = Server(asked.yiyang, asked.database, "demo = true", mqtt=True)
with open(server.data / "yiyang.toml", "a") as more:
    more.write("messages_per_second = 100000\nconnections_per_address = 100000\n")


def ask(method, path, body=None, token=None):
    status, answer = server.ask(method, path, body, token=token)
    assert status == 200, f"{method} {path}: {status} {answer}"
    return answer


def every(path, token, most):
    """The first so many of a list, page by page."""
    found, after = [], ""
    while len(found) < most:
        page = ask("GET", f"{path}?limit=500" + (f"&after={urllib.parse.quote(after)}" if after else ""), token=token)
        found += page["items"]
        after = page.get("next")
        if not after:
            break
    return found[:most]


if asked.database:
    server.run("generate", "--profile", "panjin", "--scale", str(asked.elders / 240_000))
else:
    server.run("demo", "--elders", str(asked.elders), "--generate-only")
token, clinical = server.token_of("operator"), server.token_of("lead")
server.start()
people = [f"{it['region']}-{it['id']}" for it in every("/api/v1/elders", clinical, max(100, asked.connections))]
region = people[0].split("-")[0]
people = [it for it in people if it.startswith(f"{region}-")]
organisation = next(it["id"] for it in ask("GET", "/api/v1/institutions?limit=100", token=token)["items"] if str(it["region"]) == region)


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
    subprocess.run(["mosquitto_pub", "-h", "127.0.0.1", "-p", str(server.mqtt), "-u", user, "-P", secret, "-q", "1",
                    "-t", f"yiyang/{serial}/readings", "-m", message], check=True, capture_output=True, timeout=30)
    return time.monotonic() - begun


def logins(made):
    file = server.data / "logins.csv"
    file.write_text("".join(f"c{n},{user},{secret}\n" for n, (user, secret, _) in enumerate(made)))
    return str(file)


def pages(took, over):
    """Opens pages as a leading nurse does, so many a second, until it is over; how long each took, by its kind."""
    login = next(it for it in json.loads((server.data / "logins.json").read_text()) if it["role"] == "lead")
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    form = urllib.parse.urlencode({"user": login["user"], "password": login["password"], "next": "/"})
    connection.request("POST", "/login", form, {"Content-Type": "application/x-www-form-urlencoded"})
    answer = connection.getresponse()
    answer.read()
    cookie = answer.getheader("set-cookie").split(";")[0]
    kinds = {"workbench": lambda _: "/", "elders": lambda _: "/elders", "elder": lambda it: f"/elders/{it}", "values": lambda it: f"/devices/people/{it}",
             "devices": lambda _: "/devices", "operators": lambda _: "/monitoring", "cases": lambda _: "/monitoring/history"}
    while not over.is_set():
        for kind, path in kinds.items():
            begun = time.monotonic()
            connection.request("GET", path(chance.choice(people)), headers={"Cookie": cookie})
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 200, (kind, answer.status)
            took.setdefault(kind, []).append(time.monotonic() - begun)
            over.wait(max(0, 1 / asked.pages - (time.monotonic() - begun)))


def remember(memory, over):
    while not over.wait(max(1, asked.seconds / 15)):
        memory.append(server.memory_mb())


def of(times):
    times = sorted(times)
    at = lambda share: times[min(len(times) - 1, int(share * len(times)))] * 1000
    return f"p50 {at(0.5):.0f}, p99 {at(0.99):.0f}, max {times[-1] * 1000:.0f} ms"


def size_mb():
    """Of the database's files; nothing where it is a server's."""
    return sum(it.stat().st_size for it in server.data.glob("yiyang.db*")) / 1e6


def measure():
    before = size_mb()
    made, buttons = devices(asked.connections, "wearable"), devices(max(10, asked.seconds // 30), "sos")
    options = [load, "--to", f"127.0.0.1:{server.mqtt}", "--connections", str(asked.connections), "--logins", logins(made), "--topic", "yiyang/readings",
               "--payload", '{"time":{ms},"values":{"heart_rate":{60..99},"steps":{n}}}', "--at", str(int(time.time() * 1000)),
               "--seconds", str(asked.seconds), "--window", "20", "--pid", str(server.process.pid)]
    options += ["--rate", str(asked.rate)] if asked.rate else []
    took, opened, memory, over = [], {}, [server.memory_mb()], threading.Event()

    def alarms():
        over.wait(asked.seconds / 8)
        for it in buttons:
            took.append(press(*it))
            over.wait(asked.seconds * 0.8 / len(buttons))

    beside = [threading.Thread(target=alarms), threading.Thread(target=remember, args=(memory, over))]
    beside += [threading.Thread(target=pages, args=(opened, over))] if asked.pages else []
    for it in beside:
        it.start()
    print(subprocess.run(options, check=True, capture_output=True, text=True).stdout.strip())
    over.set()
    for it in beside:
        it.join()
    cases = ask("GET", "/api/v1/monitoring?kind=sos&state=raised&limit=200", token=token)["items"]
    print(f"emergency calls beside it, with the start of a client each: {of(took)}; {len(cases)} cases are open")
    for kind, times in opened.items():
        print(f"{len(times)} times {kind}: {of(times)}")
    print(f"memory in MB: {' '.join(f'{it:.0f}' for it in memory)}; the files of the database grew by {size_mb() - before:.0f} MB")
    shutil.copy(server.data / "server.log", "/tmp/readings-server.log")


def cases():
    """Cases of emergency calls: all, and those that are open."""
    every = ask("GET", "/api/v1/monitoring?kind=sos&limit=500", token=token)["items"]
    return len(every), sum(1 for it in every if it["state"] != "closed")


def kill():
    made, buttons = devices(40, "wearable"), devices(20, "sos")
    before = cases()
    ledger = server.data / "ledger"
    pauses = [chance.uniform(0.2, 1.2) for _ in range(asked.kills)]
    seconds = int(sum(pauses) + asked.kills * 4) + 3
    options = [load, "--to", f"127.0.0.1:{server.mqtt}", "--connections", "40", "--logins", logins(made), "--topic", "yiyang/readings",
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
        server.kill()
        server.start()
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
    sys.exit(1 if lost or twice or without or not count or not pressed else 0)


try:
    measure() if asked.what == "load" else kill()
finally:
    server.stop()
