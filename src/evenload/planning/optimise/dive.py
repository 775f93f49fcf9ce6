"""Dives: weeks closed one after another at prices that follow, and the same for a few practitioners of a plan.

While more than two practitioners are open, a few passes of the ascent move the prices of the open nodes to what is left (`fill`). Then the
practitioner whose nodes were hers most steadily keeps what she takes, exactly full as a knapsack is, and is closed. The last two
share the rest out exactly (`two_weeks`). What the prices prove of the rest tells at every step how good the end can still be, so a
dive that cannot beat the best plan is broken off early, mostly half way.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit

from evenload.planning.optimise.arrays import Floats, Ints
from evenload.planning.optimise.dice import Dice, below, share
from evenload.planning.optimise.fill import Items, Open, Scratch, fill_open, fill_person, move_prices
from evenload.planning.optimise.two_weeks import Halves, share_last_two

MOMENTUM = 0.8
USUAL_SLOPE = 0.3
SHRINK = 0.95
"""Each pass of a dive steps so much shorter than the one before."""

FADING = 0.5
"""What passes before the last closing count for steadiness."""

DRAWS = 4
"""The practitioner around whom a plan is opened is the one of so many drawn whose week is farthest from her best."""

SLACK = 1e-6
"""hours by which an equal plan may seem dearer"""


class Patience(NamedTuple):
    """How a dive goes."""

    passes: int
    """before each closing"""
    step: float
    """first step of a node's price, hours per week"""
    jitter: float
    """how much chance has to do with who is closed"""


class Bench(NamedTuple):
    """What dives of one part need at hand."""

    items: Items
    scratch: Scratch
    space: Halves
    near: Floats
    """[p, n] how cheap the pair is under the prices, 1 to 0"""
    price: Floats
    """[n] node prices to start from"""
    minute: Floats
    """[p] prices of load to start from"""
    least: Floats
    """[p] the value of each week at these prices"""


@njit(cache=True)
def nearness(items: Items, state: Open, scale: float) -> Floats:
    """exp(−reduced price / scale) of every pair, 0 without an arc."""
    people, nodes = items.row.shape
    near = np.zeros((people, nodes))
    for p in range(people):
        for row in range(items.start[p], items.start[p + 1]):
            reduced = items.cost[row] + (items.charge + state.minute[p]) * items.load[row] - state.price[items.node[row]]
            near[p, items.node[row]] = math.exp(-max(0.0, reduced) / scale)
    return near


@njit(cache=True)
def least_values(items: Items, state: Open, scratch: Scratch) -> Floats:
    """[p] the value of every week at the prices at hand."""
    values = np.empty(len(state.person))
    for p in range(len(values)):
        values[p] = fill_person(items, state, scratch, p)
    return values


@njit(cache=True)
def dive(bench: Bench, state: Open, patience: Patience, limit: float, dice: Dice, who: Ints) -> float:
    """The price of a complete sharing-out of what is open, below `limit`; infinite where none is found.

    Closes everything in `state`; who int32[n] takes the practitioners of the open nodes (it is spoilt where none is found).
    """
    items, left, fixed = bench.items, int(np.sum(state.person)), 0.0
    mean, square = np.zeros(len(who)), np.full(len(who), USUAL_SLOPE)
    steady, best_price = np.zeros(len(items.node)), state.price.copy()
    while left > 2:
        steady *= FADING
        value, is_complete = _settle(bench, state, patience, limit - fixed, (mean, square, steady, best_price))
        if fixed + value >= limit:
            return np.inf
        if is_complete:
            for p in range(len(state.person)):
                if state.person[p] == 1:
                    fixed += _close(items, state, p, who)
            return fixed if fixed < limit else np.inf
        p = steadiest(state, steady, patience, dice)
        fixed += _close(items, state, p, who)
        left -= 1
    if left < 2:
        return np.inf
    value, _ = share_last_two(items, state, limit - fixed, bench.space, who)
    return fixed + value


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
        if move_prices(state, mean, square, step, MOMENTUM) == 0:
            return value, True
        step *= SHRINK
    state.price[:] = best_price
    fill_open(bench.items, state, bench.scratch)
    return best, False


