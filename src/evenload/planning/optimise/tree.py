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

REFUTED, FOUND, OPEN, STUCK = 0, 1, 2, 3
"""What is known of the target: no plan costs so little; one does; not decided yet; no space for more branches."""

ROUNDING = 1e-6
"""hours by which a plan may seem dearer than the target"""

MOMENTUM, MEMORY, SMALL_SLOPE = 0.8, 0.9, 0.3
STILL = 0.01
OVERHEAD = 2_000
PASSES, AGAIN = 12, 4
"""Passes of the ascent at each branch, and again after arcs were closed."""

ROUNDS = 6
"""Times at most that arcs are weighed at one branch."""

FIRST_STEP, LAST_STEP = 0.05, 0.01
"""First and last step of a node's price, as shares of `scale`."""

KEEN, OFFSET = 4.0, 0.0
"""How much a branch counts whose bound comes near the target: exp(−KEEN · share of the way)."""


class Arcs(NamedTuple):
    """The arcs that are open at the start, row by row, practitioners in order."""

    start: Longs
    """[p+1] rows of each practitioner"""
    person: Longs
    """[r]"""
    node: Longs
    """[r]"""
    load: Longs
    """[r] minutes"""
    cost: Floats
    """[r] hours per week"""
    room: Longs
    """[p] minutes"""


class Aim(NamedTuple):
    """What a plan may cost, hours per week, and what prices are measured by."""

    target: float
    scale: float
    """how far the prices of a node's good arcs are apart"""
    reach: float
    """how far the target is above the bound at the start"""


class Branch(NamedTuple):
    """The branch at hand; rows [r], nodes [n], practitioners [p]."""

    open: Ints
    """int8[r]"""
    price: Floats
    """[n]"""
    arcs: Longs
    """[n] open arcs of the node"""
    room: Longs
    """[p] minutes beside the nodes that have one arc left"""
    value: Floats
    """[p] least value of the week"""
    taken: Ints
    """int8[r] in that week"""
    times: Longs
    """[n] how often the node is taken"""
    stale: Ints
    """int8[p] to be filled anew"""
    to_take: Floats
    """[r] what it costs at least to have the arc in the week"""
    to_leave: Floats
    """[r] and not to have it"""
    free: Longs
    """[r] open arcs of nodes that have a choice, in the order of practitioners …"""
    first: Longs
    """[p+1] … and where each practitioner's begin"""


class Space(NamedTuple):
    """Space for one week."""

    item: Longs
    gain: Floats
    ahead: Floats
    """[items + 1, room + 1] least value of the first items within so many minutes"""
    behind: Floats
    """[items + 1, room + 1] and of the last ones"""


class Stack(NamedTuple):
    """Branches put off."""

    open: Ints
    """int8[depth, r]"""
    price: Floats
    """[depth, n]"""
    tally: Longs
    """[depth in use, branches looked at, cells of weeks filled, passes]"""


def arcs_of(person: Longs, node: Longs, load: Longs, cost: Floats, room: Longs) -> Arcs:
    """Rows in the order of practitioners."""
    order = np.lexsort((node, person))
    start = np.concatenate([[0], np.cumsum(np.bincount(person, minlength=len(room)))])
    return Arcs(start, person[order], node[order], load[order], cost[order], room)


def branch_of(arcs: Arcs, price: Floats) -> Branch:
    """The root: every arc open, at these prices of nodes [n]."""
    rows, nodes, people = len(arcs.node), len(price), len(arcs.room)
    return Branch(
        np.ones(rows, np.int8), price.copy(), np.zeros(nodes, np.int64), arcs.room.copy(), np.zeros(people), np.zeros(rows, np.int8),
        np.zeros(nodes, np.int64), np.ones(people, np.int8), np.zeros(rows), np.zeros(rows), np.empty(rows, np.int64), np.zeros(people + 1, np.int64),
    )  # fmt: skip


