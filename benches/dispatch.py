#!/usr/bin/env python3
"""Measure M5: dispatch with visits of two persons, on the public instances of Mankowska, Meisel and Bierwirth (2014).

    benches/dispatch.py [--yiyang target/release/yiyang] [--instances ../shared/bench/hhcrsp] [--seed 1] [--seconds N] [--only 10,25]

Runs `yiyang dispatch solve --format hhcrsp` on every instance, one after the other and on one core, scores each answer with the
instances' own score.py, and prints the gaps to the best known costs by size. An answer that breaks a constraint ends the run. A cost below
the best known one is kept with its solution in benches/dispatch/best/, where a better one replaces it.
"""
import argparse, collections, csv, json, os, pathlib, subprocess, sys, time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent


def scorer(folder):
    """The function `score` of the instances' own script."""
    sys.path.insert(0, str(folder))
    from score import score
    return score


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--yiyang", default=ROOT / "target" / "release" / "yiyang")
    arguments.add_argument("--instances", type=pathlib.Path, default=ROOT.parent / "shared" / "bench" / "hhcrsp")
    arguments.add_argument("--seed", default="1")
    arguments.add_argument("--seconds", help="for every instance; else what the command takes by itself")
    arguments.add_argument("--only", help="sizes, with commas between")
    given = arguments.parse_args()
    score = scorer(given.instances)
    best = HERE / "dispatch" / "best"
    best.mkdir(parents=True, exist_ok=True)
    gaps, work = collections.defaultdict(list), collections.defaultdict(list)
    for row in csv.DictReader(open(given.instances / "best_known.csv")):
        name, known = row["instance"], float(row["best_known_cost"])
        size = int(name.split("_")[0])
        if given.only and str(size) not in given.only.split(","):
            continue
        path = given.instances / "instances" / name
        command = [given.yiyang, "dispatch", "solve", "--format", "hhcrsp", "--seed", given.seed, path]
        command += ["--seconds", given.seconds] if given.seconds else []
        before = os.times().children_user
        answer = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
        used = os.times().children_user - before
        solution = json.loads(answer)
        found = score(json.load(open(path)), solution)
        if found["errors"]:
            sys.exit(f"{name}: the answer breaks {found['errors'][:5]}")
        gap = 100 * (found["cost"] / known - 1)
        gaps[size].append(gap)
        work[size].append(used)
        print(f"{name} {found['cost']:.3f} best known {known} gap {gap:+.2f} % in {used:.1f} CPU-s", flush=True)
        keep(best / name, found, solution, known)
    print("\n| patients | instances | mean gap % | worst % | below best known | CPU-s each |\n| --- | --- | --- | --- | --- | --- |")
    for size, all in sorted(gaps.items()):
        below = sum(gap < -0.005 for gap in all)
        print(f"| {size} | {len(all)} | {sum(all) / len(all):+.2f} | {max(all):+.2f} | {below} | {sum(work[size]) / len(all):.1f} |")


def keep(path, found, solution, known):
    """Keeps a solution that costs less than the best known one and than what was kept before."""
    before = json.load(open(path))["cost"] if path.exists() else known
    if found["cost"] < before - 0.005:
        kept = {"cost": round(found["cost"], 3), "best_known_before": known, "found": time.strftime("%Y-%m-%d"), "solution": solution}
        path.write_text(json.dumps(kept, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
