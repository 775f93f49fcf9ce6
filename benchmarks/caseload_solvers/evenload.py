"""Evenload on a synthetic program; plan and bound are counted again before their figures are printed.

The steps are those of `solve`, so that the prices of units that prove the bound are at hand.
"""

from __future__ import annotations

import time

import numpy as np

from benchmarks.bound_solvers.all_pairs import counted_again
from benchmarks.caseload_solvers.report import Report, counted_hours, peak_megabytes, run
from benchmarks.caseload_solvers.weeks_again import bound_of_weeks, trip_price
from evenload.planning.case import Case
from evenload.planning.optimise import Limit
from evenload.planning.optimise.result import plan_of
from evenload.planning.optimise.setting import setting_of
from evenload.planning.optimise.solve import Search
from evenload.planning.optimise.warm import warm
from evenload.planning.plan import Plan


def solved(case: Case, report: Report, seconds: float) -> None:
    """Search for so long; the compiled code is loaded first, as it is in a service that has started."""
    warm()
    began = time.perf_counter()
    limit = Limit(seconds=seconds, gap_percent=0.01)
    search = Search(
        setting_of(case),
        0,
        limit,
        progress=lambda _share, gap_percent: report.told(time.perf_counter() - began, gap_percent),
        began=began,
    )
    plan = plan_of(search.run(), search.way())
    report.told(time.perf_counter() - began, plan.bound.gap_percent(plan.score))
    report.peak_megabytes = peak_megabytes()
    report.hours, report.bound = plan.score.hours, plan.bound.hours
    targets_minutes: dict[str, int] = {load.practitioner: load.target_minutes for load in plan.loads}
    counted = counted_hours(case, {row.unit: row.practitioner for row in plan.assignments}, targets_minutes)
    if abs(counted - plan.score.hours) > 1e-6 * max(1.0, counted):
        raise SystemExit(f"the second count disagrees: {counted} instead of {plan.score.hours}")
    report.recounted_bound = recounted_bound(search, plan, targets_minutes)
    avoidable = plan.score.hours - plan.score.unavoidable
    report.recounted_gap_percent = 100 * max(0.0, plan.score.hours - report.recounted_bound) / avoidable if avoidable > 0 else 0.0


def recounted_bound(search: Search, plan: Plan, targets_minutes: dict[str, int]) -> float:
    """What the search's prices of units prove, or those of loads where they prove more; ends the benchmark where the search said more.

    A solver's proof beyond both (small programs) is not in it.
    """
    case, instance = search.setting.case, search.setting.instance
    people = sorted(case.practitioners, key=lambda p: p.id)
    minute = np.array([plan.bound.prices.get(p.id, 0.0) / 60 for p in people])
    trips = {p.id: trip_price(case, p, plan.bound.trip_prices.get(p.id, 0.0)) for p in people}
    counted = counted_again(case, targets_minutes, minute, np.array(list(trips.values())))
    _must_hold("prices of loads", plan.bound.certified_hours, counted)
    if search.proof is None:
        return counted
    prices = {unit.id: float(price) for node, price in zip(instance.nodes, search.proof.prices, strict=True) for unit in node}
    weeks = bound_of_weeks(case, targets_minutes, prices, trips)
    _must_hold("prices of units", search.proof.bound_hours, max(weeks, counted))
    return max(weeks, counted)


def _must_hold(what: str, told: float, counted: float) -> None:
    if told > counted + 1e-6 * max(1.0, abs(counted)):
        raise SystemExit(f"the second count of the bound disagrees: {what} prove {counted}, not {told}")


if __name__ == "__main__":
    run("evenload", solved)