def space_of(arcs: Arcs) -> Space:
    """Space for the widest week."""
    widest, longest = int(np.diff(arcs.start).max(initial=0)), int(arcs.room.max(initial=0)) + 1
    shape = (widest + 1, longest)
    return Space(np.empty(widest, np.int64), np.empty(widest), np.zeros(shape), np.zeros(shape))


def stack_of(arcs: Arcs, nodes: int, depth: int) -> Stack:
    """An empty stack."""
    return Stack(np.empty((depth, len(arcs.node)), np.int8), np.empty((depth, nodes)), np.zeros(4, np.int64))


@njit(cache=True)
def settle(arcs: Arcs, branch: Branch) -> float:
    """Gives away nodes with one arc left, closes arcs that no longer fit, and lists the free ones.

    What is given away costs so much, infinite where it cannot be.
    """
    rows, is_open, node, load, person, count, room = (
        len(arcs.node),
        branch.open,
        arcs.node,
        arcs.load,
        arcs.person,
        branch.arcs,
        branch.room,
    )
    while True:
        count[:] = 0
        room[:] = arcs.room
        for row in range(rows):
            count[node[row]] += is_open[row]
        if np.min(count) == 0:
            return np.inf
        given = 0.0
        for row in range(rows):
            if is_open[row] == 1 and count[node[row]] == 1:
                room[person[row]] -= load[row]
                given += arcs.cost[row]
        if np.min(room) < 0:
            return np.inf
        closed = 0
        for row in range(rows):
            if is_open[row] == 1 and count[node[row]] > 1 and load[row] > room[person[row]]:
                is_open[row] = 0
                closed += 1
        if closed == 0:
            _list_free(arcs, branch)
            return given


@njit(cache=True)
def _list_free(arcs: Arcs, branch: Branch) -> None:
    at, is_open, count, node, free = 0, branch.open, branch.arcs, arcs.node, branch.free
    for p in range(len(arcs.room)):
        branch.first[p] = at
        for row in range(arcs.start[p], arcs.start[p + 1]):
            if is_open[row] == 1 and count[node[row]] > 1:
                free[at] = row
                at += 1
    branch.first[len(arcs.room)] = at
    branch.stale[:] = 1


@njit(cache=True)
def _list_items(arcs: Arcs, branch: Branch, space: Space, p: int) -> int:
    count, price, node, cost, item, gains, taken = 0, branch.price, arcs.node, arcs.cost, space.item, space.gain, branch.taken
    for row in branch.free[branch.first[p] : branch.first[p + 1]]:
        taken[row] = 0
        gain = price[node[row]] - cost[row]
        if gain > 0:
            item[count], gains[count] = row, gain
            count += 1
    return count


@njit(cache=True)
def _add_item(old: Floats, new: Floats, load: int, gain: float, room: int) -> None:
    """The next row of least values within 0 … room minutes."""
    new[:load] = old[:load]
    with_it, without, less = new[load : room + 1], old[load : room + 1], old[: room + 1 - load]
    for x in range(len(with_it)):
        value = less[x] - gain
        with_it[x] = min(value, without[x])


@njit(cache=True)
def _fill_ahead(load: Longs, space: Space, count: int, room: int) -> None:
    ahead, item, gain = space.ahead, space.item, space.gain
    ahead[0, : room + 1] = 0.0
    for t in range(count):
        _add_item(ahead[t], ahead[t + 1], load[item[t]], gain[t], room)


@njit(cache=True)
def _read(load: Longs, space: Space, taken: Ints, count: int, room: int) -> None:
    """Notes what the least value of the first items takes."""
    x, ahead = room, space.ahead
    for t in range(count - 1, -1, -1):
        if ahead[t + 1, x] < ahead[t, x]:
            taken[space.item[t]] = 1
            x -= load[space.item[t]]


