"""Fills a generated SQLite database with recipients of long-term-care insurance and a month of their claims, and measures its
settlement (M4 of CAPACITY.md).

ltci.py fill DB COUNTY MONTH RECIPIENTS LINES [SEED]   people that do not exist; the same seed gives the same month
ltci.py measure PROGRAM DATA COUNTY MONTH              processor time of `yiyang settle`
"""
import datetime, json, os, random, resource, sqlite3, subprocess, sys


def fill(file, county, month, recipients, lines, seed):
    chance = random.Random(seed)
    db = sqlite3.connect(file)
    first = datetime.date.fromisoformat(month + "-01")
    days = ((first.replace(day=28) + datetime.timedelta(days=4)).replace(day=1) - first).days
    # What was generated of the scheme makes room: the month is to be the same whatever stood there.
    for table in ("ltci_insured", "ltci_kind", "ltci_benefit", "ltci_recipient"):
        db.execute(f"delete from {table} where region = ?", (county,))
    elders = [row[0] for row in db.execute(
        "select id from elder where region = ? and state = 'living' order by id limit ?", (county, recipients))]
    place = db.execute("select place from elder where region = ? order by id limit 1", (county,)).fetchone()[0]
    providers = [7_000_000 + nth for nth in range(max(1, len(elders) // 115))]
    for nth, provider in enumerate(providers):
        db.execute("insert into organisation (region, id, place, name, kind) values (?, ?, ?, ?, 'nursing_home')",
                   (county, provider, place, f"示例护理院{nth + 1}"))
        db.execute("insert into ltci_agreement (region, organisation, from_day, number, level, modes, capacity, reason, who, at) "
                   "values (?, ?, '2024-01-01', ?, ?, 'visiting residential', 500, '', '', '')",
                   (county, provider, f"X{nth}", 1 + nth % 3))
        for carer in range(6):
            qualification = "nurse" if carer == 0 else "care_worker"
            db.execute("insert into ltci_carer (region, id, organisation, name, initials, qualification, number, from_day, reason, "
                       "account, created) values (?, ?, ?, '示例', 'sl', ?, ?, '2024-01-01', '', 0, '')",
                       (county, provider * 100 + carer, provider, qualification, f"C{provider}-{carer}"))
    nth_line = 0
    for nth, elder in enumerate(elders):
        provider = providers[nth % len(providers)]
        odd = chance.random()
        db.execute("insert into ltci_insured (region, id, elder, name, initials, id_number, id_blind, employer, kind, source, created, "
                   "changed) values (?, ?, ?, '', '', ?, ?, '', 'employee', 'bench', '', '')",
                   (county, elder, elder, b"", str(elder).encode()))
        db.execute("insert into ltci_kind (region, insured, from_day, kind, source) values (?, ?, ?, ?, 'bench')",
                   (county, elder, "2024-01-01" if odd > 0.02 else str(first + datetime.timedelta(days=9)),
                    chance.choice(["employee", "resident", "retiree"])))
        visiting = nth % 3 != 0
        mode = "visiting" if visiting else "residential"
        if odd < 0.97:
            db.execute("insert into ltci_benefit (region, elder, from_day, id, grade, mode, provider, bonus, reason, note, decision, "
                       "who, at) values (?, ?, '2024-02-01', ?, ?, ?, ?, 'hours', 'granted', '', '', '', '')",
                       (county, elder, elder, 3 + nth % 3, mode, provider))
            if chance.random() < 0.05:
                db.execute("insert into ltci_benefit (region, elder, from_day, id, grade, mode, provider, bonus, reason, note, decision, "
                           "who, at) values (?, ?, ?, ?, ?, ?, ?, 'hours', 'provider', '', '', '', '')",
                           (county, elder, str(first + datetime.timedelta(days=14)), elder, 3 + nth % 3, mode,
                            chance.choice(providers)))
        if chance.random() < 0.06:
            begin = first + datetime.timedelta(days=chance.randrange(days))
            for day, reason in [(begin, "hospital"), (begin + datetime.timedelta(days=5), None)]:
                db.execute("insert into ltci_pause (region, elder, from_day, reason, note, who, at) values (?, ?, ?, ?, '', '', '')",
                           (county, elder, str(day), reason))
        for line in range(lines):
            nth_line += 1
            day = first + datetime.timedelta(days=line % days)
            claim(db, chance, county, elder, provider, day, visiting, line, nth_line)
    db.commit()
    print(f"{len(elders)} recipients, {nth_line} lines, {len(providers)} providers")


def claim(db, chance, county, elder, provider, day, visiting, line, nth):
    hour = 9 + 2 * (line % 4) if chance.random() > 0.02 else 9
    minutes = chance.choice([45, 60, 60, 60, 90]) if visiting else 0
    service = "S05" if chance.random() > 0.03 else chance.choice(["S36", "X99", "S06"])
    if not visiting:
        service = "BED"
    begun = chance.random() > 0.01
    begin = datetime.datetime(day.year, day.month, day.day, hour) - datetime.timedelta(hours=8)
    end = begin + datetime.timedelta(minutes=minutes)
    proof = chance.random() > 0.01
    amount = chance.choice([4999, 6500, 6500, 7333, 8000]) if visiting else chance.choice([9000, 11000, 12345])
    db.execute(
        "insert into ltci_claim (region, id, provider, number, elder, month, day, mode, service, claimed, begin_minute, minutes, "
        "is_second, carer, began, ended, latitude, longitude, position_source, photo, source, state, account, created) "
        "values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'gps', '', 'bench', 'open', 0, '')",
        (county, 9_000_000 + nth, provider, f"N{nth:07}", elder, str(day)[:7], str(day), "visiting" if visiting else "residential",
         service, amount, hour * 60 if visiting and begun else None, minutes if begun else 0, chance.random() < 0.01,
         f"C{provider}-{chance.randrange(6)}" if visiting else "",
         begin.isoformat() + ".000Z" if visiting and begun else None, end.isoformat() + ".000Z" if visiting and begun else None,
         41_119_000 if proof else None, 122_070_000 if proof else None))


def measure(program, data, county, month):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    answer = subprocess.run([program, "settle", "--region", county, "--month", month, "--config", f"{data}/yiyang.toml",
                             "--data-dir", data, "--format", "json"], check=True, capture_output=True,
                            env={**os.environ, "RUST_LOG": "error"})
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    one = json.loads(answer.stdout)[0]
    user, system = after.ru_utime - before.ru_utime, after.ru_stime - before.ru_stime
    lines = max(1, one["totals"]["lines"])
    print(f"M4: {one['totals']['persons']} recipients and {lines} lines settled and written: {user:.2f} user and {system:.2f} system "
          f"CPU-s, {(user + system) * 3000 / lines:.3f} CPU-ms a claim of three lines, {after.ru_maxrss // 1024} MB; load "
          f"{os.getloadavg()[0]:.1f}")


if sys.argv[1] == "fill":
    fill(sys.argv[2], sys.argv[3], sys.argv[4], int(sys.argv[5]), int(sys.argv[6]), int(sys.argv[7]) if len(sys.argv) > 7 else 1)
elif sys.argv[1] == "measure":
    measure(*sys.argv[2:6])
