"""Evenload on a synthetic program; the plan is counted again before its figures are printed."""

from __future__ import annotations

import time

from benchmarks.caseload_solvers.report import Report, run
from evenload.planning.case import Case
from evenload.planning.check import counted_parts
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
    report.seconds = time.perf_counter() - began
    report.gap_percent, report.hours, report.bound = plan.bound.gap_percent(plan.score), plan.score.hours, plan.bound.hours
    counted = sum(counted_parts(case, {row.unit: row.practitioner for row in plan.assignments}).values())
    if abs(counted - plan.score.hours) > 1e-6 * max(1.0, counted):
        raise SystemExit(f"the second count disagrees: {counted} instead of {plan.score.hours}")


if __name__ == "__main__":
    run("evenload", solved)
