"""The stronger bound of a caseload counted again from prices of its units: every practitioner's week as a plain knapsack over all pairs.

    bound(u) = Σ units min(u, wait) + Σ practitioners min over sets that fit of Σ (cost + ν·trips − u) + f(load) − Σ ν·trip limit

Written from the definitions, with the pairs of `bound_solvers.all_pairs`; nothing is shared with the engine's knapsacks. The week is
minutes by minutes: least[L] is the cheapest set that takes L exactly. A unit that costs more than the steepest fall of f could give back never
helps, so it is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from benchmarks.bound_solvers.all_pairs import Facts, facts_of, marks_of, pair
from evenload.planning.case import Case, Practitioner
from evenload.planning.goals import load_hours, trip_limit

Floats = NDArray[np.float64]


def bound_of_weeks(
    case: Case, targets_minutes: Mapping[str, int], unit_prices: Mapping[str, float], trip_prices: Mapping[str, float]
) -> dict[str, float]:
    """Hours per week of each discipline that these prices prove: of each unit (hours per week), and of a practitioner's trips (per trip)."""
    facts, people = facts_of(case), sorted(case.practitioners, key=lambda p: p.id)
    prices = np.minimum(facts.work[:, 14], np.array([unit_prices[unit.id] for unit in case.units]))
    trips = np.array([trip_price(case, p, trip_prices.get(p.id, 0.0)) for p in people])
    longest = max(int(p.maximum_minutes) for p in people)
    hours = np.full((len(people), longest + 1), np.inf)
    for number, person in enumerate(people):
        own = hours_by_minute(case, person, targets_minutes[person.id])
        hours[number, : len(own)] = own
    found = dict.fromkeys({unit.discipline for unit in case.units} | {p.disciplines[0] for p in people}, 0.0)
    for unit, price in zip(case.units, prices.tolist(), strict=True):
        found[unit.discipline] += price
    for person, week, trip in zip(people, _least_weeks(facts, prices, trips, hours).tolist(), trips.tolist(), strict=True):
        found[person.disciplines[0]] += week - trip * (trip_limit(person) or 0.0)
    return found


def trip_price(case: Case, person: Practitioner, asked: float) -> float:
    """The price of a trip nearest to what was asked that proves something: from 0 to the price above the limit; 0 without a limit."""
    return 0.0 if trip_limit(person) is None else min(max(0.0, asked), case.prices.site_visits)


def hours_by_minute(case: Case, person: Practitioner, target: int) -> Floats:
    """Price of the load of 0, 1, 2 … minutes up to the maximum: straight between its bends."""
    bends = sorted({float(mark) for mark in marks_of(person, target)})
    there = [sum(load_hours(case, person, mark, target)) for mark in bends]
    return np.interp(np.arange(int(person.maximum_minutes) + 1), bends, there)


@njit(parallel=True)
def _least_weeks(facts: Facts, prices: Any, trips: Any, hours: Any) -> Any:
    """float64[practitioners] the least of each week."""
    found = np.zeros(len(hours))
    for p in prange(len(hours)):
        longest = 0
        while longest + 1 < hours.shape[1] and np.isfinite(hours[p, longest + 1]):
            longest += 1
        fall = 0.0
        for minute in range(longest):
            fall = max(fall, hours[p, minute] - hours[p, minute + 1])
        least = np.full(longest + 1, np.inf)
        least[0] = 0.0
        for u in range(len(prices)):
            cost, load = pair(facts, u, p)
            gain = cost + trips[p] * facts.work[u, 4] / facts.work[u, 5] - prices[u]
            if load > longest or gain >= fall * load:
                continue
            weight = int(load)
            for minute in range(longest, weight - 1, -1):
                least[minute] = min(least[minute], least[minute - weight] + gain)
        best = np.inf
        for minute in range(longest + 1):
            best = min(best, least[minute] + hours[p, minute])
        found[p] = best
    return found
