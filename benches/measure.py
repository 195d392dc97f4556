"""Processor time of one request each (server, and PostgreSQL's processes where they serve): M1, M2, M3, M11 of CAPACITY.md.

measure.py BASE LOGINS PID ENGINE
"""
import http.client, json, os, re, statistics, sys, time, urllib.parse

from people import number


numbers = [number(nth) for nth in range(20)]
base, logins_file, pid, engine = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
host = urllib.parse.urlparse(base).netloc
TICK = os.sysconf("SC_CLK_TCK")


def cpu_of(process):
    fields = open(f"/proc/{process}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def processes():
    yield pid
    if engine == "PostgreSQL":
        for entry in filter(str.isdigit, os.listdir("/proc")):
            try:
                if "postgres" in open(f"/proc/{entry}/comm").read():
                    yield int(entry)
            except OSError:
                pass


def cpu():
    total = 0.0
    for process in processes():
        try:
            total += cpu_of(process)
        except OSError:
            pass
    return total


def memory_mb(word):
    return int(re.search(rf"{word}:\s+(\d+)", open(f"/proc/{pid}/status").read())[1]) / 1024


connection = http.client.HTTPConnection(host)
cookie = ""


def get(path, expected=200):
    connection.request("GET", path, headers={"Cookie": cookie})
    answer = connection.getresponse()
    body = answer.read()
    assert answer.status == expected, (path, answer.status)
    return body.decode("utf-8", "replace")


login = next(it for it in json.load(open(logins_file)) if it["role"] == "official")
form = urllib.parse.urlencode({"user": login["user"], "password": login["password"], "next": "/"})
connection.request("POST", "/login", form, {"Content-Type": "application/x-www-form-urlencoded"})
answer = connection.getresponse()
answer.read()
assert answer.status == 303, answer.status
cookie = answer.getheader("set-cookie").split(";")[0]
print(f"{engine}: memory at rest {memory_mb('VmRSS'):.0f} MB")


def until_quiet():
    """A server that finds a registry it has not seen does last night's work first; requests are measured after it."""
    begun, spent = time.monotonic(), cpu()
    while True:
        before = cpu()
        time.sleep(2)
        if cpu() - before < 0.05:
            break
    print(f"{engine}: the work of the night {cpu() - spent:.0f} CPU-s, {time.monotonic() - begun:.0f} s")


until_quiet()

first = get("/elders")
keys = re.findall(r'href="(/elders/\d{6}-\d+)"', first)


def measure(word, paths, ask=get, seconds=4.0):
    for path in paths[:20]:
        ask(path)
    times, before, begun, n = [], cpu(), time.monotonic(), 0
    while time.monotonic() - begun < seconds:
        at = time.monotonic()
        ask(paths[n % len(paths)])
        times.append((time.monotonic() - at) * 1000)
        n += 1
    spent = (cpu() - before) * 1000 / n
    quantiles = statistics.quantiles(times, n=100)
    print(f"{engine}: {word:<44} {spent:7.3f} CPU-ms  p50 {quantiles[49]:6.2f}  p95 {quantiles[94]:6.2f}  p99 {quantiles[98]:6.2f} ms  n={n}")


measure("M1 a request that does nothing", ["/healthz"])
def by_number(it):
    """The way of a person at a desk: the number into the search, the one hit opened."""
    hit = re.search(r'href="(/elders/\d{6}-\d+)"', get(f"/search?q={it}"))
    assert hit, it
    return get(hit[1])


measure("M2 found by ID number, and the page shown", numbers, by_number)
measure("M2 one elder's page, audited", keys)
measure("M3 first page of a group with its exact total", ["/elders?group=disabled", "/elders?group=poor", "/elders?sex=female"])
measure("   first page of the whole register", ["/elders"])
measure("   names that contain a character", ["/elders?q=%E7%8E%8B"])
measure("   the workbench", ["/"])
print(f"{engine}: peak memory {memory_mb('VmHWM'):.0f} MB")
