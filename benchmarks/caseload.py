"""Assignment at three sizes: time to the first answer, time to proved gaps, memory; beside HiGHS in the same run.

python -m benchmarks.caseload [--sizes 30x600,200x6000] [--tightness 0.95,1.10] [--seconds 5,20] [--solvers evenload,highs] [--json OUT]
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

GOALS = {
    ("30x600", 0.95): "first answer <= 2 s, <= 1 % within 5 s, <= 600 MB",
    ("200x6000", 0.95): "<= 2 % in 20 s, <= 600 MB",
}


def main(arguments: Sequence[str] | None = None) -> list[dict[str, Any]]:
    """Run and print the table, the goals beside it."""
    asked = _arguments(arguments)
    seconds = dict(zip(asked.sizes.split(","), asked.seconds.split(","), strict=True))
    rows = [
        measured(solver, size, float(tightness), float(seconds[size]))
        for size in seconds
        for tightness in asked.tightness.split(",")
        for solver in asked.solvers.split(",")
    ]
    print_table(rows)
    if asked.json:
        asked.json.write_text(json.dumps(rows, indent=1) + "\n")
    return rows


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.caseload", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--sizes", default="30x600,200x6000")
    parser.add_argument("--tightness", default="0.95,1.10")
    parser.add_argument("--seconds", default="5,20", help="one per size")
    parser.add_argument("--solvers", default="evenload,highs")
    parser.add_argument("--json", type=Path)
    return parser.parse_args(arguments)


def measured(solver: str, size: str, tightness: float, seconds: float) -> dict[str, Any]:
    """One solver on one program, in a process of its own."""
    command = [sys.executable, "-m", f"benchmarks.caseload_solvers.{solver}", size, str(tightness), str(seconds)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        print(f"{solver} on {size}: {done.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
        return {"solver": solver, "size": size, "tightness": tightness}
    answer: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return answer


def print_table(rows: Sequence[dict[str, Any]]) -> None:
    """One line per solver and program; – where there is nothing."""
    heading = ("program", "d/s", "solver", "first s", "to 2 %", "to 1 %", "to 0.3 %", "gap %", "in s", "hours", "MB")
    print("{:<11}{:>5} {:<10}{:>9}{:>9}{:>9}{:>9}{:>9}{:>8}{:>11}{:>6}  goal".format(*heading))
    for row in rows:
        levels = row.get("seconds_to", {})
        figures = [row.get("first_seconds"), *(levels.get(level) for level in ("2", "1", "0.3"))]
        shown = [_figure(figure, 2) for figure in figures]
        rest = (
            _figure(row.get("gap_percent"), 3),
            _figure(row.get("seconds"), 1),
            _figure(row.get("hours"), 1),
            row.get("peak_megabytes", "–"),
        )
        goal = GOALS.get((row["size"], row["tightness"]), "") if row["solver"] == "evenload" else ""
        print("{:<11}{:>5} {:<10}{:>9}{:>9}{:>9}{:>9}{:>9}{:>8}{:>11}{:>6}  {}".format(
            row["size"], row["tightness"], row["solver"], *shown, *rest, goal))  # fmt: skip


def _figure(value: float | None, digits: int) -> str:
    return "–" if value is None else f"{value:.{digits}f}"


if __name__ == "__main__":
    main()
