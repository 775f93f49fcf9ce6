"""Generalised assignment instances of the kinds C, D and E, made by the published recipe, seeded by their names.

python -m benchmarks.gap_solvers.generate FOLDER NAME …        (d20400: kind D, 20 agents, 400 jobs)

Recipe: Chu & Beasley (1997) for C and D, Laguna et al. (1995) for E, as Yagiura, Ibaraki & Glover (2004) give them. No best value is known
for what is made here; the benchmark then compares with the best of its own run.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from benchmarks.gap_solvers.instance import Instance

MADE = ("c10100", "d10100", "e10100", "c20400", "d20400", "e20400")
"""What `make bench` makes where no folder is given."""


def made(name: str) -> Instance:
    """The instance of this name: kind, agents (its digits before the last three or four), jobs."""
    kind, agents, jobs = name[0].lower(), *_shape(name[1:])
    rng = np.random.default_rng([ord(kind), agents, jobs])
    if kind == "c":
        weights, costs = rng.integers(5, 26, (agents, jobs)), rng.integers(10, 51, (agents, jobs))
    elif kind == "d":
        weights = rng.integers(1, 101, (agents, jobs))
        costs = np.maximum(1, 111 - weights + rng.integers(-10, 11, (agents, jobs)))
    elif kind == "e":
        weights = np.maximum(1, np.floor(1 - 10 * np.log(1 - rng.random((agents, jobs))))).astype(np.int64)
        costs = np.maximum(1, np.floor(1000 / weights - 10 * rng.random((agents, jobs)))).astype(np.int64)
    else:
        raise ValueError(f"{name}: kinds c, d and e are made, not {kind}")
    capacities = np.floor(0.8 * weights.sum(axis=1) / agents).astype(np.int64)
    return Instance(name, costs.astype(np.int64), weights.astype(np.int64), capacities)


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
