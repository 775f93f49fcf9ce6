"""A bound counted again from prices of the jobs, by plain dynamic programming that shares no code with the engine.

Any prices u give one: every job is paid u once, and each agent takes, of all jobs, what fits and gains most. Nothing that assigns every job
exactly once within capacity costs less than Σ u + Σ agents min Σ (cost − u).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from benchmarks.gap_solvers.instance import Instance

ROUNDING = 1e-6
"""Costs are whole, so a bound may be rounded up; so much is left for the rounding of sums."""


def recounted_bound(instance: Instance, job_prices: Sequence[float]) -> int:
    """The least whole value that these prices leave possible."""
    prices = np.array(job_prices)
    total = float(prices.sum())
    for costs, weights, capacity in zip(instance.costs, instance.weights, instance.capacities, strict=True):
        least = np.zeros(int(capacity) + 1)
        for value, weight in zip(costs - prices, weights, strict=True):
            if value < 0 and weight <= capacity:
                least[weight:] = np.minimum(least[weight:], least[: len(least) - weight] + value)
        total += float(least[-1])
    return math.ceil(total - ROUNDING)
