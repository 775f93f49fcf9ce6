"""The engine and its peers on generalised assignment instances: gap to the best known value, and gap proved.

    python -m benchmarks.gap FOLDER [NAME …] --seconds 10,60 [--solvers evenload,highs,cpsat,scip,timefold] [--threads 1]
        [--json OUT] [--from JSON]

Every solver runs in a process of its own, one after another, on the same machine in one run; every assignment is counted again here.
OUT has one row per instance × solver × second: instance, solver, seconds, value, bound, feasible; of the engine also the bound as it is
counted again from its prices of jobs by a separately written loop (the solver may have proved more). The first table shows the gap to the
best value known at each second and what the solver itself had proved at the last; * marks the best of this run where the folder's
best_known.csv says nothing. The second shows the means by kind of instance beside the goals, and how often the engine's value is
worse than the best of the peers'. Instances: FOLDER, or `python -m benchmarks.gap_solvers.generate FOLDER NAME …`.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.gap_solvers.instance import Instance, count_again, read_instance
from benchmarks.gap_solvers.recount import recounted_bound

Row = dict[str, Any]

SOLVERS = ("evenload", "highs", "cpsat", "scip", "timefold")
GOALS = {"c": {10: 0.03, 60: 0.01}, "d": {10: 0.20, 60: 0.08}, "e": {10: 0.08, 60: 0.02}}
"""Mean gap to the best known, in percent, by kind and second."""

PROVED_GOALS = {"c": 0.05, "d": 0.15, "e": 0.05}
"""Proved gap in percent at 60 s."""

GRACE_SECONDS = 90
"""Beyond its time a solver gets this long to stop (Timefold needs some of it), then it is killed and its row is empty."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run and print; write OUT where asked."""
    asked = _arguments(arguments)
    rows = json.loads(asked.from_file.read_text()) if asked.from_file else list(_measured_all(asked))
    known = {row["instance"]: row["best_known"] for row in rows if row["best_known"] is not None}
    print_table(rows, known)
    print_summary(rows, known)
    if asked.json:
        asked.json.write_text(json.dumps(rows, indent=1) + "\n")


def _measured_all(asked: argparse.Namespace) -> Iterator[Row]:
    files = sorted(path for path in asked.folder.rglob("*") if _is_instance(path, asked.names))
    if not files:
        raise SystemExit(f"no instance in {asked.folder}: files of whole numbers, named like d20400, expected")
    known = best_known(asked.folder)
    for path in files:
        for solver in asked.solvers.split(","):
            for row in measure(path, solver, asked.seconds, asked.threads):
                yield {**row, "best_known": known.get(path.stem)}


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gap", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--seconds", default="10,60")
    parser.add_argument("--solvers", default=",".join(SOLVERS))
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--from", dest="from_file", type=Path, metavar="JSON")
    return parser.parse_args(arguments)


def _is_instance(path: Path, names: Sequence[str]) -> bool:
    if not path.is_file() or path.suffix not in ("", ".txt"):
        return False
    return path.stem in names if names else path.stem[:1].lower() in "abcde" and path.stem[1:].isdigit()


def best_known(folder: Path) -> dict[str, int]:
    """Best value known by instance name, where the folder (or one above) has a best_known.csv."""
    for place in (folder, *list(folder.resolve().parents)[:2]):
        if (place / "best_known.csv").is_file():
            with (place / "best_known.csv").open(newline="") as lines:
                return {row["instance"].split("/")[-1]: int(row["best_value_to_use"]) for row in csv.DictReader(lines)}
    return {}


def measure(path: Path, solver: str, seconds: str, threads: int) -> Iterator[Row]:
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
            "recounted": recounted_bound(instance, snapshot["job_prices"]) if snapshot.get("job_prices") else None,
            "feasible": feasible,
            "took": answer.get("took"),
            "peak_megabytes": answer.get("peak_megabytes"),
        }


def _recount(instance: Instance, assignment: list[int] | None) -> tuple[int | None, bool]:
    return (None, False) if assignment is None else count_again(instance, assignment)


def _run(path: Path, solver: str, seconds: str, threads: int) -> dict[str, Any]:
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


def best_of_all(rows: Sequence[Row], known: Mapping[str, int]) -> dict[str, int]:
    """The value that gaps are measured against, by instance: the best known, else the best of these rows."""
    best = dict(known)
    for row in rows:
        if row["instance"] not in known and row["feasible"]:
            best[row["instance"]] = min(best.get(row["instance"], row["value"]), row["value"])
    return best


