"""Compares the solver of home visits with PyVRP, OR-tools and VROOM on days of one-person visits, one core and the same processor time each.

dispatch_peers.py [YIYANG] [--sizes 100,300,1000] [--classes NAME,… or all] [--seeds N] [--only SOLVER,…] [--share F] [--keep FILE] [--days FOLDER]

YIYANG is the program whose `dispatch solve` is measured; without it the peers run alone. The peers are installed from
dispatch_peers.requirements.txt into a folder of their own beside the system's temporary files, kept from run to run. All of it takes
80 CPU-minutes; `--keep` keeps what the peers found, so that ours can be measured again without them.

The days are made here from a seed. Visits lie clustered (C), at random (R) or half and half (RC) as in Solomon's and Gehring's and
Homberger's problems; the day is short (some 10 visits a worker) or long (some 25); windows are hard and tight (an hour) or wide (four
hours, a quarter of them the whole day), longer in proportion in a long day; with `skills` each visit needs one of four skills, and workers
have sets of them. Every visit must be made, the workers are given, what counts is the sum of travel, the Euclidean distance rounded.

How the peers are told: PyVRP has a profile for each set of skills in which the ways to visits it lacks the skill for are too long to be
taken; OR-tools names the workers allowed to each visit and searches with guided local search; VROOM knows skills, and searches at its
highest level until it has nothing more to try. Each has one core and the same processor time, counted from the moment its model
stands for PyVRP and OR-tools, whose start (up to a second) is a gift to them, and from the start of the program for ours and VROOM.

Each answer is checked here: every visit once, by somebody with the skill, inside its window, back before the day ends. Printed is
Markdown: travel of each, in brackets what it is more than ours (without ours, than the best) in percent, and the processor time taken.
"""

import argparse
import collections
import json
import math
import os
import pathlib
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import venv
import zlib

HERE = pathlib.Path(__file__).resolve().parent
# Processor seconds by number of visits.
SECONDS = {100: 10, 300: 30, 1000: 60}
# How much more or less processor time than the others one may have had.
MUCH = 1.05
PEERS = ("pyvrp", "ortools", "vroom")
SKILLS = (0.5, 0.25, 0.15, 0.1)
SETS = ((0, 1), (0, 2), (0, 1, 3), (1, 2), (0,), (0, 1, 2, 3))
# Tenths of a minute, as everything here: the side of the square, a working day, a long one, and what a visit takes.
SIDE, SHORT, LONG, LASTS = 600, 4800, 10800, (100, 450)
CLASSES = [f"{place}-{window}-{day}{skill}" for place in ("C", "R", "RC") for window in ("tight", "wide")
           for day in ("short", "long") for skill in ("", "-skills")]
