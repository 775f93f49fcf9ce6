"""A bound that branching proved, counted again branch by branch from the instance alone; nothing is shared with the engine.

python -m benchmarks.gap_solvers.branches_again FILE BOUND CERTIFICATE SECONDS

CERTIFICATE (.npz, `Certificate`) says which branches there are, what each takes or bars, and prices of the jobs for some of them. What it says
of a branch is never believed. The arcs (agent, job) that an assignment cheaper than BOUND may use in a branch are those of the branch above it, less
what its decision takes away, less what its own prices rule out here:

    cost of the jobs that have one arc left + Σ prices of the others
      + Σ agents min over sets that fit in the rest of the capacity of Σ (cost − price)

is what any assignment in the branch costs at least. A branch at which this reaches BOUND is empty. It is counted for each arc as well, with the arc
taken by its agent and by no other, and the arc is struck out where that reaches BOUND. Each branch that is not empty must be divided on one job,
so that each arc that the job has left is in one of the branches below it. Costs are whole, so cheaper than BOUND means at most BOUND − step, the step
being their greatest common divisor.
"""

from __future__ import annotations

import argparse
import importlib
import json
import math
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from benchmarks.gap_solvers.instance import Instance, read_instance

ROUNDING = 5e-7
"""Sums of some thousand numbers differ by far less, and whole costs leave room for it."""

LOOK_EVERY = 64
"""Branches after which the clock is looked at."""

Flags = NDArray[np.bool_]
Whole = NDArray[np.int64]
Floats = NDArray[np.float64]


class WrongError(ValueError):
    """The certificate does not show the bound: where, what was found, what was expected."""


class TooLongError(Exception):
    """More processor time was asked for than there is."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """Branches in an order in which all that lies below one follows it at once; b branches, k price vectors, n jobs."""

    first: NDArray[np.floating[Any]]
    """[n] prices at the root, over all arcs"""
    parent: NDArray[np.integer[Any]]
    """[b] the branch above, −1 at the root, which is the first"""
    agent: NDArray[np.integer[Any]]
    """[b] the arc …"""
    job: NDArray[np.integer[Any]]
    """[b]"""
    is_taken: NDArray[np.integer[Any]]
    """[b] … that the branch takes (1) or bars (0)"""
    at: NDArray[np.integer[Any]]
    """[k] the branch of each price vector, in the order of branches"""
    prices: NDArray[np.floating[Any]]
    """[k, n]"""

    def write(self, file: Path) -> None:
        """One compressed file of arrays."""
        arrays: dict[str, Any] = {name: getattr(self, name) for name in self.__slots__}
        np.savez_compressed(file, **arrays)


def read_certificate(file: Path) -> Certificate:
    """What `write` wrote; KeyError where an array is missing."""
    with np.load(file) as held:
        return Certificate(**{name: held[name] for name in Certificate.__slots__})


class Open(NamedTuple):
    """The arcs that the root leaves, those of an agent side by side; r arcs, m agents, n jobs."""

    begins: Whole
    """[m + 1]"""
    job: Whole
    """[r]"""
    weight: Whole
    """[r]"""
    cost: Floats
    """[r]"""
    capacity: Whole
    """[m]"""


def shown(instance: Instance, bound: int, certificate: Certificate, seconds: float = math.inf) -> int:
    """How many branches show that no assignment is cheaper than the bound.

    Raises WrongError where they do not, TooLongError where `seconds` of the processor are not enough.
    """
    _check_shapes(instance, certificate)
    until = time.process_time() + seconds
    step = max(1, int(np.gcd.reduce(instance.costs.ravel())))
    most = step * (math.ceil(bound / step) - 1) + ROUNDING
    fits = instance.weights <= instance.capacities[:, None]
    if not fits.any(axis=0).all():
        return 1
    everything = _arcs(instance, fits)
    still = np.ones(len(everything.job), np.bool_)
    if _narrowed(everything, still, certificate.first.astype(np.float64), most) > most:
        return 1
    left = np.zeros(instance.shape, np.bool_)
    left[_agents(everything)[still], everything.job[still]] = True
    if not left.any(axis=0).all():
        return 1
    return Replay(_arcs(instance, left), certificate, bound, most).run(until)


def _check_shapes(instance: Instance, certificate: Certificate) -> None:
    branches, (vectors, jobs) = len(certificate.parent), certificate.prices.shape
    wanted, own = instance.shape[1], (len(certificate.agent), len(certificate.job), len(certificate.is_taken))
    if branches == 0 or own != (branches, branches, branches) or certificate.parent[0] != -1:
        raise WrongError(f"certificate: {branches} branches from a root expected, {own} decisions found")
    if len(certificate.first) != wanted or jobs != wanted or len(certificate.at) != vectors or (np.diff(certificate.at) < 0).any():
        raise WrongError(
            f"certificate: prices of {wanted} jobs in the order of branches expected, {jobs} of {len(certificate.at)} branches found"
        )


def _arcs(instance: Instance, left: Flags) -> Open:
    agent, job = np.nonzero(left)
    begins = np.searchsorted(agent, np.arange(len(left) + 1))
    cost = instance.costs[agent, job].astype(np.float64)
    return Open(begins.astype(np.int64), job.astype(np.int64), instance.weights[agent, job], cost, instance.capacities.astype(np.int64))


def _agents(arcs: Open) -> Whole:
    return np.repeat(np.arange(len(arcs.capacity)), np.diff(arcs.begins))


@dataclass(slots=True)
class _Divided:
    """A branch on the way to the one at hand: which arcs it leaves, and which of its job's arcs lie below it."""

    branch: int
    still: Flags
    least: float
    """what its last prices show, for the message"""
    job: int = -1
    covered: Flags | None = None


