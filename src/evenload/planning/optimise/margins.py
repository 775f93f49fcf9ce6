"""Exact margins of knapsack weeks: what it costs at least to take a node that is left, or to leave one that is taken.

The weeks are those of a branch (`tree`): of each practitioner only the open arcs of nodes that have a choice take part, and her room is
what given-away nodes leave. Least values are listed over minutes from either end of her nodes, so that the least with a node forced in
or out is the least sum of two rows.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from evenload.planning.optimise.arrays import Floats, Ints, Longs

OVERHEAD = 2_000
"""What a filling takes beside its cells, in cells."""


class Arcs(NamedTuple):
    """The arcs that are open at the start, row by row, practitioners in order."""

    start: Longs
    """[p+1] rows of each practitioner"""
    person: Longs
    """[r]"""
    node: Longs
    """[r]"""
    load: Longs
    """[r] minutes"""
    cost: Floats
    """[r] hours per week"""
    room: Longs
    """[p] minutes"""


class Branch(NamedTuple):
    """The branch at hand; rows [r], nodes [n], practitioners [p]."""

    open: Ints
    """int8[r]"""
    price: Floats
    """[n]"""
    arcs: Longs
    """[n] open arcs of the node"""
    room: Longs
    """[p] minutes beside the nodes that have one arc left"""
    value: Floats
    """[p] least value of the week"""
    taken: Ints
    """int8[r] in that week"""
    times: Longs
    """[n] how often the node is taken"""
    stale: Ints
    """int8[p] to be filled anew"""
    to_take: Floats
    """[r] what it costs at least to have the arc in the week"""
    to_leave: Floats
    """[r] and not to have it"""
    free: Longs
    """[r] open arcs of nodes that have a choice, in the order of practitioners …"""
    first: Longs
    """[p+1] … and where each practitioner's begin"""


class Space(NamedTuple):
    """Space for one week."""

    item: Longs
    gain: Floats
    ahead: Floats
    """[items + 1, room + 1] least value of the first items within so many minutes"""
    behind: Floats
    """[items + 1, room + 1] and of the last ones"""


def arcs_of(person: Longs, node: Longs, load: Longs, cost: Floats, room: Longs) -> Arcs:
    """Rows in the order of practitioners."""
    order = np.lexsort((node, person))
    start = np.concatenate([[0], np.cumsum(np.bincount(person, minlength=len(room)))])
    return Arcs(start, person[order], node[order], load[order], cost[order], room)


def branch_of(arcs: Arcs, price: Floats) -> Branch:
    """The root: every arc open, at these prices of nodes [n]."""
    rows, nodes, people = len(arcs.node), len(price), len(arcs.room)
    return Branch(
        np.ones(rows, np.int8), price.copy(), np.zeros(nodes, np.int64), arcs.room.copy(), np.zeros(people), np.zeros(rows, np.int8),
        np.zeros(nodes, np.int64), np.ones(people, np.int8), np.zeros(rows), np.zeros(rows), np.empty(rows, np.int64), np.zeros(people + 1, np.int64),
    )  # fmt: skip


def space_of(arcs: Arcs) -> Space:
    """Space for the widest week."""
    widest, longest = int(np.diff(arcs.start).max(initial=0)), int(arcs.room.max(initial=0)) + 1
    shape = (widest + 1, longest)
    return Space(np.empty(widest, np.int64), np.empty(widest), np.zeros(shape), np.zeros(shape))


@njit(cache=True)
def settle(arcs: Arcs, branch: Branch) -> float:
    """Gives away nodes with one arc left, closes arcs that no longer fit, and lists the free ones.

    What is given away costs so much, infinite where it cannot be.
    """
    rows, is_open, node, load, person, count, room = (
        len(arcs.node),
        branch.open,
        arcs.node,
        arcs.load,
        arcs.person,
        branch.arcs,
        branch.room,
    )
    while True:
        count[:] = 0
        room[:] = arcs.room
        for row in range(rows):
            count[node[row]] += is_open[row]
        if np.min(count) == 0:
            return np.inf
        given = 0.0
        for row in range(rows):
            if is_open[row] == 1 and count[node[row]] == 1:
                room[person[row]] -= load[row]
                given += arcs.cost[row]
        if np.min(room) < 0:
            return np.inf
        closed = 0
        for row in range(rows):
            if is_open[row] == 1 and count[node[row]] > 1 and load[row] > room[person[row]]:
                is_open[row] = 0
                closed += 1
        if closed == 0:
            list_free(arcs, branch)
            return given


