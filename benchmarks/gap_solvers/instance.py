"""A generalised assignment instance: read, and a given assignment counted again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Instance:
    """Costs and weights [agents × jobs] and capacities [agents], whole numbers; minimise, every job exactly once."""

    name: str
    costs: NDArray[np.int64]
    weights: NDArray[np.int64]
    capacities: NDArray[np.int64]

    @property
    def shape(self) -> tuple[int, int]:
        """(agents, jobs)."""
        return self.costs.shape[0], self.costs.shape[1]


def read_instance(path: Path) -> Instance:
    """Whitespace-separated integers: m n; m rows of n costs; m rows of n weights; m capacities. Raises ValueError otherwise."""
    numbers = np.array(path.read_text().split(), dtype=np.int64)
    agents, jobs = int(numbers[0]), int(numbers[1])
    cells = agents * jobs
    if len(numbers) != 2 + 2 * cells + agents:
        raise ValueError(f"{path.name}: {2 + 2 * cells + agents} numbers expected for {agents} x {jobs}, {len(numbers)} found")
    costs, weights, capacities = np.split(numbers[2:], (cells, 2 * cells))
    return Instance(path.stem, costs.reshape(agents, jobs), weights.reshape(agents, jobs), capacities)


def count_again(instance: Instance, agents_of_jobs: Sequence[int]) -> tuple[int, bool]:
    """Value of an assignment (agent of each job, −1 none) and whether every job has an agent within capacity."""
    if len(agents_of_jobs) != instance.shape[1] or not all(0 <= agent < instance.shape[0] for agent in agents_of_jobs):
        return 0, False
    load = [0] * instance.shape[0]
    value = 0
    for job, agent in enumerate(agents_of_jobs):
        load[agent] += int(instance.weights[agent, job])
        value += int(instance.costs[agent, job])
    return value, all(used <= int(cap) for used, cap in zip(load, instance.capacities, strict=True))
