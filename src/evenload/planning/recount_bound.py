"""The bound counted again from the plan's prices, over every eligible pair, by plain loops.

Any prices give a valid bound (Lagrangian duality): a unit costs at least its cheapest priced pair or its wait, and each
practitioner's load at least the smallest value of its price less what the load would have paid. See docs/method.
"""

from __future__ import annotations

from collections import defaultdict

from evenload.planning.case import Case, Practitioner, Unit
from evenload.planning.eligibility import bundles, is_eligible, is_pinned_to
from evenload.planning.goals import load_hours, pair_hours, trip_limit, waiting_hours
from evenload.planning.plan import Plan
from evenload.planning.targets import practitioners_by_discipline, targets
from evenload.planning.travel import load_minutes


def recounted_bound(case: Case, plan: Plan) -> float:
    """Hours per week that the plan's prices certify: no plan of this Case (under its move limit) costs less.

    Σ bundles min(wait, min over eligible pairs of price + λ·load + ν·trips) + Σ practitioners min over L of f(L) − λ·L
    − Σ practitioners ν·trip limit − μ·N. Split, fairness and sharing count as 0, their least value. A price of moves below
    0, or of trips outside 0 to site_visits, would prove nothing: the nearest price that does is taken.
    """
    prices = Prices(case, plan)
    by_discipline = practitioners_by_discipline(case)
    total = sum(waiting_hours(case, unit) for unit in case.units if unit.held_back is not None)
    pinned: dict[str, int] = defaultdict(int)
    moves = 0
    holder = {row.unit: row.practitioner for row in plan.assignments}
    for bundle in bundles(case):
        people = [p for p in by_discipline.get(bundle[0].discipline, []) if all(is_eligible(case, p, u) for u in bundle)]
        keepers = {p.id for p in people}
        total += _cheapest(case, bundle, people, prices)
        for practitioner in people:
            if is_pinned_to(practitioner, bundle[0]):
                pinned[practitioner.id] += sum(load_minutes(case, practitioner, unit) for unit in bundle)
        moves += sum(unit.current in keepers and unit.current != holder.get(unit.id) for unit in bundle)
    wanted = targets(case)
    for practitioner in case.practitioners:
        total += _least_load_price(case, practitioner, wanted[practitioner.id], pinned[practitioner.id], prices.load(practitioner))
        total -= prices.trip(practitioner) * (trip_limit(practitioner) or 0.0)
    if plan.provenance.max_moves is not None:
        total -= prices.move * max(plan.provenance.max_moves, moves)
    return total


class Prices:
    """The plan's prices: λ per hour of load, ν per weekly trip, μ per move."""

    def __init__(self, case: Case, plan: Plan) -> None:
        self._loads = plan.bound.prices
        self._trips = plan.bound.trip_prices
        self._dearest_trip = case.prices.site_visits
        self.move = max(0.0, plan.bound.move_price) if plan.provenance.max_moves is not None else 0.0

    def load(self, practitioner: Practitioner) -> float:
        """Hours per hour of her load."""
        return self._loads.get(practitioner.id, 0.0)

    def trip(self, practitioner: Practitioner) -> float:
        """Hours per weekly trip of hers, within what proves anything."""
        if trip_limit(practitioner) is None:
            return 0.0
        return min(max(0.0, self._trips.get(practitioner.id, 0.0)), self._dearest_trip)


def _cheapest(case: Case, bundle: tuple[Unit, ...], people: list[Practitioner], prices: Prices) -> float:
    """Least price of the bundle: its wait, or its cheapest eligible practitioner with the load priced; a pin cannot wait."""
    keepers = {p.id for p in people}
    costs = []
    for practitioner in people:
        cost = prices.load(practitioner) * sum(load_minutes(case, practitioner, unit) for unit in bundle) / 60
        cost += prices.trip(practitioner) * sum(float(unit.trips) for unit in bundle)
        for unit in bundle:
            cost += sum(pair_hours(case, practitioner, unit).values())
            cost += prices.move * (unit.current in keepers and unit.current != practitioner.id)
        costs.append(cost)
    if not (bundle[0].is_pinned and people):
        costs.append(sum(waiting_hours(case, unit) + prices.move * (unit.current in keepers) for unit in bundle))
    return min(costs)


def _least_load_price(case: Case, practitioner: Practitioner, target: int, pinned: int, price: float) -> float:
    """min of f(L) − λ·L/60 over pinned ≤ L ≤ max(M, pinned): at one of the breaks of the piecewise-linear f."""
    capacity, top = practitioner.capacity_minutes, max(practitioner.maximum_minutes, pinned)
    low = float(practitioner.comfortable_min_percent) / 100 * capacity
    high = float(practitioner.comfortable_max_percent) / 100 * capacity
    breaks = (pinned, top, low, high, capacity, target - capacity / 10, target, target + capacity / 10)
    within = (load for load in breaks if pinned <= load <= top)
    return min(sum(load_hours(case, practitioner, load, target)) - price * load / 60 for load in within)
