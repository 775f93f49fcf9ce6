"""The bound of a protected plan counted again from its prices of units, over every eligible pair, by plain loops.

Any prices u of units give a valid bound: a unit costs u (never more than its wait), and each practitioner's week at least the smallest
price of the units that she can have under protection, less what they would have paid. Whoever has them, Γ of them may need more at once:
their minutes and the Γ largest deviations stay within her maximum. See docs/method/protected-plans.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from evenload.planning.case import Case, Practitioner, Unit
from evenload.planning.eligibility import bundles, is_eligible
from evenload.planning.goals import load_hours, pair_hours, trip_limit, waiting_hours
from evenload.planning.least_week import Week, WeekBundle, least_hours
from evenload.planning.plan import Plan
from evenload.planning.recount_bound import Prices
from evenload.planning.targets import practitioners_by_discipline, targets
from evenload.planning.travel import load_minutes


@dataclass(frozen=True, slots=True)
class _Caseloads:
    """By practitioner: what is pinned to her, and what she could have beside it, each with its price less what it pays."""

    pinned: dict[str, list[WeekBundle]]
    possible: dict[str, list[WeekBundle]]


def recounted_protected_bound(case: Case, plan: Plan) -> float:
    """Hours per week that the plan's prices of units certify: no plan with this protection (and under its move limit) costs less.

    Split, fairness and sharing count as 0, their least value; a price above the wait would prove nothing: the wait is taken.
    """
    prices, by_discipline = Prices(case, plan), practitioners_by_discipline(case)
    caseloads = _Caseloads(defaultdict(list), defaultdict(list))
    total = sum(waiting_hours(case, unit) for unit in case.units if unit.held_back is not None)
    holder = {row.unit: row.practitioner for row in plan.assignments}
    moves = 0
    for bundle in bundles(case):
        people = [p for p in by_discipline.get(bundle[0].discipline, []) if all(is_eligible(case, p, unit) for unit in bundle)]
        keepers = {p.id for p in people}
        total += _spread_out(case, bundle, people, prices, plan.bound.unit_prices, into=caseloads)
        moves += sum(unit.current in keepers and unit.current != holder.get(unit.id) for unit in bundle)
    wanted = targets(case)
    for practitioner in case.practitioners:
        total += _least_week(case, practitioner, wanted[practitioner.id], caseloads, prices.load(practitioner))
        total -= prices.trip(practitioner) * (trip_limit(practitioner) or 0.0)
    if plan.provenance.max_moves is not None:
        total -= prices.move * max(plan.provenance.max_moves, moves)
    return total


def _spread_out(
    case: Case, bundle: tuple[Unit, ...], people: list[Practitioner], prices: Prices, unit_prices: Mapping[str, float], *, into: _Caseloads
) -> float:
    """The price of the bundle itself; notes it in the week of everybody who may have it. A pin pays nothing and is in her week for certain."""
    keepers = {p.id for p in people}
    waits = sum(waiting_hours(case, unit) + prices.move * (unit.current in keepers) for unit in bundle)
    if not people:
        return waits
    is_pinned = bundle[0].is_pinned
    price = 0.0 if is_pinned else min(sum(unit_prices.get(unit.id, 0.0) for unit in bundle), waits)
    weeks = into.pinned if is_pinned else into.possible
    for practitioner in people:
        weeks[practitioner.id].append(_piece(case, practitioner, bundle, prices, keepers, price))
    return price


def _piece(
    case: Case, practitioner: Practitioner, bundle: tuple[Unit, ...], prices: Prices, keepers: set[str], price: float
) -> WeekBundle:  # fmt: skip
    hours, minutes, deviation = -price, 0, 0
    for unit in bundle:
        hours += sum(pair_hours(case, practitioner, unit).values()) + prices.trip(practitioner) * float(unit.trips)
        hours += prices.move * (unit.current in keepers and unit.current != practitioner.id)
        minutes += load_minutes(case, practitioner, unit)
        deviation += unit.deviation_minutes
    return WeekBundle(hours, minutes, deviation)


def _least_week(case: Case, practitioner: Practitioner, target: int, caseloads: _Caseloads, price: float) -> float:
    pinned = caseloads.pinned[practitioner.id]
    minutes = sum(one.minutes for one in pinned)
    high = sorted((one.deviation for one in pinned), reverse=True)
    top = max(practitioner.maximum_minutes, minutes + sum(high[: case.robust]))
    week = Week(
        pinned_minutes=minutes,
        pinned_deviations=tuple(high),
        top_minutes=top,
        budget=case.robust,
        corners=tuple(_corners(practitioner, target, minutes, top)),
        hours=lambda load: sum(load_hours(case, practitioner, load, target)),
    )
    return sum(one.hours for one in pinned) + least_hours(week, caseloads.possible[practitioner.id], price / 60)


def _corners(practitioner: Practitioner, target: int, low: int, top: int) -> Iterable[float]:
    """Loads between which the price of her load is a straight line, both ends among them, ascending."""
    capacity = practitioner.capacity_minutes
    least, most = (float(share) / 100 * capacity for share in (practitioner.comfortable_min_percent, practitioner.comfortable_max_percent))
    breaks = (low, top, least, most, capacity, target - capacity / 10, target, target + capacity / 10)
    return sorted({load for load in breaks if low <= load <= top})
