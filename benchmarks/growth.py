"""Cost against size: what each stage of the engine takes from 30 × 600 to 30,000 × 1,000,000, and the exponent that fits.

    python -m benchmarks.growth [--sizes 30x600,…] [--tightness 0.95,1.10] [--gap 1] [--seconds 60] [--json OUT] [--quick]
    python -m benchmarks million        a million units for ten minutes each, as far as 0.5 %

Every program is solved in a process of its own, on all cores that the benchmark has; its units are columns. The stages: the Case as arrays
(`arrays`), prices of loads with exact pricing of every eligible pair (`dual + pricing`), the first plan, counted from the Case in memory,
and the proved gap of --gap percent. `MB` is the peak of the whole process, interpreter and compiled code included, up to the end of the
search; then every plan is counted again pair by pair, and every bound over all pairs, by separately written loops. `exponent` is b in seconds = a · units^b, fitted by least squares to the logarithms; 1 is linear.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from evenload.planning.optimise.result import Found

SIZES = "30x600,65x2000,200x6000,600x18000,2000x60000,9000x300000,30000x1000000"
ROUNDED = 1e-6
"""Share by which the price of a plan may differ where arcs are rounded (`records.SMALL_ARC`)."""

MILLION = 1_000_000
LADDER = (5.0, 2.0, 1.0, 0.5)
"""Proved gaps in percent: of a million units it is told when each was reached."""

STAGES = (
    ("arrays_seconds", "arrays s"),
    ("pricing_seconds", "dual + pricing s"),
    ("first_seconds", "first plan s"),
    ("gap_seconds", "to the gap s"),
    ("peak_megabytes", "MB"),
)


def main(arguments: Sequence[str] | None = None) -> list[dict[str, Any]]:
    """Run and print; write OUT where asked."""
    asked = _arguments(arguments)
    if asked.compile:
        compile_all()
        return []
    if asked.one:
        print(json.dumps(measured(asked.one, float(asked.tightness), asked.gap, seconds=asked.seconds)))
        return []
    sizes = "30x600,65x2000,200x6000" if asked.quick else asked.sizes
    subprocess.run([sys.executable, "-m", "benchmarks.growth", "--compile"], check=True)
    rows = [_elsewhere(size, tightness, asked) for tightness in asked.tightness.split(",") for size in sizes.split(",")]
    print_table(rows, asked.gap)
    if asked.json:
        asked.json.write_text(json.dumps(rows, indent=1) + "\n")
    return rows


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--sizes", default=SIZES)
    parser.add_argument("--tightness", default="0.95,1.10")
    parser.add_argument("--gap", type=float, default=1.0, help="percent at which the search may stop")
    parser.add_argument("--seconds", type=float, default=60.0, help="after which it stops in any case")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--quick", action="store_true", help="to 200 x 6,000")
    parser.add_argument("--compile", action="store_true", help="compile what is not compiled yet, and end")
    parser.add_argument("--one", metavar="SIZE", help="one program, in this process, as JSON")
    return parser.parse_args(arguments)


def _elsewhere(size: str, tightness: str, asked: argparse.Namespace) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.growth", "--one", size, "--tightness", tightness]
    command += ["--gap", str(asked.gap), "--seconds", str(asked.seconds)]
    # Freed arrays go back at once; else the peak is that of the allocator's habits, not of the engine.
    environment = {**os.environ, "MALLOC_MMAP_THRESHOLD_": str(2**18), "MALLOC_ARENA_MAX": "1"}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    row: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return row


def measured(size: str, tightness: float, gap_percent: float, *, seconds: float) -> dict[str, Any]:
    """The stages of one program, in this process; then its plan and its bound, counted a second time. Raises SystemExit where they differ."""
    from benchmarks.instances import Size, caseload_in_columns
    from evenload.planning.optimise import Limit
    from evenload.planning.optimise.setting import setting_of
    from evenload.planning.optimise.solve import Search

    practitioners, units = (int(number) for number in size.split("x"))
    case = caseload_in_columns(Size(practitioners, units, tightness))
    points: list[tuple[float, float]] = []
    began, spent = time.perf_counter(), time.process_time()
    setting = setting_of(case)
    del case
    arrays_seconds = time.perf_counter() - began
    limit = Limit(seconds=seconds, gap_percent=gap_percent)
    search = Search(setting, 0, limit, progress=lambda _, gap: points.append((time.perf_counter() - began, gap)), began=began)
    del setting
    found = search.run()
    spent = time.process_time() - spent
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    reached = [when for when, gap in points if gap <= gap_percent]
    first = next((point for point in points[1:] if point[1] < points[0][1]), points[-1])
    gap_counted = counted_gap(found)
    return {
        "size": size,
        "units": units,
        "tightness": tightness,
        "arrays_seconds": arrays_seconds,
        "pricing_seconds": points[0][0] - arrays_seconds,
        "first_seconds": first[0],
        "first_gap_percent": first[1],
        "gap_seconds": reached[0] if reached else None,
        "last_gap_percent": gap_counted,
        "points": points,
        "processor_seconds": spent,
        "peak_megabytes": peak,
    }


def compile_all() -> None:
    """Compiles for usual and for small records, so that no measured process pays for it in time or memory."""
    from benchmarks.instances import Size, caseload_in_columns
    from evenload.planning.optimise import Limit, candidates
    from evenload.planning.optimise.setting import setting_of
    from evenload.planning.optimise.solve import Search
    from evenload.planning.optimise.warm import warm

    warm()
    candidates.LARGE_NODES = 1_200
    # Enough effort for every kind of round that a region gets.
    counted_gap(Search(setting_of(caseload_in_columns(Size(30, 1_200))), 0, Limit(moves_per_unit=10, gap_percent=0.0)).run())


def counted_gap(found: Found) -> float:
    """Percent of the plan's avoidable price that is not proved, from its price counted again; the prices' bound is counted again too."""
    from benchmarks.bound_solvers.all_pairs import counted_again, plan_again

    setting, worth = found.setting, found.priced.worth
    hours, broken = plan_again(setting.case, found.placed.who, setting.targets_minutes)
    if broken or abs(hours - found.placed.hours) > ROUNDED * hours:
        raise SystemExit(f"the second count of the plan disagrees: {hours} instead of {found.placed.hours}, {broken} rules broken")
    certified = counted_again(setting.case, setting.targets_minutes, worth.minute, worth.trip)
    if abs(certified - found.priced.certified_hours) > 1e-9 * abs(certified):
        raise SystemExit(f"the second count of the bound disagrees: {certified} instead of {found.priced.certified_hours}")
    return 100 * (hours - found.bound_hours) / (hours - setting.unavoidable_hours)


def print_table(rows: Sequence[dict[str, Any]], gap_percent: float) -> None:
    """One line per program, one line of exponents per tightness; – where the gap was not reached."""
    print(
        f"{'program':<12}{'d/s':>6}" + "".join(f"{title:>18}" for _, title in STAGES) + f"{'gap then %':>12}   the gap: {gap_percent:g} %"
    )
    for tightness in sorted({row["tightness"] for row in rows}):
        own = [row for row in rows if row["tightness"] == tightness]
        for row in own:
            shown = "".join(f"{_figure(row[name]):>18}" for name, _ in STAGES)
            print(f"{row['size']:<12}{tightness:>6g}{shown}{row['last_gap_percent']:>12.3f}")
        print(f"{'exponent':<12}{tightness:>6g}" + "".join(f"{_figure(exponent(own, name)):>18}" for name, _ in STAGES))
        for row in own:
            if row["units"] >= MILLION:
                print(way_line(row))


def way_line(row: dict[str, Any]) -> str:
    """When a million units came to which gap, and what was left in the end."""
    reached = {percent: next((when for when, gap in row["points"] if gap <= percent), None) for percent in LADDER}
    way = ", ".join(f"{percent:g} % after {when:.0f} s" for percent, when in reached.items() if when is not None)
    return f"way          {way or 'none of 5, 2, 1, 0.5 %'}; {row['last_gap_percent']:.2f} % at the end, {row['peak_megabytes']} MB"


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:d}" if isinstance(value, int) else f"{value:.3f}"


def exponent(rows: Sequence[dict[str, Any]], name: str) -> float | None:
    """b in figure = a · units^b by least squares on the logarithms; None with fewer than three figures."""
    known = [(row["units"], row[name]) for row in rows if row[name]]
    if len(known) < 3:
        return None
    units, figures = np.log(np.array(known, np.float64)).T
    return float(np.polyfit(units, figures, 1)[0])


if __name__ == "__main__":
    main()
