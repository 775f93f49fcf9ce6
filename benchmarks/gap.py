"""The engine and its peers on generalised assignment instances: gap to the best known value, and gap proved.

    python -m benchmarks.gap FOLDER [NAME …] --seconds 10,60 [--solvers evenload,highs,cpsat,scip,timefold] [--threads 1]
        [--json OUT] [--keep OUT] [--again evenload] [--merge FILE …] [--from JSON]

NAME is an instance (d20400) or the letter of a class; none means all. Every solver runs in a process of its own, one after another, on
the same machine; solvers that are not installed are left out, and a line says so. Every assignment is counted again here, and the engine's
bounds: what its prices of jobs prove by a separately written loop (`recounted`: prices), what it proved beyond them by branching by another
that goes through its branches again (branches; up to two minutes of a processor), else by SCIP on what the prices leave open (with SCIP; part:
neither in time). A bound that its prices or branches do not give, or that lies above an assignment that somebody found, stops the benchmark. OUT has one row per instance × solver × second: instance, solver, seconds, value, bound, recounted,
feasible, and when, from which commit and how loaded it came about.

--keep OUT goes on where an earlier run stopped: what OUT has of an instance and a solver at all the seconds asked about is left out, the rest
is measured and added to OUT at once. --again measures these solvers anew all the same. --merge takes in the rows of other runs (what OUT has
already stays); --from OUT runs nothing. The first table shows the gap to the best value known at each second and what the solver itself
had proved at the last; * marks the best of this run where the folder's best_known.csv says nothing. The second shows means and worst by
class beside each peer, and the goals. Instances: FOLDER, or `python -m benchmarks.gap_solvers.generate FOLDER NAME …`.
"""

from __future__ import annotations

import argparse
import csv
import importlib.util
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.gap_again import with_the_rest_recounted
from benchmarks.gap_goals import OURS
from benchmarks.gap_rows import Row, checked, is_wanted, merged, without
from benchmarks.gap_solvers.instance import Instance, count_again, read_instance
from benchmarks.gap_solvers.recount import recounted_bound
from benchmarks.gap_table import print_table
from benchmarks.record import load_average, stamp

SOLVERS = {"evenload": "evenload", "highs": "highspy", "cpsat": "ortools", "scip": "pyscipopt", "timefold": "timefold"}
"""Solver → the package that it needs."""

GRACE_SECONDS = 90
"""Beyond its time a solver gets this long to stop (Timefold needs some of it), then it is killed and its row is empty."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what is not there yet, write it where asked, print."""
    asked = _arguments(arguments)
    into = asked.keep or asked.json
    rows = _read(asked.from_file or asked.keep)
    if asked.again:
        rows = without(rows, solvers=asked.again.split(","), names=asked.names)
    for file in asked.merge:
        rows = merged(rows, [row for row in _dated(_read(file), file) if is_wanted(row["instance"], asked.names)])
    _write(into, rows)
    if not asked.from_file:
        rows = _measured_all(asked, rows, into)
    rows = [row for row in rows if is_wanted(row["instance"], asked.names)]
    print_table(checked(rows))
    _write(asked.json, rows)


def _read(file: Path | None) -> list[Row]:
    """Rows of OUT, or of a record of `python -m benchmarks --record`."""
    held = json.loads(file.read_text()) if file is not None and file.exists() else []
    rows: list[Row] = held["rows"] if isinstance(held, dict) else held
    return rows


def _dated(rows: Sequence[Row], file: Path) -> list[Row]:
    """Rows that do not say when they came about have the date of their file."""
    return [{"date": f"{datetime.fromtimestamp(file.stat().st_mtime, UTC):%Y-%m-%d %H:%M} UTC", **row} for row in rows]


def _write(file: Path | None, rows: Sequence[Row]) -> None:
    """The rows; a record keeps what else it holds until its piece has run to the end."""
    if file is not None:
        held = json.loads(file.read_text()) if file.exists() else []
        file.write_text(json.dumps({**held, "rows": rows} if isinstance(held, dict) else rows, separators=(",", ":")) + "\n")


def _measured_all(asked: argparse.Namespace, rows: list[Row], into: Path | None) -> list[Row]:
    """The rows and what they lack, written after each solver's turn, so that a long run may be interrupted."""
    files = sorted((path for path in asked.folder.rglob("*") if _is_instance(path, asked.names)), key=lambda path: path.stem)
    if not files:
        raise SystemExit(f"no instance in {asked.folder}: files of whole numbers, named like d20400, expected")
    known, seconds = best_known(asked.folder), [float(text) for text in asked.seconds.split(",")]
    solvers = _installed(asked.solvers.split(","))
    for path in files:
        for solver in solvers:
            have = {row["seconds"] for row in rows if (row["instance"], row["solver"]) == (path.stem, solver)}
            if not have.issuperset(seconds):
                new = [{**row, "best_known": known.get(path.stem)} for row in measure(path, solver, asked.seconds, asked.threads)]
                rows = checked(merged(new, without(rows, solvers=[solver], names=[path.stem])))
                _write(into, rows)
    return rows


