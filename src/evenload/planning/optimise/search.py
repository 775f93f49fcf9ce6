"""Ruin and recreate: a few neighbouring practitioners give back a few nodes each, which are handed out again.

Worse plans are accepted with a probability that falls with the temperature (annealing). Each tile is searched by one thread
with dice of its own and touches only its own practitioners and nodes: the same bytes for any number of threads.

A step is tried on the loads alone; caseloads follow when it is accepted, else every week it touched is put back to the last bit.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit

from evenload.planning.optimise.arrays import Ints, Rates
from evenload.planning.optimise.dice import Dice, below, dice_of, share
from evenload.planning.optimise.records import LIFTED, WEEK, Records
from evenload.planning.optimise.state import added_hours, companion_hours, fits, has_totals, load_hours, moves_of, totals_hours
from evenload.planning.optimise.weeks_guarded import enter_spread, strike_spread

MOST_PEOPLE = 6
MOST_REMOVED = 24
STEPS_PER_COOLING = 256


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
    waiting, lifted, chosen = np.empty(len(own), np.int32), np.empty(MOST_REMOVED + 2, LIFTED), np.empty(MOST_PEOPLE + 2, np.int32)
    weeks, tile = np.empty(2 * MOST_REMOVED + 4, WEEK), cooling.tile
    dice, queue = dice_of(cooling.seed, tile), _queue(nodes, own, waiting)
    steps = int(cooling.steps_per_node * len(own))
    factor = (cooling.cold / cooling.hot) ** (STEPS_PER_COOLING / max(1, steps))
    temperature, total = cooling.hot / factor, 0.0
    _forget_touches(people, tile)
    for step in range(steps):
        if step % STEPS_PER_COOLING == 0:
            temperature *= factor
        seed = waiting[below(dice, queue)] if queue > 0 and share(dice) < 0.25 else own[below(dice, len(own))]
        if nodes[seed].arcs == 0 or nodes[seed].held:
            continue
        count = _choose_people(arcs, nodes, people, member, tile, seed, dice, chosen)
        by_price, by_regret = share(dice) < 0.85, share(dice) < 0.9
        removed = _choose_nodes(nodes, people, member, tile, seed, chosen, count, waiting, queue, dice, lifted)
        _sort(arcs, nodes, removed, dice, lifted)
        touched, change, moves = _lift(arcs, nodes, people, member, mates, mate_node, rates, step, removed, by_price, lifted, weeks)
        touched, more, counted = _hand_out(
            arcs, nodes, people, member, mates, mate_node, rates, step, tile, removed, touched, by_price, by_regret, dice, lifted, weeks
        )
        change += more + _price_weeks(people, rates, touched, weeks)
        if moves + counted <= moves_left and change <= -temperature * math.log(share(dice) + 1e-300):
            total += change
            moves_left -= moves + counted
            _commit(arcs, nodes, people, member, removed, lifted)
            queue = _requeue(nodes, removed, lifted, waiting, queue)
        else:
            _roll_back(arcs, nodes, people, member, removed, touched, lifted, weeks)
    return total, moves_left


@njit(cache=True)
def _forget_touches(people: Records, tile: int) -> None:
    for p in range(len(people)):
        if people[p].tile == tile:
            people[p].touched = -1


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
def _requeue(nodes: Records, removed: int, lifted: Records, waiting: Ints, queue: int) -> int:
    """Keeps the list of waiting nodes in step with an accepted change; returns how many there are."""
    for r in range(removed):
        n, was_waiting = lifted[r].node, lifted[r].slot < 0
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


@njit(cache=True)
def _choose_nodes(
    nodes: Records, people: Records, member: Ints, tile: int, seed: int, chosen: Ints, count: int, waiting: Ints, queue: int, dice: Dice,
    lifted: Records,
) -> int:  # fmt: skip
    """Lists the seed, one to three nodes of each chosen practitioner, and sometimes one that waits; returns how many."""
    lifted[0].node = seed
    removed = 1
    for at in range(count):
        p = chosen[at]
        size = people[p].size
        if size == 0:
            continue
        for _ in range(1 + below(dice, 3)):
            n = member[people[p].first + below(dice, size)]
            if removed < MOST_REMOVED and not nodes[n].held and nodes[n].tile == tile and not _is_listed(lifted, removed, n):
                lifted[removed].node = n
                removed += 1
    if queue > 0 and share(dice) < 0.3:
        n = waiting[below(dice, queue)]
        if not _is_listed(lifted, removed, n):
            lifted[removed].node = n
            removed += 1
    return removed


@njit(cache=True, forceinline=True)
def _is_listed(lifted: Records, removed: int, n: int) -> bool:
    found = False
    for r in range(removed):
        found |= lifted[r].node == n
    return found


@njit(cache=True)
def _sort(arcs: Records, nodes: Records, removed: int, dice: Dice, lifted: Records) -> None:
    """An order to hand the nodes out in: by chance, largest first, dearest wait first, or dearest wait per minute first."""
    mode = below(dice, 4)
    for r in range(removed):
        n = lifted[r].node
        wait, load, luck = nodes[n].waiting, arcs[n, 0].load + 1.0, share(dice)
        if mode == 0:
            key = luck
        elif mode == 1:
            key = -load * (0.9 + 0.2 * luck)
        elif mode == 2:
            key = -wait * (0.7 + 0.6 * luck)
        else:
            key = -wait / load * (0.7 + 0.6 * luck)
        at = r
        while at > 0 and lifted[at - 1].key > key:
            lifted[at].key = lifted[at - 1].key
            lifted[at].node = lifted[at - 1].node
            at -= 1
        lifted[at].key = key
        lifted[at].node = n


@njit(cache=True, forceinline=True)
def _touch(people: Records, p: int, step: int, touched: int, weeks: Records) -> int:
    """Notes the week of practitioner p as it was before this step; returns how many weeks are noted."""
    if people[p].touched == step:
        return touched
    people[p].touched = step
    weeks[touched].person = p
    weeks[touched].load = people[p].load
    weeks[touched].load_hours = people[p].load_hours
    weeks[touched].totals_hours = people[p].totals_hours
    weeks[touched].trips = people[p].trips
    weeks[touched].clients = people[p].clients
    weeks[touched].travel = people[p].travel
    return touched + 1


@njit(cache=True, forceinline=True)
def _shift_week(arcs: Records, nodes: Records, people: Records, rates: Rates, n: int, k: int, sign: int, by_price: bool) -> None:
    """Minutes and totals of the arc's practitioner with or without the node; priced only where the next choice needs it."""
    p = arcs[n, k].to
    people[p].load += sign * arcs[n, k].load
    if has_totals(rates):
        people[p].trips += sign * nodes[n].trips
        people[p].clients += sign * nodes[n].clients
        people[p].travel += sign * arcs[n, k].travel
    if not by_price:
        people[p].load_hours = load_hours(people, rates, p, people[p].load)
        people[p].totals_hours = totals_hours(people, rates, p, people[p].trips, people[p].clients, people[p].travel)


