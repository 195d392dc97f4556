"""Times and memory of a load, then of what is asked of the loaded city.

city.py load NAME COMMAND…
city.py night NAME URL LOGINS PID          the first night's work, to its end
city.py ask NAME URL LOGINS PID DAY        every list, elder's page, workbench and indicator
city.py recount NAME URL LOGINS PID        everything counted anew
"""
import http.client, json, os, re, resource, statistics, subprocess, sys, tempfile, time, urllib.parse

from people import number

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


class Server:
    """A server under measurement, and whoever is signed in to it."""

    def __init__(self, name, base, logins, pid):
        self.name, self.pid = name, int(pid)
        self.host = urllib.parse.urlparse(base).netloc
        self.connection = http.client.HTTPConnection(self.host)
        self.password = json.load(open(logins))[0]["password"]
        self.cookie = ""

    def request(self, method, path, body=None):
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        return answer, answer.read().decode("utf-8", "replace")

    def get(self, path):
        answer, text = self.request("GET", path)
        assert answer.status == 200, (path, answer.status, text[:300])
        return text

    def sign_in(self, user):
        self.cookie = ""
        answer, _ = self.request("POST", "/login", urllib.parse.urlencode({"user": user, "password": self.password, "next": "/"}))
        assert answer.status == 303, (user, answer.status)
        self.cookie = answer.getheader("set-cookie").split(";")[0]

    def spent(self):
        """Processor time so far, in seconds."""
        return sum(cpu([self.pid, *(postgres() if self.name == "PostgreSQL" else [])]).values())

    def memory(self):
        status = open(f"/proc/{self.pid}/status").read()
        read = lambda word: int(re.search(rf"{word}:\s+(\d+)", status)[1]) / 1024
        return f"peak memory {read('VmHWM'):.0f} MB, now {read('RssAnon'):.0f} of its own and {read('RssFile'):.0f} of files"

    def jobs(self, state):
        return json.loads(self.get(f"/api/v1/jobs?state={state}&limit=200"))["items"]

    def measure(self, word, paths, times=3):
        """Each path so many times, the first look apart; what takes seconds only once."""
        cold, warm, slow = [], [], {}
        for path in paths:
            at = time.monotonic()
            self.get(path)
            cold.append((time.monotonic() - at) * 1000)
        before = self.spent()
        for path, first in zip(paths, cold):
            for _ in range(times if first < 2000 else 1):
                at = time.monotonic()
                self.get(path)
                took = (time.monotonic() - at) * 1000
                warm.append(took)
                slow[path] = min(slow.get(path, took), took)
        spent = (self.spent() - before) * 1000 / len(warm)
        quantile = lambda all, nth: statistics.quantiles(all, n=100)[nth - 1] if 1 < len(all) else all[0]
        print(
            f"{self.name}: {word:<56} {spent:8.2f} CPU-ms  p50 {quantile(warm, 50):7.1f}  p95 {quantile(warm, 95):7.1f} ms"
            f"  first p95 {quantile(cold, 95):7.1f} ms  n={len(warm)}",
            flush=True,
        )
        for path, took in sorted(slow.items(), key=lambda it: -it[1])[:3]:
            if 50 < took:
                print(f"    {took:7.1f} ms {path}", flush=True)


def night(server):
    """A server that finds a registry it has not seen does last night's work first."""
    begun, before, most = time.monotonic(), server.spent(), ""
    time.sleep(2)
    server.sign_in("administrator")
    while any(server.jobs(state) for state in ("waiting", "running")):
        most = max(most, server.memory(), key=lambda it: int(re.search(r"now (\d+)", it)[1]) if it else -1)
        time.sleep(1)
    print(f"{server.name}: the first night's work {(time.monotonic() - begun) / 60:.1f} min, {server.spent() - before:.0f} CPU-s; {most} at most")
    for it in server.jobs("done"):
        print(f"    {it['created']} to {it['finished']} {it['title']}")
    for it in server.jobs("failed"):
        print(f"    failed: {it['title']}: {it['error']}")


