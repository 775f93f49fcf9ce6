"""A stronger bound: the nodes get prices instead of the loads, and each practitioner fills her week exactly.

    bound(u) = Σ nodes u + Σ practitioners min over sets S of nodes that fit of  Σ (cost + ν·trips − u) + f(load of S)      u ≤ wait

Each inner minimum is a knapsack with a piecewise-linear price of its load. It is solved exactly: under a price of load most
nodes are clearly in or clearly out; only a core of doubtful ones needs dynamic programming over minutes, and the core grows
until the price bound of the knapsack itself proves that the rest was rightly left alone. The loads' prices bound what sets of
fractions could do; this bounds what whole nodes can do, so it lies higher wherever weeks are tight.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from evenload.planning.optimise.arrays import FREE, Floats, Ints, Longs, Rates, starts
from evenload.planning.optimise.records import Records
from evenload.planning.optimise.setting import Priced, Setting
from evenload.planning.optimise.state import Board, load_hours

FIRST_CORE = 16
MOST_CORE = 256
SMALLEST_DOUBT = 1e-9


class Weeks(NamedTuple):
    """The arcs of one part by practitioner, as knapsacks."""

    people: Ints
    """int32[p] practitioners of the part"""
    start: Longs
    """int64[p+1] item rows of each practitioner"""
    node: Ints
    """[items] place of the node in the part"""
    load: Ints
    """[items] minutes"""
    cost: Floats
    """[items] cost + ν·trips, hours per week"""
    hours: Floats
    """[p, longest room + 1] f at pinned + L minutes"""
    room: Longs
    """[p] minutes beside what is pinned"""
    least_slope: Floats
    """[p] least slope of f, hours per minute"""
    corner: Longs
    """[p, corners] the minutes at which the slope of f changes, and both ends; the last one repeated"""
    arc: Longs
    """[items] the arc's place in the flattened arcs [N·K]"""


class Bench(NamedTuple):
    """Scratch space of one knapsack."""

    reduced: Floats
    """[items at most] price of the item under the price of load"""
    order: Longs
    old: Floats
    new: Floats
    taken: Ints
    """int8[core, room + 1]"""


@njit(cache=True)
def _reduced(weeks: Weeks, w: int, prices: Floats, minute_price: float, reduced: Floats) -> tuple[float, float]:
    """Fills cost − u + λ·load of each item of week w; returns the knapsack's price bound without room, and the load it takes."""
    total, load = 0.0, 0.0
    for at in range(weeks.start[w], weeks.start[w + 1]):
        value = weeks.cost[at] - prices[weeks.node[at]] + minute_price * weeks.load[at]
        reduced[at - weeks.start[w]] = value
        if value < 0:
            total += value
            load += weeks.load[at]
    return total, load


@njit(cache=True)
def _room_value(weeks: Weeks, w: int, minute_price: float) -> tuple[float, int]:
    """min over whole L of f − λ·L, and the L at which it lies (the first one): always at a corner of f."""
    least, at = np.inf, 0
    for minutes in weeks.corner[w]:
        value = weeks.hours[w, minutes] - minute_price * minutes
        if value < least:
            least, at = value, minutes
    return least, at


@njit(cache=True)
def _price_of_load(weeks: Weeks, w: int, prices: Floats, start: float, reduced: Floats) -> float:
    """A price of load at which what is taken is about what there is room for: a few steps of bisection."""
    low, high = weeks.least_slope[w] - 1e-6, max(2 * start, 1.0 / 60)
    for _ in range(8):
        if _reduced(weeks, w, prices, high, reduced)[1] <= _room_value(weeks, w, high)[1]:
            break
        high *= 4
    price = min(max(start, low), high)
    for _ in range(14):
        load = _reduced(weeks, w, prices, price, reduced)[1]
        if load > _room_value(weeks, w, price)[1]:
            low = price
        else:
            high = price
        price = (low + high) / 2
    return price


