"""Kills the taker of messages with SIGKILL while devices send, again and again, and shows that nothing acknowledged was lost.

mqtt_kill.py EXAMPLES KILLS

EXAMPLES is the folder with `sink` and `load` of crates/mqtt (target/debug/examples). Two hundred devices send as fast as they are
acknowledged, connect again after each kill and send again what was not acknowledged. At the end every acknowledged message must be in
the file, and nothing may have come that nobody sent. A message may be there twice: MQTT promises that it comes at least once.
"""

import collections
import json
import pathlib
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time

examples, kills = pathlib.Path(sys.argv[1]), int(sys.argv[2])
DEVICES = 200
chance = random.Random(7)
with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    port = free.getsockname()[1]


def start(kept):
    server = subprocess.Popen([examples / "sink", f"127.0.0.1:{port}", kept])
    for _ in range(1000):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return server
        except OSError:
            assert server.poll() is None, "the taker does not start"
            time.sleep(0.01)
    raise AssertionError("the taker does not listen")


with tempfile.TemporaryDirectory() as folder:
    kept, ledger = pathlib.Path(folder, "kept"), pathlib.Path(folder, "ledger")
    pauses = [chance.uniform(0.05, 1.0) for _ in range(kills)]
    server = start(kept)
    seconds = str(int(sum(pauses) + kills * 0.3) + 2)
    command = [examples / "load", "--to", f"127.0.0.1:{port}", "--connections", str(DEVICES), "--rate", "5000",
               "--seconds", seconds, "--ledger", ledger]
    load = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    time.sleep(0.5)
    for pause in pauses:
        time.sleep(pause)
        server.send_signal(signal.SIGKILL)
        server.wait()
        server = start(kept)
    told = load.communicate(timeout=120)[0]
    assert load.returncode == 0, told
    server.kill()
    server.wait()
    lines = kept.read_bytes().split(b"\n")
    # A line that was being written when the taker was killed was not acknowledged.
    came, torn = collections.Counter(), 0
    for line in filter(None, lines):
        try:
            came[json.loads(line)["id"]] += 1
        except ValueError:
            torn += 1
    acknowledged = ledger.read_text().split()
    assert len(acknowledged) == len(set(acknowledged)), "a message was acknowledged twice"
    lost = [it for it in acknowledged if it not in came]
    twice = sum(1 for count in came.values() if 1 < count)
    print(told.strip())
    print(f"killed {kills} times: {len(acknowledged)} acknowledged, {len(lost)} lost, {len(came)} kept, {twice} of them more than once, {torn} torn lines")
    sys.exit(1 if lost or not acknowledged else 0)
