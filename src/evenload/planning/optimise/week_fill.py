"""Weeks whose load has a convex price, filled exactly and fast: what dives for caseloads (`week_dive`) do thousands of times a second.

At prices u of the nodes a practitioner takes the set of nodes with the least Σ cost − u + f(load). As in `knapsack`, a price of load decides
what is clearly in or out, a core of doubtful nodes is solved over minutes, and the core grows until the price bound proves the rest. Only
*open* nodes and practitioners take part, so the same rows serve every sub-problem. Whatever nobody takes waits, at its price.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit

from evenload.planning.optimise.arrays import Floats, Ints, Longs
from evenload.planning.optimise.fill import Open

FIRST_CORE, MOST_CORE = 16, 96
"""Doubtful nodes that are looked at first, and at most where a bound is wanted; …"""

QUICK_CORE = 12
"""… and at once and at most in dives, which want good weeks rather than bounds."""

BISECTIONS = 9
DRIFT = 1.0 / 300
"""By so much, hours per minute, a price of load is first supposed to have moved since the last filling."""

MOMENTUM, MEMORY, SMALL_SLOPE = 0.8, 0.95, 0.3
"""A step follows the running mean of a node's slope, measured by what is usual for that slope."""

TINY_LOAD = 1e-3
"""minutes: a node without load is worth taking at any price of load"""

SMALLEST = 1e-9


class Items(NamedTuple):
    """Who may take which node, row by row, practitioners in order; nodes and practitioners by their places in the part."""

    start: Longs
    """[p+1] rows of each practitioner"""
    node: Longs
    """[rows]"""
    load: Longs
    """[rows] minutes"""
    cost: Floats
    """[rows] cost + ν·trips, hours per week"""
    hours: Floats
    """[p, longest room + 1] f at pinned + L minutes, ν·limit taken off"""
    corner: Longs
    """[p, corners] the minutes at which the slope of f changes, and both ends"""
    least_slope: Floats
    """[p] least slope of f, hours per minute"""
    room: Longs
    """[p] minutes beside what is pinned"""
    waiting: Floats
    """[n] price of waiting"""
    trips: Floats
    """[n] per week"""
    trip_limit: Floats
    """[p] trips per week beside pinned ones; infinite without a limit"""
    trip_price: Floats
    """[p] ν, which `cost` holds already"""
    dear_trip: float
    """price of a trip above the limit"""
    row: Ints
    """int32[p, n]: the row of the pair, NO_ARC without one"""


class Scratch(NamedTuple):
    """Space for one filling: rows of candidates, the core of them, and the core's least values."""

    gain: Floats
    """u − cost of each candidate"""
    load: Longs
    ratio: Floats
    """its gain per minute"""
    item: Longs
    away: Floats
    """how far its price under the price of load is from 0"""
    is_core: Ints
    some_minutes: Longs
    some_ratio: Floats
    core: Longs
    """candidates of the core, most doubtful first"""
    least: Floats
    """[core + 1, room + 1] least value of the first nodes of the core with exactly so many minutes"""
    most_core: int


def opened(items: Items, prices: Floats, minute_prices: Floats) -> Open:
    """Everything open, at these prices of nodes [n] and of loads [p]."""
    people, nodes = len(items.room), len(items.waiting)
    widest = int(np.diff(items.start).max(initial=0)) + 1
    return Open(
        np.ones(nodes, np.int8), np.ones(people, np.int8), np.minimum(prices, items.waiting), minute_prices.copy(),
        np.zeros(nodes, np.int64), np.zeros((people, widest), np.int32), np.zeros(people, np.int64),
    )  # fmt: skip


def scratch_of(items: Items, *, is_quick: bool) -> Scratch:
    """Space for the widest week; is_quick: weeks that are nearly always the best will do, and their values may lie above the least."""
    widest = int(np.diff(items.start).max(initial=0)) + 1
    most_core = QUICK_CORE if is_quick else MOST_CORE
    # Left as it is: every filling writes what it reads, and most cores are far smaller, so that most of the room is never touched.
    least = np.empty((most_core + 1, int(items.room.max(initial=0)) + 1))
    return Scratch(
        np.empty(widest), np.empty(widest, np.int64), np.empty(widest), np.empty(widest, np.int64), np.empty(widest),
        np.zeros(widest, np.int8), np.empty(widest, np.int64), np.empty(widest), np.empty(most_core + 1, np.int64), least, most_core,
    )  # fmt: skip


