"""Weeks with a limit and no price of their load, filled exactly and fast: what the dives (`dive`) do thousands of times a second.

At prices u of the nodes a practitioner takes the set of nodes that fits into her room and has the least Σ cost − u. It is found like
`knapsack` finds it: a price of load decides what is clearly in or out, a core of doubtful nodes is solved over minutes, and the core grows
until the price bound proves the rest. Only *open* nodes and practitioners take part, so the same rows serve every sub-problem.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from evenload.planning.optimise.arrays import Floats, Ints, Longs
from evenload.planning.optimise.knapsack import Weeks

FIRST_CORE, MOST_CORE = 16, 96
BISECTIONS = 10
CELLS_OF_FILLING, CELLS_OF_NODE = 2_000, 60
"""What a filling, and each node in it, takes beside its core, in cells."""

DRIFT = 0.05
"""By so much, as a share, a price of load is first supposed to have moved since the last filling."""

MOMENTUM, MEMORY, SMALL_SLOPE = 0.9, 0.95, 0.3
"""A step follows the running mean of a node's slope, measured by what is usual for that slope."""

NO_ARC = -1


class Items(NamedTuple):
    """Who may take which node, row by row, practitioners in order; nodes and practitioners by their places in the part."""

    start: Longs
    """[p+1] rows of each practitioner"""
    stop: Longs
    """[p] rows before it take part in fillings; the rest are for the last share-out"""
    node: Longs
    """[rows]"""
    load: Longs
    """[rows] minutes"""
    cost: Floats
    """[rows] hours per week"""
    room: Longs
    """[p] minutes"""
    row: Ints
    """int32[p, n]: the row of the pair, NO_ARC without one"""
    charge: float
    """hours per minute that fillings charge for load and pay back for room: what is chosen then leaves room; still a bound, only lower"""


class Open(NamedTuple):
    """What takes part, the prices, and what the last filling chose."""

    node: Ints
    """int8[n] 1: open"""
    person: Ints
    """int8[p] 1: open"""
    price: Floats
    """[n] of the nodes"""
    minute: Floats
    """[p] of the loads: where the next filling starts"""
    taken: Longs
    """[n] how often the node was taken"""
    column: Ints
    """int32[p, n] rows that each practitioner took …"""
    size: Longs
    """[p] … and how many"""


class Scratch(NamedTuple):
    """Space for one filling."""

    value: Floats
    item: Longs
    chosen: Longs
    least: Floats
    """[core + 1, room + 1] least value of the first nodes of the core within so many minutes"""
    cells: Longs
    """[1] cells filled since the beginning, and what else a filling takes, measured by them: how much work was done"""


def items_of(weeks: Weeks, nodes: int, is_near: NDArray[np.bool_], charge: float) -> Items:
    """The arcs of a part as rows, each practitioner's near ones first; only these take part in fillings."""
    people, count = len(weeks.people), len(weeks.node)
    owner = np.repeat(np.arange(people), np.diff(weeks.start))
    order = np.lexsort((~is_near, owner))
    node = weeks.node[order].astype(np.int64)
    row = np.full((people, nodes), NO_ARC, np.int32)
    row[owner, node] = np.arange(count, dtype=np.int32)
    stop = weeks.start[:-1] + np.bincount(owner[is_near], minlength=people)
    return Items(
        weeks.start.astype(np.int64), stop, node, weeks.load[order].astype(np.int64), weeks.cost[order].astype(np.float64), weeks.room, row,
        charge,
    )  # fmt: skip


def opened(items: Items, prices: Floats, minute_prices: Floats) -> Open:
    """Everything open, at these prices of nodes [n] and of loads [p]."""
    people, nodes = items.row.shape
    return Open(
        np.ones(nodes, np.int8), np.ones(people, np.int8), prices.copy(), np.maximum(0.0, minute_prices), np.zeros(nodes, np.int64),
        np.zeros((people, nodes), np.int32), np.zeros(people, np.int64),
    )  # fmt: skip


def scratch_of(items: Items) -> Scratch:
    """Space for the widest week."""
    widest = int(np.diff(items.start).max(initial=0)) + 1
    least = np.zeros((MOST_CORE + 1, int(items.room.max(initial=0)) + 1))
    return Scratch(np.empty(widest), np.empty(widest, np.int64), np.empty(widest, np.int64), least, np.zeros(1, np.int64))


@njit(cache=True)
def _taken_load(load: Longs, worth: Floats, item: Longs, count: int, minute: float) -> int:
    """Minutes of those whose worth exceeds their load at this price."""
    total = 0
    for t in range(count):
        if minute * load[item[t]] < worth[t]:
            total += load[item[t]]
    return total


@njit(cache=True)
def _minute_price(load: Longs, worth: Floats, item: Longs, count: int, room: int, start: float) -> float:
    """A price of load at which what is taken just fits."""
    low, high = 0.0, max((1 + DRIFT) * start, 1e-6)
    while _taken_load(load, worth, item, count, high) > room:
        low, high = high, 1.3 * high
    if low == 0.0 and _taken_load(load, worth, item, count, (1 - DRIFT) * start) > room:
        low = (1 - DRIFT) * start
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        if _taken_load(load, worth, item, count, middle) > room:
            low = middle
        else:
            high = middle
    return high


