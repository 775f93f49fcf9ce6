"""Dives for caseloads: weeks whose load has a price closed one after another, and the same for a few practitioners of a plan.

As `dive` does it where only limits count: passes of the ascent move the prices of the open nodes to what is left (`week_fill`), the
practitioner whose nodes were hers most steadily keeps her week and is closed, the last two share the rest out exactly (`week_pair`).
Whatever is left then waits, so every dive ends with a complete plan, unless what the prices prove of the rest has reached the plan at
hand before: then it is broken off.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit

from evenload.planning.optimise.arrays import Floats, Ints
from evenload.planning.optimise.dice import Dice, below, share
from evenload.planning.optimise.dive import DRAWS, FADING, SHRINK, USUAL_SLOPE, Patience, steadiest
from evenload.planning.optimise.fill import NO_ARC, Open
from evenload.planning.optimise.week_fill import Items, Scratch, fill_open, fill_person, move_prices, week_price
from evenload.planning.optimise.week_pair import Sets, share_two

LEAST_NEAR = 0.01
"""Nobody who may take a node is too far from it to be drawn."""

SLACK = 1e-7
"""hours by which an equal plan may seem dearer"""

FOR_WAITING = 0.1
"""So often somebody who may take a node that waits is opened first, where any waits."""

MOST_WAITING = 24
"""Waiting nodes that are opened at most with a few practitioners."""


class Bench(NamedTuple):
    """What dives of one part need at hand."""

    items: Items
    scratch: Scratch
    space: Sets
    near: Floats
    """[p, n] how cheap the pair is under the prices, 1 to 0"""
    price: Floats
    """[n] node prices to start from"""
    minute: Floats
    """[p] prices of load to start from"""
    least: Floats
    """[p] the value of each week at these prices"""


@njit(cache=True, nogil=True)
def nearness(items: Items, price: Floats, minute: Floats, scale: float) -> Floats:
    """exp(−reduced price / scale) of every pair, 0 without an arc."""
    people, nodes = items.row.shape
    near = np.zeros((people, nodes))
    for p in range(people):
        for row in range(items.start[p], items.start[p + 1]):
            reduced = items.cost[row] + minute[p] * items.load[row] - price[items.node[row]]
            near[p, items.node[row]] = math.exp(-max(0.0, reduced) / scale)
    return near


@njit(cache=True, nogil=True)
def least_values(items: Items, state: Open, scratch: Scratch) -> Floats:
    """[p] the value of every week at the prices at hand."""
    values = np.empty(len(state.person))
    for p in range(len(values)):
        values[p] = fill_person(items, state, scratch, p)
    return values


@njit(cache=True)
def dive(bench: Bench, state: Open, patience: Patience, limit: float, dice: Dice, who: Ints) -> float:
    """The price of a sharing-out of what is open, below `limit`; infinite where none is found.

    Closes everything in `state`; who int32[n] takes the practitioners of the open nodes (it is spoilt where none is found).
    """
    items, left, fixed = bench.items, int(np.sum(state.person)), 0.0
    mean, square = np.zeros(len(who)), np.full(len(who), USUAL_SLOPE)
    steady, best_price = np.zeros(len(items.node)), state.price.copy()
    for n in range(len(who)):
        if state.node[n] == 1:
            who[n] = -1
    while left != 2:
        steady *= FADING
        value, is_complete = _settle(bench, state, patience, limit - fixed, (mean, square, steady, best_price))
        if fixed + value >= limit:
            return np.inf
        if is_complete or left == 1:
            for p in range(len(state.person)):
                if state.person[p] == 1:
                    fixed += _close(items, state, p, who)
            fixed += _waiting_hours(items, state)
            return fixed if fixed < limit else np.inf
        fixed += _close(items, state, steadiest(state, steady, patience, dice), who)
        left -= 1
    return fixed + share_two(items, state, limit - fixed, bench.space, who)


@njit(cache=True)
def _waiting_hours(items: Items, state: Open) -> float:
    """Price of the open nodes if they wait."""
    total = 0.0
    for n in range(len(state.node)):
        if state.node[n] == 1:
            total += items.waiting[n]
    return total


@njit(cache=True)
def _settle(
    bench: Bench, state: Open, patience: Patience, limit: float, followed: tuple[Floats, Floats, Floats, Floats]
) -> tuple[float, bool]:
    """Passes over what is open; the best value, and whether the last filling is a complete sharing-out.

    followed: mean and usual slope [n], how often each row was taken, and space for prices [n]. Leaves a filling at the best prices.
    """
    mean, square, steady, best_price = followed
    best, step = -np.inf, patience.step
    for _ in range(patience.passes):
        value = fill_open(bench.items, state, bench.scratch)
        if value > best:
            best = value
            best_price[:] = state.price
        if best >= limit:
            return best, False
        for p in range(len(state.person)):
            if state.person[p] == 1:
                for t in range(state.size[p]):
                    steady[state.column[p, t]] += 1.0
        if move_prices(bench.items, state, mean, square, step) == 0:
            return value, True
        step *= SHRINK
    state.price[:] = best_price
    fill_open(bench.items, state, bench.scratch)
    return best, False


@njit(cache=True)
def _close(items: Items, state: Open, p: int, who: Ints) -> float:
    """She keeps what she took last; returns the price of her week."""
    cost, trips, load = 0.0, 0.0, 0
    state.person[p] = 0
    for t in range(state.size[p]):
        row = state.column[p, t]
        if state.node[items.node[row]] == 1:
            state.node[items.node[row]] = 0
            who[items.node[row]] = p
            cost, load, trips = cost + items.cost[row], load + items.load[row], trips + items.trips[items.node[row]]
    return week_price(items, p, cost, load, trips)


@njit(cache=True, nogil=True)
def dive_all(bench: Bench, state: Open, patience: Patience, limit: float, dice: Dice, who: Ints) -> float:
    """A dive with everything open, from the prices of the bench."""
    state.node[:], state.person[:] = 1, 1
    state.price[:], state.minute[:] = bench.price, bench.minute
    return dive(bench, state, patience, limit, dice, who)


@njit(cache=True, nogil=True)
def week_prices(items: Items, who: Ints) -> Floats:
    """[p] the true price of every week of a plan (int32[n], −1 waits)."""
    people = len(items.room)
    cost, trips, load, price = np.zeros(people), np.zeros(people), np.zeros(people, np.int64), np.zeros(people)
    for n in range(len(who)):
        if who[n] >= 0:
            row = items.row[who[n], n]
            cost[who[n]] += items.cost[row]
            load[who[n]] += items.load[row]
            trips[who[n]] += items.trips[n]
    for p in range(people):
        price[p] = week_price(items, p, cost[p], load[p], trips[p])
    return price


@njit(cache=True, nogil=True)
def reopen(bench: Bench, state: Open, patience: Patience, tries: int, widths: tuple[int, int], dice: Dice, who: Ints) -> float:
    """So many times: a few practitioners of the plan (int32[n], changed in place) are opened and dived for; returns what was gained.

    widths: least and most practitioners opened at a time. An equal share-out is taken too, so that the plan does not stand still.
    """
    items, gained, fresh, nodes = bench.items, 0.0, who.copy(), len(who)
    price = week_prices(items, who)
    for _ in range(tries):
        open_some(bench, state, widths[0] + below(dice, widths[1] - widths[0] + 1), (who, price), dice)
        at_hand = _open_nodes(items, state, who, dice)
        for p in range(len(price)):
            at_hand += price[p] if state.person[p] == 1 else 0.0
        fresh[:] = who
        state.minute[:] = bench.minute
        for n in range(nodes):
            state.price[n] = min(items.waiting[n], bench.price[n] + patience.step * (share(dice) - 0.5))
        found = dive(bench, state, patience, at_hand + SLACK, dice, fresh)
        if found < at_hand + SLACK:
            gained += at_hand - found
            who[:] = fresh
            price = week_prices(items, who)
    return gained


@njit(cache=True)
def _open_nodes(items: Items, state: Open, who: Ints, dice: Dice) -> float:
    """Opens the nodes of the open practitioners and some that wait and that these may take; returns what the waiting ones cost."""
    nodes, waiting, count, first = len(who), 0.0, 0, below(dice, len(who))
    for at in range(nodes):
        n = (first + at) % nodes
        if who[n] >= 0:
            state.node[n] = state.person[who[n]]
            continue
        state.node[n] = 0
        if count < MOST_WAITING:
            for p in range(len(state.person)):
                if state.person[p] == 1 and items.row[p, n] != NO_ARC:
                    state.node[n] = 1
            if state.node[n] == 1:
                waiting, count = waiting + items.waiting[n], count + 1
    return waiting


@njit(cache=True)
def open_some(bench: Bench, state: Open, width: int, plan: tuple[Ints, Floats], dice: Dice) -> None:
    """Opens one whose week is far from her best, and others that share cheap pairs with her or are far from theirs too."""
    who, price = plan
    people, nodes = bench.items.row.shape
    excess, tie = price - bench.least, np.zeros(people)
    for n in range(nodes):
        if who[n] >= 0:
            excess[who[n]] -= bench.price[n]
    first = _taker_of_waiting(bench, who, dice) if share(dice) < FOR_WAITING else -1
    if first < 0:
        first = below(dice, people)
        for _ in range(DRAWS - 1):
            other = below(dice, people)
            first = other if excess[other] > excess[first] else first
    for n in range(nodes):
        if who[n] == first:
            tie += bench.near[:, n]
        elif who[n] >= 0:
            tie[who[n]] += bench.near[first, n]
    tie /= max(1e-9, float(np.mean(tie)))
    excess /= max(1e-9, float(np.mean(np.abs(excess))))
    state.person[:] = 0
    state.person[first] = 1
    for _ in range(min(width, people) - 1):
        best, most = -1, -1.0
        for p in range(people):
            mark = tie[p] * (1 + max(0.0, excess[p])) * share(dice)
            if state.person[p] == 0 and mark > most:
                best, most = p, mark
        state.person[best] = 1


@njit(cache=True)
def _taker_of_waiting(bench: Bench, who: Ints, dice: Dice) -> int:
    """Somebody for whom a node that waits is cheap, both drawn by lot; −1 where none waits."""
    nodes = len(who)
    start, best, most = below(dice, nodes), -1, 0.0
    for at in range(nodes):
        n = (start + at) % nodes
        if who[n] < 0:
            for p in range(len(bench.near)):
                mark = (bench.near[p, n] + LEAST_NEAR) * share(dice)
                if bench.items.row[p, n] != NO_ARC and mark > most:
                    best, most = p, mark
            if best >= 0:
                break
    return best
