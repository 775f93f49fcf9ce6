"""Exact margins of weeks whose load has a price: what it costs at least to take a node that is left, or to leave one that is taken.

As `margins` does it where only limits count. The weeks are those of a branch (`week_tree`): of each practitioner only the open arcs of nodes
that have a choice take part, beside the minutes of nodes that are given away. Least values are listed over minutes from either end of her
nodes, the price of the load at the far end, so that the least with a node forced in or out is the least sum of two rows. Who waits is one
more column, without minutes and without an end.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from evenload.planning.optimise.arrays import Floats, Ints, Longs
from evenload.planning.optimise.margins import OVERHEAD, list_free
from evenload.planning.optimise.week_fill import Items


class Arcs(NamedTuple):
    """The arcs that are open at the start, row by row, practitioners in order; last the arcs to waiting."""

    start: Longs
    """[p+2] rows of each practitioner, and of waiting"""
    person: Longs
    """[r], waiting: p"""
    node: Longs
    """[r]"""
    load: Longs
    """[r] minutes; 0 to wait"""
    cost: Floats
    """[r] cost + ν·trips, hours per week"""
    room: Longs
    """[p+1] minutes; 0 of waiting"""
    hours: Floats
    """[p, longest room + 1] f at L minutes, ν·limit taken off"""
    reward: Floats
    """[p] least slope of f, 0 where it never falls, hours per minute"""
    trips: Floats
    """[n] per week"""
    trip_limit: Floats
    """[p] infinite without one"""
    trip_price: Floats
    """[p] ν"""
    dear_trip: float
    """price of a trip above the limit"""


class Branch(NamedTuple):
    """The branch at hand; rows [r], nodes [n], practitioners and waiting [p+1]."""

    open: Ints
    """int8[r]"""
    price: Floats
    """[n]"""
    arcs: Longs
    """[n] open arcs of the node"""
    base: Longs
    """[p+1] minutes of the nodes that have one arc left"""
    value: Floats
    """[p+1] least value of the week beside these"""
    taken: Ints
    """int8[r] in that week"""
    times: Longs
    """[n] how often the node is taken"""
    stale: Ints
    """int8[p+1] to be filled anew"""
    to_take: Floats
    """[r] what it costs at least to have the arc in the week"""
    to_leave: Floats
    """[r] and not to have it"""
    free: Longs
    """[r] open arcs of nodes that have a choice, in the order of practitioners …"""
    first: Longs
    """[p+2] … and where each practitioner's begin"""
    plan: Ints
    """int8[r] the arcs of the last plan found"""


class Space(NamedTuple):
    """Space for one week."""

    item: Longs
    gain: Floats
    reach: Longs
    """[items + 1] minutes that the first items can take at most"""
    front: Floats
    """[items + 1, room + 1] least value of the first items with exactly so many minutes"""
    back: Floats
    """[items + 1, room + 1] least value of the last items beside so many minutes, with the price of the load"""


def arcs_of(items: Items) -> Arcs:
    """Every row of the part, each practitioner's with the least minutes first, and waiting for each of its nodes."""
    people, nodes = len(items.room), len(items.waiting)
    person = np.repeat(np.arange(people), np.diff(items.start))
    rows, person = load_order(items), np.append(person, np.full(nodes, people))
    return Arcs(
        np.append(items.start, items.start[-1] + nodes), person, np.append(items.node[rows], np.arange(nodes)),
        np.append(items.load[rows], np.zeros(nodes, np.int64)), np.append(items.cost[rows], items.waiting), np.append(items.room, 0),
        items.hours, np.minimum(0.0, items.least_slope), items.trips, items.trip_limit, items.trip_price, items.dear_trip,
    )  # fmt: skip


def load_order(items: Items) -> Longs:
    """The rows of the part, practitioners in order, each one's with the least minutes first: short rows of least values come first then."""
    return np.lexsort((items.load, np.repeat(np.arange(len(items.room)), np.diff(items.start))))


def narrowed(arcs: Arcs, rows: Longs) -> Arcs:
    """Only these rows (ascending)."""
    start = np.concatenate([[0], np.cumsum(np.bincount(arcs.person[rows], minlength=len(arcs.room)))])
    return arcs._replace(start=start, person=arcs.person[rows], node=arcs.node[rows], load=arcs.load[rows], cost=arcs.cost[rows])