@njit(cache=True)
def _lift(
    arcs: Records, nodes: Records, people: Records, member: Ints, mates: Records, mate_node: Ints, rates: Rates,
    step: int, removed: int, by_price: bool, lifted: Records, weeks: Records,
) -> tuple[int, float, int]:  # fmt: skip
    """The listed nodes wait; returns the weeks touched, the change of the score without weeks, and the moves set free."""
    touched, change, moves = 0, 0.0, 0
    for r in range(removed):
        n = lifted[r].node
        k, p = nodes[n].slot, nodes[n].who
        lifted[r].slot = k
        moves -= moves_of(arcs, nodes, n)
        if k < 0:
            change -= nodes[n].waiting
            continue
        touched = _touch(people, p, step, touched, weeks)
        _shift_week(arcs, nodes, people, rates, n, k, -1, by_price)
        strike_spread(nodes, people, member, n, p)
        nodes[n].who = -1
        nodes[n].slot = -1
        change -= arcs[n, k].cost
        if nodes[n].mates_to > nodes[n].mates_from:
            change -= companion_hours(nodes, mates, mate_node, n, p)
    return touched, change, moves


@njit(cache=True)
def _hand_out(
    arcs: Records, nodes: Records, people: Records, member: Ints, mates: Records, mate_node: Ints, rates: Rates,
    step: int, tile: int, removed: int, touched: int, by_price: bool, by_regret: bool, dice: Dice, lifted: Records, weeks: Records,
) -> tuple[int, float, int]:  # fmt: skip
    """Hands the listed nodes out in order; returns the weeks touched, the change of the score without weeks, the moves counted."""
    change, moves = 0.0, 0
    for r in range(removed):
        if by_regret:
            _bring_forward(arcs, nodes, people, tile, r, removed, dice, lifted)
        n = lifted[r].node
        overlooked = below(dice, 8 * nodes[n].arcs)
        if by_price:
            k = _place_by_price(arcs, nodes, people, tile, n, overlooked)
        else:
            k = _place_by_change(arcs, nodes, people, mates, mate_node, rates, tile, n, overlooked)
        if k < 0:
            change += nodes[n].waiting
        else:
            p = arcs[n, k].to
            change += arcs[n, k].cost
            if nodes[n].mates_to > nodes[n].mates_from:
                change += companion_hours(nodes, mates, mate_node, n, p)
            touched = _touch(people, p, step, touched, weeks)
            _shift_week(arcs, nodes, people, rates, n, k, 1, by_price)
            enter_spread(nodes, people, member, n, p)
            nodes[n].who = p
            nodes[n].slot = k
        moves += moves_of(arcs, nodes, n)
    return touched, change, moves


