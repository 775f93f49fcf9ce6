"""A protected plan and its price: the program solved with protection, and once more without it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from evenload.planning.case import Case
from evenload.planning.optimise.limit import DEFAULT_LIMIT, Limit, Progress, never, untold
from evenload.planning.optimise.solve import solve
from evenload.planning.plan import Plan, Protection
from evenload.planning.problems import Notice, Where


def solve_protected(
    case: Case,
    *,
    seed: int = 0,
    limit: Limit = DEFAULT_LIMIT,
    should_stop: Callable[[], bool] = never,
    progress: Progress = untold,
    threads: int | None = None,
) -> Plan:
    """`solve`, and where the Case is protected what the protection costs (`Plan.protection`): twice the effort, or half the seconds each.

    A protected plan is a plan of the unprotected Case as well, so that its price is never below 0.
    """
    if not case.robust:
        return solve(case, seed=seed, limit=limit, should_stop=should_stop, progress=progress, threads=threads)
    half = limit if limit.seconds is None else replace(limit, seconds=limit.seconds / 2)

    def told(begin: float) -> Progress:
        return lambda share, gap_percent: progress(begin + share / 2, gap_percent)

    plan = solve(case, seed=seed, limit=half, should_stop=should_stop, progress=told(0.0), threads=threads)
    open_case = replace(case, robust=0)
    other = solve(open_case, seed=seed, limit=half, should_stop=should_stop, progress=told(0.5), threads=threads)
    cheaper = other if other.score.hours < plan.score.hours else plan
    price = Protection(
        robust=case.robust,
        hours_without=cheaper.score.hours,
        waiting_units_without=len(cheaper.waiting),
        waiting_minutes_without=sum(entry.minutes for entry in cheaper.waiting),
    )
    return with_price(plan, price)


def with_price(plan: Plan, price: Protection) -> Plan:
    """The plan beside the same program's plan without protection, and the notice that says what the difference is."""
    others = tuple(notice for notice in plan.notices if notice.code != "protection_price")
    return replace(plan, protection=price, notices=(*others, _price_notice(plan, price)))


def _price_notice(plan: Plan, price: Protection) -> Notice:
    minutes = sum(entry.minutes for entry in plan.waiting)
    facts = {
        "robust": str(price.robust),
        "price_hours": f"{max(0.0, plan.score.hours - price.hours_without):.6f}",
        "waiting": str(len(plan.waiting)),
        "waiting_minutes": str(minutes),
        "without": str(price.waiting_units_without),
        "without_minutes": str(price.waiting_minutes_without),
    }
    return Notice("protection_price", Where("provenance", None, "robust"), facts)
