"""Generalised assignment instances of the classes A to E, made by the published recipe, seeded by their names.

python -m benchmarks.gap_solvers.generate FOLDER NAME …        (d20400: class D, 20 agents, 400 jobs)

Recipe: Chu & Beasley (1997) for A to D, Laguna et al. (1995) for E, as Yagiura, Ibaraki & Glover (2004) give them. No best value is known
for what is made here; the benchmark then compares with the best of its own run.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.gap_solvers.instance import Instance

Longs = NDArray[np.int64]
Floats = NDArray[np.float64]

MADE = ("a10100", "b10100", "c10100", "d10100", "e10100", "c20400", "d20400", "e20400")
"""What `make bench` makes where no folder is given."""


def made(name: str) -> Instance:
    """The instance of this name: class, agents (its digits before the last three or four), jobs."""
    kind, agents, jobs = name[0].lower(), *_shape(name[1:])
    rng = np.random.default_rng([ord(kind), agents, jobs])
    if kind in "abc":
        weights, costs = rng.integers(5, 26, (agents, jobs)), rng.integers(10, 51, (agents, jobs))
    elif kind == "d":
        weights = rng.integers(1, 101, (agents, jobs))
        costs = np.maximum(1, 111 - weights + rng.integers(-10, 11, (agents, jobs)))
    elif kind == "e":
        weights = np.maximum(1, np.floor(1 - 10 * np.log(1 - rng.random((agents, jobs))))).astype(np.int64)
        costs = np.maximum(1, np.floor(1000 / weights - 10 * rng.random((agents, jobs)))).astype(np.int64)
    else:
        raise ValueError(f"{name}: classes a to e are made, not {kind}")
    capacities = np.floor(0.8 * weights.sum(axis=1) / agents if kind in "cde" else _slack_capacities(weights, costs, kind)).astype(np.int64)
    return Instance(name, costs.astype(np.int64), weights.astype(np.int64), capacities)


def _slack_capacities(weights: Longs, costs: Longs, kind: str) -> Floats:
    """Of A: 0.6 of fifteen per job, and 0.4 of the most that one agent would have if every job went to its cheapest; of B 0.7 of that."""
    agents, jobs = weights.shape
    cheapest = costs.argmin(axis=0)
    most = np.bincount(cheapest, weights[cheapest, np.arange(jobs)], agents).max()
    return np.full(agents, (0.7 if kind == "b" else 1.0) * (0.6 * (jobs / agents) * 15 + 0.4 * most))


def _shape(digits: str) -> tuple[int, int]:
    """Agents and jobs of 20400 (20, 400), 05100 (5, 100), 801600 (80, 1600)."""
    return int(digits[:2]), int(digits[2:])


def write_instances(folder: Path, names: Iterable[str]) -> None:
    """Files as `read_instance` reads them."""
    for name in names:
        instance = made(name)
        rows = [instance.shape, *instance.costs.tolist(), *instance.weights.tolist(), instance.capacities.tolist()]
        (folder / name).write_text("\n".join(" ".join(str(number) for number in row) for row in rows) + "\n")


if __name__ == "__main__":
    write_instances(Path(sys.argv[1]), sys.argv[2:])
