"""Evenload on a synthetic program; the plan is counted again before its figures are printed."""

from __future__ import annotations

import time

from benchmarks.caseload_solvers.report import Report, counted_hours, run
from evenload.planning.case import Case
from evenload.planning.optimise import Limit, solve
from evenload.planning.optimise.warm import warm


def solved(case: Case, report: Report, seconds: float) -> None:
    """Search for so long; the compiled code is loaded first, as it is in a service that has started."""
    warm()
    began = time.perf_counter()
    plan = solve(
        case,
        limit=Limit(seconds=seconds, gap_percent=0.01),
        progress=lambda _share, gap_percent: report.told(time.perf_counter() - began, gap_percent),
    )
    report.told(time.perf_counter() - began, plan.bound.gap_percent(plan.score))
    report.hours, report.bound = plan.score.hours, plan.bound.hours
    targets_minutes = {load.practitioner: load.target_minutes for load in plan.loads}
    counted = counted_hours(case, {row.unit: row.practitioner for row in plan.assignments}, targets_minutes)
    if abs(counted - plan.score.hours) > 1e-6 * max(1.0, counted):
        raise SystemExit(f"the second count disagrees: {counted} instead of {plan.score.hours}")


if __name__ == "__main__":
    run("evenload", solved)
