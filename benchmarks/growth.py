"""Cost against size: what each stage of the engine takes from 30 × 600 to 2,000 × 60,000, and the exponent that fits.

    python -m benchmarks.growth [--sizes 30x600,…] [--tightness 0.95,1.10] [--gap 1] [--seconds 60] [--json OUT] [--quick]

Every program is solved in a process of its own, on all cores that the benchmark has. The stages: the Case as arrays (`arrays`), prices
of loads with exact pricing of every eligible pair (`dual + pricing`), the first plan, counted from the Case in memory, and the proved
gap of --gap percent. `exponent` is b in seconds = a · units^b, fitted by least squares to the logarithms; 1 is linear.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

SIZES = "30x600,65x2000,200x6000,600x18000,2000x60000"
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
    if asked.one:
        print(json.dumps(measured(asked.one, float(asked.tightness), asked.gap, seconds=asked.seconds)))
        return []
    sizes = "30x600,65x2000,200x6000" if asked.quick else asked.sizes
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
    parser.add_argument("--one", metavar="SIZE", help="one program, in this process, as JSON")
    return parser.parse_args(arguments)


def _elsewhere(size: str, tightness: str, asked: argparse.Namespace) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.growth", "--one", size, "--tightness", tightness]
    command += ["--gap", str(asked.gap), "--seconds", str(asked.seconds)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    row: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return row


def measured(size: str, tightness: float, gap_percent: float, *, seconds: float) -> dict[str, Any]:
    """The stages of one program, in this process."""
    from benchmarks.instances import Size, caseload
    from evenload.planning.optimise import Limit
    from evenload.planning.optimise.setting import priced, setting_of
    from evenload.planning.optimise.solve import Search
    from evenload.planning.optimise.warm import warm

    warm()
    practitioners, units = (int(number) for number in size.split("x"))
    case = caseload(Size(practitioners, units, tightness))
    began = time.perf_counter()
    setting = setting_of(case)
    arrays_seconds = time.perf_counter() - began
    first = time.perf_counter()
    priced(setting, None)
    pricing_seconds = time.perf_counter() - first
    points: list[tuple[float, float]] = []
    started = time.perf_counter()
    limit = Limit(seconds=seconds, gap_percent=gap_percent)
    search = Search(setting, 0, limit, progress=lambda _, gap: points.append((arrays_seconds + time.perf_counter() - started, gap)))
    search.run()
    reached = [when for when, gap in points if gap <= gap_percent]
    return {
        "size": size,
        "units": units,
        "tightness": tightness,
        "arrays_seconds": arrays_seconds,
        "pricing_seconds": pricing_seconds,
        "first_seconds": points[0][0],
        "first_gap_percent": points[0][1],
        "gap_seconds": reached[0] if reached else None,
        "last_gap_percent": points[-1][1],
        "points": points,
        "peak_megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


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
