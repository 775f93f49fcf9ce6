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

from evenload.planning.optimise.arrays import Floats, Ints, Longs
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


class AtHand(NamedTuple):
    """A plan that a few practitioners at a time are opened in."""

    who: Ints
    """int32[n] column, −1 waits"""
    price: Floats
    """[p] of each week"""
    excess: Floats
    """[p] how far the week is from the least"""
    held: Floats
    """[p, q] how cheap p finds what q holds"""


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

    followed: mean and usual slope [n], how often each row was taken, and space for prices [n]. Leaves the filling at the best prices.
    """
    mean, square, steady, best_price = followed
    best, step, column, size = -np.inf, patience.step, np.empty_like(state.column), np.zeros_like(state.size)
    for _ in range(patience.passes):
        value = fill_open(bench.items, state, bench.scratch)
        if value > best:
            best = value
            best_price[:] = state.price
            _note_filling(state.size, state.column, size, column)
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
    _note_filling(size, column, state.size, state.column)
    return best, False


@njit(cache=True)
def _note_filling(size: Longs, column: Ints, into_size: Longs, into: Ints) -> None:
    """Rows that each practitioner took, kept elsewhere."""
    into_size[:] = size
    for p in range(len(size)):
        for t in range(size[p]):
            into[p, t] = column[p, t]


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
    plan, gained = at_hand(bench, state, who), 0.0
    for _ in range(tries):
        open_some(bench, state, widths[0] + below(dice, widths[1] - widths[0] + 1), plan, dice)
        waiting = open_nodes(bench.items, state, who, dice)
        gained += dive_for_open(bench, state, patience, plan, waiting, SLACK, dice)
    return gained


@njit(cache=True)
def at_hand(bench: Bench, state: Open, who: Ints) -> AtHand:
    """The plan as sub-problems look at it; everybody is open after it."""
    people = len(bench.items.room)
    plan = AtHand(who, np.empty(people), np.empty(people), np.empty((people, people)))
    state.person[:] = 1
    weigh(bench, state, plan)
    return plan


@njit(cache=True)
def dive_for_open(bench: Bench, state: Open, patience: Patience, plan: AtHand, waiting: float, dearer: float, dice: Dice) -> float:
    """A dive for what is open alone, whose waiting nodes cost `waiting` hours; returns what was gained.

    It is taken into the plan where it is dearer by less than `dearer` hours.
    """
    whose, which = np.flatnonzero(state.person), np.flatnonzero(state.node)
    part, before = rows_between(bench.items, whose, which), waiting
    for p in whose:
        before += plan.price[p]
    own, fresh = _opened(part), np.full(len(which), -1, np.int32)
    own.minute[:] = bench.minute[whose]
    for k in range(len(which)):
        own.price[k] = min(part.waiting[k], bench.price[which[k]] + patience.step * (share(dice) - 0.5))
    narrow = Bench(part, bench.scratch, bench.space, bench.near, bench.price, bench.minute, bench.least)
    found = dive(narrow, own, patience, before + dearer, dice, fresh)
    if found >= before + dearer:
        return 0.0
    for k in range(len(which)):
        plan.who[which[k]] = whose[fresh[k]] if fresh[k] >= 0 else -1
    weigh(bench, state, plan)
    return before - found


@njit(cache=True)
def rows_between(items: Items, people: Longs, nodes: Longs) -> Items:
    """The rows of these practitioners and nodes alone, both by their places in these ascending lists.

    What is opened is so little of a tile that the rest of it would be most of the work.
    """
    most, count, longest = len(people) * len(nodes), 0, int(np.max(items.room[people])) + 1
    start, node, load, cost = np.zeros(len(people) + 1, np.int64), np.empty(most, np.int64), np.empty(most, np.int64), np.empty(most)
    hours, row = np.empty((len(people), longest)), np.full((len(people), len(nodes)), NO_ARC, np.int32)
    for w in range(len(people)):
        hours[w] = items.hours[people[w], :longest]
        for k in range(len(nodes)):
            at = items.row[people[w], nodes[k]]
            if at != NO_ARC:
                row[w, k], node[count], load[count], cost[count] = count, k, items.load[at], items.cost[at]
                count += 1
        start[w + 1] = count
    return Items(
        start, node[:count], load[:count], cost[:count], hours, items.corner[people], items.least_slope[people], items.room[people],
        items.waiting[nodes], items.trips[nodes], items.trip_limit[people], items.trip_price[people], items.dear_trip, row,
    )  # fmt: skip


@njit(cache=True)
def _opened(items: Items) -> Open:
    """Everything open; prices are to be set."""
    people, nodes = items.row.shape
    return Open(
        np.ones(nodes, np.int8), np.ones(people, np.int8), np.empty(nodes), np.empty(people), np.zeros(nodes, np.int64),
        np.empty((people, nodes + 1), np.int32), np.zeros(people, np.int64),
    )  # fmt: skip


@njit(cache=True)
def weigh(bench: Bench, state: Open, plan: AtHand) -> None:
    """Prices all weeks, and for the open practitioners what the choice of whom to open looks at."""
    people = len(plan.price)
    plan.price[:] = week_prices(bench.items, plan.who)
    for p in range(people):
        if state.person[p] == 1:
            plan.excess[p] = plan.price[p] - bench.least[p]
            plan.held[:, p] = 0.0
    for n in range(len(plan.who)):
        q = plan.who[n]
        if q >= 0 and state.person[q] == 1:
            plan.excess[q] -= bench.price[n]
            for p in range(people):
                plan.held[p, q] += bench.near[p, n]


@njit(cache=True)
def open_nodes(items: Items, state: Open, who: Ints, dice: Dice) -> float:
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
def open_some(bench: Bench, state: Open, width: int, plan: AtHand, dice: Dice) -> None:
    """Opens one whose week is far from her best, and others that share cheap pairs with her or are far from theirs too."""
    who, excess, held = plan.who, plan.excess, plan.held
    people = len(excess)
    first = _taker_of_waiting(bench, who, dice) if share(dice) < FOR_WAITING else -1
    if first < 0:
        first = below(dice, people)
        for _ in range(DRAWS - 1):
            other = below(dice, people)
            first = other if excess[other] > excess[first] else first
    usual = max(1e-9, float(np.mean(np.abs(excess))))
    state.person[:] = 0
    state.person[first] = 1
    for _ in range(min(width, people) - 1):
        best, most = -1, -1.0
        for p in range(people):
            mark = (held[p, first] + held[first, p]) * (1 + max(0.0, excess[p]) / usual) * share(dice)
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