def _installed(solvers: Sequence[str]) -> list[str]:
    """Those whose package is there; a line names the others."""
    if unknown := [solver for solver in solvers if solver not in SOLVERS]:
        raise SystemExit(f"no such solver: {' '.join(unknown)}; there are {', '.join(SOLVERS)}")
    there = [solver for solver in solvers if importlib.util.find_spec(SOLVERS[solver]) is not None]
    for solver in solvers:
        if solver not in there:
            print(f"{solver} is not installed here and was not run (benchmarks/README.md says how to install it)")
    return there


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gap", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--seconds", default="10,60")
    parser.add_argument("--solvers", default=",".join(SOLVERS))
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--json", type=Path, metavar="OUT")
    parser.add_argument("--keep", type=Path, metavar="OUT")
    parser.add_argument("--again", default="", metavar="SOLVERS")
    parser.add_argument("--merge", type=Path, action="extend", nargs="+", default=[], metavar="FILE")
    parser.add_argument("--from", dest="from_file", type=Path, metavar="JSON", help="print these rows, run nothing")
    return parser.parse_args(arguments)


def _is_instance(path: Path, names: Sequence[str]) -> bool:
    if not path.is_file() or path.suffix not in ("", ".txt"):
        return False
    return is_wanted(path.stem, names) and (path.stem in names or (path.stem[:1].lower() in "abcde" and path.stem[1:].isdigit()))


def best_known(folder: Path) -> dict[str, int]:
    """Best value known by instance name, where the folder (or one above) has a best_known.csv."""
    for place in (folder, *list(folder.resolve().parents)[:2]):
        if (place / "best_known.csv").is_file():
            with (place / "best_known.csv").open(newline="") as lines:
                return {row["instance"].split("/")[-1]: int(row["best_value_to_use"]) for row in csv.DictReader(lines)}
    return {}


def measure(path: Path, solver: str, seconds: str, threads: int) -> list[Row]:
    """One row per second asked about; value None where the solver had nothing feasible by then."""
    instance, under = read_instance(path), stamp()
    with tempfile.TemporaryDirectory() as folder:
        certificate = Path(folder) / "branches.npz"
        answer = _run(path, solver, seconds, ["--threads", str(threads), *(["--certificate", str(certificate)] if solver == OURS else [])])
        origin = {name: under[name] for name in ("date", "commit", "cores")} | {"load": _greater(under["load"], load_average())}
        rows = [_row(instance, solver, snapshot, answer) | origin for snapshot in answer["at"]]
        return rows if solver != OURS else with_the_rest_recounted(rows, path, answer, certificate)


def _greater(one: float | None, other: float | None) -> float | None:
    return max((load for load in (one, other) if load is not None), default=None)


def _row(instance: Instance, solver: str, snapshot: dict[str, Any], answer: dict[str, Any]) -> Row:
    value, feasible = _recount(instance, snapshot["assignment"])
    return {
        "instance": instance.name,
        "solver": solver,
        "seconds": snapshot["second"],
        "value": value,
        "bound": snapshot["bound"],
        "claimed": snapshot.get("certified_bound"),
        "recounted": recounted_bound(instance, snapshot["job_prices"]) if snapshot.get("job_prices") else None,
        "feasible": feasible,
        "took": answer.get("took"),
        "processor_seconds": answer.get("processor_seconds"),
        "peak_megabytes": answer.get("peak_megabytes"),
    }


def _recount(instance: Instance, assignment: list[int] | None) -> tuple[int | None, bool]:
    return (None, False) if assignment is None else count_again(instance, assignment)


def _run(path: Path, solver: str, seconds: str, options: Sequence[str]) -> dict[str, Any]:
    nothing = {"at": [{"second": float(text), "assignment": None, "bound": None} for text in seconds.split(",")]}
    command = [sys.executable, "-m", f"benchmarks.gap_solvers.{solver}", str(path), "--seconds", seconds, *options]
    limit = max(float(text) for text in seconds.split(",")) + GRACE_SECONDS
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=limit, check=False)
    except subprocess.TimeoutExpired:
        print(f"{solver} on {path.name}: stopped after {limit:.0f} s", file=sys.stderr)
        return nothing
    if done.returncode != 0:
        print(f"{solver} on {path.name}: {done.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
        return nothing
    answer: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return answer


if __name__ == "__main__":
    main()
