"""Assignment at three sizes against the goals: time to proved gaps, memory; beside HiGHS and CP-SAT in the same run.

    python -m benchmarks.caseload [--sizes 30x600,200x6000,2000x60000] [--tightness 0.95,1.10] [--seconds 60,20,40] [--seeds 3,3,1]
        [--solvers evenload,highs,cpsat] [--peer-seconds 30] [--json OUT] [--from JSON] [--quick]

`--seconds` and `--seeds` go with the sizes. Every solver runs in a process of its own; its time counts from the program in memory, its
memory is the peak of that process. Programs of one size and tightness differ by seed: each figure is the median over the seeds, peers see
the first seed alone. A gap is proved by the solver itself; ours holds over all eligible pairs, a peer's over its 16 cheapest a unit.
`recount %` is the gap by what a separately written count gives from our prices of units and loads (it stops the benchmark where they
prove less than was said); it is larger than `gap %` by what a solver proved beyond prices.
`x ours` is the price of the plan over ours at the end; `slower` is how many times longer a peer took to the last gap that it proved
than we took to that gap. CP-SAT is left out above 10,000 units (its model does not fit the machine).
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.goals import Verdict

GOALS: dict[tuple[str, float], tuple[tuple[float, float], ...]] = {
    ("30x600", 0.95): ((0.2, 1), (0.05, 60)),
    ("30x600", 1.1): ((1, 1), (0.3, 60)),
    ("200x6000", 0.95): ((1, 0.1), (0.3, 10)),
    ("200x6000", 1.1): ((1, 0.5), (0.3, 10)),
    ("2000x60000", 0.95): ((1, 1.5), (0.5, 30)),
    ("2000x60000", 1.1): ((1, 5), (0.5, 30)),
}
"""(size, demand / supply) → (proved gap in percent, seconds)"""

LEVELS = (5.0, 2.0, 1.0, 0.5, 0.3, 0.2, 0.05)
MOST_UNITS_OF_CPSAT = 10_000
GRACE_SECONDS = 240
"""A peer that has not stopped so long after its time is killed; its row is empty."""

DISAGREEMENT = "the second count"
"""Begins what a solver says whose plan or bound does not stand the recount: it ends the benchmark."""

Row = dict[str, Any]


def main(arguments: Sequence[str] | None = None) -> list[Row]:
    """Run (or read what was run) and print the table, the goals beneath it."""
    asked = _arguments(arguments)
    rows: list[Row] = json.loads(asked.from_file.read_text()) if asked.from_file else list(_measured_all(asked))
    print_table(rows)
    if asked.json:
        asked.json.write_text(json.dumps(rows, indent=1) + "\n")
    return rows


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.caseload", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--sizes")
    parser.add_argument("--tightness", default="0.95,1.10")
    parser.add_argument("--seconds")
    parser.add_argument("--seeds")
    parser.add_argument("--solvers", default="evenload,highs,cpsat")
    parser.add_argument("--peer-seconds", type=float)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--from", dest="from_file", type=Path, metavar="JSON")
    parser.add_argument("--quick", action="store_true", help="to 200 x 6,000, one seed, 10 s each")
    asked = parser.parse_args(arguments)
    usual = ("30x600,200x6000", "10,10", "1,1", 10.0) if asked.quick else ("30x600,200x6000,2000x60000", "60,20,40", "3,3,1", 30.0)
    asked.sizes, asked.peer_seconds = asked.sizes or usual[0], asked.peer_seconds or usual[3]
    count = len(asked.sizes.split(","))
    asked.seconds = asked.seconds or ",".join(usual[1].split(",")[:count])
    asked.seeds = asked.seeds or ",".join(usual[2].split(",")[:count])
    return asked


def _measured_all(asked: argparse.Namespace) -> Iterator[Row]:
    plan = zip(asked.sizes.split(","), asked.seconds.split(","), asked.seeds.split(","), strict=True)
    for size, seconds, seeds in plan:
        for tightness in asked.tightness.split(","):
            for solver in asked.solvers.split(","):
                if solver == "cpsat" and int(size.split("x")[1]) > MOST_UNITS_OF_CPSAT:
                    continue
                is_ours = solver == "evenload"
                for seed in range(1, 1 + (int(seeds) if is_ours else 1)):
                    yield measured(solver, size, float(tightness), seconds=float(seconds) if is_ours else asked.peer_seconds, seed=seed)


def measured(solver: str, size: str, tightness: float, *, seconds: float, seed: int = 1) -> Row:
    """One solver on one program, in a process of its own; a row with nothing but its name where it failed."""
    nothing = {"solver": solver, "size": size, "tightness": tightness, "seed": seed, "points": []}
    command = [sys.executable, "-m", f"benchmarks.caseload_solvers.{solver}", size, str(tightness), str(seconds), str(seed)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=seconds + GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        print(f"{solver} on {size}: stopped {GRACE_SECONDS} s after its time", file=sys.stderr)
        return nothing
    if DISAGREEMENT in done.stderr:
        raise SystemExit(f"{solver} on {size} at {tightness}: {done.stderr.strip().splitlines()[-1]}")
    if done.returncode != 0:
        print(f"{solver} on {size}: {done.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
        return nothing
    answer: Row = json.loads(done.stdout.strip().splitlines()[-1])
    return answer


def seconds_to(row: Row, percent: float) -> float | None:
    """When the gap was first proved to be at most so much; None: never."""
    return next((second for second, gap in row["points"] if gap <= percent), None)


def gap_at(row: Row, second: float) -> float | None:
    """The gap that was proved by then; None: nothing."""
    return min((gap for when, gap in row["points"] if when <= second), default=None)


def median(figures: Sequence[float | None]) -> float | None:
    """The median; None (which counts as worst) where half of the figures or more are missing."""
    worst = [float("inf") if figure is None else figure for figure in figures]
    middle = statistics.median_high(worst) if worst else float("inf")
    return None if middle == float("inf") else middle


def print_table(rows: Sequence[Row]) -> None:
    """One line per solver and program, the goals beneath each program; – where there is nothing."""
    levels = "".join(f"{f'to {level:g} %':>10}" for level in LEVELS)
    print(
        f"{'program':<12}{'d/s':>5} {'solver':<9}{'n':>2}{'first s':>9}{levels}{'gap %':>9}{'recount %':>11}{'in s':>7}{'hours':>11}{'x ours':>8}{'slower':>8}{'MB':>6}"
    )
    for size, tightness in dict.fromkeys((row["size"], row["tightness"]) for row in rows):
        program = [row for row in rows if (row["size"], row["tightness"]) == (size, tightness)]
        ours = [row for row in program if row["solver"] == "evenload"]
        for solver in dict.fromkeys(row["solver"] for row in program):
            _print_solver([row for row in program if row["solver"] == solver], ours)
        for verdict in verdicts(ours):
            print(f"{'':<18}{verdict.line()}")


def _print_solver(own: Sequence[Row], ours: Sequence[Row]) -> None:
    first = own[0]
    is_peer = first["solver"] != "evenload"
    begun = _figure(median([row["points"][0][0] if row["points"] else None for row in own]), 2)
    levels = "".join(f"{_figure(median([seconds_to(row, level) for row in own]), 2):>10}" for level in LEVELS)
    gap, seconds, hours, megabytes = (
        median([row.get(name) for row in own]) for name in ("gap_percent", "seconds", "hours", "peak_megabytes")
    )
    same = next((row for row in ours if row["seed"] == first["seed"]), None)
    times = first["hours"] / same["hours"] if is_peer and same and first.get("hours") and same.get("hours") else None
    slower = _slower(first, same) if is_peer and same else None
    print(
        f"{first['size']:<12}{first['tightness']:>5} {first['solver']:<9}{len(own):>2}{begun:>9}{levels}{_figure(gap, 3):>9}"
        f"{_figure(median([row.get('recounted_gap_percent') for row in own]), 3):>11}{_figure(seconds, 1):>7}{_figure(hours, 1):>11}{_figure(times, 3):>8}{_figure(slower, 0):>8}{_figure(megabytes, 0):>6}"
    )


def _slower(peer: Row, same: Row) -> float | None:
    if not peer["points"]:
        return None
    reached, percent = peer["points"][-1]
    ours = seconds_to(same, percent)
    return reached / ours if ours else None


def verdicts(rows: Sequence[Row]) -> list[Verdict]:
    """The goals of the programs that the rows have, each by the median of the seeds."""
    found: list[Verdict] = []
    for (size, tightness), goals in GOALS.items():
        ours = [row for row in rows if (row["size"], row["tightness"], row["solver"]) == (size, tightness, "evenload")]
        for percent, second in goals if ours else ():
            found.append(Verdict(f"{program_name(size, tightness)}: proved {percent:g} % in {second:g} s", *_judged(ours, percent, second)))
        counted = [row for row in ours if row.get("recounted_bound") is not None]
        if counted:
            whole = sum(row["recounted_bound"] >= row["bound"] - 1e-6 * abs(row["bound"]) for row in counted)
            said = f"{whole} of {len(ours)} in full; gap by the recount {_figure(median([row['recounted_gap_percent'] for row in counted]), 3)} %"
            found.append(Verdict(f"{program_name(size, tightness)}: bound counted again over all pairs", whole == len(ours), said))
    return found


def _judged(ours: Sequence[Row], percent: float, second: float) -> tuple[bool | None, str]:
    """Whether so much was proved by then, and what was; None where the runs ended earlier without it."""
    then, when = median([gap_at(row, second) for row in ours]), median([seconds_to(row, percent) for row in ours])
    said = f"{_figure(then, 3)} % then, {percent:g} % after {_figure(when, 2)} s"
    ended = max(row.get("seconds", 0.0) for row in ours)
    if then is not None and then <= percent:
        return True, said
    return (False, said) if ended >= second else (None, f"{said}; the runs ended after {ended:.0f} s")


def program_name(size: str, tightness: float) -> str:
    """A program as people read it."""
    return f"{size.replace('x', ' × ')} at {tightness:.2f}"


def _figure(value: float | None, digits: int) -> str:
    return "–" if value is None else f"{value:.{digits}f}"


if __name__ == "__main__":
    main()
