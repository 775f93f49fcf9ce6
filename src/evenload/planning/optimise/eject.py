"""Chains of ejections on a small board: what waits takes the place of what loses least by it, which then may do the same."""

from __future__ import annotations

import numpy as np
from numba import njit

from evenload.planning.optimise.arrays import Floats, Ints, Rates
from evenload.planning.optimise.records import Records
from evenload.planning.optimise.state import added_hours, fits, leave, moves_of, take
from evenload.planning.optimise.weeks_guarded import guard_with

MOST_CHAINED = 150
"""Nodes at most that look for a place by ejecting others."""

MOST_EJECTED = 6
"""Nodes at most that make room for one."""

LARGEST_CASELOAD = 400
"""Nodes of one practitioner that are looked at; further ones are not ejected."""


@njit(cache=True)
def eject(
    arcs: Records, nodes: Records, people: Records, member: Ints, mates: Records, mate_node: Ints, rates: Rates, own: int, loose: Ints,
    moves_left: int, in_sets: bool, loss_of: Floats,
) -> int:  # fmt: skip
    """What waits takes the place of what loses least by it, which then may do the same; returns the moves left.

    loss_of [own]: what each node would lose (`_loss`), NaN where it is not known; nothing of it is known after an exchange.
    """
    room = min(MOST_CHAINED, 4 * len(loose))
    queue, asked = np.empty(max(room, len(loose)), np.int32), 0
    last = 0
    for n in loose:
        queue[last] = n
        last += 1
    sets = np.empty((2, MOST_EJECTED), np.int32)
    before, losses = np.empty(MOST_EJECTED, np.int32), np.empty(LARGEST_CASELOAD)
    while asked < last and asked < room:
        n = queue[asked]
        asked += 1
        if nodes[n].who >= 0:
            continue
        k, count = _best_ejection(arcs, nodes, people, member, own, n, in_sets, sets, losses, loss_of)
        if k < 0:
            continue
        is_better, moves = _exchange(arcs, nodes, people, member, mates, mate_node, rates, n, k, sets[0], count, before, moves_left)
        if is_better:
            loss_of[:] = np.nan
            moves_left -= moves
            for r in range(count):
                if nodes[sets[0, r]].who < 0 and last < len(queue):
                    queue[last] = sets[0, r]
                    last += 1
    return moves_left


@njit(cache=True)
def _exchange(
    arcs: Records, nodes: Records, people: Records, member: Ints, mates: Records, mate_node: Ints, rates: Rates, n: int, k: int,
    ejected: Ints, count: int, before: Ints, moves_left: int,
) -> tuple[bool, int]:  # fmt: skip
    """Waiting node n takes arc k in the place of the ejected, who go where they cost least; undone unless that is cheaper.

    Returns whether it was done, and the moves it took.
    """
    change, moves = 0.0, -nodes[n].waiting_moves
    for r in range(count):
        m = ejected[r]
        before[r] = nodes[m].slot
        moves -= arcs[m, before[r]].moves
        change += leave(arcs, nodes, people, member, mates, mate_node, rates, m)
    if fits(arcs, nodes, people, n, k):
        change += take(arcs, nodes, people, member, mates, mate_node, rates, n, k)
        for r in range(count):
            best = _cheapest(arcs, nodes, people, mates, mate_node, rates, ejected[r])
            if best >= 0:
                change += take(arcs, nodes, people, member, mates, mate_node, rates, ejected[r], best)
            moves += moves_of(arcs, nodes, ejected[r])
        moves += moves_of(arcs, nodes, n)
        if change < -1e-9 and moves <= max(0, moves_left):
            return True, moves
        leave(arcs, nodes, people, member, mates, mate_node, rates, n)
    for r in range(count):
        if nodes[ejected[r]].who >= 0:
            leave(arcs, nodes, people, member, mates, mate_node, rates, ejected[r])
    for r in range(count):
        take(arcs, nodes, people, member, mates, mate_node, rates, ejected[r], before[r])
    return False, 0