# Each place, window and day once, skills in every other of them.
HALF = [it for number, it in enumerate(CLASSES) if (number + number // 2 + number // 4 + number // 8) % 2 == 0]


def way(a, b):
    return int(math.hypot(a[0] - b[0], a[1] - b[1]) + 0.5)


def places(kind, count, chance):
    """Places in the square: in clusters of some fifteen, anywhere, or half and half."""
    hearts = [(chance.uniform(0, SIDE), chance.uniform(0, SIDE)) for _ in range(max(count // 15, 3))]

    def near():
        x, y = chance.choice(hearts)
        return chance.gauss(x, SIDE / 30), chance.gauss(y, SIDE / 30)

    def anywhere():
        return chance.uniform(0, SIDE), chance.uniform(0, SIDE)

    clustered = {"C": count, "R": 0, "RC": count // 2}[kind]
    found = [near() if it < clustered else anywhere() for it in range(count)]
    return [tuple(round(min(max(it, 0), SIDE)) for it in place) for place in found]


def problem(name, count, seed):
    """One day: `places` with the station first, `visits` with window of start, length and skill, `workers` with their skills."""
    chance = random.Random(f"{name} {count} {seed}")
    kind, window, day = name.split("-")[:3]
    ends = SHORT if day == "short" else LONG
    spots = [(SIDE // 2, SIDE // 2), *places(kind, count, chance)]
    visits = []
    for place in range(1, count + 1):
        lasts = chance.randrange(*LASTS, 50)
        out = way(spots[0], spots[place])
        first, last = out, ends - out - lasts
        if window == "tight" or chance.random() < 0.75:
            half = (300 if window == "tight" else 1200) * ends // SHORT
            middle = chance.randint(first, last)
            first, last = max(first, middle - half), min(last, middle + half)
        skill = chance.choices(range(len(SKILLS)), SKILLS)[0] if name.endswith("skills") else 0
        visits.append({"place": place, "first": first, "last": last, "lasts": lasts, "skill": skill})
    return {"name": name, "ends": ends, "places": spots, "visits": visits, "workers": staff(spots, visits, ends, name.endswith("skills"))}


def staff(spots, visits, ends, skilled):
    """As many workers as a plain insertion needs, so that the day is possible and none too easy."""
    tours, workers = [], []
    for visit in sorted(visits, key=lambda it: it["last"]):
        best = None
        for tour, skills in zip(tours, workers):
            if visit["skill"] in skills:
                for at in range(len(tour) + 1):
                    before = tour[at - 1]["place"] if at else 0
                    after = tour[at]["place"] if at < len(tour) else 0
                    more = way(spots[before], spots[visit["place"]]) + way(spots[visit["place"]], spots[after]) - way(spots[before], spots[after])
                    if best is None or more < best[0]:
                        longer = tour[:at] + [visit] + tour[at:]
                        if in_time(spots, longer, ends):
                            best = more, tour, at
        if best:
            best[1].insert(best[2], visit)
            continue
        while True:
            skills = list(SETS[len(workers) % len(SETS)]) if skilled else [0]
            tours.append([])
            workers.append(skills)
            if visit["skill"] in skills:
                tours[-1].append(visit)
                break
    return workers


def in_time(spots, tour, ends):
    now, here = 0, 0
    for visit in tour:
        now = max(now + way(spots[here], spots[visit["place"]]), visit["first"])
        if now > visit["last"]:
            return False
        now, here = now + visit["lasts"], visit["place"]
    return now + way(spots[here], spots[0]) <= ends


def check(day, tours):
    """Travel of all tours (worker to visits by number), or a sentence what is wrong with them."""
    seen = collections.Counter(visit for tour in tours.values() for visit in tour)
    wrong = [it for it in range(len(day["visits"])) if seen[it] != 1]
    if wrong:
        return f"{sum(seen[it] == 0 for it in wrong)} left out, {sum(seen[it] > 1 for it in wrong)} made twice"
    total = 0
    for worker, tour in tours.items():
        visits = [day["visits"][it] for it in tour]
        if not in_time(day["places"], visits, day["ends"]):
            return f"worker {worker} comes too late"
        if any(it["skill"] not in day["workers"][int(worker)] for it in visits):
            return f"worker {worker} lacks a skill"
        stops = [0, *(it["place"] for it in visits), 0]
        total += sum(way(day["places"][a], day["places"][b]) for a, b in zip(stops, stops[1:]))
    return total


def matrix(day):
    import numpy

    at = numpy.array(day["places"], dtype=float)
    return (numpy.hypot(at[:, None, 0] - at[None, :, 0], at[:, None, 1] - at[None, :, 1]) + 0.5).astype(numpy.int64)


def alike(day):
    """Workers with the same skills: the peers search faster where they are told so."""
    groups = collections.defaultdict(list)
    for worker, skills in enumerate(day["workers"]):
        groups[tuple(sorted(skills))].append(worker)
    return groups


def after(seconds):
    """Says whether so much more processor time has been used; the kernel counts, since asking it costs more than some searches' steps."""
    over = []
    signal.signal(signal.SIGPROF, lambda *_: over.append(True))
    signal.setitimer(signal.ITIMER_PROF, seconds)
    return lambda *_: bool(over)


def pyvrp(day, seconds, seed):
    from pyvrp import Client, Depot, Location, ProblemData, VehicleType, solve

    travel, groups = matrix(day), alike(day)
    never = 10 * day["ends"]
    ways, types = [], []
    for index, (skills, workers) in enumerate(groups.items()):
        mine = travel.copy()
        for visit in day["visits"]:
            if visit["skill"] not in skills:
                mine[:, visit["place"]] = mine[visit["place"], :] = never
                mine[visit["place"], visit["place"]] = 0
        ways.append(mine)
        types.append(VehicleType(num_available=len(workers), tw_early=0, tw_late=day["ends"], profile=index))
    data = ProblemData(
        [Location(x, y) for x, y in day["places"]],
        [Client(location=it["place"], service_duration=it["lasts"], tw_early=it["first"], tw_late=it["last"]) for it in day["visits"]],
        [Depot(location=0)],
        types, ways, ways,
    )
    found = solve(data, after(seconds), seed=seed, collect_stats=False).best
    free = [list(it) for it in groups.values()]
    return {free[route.vehicle_type()].pop(): [it.idx for it in route if it.is_client()] for route in found.routes()}


def ortools(day, seconds, seed):
    """Where no first plan with all visits is found, visits may be left at first, at a price beyond all travel."""
    over = after(seconds)
    return ortools_plan(day, seconds, over, may_leave=False) or ortools_plan(day, seconds, over, may_leave=True)


def ortools_plan(day, seconds, over, may_leave):
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    travel = matrix(day).tolist()
    lasts = [0, *(it["lasts"] for it in day["visits"])]
    manager = pywrapcp.RoutingIndexManager(len(travel), len(day["workers"]), 0)
    routing = pywrapcp.RoutingModel(manager)
    # Whole matrices are handed over: nothing of Python is called during the search.
    routing.SetArcCostEvaluatorOfAllVehicles(routing.RegisterTransitMatrix(travel))
    transit = routing.RegisterTransitMatrix([[it + lasts[a] for it in row] for a, row in enumerate(travel)])
    routing.AddDimension(transit, day["ends"], day["ends"], False, "time")
    clock = routing.GetDimensionOrDie("time")
    for visit in day["visits"]:
        index = manager.NodeToIndex(visit["place"])
        if may_leave:
            routing.AddDisjunction([index], 1_000_000)
        clock.CumulVar(index).SetRange(visit["first"], visit["last"])
        able = [it for it, skills in enumerate(day["workers"]) if visit["skill"] in skills]
        if len(able) < len(day["workers"]):
            # What SetAllowedVehiclesForIndex does, which cannot be called from Python in this edition.
            routing.VehicleVar(index).SetValues([-1, *able])
    options = pywrapcp.DefaultRoutingSearchParameters()
    options.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    options.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    # The clock of the wall is only the last resort, the machine may have other work.
    options.time_limit.FromMilliseconds(int(20_000 * seconds))
    routing.CloseModelWithParameters(options)
    routing.AddAtSolutionCallback(lambda: over() and routing.solver().FinishCurrentSearch())
    found = routing.SolveWithParameters(options)
    tours = {}
    for worker in range(len(day["workers"]) if found else 0):
        index = found.Value(routing.NextVar(routing.Start(worker)))
        while not routing.IsEnd(index):
            tours.setdefault(worker, []).append(manager.IndexToNode(index) - 1)
            index = found.Value(routing.NextVar(index))
    return tours


def vroom(day, seconds, seed):
    import datetime

    import vroom as lib

    input = lib.Input()
    input.set_durations_matrix("car", matrix(day).astype("uint32"))
    for worker, skills in enumerate(day["workers"]):
        input.add_vehicle(lib.Vehicle(worker, start=0, end=0, skills={it + 1 for it in skills}, time_window=lib.TimeWindow(0, day["ends"])))
    for number, it in enumerate(day["visits"]):
        windows = [lib.TimeWindow(it["first"], it["last"])]
        input.add_job(lib.Job(number, it["place"], default_service=it["lasts"], skills={it["skill"] + 1}, time_windows=windows))
    found = input.solve(exploration_level=5, nb_threads=1, timeout=datetime.timedelta(seconds=seconds))
    jobs = found.routes[found.routes["type"] == "job"]
    tours = {}
    for worker, job in zip(jobs["vehicle_id"], jobs["id"]):
        tours.setdefault(int(worker), []).append(int(job))
    return tours


def question(day):
    """The day as `yiyang dispatch solve --format problem` reads it: travel is what costs, and leaving a visit out costs more than all of it."""
    # Whole numbers as for the peers, without their library: the same rounding.
    spots = day["places"]
    shifts = [{"workers": [it], "earliest": 0, "latest": day["ends"], "start": 0, "end": 0} for it in range(len(day["workers"]))]
    visits = [{"place": it["place"], "parts": [{"skills": [it["skill"]], "duration": it["lasts"]}], "priority": 1,
               "windows": [{"open": it["first"], "close": it["last"]}]} for it in day["visits"]]
    return {"travel": [{"time": [[way(a, b) for b in spots] for a in spots]}], "workers": [{"skills": it} for it in day["workers"]],
            "shifts": shifts, "visits": visits, "weights": {"left": 1_000_000, "travel": 1, "continuity": 0, "fairness": 0}}


def installed():
    """Python with the peers: in a folder named after what is installed there."""
    wanted = HERE / "dispatch_peers.requirements.txt"
    folder = pathlib.Path(tempfile.gettempdir()) / f"dispatch-peers-{zlib.crc32(wanted.read_bytes())}"
    python = folder / "bin" / "python"
    if not (folder / "whole").exists():
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", wanted], check=True)
        (folder / "whole").touch()
    return str(python)


def run(command, given):
    """What a child answers to what it is given on its standard input, and the processor seconds and seconds it took."""
    with tempfile.TemporaryFile() as question, tempfile.TemporaryFile() as answer:
        question.write(json.dumps(given).encode())
        question.seek(0)
        before, began = os.times(), time.monotonic()
        child = subprocess.run(command, stdin=question, stdout=answer, env=os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"})
        after, lasted = os.times(), time.monotonic() - began
        took = after.children_user + after.children_system - before.children_user - before.children_system
        answer.seek(0)
        return (json.load(answer) if child.returncode == 0 else None), took, lasted


def measure(solver, day, seconds, seed, python, yiyang):
    """Travel or a sentence what is wrong, and processor seconds."""
    # Ours and VROOM stop by the clock on the wall: where the machine had other work they try again with more or less of it,
    # and what counts is the try that came nearest without taking much more than the others may.
    wall, tries = seconds, []
    while True:
        if solver == "yiyang":
            command = [yiyang, "dispatch", "solve", "--format", "problem", "--seconds", f"{wall:.1f}", "--seed", str(seed), "--threads", "1", "-"]
            plan, took, lasted = run(command, question(day))
            tours = plan and {it["shift"]: [stop["visit"] for stop in it["stops"]] for it in plan["routes"]}
        else:
            tours, took, lasted = run([python, __file__, "--one", solver, str(wall), str(seed)], day)
        tries.append(((MUCH * seconds < took, abs(took - seconds)), "it broke off" if tours is None else check(day, tours), took))
        ends_itself = solver in ("pyvrp", "ortools") or lasted < wall
        if ends_itself or seconds / MUCH <= took <= MUCH * seconds or len(tries) == 5:
            return min(tries, key=lambda it: it[0])[1:]
        wall *= seconds / took


def in_words(results, solvers):
    """Markdown: a line a class and size, and the mean of each size."""
    base = "yiyang" if "yiyang" in solvers else None
    lines = ["| visits | day | " + " | ".join(solvers) + " |", "| --- | --- |" + " ---: |" * len(solvers)]
    more = collections.defaultdict(lambda: collections.defaultdict(list))
    for (size, name), found in results.items():
        cells, sums = [], {}
        for solver in solvers:
            costs = [it[0] for it in found.get(solver, [])]
            good = costs and all(isinstance(it, int) for it in costs)
            if good:
                sums[solver] = sum(costs)
        least = sums.get(base) if base else min(sums.values(), default=None)
        for solver in solvers:
            if solver in sums and least:
                percent = 100 * (sums[solver] / least - 1)
                more[size][solver].append(percent)
                cells.append(f"{sums[solver]:,} ({percent:+.2f} %)")
            else:
                cells.append("; ".join(str(it[0]) for it in found.get(solver, [])) or "–")
        lines.append(f"| {size:,} | {name} | " + " | ".join(cells) + " |")
    for size, by in more.items():
        means = [f"{statistics.mean(by[it]):+.2f} % of {len(by[it])}" if by[it] else "–" for it in solvers]
        took = [statistics.mean([r[1] for (s, _), f in results.items() if s == size for r in f.get(it, [(0, 0)])]) for it in solvers]
        lines.append(f"| **{size:,}** | **mean** | " + " | ".join(f"**{it}**, {cpu:.0f} CPU-s" for it, cpu in zip(means, took)) + " |")
    return "\n".join(lines)


def main():
    if sys.argv[1:2] == ["--one"]:
        solver, seconds, seed = sys.argv[2], float(sys.argv[3]), int(sys.argv[4])
        print(json.dumps({"pyvrp": pyvrp, "ortools": ortools, "vroom": vroom}[solver](json.load(sys.stdin), seconds, seed)))
        return
    options = argparse.ArgumentParser(description="Compares the solver of home visits with its peers.")
    options.add_argument("yiyang", nargs="?", help="program to be measured; none: the peers alone")
    options.add_argument("--sizes", default="100,300,1000", help="numbers of visits")
    options.add_argument("--classes", default=",".join(HALF), help=f"days, or all; there are {' '.join(CLASSES)}")
    options.add_argument("--seeds", type=int, default=1, help="days of each class")
    options.add_argument("--only", default="", help="solvers, of yiyang, pyvrp, ortools and vroom")
    options.add_argument("--share", type=float, default=1.0, help="of the processor time each gets")
    options.add_argument("--keep", type=pathlib.Path, help="file of results, read first: what stands there is not run again")
    options.add_argument("--days", type=pathlib.Path, help="folder the days are written to, and nothing is run")
    asked = options.parse_args()
    solvers = [it for it in ("yiyang", *PEERS) if (it in asked.only.split(",") if asked.only else it != "yiyang" or asked.yiyang)]
    names = CLASSES if asked.classes == "all" else asked.classes.split(",")
    kept = json.loads(asked.keep.read_text()) if asked.keep and asked.keep.exists() else {}
    python = installed()
    results = {}
    for size in (int(it) for it in asked.sizes.split(",")):
        for name in names:
            found = results.setdefault((size, name), {})
            for seed in range(1, asked.seeds + 1):
                day = problem(name, size, seed)
                if asked.days:
                    asked.days.mkdir(parents=True, exist_ok=True)
                    (asked.days / f"{size}-{name}-{seed}.json").write_text(json.dumps(day))
                    continue
                for solver in solvers:
                    seconds = SECONDS.get(size, 60) * asked.share
                    label = f"{size} {name} {seed} {solver} {seconds:g}"
                    if label not in kept or solver == "yiyang":
                        kept[label] = measure(solver, day, seconds, seed, python, asked.yiyang)
                        print(label, *kept[label], file=sys.stderr, flush=True)
                        if asked.keep:
                            asked.keep.write_text(json.dumps(kept, indent=1))
                    found.setdefault(solver, []).append(kept[label])
    print(in_words(results, solvers))


if __name__ == "__main__":
    main()
