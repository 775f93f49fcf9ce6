"""Branch and bound on prices of nodes: is there a complete plan that costs at most so much, and if so, which?

Meant for tight programs (`tight`) of which a bound leaves few arcs open. At every branch the open weeks are filled exactly at prices of the
nodes, the prices climb, and then every open arc is weighed: what does it cost at least to take it, each week filled anew with it, or
without it where another takes the node? Arcs that a plan within the target cannot use are closed; a node with one arc left is given away.
What is left branches on the node whose arcs promise the fewest branches. All weeks are whole knapsacks, so a refuted target raises the bound.

After Posta, Ferland and Michelon (2012): a Lagrangian bound, arcs fixed by their exact margins, the target raised step by step.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit

from evenload.planning.optimise.arrays import Floats, Ints, Longs
from evenload.planning.optimise.margins import Arcs, Branch, Space, fill_week, settle, weigh_week
from evenload.planning.optimise.noted import Notes, has_space, note_branch, note_prices, notes_of, put_off, take_up

REFUTED, FOUND, OPEN, STUCK = 0, 1, 2, 3
"""What is known of the target: no plan costs so little; one does; not decided yet; no space for more branches."""

ROUNDING = 1e-6
"""hours by which a plan may seem dearer than the target"""

MOMENTUM, MEMORY, SMALL_SLOPE = 0.8, 0.9, 0.3
"""A step follows the running mean of a node's slope, measured by what is usual for that slope."""

STILL = 0.01
"""A mean slope that is less moves nothing: weeks whose nodes are still need not be filled anew."""

PASSES, AGAIN = 12, 4
"""Passes of the ascent at each branch, and again after arcs were closed."""

ROUNDS = 6
"""Times at most that arcs are weighed at one branch."""

FIRST_STEP, LAST_STEP = 0.05, 0.01
"""First and last step of a node's price, as shares of `scale`."""

KEEN = 4.0
"""How much a branch counts: exp(−KEEN · by how much its bound is above the least, as a share of the first way to the target)."""


class Aim(NamedTuple):
    """What a plan may cost, hours per week, and what prices are measured by."""

    target: float
    scale: float
    """how far the prices of a node's good arcs are apart"""
    reach: float
    """how far the target is above the bound at the start"""


class Stack(NamedTuple):
    """Branches put off."""

    open: Ints
    """int8[depth, r]"""
    price: Floats
    """[depth, n]"""
    tally: Longs
    """[depth in use, branches looked at, cells of weeks filled, passes]"""
    notes: Notes


def stack_of(arcs: Arcs, nodes: int, depth: int, noted: int = 0) -> Stack:
    """An empty stack. noted: space for what shows a refutation (`noted`); 0: nothing is noted."""
    notes = notes_of(noted, nodes, depth)
    note_branch(notes, -1, -1, 0)
    return Stack(np.empty((depth, len(arcs.node)), np.int8), np.empty((depth, nodes)), np.zeros(4, np.int64), notes)


@njit(cache=True)
def fill_all(arcs: Arcs, branch: Branch, space: Space, stack: Stack) -> float:
    """Fills every stale week; Σ u + Σ values over what is free."""
    total, times, taken, node, free = 0.0, branch.times, branch.taken, arcs.node, branch.free
    times[:] = 0
    for p in range(len(arcs.room)):
        if branch.stale[p] == 1:
            stack.tally[2] += fill_week(arcs, branch, space, p)
        total += branch.value[p]
    for row in free[: branch.first[len(arcs.room)]]:
        times[node[row]] += taken[row]
    for n in range(len(branch.price)):
        if branch.arcs[n] > 1:
            total += branch.price[n]
    return total


@njit(cache=True)
def step_prices(arcs: Arcs, branch: Branch, mean: Floats, square: Floats, step: float) -> bool:
    """One step of every free node's price; True where every node is taken exactly once."""
    is_complete, times, price = True, branch.times, branch.price
    for n in range(len(price)):
        if branch.arcs[n] > 1:
            slope = 1.0 - times[n]
            is_complete &= slope == 0.0
            mean[n] = MOMENTUM * mean[n] + (1 - MOMENTUM) * slope
            square[n] = MEMORY * square[n] + (1 - MEMORY) * slope * slope
            if abs(mean[n]) < STILL:
                mean[n] = 0.0
            # Rounded as they are noted, so that sums of noted prices are those that were reached.
            price[n] = np.float32(price[n] + step * mean[n] / (math.sqrt(square[n]) + SMALL_SLOPE))
    if not is_complete:
        for p in range(len(arcs.room)):
            for row in branch.free[branch.first[p] : branch.first[p + 1]]:
                if mean[arcs.node[row]] != 0.0:
                    branch.stale[p] = 1
                    break
    return is_complete


@njit(cache=True)
def climb(
    arcs: Arcs, branch: Branch, space: Space, stack: Stack, target: float, passes: int, steps: tuple[float, float]
) -> tuple[float, bool]:
    """Passes of the ascent until the value is above the target; leaves the best prices. The value, and whether it is that of a plan."""
    mean, square = np.zeros(len(branch.price)), np.full(len(branch.price), SMALL_SLOPE)
    best, best_price, step = -np.inf, branch.price.copy(), steps[0]
    shrink = (steps[1] / steps[0]) ** (1 / passes)
    for _ in range(passes):
        value = fill_all(arcs, branch, space, stack)
        stack.tally[3] += 1
        if value > best:
            best = value
            best_price[:] = branch.price
        if best > target:
            break
        if step_prices(arcs, branch, mean, square, step):
            return value, True
        step *= shrink
    branch.price[:] = best_price
    branch.stale[:] = 1
    return best, False