@njit(cache=True)
def week_price(items: Items, p: int, cost: float, minutes: int, trips: float) -> float:
    """The true price of a week: cost holds ν·trips, which is set right here."""
    price = cost + items.hours[p, minutes]
    if items.trip_limit[p] < np.inf:
        beyond = trips - items.trip_limit[p]
        price += items.dear_trip * max(0.0, beyond) - items.trip_price[p] * beyond
    return price


@njit(cache=True)
def room_value(items: Items, p: int, minute: float) -> tuple[float, int]:
    """min over whole L of f − λ·L, and the L at which it lies (the first one): always at a corner of f."""
    least, at = np.inf, 0
    for minutes in items.corner[p]:
        value = items.hours[p, minutes] - minute * minutes
        if value < least:
            least, at = value, minutes
    return least, at


@njit(cache=True)
def minutes_taken(minutes: Longs, ratio: Floats, minute: float) -> int:
    """Minutes of those whose gain per minute exceeds this price of load."""
    total = 0
    for t in range(len(minutes)):
        total += minutes[t] if ratio[t] > minute else 0
    return total


@njit(cache=True)
def _minute_price(items: Items, p: int, scratch: Scratch, count: int, start: float) -> float:
    """A price of load at which what is taken is about what there is room for."""
    floor = items.least_slope[p] - 1e-6
    low, high, reach = max(floor, start - DRIFT), max(floor, start) + DRIFT, DRIFT
    minutes, ratio = scratch.load[:count], scratch.ratio[:count]
    while minutes_taken(minutes, ratio, high) > room_value(items, p, high)[1]:
        low, reach = high, 2 * reach
        high += reach
    while low > floor and minutes_taken(minutes, ratio, low) <= room_value(items, p, low)[1]:
        high, reach = low, 2 * reach
        low = max(floor, low - reach)
    # Whatever lies beyond these two prices is decided: the bisection looks at the others only.
    doubtful, sure = 0, 0
    for t in range(count):
        if ratio[t] > high:
            sure += minutes[t]
        elif ratio[t] > low:
            scratch.some_minutes[doubtful], scratch.some_ratio[doubtful] = minutes[t], ratio[t]
            doubtful += 1
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        if sure + minutes_taken(scratch.some_minutes[:doubtful], scratch.some_ratio[:doubtful], middle) > room_value(items, p, middle)[1]:
            low = middle
        else:
            high = middle
    return high


@njit(cache=True)
def fill_person(items: Items, state: Open, scratch: Scratch, p: int) -> float:
    """The least Σ cost − u + f(load) of open nodes (or a bound of it); notes price of load, column and size in `state`."""
    count = _list_candidates(items, state, scratch, p)
    minute = _minute_price(items, p, scratch, count, state.minute[p])
    state.minute[p] = minute
    least = room_value(items, p, minute)[0]
    bound, gained, taken = least, 0.0, 0
    for t in range(count):
        reduced = minute * scratch.load[t] - scratch.gain[t]
        scratch.away[t], scratch.is_core[t] = abs(reduced), 0
        if reduced < 0:
            bound, gained, taken = bound + reduced, gained + scratch.gain[t], taken + scratch.load[t]
    core = min(count, FIRST_CORE, scratch.most_core)
    while True:
        within = items.hours[p, taken] - minute * taken - least if taken <= items.room[p] else np.inf
        beyond, size = _list_core(scratch, count, core, within + SMALLEST)
        within, size = _within(items, p, scratch, size, (minute, taken, least, within))
        fixed, base = gained, taken
        for t in range(size):
            one = scratch.core[t]
            if minute * scratch.load[one] < scratch.gain[one]:
                fixed, base = fixed - scratch.gain[one], base - scratch.load[one]
        low, high = _window(items, p, minute, least + within + SMALLEST)
        value, at = _least_of_core(items, p, scratch, size, (base, low, high))
        value -= fixed
        is_proved = core == count or beyond >= value - bound - SMALLEST
        if is_proved or core >= scratch.most_core:
            break
        core = min(count, scratch.most_core, 2 * core)
    if value == np.inf:
        state.size[p] = 0
        return bound
    _note_column(state, scratch, p, size, count, at)
    return bound if scratch.most_core == MOST_CORE and not is_proved else value


