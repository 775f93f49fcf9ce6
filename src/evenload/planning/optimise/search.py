"""Ruin and recreate: a few neighbouring practitioners give back a few nodes each, which are handed out again.

Worse plans are accepted with a probability that falls with the temperature (annealing). Each tile is searched by one thread
with dice of its own and touches only its own practitioners and nodes: the same bytes for any number of threads.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit

from evenload.planning.optimise.arrays import Ints, Rates
from evenload.planning.optimise.dice import Dice, below, dice_of, share
from evenload.planning.optimise.records import Records
from evenload.planning.optimise.state import added_hours, fits, leave, moves_of, priced, take

MOST_PEOPLE = 6
MOST_REMOVED = 24
STEPS_PER_COOLING = 256

REMOVED = np.dtype([("key", np.float64), ("node", np.int32), ("slot", np.int32)], align=True)
"""Row of the list of nodes that were taken away: its place in the order of handing out, the node, and the arc it had (−1 none)."""


class Cooling(NamedTuple):
    """One round of the search."""

    steps_per_node: float
    hot: float
    """temperature at the beginning, hours per week"""
    cold: float
    seed: int
    tile: int


@njit(cache=True, nogil=True)
def anneal_tile(
    arcs: Records, nodes: Records, people: Records, member: Ints, mates: Records, mate_node: Ints, rates: Rates,
    cooling: Cooling, own: Ints, moves_left: int,
) -> tuple[float, int]:  # fmt: skip
    """One round over one tile, whose nodes are own int32[n]; returns the change of the score and what is left of its moves.

    NODE.tile and PERSON.tile say what belongs to the tile.
    """
    waiting, removed_list, chosen = np.empty(len(own), np.int32), np.empty(MOST_REMOVED + 2, REMOVED), np.empty(MOST_PEOPLE + 2, np.int32)
    dice = dice_of(cooling.seed, cooling.tile)
    queue = _queue(nodes, own, waiting)
    steps = int(cooling.steps_per_node * len(own))
    factor = (cooling.cold / cooling.hot) ** (STEPS_PER_COOLING / max(1, steps))
    temperature, total = cooling.hot / factor, 0.0
    for step in range(steps):
        if step % STEPS_PER_COOLING == 0:
            temperature *= factor
        seed = waiting[below(dice, queue)] if queue > 0 and share(dice) < 0.25 else own[below(dice, len(own))]
        removed, change, moves = _ruin(
            arcs, nodes, people, member, mates, mate_node, rates, cooling.tile, seed, waiting, queue, dice, chosen, removed_list
        )
        if removed == 0:
            continue
        _sort(arcs, nodes, removed, dice, removed_list)
        more_change, more_moves = _recreate(
            arcs, nodes, people, member, mates, mate_node, rates, cooling.tile, removed, dice, removed_list
        )
        change += more_change
        moves += more_moves
        if moves <= moves_left and change <= -temperature * math.log(share(dice) + 1e-300):
            total += change
            moves_left -= moves
            queue = _requeue(nodes, removed, removed_list, waiting, queue)
        else:
            _undo(arcs, nodes, people, member, mates, mate_node, rates, removed, removed_list)
    return total, moves_left


@njit(cache=True)
def _queue(nodes: Records, own: Ints, waiting: Ints) -> int:
    """Lists the tile's waiting nodes; returns how many there are."""
    queue = 0
    for n in own:
        if nodes[n].who < 0 and nodes[n].arcs > 0:
            waiting[queue] = n
            nodes[n].queue = queue
            queue += 1
    return queue


@njit(cache=True)
def _requeue(nodes: Records, removed: int, removed_list: Records, waiting: Ints, queue: int) -> int:
    """Keeps the list of waiting nodes in step with an accepted change; returns how many there are."""
    for r in range(removed):
        n, was_waiting = removed_list[r].node, removed_list[r].slot < 0
        if not was_waiting and nodes[n].who < 0:
            waiting[queue] = n
            nodes[n].queue = queue
            queue += 1
        elif was_waiting and nodes[n].who >= 0:
            queue -= 1
            last = waiting[queue]
            waiting[nodes[n].queue] = last
            nodes[last].queue = nodes[n].queue
    return queue


@njit(cache=True)
def _choose_people(arcs: Records, nodes: Records, people: Records, member: Ints, tile: int, seed: int, dice: Dice, chosen: Ints) -> int:
    """Some practitioners who may take the seed node, its own first, and sometimes one a step further; returns how many."""
    count, degree, own = 0, nodes[seed].arcs, nodes[seed].who
    if own >= 0:
        chosen[0] = own
        count = 1
    wanted = count + 1 + below(dice, MOST_PEOPLE - 2)
    start = below(dice, degree)
    for at in range(degree):
        p = arcs[seed, (start + at) % degree].to
        if count < wanted and p != own and people[p].tile == tile:
            chosen[count] = p
            count += 1
    if count > 0 and share(dice) < 0.5 and people[chosen[count - 1]].size > 0:
        last = chosen[count - 1]
        neighbour = member[people[last].first + below(dice, people[last].size)]
        p = arcs[neighbour, below(dice, nodes[neighbour].arcs)].to
        is_new = people[p].tile == tile
        for at in range(count):
            is_new &= chosen[at] != p
        if is_new:
            chosen[count] = p
            count += 1
    return count


