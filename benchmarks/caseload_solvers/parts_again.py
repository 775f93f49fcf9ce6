"""What branching proved of a caseload's part, counted again branch by branch from the Case alone; nothing is shared with the engine.

The branches are walked as those of generalised assignment are (`gap_solvers.branches_again`): what they say is never believed. Weeks are
different here: a load has a price, trips above a limit have one, and who waits costs what waiting costs, as if one more practitioner without
minutes took it. For units with more than one arc left at prices u a plan costs at least

    cost of the units that have one arc left + Σ u + Σ practitioners min over sets that fit of Σ (cost + ν·trips − u) + f(load) − ν·trip limit

counted minutes by minutes over all pairs of the discipline at the root, and for each arc with the unit taken there and by nobody else.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from benchmarks.bound_solvers.all_pairs import facts_of, pair
from benchmarks.caseload_solvers.weeks_again import hours_by_minute
from benchmarks.gap_solvers.branches_again import Certificate, Flags, Floats, Replay, Whole, WrongError, settled
from evenload.planning.case import Case
from evenload.planning.goals import trip_limit

ROUNDING = 1e-7
"""hours by which less is counted here than was told: sums of some hundred numbers differ by far less"""


class Weeks(NamedTuple):
    """The arcs of a discipline, those of a practitioner side by side, last those to waiting; r arcs, m practitioners and waiting."""

    begins: Whole
    """[m + 2]"""
    job: Whole
    """[r] the unit"""
    weight: Whole
    """[r] minutes"""
    cost: Floats
    """[r] cost + ν·trips"""
    capacity: Whole
    """[m + 1] minutes, 0 of waiting"""
    hours: Floats
    """[m, longest + 1] price of the load less ν·trip limit; infinite beyond the maximum"""
    fall: Floats
    """[m] the steepest fall of that price, hours per minute"""
    trips: Floats
    """[units]"""
    trip: Floats
    """[m, 3] limit (infinite without one), ν, price above the limit"""


def shown(
    case: Case, targets_minutes: Mapping[str, int], trip_prices: Mapping[str, float], units: Sequence[str], people: Sequence[str],
    certificate: Certificate, hours: float, seconds: float,
) -> int:  # fmt: skip
    """How many branches show that these practitioners and units cannot be planned for less than `hours`, but for ROUNDING.

    units and people: the ids that the certificate's numbers stand for; a practitioner above the last is waiting. Raises WrongError where it
    is not shown or somebody else may take one of the units, TooLongError where `seconds` of the processor are not enough.
    """
    weeks = weeks_of(case, targets_minutes, trip_prices, units, people)
    if certificate.prices.shape[1] != len(units) or len(certificate.first) != len(units) or certificate.parent[0] != -1:
        raise WrongError(f"certificate: prices of {len(units)} units from a root expected, {certificate.prices.shape} found")
    most, until = hours - ROUNDING, time.process_time() + seconds
    still = np.ones(len(weeks.job), np.bool_)
    if _narrowed(weeks, still, certificate.first.astype(np.float64), most) > most:
        return 1
    return _Replay(_left(weeks, still), certificate, hours, most).run(until)


class _Replay(Replay):
    """The branches, with weeks whose load has a price."""

    def narrowed(self, still: Flags, price: Floats) -> float:
        """What any plan over these arcs costs at least; strikes out the arcs with which it costs too much."""
        return float(_narrowed(self.arcs, still, price, self.most))

    def holds_nothing(self, still: Flags) -> bool:
        """Whether no plan that is cheap enough is left."""
        return bool(_holds_nothing(self.arcs, still, self.most))


def weeks_of(
    case: Case, targets_minutes: Mapping[str, int], trip_prices: Mapping[str, float], units: Sequence[str], people: Sequence[str]
) -> Weeks:
    """Every pair of these units; WrongError where one of them may go to somebody who is not among these people."""
    facts, everybody = facts_of(case), sorted(case.practitioners, key=lambda p: p.id)
    number_of = {unit.id: number for number, unit in enumerate(case.units)}
    column = {person: number for number, person in enumerate(people)}
    own = {p.id: p for p in everybody if p.id in column}
    longest = max(int(p.maximum_minutes) for p in own.values())
    hours, trip = np.full((len(people), longest + 1), np.inf), np.zeros((len(people), 3))
    for person, number in column.items():
        limit, price = trip_limit(own[person]), trip_prices[person]
        by_minute = hours_by_minute(case, own[person], targets_minutes[person])
        hours[number, : len(by_minute)] = by_minute - price * (limit or 0.0)
        trip[number] = (np.inf if limit is None else limit, price, case.prices.site_visits)
    work = facts.work[[number_of[unit] for unit in units]]
    rows = []
    for job, unit in enumerate(units):
        for place, person in enumerate(everybody):
            cost, minutes = pair(facts, number_of[unit], place)
            if np.isfinite(cost) and person.id not in column:
                raise WrongError(f"unit {unit}: only these practitioners expected, {person.id} may take it too")
            if np.isfinite(cost) and minutes <= person.maximum_minutes:
                to = column[person.id]
                rows.append((to, job, int(minutes), cost + trip[to, 1] * work[job, 4] / work[job, 5]))
        rows.append((len(people), job, 0, float(work[job, 14])))
    rows.sort()
    to, jobs, minutes, costs = (np.array(part) for part in zip(*rows, strict=True))
    capacity = np.array([int(own[person].maximum_minutes) for person in people] + [0])
    finite = np.where(np.isfinite(hours), hours, 0.0)
    fall = np.array([max(0.0, -np.diff(row[: most + 1]).min(initial=0.0)) for row, most in zip(finite, capacity, strict=False)])
    begins = np.searchsorted(to, np.arange(len(people) + 2))
    return Weeks(begins, jobs, minutes, costs, capacity, hours, fall, work[:, 4] / work[:, 5], trip)


def _left(weeks: Weeks, still: Flags) -> Any:
    before = np.concatenate([[0], np.cumsum(still)])
    return weeks._replace(begins=before[weeks.begins], job=weeks.job[still], weight=weeks.weight[still], cost=weeks.cost[still])


@njit(cache=True)
def _holds_nothing(weeks: Weeks, still: Flags, most: float) -> bool:
    cost, arcs_of_job, rest = settled(weeks, still)
    if cost == np.inf or arcs_of_job.max() > 1:
        return bool(cost == np.inf)
    for p in range(len(weeks.hours)):
        limit, price, dear = weeks.trip[p]
        cost += weeks.hours[p, weeks.capacity[p] - rest[p]]
        trips = 0.0
        for arc in range(weeks.begins[p], weeks.begins[p + 1]):
            trips += weeks.trips[weeks.job[arc]] if still[arc] else 0.0
        if limit < np.inf:
            cost += dear * max(0.0, trips - limit) - price * (trips - limit)
    return bool(cost > most)


@njit(cache=True)
def _narrowed(weeks: Weeks, still: Flags, price: Floats, most: float) -> float:
    """What a plan over these arcs costs at least at these prices; strikes out the arcs with which it costs more than `most`."""
    least, arcs_of_job, rest = settled(weeks, still)
    if least == np.inf:
        return least
    chosen = np.array([arc for arc in range(len(still)) if still[arc] and arcs_of_job[weeks.job[arc]] > 1], dtype=np.int64)
    with_it, without = np.zeros(len(chosen)), np.zeros(len(chosen))
    for job in range(len(price)):
        least += price[job] if arcs_of_job[job] > 1 else 0.0
    first = 0
    for p in range(len(rest)):
        last = first
        while last < len(chosen) and chosen[last] < weeks.begins[p + 1]:
            last += 1
        own = chosen[first:last]
        value = np.array([weeks.cost[arc] - price[weeks.job[arc]] for arc in own])
        if p == len(weeks.hours):
            for k in range(len(own)):
                least += min(0.0, value[k])
                with_it[first + k], without[first + k] = max(0.0, value[k]), max(0.0, -value[k])
        else:
            tail = weeks.hours[p, weeks.capacity[p] - rest[p] : weeks.capacity[p] + 1].copy()
            least += _weighed(value, weeks.weight[own], tail, weeks.fall[p], with_it[first:last], without[first:last])
        first = last
    if least > most:
        return least
    dearer = np.zeros(len(price))
    for place in range(len(chosen)):
        dearer[weeks.job[chosen[place]]] += without[place]
    for place in range(len(chosen)):
        if least + with_it[place] + dearer[weeks.job[chosen[place]]] - without[place] > most:
            still[chosen[place]] = False
    return least


@njit(cache=True)
def _weighed(value: Floats, weight: Whole, tail: Floats, fall: float, with_it: Floats, without: Floats) -> float:
    """The least value of a set and the price of its load; and by how much it is more with each one in it, and with each one left out.

    tail [room + 1]: price of so many minutes. `up[k, x]`: the least of the first k with x minutes; `down[k, x]`: of those from the k-th on
    beside x minutes, with the price of all of them. A unit that costs more than the steepest fall could give back is in neither.
    """
    able = np.array([k for k in range(len(value)) if value[k] < fall * weight[k]], dtype=np.int64)
    count, room = len(able), len(tail) - 1
    up, down = np.full((count + 1, room + 1), np.inf), np.empty((count + 1, room + 1))
    up[0, 0], down[count] = 0.0, tail
    for k in range(count):
        of, after, before = weight[able[k]], up[k + 1], up[k]
        after[:] = before
        _least_of(after[of:], before[: room + 1 - of], value[able[k]])
    for k in range(count - 1, -1, -1):
        of, after, before = weight[able[k]], down[k], down[k + 1]
        after[:] = before
        _least_of(after[: room + 1 - of], before[of:], value[able[k]])
    least = float(down[0, 0])
    for k in range(len(value)):
        with_it[k] = max(0.0, _joined(up[count, : room + 1 - weight[k]], tail[weight[k] :]) + value[k] - least)
        without[k] = 0.0
    for k in range(count):
        of = weight[able[k]]
        without[able[k]] = max(0.0, _joined(up[k], down[k + 1]) - least)
        with_it[able[k]] = max(0.0, _joined(up[k, : room + 1 - of], down[k + 1, of:]) + value[able[k]] - least)
    return least


@njit(cache=True)
def _least_of(after: NDArray[np.float64], before: NDArray[np.float64], value: float) -> None:
    for x in range(len(after)):
        after[x] = min(after[x], before[x] + value)


@njit(cache=True)
def _joined(one: Floats, other: Floats) -> float:
    least = np.inf
    for x in range(len(one)):
        least = min(least, one[x] + other[x])
    return float(least)