@njit(cache=True)
def _bring_forward(
    arcs: Records, nodes: Records, people: Records, tile: int, first: int, removed: int, dice: Dice, lifted: Records
) -> None:
    """Puts next, of the nodes still to be handed out, the one whose second choice is dearest beside its first."""
    most, at = -1.0, first
    for r in range(first, removed):
        n = lifted[r].node
        best, second = nodes[n].waiting, nodes[n].waiting
        for k in range(nodes[n].arcs):
            if arcs[n, k].priced < second and people[arcs[n, k].to].tile == tile and fits(arcs, nodes, people, n, k):
                if arcs[n, k].priced < best:
                    best, second = arcs[n, k].priced, best
                else:
                    second = arcs[n, k].priced
        regret = (second - best) * (0.8 + 0.4 * share(dice))
        if regret > most:
            most, at = regret, r
    node, slot = lifted[at].node, lifted[at].slot
    lifted[at].node = lifted[first].node
    lifted[at].slot = lifted[first].slot
    lifted[first].node = node
    lifted[first].slot = slot


@njit(cache=True, forceinline=True)
def _place_by_price(arcs: Records, nodes: Records, people: Records, tile: int, n: int, overlooked: int) -> int:
    """The cheapest arc with room under the prices of loads; −1: wait. One arc may be overlooked."""
    least, best = nodes[n].waiting, -1
    for k in range(nodes[n].arcs):
        if arcs[n, k].priced < least and k != overlooked and people[arcs[n, k].to].tile == tile and fits(arcs, nodes, people, n, k):
            least, best = arcs[n, k].priced, k
    return best


@njit(cache=True, forceinline=True)
def _place_by_change(
    arcs: Records, nodes: Records, people: Records, mates: Records, mate_node: Ints, rates: Rates, tile: int, n: int, overlooked: int
) -> int:
    """The arc with room that changes the score least; −1: wait. One arc may be overlooked."""
    least, best = nodes[n].waiting, -1
    for k in range(nodes[n].arcs):
        if k != overlooked and people[arcs[n, k].to].tile == tile and fits(arcs, nodes, people, n, k):
            price = added_hours(arcs, nodes, people, mates, mate_node, rates, n, k)
            if price < least:
                least, best = price, k
    return best


@njit(cache=True)
def _price_weeks(people: Records, rates: Rates, touched: int, weeks: Records) -> float:
    """Prices the touched weeks anew; returns by how much they are dearer than before."""
    change = 0.0
    for w in range(touched):
        p = weeks[w].person
        people[p].load_hours = load_hours(people, rates, p, people[p].load)
        people[p].totals_hours = totals_hours(people, rates, p, people[p].trips, people[p].clients, people[p].travel)
        change += people[p].load_hours + people[p].totals_hours - weeks[w].load_hours - weeks[w].totals_hours
    return change


@njit(cache=True)
def _commit(arcs: Records, nodes: Records, people: Records, member: Ints, removed: int, lifted: Records) -> None:
    """Brings the caseloads in step with an accepted change."""
    for r in range(removed):
        n, before = lifted[r].node, lifted[r].slot
        if before >= 0 and nodes[n].slot != before:
            p = arcs[n, before].to
            people[p].size -= 1
            last = member[people[p].first + people[p].size]
            member[people[p].first + nodes[n].place] = last
            nodes[last].place = nodes[n].place
    for r in range(removed):
        n, before = lifted[r].node, lifted[r].slot
        if nodes[n].slot >= 0 and nodes[n].slot != before:
            p = nodes[n].who
            member[people[p].first + people[p].size] = n
            nodes[n].place = people[p].size
            people[p].size += 1


@njit(cache=True)
def _roll_back(
    arcs: Records, nodes: Records, people: Records, member: Ints, removed: int, touched: int, lifted: Records, weeks: Records
) -> None:  # fmt: skip
    """Puts every touched week and every listed node back as it was."""
    for w in range(touched):
        p = weeks[w].person
        people[p].load = weeks[w].load
        people[p].load_hours = weeks[w].load_hours
        people[p].totals_hours = weeks[w].totals_hours
        people[p].trips = weeks[w].trips
        people[p].clients = weeks[w].clients
        people[p].travel = weeks[w].travel
    for r in range(removed):
        if nodes[lifted[r].node].who >= 0:
            strike_spread(nodes, people, member, lifted[r].node, nodes[lifted[r].node].who)
    for r in range(removed):
        n, k = lifted[r].node, lifted[r].slot
        nodes[n].slot = k
        nodes[n].who = arcs[n, k].to if k >= 0 else -1
        if k >= 0:
            enter_spread(nodes, people, member, n, nodes[n].who)
