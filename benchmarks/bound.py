"""The bound by prices against linear-programming solvers on the same arcs: seconds, share of the optimum, ratio.

python -m benchmarks.bound [--sizes 200x6000,2000x60000] [--tightness 0.95] [--seconds 120] [--solvers evenload,simplex,pdlp] [--json OUT]

All get the same arcs: those that our pricing listed of each unit, after it had looked at every pair. HiGHS solves the linear program of
these arcs with its simplex, or with its first-order solver (PDLP), on one thread (both are serial). Building the programs is not counted.

Ours stands there twice, and so do the goals of speed. *evenload* is what the engine does: from the arrays and the arcs that are cheapest
without prices, ascents and the pricing of *all* pairs, twice, which finds the arcs that the others are given and makes it a bound of the whole
program; on all cores. *same arcs* does what the others do, no more: from no prices at all, the ascent over the very arcs that they get, and what it
proves of these alone. The bound of *evenload* is then counted again by a second compiled loop, written separately, over all eligible pairs
(the plan's recount does so up to 2 million pairs). *cpu s*: seconds of processor time, all threads together.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from benchmarks.goals import Verdict

QUICK_SIZES = "30x600,200x6000"

GOAL_SHARE = 99.95
"""Least share of the linear optimum, in percent, at every size."""

GOAL_RATIOS = {"simplex": 100.0, "pdlp": 50.0}
"""How many times as fast as each solver, at GOAL_SIZE."""

GOAL_SIZE = "2000x60000"


def main(arguments: Sequence[str] | None = None) -> list[dict[str, Any]]:
    """Run and print the table, the goal beside it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bound", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--sizes", default="200x6000,2000x60000")
    parser.add_argument("--tightness", default="0.95")
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--solvers", default="evenload,simplex,pdlp")
    parser.add_argument("--quick", action="store_true", help="30x600 and 200x6000 alone")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args(arguments)
    rows = []
    for size in (QUICK_SIZES if asked.quick else asked.sizes).split(","):
        for tightness in asked.tightness.split(","):
            rows += [_solved(solver, size, tightness, asked.seconds) for solver in asked.solvers.split(",")]
    print_table(rows)
    if asked.json:
        asked.json.write_text(json.dumps(rows, indent=1) + "\n")
    return rows


def _solved(solver: str, size: str, tightness: str, seconds: float) -> dict[str, Any]:
    """One solver on one program, in a process of its own."""
    command = [sys.executable, "-m", f"benchmarks.bound_solvers.{solver}", size, tightness, str(seconds)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if "the second count" in done.stderr:
        raise SystemExit(f"{solver} on {size} at {tightness}: {done.stderr.strip().splitlines()[-1]}")
    if done.returncode != 0:
        print(f"{solver} on {size}: {done.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
        return {"solver": solver, "size": size, "tightness": float(tightness), "hours": None, "seconds": None}
    row: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return row


def print_table(rows: Sequence[dict[str, Any]]) -> None:
    """One line per solver and program, then the goals."""
    print("bound by prices, seconds of each solver on the same arcs; ratio: how many times as long as ours")
    print(
        "{:<11}{:>5} {:<10}{:>9}{:>8}{:>14}{:>10}{:>9}  {}".format(
            "program", "d/s", "solver", "seconds", "cpu s", "hours", "% of LP", "ratio", "recount"
        )
    )
    for row in chain.from_iterable(map(_with_same_arcs, rows)):
        share, ratio = share_percent(row, rows), times_ours(row, rows)
        figures = [
            _figure(row["seconds"], 2),
            _figure(row.get("processor_seconds"), 2),
            _figure(row["hours"], 2),
            _figure(share, 3),
            _figure(ratio, 1),
        ]
        print(
            "{:<11}{:>5} {:<10}{:>9}{:>8}{:>14}{:>10}{:>9}  {}".format(
                row["size"], row["tightness"], row["solver"], *figures, row.get("recount", "")
            )
        )
    for verdict in verdicts(rows):
        print(verdict.line())


def _with_same_arcs(row: dict[str, Any]) -> list[dict[str, Any]]:
    """The row, and where it is ours the one of the ascent over the others' arcs alone."""
    alone = row.get("same_arcs")
    return [row, {**row, "solver": "same arcs", "recount": "", **alone}] if alone else [row]


def share_percent(row: dict[str, Any], rows: Sequence[dict[str, Any]]) -> float | None:
    """The row's bound in percent of the linear optimum; None where one of them is not known."""
    peers = _beside(row, rows)
    optimum = (peers.get("simplex") or {}).get("hours") or (peers.get("pdlp") or {}).get("hours")
    return None if not optimum or row["hours"] is None else 100 * row["hours"] / optimum


def times_ours(row: dict[str, Any], rows: Sequence[dict[str, Any]]) -> float | None:
    """How many times as long as we the row's solver took; None where one of them is not known."""
    ours = (_beside(row, rows).get("evenload") or {}).get("seconds")
    return None if not ours or row["seconds"] is None else row["seconds"] / ours


def _beside(row: dict[str, Any], rows: Sequence[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """By solver, the rows of the same program."""
    return {one["solver"]: one for one in rows if (one["size"], one["tightness"]) == (row["size"], row["tightness"])}


def verdicts(rows: Sequence[dict[str, Any]]) -> list[Verdict]:
    """The bound's quality over all programs, and its speed at the goal's size; a solver that did not end took at least so long."""
    ours = [row for row in rows if row["solver"] == "evenload"]
    shares = [share for row in ours if (share := share_percent(row, rows)) is not None]
    found = []
    alone = [same for row in rows for same in _with_same_arcs(row)[1:]]
    if shares:
        said = f"least {min(shares):.3f} % over {len(shares)} of {len(ours)} programs"
        found.append(Verdict(f"bound: ≥ {GOAL_SHARE:g} % of the linear optimum", min(shares) >= GOAL_SHARE, said))
    for solver, wanted in GOAL_RATIOS.items():
        goal = f"bound: ≥ {wanted:g} × the speed of {solver}, {GOAL_SIZE.replace('x', ' × ')}"
        found.append(_speed(goal + ", on the same arcs", wanted, _ratios(solver, rows, alone)))
        found.append(_speed(goal + ", all pairs priced", wanted, _ratios(solver, rows, ours)))
    if ours:
        counted = sum(bool(row.get("recount")) for row in ours)
        found.append(Verdict("bound: counted again over all pairs by separate code", counted == len(ours), f"{counted} of {len(ours)}"))
    return found


def _ratios(solver: str, rows: Sequence[dict[str, Any]], ours: Sequence[dict[str, Any]]) -> list[float]:
    """How many times as long as these rows of ours the solver took, at the goal's size."""
    there = [row for row in rows if (row["solver"], row["size"]) == (solver, GOAL_SIZE) and row["seconds"] is not None]
    pairs = [(row["seconds"], (_beside(row, ours).values())) for row in there]
    return [seconds / own["seconds"] for seconds, beside in pairs for own in beside if own["seconds"]]


def _speed(goal: str, wanted: float, ratios: Sequence[float]) -> Verdict:
    return Verdict(goal, min(ratios) >= wanted, f"{min(ratios):.0f} ×") if ratios else Verdict(goal, None, "this size was not run")


def _figure(value: float | None, digits: int) -> str:
    return "–" if value is None else f"{value:.{digits}f}"


if __name__ == "__main__":
    main()
