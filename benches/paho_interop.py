"""Runs the interoperability suite of Paho against Mosquitto and against the ear, and prints a table of both.

paho_interop.py SUITE SINK

SUITE is a checkout of https://github.com/eclipse/paho.mqtt.testing, SINK the example of crates/mqtt (target/debug/examples/sink). Each
test of interoperability/client_test.py (MQTT 3.1.1) and client_test5.py (MQTT 5) runs alone, in a process of its own and for a minute
at most. The ear is no broker: the example says to all who asked for it what one of them said, at most once, which is all it can do.
"""

import importlib
import pathlib
import socket
import subprocess
import sys
import tempfile
import time
import unittest

TOPICS = ("TopicA", "TopicA/B", "Topic/C", "TopicA/C", "/TopicA")
WILD = ("TopicA/+", "+/C", "#", "/#", "/+", "+/+", "TopicA/#")


def names(suite):
    """Each test of the suite: (module, test)."""
    for module in ("client_test", "client_test5"):
        text = pathlib.Path(suite, "interoperability", f"{module}.py").read_text().splitlines()
        for line in text:
            words = line.strip().split("(")[0].split()
            if len(words) == 2 and words[0] == "def" and (words[1].endswith("_test") or words[1].startswith("test_")):
                yield module, words[1]


def run_one(suite, port, module, test):
    """One test in this process: leaves with 0 if it holds."""
    sys.path.insert(0, str(pathlib.Path(suite, "interoperability")))
    it = importlib.import_module(module)
    it.host, it.port, it.topics, it.wildtopics, it.topic_prefix = "127.0.0.1", port, TOPICS, WILD, ""
    it.nosubscribe_topics = ("nosubscribe",) if module == "client_test" else ("test/nosubscribe",)
    it.callback, it.callback2 = it.Callbacks(), it.Callbacks()
    made = (it.mqtt_client if hasattr(it, "mqtt_client") else it.mqtt.client).Client
    it.aclient, it.bclient = made(b"myclientid"), made(b"myclientid2")
    it.aclient.registerCallback(it.callback)
    it.bclient.registerCallback(it.callback2)
    if module == "client_test":
        sys.exit(0 if getattr(it, test)() else 1)
    result = unittest.TextTestRunner(verbosity=0).run(unittest.defaultTestLoader.loadTestsFromName(f"Test.{test}", it))
    sys.exit(0 if result.wasSuccessful() else 1)


def listening(command, port):
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(500):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return server
        except OSError:
            assert server.poll() is None, f"{command[0]} does not start"
            time.sleep(0.02)
    raise AssertionError(f"{command[0]} does not listen")


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def held(suite, port, module, test):
    command = [sys.executable, __file__, suite, "--one", str(port), module, test]
    try:
        return subprocess.run(command, capture_output=True, timeout=60).returncode == 0
    except subprocess.TimeoutExpired:
        return False


def main(suite, sink):
    with tempfile.TemporaryDirectory() as folder:
        ports = [free_port(), free_port()]
        acl = pathlib.Path(folder, "acl")
        acl.write_text("topic readwrite #\ntopic readwrite $TopicA/B\ntopic deny nosubscribe\ntopic deny test/nosubscribe\n")
        conf = pathlib.Path(folder, "conf")
        conf.write_text(f"listener {ports[0]} 127.0.0.1\nallow_anonymous true\nacl_file {acl}\nmax_keepalive 60\nuser root\n")
        mosquitto = "/usr/sbin/mosquitto" if pathlib.Path("/usr/sbin/mosquitto").exists() else "mosquitto"
        servers = [listening([mosquitto, "-c", str(conf)], ports[0]),
                   listening([sink, f"127.0.0.1:{ports[1]}", str(pathlib.Path(folder, "kept")), "--open"], ports[1])]
        try:
            print("| test | Mosquitto | ear |\n| --- | --- | --- |")
            for module, test in names(suite):
                version = "3.1.1" if module == "client_test" else "5"
                said = ["holds" if held(suite, port, module, test) else "-" for port in ports]
                print(f"| {version} {test.removeprefix('test_').removesuffix('_test').replace('_', ' ')} | {said[0]} | {said[1]} |", flush=True)
        finally:
            for server in servers:
                server.kill()
                server.wait()


if sys.argv[2:3] == ["--one"]:
    run_one(sys.argv[1], int(sys.argv[3]), sys.argv[4], sys.argv[5])
else:
    main(sys.argv[1], sys.argv[2])
