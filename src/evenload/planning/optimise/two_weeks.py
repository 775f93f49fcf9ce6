"""The last two weeks of a dive: nodes shared out between two practitioners, by meeting in the middle.

Under prices of both loads every node has a cheaper side; a better or a fitting share-out turns a few of the doubtful ones over. All sets
of turns among half of the doubtful nodes are listed, and all among the other half; a pair of sets is good where both weeks are
nearly full, so for each set of one half only those of the other are looked at that leave few minutes unused.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from evenload.planning.optimise.arrays import Floats, Ints, Longs
from evenload.planning.optimise.fill import NO_ARC, Items, Open

HALF = 11
"""Doubtful nodes of each half: 2,048 sets, 4 million pairs of sets."""

ROUNDS, HALVINGS = 8, 12
"""Rounds, and bisections in each, in which the two prices of load are found in turn."""

DEAR = 1e6
"""Cost of an arc that is missing, in hours per week: its node is never turned over."""

SMALLEST = 1e-9


class Pair(NamedTuple):
    """Nodes that two practitioners share: costs and loads [k, 2], and what each has room for."""

    cost: Floats
    load: Longs
    room: Longs


class Halves(NamedTuple):
    """Every set of turns of either half: [2, 2^HALF]"""

    price: Floats
    """by how much it raises the price bound"""
    first: Longs
    """minutes that it adds to the first practitioner's load"""
    second: Longs


@njit(cache=True)
def halves() -> Halves:
    """Space for one sharing-out."""
    most = 1 << HALF
    return Halves(np.empty((2, most)), np.empty((2, most), np.int64), np.empty((2, most), np.int64))


@njit(cache=True)
def _price_bound(pair: Pair, minute: Floats) -> float:
    total = -minute[0] * pair.room[0] - minute[1] * pair.room[1]
    for k in range(len(pair.cost)):
        total += min(pair.cost[k, 0] + minute[0] * pair.load[k, 0], pair.cost[k, 1] + minute[1] * pair.load[k, 1])
    return total


@njit(cache=True)
def _load_at(pair: Pair, minute: Floats, side: int) -> int:
    """Minutes that go to one side; a tie goes to the second."""
    total = 0
    for k in range(len(pair.cost)):
        is_first = pair.cost[k, 0] + minute[0] * pair.load[k, 0] < pair.cost[k, 1] + minute[1] * pair.load[k, 1]
        if is_first == (side == 0):
            total += pair.load[k, side]
    return total


@njit(cache=True)
def price_two(pair: Pair, minute: Floats) -> float:
    """Climbs to good prices of the two loads (minute [2], changed in place); returns what they prove."""
    best, at = -np.inf, minute.copy()
    for number in range(ROUNDS):
        for side in range(2):
            low, high = 0.0, max(1e-6, 2 * at[side])
            for halving in range(HALVINGS):
                at[side] = high if halving == 0 else (low + high) / 2
                if _load_at(pair, at, side) > pair.room[side]:
                    low = at[side]
                    high = 2 * high if halving == 0 else high
                else:
                    high = at[side]
            at[side] = (low + high) / 2
        value = _price_bound(pair, at)
        if value > best + SMALLEST:
            best = value
            minute[:] = at
        elif number > 2:
            break
    return best