@njit(cache=True, forceinline=True)
def _remove(
    arcs: Records, nodes: Records, people: Records, member: Ints, mates: Records, mate_node: Ints, rates: Rates,
    n: int, at: int, removed_list: Records,
) -> tuple[float, int]:  # fmt: skip
    """Node n starts to wait and is noted; returns the change of the score and of the moves counted."""
    removed_list[at].node = n
    removed_list[at].slot = nodes[n].slot
    moves = -moves_of(arcs, nodes, n)
    if nodes[n].who < 0:
        return 0.0, moves
    return leave(arcs, nodes, people, member, mates, mate_node, rates, n), moves


@njit(cache=True)
def _ruin(
    arcs: Records, nodes: Records, people: Records, member: Ints, mates: Records, mate_node: Ints, rates: Rates,
    tile: int, seed: int, waiting: Ints, queue: int, dice: Dice, chosen: Ints, removed_list: Records,
) -> tuple[int, float, int]:  # fmt: skip
    """Takes nodes away from some neighbours; returns how many were noted, the change of the score, and the moves counted."""
    if nodes[seed].arcs == 0 or nodes[seed].held:
        return 0, 0.0, 0
    count = _choose_people(arcs, nodes, people, member, tile, seed, dice, chosen)
    if count == 0:
        return 0, 0.0, 0
    change, moves = _remove(arcs, nodes, people, member, mates, mate_node, rates, seed, 0, removed_list)
    removed = 1
    for at in range(count):
        p = chosen[at]
        for _ in range(1 + below(dice, 3)):
            if people[p].size == 0 or removed >= MOST_REMOVED:
                break
            n = member[people[p].first + below(dice, people[p].size)]
            if not nodes[n].held and nodes[n].tile == tile:
                more_change, more_moves = _remove(arcs, nodes, people, member, mates, mate_node, rates, n, removed, removed_list)
                change += more_change
                moves += more_moves
                removed += 1
    if queue > 0 and share(dice) < 0.3:
        n = waiting[below(dice, queue)]
        if n != seed:
            moves += _remove(arcs, nodes, people, member, mates, mate_node, rates, n, removed, removed_list)[1]
            removed += 1
    return removed, change, moves


@njit(cache=True)
def _sort(arcs: Records, nodes: Records, removed: int, dice: Dice, removed_list: Records) -> None:
    """An order to hand the nodes out in: by chance, largest first, dearest wait first, or dearest wait per minute first."""
    mode = below(dice, 4)
    for r in range(removed):
        n = removed_list[r].node
        slot, wait, load, luck = removed_list[r].slot, nodes[n].waiting, arcs[n, 0].load + 1.0, share(dice)
        if mode == 0:
            key = luck
        elif mode == 1:
            key = -load * (0.9 + 0.2 * luck)
        elif mode == 2:
            key = -wait * (0.7 + 0.6 * luck)
        else:
            key = -wait / load * (0.7 + 0.6 * luck)
        at = r
        while at > 0 and removed_list[at - 1].key > key:
            removed_list[at].key = removed_list[at - 1].key
            removed_list[at].node = removed_list[at - 1].node
            removed_list[at].slot = removed_list[at - 1].slot
            at -= 1
        removed_list[at].key = key
        removed_list[at].node = n
        removed_list[at].slot = slot


@njit(cache=True)
def _recreate(
    arcs: Records, nodes: Records, people: Records, member: Ints, mates: Records, mate_node: Ints, rates: Rates,
    tile: int, removed: int, dice: Dice, removed_list: Records,
) -> tuple[float, int]:  # fmt: skip
    """Hands the noted nodes out in order; returns the change of the score and the moves counted."""
    by_price = share(dice) < 0.7
    change, moves = 0.0, 0
    for r in range(removed):
        n = removed_list[r].node
        k = _place(arcs, nodes, people, mates, mate_node, rates, tile, n, by_price, dice)
        if k >= 0:
            change += take(arcs, nodes, people, member, mates, mate_node, rates, n, k)
        moves += moves_of(arcs, nodes, n)
    return change, moves


@njit(cache=True, forceinline=True)
def _place(
    arcs: Records, nodes: Records, people: Records, mates: Records, mate_node: Ints, rates: Rates, tile: int, n: int, by_price: bool,
    dice: Dice,
) -> int:  # fmt: skip
    """The cheapest arc with room, by the prices of loads or by the true change; one arc in fifty is overlooked. −1: wait."""
    least, best = nodes[n].waiting, -1
    for k in range(nodes[n].arcs):
        p = arcs[n, k].to
        if people[p].tile != tile or not fits(arcs, people, n, k) or share(dice) < 0.02:
            continue
        if by_price:
            price = priced(arcs, nodes, people, n, k)
        else:
            price = added_hours(arcs, nodes, people, mates, mate_node, rates, n, k)
        if price < least:
            least, best = price, k
    return best


@njit(cache=True)
def _undo(
    arcs: Records, nodes: Records, people: Records, member: Ints, mates: Records, mate_node: Ints, rates: Rates,
    removed: int, removed_list: Records,
) -> None:  # fmt: skip
    for r in range(removed):
        n = removed_list[r].node
        if nodes[n].who >= 0 and nodes[n].slot != removed_list[r].slot:
            leave(arcs, nodes, people, member, mates, mate_node, rates, n)
    for r in range(removed):
        n = removed_list[r].node
        if removed_list[r].slot >= 0 and nodes[n].who < 0:
            take(arcs, nodes, people, member, mates, mate_node, rates, n, removed_list[r].slot)