@njit(cache=True)
def _within(items: Items, p: int, scratch: Scratch, size: int, priced: tuple[float, int, float, float]) -> tuple[float, int]:
    """By how much the best week is dearer than the price bound at most, and how many nodes of the core are so near to 0.

    That is the week of the price of load (`priced`: price, its minutes, least of f less the price of load, how much dearer), or with one
    node turned over.
    """
    minute, taken, least, within = priced
    for t in range(size):
        one = scratch.core[t]
        load = scratch.load[one]
        total = taken - load if minute * load < scratch.gain[one] else taken + load
        if total <= items.room[p]:
            within = min(within, scratch.away[one] + items.hours[p, total] - minute * total - least)
    while size > 0 and scratch.away[scratch.core[size - 1]] > within + SMALLEST:
        size -= 1
    return within, size


@njit(cache=True)
def _window(items: Items, p: int, minute: float, most: float) -> tuple[int, int]:
    """First and last minutes at which f − λ·L is at most so much: between its corners it is straight."""
    corner, low, high, before = items.corner[p], 0, -1, np.inf
    for c in range(len(corner)):
        value = items.hours[p, corner[c]] - minute * corner[c]
        if value <= most:
            if c > 0 and high < 0:
                low = corner[c] - int((corner[c] - corner[c - 1]) * (most - value) / (before - value)) - 1
            high = corner[c]
        elif before <= most:
            high = corner[c - 1] + int((corner[c] - corner[c - 1]) * (most - before) / (value - before)) + 1
        before = value
    return max(0, low), min(high, items.room[p])


@njit(cache=True)
def _list_candidates(items: Items, state: Open, scratch: Scratch, p: int) -> int:
    """Lists the open nodes that may be worth taking; returns how many."""
    count, room, reward = 0, items.room[p], min(0.0, items.least_slope[p])
    for row in range(items.start[p], items.start[p + 1]):
        n, load = items.node[row], items.load[row]
        gain = state.price[n] - items.cost[row]
        if state.node[n] == 1 and gain > reward * load and load <= room:
            scratch.item[count], scratch.gain[count], scratch.load[count] = row, gain, load
            scratch.ratio[count] = gain / max(load, TINY_LOAD)
            count += 1
    return count


@njit(cache=True)
def _list_core(scratch: Scratch, count: int, core: int, within: float) -> tuple[float, int]:
    """Lists the `core` most doubtful candidates that are nearer to 0 than `within`, in order.

    Returns how far the next one is from 0 (`within` where all are listed), and how many are listed.
    """
    away, order, size, beyond = scratch.away, scratch.core, 0, within
    for t in range(count):
        if away[t] >= beyond:
            continue
        if size == core:
            beyond = max(away[t], away[order[core - 1]])
            if away[t] >= away[order[core - 1]]:
                continue
            at = core - 1
        else:
            at, size = size, size + 1
        while at > 0 and away[order[at - 1]] > away[t]:
            order[at] = order[at - 1]
            at -= 1
        order[at] = t
    return beyond, size