@njit(cache=True)
def share_two(pair: Pair, limit: float, minute: Floats, space: Halves, side: Ints) -> tuple[float, float]:
    """The least price below `limit` that is found of sharing the nodes out, infinite without one, and what prices prove.

    side int32[k] takes 0 or 1 for each node; minute [2]: where the prices of load start. Exact while at most 2 · HALF nodes are
    doubtful under that limit.
    """
    proved = price_two(pair, minute)
    if proved >= limit:
        return np.inf, proved
    count, budget = len(side), limit - proved
    turn, left = np.empty(count), pair.room.copy()
    for k in range(count):
        turn[k] = pair.cost[k, 0] + minute[0] * pair.load[k, 0] - pair.cost[k, 1] - minute[1] * pair.load[k, 1]
        side[k] = 0 if turn[k] < 0 else 1
        left[side[k]] -= pair.load[k, side[k]]
    order, core = np.argsort(np.abs(turn)), 0
    while core < min(count, 2 * HALF) and abs(turn[order[core]]) < budget:
        core += 1
    sizes = _list_sets(pair, space, side, turn, order, core)
    one, other = _meet(space, sizes, left, minute, budget)
    if one < 0:
        return np.inf, proved
    for k in range(core):
        if ((one if k % 2 == 0 else other) >> (k // 2)) & 1:
            side[order[k]] = 1 - side[order[k]]
    total = 0.0
    for k in range(count):
        total += pair.cost[k, side[k]]
    return total, proved


@njit(cache=True)
def _list_sets(pair: Pair, space: Halves, side: Ints, turn: Floats, order: Longs, core: int) -> tuple[int, int]:
    """Lists the sets of either half; bit b of a set's number is the half's b-th node."""
    sizes = np.ones(2, np.int64)
    for half in range(2):
        space.price[half, 0], space.first[half, 0], space.second[half, 0] = 0.0, 0, 0
    for k in range(core):
        half, n = k % 2, order[k]
        away = -1 if side[n] == 0 else 1
        size = sizes[half]
        for s in range(size):
            space.price[half, size + s] = space.price[half, s] + abs(turn[n])
            space.first[half, size + s] = space.first[half, s] + away * pair.load[n, 0]
            space.second[half, size + s] = space.second[half, s] - away * pair.load[n, 1]
        sizes[half] = 2 * size
    return sizes[0], sizes[1]


@njit(cache=True)
def _meet(space: Halves, sizes: tuple[int, int], left: Longs, minute: Floats, budget: float) -> tuple[int, int]:
    """The two sets whose turns and unused minutes cost least, below the budget; −1 without any. `left` [2]: room before any turn."""
    start, row, least = _by_first_load(space, sizes[1], budget)
    most, best, one, other = least + len(start) - 2, budget, -1, -1
    for s in range(sizes[0]):
        rest = best - space.price[0, s]
        if rest <= 0:
            continue
        top = left[0] - space.first[0, s]
        lowest = max(least, top - int(min(1e9, rest / max(minute[0], SMALLEST))))
        for first in range(min(top, most), lowest - 1, -1):
            price = space.price[0, s] + minute[0] * (top - first)
            for at in range(start[first - least], start[first - least + 1]):
                t = row[at]
                unused = left[1] - space.second[0, s] - space.second[1, t]
                if unused >= 0 and price + space.price[1, t] + minute[1] * unused < best - SMALLEST:
                    best = price + space.price[1, t] + minute[1] * unused
                    one, other = s, t
    return one, other


@njit(cache=True)
def _by_first_load(space: Halves, size: int, budget: float) -> tuple[Longs, Longs, int]:
    """The second half's sets within the budget in the order of what they add to the first load: starts, sets, least addition."""
    first = space.first[1, :size]
    least = int(np.min(first))
    start = np.zeros(np.max(first) - least + 2, np.int64)
    for s in range(size):
        if space.price[1, s] < budget:
            start[first[s] - least + 1] += 1
    for x in range(1, len(start)):
        start[x] += start[x - 1]
    at, row = start.copy(), np.empty(size, np.int64)
    for s in range(size):
        if space.price[1, s] < budget:
            row[at[first[s] - least]] = s
            at[first[s] - least] += 1
    return start, row, least


@njit(cache=True)
def share_last_two(items: Items, state: Open, limit: float, space: Halves, who: Ints) -> tuple[float, float]:
    """Shares the open nodes out between the two open practitioners; see `share_two`. who int32[n] takes them where it works."""
    people = np.flatnonzero(state.person == 1)
    nodes = np.flatnonzero(state.node == 1)
    pair = Pair(np.full((len(nodes), 2), DEAR), np.zeros((len(nodes), 2), np.int64), items.room[people])
    for k in range(len(nodes)):
        for s in range(2):
            row = items.row[people[s], nodes[k]]
            if row != NO_ARC:
                pair.cost[k, s], pair.load[k, s] = items.cost[row], items.load[row]
    minute, side = state.minute[people], np.empty(len(nodes), np.int32)
    found, proved = share_two(pair, limit, minute, space, side)
    if found < min(limit, DEAR / 2):
        for k in range(len(nodes)):
            who[nodes[k]] = people[side[k]]
        return found, proved
    return np.inf, proved
