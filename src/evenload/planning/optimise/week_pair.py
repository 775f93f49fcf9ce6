"""The last two weeks of a dive where loads have a price: nodes shared out between two practitioners and waiting, by meeting in the middle.

Under prices of both loads every node has a cheapest place: with the first, with the second, or waiting. A better share-out puts a few
doubtful ones elsewhere. All sets of such turns among half of the doubtful nodes are listed, and all among the other half; of the pairs of
sets only those are looked at whose weeks cost little more than the prices of load say.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from evenload.planning.optimise.arrays import Floats, Ints, Longs
from evenload.planning.optimise.fill import NO_ARC, Open
from evenload.planning.optimise.week_fill import TINY_LOAD, Items, minutes_taken, room_value, week_price

MOST_SETS, FEWER_SETS = 4096, 1024
"""Of either half; and in large tiles, where share-outs beside a waiting node would take most of the time and place it no more often."""

ROUNDS, HALVINGS = 6, 12
"""Rounds, and bisections in each, in which the two prices of load are found in turn."""

FIRST_BUDGET = 0.25
"""Share-outs are first looked for within so many hours of what prices prove; …"""

MORE_BUDGET = 4.0
"""… then within so many times as much, up to the limit, as long as all sets within it can be listed: where a node is left over whose waiting
is dear, and room for a part of it, prices prove far less than any share-out can reach."""

WAITS = 2
SMALLEST = 1e-9


class Sets(NamedTuple):
    """Sets of turns of either half: [2, most of them]"""

    price: Floats
    """by how much it raises the price bound"""
    first: Longs
    """minutes that it adds to the first practitioner's load"""
    second: Longs
    before: Ints
    """the set that it adds one turn to, −1 none"""
    node: Ints
    """the node that is turned over (its place in the pair) …"""
    side: Ints
    """… and where it goes"""


class Pair(NamedTuple):
    """What two practitioners (p int64[2]) share out: nodes int64[k], and for both and waiting costs [k, 3] and loads [k, 3]."""

    person: Longs
    node: Longs
    cost: Floats
    load: Longs


@njit(cache=True)
def sets(most: int) -> Sets:
    """Space for one sharing-out by so many sets of either half."""
    size = (2, most)
    return Sets(
        np.empty(size), np.empty(size, np.int64), np.empty(size, np.int64), np.empty(size, np.int32), np.empty(size, np.int32),
        np.empty(size, np.int32),
    )  # fmt: skip


@njit(cache=True)
def _list_sides(pair: Pair, minute: Floats, side: Ints) -> None:
    """The cheapest place of every node under prices of load; ties go to the earlier one."""
    cost, load, first, second = pair.cost, pair.load, minute[0], minute[1]
    for k in range(len(side)):
        best, side[k] = cost[k, 0] + first * load[k, 0], 0
        other = cost[k, 1] + second * load[k, 1]
        if other < best:
            best, side[k] = other, 1
        if cost[k, WAITS] < best:
            side[k] = WAITS


@njit(cache=True)
def _price_bound(items: Items, pair: Pair, minute: Floats) -> float:
    total = room_value(items, pair.person[0], minute[0])[0] + room_value(items, pair.person[1], minute[1])[0]
    cost, load, first, second = pair.cost, pair.load, minute[0], minute[1]
    for k in range(len(cost)):
        taken = min(cost[k, 0] + first * load[k, 0], cost[k, 1] + second * load[k, 1])
        total += min(taken, cost[k, WAITS])
    return total


@njit(cache=True)
def _list_turning_prices(pair: Pair, minute: Floats, side: int, minutes: Longs, turning: Floats) -> None:
    """Every node's minutes with this side [k], and the price of this side's load [k] above which it is cheaper elsewhere."""
    other = 1 - side
    for k in range(len(pair.node)):
        elsewhere = min(pair.cost[k, WAITS], pair.cost[k, other] + minute[other] * pair.load[k, other])
        minutes[k] = pair.load[k, side]
        turning[k] = (elsewhere - pair.cost[k, side]) / max(pair.load[k, side], TINY_LOAD)


