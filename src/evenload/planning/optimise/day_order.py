"""In which order the visits of one day lie on the shortest way: a route from the base and back, found by PyVRP.

The same day gives the same order: a fixed seed and a fixed number of iterations, no clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from pyvrp import Client, Depot, Location, ProblemData, VehicleType
from pyvrp import solve as solve_route
from pyvrp.stop import MaxIterations

ITERATIONS: Final = 250
SEED: Final = 1
TRAVEL_WEIGHT: Final = 10
"""a minute of travel against a minute of waiting for an agreed time"""
DAY_BEGINS: Final = 8 * 60
"""minutes after midnight; earlier only where an agreed time asks for it"""


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop of a day: minutes there, and the minute after midnight at which it begins where a time is agreed."""

    minutes: int
    at: int | None = None


def shortest_order(travel_minutes: Sequence[Sequence[int]], stops: Sequence[Stop]) -> tuple[int, ...] | None:
    """The stops, by number from 0, in the order of the shortest way found; None where the agreed times cannot all be kept.

    `travel_minutes` is square and symmetric, the base first, then the stops. Raises ValueError for another shape.
    """
    if len(travel_minutes) != len(stops) + 1 or any(len(row) != len(stops) + 1 for row in travel_minutes):
        raise ValueError(f"expected a square of {len(stops) + 1}")
    if not stops:
        return ()
    if len(stops) == 1:
        return (0,)
    found = solve_route(_problem(travel_minutes, stops), stop=MaxIterations(ITERATIONS), seed=SEED, collect_stats=False)
    if not found.is_feasible():
        return None
    order = tuple(one.idx for route in found.best.routes() for one in route if one.is_client())
    if all(stop.at is None for stop in stops) and order[0] > order[-1]:
        return order[::-1]  # as long; of the two the one that begins with the earlier stop
    return order


def _problem(travel_minutes: Sequence[Sequence[int]], stops: Sequence[Stop]) -> ProblemData:
    minutes: Any = np.array(travel_minutes, dtype=np.int64)
    begins = min([DAY_BEGINS, *(stop.at - minutes[0][number + 1] for number, stop in enumerate(stops) if stop.at is not None)])
    early = max(0, int(begins))
    return ProblemData(
        locations=[Location(0, 0) for _ in range(len(stops) + 1)],
        clients=[_client(number, stop) for number, stop in enumerate(stops)],
        depots=[Depot(location=0)],
        vehicle_types=[VehicleType(tw_early=early, unit_distance_cost=TRAVEL_WEIGHT, unit_duration_cost=1)],
        distance_matrices=[minutes],
        duration_matrices=[minutes],
    )


def _client(number: int, stop: Stop) -> Client:
    if stop.at is None:
        return Client(location=number + 1, service_duration=stop.minutes)
    return Client(location=number + 1, service_duration=stop.minutes, tw_early=stop.at, tw_late=stop.at)
