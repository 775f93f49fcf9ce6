"""The goals of a million clients, judged by the rows of `growth` and of the long run, `million`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from benchmarks.goals import Verdict

SIZE = "30000x1000000"
GAPS = {0.95: ((1.0, 15.0), (0.5, 600.0)), 1.1: ((1.0, 60.0), (0.5, 600.0))}
"""Demand / supply → (proved gap in percent, seconds)."""

MOST_MEGABYTES = 500
"""Peak of the whole process, the program in memory included."""


def verdicts(rows: Sequence[dict[str, Any]]) -> list[Verdict]:
    """The goals at a million units; what a run was too short to see is not measured, and says so."""
    million = [row for row in rows if row["size"] == SIZE]
    if not million:
        largest = max(rows, key=lambda row: row["units"], default=None)
        said = (
            f"the largest that was run: {largest['size'].replace('x', ' × ')}, {largest['peak_megabytes']} MB"
            if largest
            else "nothing was run"
        )
        return [Verdict(f"{SIZE.replace('x', ' × ')}: 1 % in 15 / 60 s, 0.5 % in 10 min, {MOST_MEGABYTES} MB", None, said)]
    found = []
    for row in million:
        program = f"{SIZE.replace('x', ' × ')} at {row['tightness']:.2f}"
        found += [_gap(program, row, percent, second) for percent, second in GAPS.get(row["tightness"], ())]
        megabytes = row["peak_megabytes"]
        found.append(Verdict(f"{program}: at most {MOST_MEGABYTES} MB", megabytes <= MOST_MEGABYTES, f"{megabytes} MB"))
    return found


def verdicts_of_growth(rows: Sequence[dict[str, Any]]) -> list[Verdict]:
    """The same of the short runs: what they were too short to see is left to `million`."""
    found = verdicts(rows)
    return [verdict for verdict in found if verdict.is_reached is not None] or found[:1]


def _gap(program: str, row: dict[str, Any], percent: float, second: float) -> Verdict:
    points = row["points"]
    then = min((gap for when, gap in points if when <= second), default=None)
    reached = next((when for when, gap in points if gap <= percent), None)
    ended = max((when for when, _ in points), default=0.0)
    said = f"{'–' if then is None else f'{then:.3f}'} % then, {percent:g} % after {'–' if reached is None else f'{reached:.0f}'} s"
    is_reached = then is not None and then <= percent
    if not is_reached and ended < second:
        return Verdict(f"{program}: proved {percent:g} % in {second:g} s", None, f"{said}; the run ended after {ended:.0f} s")
    return Verdict(f"{program}: proved {percent:g} % in {second:g} s", is_reached, said)