@njit(cache=True)
def fill_person(items: Items, state: Open, scratch: Scratch, p: int) -> float:
    """The least Σ cost + charge · load − u of open nodes within p's room; notes price of load, column and size in `state`."""
    load, cost, node, price, is_open = items.load, items.cost, items.node, state.price, state.node
    item, worth, room, count, total, value = scratch.item, scratch.value, items.room[p], 0, 0, 0.0
    for row in range(items.start[p], items.stop[p]):
        gain = price[node[row]] - cost[row] - items.charge * load[row]
        if is_open[node[row]] == 1 and gain > 0 and load[row] <= room:
            item[count], worth[count] = row, gain
            total, value, count = total + load[row], value - gain, count + 1
    scratch.cells[0] += CELLS_OF_FILLING + CELLS_OF_NODE * count
    chosen = state.column[p]
    if total <= room:
        state.minute[p], state.size[p] = 0.0, count
        for t in range(count):
            chosen[t] = item[t]
        return value
    minute = _minute_price(load, worth, item, count, room, state.minute[p])
    state.minute[p] = minute
    return _fill_core(items, state, scratch, p, count)


@njit(cache=True)
def _fill_core(items: Items, state: Open, scratch: Scratch, p: int, count: int) -> float:
    """The same once there is a price of load: the core of doubtful nodes over minutes, wider until the rest is proved."""
    load, item, worth, minute, room = items.load, scratch.item, scratch.value, state.minute[p], items.room[p]
    bound, away = -minute * room, np.empty(count)
    for t in range(count):
        reduced = minute * load[item[t]] - worth[t]
        away[t] = abs(reduced)
        bound += min(0.0, reduced)
    order, core = np.argsort(away), min(count, FIRST_CORE)
    while True:
        fixed, left = 0.0, room
        for t in range(core, count):
            one = order[t]
            if minute * load[item[one]] < worth[one]:
                fixed, left = fixed - worth[one], left - load[item[one]]
        value = fixed + _least_of_core(load, scratch, order, core, left) if left >= 0 else np.inf
        scratch.cells[0] += core * max(0, left)
        is_proved = core == count or away[order[core]] >= value - bound - 1e-9
        if is_proved or core >= MOST_CORE:
            break
        core = min(count, MOST_CORE, 2 * core)
    if value == np.inf:
        state.size[p] = 0
        return bound
    _note_column(items, state, scratch, p, order, core, count, left)
    return value if is_proved else bound


@njit(cache=True)
def _least_of_core(load: Longs, scratch: Scratch, order: Longs, core: int, room: int) -> float:
    least = scratch.least
    for minutes in range(room + 1):
        least[0, minutes] = 0.0
    for t in range(core):
        one = order[t]
        minutes, gain = load[scratch.item[one]], scratch.value[one]
        for x in range(min(minutes, room + 1)):
            least[t + 1, x] = least[t, x]
        for x in range(minutes, room + 1):
            least[t + 1, x] = min(least[t, x], least[t, x - minutes] - gain)
    return float(least[core, room])


@njit(cache=True)
def _note_column(items: Items, state: Open, scratch: Scratch, p: int, order: Longs, core: int, count: int, room: int) -> None:
    load, item, worth, minute, chosen, size = items.load, scratch.item, scratch.value, state.minute[p], state.column[p], 0
    for t in range(core, count):
        one = order[t]
        if minute * load[item[one]] < worth[one]:
            chosen[size], size = item[one], size + 1
    for t in range(core - 1, -1, -1):
        if scratch.least[t + 1, room] < scratch.least[t, room]:
            chosen[size], size = item[order[t]], size + 1
            room -= load[item[order[t]]]
    state.size[p] = size


@njit(cache=True)
def fill_open(items: Items, state: Open, scratch: Scratch) -> float:
    """Fills every open week; returns Σ u + Σ least values over what is open: no complete assignment of it costs less (over these rows)."""
    total, taken, node = 0.0, state.taken, items.node
    for n in range(len(taken)):
        taken[n] = 0
        if state.node[n] == 1:
            total += state.price[n]
    for p in range(len(state.person)):
        if state.person[p] == 1:
            total += fill_person(items, state, scratch, p) - items.charge * items.room[p]
            for t in range(state.size[p]):
                taken[node[state.column[p, t]]] += 1
    return total


@njit(cache=True)
def climb_open(items: Items, state: Open, scratch: Scratch, passes: int, first_step: float, last_step: float) -> float:
    """Supergradient ascent over the open nodes' prices; leaves the best prices in `state` and returns their value."""
    count, price = len(state.price), state.price
    mean, square, best, best_price = np.zeros(count), np.zeros(count), -np.inf, price.copy()
    step, shrink = first_step, (last_step / first_step) ** (1 / passes)
    for _ in range(passes):
        value = fill_open(items, state, scratch)
        if value > best:
            best = value
            best_price[:] = price
        if move_prices(state, mean, square, step, MOMENTUM) == 0:
            break
        step *= shrink
    price[:] = best_price
    return best


@njit(cache=True)
def move_prices(state: Open, mean: Floats, square: Floats, step: float, momentum: float) -> int:
    """One step of every open node's price; returns how many of them were not taken exactly once."""
    astray = 0
    for n in range(len(mean)):
        if state.node[n] == 1:
            slope = 1.0 - state.taken[n]
            astray += state.taken[n] != 1
            mean[n] = momentum * mean[n] + (1 - momentum) * slope
            square[n] = MEMORY * square[n] + (1 - MEMORY) * slope * slope
            state.price[n] += step * mean[n] / (math.sqrt(square[n]) + SMALL_SLOPE)
    return astray