@njit(cache=True)
def _price_two(items: Items, pair: Pair, minute: Floats) -> float:
    """Climbs to good prices of the two loads (minute [2], changed in place); returns what they prove."""
    best, at = -np.inf, minute.copy()
    minutes, turning = np.empty(len(pair.node), np.int64), np.empty(len(pair.node))
    for number in range(ROUNDS):
        for side in range(2):
            p = pair.person[side]
            _list_turning_prices(pair, at, side, minutes, turning)
            low, high = items.least_slope[p] - 1e-6, max(1.0 / 60, 2 * at[side])
            for halving in range(HALVINGS):
                at[side] = high if halving == 0 else (low + high) / 2
                if minutes_taken(minutes, turning, at[side]) > room_value(items, p, at[side])[1]:
                    low = at[side]
                    high = 2 * high if halving == 0 else high
                else:
                    high = at[side]
            at[side] = (low + high) / 2
        value = _price_bound(items, pair, at)
        if value > best + SMALLEST:
            best = value
            minute[:] = at
        elif number > 2:
            break
    return best


@njit(cache=True)
def share_two(items: Items, state: Open, limit: float, space: Sets, who: Ints) -> float:
    """The least price below `limit` that is found of sharing the open nodes out between the two open practitioners and waiting.

    Infinite without one; who int32[n] takes what was found. Trips above a limit are priced by ν while it looks, truly in the end.
    """
    people, nodes = np.flatnonzero(state.person == 1), np.flatnonzero(state.node == 1)
    pair = _pair_of(items, people, nodes)
    minute = state.minute[people]
    proved, budget = _price_two(items, pair, minute), FIRST_BUDGET
    side, turned = np.empty(len(nodes), np.int32), np.empty(len(nodes), np.int32)
    while proved < limit:
        budget = min(budget, limit - proved)
        _list_sides(pair, minute, side)
        is_found, is_full = _share_within(items, pair, minute, budget, space, side, turned)
        if is_found:
            price = _true_price(items, pair, turned)
            if price >= limit:
                return np.inf
            for k in range(len(nodes)):
                who[nodes[k]] = people[turned[k]] if turned[k] < WAITS else -1
            return price
        if is_full or budget >= limit - proved:
            break
        budget *= MORE_BUDGET
    return np.inf


@njit(cache=True)
def _pair_of(items: Items, people: Longs, nodes: Longs) -> Pair:
    pair = Pair(people, nodes, np.full((len(nodes), 3), np.inf), np.zeros((len(nodes), 3), np.int64))
    for k in range(len(nodes)):
        pair.cost[k, WAITS] = items.waiting[nodes[k]]
        for s in range(2):
            row = items.row[people[s], nodes[k]]
            if row != NO_ARC:
                pair.cost[k, s], pair.load[k, s] = items.cost[row], items.load[row]
    return pair


@njit(cache=True)
def _true_price(items: Items, pair: Pair, side: Ints) -> float:
    cost, trips, load, total = np.zeros(2), np.zeros(2), np.zeros(2, np.int64), 0.0
    for k in range(len(side)):
        s = side[k]
        if s == WAITS:
            total += pair.cost[k, s]
        else:
            cost[s] += pair.cost[k, s]
            load[s] += pair.load[k, s]
            trips[s] += items.trips[pair.node[k]]
    for s in range(2):
        total += week_price(items, pair.person[s], cost[s], load[s], trips[s])
    return total


@njit(cache=True)
def _share_within(
    items: Items, pair: Pair, minute: Floats, budget: float, space: Sets, side: Ints, turned: Ints
) -> tuple[bool, bool]:  # fmt: skip
    """Whether turns of the cheapest places (`side`) make a share-out within the budget, and whether there are more sets than are listed.

    The cheapest share-out goes to `turned`.
    """
    count, loads = len(side), np.zeros(2, np.int64)
    away = np.empty(count)
    for k in range(count):
        at_best = pair.cost[k, side[k]] + (minute[side[k]] * pair.load[k, side[k]] if side[k] < WAITS else 0.0)
        if side[k] < WAITS:
            loads[side[k]] += pair.load[k, side[k]]
        away[k] = np.inf
        for s in range(3):
            if s != side[k]:
                away[k] = min(away[k], pair.cost[k, s] + (minute[s] * pair.load[k, s] if s < WAITS else 0.0) - at_best)
    sizes = _list_sets(pair, minute, space, side, away, budget)
    extra_first, extra_second = _extra(items, pair.person[0], minute[0]), _extra(items, pair.person[1], minute[1])
    one, other = _meet(space, sizes, loads, budget, extra_first, extra_second)
    is_full = max(sizes) >= space.price.shape[1]
    if one < 0:
        return False, is_full
    turned[:] = side
    for half, at in ((0, one), (1, other)):
        while at > 0:
            turned[space.node[half, at]] = space.side[half, at]
            at = space.before[half, at]
    return True, is_full


