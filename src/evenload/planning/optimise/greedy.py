"""First plans: everybody keeps whom she has as far as the hours go, and the rest is inserted by regret."""

from __future__ import annotations

import numpy as np
from numba import njit

from evenload.planning.optimise.arrays import FREE, Floats, Instance, Ints, Longs, Rates
from evenload.planning.optimise.records import Records
from evenload.planning.optimise.state import added_hours, excess_of, fits, leave, take


def current_holders(instance: Instance) -> Ints:
    """int32[N]: the current practitioner of most units of each node (ties: the first by id), −1 where there is none; pins first."""
    units, nodes = instance.units, len(instance.nodes)
    if len(units.kind) == nodes and (instance.pinned <= FREE).all():
        return units.current
    holders = np.full(nodes, -1, np.int32)
    for n in range(nodes):
        present = units.current[units.start[n] : units.start[n + 1]]
        known = present[present >= 0]
        if len(known):
            holders[n] = np.bincount(known).argmax()
    return np.where(instance.pinned > FREE, instance.pinned, holders).astype(np.int32)


@njit(cache=True)
def trim(
    arcs: Records, nodes: Records, people: Records, member: Ints, mates: Records, mate_node: Ints, rates: Rates
) -> None:  # fmt: skip
    """Lets nodes wait until nobody is above her room: as few as possible, the largest first, the last one just large enough."""
    for p in range(len(people)):
        while excess_of(people, p) > 0:
            n = _node_to_leave(arcs, nodes, people, member, p, excess_of(people, p))
            if n < 0:
                return
            leave(arcs, nodes, people, member, mates, mate_node, rates, n)


@njit(cache=True)
def _node_to_leave(arcs: Records, nodes: Records, people: Records, member: Ints, p: int, excess: int) -> int:
    """The smallest node that frees the excess alone, else the largest per move; −1 where all are pinned."""
    enough, largest, best_load, best_rate = -1, -1, np.inf, -1.0
    for at in range(people[p].first, people[p].first + people[p].size):
        n = member[at]
        if nodes[n].held:
            continue
        load = float(arcs[n, nodes[n].slot].load)
        moves = max(1, nodes[n].waiting_moves)
        if load >= excess and moves == 1 and (load < best_load or (load == best_load and n < enough)):
            enough, best_load = n, load
        if load / moves > best_rate or (load / moves == best_rate and n < largest):
            largest, best_rate = n, load / moves
    return enough if enough >= 0 else largest


@njit(cache=True)
def regrets(arcs: Records, nodes: Records) -> Floats:
    """[N] how much dearer waiting is for a node than its cheapest arc, under the prices of loads."""
    regret = np.empty(len(nodes))
    for n in range(len(nodes)):
        least = nodes[n].waiting
        for k in range(nodes[n].arcs):
            least = min(least, arcs[n, k].priced)
        regret[n] = nodes[n].waiting - least
    return regret


@njit(cache=True)
def insert(
    arcs: Records, nodes: Records, people: Records, member: Ints, mates: Records, mate_node: Ints, rates: Rates,
    order: Longs, moves_left: int,
) -> int:  # fmt: skip
    """Places waiting nodes in this order: first where prices point to, then wherever joining is cheaper than waiting.

    moves_left: moves that may still be made (a node that waits has paid for its own). Returns what is left of them.
    """
    for by_price in (True, False):
        for n in order:
            if nodes[n].who >= 0:
                continue
            k = _best_arc(arcs, nodes, people, mates, mate_node, rates, n, by_price)
            if k >= 0 and arcs[n, k].moves - nodes[n].waiting_moves <= moves_left:
                moves_left -= arcs[n, k].moves - nodes[n].waiting_moves
                take(arcs, nodes, people, member, mates, mate_node, rates, n, k)
    return moves_left


@njit(cache=True)
def _best_arc(arcs: Records, nodes: Records, people: Records, mates: Records, mate_node: Ints, rates: Rates, n: int, by_price: bool) -> int:
    least, best = nodes[n].waiting, -1
    for k in range(nodes[n].arcs):
        if not fits(arcs, nodes, people, n, k):
            continue
        price = arcs[n, k].priced if by_price else added_hours(arcs, nodes, people, mates, mate_node, rates, n, k)
        if price < least:
            least, best = price, k
    return best
