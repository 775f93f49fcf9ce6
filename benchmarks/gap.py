"""The engine and its peers on generalised assignment instances: gap to the best known value, and gap proved.

    python -m benchmarks.gap FOLDER [NAME …] --seconds 10,60 [--solvers evenload,highs,cpsat,scip,timefold] [--threads 1] [--json OUT]

Every solver runs in a process of its own, one after another, on the same machine in one run; every assignment is counted again here.
OUT has one row per instance × solver × second: instance, solver, seconds, value, bound, feasible.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.gap_solvers.instance import Instance, count_again, read_instance

SOLVERS = ("evenload", "highs", "cpsat", "scip", "timefold")
GRACE_SECONDS = 90
"""Beyond its time a solver gets this long to stop (Timefold needs some of it), then it is killed and its row is empty."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run and print; write OUT where asked."""
    asked = _arguments(arguments)
    files = sorted(path for path in asked.folder.rglob("*") if _is_instance(path, asked.names))
    if not files:
        raise SystemExit(f"no instance in {asked.folder}: files of whole numbers, named like d20400, expected")
    best = best_known(asked.folder)
    rows = [row for path in files for solver in asked.solvers.split(",") for row in measure(path, solver, asked.seconds, asked.threads)]
    print_table(rows, best)
    if asked.json:
        asked.json.write_text(json.dumps(rows, indent=1) + "\n")


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gap", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--seconds", default="10,60")
    parser.add_argument("--solvers", default=",".join(SOLVERS))
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--json", type=Path)
    return parser.parse_args(arguments)


def _is_instance(path: Path, names: Sequence[str]) -> bool:
    if not path.is_file() or path.suffix not in ("", ".txt"):
        return False
    return path.stem in names if names else path.stem[:1].lower() in "abcde" and path.stem[1:].isdigit()


def best_known(folder: Path) -> dict[str, int]:
    """Best value known by instance name, where the folder (or one above) has a best_known.csv."""
    for place in (folder, *folder.resolve().parents[:2]):
        if (place / "best_known.csv").is_file():
            with (place / "best_known.csv").open(newline="") as lines:
                return {row["instance"].split("/")[-1]: int(row["best_value_to_use"]) for row in csv.DictReader(lines)}
    return {}


def measure(path: Path, solver: str, seconds: str, threads: int) -> Iterator[dict[str, object]]:
    """One row per second asked about; value None where the solver had nothing feasible by then."""
    instance = read_instance(path)
    answer = _run(path, solver, seconds, threads)
    for snapshot in answer["at"]:
        value, feasible = _recount(instance, snapshot["assignment"])
        yield {
            "instance": instance.name,
            "solver": solver,
            "seconds": snapshot["second"],
            "value": value,
            "bound": snapshot["bound"],
            "feasible": feasible,
            "took": answer.get("took"),
            "peak_megabytes": answer.get("peak_megabytes"),
        }


def _recount(instance: Instance, assignment: list[int] | None) -> tuple[int | None, bool]:
    return (None, False) if assignment is None else count_again(instance, assignment)


def _run(path: Path, solver: str, seconds: str, threads: int) -> dict[str, list[dict[str, object]]]:
    nothing = {"at": [{"second": float(text), "assignment": None, "bound": None} for text in seconds.split(",")]}
    command = [sys.executable, "-m", f"benchmarks.gap_solvers.{solver}", str(path), "--seconds", seconds, "--threads", str(threads)]
    limit = max(float(text) for text in seconds.split(",")) + GRACE_SECONDS
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=limit, check=False)
    except subprocess.TimeoutExpired:
        print(f"{solver} on {path.name}: stopped after {limit:.0f} s", file=sys.stderr)
        return nothing
    if done.returncode != 0:
        print(f"{solver} on {path.name}: {done.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
        return nothing
    return json.loads(done.stdout.strip().splitlines()[-1])


def print_table(rows: Sequence[dict[str, object]], best: dict[str, int]) -> None:
    """Gap to the best known value, and gap proved by the solver's own bound, in percent; – where there is nothing."""
    print(f"{'instance':<12}{'solver':<10}{'s':>6}{'value':>10}{'gap %':>9}{'proved %':>10}{'MB':>7}")
    for row in rows:
        value, known, bound = row["value"], best.get(str(row["instance"])), row["bound"]
        usable = value is not None and row["feasible"]
        gap = f"{100 * (value - known) / known:.3f}" if usable and known else "–"
        proved = f"{100 * (value - bound) / value:.3f}" if usable and bound is not None else "–"
        shown = value if usable else "–"
        print(
            f"{row['instance']!s:<12}{row['solver']!s:<10}{row['seconds']:>6g}{shown!s:>10}{gap:>9}{proved:>10}{row['peak_megabytes'] or '–'!s:>7}"
        )


if __name__ == "__main__":
    main()
