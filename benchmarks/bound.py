"""The bound by prices against linear-programming solvers on the same arcs: seconds, share of the optimum, ratio.

python -m benchmarks.bound [--sizes 200x6000,2000x60000] [--tightness 0.95] [--seconds 120] [--solvers evenload,simplex,pdlp] [--json OUT]

All get the same arcs: those that our pricing listed of each unit, after it had looked at every pair. Ours climbs to prices and
counts the bound; HiGHS solves the linear program of these arcs with its simplex, or with its first-order solver (PDLP). Building
the programs is not counted. The clock of ours stands on everything from the arrays on: level prices, ascents, and pricing of
*all* pairs, which is what makes it a bound of the whole program and not of these arcs alone. That bound is then counted again by
a second compiled loop, written separately, over all eligible pairs (the plan's recount does so up to 2 million pairs).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

QUICK_SIZES = "30x600,200x6000"

GOAL = "goal: >= 99.95 % of the optimum at >= 100 x simplex and >= 50 x PDLP (60,000 units)"


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
    if done.returncode != 0:
        print(f"{solver} on {size}: {done.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
        return {"solver": solver, "size": size, "tightness": float(tightness), "hours": None, "seconds": None}
    row: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return row


def print_table(rows: Sequence[dict[str, Any]]) -> None:
    """One line per solver and program."""
    print(f"bound by prices, {GOAL}")
    print(
        "{:<11}{:>5} {:<9}{:>9}{:>14}{:>10}{:>9}  {}".format("program", "d/s", "solver", "seconds", "hours", "% of LP", "ratio", "recount")
    )
    for row in rows:
        peers = {one["solver"]: one for one in rows if (one["size"], one["tightness"]) == (row["size"], row["tightness"])}
        optimum = (peers.get("simplex") or {}).get("hours") or (peers.get("pdlp") or {}).get("hours")
        ours = (peers.get("evenload") or {}).get("seconds")
        share = "–" if not optimum or row["hours"] is None else f"{100 * row['hours'] / optimum:.3f}"
        ratio = "–" if not ours or row["seconds"] is None else f"{row['seconds'] / ours:.1f}"
        seconds = "–" if row["seconds"] is None else f"{row['seconds']:.2f}"
        hours = "–" if row["hours"] is None else f"{row['hours']:.2f}"
        print("{:<11}{:>5} {:<9}{:>9}{:>14}{:>10}{:>9}  {}".format(
            row["size"], row["tightness"], row["solver"], seconds, hours, share, ratio, row.get("recount", "")))  # fmt: skip


if __name__ == "__main__":
    main()
