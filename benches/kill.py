"""Kills the server with SIGKILL while it writes, again and again, and shows that nothing acknowledged was lost.

kill.py YIYANG KILLS [postgres://…/an_empty_database]

Eight programs enter elders, each with an Idempotency-Key of its own. What was answered with 200 must be there after the
next start, with the same answer under the same key; what got no answer is sent again under its key and must not be there
twice. At the end `audit verify` recomputes every chain and compares it with its heads of before every kill.
"""

import collections
import json
import random
import sys
import threading
import time

from server import Server

kills = int(sys.argv[2])
server = Server(sys.argv[1], sys.argv[3] if 3 < len(sys.argv) else "")
WRITERS, PLACE = 8, "211122001001"
chance = random.Random(1)

# Keys: with the answer they got; without any answer yet; done, as the server says, but their answer died with it.
acknowledged, unanswered, answer_lost = {}, {}, {}
lock = threading.Lock()
refused = collections.Counter()


def elder(key):
    born = f"{1930 + int(key, 36) % 35}-{1 + int(key, 36) % 12:02}-{1 + int(key, 36) % 28:02}"
    return {"name": "甲" + "".join(chr(0x4E00 + ord(it)) for it in key), "id_kind": "none", "sex": "female", "birth": born,
            "place": PLACE, "living": "spouse", "insurance": "resident"}


def enter(key):
    """Sends one elder; notes the answer, or that there was none."""
    try:
        status, answer = server.ask("POST", "/api/v1/elders", elder(key), key)
    except (OSError, ValueError):
        with lock:
            unanswered[key] = True
        return False
    with lock:
        unanswered.pop(key, None)
        if status == 200:
            earlier = acknowledged.setdefault(key, answer["id"])
            assert earlier == answer["id"], f"{key}: {earlier} became {answer['id']}"
            return True
        refused[answer.get("code")] += 1
        (answer_lost if answer.get("code") == "answer_lost" else unanswered)[key] = True
    return True


def write(number, round_number):
    n = 0
    while enter(f"{round_number:x}g{number}g{n:x}"):
        n += 1


def missing():
    """Acknowledged elders that are not there, and names that are there twice."""
    names, after = collections.Counter(), None
    there = set()
    while True:
        path = "/api/v1/elders?limit=500" + (f"&after={after}" if after else "")
        status, page = server.ask("GET", path)
        assert status == 200, page
        for it in page["items"]:
            there.add(f"{it['region']}-{it['id']}")
            names[it["shown_name"]] += 1
        after = page.get("next")
        if not after:
            break
    lost = [it for it in acknowledged.values() if it not in there] + [it for it in answer_lost if not names[elder(it)["name"]]]
    return lost, [it for it, n in names.items() if 1 < n]


def check(what):
    lost, twice = missing()
    assert not lost and not twice, f"{what}: lost {lost[:5]}, twice {twice[:5]}"
    against = ["--against", str(heads)] if heads.exists() else []
    verdict = json.loads(server.run("audit", "verify", "--format", "json", *against))
    assert not verdict["broken"], verdict
    heads.write_text(server.run("audit", "heads"))
    print(f"{what}: {len(acknowledged)} acknowledged and {len(answer_lost)} done without their answer, each there once; "
          f"{verdict['entries']} entries of the trail hold; {len(unanswered)} to be sent again", flush=True)


server.start()
server.stop()
server.run("user", "add", "writer", "--role", "clinician", "--name", "录入员", "--place", PLACE[:9])
server.token = server.token_of("writer")

heads = server.data / "heads"
begun = time.monotonic()
server.start()
for number in range(kills):
    writers = [threading.Thread(target=write, args=(it, number)) for it in range(WRITERS)]
    for it in writers:
        it.start()
    time.sleep(chance.uniform(0.02, 0.3))
    server.kill()
    for it in writers:
        it.join()
    server.start()
    for key in list(unanswered):
        enter(key)
    if number % 10 == 9:
        check(f"{number + 1} kills")
# After half a minute a request that wrote nothing is taken for dead, and its key may do it.
time.sleep(31 if unanswered else 0)
for key in list(unanswered):
    enter(key)
assert not unanswered, f"never answered: {list(unanswered)[:5]} {dict(refused)}"
check(f"{kills} kills, and all sent again")
server.stop()
seconds = time.monotonic() - begun
print(f"{kills} kills in {seconds:.0f} s, no acknowledged write lost, none done twice")