@njit(cache=True)
def steadiest(state: Open, steady: Floats, patience: Patience, dice: Dice) -> int:
    """The open practitioner whose nodes were hers most often, mixed with chance."""
    best, most = -1, -np.inf
    for p in range(len(state.person)):
        if state.person[p] == 1:
            total = 0.0
            for t in range(state.size[p]):
                total += steady[state.column[p, t]]
            mark = total / max(1, state.size[p]) * (1 + patience.jitter * share(dice))
            if mark > most:
                best, most = p, mark
    return best


@njit(cache=True)
def _close(items: Items, state: Open, p: int, who: Ints) -> float:
    """She keeps what she took last; returns its cost."""
    cost = 0.0
    state.person[p] = 0
    for t in range(state.size[p]):
        row = state.column[p, t]
        state.node[items.node[row]] = 0
        who[items.node[row]] = p
        cost += items.cost[row]
    return cost


@njit(cache=True, nogil=True)
def dive_all(bench: Bench, state: Open, patience: Patience, limit: float, dice: Dice, who: Ints) -> float:
    """A dive with everything open, from the prices of the bench."""
    state.node[:], state.person[:] = 1, 1
    state.price[:], state.minute[:] = bench.price, bench.minute
    return dive(bench, state, patience, limit, dice, who)


@njit(cache=True, nogil=True)
def reopen(bench: Bench, state: Open, patience: Patience, tries: int, widths: tuple[int, int], dice: Dice, who: Ints) -> float:
    """So many times: a few practitioners of the plan (int32[n], changed in place) are opened and dived for; returns what was gained.

    widths: least and most practitioners opened at a time. An equal share-out is taken too, so that the plan does not stand still.
    """
    gained, fresh, nodes = 0.0, who.copy(), len(who)
    for _ in range(tries):
        open_some(bench, state, widths[0] + below(dice, widths[1] - widths[0] + 1), who, dice)
        at_hand = 0.0
        for n in range(nodes):
            state.node[n] = state.person[who[n]]
            if state.node[n] == 1:
                at_hand += bench.items.cost[bench.items.row[who[n], n]]
            fresh[n] = who[n]
            state.price[n] = bench.price[n]
        state.minute[:] = bench.minute
        for n in range(nodes):
            state.price[n] += patience.step * (share(dice) - 0.5)
        found = dive(bench, state, patience, at_hand + SLACK, dice, fresh)
        if found < at_hand + SLACK:
            gained += at_hand - found
            who[:] = fresh
    return gained


@njit(cache=True)
def open_some(bench: Bench, state: Open, width: int, who: Ints, dice: Dice) -> None:
    """Opens one whose week is far from her best, and others that share cheap pairs with her or are far from theirs too."""
    people, nodes = bench.items.row.shape
    excess, tie = -bench.least, np.zeros(people)
    for n in range(nodes):
        row = bench.items.row[who[n], n]
        excess[who[n]] += bench.items.cost[row] + bench.items.charge * bench.items.load[row] - bench.price[n]
    first = below(dice, people)
    for _ in range(DRAWS - 1):
        other = below(dice, people)
        first = other if excess[other] > excess[first] else first
    for n in range(nodes):
        if who[n] == first:
            tie += bench.near[:, n]
        else:
            tie[who[n]] += bench.near[first, n]
    tie /= max(1e-9, float(np.mean(tie)))
    excess /= max(1e-9, float(np.mean(excess)))
    state.person[:] = 0
    state.person[first] = 1
    for _ in range(min(width, people) - 1):
        best, most = -1, -1.0
        for p in range(people):
            mark = (tie[p] + max(0.0, excess[p])) * share(dice)
            if state.person[p] == 0 and mark > most:
                best, most = p, mark
        state.person[best] = 1
