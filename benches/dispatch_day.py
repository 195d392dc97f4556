"""A dispatcher's day at size: begins a plan, solves it, opens its page, and asks for times for one more visit.

dispatch_day.py YIYANG [--visits 300] [--staff 40] [--seconds 30] [--keep-serving]

A synthetic county is made; homes are given places around its health centre, staff their posts, visits are wanted for tomorrow by the API. Printed is how long the
plan takes to begin, its page with and without a solution, to publish it, and then the five best times for one more visit; p50 and the longest of twenty.
"""

import argparse
import http.client
import json
import random
import sqlite3
import statistics
import time
import urllib.parse

from server import Server

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("yiyang")
parser.add_argument("--visits", type=int, default=300)
parser.add_argument("--staff", type=int, default=40)
parser.add_argument("--seconds", type=int, default=30)
parser.add_argument("--keep-serving", action="store_true", help="until a key is pressed, to look at it")
asked = parser.parse_args()
chance = random.Random(6)
server = Server(asked.yiyang, config="demo = true")
server.run("demo", "--elders", str(max(4000, asked.visits * 5)), "--generate-only")
with sqlite3.connect(server.data / "yiyang.db") as db:
    region, organisation, street = db.execute(
        "select s.region, s.organisation, s.street from staff s join account a on a.id = s.account where a.login = 'clinician'").fetchone()
    latitude, longitude = db.execute("select latitude, longitude from institution where region = ? and id = ?", (region, organisation)).fetchone()
    people = [it for it, in db.execute(
        "select id from elder where region = ? and state = 'living' and living <> 'institution' order by street <> ?, id desc limit ?", (region, street, asked.visits))]
    db.executemany("insert or replace into visit_home (region, elder, latitude, longitude, source, who, at, printing) values (?, ?, ?, ?, 'map', '', null, 0)",
                   [(region, it, latitude + chance.randint(-90_000, 90_000), longitude + chance.randint(-90_000, 90_000)) for it in people])
operator, official = server.token_of("operator"), server.token_of("official")
server.start()


def ask(method, path, body=None, token=operator):
    status, answer = server.ask(method, path, body, token=token)
    assert status == 200, f"{method} {path}: {status} {answer}"
    return answer


for number in range(asked.staff):
    ask("POST", "/api/v1/workforce", {"name": "护" + chr(0x4E00 + number), "kind": "nurse", "title": "middle", "organisation": str(organisation), "post": "employed",
                                      "from": "2015-01-01"}, official)
tomorrow = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 32 * 3600))
refused = 0
for number, it in enumerate(people):
    wish = {"elder": f"{region}-{it}", "service": chance.choice(["follow_up", "home_visit", "guidance", "medication"]), "day": tomorrow, "minutes": chance.choice([20, 30, 40]),
            "people": 2 if number % 12 == 0 else 1}
    if number % 3 == 0:
        begins = chance.randint(8, 15)
        wish |= {"from": f"{begins:02}:00", "until": f"{begins + 2:02}:00"}
    refused += server.ask("POST", "/api/v1/visits", wish, token=operator)[0] != 200


def timed(deed):
    begun = time.monotonic()
    answer = deed()
    return (time.monotonic() - begun) * 1000, answer


def cookie():
    login = next(it for it in json.loads((server.data / "logins.json").read_text()) if it["role"] == "operator")
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    connection.request("POST", "/login", urllib.parse.urlencode({"user": login["user"], "password": login["password"], "next": "/"}),
                       {"Content-Type": "application/x-www-form-urlencoded"})
    return connection.getresponse().getheader("set-cookie").split(";")[0]


signed_in = cookie()


def page(path):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    connection.request("GET", path, headers={"Cookie": signed_in})
    answer = connection.getresponse()
    text = answer.read()
    assert answer.status == 200, (path, answer.status)
    return len(text)


took, plan = timed(lambda: ask("POST", "/api/v1/dispatch", {"organisation": f"all-{region}", "day": tomorrow, "days": "1", "flexible": 0})["plan"])
shown = ask("GET", f"/api/v1/dispatch/{plan}")
print(f"a plan of {len(shown['left']) + shown['figures']['visits']} visits ({refused} refused) and {len(shown['tours'])} tours begins in {took:.0f} ms")
took, size = timed(lambda: page(f"/dispatch/{plan}"))
print(f"its page, nobody sent: {took:.0f} ms, {size / 1000:.0f} kB")
ask("POST", f"/api/v1/dispatch/{plan}/solve", {"seconds": asked.seconds})
begun = time.monotonic()
while True:
    time.sleep(1)
    after = ask("GET", f"/api/v1/dispatch/{plan}")
    if after["progress"]["state"] not in ("waiting", "running"):
        break
print(f"{after['progress']['state']} in {time.monotonic() - begun:.0f} s: {after['figures']['visits']} of them done, {len(after['left'])} left out, {len(after['faults'])} faults")
sizes = [timed(lambda: page(f"/dispatch/{plan}")) for _ in range(20)]
print(f"its page, solved: p50 {statistics.median(it[0] for it in sizes):.0f}, longest {max(it[0] for it in sizes):.0f} ms, {sizes[0][1] / 1000:.0f} kB")
took, _ = timed(lambda: ask("POST", f"/api/v1/dispatch/{plan}/publish", {}))
print(f"published in {took:.0f} ms")
slots = []
for it in chance.sample(people, 20):
    query = urllib.parse.urlencode({"elder": f"{region}-{it}", "organisation": organisation, "service": "follow_up", "day": tomorrow, "days": 5, "minutes": 30, "people": 1})
    slots.append(timed(lambda: ask("GET", f"/api/v1/dispatch/slots?{query}")))
print(f"five best times over five days: p50 {statistics.median(it[0] for it in slots):.0f}, longest {max(it[0] for it in slots):.0f} ms")
if asked.keep_serving:
    input(f"http://127.0.0.1:{server.port}/dispatch/{plan}, logins in {server.data / 'logins.json'}; press Enter to end ")
server.stop()