@njit(cache=True)
def _least_of_core(items: Items, p: int, scratch: Scratch, core: int, window: tuple[int, int, int]) -> tuple[float, int]:
    """The least value of the core beside `base` minutes, and its minutes; infinite where the base alone does not fit.

    window: base, and the first and last minutes of a week that may be best: only what can still come there is looked at.
    """
    base, low, high = window
    room, reach, first = min(high, items.room[p]) - base, 0, low - base
    if room < 0:
        return np.inf, 0
    for t in range(core):
        first -= scratch.load[scratch.core[t]]
    scratch.least[0, 0] = 0.0
    for t in range(core):
        one = scratch.core[t]
        minutes, gain, old, new = scratch.load[one], scratch.gain[one], scratch.least[t], scratch.least[t + 1]
        until, first = min(room, reach + minutes), first + minutes
        old[reach + 1 : until + 1] = np.inf
        apart, begin = min(minutes, until + 1), max(0, first)
        if begin < apart:
            new[begin:apart] = old[begin:apart]
        begin = max(begin, minutes)
        if begin <= until:
            _with_one_more(old[begin : until + 1], old[begin - minutes : until + 1 - minutes], gain, new[begin : until + 1])
        reach = until
    best, at, last, hours = np.inf, 0, scratch.least[core], items.hours[p]
    for x in range(max(0, first), reach + 1):
        value = last[x] + hours[base + x]
        if value < best:
            best, at = value, x
    return best, at


@njit(cache=True)
def _with_one_more(without: Floats, before: Floats, gain: float, least: Floats) -> None:
    """least = min(without, before − gain), minute by minute."""
    for x in range(len(least)):
        joined = before[x] - gain
        least[x] = joined if joined < without[x] else without[x]


@njit(cache=True)
def _note_column(state: Open, scratch: Scratch, p: int, core: int, count: int, minutes: int) -> None:
    chosen, size, least = state.column[p], 0, scratch.least
    for t in range(core):
        scratch.is_core[scratch.core[t]] = 1
    for t in range(count):
        if scratch.is_core[t] == 0 and state.minute[p] * scratch.load[t] < scratch.gain[t]:
            chosen[size], size = scratch.item[t], size + 1
    for t in range(core - 1, -1, -1):
        one = scratch.core[t]
        load = scratch.load[one]
        if load <= minutes and least[t + 1, minutes] < least[t, minutes]:
            chosen[size], size = scratch.item[one], size + 1
            minutes -= load
    state.size[p] = size


@njit(cache=True)
def fill_open(items: Items, state: Open, scratch: Scratch) -> float:
    """Fills every open week; returns Σ u + Σ least values over what is open: no assignment of it costs less (over these rows)."""
    total, taken = 0.0, state.taken
    for n in range(len(taken)):
        taken[n] = 0
        if state.node[n] == 1:
            total += state.price[n]
    for p in range(len(state.person)):
        if state.person[p] == 1:
            total += fill_person(items, state, scratch, p)
            for t in range(state.size[p]):
                taken[items.node[state.column[p, t]]] += 1
    return total


@njit(cache=True)
def move_prices(items: Items, state: Open, mean: Floats, square: Floats, step: float) -> int:
    """One step of every open node's price; returns how many of them were taken too often, or neither taken nor better off waiting."""
    astray = 0
    for n in range(len(mean)):
        if state.node[n] == 1:
            slope = 1.0 - state.taken[n]
            if slope > 0 and state.price[n] >= items.waiting[n]:
                slope = 0.0
            astray += slope != 0
            mean[n] = MOMENTUM * mean[n] + (1 - MOMENTUM) * slope
            square[n] = MEMORY * square[n] + (1 - MEMORY) * slope * slope
            state.price[n] = min(items.waiting[n], state.price[n] + step * mean[n] / (math.sqrt(square[n]) + SMALL_SLOPE))
    return astray


@njit(cache=True, nogil=True)
def climb_open(items: Items, state: Open, scratch: Scratch, passes: int, steps: tuple[float, float]) -> float:
    """Supergradient ascent over the open nodes' prices, with these first and last steps; leaves the best prices in `state`."""
    count, price = len(state.price), state.price
    mean, square, best, best_price = np.zeros(count), np.zeros(count), -np.inf, price.copy()
    step, shrink = steps[0], (steps[1] / steps[0]) ** (1 / passes)
    for _ in range(passes):
        value = fill_open(items, state, scratch)
        if value > best:
            best = value
            best_price[:] = price
        if move_prices(items, state, mean, square, step) == 0:
            break
        step *= shrink
    price[:] = best_price
    return best
