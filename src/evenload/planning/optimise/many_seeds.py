"""The best of several runs of one Case, which differ by seed alone and know nothing of each other."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from evenload.planning.case import Case
from evenload.planning.optimise.limit import Limit, Progress, never, untold
from evenload.planning.optimise.protect import solve_protected, with_price
from evenload.planning.optimise.spread import Opened, collected
from evenload.planning.plan import Plan


@dataclass(frozen=True, slots=True)
class Run:
    """One run: what a worker is given."""

    case: Case
    seed: int
    limit: Limit


def carried_out(run: Run) -> Plan:
    """The run's plan, on one thread: the cores are for other runs."""
    return solve_protected(run.case, seed=run.seed, limit=run.limit, threads=1)


def best_of_seeds(
    case: Case, seeds: Sequence[int], limit: Limit, opened: Opened, *, should_stop: Callable[[], bool] = never, progress: Progress = untold
) -> Plan:
    """The cheapest plan of these seeds (ties: the first of them), under the best bound that any of them proved.

    `Provenance.seeds` says how many runs it was chosen from, `seed` which one gave it. Raises what `spread.collected` raises.
    """
    began = time.perf_counter()
    runs = [Run(case, seed, limit) for seed in seeds]

    def told(count: int) -> None:
        progress(count / len(runs), 100.0)

    plans = [plan for plan in collected(opened, carried_out, runs, should_stop=should_stop, finished=told) if plan is not None]
    best = best_plan(plans, seconds=time.perf_counter() - began)
    stopped_by = best.provenance.stopped_by if len(plans) == len(runs) else "interrupted"
    return replace(best, provenance=replace(best.provenance, stopped_by=stopped_by))


def best_plan(plans: Sequence[Plan], *, seconds: float) -> Plan:
    """The cheapest of the runs' plans, which together took so many seconds; the plan of a single run is as it was."""
    if len(plans) == 1:
        return plans[0]
    best = chosen(plans)
    return replace(best, provenance=replace(best.provenance, seeds=len(plans), seconds=seconds))


def chosen(plans: Sequence[Plan]) -> Plan:
    """The cheapest plan; its bound is the highest of all, for they are bounds of the same Case."""
    best = min(plans, key=lambda plan: plan.score.hours)
    if best.provenance.max_moves is None:
        # Under a limit on moves a bound counts the moves of its own plan.
        bound = max((plan.bound for plan in plans), key=lambda one: one.hours)
        hours = min(bound.hours, best.score.hours)
        best = replace(best, bound=replace(bound, hours=hours, certified_hours=min(bound.certified_hours, hours)))
    prices = [plan.protection for plan in plans if plan.protection is not None]
    return with_price(best, min(prices, key=lambda price: price.hours_without)) if prices else best