@njit(cache=True)
def fill_week(arcs: Arcs, branch: Branch, space: Space, p: int) -> int:
    """The least value of p's week at the prices; returns the cells that it took."""
    count, room, load, total = _list_items(arcs, branch, space, p), branch.room[p], 0, 0.0
    for t in range(count):
        load, total = load + arcs.load[space.item[t]], total - space.gain[t]
    branch.stale[p] = 0
    if load <= room:
        branch.value[p] = total
        for t in range(count):
            branch.taken[space.item[t]] = 1
        return OVERHEAD
    _fill_ahead(arcs.load, space, count, room)
    branch.value[p] = space.ahead[count, room]
    _read(arcs.load, space, branch.taken, count, room)
    return count * room + OVERHEAD


@njit(cache=True)
def _least_joined(front: Floats, back: Floats, room: int) -> float:
    """min over x of front[x] + back[room − x]"""
    least, ahead, behind = np.inf, front[: room + 1], back[: room + 1][::-1]
    for x in range(len(ahead)):
        least = min(least, ahead[x] + behind[x])
    return least


@njit(cache=True)
def weigh_week(arcs: Arcs, branch: Branch, space: Space, p: int) -> int:
    """What every free arc of p costs at least, taken or left; returns the cells that it took."""
    count, room = _list_items(arcs, branch, space, p), branch.room[p]
    _fill_ahead(arcs.load, space, count, room)
    _read(arcs.load, space, branch.taken, count, room)
    ahead, behind, value, to_take, to_leave = space.ahead, space.behind, space.ahead[count, room], branch.to_take, branch.to_leave
    branch.value[p] = value
    for row in branch.free[branch.first[p] : branch.first[p + 1]]:
        gain = branch.price[arcs.node[row]] - arcs.cost[row]
        to_take[row], to_leave[row] = ahead[count, room - arcs.load[row]] - gain - value, 0.0
    behind[count, : room + 1] = 0.0
    for t in range(count - 1, -1, -1):
        row = space.item[t]
        load, gain = arcs.load[row], space.gain[t]
        if branch.taken[row] == 1:
            to_take[row], to_leave[row] = 0.0, _least_joined(ahead[t], behind[t + 1], room) - value
        else:
            to_take[row] = max(0.0, _least_joined(ahead[t], behind[t + 1], room - load) - gain - value)
        _add_item(behind[t + 1], behind[t], load, gain, room)
    return 4 * count * room + OVERHEAD


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
def _step(arcs: Arcs, branch: Branch, mean: Floats, square: Floats, step: float) -> bool:
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
            price[n] += step * mean[n] / (math.sqrt(square[n]) + SMALL_SLOPE)
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
        if _step(arcs, branch, mean, square, step):
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
        if given > top:
            return REFUTED
        share = 1.0 if number == 0 else 0.4
        steps = (share * FIRST_STEP * aim.scale, LAST_STEP * aim.scale)
        value, is_complete = climb(arcs, branch, space, stack, top - given, passes if number == 0 else AGAIN, steps)
        if given + value > top:
            return REFUTED
        if is_complete:
            for row in range(len(arcs.node)):
                if branch.arcs[arcs.node[row]] > 1:
                    branch.open[row] = branch.taken[row]
            return FOUND
        if weigh_all(arcs, branch, space, stack, value + given, top, bound) == 0:
            break
    given = settle(arcs, branch)
    return REFUTED if given > top else OPEN


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
            sum_[n] += OFFSET + math.exp(-KEEN * (bound[row] - low) / aim.reach)
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
    while True:
        state = look_at(arcs, branch, space, stack, aim, bound, PASSES)
        if state == FOUND:
            return FOUND
        if state == REFUTED:
            if stack.tally[0] == 0:
                return REFUTED
            stack.tally[0] -= 1
            branch.open[:] = stack.open[stack.tally[0]]
            branch.price[:] = stack.price[stack.tally[0]]
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
            stack.tally[0] += 1
            for other in range(len(arcs.node)):
                if arcs.node[other] == arcs.node[row]:
                    branch.open[other] = 0
            branch.open[row] = 1
        if stack.tally[2] > last:
            return OPEN