class Replay:
    """The branches one after another, the way from the root to the one at hand in `path`. Weeks that are no plain knapsacks override two steps."""

    def __init__(self, arcs: Open, certificate: Certificate, bound: int, most: float) -> None:
        self.arcs, self.agent, self.certificate, self.bound, self.most = arcs, _agents(arcs), certificate, bound, most
        self.prices_begin = np.searchsorted(certificate.at, np.arange(len(certificate.parent) + 1))
        self.path: list[_Divided] = []
        self.is_empty = np.zeros(len(certificate.parent), np.bool_)

    def run(self, until: float) -> int:
        """How many branches were looked at."""
        branches = len(self.certificate.parent)
        for branch in range(branches):
            if branch % LOOK_EVERY == 0 and time.process_time() > until:
                raise TooLongError(f"branch {branch} of {branches}")
            parent = int(self.certificate.parent[branch])
            if branch > 0 and 0 <= parent < branch and self.is_empty[parent]:
                self.is_empty[branch] = True
            else:
                self._back_to(parent, branch)
                self._look_at(branch, self._left_in(branch))
        self._back_to(-1, branches)
        return branches

    def _back_to(self, parent: int, branch: int) -> None:
        """Leaves every branch that is not above this one; −1: all of them."""
        if branch > 0 and parent != -1 and all(above.branch != parent for above in self.path):
            raise WrongError(f"branch {branch}: one above it that is open expected, {parent} found")
        while self.path and self.path[-1].branch != parent:
            _check_covered(self.path.pop(), self.arcs, self.agent, self.bound)
        if not self.path and 0 < branch < len(self.certificate.parent):
            raise WrongError(f"branch {branch}: one above it expected, a second root found")

    def _left_in(self, branch: int) -> Flags:
        """The arcs of the branch above that its decision leaves."""
        if branch == 0:
            return np.ones(len(self.arcs.job), np.bool_)
        above, agent, job = self.path[-1], int(self.certificate.agent[branch]), int(self.certificate.job[branch])
        of_job = self.arcs.job == job
        is_own = of_job & (self.agent == agent)
        below = is_own if self.certificate.is_taken[branch] else of_job & ~is_own
        if above.covered is None:
            above.job, above.covered = job, np.zeros(len(of_job), np.bool_)
        elif above.job != job:
            raise WrongError(f"branch {branch}: a decision on job {above.job} expected, as beside it, {job} found")
        above.covered |= below
        left: Flags = above.still & (~of_job | below)
        return left

    def _look_at(self, branch: int, still: Flags) -> None:
        """Strikes out what the branch's prices rule out; the branch stays on the path unless it is empty."""
        least = -math.inf
        for number in range(self.prices_begin[branch], self.prices_begin[branch + 1]):
            least = self.narrowed(still, self.certificate.prices[number].astype(np.float64))
            if least > self.most:
                break
        self.is_empty[branch] = least > self.most or self.holds_nothing(still)
        if not self.is_empty[branch]:
            self.path.append(_Divided(branch, still, least))

    def narrowed(self, still: Flags, price: Floats) -> float:
        """What any assignment over these arcs costs at least; strikes out the arcs with which it costs too much."""
        return float(_narrowed(self.arcs, still, price, self.most))

    def holds_nothing(self, still: Flags) -> bool:
        """Whether no assignment that is cheap enough is left."""
        return bool(_is_empty(self.arcs, still, self.most))


def _check_covered(divided: _Divided, arcs: Open, agent: Whole, bound: int) -> None:
    """Raises WrongError where an arc of the job that it is divided on lies in none of the branches below, or there are none."""
    if divided.covered is None:
        raise WrongError(f"branch {divided.branch}: at least {bound} expected, or branches below it; {divided.least:.6f} found and none")
    missing = np.flatnonzero(divided.still & (arcs.job == divided.job) & ~divided.covered)
    if len(missing):
        raise WrongError(f"branch {divided.branch}: a branch with job {divided.job} at agent {agent[missing[0]]} expected, none found")