def branch_of(arcs: Arcs, price: Floats) -> Branch:
    """The root: every arc open, at these prices of nodes [n]."""
    rows, nodes, weeks = len(arcs.node), len(price), len(arcs.room)
    return Branch(
        np.ones(rows, np.int8), price.copy(), np.zeros(nodes, np.int64), np.zeros(weeks, np.int64), np.zeros(weeks), np.zeros(rows, np.int8),
        np.zeros(nodes, np.int64), np.ones(weeks, np.int8), np.zeros(rows), np.zeros(rows), np.empty(rows, np.int64), np.zeros(weeks + 1, np.int64),
        np.zeros(rows, np.int8),
    )  # fmt: skip


def space_of(arcs: Arcs) -> Space:
    """Space for the widest week."""
    widest, longest = int(np.diff(arcs.start).max(initial=0)), int(arcs.room.max(initial=0)) + 1
    shape = (widest + 1, longest)
    return Space(np.empty(widest, np.int64), np.empty(widest), np.empty(widest + 1, np.int64), np.empty(shape), np.empty(shape))


@njit(cache=True)
def settle(arcs: Arcs, branch: Branch) -> float:
    """Gives away nodes with one arc left, closes arcs that no longer fit, and lists the free ones.

    What is given away costs so much beside the price of the load, infinite where it cannot be.
    """
    is_open, node, load, person, count, base, room = branch.open, arcs.node, arcs.load, arcs.person, branch.arcs, branch.base, arcs.room
    while True:
        count[:] = 0
        base[:] = 0
        for row in range(len(node)):
            count[node[row]] += is_open[row]
        if np.min(count) == 0:
            return np.inf
        given = 0.0
        for row in range(len(node)):
            if is_open[row] == 1 and count[node[row]] == 1:
                base[person[row]] += load[row]
                given += arcs.cost[row]
        if np.min(room - base) < 0:
            return np.inf
        closed = 0
        for row in range(len(node)):
            if is_open[row] == 1 and count[node[row]] > 1 and load[row] > room[person[row]] - base[person[row]]:
                is_open[row] = 0
                closed += 1
        if closed == 0:
            list_free(arcs, branch)  # type: ignore[arg-type]  # the same fields are read
            return given


@njit(cache=True)
def note_plan(arcs: Arcs, branch: Branch) -> float:
    """Notes the plan of what is given away and what the weeks took, where every node is had once; its true price."""
    people = len(arcs.room) - 1
    load, trips, total, plan = np.zeros(people + 1, np.int64), np.zeros(people + 1), 0.0, branch.plan
    for row in range(len(arcs.node)):
        is_given = branch.arcs[arcs.node[row]] == 1
        plan[row] = branch.open[row] == 1 and (is_given or branch.taken[row] == 1)
        if plan[row] == 1:
            total += arcs.cost[row]
            trips[arcs.person[row]] += arcs.trips[arcs.node[row]]
            load[arcs.person[row]] += arcs.load[row]
    for p in range(people):
        total += arcs.hours[p, load[p]]
        if arcs.trip_limit[p] < np.inf:
            beyond = trips[p] - arcs.trip_limit[p]
            total += arcs.dear_trip * max(0.0, beyond) - arcs.trip_price[p] * beyond
    return total


@njit(cache=True)
def _list_items(arcs: Arcs, branch: Branch, space: Space, p: int) -> int:
    count, price, node, cost, item, gains, taken = 0, branch.price, arcs.node, arcs.cost, space.item, space.gain, branch.taken
    reward, load = arcs.reward[p], arcs.load
    for row in branch.free[branch.first[p] : branch.first[p + 1]]:
        taken[row] = 0
        gain = price[node[row]] - cost[row]
        if gain > reward * load[row]:
            item[count], gains[count] = row, gain
            count += 1
    return count


@njit(cache=True)
def _less(without: Floats, with_it: Floats, gain: float, least: Floats) -> None:
    """least = min(without, with_it − gain), minute by minute."""
    for x in range(len(least)):
        value = with_it[x] - gain
        least[x] = min(value, without[x])


@njit(cache=True)
def _fill_back(arcs: Arcs, branch: Branch, space: Space, p: int, count: int) -> int:
    """Least values from the last item to the first: beside x minutes of the items before, as far as these reach. Returns the cells filled."""
    back, reach, base, room, cells = space.back, space.reach, branch.base[p], arcs.room[p] - branch.base[p], 0
    reach[0] = 0
    for t in range(count):
        reach[t + 1] = min(room, reach[t] + arcs.load[space.item[t]])
    back[count, : reach[count] + 1] = arcs.hours[p, base : base + reach[count] + 1]
    for t in range(count - 1, -1, -1):
        old, new, load, until = back[t + 1], back[t], arcs.load[space.item[t]], reach[t]
        most = min(until, room - load)
        _less(old[: most + 1], old[load : load + most + 1], space.gain[t], new[: most + 1])
        new[most + 1 : until + 1] = old[most + 1 : until + 1]
        cells += until
    return cells


