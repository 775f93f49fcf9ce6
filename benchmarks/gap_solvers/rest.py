"""What prices of jobs leave open, refuted by another solver: a bound that a solver proved beyond its prices is counted again here.

python -m benchmarks.gap_solvers.rest FILE BOUND SECONDS < PRICES        (PRICES: JSON list, a price of each job)

A plan cheaper than BOUND may use an arc only where the bound of the prices stays below BOUND with this arc forced. That is counted for every
arc by plain dynamic programming (all jobs before it, all jobs behind it); SCIP is given what is left, and shows that no plan in it is
cheaper than BOUND, or does not in the time that it has. Nothing is shared with the engine, whose own solver is HiGHS.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.gap_solvers.instance import Instance, read_instance
from benchmarks.gap_solvers.recount import ROUNDING

PROCESSOR_CLOCK = 1
"""SCIP's name of the clock that other work on the machine does not move."""

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def open_arcs(instance: Instance, job_prices: Sequence[float], bound: int) -> Flags:
    """bool[agents, jobs]: the arcs that a plan of at most bound − 1 may use."""
    prices = np.array(job_prices)
    rows = [
        _forced(costs - prices, weights, int(capacity))
        for costs, weights, capacity in zip(instance.costs, instance.weights, instance.capacities, strict=True)
    ]
    total = float(prices.sum()) + sum(least for least, _ in rows)
    return np.array([total + forced - least <= bound - 1 + ROUNDING for least, forced in rows])


def _forced(values: Floats, weights: NDArray[np.int64], capacity: int) -> tuple[float, Floats]:
    """The least value of what fits, and the least with each job forced in; infinite where it does not fit."""
    jobs = len(values)
    before, behind = np.zeros((jobs + 1, capacity + 1)), np.zeros((jobs + 1, capacity + 1))
    for job in range(jobs):
        before[job + 1] = _with(before[job], values[job], int(weights[job]))
        behind[jobs - job - 1] = _with(behind[jobs - job], values[jobs - job - 1], int(weights[jobs - job - 1]))
    forced = np.full(jobs, np.inf)
    for job in np.flatnonzero(weights <= capacity).tolist():
        room = capacity - int(weights[job])
        forced[job] = values[job] + float((before[job, : room + 1] + behind[job + 1, room::-1]).min())
    return float(before[jobs, capacity]), forced


def _with(least: Floats, value: float, weight: int) -> Floats:
    """The least values at each capacity once this job may be taken too."""
    if value >= 0 or weight >= len(least):
        return least
    taken = least.copy()
    taken[weight:] = np.minimum(least[weight:], least[: len(least) - weight] + value)
    return taken


def nothing_cheaper(instance: Instance, arcs: Flags, bound: int, seconds: float) -> bool:
    """Whether SCIP proves that no assignment over these arcs costs less than the bound."""
    from pyscipopt import Model, quicksum

    if not arcs.any(axis=0).all():
        return True
    model = Model()
    model.hideOutput()
    chosen = {(i, j): model.addVar(vtype="B", obj=int(instance.costs[i, j])) for i, j in np.argwhere(arcs).tolist()}
    agents, jobs = instance.shape
    for job in range(jobs):
        model.addCons(quicksum(chosen[i, job] for i in np.flatnonzero(arcs[:, job]).tolist()) == 1)
    for agent in range(agents):
        own = np.flatnonzero(arcs[agent]).tolist()
        if own:
            model.addCons(quicksum(int(instance.weights[agent, j]) * chosen[agent, j] for j in own) <= int(instance.capacities[agent]))
    model.setObjlimit(bound - 0.5)
    model.setParam("timing/clocktype", PROCESSOR_CLOCK)
    model.setParam("limits/time", seconds)
    model.optimize()
    return bool(model.getStatus() == "infeasible")


def main() -> None:
    """Command line; prints {"arcs": how many are left, "holds": whether nothing cheaper is in them} as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("bound", type=int)
    parser.add_argument("seconds", type=float)
    asked = parser.parse_args()
    instance = read_instance(asked.file)
    arcs = open_arcs(instance, json.load(sys.stdin), asked.bound)
    print(json.dumps({"arcs": int(arcs.sum()), "holds": nothing_cheaper(instance, arcs, asked.bound, asked.seconds)}))


if __name__ == "__main__":
    main()