@njit(cache=True)
def _cheapest(arcs: Records, nodes: Records, people: Records, mates: Records, mate_node: Ints, rates: Rates, n: int) -> int:
    """The arc with room by which the waiting node changes the price least; −1: it waits."""
    best, least = -1, nodes[n].waiting
    for k in range(nodes[n].arcs):
        if fits(arcs, nodes, people, n, k):
            price = added_hours(arcs, nodes, people, mates, mate_node, rates, n, k)
            if price < least:
                best, least = k, price
    return best


@njit(cache=True)
def _best_ejection(
    arcs: Records, nodes: Records, people: Records, member: Ints, own: int, n: int, in_sets: bool, sets: Ints, losses: Floats,
    loss_of: Floats,
) -> tuple[int, int]:  # fmt: skip
    """Arc of waiting node n and how many nodes make room there, the cheapest by prices of pairs alone; sets[0] lists them.

    At each practitioner, those who lose least per minute go, as many as it takes, or the single one who loses least. The arc is
    −1 where nothing looks cheaper than waiting.
    """
    least, best_arc, best_count = 0.0, -1, 0
    for k in range(nodes[n].arcs):
        p = arcs[n, k].to
        excess = people[p].load + arcs[n, k].load + guard_with(nodes, people, n, p) - people[p].room
        gain = arcs[n, k].cost - nodes[n].waiting
        size = min(people[p].size, len(losses))
        alone, loss_alone = -1, np.inf
        for at in range(size):
            m = member[people[p].first + at]
            losses[at] = np.inf
            if m < own and not nodes[m].held:
                # Most tries change nothing, and one week is looked at again and again: by far most losses are asked for more than once.
                if np.isnan(loss_of[m]):
                    loss_of[m] = _loss(arcs, nodes, people, m, p)
                losses[at] = loss_of[m]
            if losses[at] < loss_alone and arcs[m, nodes[m].slot].load >= excess:
                alone, loss_alone = m, losses[at]
        count, loss = -1, np.inf
        if in_sets:
            count, loss = _several(arcs, nodes, people, member, p, excess, size, losses, sets)
        if count >= 0 and loss < loss_alone and gain + loss < least:
            least, best_arc, best_count = gain + loss, k, count
            sets[0, :count] = sets[1, :count]
        elif alone >= 0 and gain + loss_alone < least:
            least, best_arc, best_count = gain + loss_alone, k, 1
            sets[0, 0] = alone
    return best_arc, best_count


@njit(cache=True)
def _loss(arcs: Records, nodes: Records, people: Records, m: int, p: int) -> float:
    """How much dearer the cheapest other place of node m is: another practitioner with room, or waiting."""
    price = nodes[m].waiting
    for k in range(nodes[m].arcs):
        if arcs[m, k].cost < price and arcs[m, k].to != p and fits(arcs, nodes, people, m, k):
            price = arcs[m, k].cost
    return price - arcs[m, nodes[m].slot].cost


@njit(cache=True)
def _several(
    arcs: Records, nodes: Records, people: Records, member: Ints, p: int, excess: int, size: int, losses: Floats, sets: Ints
) -> tuple[int, float]:  # fmt: skip
    """Those of practitioner p who lose least per minute, until the excess is gone; how many (−1: too many), and their loss."""
    count, total = 0, 0.0
    while excess > 0:
        best, least = -1, np.inf
        for at in range(size):
            load = arcs[member[people[p].first + at], nodes[member[people[p].first + at]].slot].load
            if losses[at] < np.inf and load > 0 and losses[at] / min(load, excess) < least:
                best, least = at, losses[at] / min(load, excess)
        if best < 0 or count == MOST_EJECTED:
            return -1, np.inf
        m = member[people[p].first + best]
        sets[1, count] = m
        count += 1
        total += losses[best]
        losses[best] = np.inf
        excess -= arcs[m, nodes[m].slot].load
    return count, total
