"""Reading a large workbook, and the planning command as a whole process.

python -m benchmarks.intake [--units 50000] [--json OUT]
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.goals import Verdict

GOAL_UNITS, MOST_READ_SECONDS, MOST_MEGABYTES = 50_000, 15.0, 500
MOST_PLAN_SECONDS = 2.0

READ = """
import resource, sys, time
from pathlib import Path
from evenload.exchange.open_input import open_input
began = time.perf_counter()
rows = open_input(Path(sys.argv[1])).rows
print(len(rows.units), time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run and print both figures with their goals."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.intake")
    parser.add_argument("--units", type=int, default=50_000)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        large, usual = Path(folder) / "large.xlsx", Path(folder) / "usual.xlsx"
        _example(large, practitioners=max(30, asked.units // 40), units=asked.units)
        _example(usual, practitioners=30, units=600)
        rows, seconds, megabytes = _run([sys.executable, "-c", READ, str(large)]).split()
        print(f"reading a workbook of {rows} units: {float(seconds):.1f} s, {megabytes} MB", flush=True)
        times = sorted(_plan_seconds(usual) for _ in range(5))
        print(f"evenload plan, 30 × 600, whole process: {times[2]:.2f} s (median of 5)")
    row = {"units": int(rows), "seconds": float(seconds), "peak_megabytes": int(megabytes), "plan_seconds": times}
    for verdict in verdicts([row]):
        print(verdict.line())
    if asked.json:
        asked.json.write_text(json.dumps([row]) + "\n")


def verdicts(rows: Sequence[dict[str, Any]]) -> list[Verdict]:
    """Reading at the goal's size, and a plan of the usual size as a whole process."""
    found = []
    for row in rows:
        said = f"{row['seconds']:.1f} s, {row['peak_megabytes']} MB for {row['units']:,}"
        is_read = row["seconds"] <= MOST_READ_SECONDS and row["peak_megabytes"] <= MOST_MEGABYTES
        goal = f"a workbook of {GOAL_UNITS:,} units read in {MOST_READ_SECONDS:g} s and {MOST_MEGABYTES} MB"
        found.append(Verdict(goal, is_read if row["units"] >= GOAL_UNITS else None, said))
        median = row["plan_seconds"][len(row["plan_seconds"]) // 2]
        found.append(Verdict(f"`evenload plan` of 30 × 600 in {MOST_PLAN_SECONDS:g} s", median <= MOST_PLAN_SECONDS, f"{median:.2f} s"))
    return found


def _example(path: Path, *, practitioners: int, units: int) -> None:
    _run([sys.executable, "-m", "evenload", "example", str(path), "--practitioners", str(practitioners), "--units", str(units)])


def _plan_seconds(path: Path) -> float:
    began = time.perf_counter()
    _run([sys.executable, "-m", "evenload", "plan", str(path), "--quiet"])
    return time.perf_counter() - began


def _run(command: list[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


if __name__ == "__main__":
    main()
