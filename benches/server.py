"""A server of its own for a bench: in a folder that goes away with it, at ports nobody else has, started and killed as often as wanted."""

import http.client
import json
import os
import pathlib
import socket
import subprocess
import tempfile
import time


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


class Server:
    """`config` are lines of the configuration; with `mqtt` it is ready only when devices can connect."""

    def __init__(self, yiyang, database="", config="", mqtt=False):
        self.folder = tempfile.TemporaryDirectory()
        self.data = pathlib.Path(self.folder.name)
        self.yiyang = os.path.abspath(yiyang)
        self.database = ["--database-url", database] if database else []
        self.port, self.mqtt = free_port(), free_port() if mqtt else None
        self.token = None
        self.process = None
        listen = f'[mqtt]\nlisten = "127.0.0.1:{self.mqtt}"\n' if mqtt else '[mqtt]\nlisten = ""\n'
        (self.data / "yiyang.toml").write_text(f"require_second_factor = []\n{config}\n{listen}")

    def command(self, *words):
        return [self.yiyang, *words, "--data-dir", str(self.data), *self.database]

    def run(self, *words):
        environment = os.environ | {"RUST_LOG": "error"}
        return subprocess.run(self.command(*words), check=True, capture_output=True, text=True, env=environment).stdout

    def token_of(self, user):
        return json.loads(self.run("token", "create", "--user", user, "--format", "json"))["token"]

    def start(self):
        log = open(self.data / "server.log", "a")
        words = self.command("serve", "--config", str(self.data / "yiyang.toml"), "--listen", f"127.0.0.1:{self.port}")
        self.process = subprocess.Popen(words, stdout=log, stderr=log, env=os.environ | {"RUST_LOG": "error"})
        for _ in range(6000):
            try:
                if self.ask("GET", "/readyz")[0] == 200:
                    if self.mqtt:
                        socket.create_connection(("127.0.0.1", self.mqtt), 1).close()
                    return
            except OSError:
                assert self.process.poll() is None, self.log()
            time.sleep(0.01)
        raise AssertionError("the server never became ready")

    def log(self):
        return (self.data / "server.log").read_text()

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait()

    def ask(self, method, path, body=None, key=None, token=None):
        """Status and answer of one request; OSError where there was none."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        token = token or self.token
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        if body is not None:
            headers["Content-Type"] = "application/json"
        if key:
            headers["Idempotency-Key"] = key
        try:
            connection.request(method, path, json.dumps(body) if body is not None else None, headers)
            answer = connection.getresponse()
            text = answer.read()
            return answer.status, json.loads(text) if text[:1] in (b"{", b"[") else {}
        except http.client.HTTPException as e:
            raise OSError(e) from e
        finally:
            connection.close()

    def memory_mb(self):
        line = next(it for it in open(f"/proc/{self.process.pid}/status") if it.startswith("VmRSS"))
        return int(line.split()[1]) / 1024
