"""Times and memory of a load, then of every indicator of the loaded city: `load NAME COMMAND…`, `ask NAME URL LOGINS PID DAY`."""
import http.client, json, os, re, resource, statistics, subprocess, sys, tempfile, time, urllib.parse

TICK = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


def postgres():
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            if "postgres" in open(f"/proc/{entry}/comm").read():
                yield int(entry)
        except OSError:
            pass


def cpu(processes):
    """Seconds of processor time, by process, of those that are still there."""
    spent = {}
    for process in processes:
        try:
            fields = open(f"/proc/{process}/stat").read().rsplit(")", 1)[1].split()
            spent[process] = (int(fields[11]) + int(fields[12])) / TICK
        except OSError:
            pass
    return spent


def own_memory(process):
    """What a process has for itself, in bytes, without what it shares."""
    try:
        fields = open(f"/proc/{process}/statm").read().split()
        return (int(fields[1]) - int(fields[2])) * PAGE
    except OSError:
        return 0


def load(name, command):
    with_server = name == "PostgreSQL"
    before, seen, peak = cpu(postgres()) if with_server else {}, {}, 0
    begun = time.monotonic()
    errors = tempfile.TemporaryFile("w+")
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True)
    while running.poll() is None:
        time.sleep(1)
        if with_server:
            seen.update(cpu(postgres()))
            peak = max(peak, sum(map(own_memory, postgres())))
    said = running.stdout.read().strip()
    errors.seek(0)
    assert running.returncode == 0, errors.read()[-500:]
    wall, used = time.monotonic() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    server = sum(spent - before.get(process, 0) for process, spent in seen.items())
    print(f"{name}: {said}")
    print(
        f"{name}: loaded in {wall / 60:.1f} min, {used.ru_utime + used.ru_stime:.0f} CPU-s"
        + (f" and {server:.0f} of the server" if with_server else "")
        + f", peak memory {used.ru_maxrss / 1024:.0f} MB"
        + (f" and {peak / 1e6:.0f} of the server's processes" if with_server else ""),
        flush=True,
    )


def ask(name, base, logins, pid, day):
    connection = http.client.HTTPConnection(urllib.parse.urlparse(base).netloc)
    cookie = ""
    processes = lambda: [pid, *(postgres() if name == "PostgreSQL" else [])]

    def request(method, path, body=None):
        headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
        return answer, text

    def get(path):
        answer, text = request("GET", path)
        assert answer.status == 200, (path, answer.status, text[:300])
        return text

    def sign_in(role):
        login = next(it for it in json.load(open(logins)) if it["role"] == role)
        answer, _ = request("POST", "/login", urllib.parse.urlencode({"user": login["user"], "password": login["password"], "next": "/"}))
        assert answer.status == 303, answer.status
        return answer.getheader("set-cookie").split(";")[0]

    cookie = sign_in("official")

    def measure(word, paths, times=3):
        """Each path so many times, the first look apart."""
        cold, warm, slow = [], [], {}
        for path in paths:
            at = time.monotonic()
            get(path)
            cold.append((time.monotonic() - at) * 1000)
        before = sum(cpu(processes()).values())
        for path in paths:
            for _ in range(times):
                at = time.monotonic()
                get(path)
                took = (time.monotonic() - at) * 1000
                warm.append(took)
                slow[path] = min(slow.get(path, took), took)
        spent = (sum(cpu(processes()).values()) - before) * 1000 / len(warm)
        quantile = lambda all, nth: statistics.quantiles(all, n=100)[nth - 1] if 1 < len(all) else all[0]
        print(
            f"{name}: {word:<52} {spent:8.2f} CPU-ms  p50 {quantile(warm, 50):7.1f}  p95 {quantile(warm, 95):7.1f} ms"
            f"  first p95 {quantile(cold, 95):7.1f} ms  n={len(warm)}",
            flush=True,
        )
        worst = sorted(slow.items(), key=lambda it: -it[1])[:3]
        for path, took in worst:
            if 50 < took:
                print(f"    {took:7.1f} ms {path}")

    first = get("/indicators")
    city = json.loads(get(f"/api/v1/indicators?on={day}"))
    items = city["items"] if "items" in city else city
    place = items[0]["region"]
    for it in items:
        if it["id"] in ("sign_rate", "elder_hm_rate", "elders_65", "teams"):
            print(f"{name}: {it['name']} on {day}: {it['numerator']} of {it['denominator']}")
    ids = [it["id"] for it in items]
    one = get("/elders")
    key = re.search(r'href="/elders/(\d{6})-\d+"', one)[1]
    streets = re.findall(rf'place=({key}\d{{3}})\b', get(f"/indicators/elders_65?place={key}&on={day}"))
    street = streets[0] if streets else key
    for word, where in (("the city", place), ("a county", key), ("a township", street)):
        query = f"place={where}&on={day}"
        measure(f"every indicator of {word}, one page", [f"/api/v1/indicators?{query}"], 5)
        measure(f"an indicator of {word}, its course and parts", [f"/api/v1/indicators/{it}?{query}" for it in ids])
        for part in ("counted", "all", "missing"):
            measure(f"first persons of {word}, {part}", [f"/api/v1/indicators/{it}/persons?{query}&part={part}" for it in ids])
    keys = re.findall(r'href="(/elders/\d{6}-\d+)"', one)
    measure("one elder's page", keys, 20)
    measure("first page of the whole register with its total", ["/elders"], 10)
    measure("first page of a group with its total", ["/elders?group=disabled", "/elders?group=poor"], 10)
    memory = int(re.search(r"VmHWM:\s+(\d+)", open(f"/proc/{pid}/status").read())[1]) / 1024
    print(f"{name}: peak memory of the server {memory:.0f} MB", flush=True)
    if "RECOUNT" in os.environ:
        cookie = sign_in("administrator")
        token = re.search(r'name="csrf" value="([^"]+)"', get("/indicators/recount"))[1]
        begun, before = time.monotonic(), sum(cpu(processes()).values())
        request("POST", "/indicators/recount", urllib.parse.urlencode({"csrf": token}))
        while "recounting" in get("/indicators/recount"):
            time.sleep(5)
        spent = sum(cpu(processes()).values()) - before
        print(f"{name}: recount {(time.monotonic() - begun) / 60:.1f} min, {spent:.0f} CPU-s")


if sys.argv[1] == "load":
    load(sys.argv[2], sys.argv[3:])
else:
    ask(sys.argv[2], sys.argv[3], sys.argv[4], int(sys.argv[5]), sys.argv[6])
