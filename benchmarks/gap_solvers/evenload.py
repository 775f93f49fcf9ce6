"""Evenload's engine on a generalised assignment instance: its arrays, prices, search and polish, as they are.

Agents become practitioners and jobs nodes. The arrays hold given costs and weights without any change to the kernels: a cost is a
row of the soft table, and a weight is a drive that was decided beforehand, at half a trip a week (which makes the travel equal
to the drive) that counts as load. Loads have no price, only a maximum. The engine lets a node wait, which this problem forbids: waiting costs
more than any job could, so the bound stays valid (a relaxation), and an assignment counts only where nobody waits.

The prices of jobs that prove the bound by knapsacks are handed over, so that it can be counted again (`recount`); and the branches that
prove more, where a file is asked for (`branches_again`).

The search's effort doubles from run to run, each with other dice, until time is over; the proofs of all runs count.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from benchmarks.gap_solvers.branches_again import Certificate
from benchmarks.gap_solvers.instance import Instance, count_again
from benchmarks.gap_solvers.timeline import Timeline, run
from evenload.planning.optimise import Limit, arrays
from evenload.planning.optimise.arrays import Groups, Rates, Scale, Staff, Units, Wing, starts
from evenload.planning.optimise.candidates import Worth, arcs_of
from evenload.planning.optimise.dual import rooms_of
from evenload.planning.optimise.noted import Refuted
from evenload.planning.optimise.setting import Setting
from evenload.planning.optimise.solve import Search
from evenload.planning.optimise.threads import using_threads
from evenload.planning.optimise.warm import tiny_case, warm

FIRST_EFFORT = 2000
"""Steps per job of the first run."""

WAITING = 3
"""Price of waiting, in dearest costs: what a job may cost with the capacity that it takes."""

NO_RATES = Rates(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)


def setting_of(instance: Instance) -> Setting:
    """The instance as the engine's arrays."""
    agents, _ = instance.shape
    given, drives = _instance(instance), _weights(instance)
    zeros = np.zeros(agents)
    staff = Staff(instance.capacities, np.zeros((agents, 5)), np.full(agents, np.inf), zeros, zeros)
    nobody = np.full(instance.shape[1], -1, np.int32)
    unpriced = arcs_of(given, drives, Worth(zeros, zeros, 0.0))
    return Setting(given.case, given, drives, staff, {}, nobody, zeros, rooms_of(staff, NO_RATES, zeros), unpriced)


def _instance(instance: Instance) -> arrays.Instance:
    agents, jobs = instance.shape
    template = tiny_case(0)
    people = tuple(replace(template.practitioners[0], id=f"{agent:05d}", base=None) for agent in range(agents))
    no_groups = Groups(np.zeros(jobs + 1, np.int64), np.empty(0, np.int32), np.zeros(1, np.int64), np.empty(0, np.int32), np.empty(0))
    return arrays.Instance(
        case=template,
        practitioners=people,
        nodes=((),) * jobs,
        wings=(_wing(instance),),
        units=_units(jobs),
        scale=Scale(0.0, 0.0, 0.0),
        rates=NO_RATES,
        waiting=np.full(jobs, float(WAITING * max(1, int(np.abs(instance.costs).max())))),
        trips=np.full(jobs, 0.5),
        clients=np.zeros(jobs),
        pinned=np.full(jobs, arrays.FREE, np.int32),
        groups=no_groups,
        held_back_hours=0.0,
    )


def _wing(instance: Instance) -> Wing:
    agents, jobs = instance.shape
    everybody = np.arange(agents, dtype=np.int32)
    return Wing(
        members=everybody,
        column=everybody,
        base=np.ascontiguousarray(np.tile([[1.0], [0.0], [0.0]], agents)),
        has_base=np.ones(agents, np.uint8),
        longest_drive=np.full(agents, np.inf),
        accepts_new=np.ones(agents, np.uint8),
        maximum=instance.capacities.astype(np.float64),
        allowed=np.ones((1, agents), np.uint8),
        soft=np.ascontiguousarray(np.vstack([np.zeros((1, agents)), instance.costs.T])),
        nodes=np.arange(jobs, dtype=np.int32),
    )


def _units(jobs: int) -> Units:
    return Units(
        start=np.arange(jobs + 1, dtype=np.int32),
        place=np.zeros((jobs, 2)),
        kind=np.arange(jobs, dtype=np.int32),
        current=np.full(jobs, -1, np.int32),
        minutes=np.zeros(jobs),
        spread=np.zeros(jobs),
        adds_travel=np.ones(jobs),
        trips=np.tile([1.0, 2.0], (jobs, 1)),
        leave_hours=np.zeros(jobs),
        allowed_row=np.zeros((jobs, 1), np.int32),
        soft_row=np.arange(1, jobs + 1, dtype=np.int32).reshape(-1, 1),
        barred_start=np.zeros(jobs + 1, np.int64),
        barred=np.empty(0, np.int32),
    )


def _weights(instance: Instance) -> arrays.ExactDrives:
    agents, jobs = instance.shape
    columns = np.tile(np.arange(agents, dtype=np.int32), jobs)
    return arrays.ExactDrives(starts([agents] * jobs), columns, instance.weights.T.astype(np.float64).ravel())


def solve(instance: Instance, timeline: Timeline, seconds: float, threads: int) -> None:
    """Search until time runs out or the best is proved."""
    setting, best, effort, seed = setting_of(instance), math.inf, FIRST_EFFORT, 0

    def note(_share: float, _gap_percent: float) -> None:
        nonlocal best, certified
        timeline.proved(math.ceil(search.bound - 1e-6))
        if search.proof is not None and search.proof.bound_hours > certified:
            certified = search.proof.bound_hours
            timeline.certified(search.proof.prices.tolist(), search.proof.bound_hours)
        who = search.best.who.tolist()
        if search.best.hours < best - 0.5 and min(who) >= 0 and count_again(instance, who)[1]:
            best = search.best.hours
            timeline.found(who)

    proved, certified = -math.inf, -math.inf
    with using_threads(threads):
        while proved < best - 0.5 and timeline.now() < seconds:
            limit = Limit(moves_per_unit=effort, gap_percent=0.0, seconds=seconds - timeline.now())
            search = Search(setting, seed, limit, progress=note)
            search.notes_branches = timeline.certificate is not None
            search.run()
            _hand_over(search, timeline)
            proved = max(proved, math.ceil(search.bound - 1e-6))
            effort, seed = 2 * effort, seed + 1


def _hand_over(search: Search, timeline: Timeline) -> None:
    """Writes the branches that prove more than those written before."""
    refuted = search.refuted
    if refuted is None or timeline.certificate is None:
        return
    shows = round(refuted.target + search.step)
    if timeline.branched is None or shows > timeline.branched:
        timeline.branched = shows
        certificate_of(refuted).write(timeline.certificate)


def certificate_of(refuted: Refuted) -> Certificate:
    """The branches in the words of generalised assignment."""
    return Certificate(
        refuted.first, refuted.parent, refuted.person, refuted.node, refuted.is_taken, refuted.at, refuted.price
    )  # fmt: skip


if __name__ == "__main__":
    warm()
    run(solve)