def ask(server, day):
    server.sign_in("city")
    measure, get = server.measure, server.get
    items = json.loads(get(f"/api/v1/indicators?on={day}"))["items"]
    city = items[0]["region"]
    for it in items:
        if it["id"] in ("sign_rate", "elder_hm_rate", "elders_65", "teams"):
            print(f"{server.name}: {it['name']} on {day}: {it['numerator']} of {it['denominator']}")
    ids = [it["id"] for it in items]
    one = get("/elders")
    county = re.search(r'href="/elders/(\d{6})-\d+"', one)[1]
    streets = re.findall(rf"place=({county}\d{{3}})\b", get(f"/indicators/elders_65?place={county}&on={day}"))
    street = streets[0] if streets else county
    quoted = urllib.parse.quote
    year = int(day[:4])

    def lists(word, where):
        at = lambda path, query="": f"{path}?{'&'.join(it for it in (query, where) if it)}"
        measure(f"register of {word}, first page with its total", [at("/elders")], 10)
        following = re.search(r'href="(/elders\?[^"]*after=[^"]*)"', get(at("/elders")))
        if following:
            measure(f"register of {word}, second page", [following[1].replace("&amp;", "&")], 10)
        measure(f"register of {word}, one group", [at("/elders", f"group={it}") for it in ("disabled", "poor", "oldest")], 5)
        measure(f"register of {word}, a group and more", [at("/elders", it) for it in ("group=disabled&sex=female", "from_age=80")])
        measure(f"register of {word}, a name's character", [at("/elders", f"q={quoted('王')}")])
        measure(f"register of {word}, a whole name", [at("/elders", f"q={quoted(name)}") for name in names])
        measure(f"register of {word}, pinyin initials", [at("/elders", "q=wx")])
        measure(f"register of {word}, an ID number", [at("/elders", f"q={it}") for it in numbers], 2)
        measure(f"contracts of {word}", [at("/contracting")])
        measure(f"contracts of {word}, in a state", [at("/contracting", f"state={it}") for it in ("running", "idle", "renewable", "ended")])
        measure(f"checks of {word}", [at("/healthcheck")])
        measure(f"checks of {word}, of a year, open", [at("/healthcheck", it) for it in (f"year={year}", "state=open")])
        measure(f"vaccinations of {word}", [at("/vaccination"), at("/vaccination", "work=now"), at("/vaccination/doses")])
        measure(f"chronic diseases of {word}", [at("/chronic"), at("/chronic", "work=overdue")])
        measure(f"Chinese medicine of {word}", [at("/tcm")])
        measure(f"archive of {word}", [at("/elders/archive")])
        measure(f"rates, coverage and ledgers of {word}", [at("/healthcheck/rates"), at("/vaccination/coverage"), at("/elders/ledgers")])
        measure(f"institutions, staff and teams of {word}", [at("/institutions"), at("/workforce"), at("/workforce/teams")])

    names = [re.sub("<[^>]*>", "", it) for it in re.findall(r'<a class="row-link"[^>]*>([^<]+)<', one)][:3] or ["王芳"]
    numbers = [number(nth) for nth in range(5)]
    lists("the city", "")
    lists("a county", f"place={county}")
    keys = re.findall(r'href="(/elders/\d{6}-\d+)"', one)
    measure("one elder's page", keys, 10)
    measure("found by ID number from anywhere", [f"/search?q={it}" for it in numbers], 5)
    measure("found by name from anywhere", [f"/search?q={quoted(name)}" for name in names], 3)
    measure("workbench of an official of the city", ["/"], 5)
    measure("the board of the city", ["/indicators"], 5)
    for word, where in (("the city", city), ("a county", county), ("a township", street)):
        query = f"place={where}&on={day}"
        measure(f"every indicator of {word}, one page", [f"/api/v1/indicators?{query}"], 5)
        measure(f"an indicator of {word}, its course and parts", [f"/api/v1/indicators/{it}?{query}" for it in ids])
        measure(f"an indicator's page of {word}", [f"/indicators/{it}?{query}" for it in ids], 1)
        for part in ("counted", "all", "missing"):
            measure(f"first 201 persons of {word}, {part}", [f"/api/v1/indicators/{it}/persons?{query}&part={part}" for it in ids])
    for user in ("official", "auditor", "lead", "clinician", "manager"):
        server.sign_in(user)
        measure(f"workbench of {user} in a county", ["/"], 5)
    server.sign_in("lead")
    work = ("/contracting/work", "/contracting/unsigned", "/healthcheck/due", "/healthcheck/due?when=late", "/tcm/due", "/chronic/pressure")
    measure("work of a health centre", list(work))
    print(f"{server.name}: {server.memory()}", flush=True)


def recount(server):
    server.sign_in("administrator")
    token = re.search(r'name="csrf" value="([^"]+)"', server.get("/indicators/recount"))[1]
    begun, before = time.monotonic(), server.spent()
    server.request("POST", "/indicators/recount", urllib.parse.urlencode({"csrf": token}))
    while any(server.jobs(state) for state in ("waiting", "running")):
        time.sleep(1)
    spent, wall = server.spent() - before, (time.monotonic() - begun) / 60
    said = re.sub(r"<[^>]*>", " ", re.search(r"<main.*?</main>", server.get("/indicators/recount"), re.S)[0])
    print(f"{server.name}: recount {wall:.1f} min, {spent:.0f} CPU-s; {server.memory()}; {' '.join(said.split())[:120]}")


command = sys.argv[1]
if command == "load":
    load(sys.argv[2], sys.argv[3:])
else:
    {"night": night, "ask": ask, "recount": recount}[command](Server(*sys.argv[2:6]), *sys.argv[6:])