@njit(cache=True)
def list_free(arcs: Arcs, branch: Branch) -> None:
    """Lists the rows that are open and not given away, practitioner by practitioner; every week is stale then."""
    at, is_open, count, node, free = 0, branch.open, branch.arcs, arcs.node, branch.free
    for p in range(len(arcs.room)):
        branch.first[p] = at
        for row in range(arcs.start[p], arcs.start[p + 1]):
            if is_open[row] == 1 and count[node[row]] > 1:
                free[at] = row
                at += 1
    branch.first[len(arcs.room)] = at
    branch.stale[:] = 1


@njit(cache=True)
def _list_items(arcs: Arcs, branch: Branch, space: Space, p: int) -> int:
    count, price, node, cost, item, gains, taken = 0, branch.price, arcs.node, arcs.cost, space.item, space.gain, branch.taken
    for row in branch.free[branch.first[p] : branch.first[p + 1]]:
        taken[row] = 0
        gain = price[node[row]] - cost[row]
        if gain > 0:
            item[count], gains[count] = row, gain
            count += 1
    return count


@njit(cache=True)
def _add_item(old: Floats, new: Floats, load: int, gain: float, room: int) -> None:
    """The next row of least values within 0 … room minutes."""
    new[:load] = old[:load]
    with_it, without, less = new[load : room + 1], old[load : room + 1], old[: room + 1 - load]
    for x in range(len(with_it)):
        value = less[x] - gain
        with_it[x] = min(value, without[x])


@njit(cache=True)
def _fill_ahead(load: Longs, space: Space, count: int, room: int) -> None:
    ahead, item, gain = space.ahead, space.item, space.gain
    ahead[0, : room + 1] = 0.0
    for t in range(count):
        _add_item(ahead[t], ahead[t + 1], load[item[t]], gain[t], room)


@njit(cache=True)
def _read(load: Longs, space: Space, taken: Ints, count: int, room: int) -> None:
    """Notes what the least value of the first items takes."""
    x, ahead = room, space.ahead
    for t in range(count - 1, -1, -1):
        if ahead[t + 1, x] < ahead[t, x]:
            taken[space.item[t]] = 1
            x -= load[space.item[t]]


@njit(cache=True)
def fill_week(arcs: Arcs, branch: Branch, space: Space, p: int) -> int:
    """The least value of p's week at the prices; returns the cells that it took."""
    count, room, load, total = _list_items(arcs, branch, space, p), branch.room[p], 0, 0.0
    for t in range(count):
        load, total = load + arcs.load[space.item[t]], total - space.gain[t]
    branch.stale[p] = 0
    if load <= room:
        branch.value[p] = total
        for t in range(count):
            branch.taken[space.item[t]] = 1
        return OVERHEAD
    _fill_ahead(arcs.load, space, count, room)
    branch.value[p] = space.ahead[count, room]
    _read(arcs.load, space, branch.taken, count, room)
    return count * room + OVERHEAD


@njit(cache=True)
def _least_joined(front: Floats, back: Floats, room: int) -> float:
    """min over x of front[x] + back[room − x]"""
    least, ahead, behind = np.inf, front[: room + 1], back[: room + 1][::-1]
    for x in range(len(ahead)):
        least = min(least, ahead[x] + behind[x])
    return least


@njit(cache=True)
def weigh_week(arcs: Arcs, branch: Branch, space: Space, p: int) -> int:
    """What every free arc of p costs at least, taken or left; returns the cells that it took."""
    count, room = _list_items(arcs, branch, space, p), branch.room[p]
    _fill_ahead(arcs.load, space, count, room)
    _read(arcs.load, space, branch.taken, count, room)
    ahead, behind, value, to_take, to_leave = space.ahead, space.behind, space.ahead[count, room], branch.to_take, branch.to_leave
    branch.value[p] = value
    for row in branch.free[branch.first[p] : branch.first[p + 1]]:
        gain = branch.price[arcs.node[row]] - arcs.cost[row]
        to_take[row], to_leave[row] = ahead[count, room - arcs.load[row]] - gain - value, 0.0
    behind[count, : room + 1] = 0.0
    for t in range(count - 1, -1, -1):
        row = space.item[t]
        load, gain = arcs.load[row], space.gain[t]
        if branch.taken[row] == 1:
            to_take[row], to_leave[row] = 0.0, _least_joined(ahead[t], behind[t + 1], room) - value
        else:
            to_take[row] = max(0.0, _least_joined(ahead[t], behind[t + 1], room - load) - gain - value)
        _add_item(behind[t + 1], behind[t], load, gain, room)
    return 4 * count * room + OVERHEAD
