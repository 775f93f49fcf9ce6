"""Branch and bound on prices of nodes where loads have a price: is there a plan that costs at most so much, and if so, which?

As `tree` does it for tight programs, on weeks with a price of their load and with waiting as one more choice (`week_margins`). Trips above a
limit are priced by ν in the weeks, which never counts too much, and truly where a plan is found.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from evenload.planning.optimise.arrays import Floats
from evenload.planning.optimise.noted import has_space, note_branch, note_prices, put_off, take_up
from evenload.planning.optimise.tree import (
    FOUND,
    OPEN,
    REFUTED,
    SMALL_SLOPE,
    STUCK,
    Aim,
    Stack,
    choose,
    step_prices,
)
from evenload.planning.optimise.week_margins import Arcs, Branch, Space, fill_week, note_plan, settle, weigh_week

PASSES, AGAIN = 12, 4
"""Passes of the ascent at each branch, and again after arcs were closed."""

ROUNDS = 6
"""Times at most that arcs are weighed at one branch."""

FIRST_STEP, LAST_STEP = 0.05, 0.01
"""First and last step of a node's price, as shares of `scale`."""

ROUNDING = 1e-8
"""hours by which a plan may seem dearer than the target"""


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
        if step_prices(arcs, branch, mean, square, step):  # type: ignore[arg-type]  # the same fields are read
            return value, True
        step *= shrink
    branch.price[:] = best_price
    branch.stale[:] = 1
    return best, False


@njit(cache=True, nogil=True)
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


@njit(cache=True, nogil=True)
def look_at(arcs: Arcs, branch: Branch, space: Space, stack: Stack, aim: Aim, bound: Floats, passes: int) -> int:
    """Whether the branch is refuted, a plan within the target was found in it, or it has to be divided."""
    stack.tally[1] += 1
    top = aim.target + ROUNDING
    for number in range(ROUNDS):
        given = settle(arcs, branch)
        if given == np.inf:
            return REFUTED
        share = 1.0 if number == 0 else 0.4
        steps = (share * FIRST_STEP * aim.scale, LAST_STEP * aim.scale)
        value, is_complete = climb(arcs, branch, space, stack, top - given, passes if number == 0 else AGAIN, steps)
        if given + value > top:
            note_prices(stack.notes, branch.price)
            return REFUTED
        if is_complete and note_plan(arcs, branch) <= top:
            return FOUND
        if is_complete:
            branch.stale[:] = 1
        if weigh_all(arcs, branch, space, stack, value + given, top, bound) == 0:
            break
        note_prices(stack.notes, branch.price)
    given = settle(arcs, branch)
    if given == np.inf:
        return REFUTED
    if np.max(branch.arcs) == 1:
        return FOUND if note_plan(arcs, branch) <= top else REFUTED
    return OPEN


@njit(cache=True, nogil=True)
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
            # Compiled for these records as well as for those of tight programs.
            row, at = choose(arcs, branch, bound, aim), stack.tally[0]  # type: ignore[arg-type]
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
