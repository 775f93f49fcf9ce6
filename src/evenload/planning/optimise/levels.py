"""The ascent over prices of loads, on several levels at once, and only over arcs that can matter now.

Every practitioner has her own step, and so has every group of eight and of 64 neighbours: what a whole town lacks moves the prices
of the town together, which steps of single practitioners need hundreds of passes for. Prices move by a few steps between
two looks at all arcs, so in between a node is asked for the arcs within OPEN_STEPS steps of its cheapest only, and a node with one such
arc not at all. What lies outside is taken at its price limit, so the values in between are guides; each look at all arcs counts anew.

Crowds, practitioners and nodes that no arc connects with others, climb apart, each to its own best prices.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from evenload.planning.optimise.arrays import Floats, Instance, Ints
from evenload.planning.optimise.build import along_curve
from evenload.planning.optimise.candidates import Worth
from evenload.planning.optimise.dual import LOWEST_PRICE, Ascent, Demand, Rooms, coordinates, worth_of
from evenload.planning.optimise.records import LEAN_ARC, OPEN_ARC, Records
from evenload.planning.optimise.threads import side_by_side

GROUPS = (1, 8, 64)
"""Neighbours who move together, on each level."""

LOOK_EVERY = 10
"""Passes between two looks at all arcs."""

NODE_BYTES = 18
"""What a pass reads of a node that is asked: its number, its open arcs, their limit, its trips."""

OPEN_STEPS = 6.0
"""How many steps of a price, in hours, an arc may be dearer than the cheapest of its node to be asked until the next look."""

COARSE = 0.1
"""Steps in hours per hour down to which only every second of many nodes is asked, the other half each time: momentum averages them."""

MOMENTUM = 0.85
SMALL_SLOPE = 0.1
"""Mismatch of load, as a share of the maximum, below which the climb slows down."""

LEVEL_PASSES = 12
LEVEL_NODES = 4_000
"""Of more nodes a sample is asked where prices begin, and while steps are coarse."""


class Crowd(NamedTuple):
    """Practitioners (p of them) and nodes that no arc connects with others."""

    nodes: Ints
    """int32 nodes"""
    people: Ints
    """int32[p] practitioners"""
    group: Ints
    """int32[levels, p] each one's group on each level"""


class Opened(NamedTuple):
    """What is asked until the next look at all arcs."""

    nodes: Ints
    """int32[N] the nodes that are asked, those of a crowd at its beginning"""
    arcs: Ints
    """int16[N] how many arcs of the row are open; they stand first"""
    limit: NDArray[np.float32]
    """[N] price at which the other arcs are taken"""
    used: Floats
    """[2 P] minutes, then trips, of the nodes that are not asked"""


class Path(NamedTuple):
    """Where a crowd's climb stands."""

    at: Floats
    """[2 P + 1] as in `dual.Climb`"""
    best_at: Floats
    mean: Floats
    """[groups of all levels, then P for trips] running mean of the slope"""
    square: Floats
    """the same of its square"""
    used: Floats
    """[2 P]"""
    slope: Floats
    """[p]"""
    load: Floats
    """[p] load at which each one's minimum lies"""