@njit(cache=True)
def _fill_week(weeks: Weeks, w: int, prices: Floats, start_price: float, bench: Bench, chosen: Ints, picked: Ints) -> tuple[float, float]:
    """The exact minimum of week w at node prices [n], and a price of load.

    Adds 1 to chosen[n] for every node taken, and notes the practitioner in picked[n] where nobody was noted before.
    """
    items = weeks.start[w + 1] - weeks.start[w]
    price = _price_of_load(weeks, w, prices, start_price, bench.reduced)
    taken_value, _ = _reduced(weeks, w, prices, price, bench.reduced)
    bound = taken_value + _room_value(weeks, w, price)[0]
    order = np.argsort(np.abs(bench.reduced[:items]))
    core = min(items, FIRST_CORE)
    while True:
        value = _core_value(weeks, w, prices, order, core, items, bench)
        is_proved = core == items or abs(bench.reduced[order[core]]) >= value - bound - SMALLEST_DOUBT
        if is_proved or core >= MOST_CORE:
            break
        core = min(items, 2 * core)
    if not is_proved:
        return bound, price
    _read_core(weeks, w, order, core, items, bench, chosen, picked)
    return value, price


@njit(cache=True)
def _core_value(weeks: Weeks, w: int, prices: Floats, order: Longs, core: int, items: int, bench: Bench) -> float:
    """Least value when the items beyond the core are taken exactly where their reduced price is negative."""
    first, base, fixed = weeks.start[w], 0, 0.0
    for at in range(core, items):
        if bench.reduced[order[at]] < 0:
            base += weeks.load[first + order[at]]
            fixed += weeks.cost[first + order[at]] - prices[weeks.node[first + order[at]]]
    room = weeks.room[w] - base
    if room < 0:
        return np.inf
    old, new = bench.old, bench.new
    old[: room + 1] = np.inf
    old[0] = 0.0
    for c in range(core):
        item = first + order[c]
        load, value = weeks.load[item], weeks.cost[item] - prices[weeks.node[item]]
        for minutes in range(min(load, room + 1)):
            new[minutes] = old[minutes]
            bench.taken[c, minutes] = 0
        for minutes in range(load, room + 1):
            with_it = old[minutes - load] + value
            bench.taken[c, minutes] = with_it < old[minutes]
            new[minutes] = min(with_it, old[minutes])
        old[: room + 1] = new[: room + 1]
    least, at = np.inf, 0
    for minutes in range(room + 1):
        value = old[minutes] + weeks.hours[w, base + minutes]
        if value < least:
            least, at = value, minutes
    bench.order[0], bench.order[1] = at, base
    return fixed + least


@njit(cache=True)
def _read_core(
    weeks: Weeks, w: int, order: Longs, core: int, items: int, bench: Bench, chosen: Ints, picked: Ints
) -> None:  # fmt: skip
    """Notes what the last knapsack took: backwards through the core, and what is clearly in beyond it."""
    first, minutes = weeks.start[w], bench.order[0]
    for c in range(items - 1, -1, -1):
        item = first + order[c]
        is_taken = bench.taken[c, minutes] == 1 if c < core else bench.reduced[order[c]] < 0
        if is_taken:
            n = weeks.node[item]
            chosen[n] += 1
            picked[n] = weeks.people[w] if picked[n] < 0 else picked[n]
            minutes -= weeks.load[item] if c < core else 0


@njit(cache=True, nogil=True)
def fill_weeks(weeks: Weeks, first: int, last: int, prices: Floats, load_prices: Floats, chosen: Ints, picked: Ints) -> float:
    """Fills the weeks from `first` to before `last` at node prices [n]; returns the sum of their minima.

    load_prices [p]: where the search for each price of load starts; takes the prices found. chosen and picked int32[n]: see
    `_fill_week`; they are emptied first.
    """
    chosen[:] = 0
    picked[:] = -1
    bench, value = _bench(weeks), 0.0
    for w in range(first, last):
        least, load_prices[w] = _fill_week(weeks, w, prices, load_prices[w], bench, chosen, picked)
        value += least
    return value