def gap_percent(row: Row, best: Mapping[str, int]) -> float | None:
    """Gap to the best value; None where nothing feasible was found, or nothing is known."""
    if not row["feasible"] or row["instance"] not in best:
        return None
    return 100 * (row["value"] - best[row["instance"]]) / abs(best[row["instance"]])


def proved_percent(row: Row) -> float | None:
    """Gap that the solver itself had proved; None where it had no bound or no assignment."""
    if not row["feasible"] or row["bound"] is None:
        return None
    return 100 * max(0.0, row["value"] - row["bound"]) / abs(row["value"])


def print_table(rows: Sequence[Row], known: Mapping[str, int]) -> None:
    """One line per instance and solver; – where nothing feasible was found (or nothing was proved)."""
    best, seconds = best_of_all(rows, known), sorted({row["seconds"] for row in rows})
    titles = "".join(f"{f'at {second:g} s %':>12}" for second in seconds)
    print(f"{'instance':<12}{'best':>9}  {'solver':<10}{titles}{'value':>10}{'bound':>12}{'recounted':>11}{'proved %':>10}{'MB':>7}")
    for instance, solver in dict.fromkeys((row["instance"], row["solver"]) for row in rows):
        own = {row["seconds"]: row for row in rows if (row["instance"], row["solver"]) == (instance, solver)}
        gaps = "".join(f"{_figure(gap_percent(own[second], best)) if second in own else '–':>12}" for second in seconds)
        last = own[max(own)]
        mark = "" if instance in known else "*"
        print(
            f"{instance:<12}{best.get(instance, '–')!s:>9}{mark:<2}{solver:<10}{gaps}{(last['value'] if last['feasible'] else '–')!s:>10}"
            f"{_figure(last['bound'], 1):>12}{_figure(last.get('recounted'), 0):>11}{_figure(proved_percent(last)):>10}{last.get('peak_megabytes') or '–'!s:>7}"
        )


def print_summary(rows: Sequence[Row], known: Mapping[str, int]) -> None:
    """Means by kind at the seconds of the goals (or at the last), the goals, and how often a peer's value is better."""
    best, seconds = best_of_all(rows, known), sorted({row["seconds"] for row in rows})
    asked = [second for second in seconds if second in (10, 60)] or seconds[-1:]
    print(f"\n{'kind':<6}{'s':>5}  {'solver':<10}{'n':>3}{'mean gap %':>12}{'worst %':>10}{'proved %':>10}{'none':>6}   goal")
    for kind in sorted({row["instance"][:1].lower() for row in rows}):
        for second in asked:
            here = [row for row in rows if row["seconds"] == second and row["instance"][:1].lower() == kind]
            for solver in dict.fromkeys(row["solver"] for row in here):
                _print_mean(kind, second, [row for row in here if row["solver"] == solver], best)
            _print_against_peers(kind, second, here)


def _print_mean(kind: str, second: float, own: Sequence[Row], best: Mapping[str, int]) -> None:
    gaps = [gap for row in own if (gap := gap_percent(row, best)) is not None]
    proofs = [gap for row in own if (gap := proved_percent(row)) is not None]
    goal = ""
    if own[0]["solver"] == "evenload" and second in GOALS.get(kind, {}):
        goal = f"   gap {GOALS[kind][int(second)]} %" + (f", proved {PROVED_GOALS[kind]} %" if second == 60 else "")
    print(
        f"{kind:<6}{second:>5g}  {own[0]['solver']:<10}{len(own):>3}{_figure(_mean(gaps)):>12}{_figure(max(gaps, default=None)):>10}"
        f"{_figure(_mean(proofs)):>10}{len(own) - len(gaps):>6}{goal}"
    )


def _print_against_peers(kind: str, second: float, here: Sequence[Row]) -> None:
    ours = {row["instance"]: row["value"] for row in here if row["solver"] == "evenload" and row["feasible"]}
    theirs: dict[str, int] = {}
    for row in here:
        if row["solver"] != "evenload" and row["feasible"]:
            theirs[row["instance"]] = min(theirs.get(row["instance"], row["value"]), row["value"])
    if theirs and any(row["solver"] == "evenload" for row in here):
        worse = [name for name, value in sorted(theirs.items()) if name not in ours or ours[name] > value]
        print(f"{kind:<6}{second:>5g}  worse than the best peer on {len(worse)} of {len(theirs)} (goal: 0) {' '.join(worse)}")


def _mean(figures: Sequence[float]) -> float | None:
    return sum(figures) / len(figures) if figures else None


def _figure(value: float | None, digits: int = 3) -> str:
    return "–" if value is None else f"{value:.{digits}f}"


if __name__ == "__main__":
    main()