def crowds_of(instance: Instance) -> tuple[Crowd, ...]:
    """Wings that share a practitioner are one crowd; whom no wing has is in the last one."""
    people, wings = len(instance.practitioners), instance.wings
    crowd = np.arange(len(wings) + 1)
    of_person = np.full(people, len(wings))
    for number, wing in enumerate(wings):
        for other in np.unique(crowd[of_person[wing.members]]):
            if other < len(wings):
                crowd[crowd == other] = crowd[number]
        of_person[wing.members] = number
    found, rank = [], along_curve(instance)
    for name in np.unique(crowd):
        own = np.flatnonzero(crowd[of_person] == name).astype(np.int32)
        nodes = [wing.nodes for number, wing in enumerate(wings) if crowd[number] == name]
        if len(own):
            place = np.argsort(np.argsort(rank[own], kind="stable"), kind="stable")
            group = np.stack([place // size for size in GROUPS]).astype(np.int32)
            found.append(Crowd(np.concatenate([*nodes, np.empty(0, np.int32)]).astype(np.int32), own, group))
    return tuple(found)


def open_rows(arcs: Records, degree: Ints, record: np.dtype[Any]) -> Records:
    """The arcs as an ascent reads and sorts them: a copy in these records (`lean_record`), or where they are lean the arcs themselves."""
    if arcs.dtype in (LEAN_ARC, OPEN_ARC):
        return arcs
    rows = np.empty(arcs.shape, record)
    parts = [slice(first, first + 8_000) for first in range(0, len(rows), 8_000)]
    side_by_side([partial(_copy, arcs[part], degree[part], rows[part]) for part in parts])
    return rows


@njit(cache=True, nogil=True)
def _copy(arcs: Records, degree: Ints, rows: Records) -> None:
    for n in range(len(rows)):
        for k in range(degree[n]):
            rows[n, k].cost, rows[n, k].load, rows[n, k].to = arcs[n, k].cost, arcs[n, k].load, arcs[n, k].to


def even_prices(rows: Records, demand: Demand, rooms: Rooms, crowds: Sequence[Crowd]) -> Worth:
    """One common price per crowd, by bisection of demand against room, where many ask by a sample of them: where the ascent starts."""
    people = len(rooms.size)
    minute = np.zeros(people)
    for crowd, price in zip(crowds, side_by_side([partial(_level, rows, demand, rooms, crowd) for crowd in crowds]), strict=True):
        minute[crowd.people] = price
    return Worth(minute, np.zeros(people), 0.0)


@njit(cache=True, nogil=True)
def _level(rows: Records, demand: Demand, rooms: Rooms, crowd: Crowd) -> float:
    low, high, price, is_bracketed = LOWEST_PRICE, 1 / 60, 1 / 60, False
    stride = max(1, len(crowd.nodes) // LEVEL_NODES)
    share = len(crowd.nodes) / max(1, len(range(0, len(crowd.nodes), stride)))
    for _ in range(LEVEL_PASSES):
        price = (low + high) / 2 if is_bracketed else high
        excess = 0.0
        for place in range(0, len(crowd.nodes), stride):
            n = crowd.nodes[place]
            least, load = demand.waiting[n], 0.0
            for k in range(demand.degree[n]):
                value = rows[n, k].cost + price * rows[n, k].load
                if value < least:
                    least, load = value, rows[n, k].load
            excess += share * load
        for p in crowd.people:
            excess -= _least_load(rooms, p, price)[1]
        if excess > 0:
            low = price
            high = high if is_bracketed else 4 * price
        else:
            high, is_bracketed = price, True
    return price


def climb_by_levels(
    rows: Records, demand: Demand, rooms: Rooms, start: Worth, crowds: Sequence[Crowd], *, passes: int, steps: tuple[float, float],
    is_thinned: bool = False,
) -> Ascent:  # fmt: skip
    """Supergradient ascent with momentum from `start`, each group's step scaled by its own history; no limit on moves.

    rows: from `open_rows`; their order within a node is changed. `steps`: first and last step in hours per hour. is_thinned: half of many
    nodes at a time while steps are coarse. The result is the same for any number of threads.
    """
    nodes, people = len(demand.waiting), len(start.minute)
    looked, opened, limit = np.empty(nodes, np.int32), np.empty(nodes, np.int16), np.empty(nodes, np.float32)
    tasks, paths, first = [], [], 0
    for crowd in crowds:
        at, size = coordinates(start), int((crowd.group.max(axis=1) + 1).sum()) + people
        last = first + len(crowd.nodes)
        path = Path(at, at.copy(), np.zeros(size), np.zeros(size), np.zeros(2 * people), *np.zeros((2, len(crowd.people))))
        own = Opened(looked[first:last], opened, limit, np.zeros(2 * people))
        tasks.append(
            partial(_climb, rows, demand, rooms, crowd, own, path, passes, steps[0], (steps[1] / steps[0]) ** (1 / passes), is_thinned)
        )
        paths.append(path)
        first = last
    found, best = np.array(side_by_side(tasks)), coordinates(start)
    hours, of_arcs, of_nodes = found.sum(axis=0).tolist()
    for crowd, path in zip(crowds, paths, strict=True):
        best[crowd.people], best[people + crowd.people] = path.best_at[crowd.people], path.best_at[people + crowd.people]
    return Ascent(worth_of(best), hours, int(of_arcs) * rows.dtype.itemsize + int(of_nodes) * NODE_BYTES)


@njit(cache=True, nogil=True)
def _climb(
    rows: Records, demand: Demand, rooms: Rooms, crowd: Crowd, opened: Opened, path: Path, passes: int, step: float, shrink: float,
    is_thinned: bool,
) -> tuple[float, int, int]:  # fmt: skip
    """Fills the path's best prices; returns what they prove over the listed arcs, and how many arcs and nodes were asked in all."""
    best, all_arcs, all_nodes, many, count = -np.inf, 0, 0, 0, 0
    for number in range(len(crowd.nodes)):
        many += demand.degree[crowd.nodes[number]]
    for number in range(passes + 1):
        if number % LOOK_EVERY == 0 or number == passes:
            count, arcs, value = _look(rows, demand, crowd.nodes, path.at, OPEN_STEPS * step, opened)
            all_arcs, all_nodes = all_arcs + many, all_nodes + len(crowd.nodes)
            value += _people_hours(rooms, crowd.people, path)
            if value > best:
                best = value
                path.best_at[:] = path.at
        if number < passes:
            step *= shrink
            every = 2 if is_thinned and len(crowd.nodes) >= LEVEL_NODES and step > COARSE else 1
            _pass_opened(rows, demand, opened, count, path.at, path.used, every, number % every)
            _people_hours(rooms, crowd.people, path)
            _move(rooms, crowd, path, step)
            all_arcs, all_nodes = all_arcs + arcs // every, all_nodes + count // every
    return best, all_arcs, all_nodes


@njit(cache=True)
def _look(rows: Records, demand: Demand, nodes: Ints, at: Floats, slack: float, opened: Opened) -> tuple[int, int, float]:
    """Opens the arcs within the slack; returns how many nodes are to be asked, how many arcs they have open, and the sum of least prices."""
    people, count, arcs, total = np.uint64(len(at) // 2), 0, 0, 0.0
    prices = np.empty(rows.shape[1])
    opened.used[:] = 0.0
    for n in nodes:
        trips, least = demand.trips[n], demand.waiting[n]
        own = rows[n]
        for k in range(demand.degree[n]):
            to = np.uint64(own[k].to)
            prices[k] = own[k].cost + at[to] * own[k].load + at[people + to] * trips
            least = min(least, prices[k])
        limit, first = min(demand.waiting[n], least + slack), 0
        total += least
        for k in range(demand.degree[n]):
            if prices[k] <= limit:
                if k > first:
                    _swap(rows, n, k, first)
                    prices[k] = prices[first]
                first += 1
        if first == 1 and limit < demand.waiting[n]:
            arc = rows[n, 0]
            opened.used[arc.to] += arc.load
            opened.used[people + arc.to] += trips
        elif first > 0:
            opened.nodes[count], opened.arcs[n], opened.limit[n] = n, first, limit
            count, arcs = count + 1, arcs + first
    return count, arcs, total


@njit(cache=True, forceinline=True)
def _swap(rows: Records, n: int, k: int, other: int) -> None:
    cost, load, to = rows[n, k].cost, rows[n, k].load, rows[n, k].to
    rows[n, k].cost, rows[n, k].load, rows[n, k].to = rows[n, other].cost, rows[n, other].load, rows[n, other].to
    rows[n, other].cost, rows[n, other].load, rows[n, other].to = cost, load, to


@njit(cache=True)
def _pass_opened(
    rows: Records, demand: Demand, opened: Opened, count: int, at: Floats, used: Floats, every: int, first: int
) -> None:  # fmt: skip
    """Fills in the minutes [P] and trips [P] that the cheapest open arcs use; of the nodes every first or second may stand for all."""
    people = np.uint64(len(at) // 2)
    used[:] = opened.used
    for place in range(first, count, every):
        n = opened.nodes[place]
        least, trips, best, own = float(opened.limit[n]), demand.trips[n], -1, rows[n]
        for k in range(opened.arcs[n]):
            to = np.uint64(own[k].to)  # an index that may be negative would be asked about first
            price = own[k].cost + at[to] * own[k].load + at[people + to] * trips
            if price < least:
                least, best = price, k
        if best >= 0:
            used[np.uint64(own[best].to)] += every * own[best].load
            used[people + np.uint64(own[best].to)] += every * trips


@njit(cache=True, forceinline=True)
def _least_load(rooms: Rooms, p: int, price: float) -> tuple[float, float]:
    """The least f(L) − λ·L, and the load at which it lies."""
    least, load = np.inf, 0.0
    for b in range(rooms.breaks.shape[1]):
        value = rooms.hours[p, b] - price * rooms.breaks[p, b]
        if value < least:
            least, load = value, rooms.breaks[p, b]
    return least, load


@njit(cache=True)
def _people_hours(rooms: Rooms, people: Ints, path: Path) -> float:
    """The practitioners' share of the bound; fills in their loads."""
    total, count = 0.0, len(path.at) // 2
    for i in range(len(people)):
        p = people[i]
        hours, path.load[i] = _least_load(rooms, p, path.at[p])
        total += hours
        if np.isfinite(rooms.trip_limit[p]):
            total -= path.at[count + p] * rooms.trip_limit[p]
    return total


@njit(cache=True)
def _move(rooms: Rooms, crowd: Crowd, path: Path, step: float) -> None:
    """Moves every price by what its group on each level wants; `step` in hours per hour."""
    people, first = len(path.at) // 2, 0
    for i in range(len(crowd.people)):
        path.slope[i] = path.used[crowd.people[i]] - path.load[i]
    for level in range(len(crowd.group)):
        group = crowd.group[level]
        excess, size = np.zeros(group.max() + 1), np.zeros(group.max() + 1)
        for i in range(len(group)):
            excess[group[i]] += path.slope[i]
            size[group[i]] += rooms.size[crowd.people[i]]
        for g in range(len(excess)):
            excess[g] = _advance(path, first + g, excess[g] / max(1.0, size[g]), step / 60)
        for i in range(len(group)):
            path.at[crowd.people[i]] += excess[group[i]]
        first += len(excess)
    for p in crowd.people:
        if np.isfinite(rooms.trip_limit[p]):
            slope = (path.used[people + p] - rooms.trip_limit[p]) / max(1.0, rooms.trip_limit[p])
            price = path.at[people + p] + _advance(path, first + p, slope, step)
            path.at[people + p] = min(max(0.0, price), rooms.trip_price)


@njit(cache=True)
def _advance(path: Path, coordinate: int, slope: float, step: float) -> float:
    """By how much the coordinate moves."""
    path.mean[coordinate] = MOMENTUM * path.mean[coordinate] + (1 - MOMENTUM) * slope
    path.square[coordinate] = MOMENTUM * path.square[coordinate] + (1 - MOMENTUM) * slope * slope
    return float(step * path.mean[coordinate] / (math.sqrt(path.square[coordinate]) + SMALL_SLOPE))