@njit(cache=True)
def _read(arcs: Arcs, space: Space, taken: Ints, count: int) -> None:
    """Notes what the least value takes."""
    x, back = 0, space.back
    for t in range(count):
        if back[t, x] < back[t + 1, x]:
            taken[space.item[t]] = 1
            x += arcs.load[space.item[t]]


@njit(cache=True)
def _fill_waiting(arcs: Arcs, branch: Branch) -> int:
    """Whoever is better off waiting does."""
    w, total = len(arcs.room) - 1, 0.0
    for row in branch.free[branch.first[w] : branch.first[w + 1]]:
        worth = arcs.cost[row] - branch.price[arcs.node[row]]
        branch.taken[row] = worth < 0
        branch.to_take[row], branch.to_leave[row] = max(0.0, worth), max(0.0, -worth)
        total += min(0.0, worth)
    branch.value[w], branch.stale[w] = total, 0
    return 0


@njit(cache=True)
def fill_week(arcs: Arcs, branch: Branch, space: Space, p: int) -> int:
    """The least value of p's week at the prices; returns the cells that it took."""
    if p == len(arcs.room) - 1:
        return _fill_waiting(arcs, branch)
    count = _list_items(arcs, branch, space, p)
    cells = _fill_back(arcs, branch, space, p, count)
    branch.value[p], branch.stale[p] = space.back[0, 0], 0
    _read(arcs, space, branch.taken, count)
    return cells + OVERHEAD


@njit(cache=True)
def _least_joined(front: Floats, back: Floats) -> float:
    """min over x of front[x] + back[x]; four at a time, for one after another waits for the comparison before."""
    whole = len(front) // 4 * 4
    one, two, three, four = np.inf, np.inf, np.inf, np.inf
    for x in range(0, whole, 4):
        one = min(one, front[x] + back[x])
        two = min(two, front[x + 1] + back[x + 1])
        three = min(three, front[x + 2] + back[x + 2])
        four = min(four, front[x + 3] + back[x + 3])
    for x in range(whole, len(front)):
        one = min(one, front[x] + back[x])
    return min(min(one, two), min(three, four))


@njit(cache=True)
def weigh_week(arcs: Arcs, branch: Branch, space: Space, p: int) -> int:
    """What every free arc of p costs at least, taken or left; returns the cells that it took."""
    if p == len(arcs.room) - 1:
        return _fill_waiting(arcs, branch)
    count, base, room = _list_items(arcs, branch, space, p), branch.base[p], arcs.room[p] - branch.base[p]
    cells = 3 * _fill_back(arcs, branch, space, p, count)
    _read(arcs, space, branch.taken, count)
    front, back, reach, value, to_take, to_leave = space.front, space.back, space.reach, space.back[0, 0], branch.to_take, branch.to_leave
    branch.value[p], branch.stale[p] = value, 0
    for row in branch.free[branch.first[p] : branch.first[p + 1]]:
        to_take[row], to_leave[row] = -1.0, 0.0
    front[0, 0] = 0.0
    for t in range(count):
        row, load, gain, until = space.item[t], arcs.load[space.item[t]], space.gain[t], reach[t]
        most = min(until, room - load)
        if branch.taken[row] == 1:
            to_take[row], to_leave[row] = 0.0, _least_joined(front[t, : until + 1], back[t + 1, : until + 1]) - value
        else:
            to_take[row] = max(0.0, _least_joined(front[t, : most + 1], back[t + 1, load : load + most + 1]) - gain - value)
        front[t, until + 1 : reach[t + 1] + 1] = np.inf
        front[t + 1, :load] = front[t, :load]
        _less(front[t, load : reach[t + 1] + 1], front[t, : reach[t + 1] + 1 - load], gain, front[t + 1, load : reach[t + 1] + 1])
    for row in branch.free[branch.first[p] : branch.first[p + 1]]:
        if to_take[row] < 0:
            load, gain = arcs.load[row], branch.price[arcs.node[row]] - arcs.cost[row]
            most = min(reach[count], room - load)
            least = _least_joined(front[count, : most + 1], arcs.hours[p, base + load : base + load + most + 1])
            to_take[row] = max(0.0, least - gain - value)
            cells += most
    return cells + OVERHEAD
