"""The ascent over node prices: every week filled exactly at each step (`knapsack`), the prices moved towards a target."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numba import njit

from evenload.planning.optimise.arrays import Floats, Ints
from evenload.planning.optimise.guarded_fill import fill_guarded
from evenload.planning.optimise.guarded_rooms import GuardedWeeks
from evenload.planning.optimise.knapsack import Weeks, fill_weeks
from evenload.planning.optimise.threads import side_by_side

STEPS = (0.1, 0.004)
"""First and last step of a node's price, as shares of `scale`."""

LAST_REACH = 0.005
"""Last step as a share of how far the prices may have to go."""

AGAIN = 0.4
"""The first step is so much shorter where an ascent starts from prices of an earlier one."""

MOMENTUM, MEMORY, SMALL_SLOPE = 0.9, 0.95, 0.3
"""A step follows the running mean of a node's slope (how often it is taken beside once), measured by what is usual for that slope."""


class Climbed(NamedTuple):
    """Where an ascent over node prices ended."""

    hours: float
    """best value found: a bound once ν·limit of each practitioner is taken off"""
    prices: Floats
    """[n] node prices of the best value"""
    minute_prices: Floats
    """[p] prices of load that the weeks were filled with last"""
    picked: Ints
    """int32[n] who took the node at the best value (the first of several), −1 nobody"""


class _Filling:
    """All weeks of one part, filled in some pieces side by side; the pieces, not the threads, decide the order of sums."""

    def __init__(self, weeks: Weeks | GuardedWeeks, minute_prices: Floats, nodes: int, pieces: int) -> None:
        edges = [len(weeks.people) * piece // pieces for piece in range(pieces + 1)]
        self.weeks, self.load_prices = weeks, minute_prices.copy()
        self.ranges = list(pairwise(edges))
        self.kernel: Callable[..., float] = fill_weeks if isinstance(weeks, Weeks) else fill_guarded
        self.chosen, self.picked = np.zeros((pieces, nodes), np.int32), np.zeros((pieces, nodes), np.int32)

    def fill(self, prices: Floats) -> tuple[float, Ints, Ints]:
        """The value at these node prices, and how often and by whom first each node was taken."""
        tasks = [
            partial(self.kernel, self.weeks, first, last, prices, self.load_prices, self.chosen[piece], self.picked[piece])
            for piece, (first, last) in enumerate(self.ranges)
        ]
        value = float(prices.sum()) + sum(side_by_side(tasks))
        chosen, picked = self.chosen[0], self.picked[0]
        for piece in range(1, len(self.ranges)):
            chosen = chosen + self.chosen[piece]
            picked = np.where(picked < 0, self.picked[piece], picked)
        return value, chosen, picked


def climb_knapsacks(
    weeks: Weeks | GuardedWeeks, prices: Floats, waiting: Floats, minute_prices: Floats, target: float, passes: int, *, scale: float,
    pieces: int = 1, again: bool = False, reach: float = 0.0,
) -> Climbed:  # fmt: skip
    """Supergradient ascent with momentum over node prices, from `prices` [n] until `target` is reached or `passes` are over.

    waiting [n]: price of waiting, which no node's price may exceed. minute_prices [p]: where the prices of load start.
    scale: how far the prices of one node's good arcs are apart, hours per week; steps are shares of it.
    pieces: the weeks are filled in so many pieces side by side; it may not be called from a task then. again: the prices come
    from an earlier ascent. reach: how far prices may lie from where they start, hours per week; the first step is so much longer.
    """
    filling, at = _Filling(weeks, minute_prices, len(prices), pieces), np.minimum(prices, waiting)
    mean, square = np.zeros(len(at)), np.zeros(len(at))
    step, last = (scale * STEPS[0] + reach) * (AGAIN if again else 1.0), scale * STEPS[1] + LAST_REACH * reach
    shrink = (last / step) ** (1 / passes)
    best, best_at, best_picked = -np.inf, at.copy(), np.full(len(at), -1, np.int32)
    for _ in range(passes):
        value, chosen, picked = filling.fill(at)
        if value > best:
            best = value
            best_at[:] = at
            best_picked[:] = picked
        is_at_top = advance(at, waiting, chosen, mean, square, step)
        if best >= target - 1e-6 or is_at_top:
            break
        step *= shrink
    return Climbed(best, best_at, filling.load_prices, best_picked)


@njit(cache=True)
def advance(at: Floats, waiting: Floats, chosen: Ints, mean: Floats, square: Floats, step: float) -> bool:
    """One step of every node's price; True where no slope is left: nothing can prove more."""
    is_at_top = True
    for n in range(len(at)):
        slope = 1.0 - chosen[n]
        if slope > 0 and at[n] >= waiting[n]:
            slope = 0.0
        is_at_top &= slope == 0.0
        mean[n] = MOMENTUM * mean[n] + (1 - MOMENTUM) * slope
        square[n] = MEMORY * square[n] + (1 - MEMORY) * slope * slope
        at[n] = min(waiting[n], at[n] + step * mean[n] / (math.sqrt(square[n]) + SMALL_SLOPE))
    return is_at_top