@njit(cache=True)
def weigh_all(arcs: Arcs, branch: Branch, space: Space, stack: Stack, value: float, target: float, bound: Floats) -> int:
    """Closes arcs that the target does not allow; bound [r] takes the least price of a plan with the arc. Returns how many were closed."""
    for p in range(len(arcs.room)):
        stack.tally[2] += weigh_week(arcs, branch, space, p)
    left, closed, free = np.zeros(len(branch.price)), 0, branch.free[: branch.first[len(arcs.room)]]
    for row in free:
        left[arcs.node[row]] += branch.to_leave[row]
    for row in free:
        bound[row] = value + branch.to_take[row] + left[arcs.node[row]] - branch.to_leave[row]
        if bound[row] > target:
            branch.open[row] = 0
            closed += 1
    return closed


@njit(cache=True)
def look_at(arcs: Arcs, branch: Branch, space: Space, stack: Stack, aim: Aim, bound: Floats, passes: int) -> int:
    """Whether the branch is refuted, holds a plan within the target (its arcs: those open), or has to be divided."""
    stack.tally[1] += 1
    top = aim.target + ROUNDING
    for number in range(ROUNDS):
        given = settle(arcs, branch)
        if _is_empty(branch, given, top):
            return REFUTED
        share = 1.0 if number == 0 else 0.4
        steps = (share * FIRST_STEP * aim.scale, LAST_STEP * aim.scale)
        value, is_complete = climb(arcs, branch, space, stack, top - given, passes if number == 0 else AGAIN, steps)
        if given + value > top:
            note_prices(stack.notes, branch.price)
            return REFUTED
        if is_complete:
            for row in range(len(arcs.node)):
                if branch.arcs[arcs.node[row]] > 1:
                    branch.open[row] &= branch.taken[row]
            return FOUND
        if weigh_all(arcs, branch, space, stack, value + given, top, bound) == 0:
            break
        note_prices(stack.notes, branch.price)
    return REFUTED if _is_empty(branch, settle(arcs, branch), top) else OPEN


@njit(cache=True)
def _is_empty(branch: Branch, given: float, top: float) -> bool:
    """Whether no plan is left; what is given away counts only where it is all, for prices of arcs may be below 0."""
    return given == np.inf or (given > top and np.max(branch.arcs) == 1)


@njit(cache=True)
def choose(arcs: Arcs, branch: Branch, bound: Floats, aim: Aim) -> int:
    """The cheapest arc of the node whose arcs promise the fewest branches."""
    nodes = len(branch.price)
    sum_, least, arc = np.zeros(nodes), np.full(nodes, np.inf), np.full(nodes, -1, np.int64)
    low = np.inf
    for row in range(len(arcs.node)):
        if branch.open[row] == 1 and branch.arcs[arcs.node[row]] > 1:
            low = min(low, bound[row])
    for row in range(len(arcs.node)):
        if branch.open[row] == 1 and branch.arcs[arcs.node[row]] > 1:
            n = arcs.node[row]
            sum_[n] += math.exp(-KEEN * (bound[row] - low) / aim.reach)
            if bound[row] < least[n]:
                least[n], arc[n] = bound[row], row
    best = -1
    for n in range(nodes):
        if branch.arcs[n] > 1 and (best < 0 or sum_[n] < sum_[best]):
            best = n
    return arc[best]


@njit(cache=True)
def search(arcs: Arcs, branch: Branch, space: Space, stack: Stack, aim: Aim, cells: int) -> int:
    """Goes on from the branch at hand, depth first, until the target is decided or so many cells are filled."""
    bound, last = np.zeros(len(arcs.node)), stack.tally[2] + cells
    while has_space(stack.notes, ROUNDS):
        state = look_at(arcs, branch, space, stack, aim, bound, PASSES)
        if state == FOUND:
            return FOUND
        if state == REFUTED:
            if stack.tally[0] == 0:
                return REFUTED
            stack.tally[0] -= 1
            branch.open[:] = stack.open[stack.tally[0]]
            branch.price[:] = stack.price[stack.tally[0]]
            take_up(stack.notes, stack.tally[0])
        else:
            # A complete plan is a branch with nothing free: settled, its cost is within the target.
            if np.max(branch.arcs) == 1:
                return FOUND
            row, at = choose(arcs, branch, bound, aim), stack.tally[0]
            if at == len(stack.open):
                return STUCK
            branch.open[row] = 0
            stack.open[at] = branch.open
            stack.price[at] = branch.price
            note_branch(stack.notes, put_off(stack.notes, at, row), row, 1)
            stack.tally[0] += 1
            for other in range(len(arcs.node)):
                if arcs.node[other] == arcs.node[row]:
                    branch.open[other] = 0
            branch.open[row] = 1
        if stack.tally[2] > last:
            return OPEN
    return OPEN
