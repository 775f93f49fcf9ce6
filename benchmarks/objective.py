"""What each goal costs: the same programs with one price changed, as ratios to the default prices.

    python -m benchmarks.objective [--size 200x6000] [--tightness 0.95,1.10] [--moves 300] [--seconds 60] [--json OUT] [--quick]

Variants: balance free, as it is, and five times as dear (every price of a load below capacity); continuity free; French no longer asked
for. Effort is counted in moves, so that a busy machine changes the seconds only. All figures but the gap and the seconds are shown as
ratios to the default: the plan's price under its own prices and under the default ones, travel, kept share (of units that have a practitioner of
today), spread (standard deviation of loads in percent of capacity), and units that wait. The first line of a program is absolute.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from evenload.planning.case import Case
    from evenload.planning.plan import Plan

LOAD_PRICES = ("too_little", "balance_near", "balance_far", "dear")
MEASURES = (
    ("own_hours", "own price"),
    ("default_hours", "default price"),
    ("travel_hours", "travel"),
    ("kept_share", "kept"),
    ("spread_points", "spread"),
    ("waiting_units", "waiting"),
)


def main(arguments: Sequence[str] | None = None) -> list[dict[str, Any]]:
    """Run and print; write OUT where asked."""
    asked = _arguments(arguments)
    size, moves = ("65x2000", 60) if asked.quick else (asked.size, asked.moves)
    rows = [row for tightness in asked.tightness.split(",") for row in measured(size, float(tightness), moves, asked.seconds)]
    print_table(rows)
    if asked.json:
        asked.json.write_text(json.dumps(rows, indent=1) + "\n")
    return rows


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.objective", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--size", default="200x6000")
    parser.add_argument("--tightness", default="0.95,1.10")
    parser.add_argument("--moves", type=int, default=300, help="steps of the search per unit")
    parser.add_argument("--seconds", type=float, default=60.0, help="of one variant at most, in case the effort takes longer")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--quick", action="store_true", help="65 x 2,000, 60 steps per unit")
    return parser.parse_args(arguments)


def variants(case: Case) -> dict[str, Case]:
    """The Case with one goal changed, by name; the default first."""
    prices = case.prices
    dearer = {times: {name: times * getattr(prices, name) for name in LOAD_PRICES} for times in (0.0, 5.0)}
    plain = tuple(replace(unit, language="en") if unit.is_french else unit for unit in case.units)
    return {
        "default": case,
        "balance x 0": replace(case, prices=replace(prices, **dearer[0.0])),
        "balance x 5": replace(case, prices=replace(prices, **dearer[5.0])),
        "continuity off": replace(case, prices=replace(prices, continuity_unit=0.0, continuity_hour=0.0)),
        "French off": replace(case, units=plain),
    }


def measured(size: str, tightness: float, moves: int, most_seconds: float) -> list[dict[str, Any]]:
    """Every variant of one program."""
    from benchmarks.instances import Size, caseload
    from evenload.planning.optimise import Limit, solve
    from evenload.planning.optimise.warm import warm

    warm()
    practitioners, units = (int(number) for number in size.split("x"))
    case, rows = caseload(Size(practitioners, units, tightness)), []
    for name, variant in variants(case).items():
        began = time.perf_counter()
        plan = solve(variant, limit=Limit(moves_per_unit=moves, gap_percent=0.0, seconds=most_seconds))
        seconds = time.perf_counter() - began
        rows.append({"variant": name, "size": size, "tightness": tightness, "seconds": seconds, **measures(case, plan)})
    return rows


def measures(case: Case, plan: Plan) -> dict[str, float]:
    """The plan's figures; `case` has the default prices and needs."""
    from evenload.planning.score import score

    holder = {row.unit: row.practitioner for row in plan.assignments}
    targets_minutes = {load.practitioner: load.target_minutes for load in plan.loads}
    current = [unit for unit in case.units if unit.current is not None]
    percents = [100 * load.assigned_minutes / load.capacity_minutes for load in plan.loads if load.capacity_minutes]
    return {
        "own_hours": plan.score.hours,
        "default_hours": score(case, holder, targets_minutes=targets_minutes, unavoidable=0.0).hours,
        "travel_hours": sum(row.travel_minutes for row in plan.assignments) / 60,
        "kept_share": sum(holder.get(unit.id) == unit.current for unit in current) / len(current) if current else 1.0,
        "spread_points": statistics.pstdev(percents),
        "waiting_units": len(plan.waiting),
        "gap_percent": plan.bound.gap_percent(plan.score),
    }


def print_table(rows: Sequence[dict[str, Any]]) -> None:
    """Absolute figures of the default, ratios of the others."""
    print(f"{'program':<12}{'d/s':>6}  {'variant':<16}" + "".join(f"{title:>15}" for _, title in MEASURES) + f"{'gap %':>9}{'s':>8}")
    default: dict[str, Any] = {}
    for row in rows:
        if row["variant"] == "default":
            default = row
            shown = "".join(f"{row[name]:>15.3f}" for name, _ in MEASURES)
        else:
            shown = "".join(f"{_ratio(row[name], default[name]):>15}" for name, _ in MEASURES)
        print(f"{row['size']:<12}{row['tightness']:>6g}  {row['variant']:<16}{shown}{row['gap_percent']:>9.3f}{row['seconds']:>8.1f}")


def _ratio(figure: float, default: float) -> str:
    return f"x {figure / default:.3f}" if default else f"({figure:g} / 0)"


if __name__ == "__main__":
    main()
