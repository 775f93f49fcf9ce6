"""Prices of loads that fell too low: whom no list named while prices were looked for, the whole country wants once every pair is priced.

An ascent sees listed arcs only. A practitioner on few lists looks idle, her price falls, and at that price thousands of nodes turn to
her: the bound loses what each of them saves. Once all pairs are priced their lists name her, so her price can be set alone: to where her
room is filled, everybody else's price as it is. That is the exact maximum of the bound along her coordinate, over what is listed.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from evenload.planning.optimise.arrays import Floats, Ints, Longs
from evenload.planning.optimise.candidates import Worth
from evenload.planning.optimise.dual import Demand, Rooms, ascend
from evenload.planning.optimise.records import Records
from evenload.planning.optimise.setting import Priced, Setting, demand_of, priced_with

CROWDED = 1.1
"""Times her limit that cheapest arcs lead to a practitioner, from where on her price is looked at again."""

TURNS = 2
"""Neighbours' prices answer each other."""

MUCH = 1.5
"""Nobody above so many times her limit: the prices are left as they are."""

PASSES, STEPS = 60, ((0.08, 0.01), (0.05, 0.005), (0.03, 0.002), (0.02, 0.001))
"""Of the short ascents that follow each repair, over the lists that name the crowded; the last one's steps are the smallest."""


def mended(setting: Setting, found: Priced) -> Priced:
    """Prices that nobody is crowded at, or the best that were met on the way; their arcs are lean, over those that were listed before."""
    best, at_hand, rooms = found, found, setting.rooms
    for steps in STEPS:
        arcs, demand = at_hand.listed.arcs, demand_of(setting.instance, at_hand.listed)
        if not (asked_of(arcs, demand, at_hand.worth.minute, at_hand.worth.trip) > MUCH * rooms.size).any():
            break
        worth = ascend(arcs, demand, rooms, repaired(arcs, demand, rooms, at_hand.worth), most_moves=None, passes=PASSES, steps=steps).worth
        at_hand = priced_with(setting, worth, None, setting.current, into=arcs, is_lean=True)
        best = at_hand if at_hand.bound_hours > best.bound_hours else best
    return best if best is at_hand else priced_with(setting, best.worth, None, setting.current, into=at_hand.listed.arcs, is_lean=True)


def repaired(arcs: Records, demand: Demand, rooms: Rooms, worth: Worth) -> Worth:
    """The prices, those of crowded practitioners set anew; no price of a move is looked at."""
    minute = worth.minute.copy()
    for _ in range(TURNS):
        use = asked_of(arcs, demand, minute, worth.trip)
        crowded = np.flatnonzero(use > CROWDED * rooms.size).astype(np.int32)
        if not len(crowded):
            break
        start, leaves, load = _gains(arcs, demand, minute, worth.trip, crowded)
        for number, p in enumerate(crowded.tolist()):
            own = slice(start[number], start[number + 1])
            minute[p] = _set_alone(leaves[own], load[own], rooms, p)
    return worth._replace(minute=minute)


def _set_alone(leaves: Floats, load: Floats, rooms: Rooms, p: int) -> float:
    """The price at which the nodes that still come fill what she wants to have; leaves [n]: the price at which each goes elsewhere."""
    order = np.argsort(-leaves, kind="stable")
    filled, price = np.cumsum(load[order]), leaves[order]
    # At each node's own price: what she wants to have there, at most.
    wanted = np.array([rooms.breaks[p, np.argmin(rooms.hours[p] - one * rooms.breaks[p])] for one in price])
    is_enough = filled >= wanted
    return float(price[np.argmax(is_enough)]) if is_enough.any() else float(price[-1])


@njit(cache=True)
def cheapest_of(arcs: Records, demand: Demand, minute: Floats, trip: Floats) -> Ints:
    """int32[N] whom each node's cheapest arc leads to at these prices, in whatever order they stand; −1 where it has none."""
    found = np.full(len(demand.waiting), -1, np.int32)
    for n in range(len(demand.waiting)):
        least = np.inf
        for k in range(demand.degree[n]):
            price = arcs[n, k].cost + minute[arcs[n, k].to] * arcs[n, k].load + trip[arcs[n, k].to] * demand.trips[n]
            if price < least:
                found[n], least = arcs[n, k].to, price
    return found


@njit(cache=True)
def asked_of(arcs: Records, demand: Demand, minute: Floats, trip: Floats) -> Floats:
    """[P] minutes that cheapest arcs lead to each practitioner."""
    use = np.zeros(len(minute))
    for n in range(len(demand.waiting)):
        best, least = -1, demand.waiting[n]
        for k in range(demand.degree[n]):
            price = arcs[n, k].cost + minute[arcs[n, k].to] * arcs[n, k].load + trip[arcs[n, k].to] * demand.trips[n]
            if price < least:
                best, least = k, price
        if best >= 0:
            use[arcs[n, best].to] += arcs[n, best].load
    return use


@njit(cache=True)
def _gains(arcs: Records, demand: Demand, minute: Floats, trip: Floats, crowded: Ints) -> tuple[Longs, Floats, Floats]:
    """Of every arc to the crowded: the price of a minute from which on its node goes elsewhere, and its load; starts of each one's rows."""
    row = np.full(len(minute), -1, np.int64)
    for i in range(len(crowded)):
        row[crowded[i]] = i
    start = np.zeros(len(crowded) + 1, np.int64)
    for n in range(len(demand.waiting)):
        for k in range(demand.degree[n]):
            if row[arcs[n, k].to] >= 0:
                start[row[arcs[n, k].to] + 1] += 1
    for i in range(len(crowded)):
        start[i + 1] += start[i]
    at = start[:-1].copy()
    leaves, load = np.empty(start[-1]), np.empty(start[-1])
    for n in range(len(demand.waiting)):
        first, second, to = demand.waiting[n], np.inf, -1
        for k in range(demand.degree[n]):
            price = arcs[n, k].cost + minute[arcs[n, k].to] * arcs[n, k].load + trip[arcs[n, k].to] * demand.trips[n]
            if price < first:
                first, second, to = price, first, arcs[n, k].to
            elif price < second:
                second = price
        for k in range(demand.degree[n]):
            i = row[arcs[n, k].to]
            if i >= 0:
                other = second if arcs[n, k].to == to else first
                leaves[at[i]] = (other - arcs[n, k].cost - trip[arcs[n, k].to] * demand.trips[n]) / max(1, arcs[n, k].load)
                load[at[i]] = arcs[n, k].load
                at[i] += 1
    return start, leaves, load