@njit(cache=True, nogil=True)
def weigh_weeks(weeks: Weeks, prices: Floats, minute_prices: Floats, slack: Floats, values: Floats, bounds: Floats) -> None:
    """What each week costs at these node prices, what its price of load alone proves of it, and the slack of its items.

    Fills slack [items]: by how much at least the bound at these prices rises if the item must be taken; values and bounds [p];
    minute_prices [p] takes the prices of load.
    """
    bench, chosen, picked = _bench(weeks), np.zeros(len(prices), np.int32), np.zeros(len(prices), np.int32)
    for w in range(len(weeks.people)):
        value, price = _fill_week(weeks, w, prices, minute_prices[w], bench, chosen, picked)
        bound = _reduced(weeks, w, prices, price, bench.reduced)[0] + _room_value(weeks, w, price)[0]
        values[w], bounds[w], minute_prices[w] = value, bound, price
        for at in range(weeks.start[w], weeks.start[w + 1]):
            slack[at] = max(0.0, bench.reduced[at - weeks.start[w]] - max(0.0, value - bound))


@njit(cache=True)
def _bench(weeks: Weeks) -> Bench:
    widest, longest = 1, np.max(weeks.room) + 2
    for w in range(len(weeks.people)):
        widest = max(widest, weeks.start[w + 1] - weeks.start[w])
    taken = np.empty((min(widest, 2 * MOST_CORE), longest), np.int8)
    return Bench(np.empty(widest), np.zeros(2, np.int64), np.empty(longest), np.empty(longest), taken)


def weeks_of(setting: Setting, priced: Priced, board: Board, nodes: Ints, people: Ints) -> Weeks:
    """The knapsacks of one part: nodes int32[n] and practitioners int32[p]; pinned nodes are left out, their minutes are not.

    Their items are the arcs that `priced` lists; what is on the board does not matter.
    """
    arcs, worth, instance = priced.listed.arcs, priced.worth, setting.instance
    room = (board.people["room"][people] - setting.pinned_minutes[people]).astype(np.int64)
    place, column = _places(nodes, len(instance.nodes)), _places(people, len(board.people))
    is_item = (np.arange(arcs.shape[1]) < priced.listed.degree[:, None]) & ((place >= 0) & (instance.pinned == FREE))[:, None]
    is_item &= arcs["load"] <= room[column[arcs["to"]]]
    n, k = np.nonzero(is_item)
    order = np.argsort(column[arcs["to"][n, k]], kind="stable")
    n, k = n[order], k[order]
    to = arcs["to"][n, k]
    hours = _hours_table(board.people, board.rates, people, room, setting.pinned_minutes.astype(np.int64))
    return Weeks(
        people=people.astype(np.int32),
        start=starts(np.bincount(column[to], minlength=len(people))),
        node=place[n].astype(np.int32),
        load=arcs["load"][n, k].astype(np.int32),
        cost=arcs["cost"][n, k] + worth.trip[to] * instance.trips[n] + worth.move * arcs["moves"][n, k],
        hours=hours,
        room=room,
        least_slope=least_slopes(hours),
        corner=corners(hours, room),
        arc=n * arcs.shape[1] + k,
    )


def least_slopes(hours: Floats) -> Floats:
    """[p] the least slope of tables of hours [p, longest + 1], or 0 where none is below."""
    return np.array([np.diff(own).min(initial=0.0) for own in hours])


def corners(hours: Floats, room: Longs) -> Longs:
    """int64[p, corners] of tables of hours [p, longest + 1]: where the slope changes within 0 ≤ L ≤ room [p], and both ends."""
    rows = []
    for own, most in zip(hours, room.tolist(), strict=True):  # one by one: tables of a region are larger than all that is made of them
        changes = np.flatnonzero(np.abs(np.diff(own, 2)) > 1e-12) + 1
        rows.append([0, *changes[changes < most].tolist(), most])
    longest = max(len(row) for row in rows)
    return np.array([[*row, *row[-1:] * (longest - len(row))] for row in rows], np.int64)


def _places(numbers: Ints, count: int) -> Longs:
    """int64[count]: the place of each number in the list, −1 for those that are not in it."""
    place = np.full(count, -1, np.int64)
    place[numbers] = np.arange(len(numbers))
    return place


@njit(cache=True)
def _hours_table(people_records: Records, rates: Rates, people: Ints, room: Longs, pinned_minutes: Longs) -> Floats:
    """[p, longest + 1] price of pinned + L minutes; beyond the room that of the room."""
    table = np.zeros((len(people), np.max(room) + 1))
    for w in range(len(people)):
        for minutes in range(table.shape[1]):
            table[w, minutes] = load_hours(people_records, rates, people[w], pinned_minutes[people[w]] + min(minutes, room[w]))
    return table