@njit(cache=True)
def _extra(items: Items, p: int, minute: float) -> Floats:
    """[room + 1] by how much a week of so many minutes is dearer than its price of load says."""
    least, _ = room_value(items, p, minute)
    extra = np.empty(items.room[p] + 1)
    for minutes in range(len(extra)):
        extra[minutes] = items.hours[p, minutes] - minute * minutes - least
    return extra


@njit(cache=True)
def _list_sets(pair: Pair, minute: Floats, space: Sets, side: Ints, away: Floats, budget: float) -> tuple[int, int]:
    """Lists the sets of turns of either half within the budget, most doubtful nodes first, in turn to either half."""
    sizes, most = np.ones(2, np.int64), space.price.shape[1]
    for half in range(2):
        space.price[half, 0], space.first[half, 0], space.second[half, 0], space.before[half, 0] = 0.0, 0, 0, -1
    order = np.argsort(away)
    for t in range(len(order)):
        k = order[t]
        half = 0 if sizes[0] <= sizes[1] else 1
        if away[k] >= budget or sizes[half] >= most:
            break
        own = side[k]
        at_best = pair.cost[k, own] + (minute[own] * pair.load[k, own] if own < WAITS else 0.0)
        size = sizes[half]
        for s in range(3):
            turn = pair.cost[k, s] + (minute[s] * pair.load[k, s] if s < WAITS else 0.0) - at_best
            if s == own or turn >= budget:
                continue
            first = (pair.load[k, 0] if s == 0 else 0) - (pair.load[k, 0] if own == 0 else 0)
            second = (pair.load[k, 1] if s == 1 else 0) - (pair.load[k, 1] if own == 1 else 0)
            for before in range(size):
                price = space.price[half, before] + turn
                if price < budget and sizes[half] < most:
                    at = sizes[half]
                    space.price[half, at], space.before[half, at], space.node[half, at], space.side[half, at] = price, before, k, s
                    space.first[half, at] = space.first[half, before] + first
                    space.second[half, at] = space.second[half, before] + second
                    sizes[half] += 1
    return sizes[0], sizes[1]


@njit(cache=True)
def _meet(
    space: Sets, sizes: tuple[int, int], loads: Longs, budget: float, extra_first: Floats, extra_second: Floats
) -> tuple[int, int]:  # fmt: skip
    """The two sets whose turns and weeks cost least, below the budget; −1 without any. loads [2]: minutes before any turn."""
    start, row, least = _by_first_load(space, sizes[1])
    low, high = _range(extra_first, budget)
    most, best, one, other = least + len(start) - 2, budget, -1, -1
    for s in range(sizes[0]):
        if space.price[0, s] >= best:
            continue
        base, second = loads[0] + space.first[0, s], loads[1] + space.second[0, s]
        for first in range(max(least, low - base), min(most, high - base) + 1):
            price = space.price[0, s] + extra_first[base + first]
            if price >= best:
                continue
            for at in range(start[first - least], start[first - least + 1]):
                t = row[at]
                minutes = second + space.second[1, t]
                if 0 <= minutes < len(extra_second) and price + space.price[1, t] + extra_second[minutes] < best - SMALLEST:
                    best = price + space.price[1, t] + extra_second[minutes]
                    one, other = s, t
    return one, other


@njit(cache=True)
def _range(extra: Floats, budget: float) -> tuple[int, int]:
    """The first and the last minutes of a week that cost less than the budget."""
    low, high = 0, len(extra) - 1
    while low < high and extra[low] >= budget:
        low += 1
    while high > low and extra[high] >= budget:
        high -= 1
    return low, high


@njit(cache=True)
def _by_first_load(space: Sets, size: int) -> tuple[Longs, Longs, int]:
    """The second half's sets in the order of what they add to the first load: starts, sets, least addition."""
    first = space.first[1, :size]
    least = int(np.min(first))
    start = np.zeros(np.max(first) - least + 2, np.int64)
    for s in range(size):
        start[first[s] - least + 1] += 1
    for x in range(1, len(start)):
        start[x] += start[x - 1]
    at, row = start.copy(), np.empty(size, np.int64)
    for s in range(size):
        row[at[first[s] - least]] = s
        at[first[s] - least] += 1
    return start, row, least