@njit(cache=True)
def settled(arcs: Open, still: Flags) -> tuple[float, Whole, Whole]:
    """Cost of the jobs with one arc left (infinite where one has none, or they do not fit), arcs of each job, capacity that they leave.

    Strikes out what does not fit beside them.
    """
    jobs = int(arcs.job.max()) + 1
    while True:
        arcs_of_job = np.zeros(jobs, np.int64)
        for arc in range(len(still)):
            if still[arc]:
                arcs_of_job[arcs.job[arc]] += 1
        rest, cost, is_settled = arcs.capacity.copy(), 0.0, True
        for agent in range(len(rest)):
            for arc in range(arcs.begins[agent], arcs.begins[agent + 1]):
                if still[arc] and arcs_of_job[arcs.job[arc]] == 1:
                    rest[agent] -= arcs.weight[arc]
                    cost += arcs.cost[arc]
            if rest[agent] < 0:
                return np.inf, arcs_of_job, rest
            for arc in range(arcs.begins[agent], arcs.begins[agent + 1]):
                if still[arc] and arcs_of_job[arcs.job[arc]] > 1 and arcs.weight[arc] > rest[agent]:
                    still[arc] = False
                    is_settled = False
        if arcs_of_job.min() == 0:
            return np.inf, arcs_of_job, rest
        if is_settled:
            return cost, arcs_of_job, rest


@njit(cache=True)
def _is_empty(arcs: Open, still: Flags, most: float) -> bool:
    """Whether no assignment is left; what it costs counts only where every job has one arc left, for costs may be below 0."""
    cost, arcs_of_job, _ = settled(arcs, still)
    return cost == np.inf or (arcs_of_job.max() == 1 and cost > most)


@njit(cache=True)
def _narrowed(arcs: Open, still: Flags, price: Floats, most: float) -> float:
    """What an assignment over these arcs costs at least at these prices; strikes out the arcs with which it costs more than `most`."""
    least, arcs_of_job, rest = settled(arcs, still)
    if least == np.inf:
        return least
    chosen = np.array([arc for arc in range(len(still)) if still[arc] and arcs_of_job[arcs.job[arc]] > 1], dtype=np.int64)
    begins = np.searchsorted(chosen, arcs.begins)
    with_it, without = np.zeros(len(chosen)), np.zeros(len(chosen))
    for job in range(len(arcs_of_job)):
        least += price[job] if arcs_of_job[job] > 1 else 0.0
    for agent in range(len(rest)):
        own = chosen[begins[agent] : begins[agent + 1]]
        value = np.array([arcs.cost[arc] - price[arcs.job[arc]] for arc in own])
        span = slice(begins[agent], begins[agent + 1])
        least += _weighed(value, arcs.weight[own], rest[agent], with_it[span], without[span])
    if least > most:
        return least
    dearer = np.zeros(len(arcs_of_job))
    for place in range(len(chosen)):
        dearer[arcs.job[chosen[place]]] += without[place]
    for place in range(len(chosen)):
        if least + with_it[place] + dearer[arcs.job[chosen[place]]] - without[place] > most:
            still[chosen[place]] = False
    return least


@njit(cache=True)
def _weighed(value: Floats, weight: Whole, room: int, with_it: Floats, without: Floats) -> float:
    """The least value of a set that fits; and by how much it is more with each one in it, and with each one left out.

    `up[k, x]` is the least of the first k within x, `down[k, x]` of those from the k-th on; only what is below 0 is in either.
    """
    gains = np.array([number for number in range(len(value)) if value[number] < 0.0], dtype=np.int64)
    count = len(gains)
    up, down = np.zeros((count + 1, room + 1)), np.zeros((count + 1, room + 1))
    for k in range(count):
        _extended(up[k], up[k + 1], weight[gains[k]], value[gains[k]])
    for k in range(count - 1, -1, -1):
        _extended(down[k + 1], down[k], weight[gains[k]], value[gains[k]])
    least = float(up[count, room])
    for number in range(len(value)):
        with_it[number] = up[count, room - weight[number]] + value[number] - least
    for k in range(count):
        number = gains[k]
        without[number] = _joined(up[k], down[k + 1], room) - least
        with_it[number] = _joined(up[k], down[k + 1], room - weight[number]) + value[number] - least
    return least


@njit(cache=True)
def _extended(before: Floats, after: Floats, weight: int, value: float) -> None:
    """The least at each capacity once one more may be taken."""
    after[:] = before
    fits = len(before) - weight
    for x in range(max(0, fits)):
        after[x + weight] = min(before[x + weight], before[x] + value)


@njit(cache=True)
def _joined(one: Floats, other: Floats, room: int) -> float:
    """The least of both within the room."""
    least = 0.0
    for x in range(room + 1):
        least = min(least, one[x] + other[room - x])
    return least


def main() -> None:
    """Command line; prints {"branches", "took": processor seconds, "wrong": what is, "late": where it stopped} as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("bound", type=int)
    parser.add_argument("certificate", type=Path)
    parser.add_argument("seconds", type=float)
    asked = parser.parse_args()
    began = time.process_time()
    answer: dict[str, Any] = {"branches": None, "wrong": None, "late": None}
    try:
        answer["branches"] = shown(read_instance(asked.file), asked.bound, read_certificate(asked.certificate), asked.seconds)
    except WrongError as wrong:
        answer["wrong"] = str(wrong)
    except TooLongError as late:
        answer["late"] = str(late)
    print(json.dumps({**answer, "took": time.process_time() - began}))


if __name__ == "__main__":
    # Under its own name, for compiled code is kept from run to run by the names of its types.
    importlib.import_module("benchmarks.gap_solvers.branches_again").main()
