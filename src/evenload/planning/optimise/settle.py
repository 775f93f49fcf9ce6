"""A small board put right after a change: what is over goes, what was set free is handed out, then its neighbourhood is improved.

Ruin and recreate with exact prices, on a board of a few dozen practitioners: nodes near the change are taken back a few at a
time, with some of their neighbours', and handed out again by regret; what is no dearer stays. The work is counted in steps.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit

from evenload.planning.optimise.arrays import Floats, Ints, Rates
from evenload.planning.optimise.dice import Dice, below, dice_of, share
from evenload.planning.optimise.eject import eject
from evenload.planning.optimise.records import Records
from evenload.planning.optimise.state import added_hours, excess_of, fits, leave, moves_of, take

MOST_LIFTED = 10
"""Nodes taken back in one step, at most."""

MOST_ASKED = 3
"""Practitioners who give nodes back in one step, at most."""


class Effort(NamedTuple):
    """How hard to try."""

    steps: int
    seed: int
    own: int
    """the first so many nodes of the board may move; the others are companions who stand still elsewhere"""
    moves_left: int
    """moves that may still be made, those of the board's nodes as they lie now left out of account"""
    heat: float
    """how much dearer a step may be at the beginning, hours per week"""


@njit(cache=True, nogil=True)
def settle(
    arcs: Records, nodes: Records, people: Records, member: Ints, mates: Records, mate_node: Ints, rates: Rates, effort: Effort, hot: Ints
) -> None:
    """Puts the board right. hot int32[n]: the nodes that the change touched; steps begin at them."""
    _make_room(arcs, nodes, people, member, mates, mate_node, rates)
    moves_left = effort.moves_left - _moves(arcs, nodes, effort.own)
    loose, loss_of = np.empty(effort.own, np.int32), np.full(effort.own, np.nan)
    count = 0
    for n in range(effort.own):
        if nodes[n].who < 0 and nodes[n].arcs > 0 and not nodes[n].held:
            loose[count] = n
            count += 1
    moves_left = _hand_out(arcs, nodes, people, member, mates, mate_node, rates, loose[:count], moves_left)
    moves_left = eject(arcs, nodes, people, member, mates, mate_node, rates, effort.own, loose[:count], moves_left, False, loss_of)
    again = 0
    for n in range(effort.own):
        if nodes[n].who < 0 and nodes[n].arcs > 0 and not nodes[n].held:
            loose[again] = n
            again += 1
    moves_left = eject(arcs, nodes, people, member, mates, mate_node, rates, effort.own, loose[:again], moves_left, True, loss_of)
    if len(hot) > 0 and effort.own > 0:
        _improve(arcs, nodes, people, member, mates, mate_node, rates, effort, hot, moves_left)


@njit(cache=True)
def _moves(arcs: Records, nodes: Records, own: int) -> int:
    moves = 0
    for n in range(own):
        moves += moves_of(arcs, nodes, n)
    return moves


@njit(cache=True)
def _make_room(arcs: Records, nodes: Records, people: Records, member: Ints, mates: Records, mate_node: Ints, rates: Rates) -> None:
    """Nobody stays above her room: what is cheapest to lose per minute leaves her, last what is held there by hand alone."""
    for p in range(len(people)):
        while excess_of(people, p) > 0:
            n = _cheapest_to_lose(arcs, nodes, people, member, p)
            if n < 0:
                break
            leave(arcs, nodes, people, member, mates, mate_node, rates, n)


@njit(cache=True)
def _cheapest_to_lose(arcs: Records, nodes: Records, people: Records, member: Ints, p: int) -> int:
    """Of her nodes that may move, the one whose second choice costs least per minute it frees; −1 where there is none."""
    excess, best, least = float(excess_of(people, p)), -1, np.inf
    for at in range(people[p].first, people[p].first + people[p].size):
        n = member[at]
        if nodes[n].held:
            continue
        arc = arcs[n, nodes[n].slot]
        second = nodes[n].waiting
        for k in range(nodes[n].arcs):
            if arcs[n, k].to != p and fits(arcs, nodes, people, n, k):
                second = min(second, arcs[n, k].priced)
        loss = (second - arc.priced) / max(1.0, min(float(arc.load), excess))
        if arc.load > 0 and loss < least:
            best, least = n, loss
    return best


@njit(cache=True)
def _hand_out(
    arcs: Records, nodes: Records, people: Records, member: Ints, mates: Records, mate_node: Ints, rates: Rates, loose: Ints,
    moves_left: int,
) -> int:  # fmt: skip
    """Places these waiting nodes, first the one that would lose most by coming later; what nobody takes cheaper than waiting waits.

    Returns the moves left.
    """
    first, gain, regret = np.empty(len(loose), np.int32), np.empty(len(loose)), np.empty(len(loose))
    for i in range(len(loose)):
        _look(arcs, nodes, people, mates, mate_node, rates, loose[i], moves_left, i, first, gain, regret)
    while True:
        best, most = -1, -1.0
        for i in range(len(loose)):
            if first[i] >= 0 and regret[i] > most:
                best, most = i, regret[i]
        if best < 0:
            return moves_left
        n, k = loose[best], first[best]
        moves_left -= arcs[n, k].moves - nodes[n].waiting_moves
        take(arcs, nodes, people, member, mates, mate_node, rates, n, k)
        first[best] = -1
        taker = arcs[n, k].to
        for i in range(len(loose)):
            if first[i] >= 0 and (_knows(arcs, nodes, loose[i], taker) or nodes[loose[i]].mates_to > nodes[loose[i]].mates_from):
                _look(arcs, nodes, people, mates, mate_node, rates, loose[i], moves_left, i, first, gain, regret)


@njit(cache=True)
def _knows(arcs: Records, nodes: Records, n: int, p: int) -> bool:
    found = False
    for k in range(nodes[n].arcs):
        found |= arcs[n, k].to == p
    return found


@njit(cache=True)
def _look(
    arcs: Records, nodes: Records, people: Records, mates: Records, mate_node: Ints, rates: Rates, n: int, moves_left: int,
    i: int, first: Ints, gain: Floats, regret: Floats,
) -> None:  # fmt: skip
    """Fills the best arc of waiting node n (−1: waiting is cheapest), what it saves, and how much the second choice costs more."""
    best, least, second = -1, nodes[n].waiting, nodes[n].waiting
    for k in range(nodes[n].arcs):
        if fits(arcs, nodes, people, n, k) and arcs[n, k].moves - nodes[n].waiting_moves <= moves_left:
            price = added_hours(arcs, nodes, people, mates, mate_node, rates, n, k)
            if price < least:
                best, least, second = k, price, least
            else:
                second = min(second, price)
    first[i], gain[i], regret[i] = best, nodes[n].waiting - least, second - least


@njit(cache=True)
def _improve(
    arcs: Records, nodes: Records, people: Records, member: Ints, mates: Records, mate_node: Ints, rates: Rates, effort: Effort,
    hot: Ints, moves_left: int,
) -> None:  # fmt: skip
    """Steps of ruin and recreate; keeps the cheapest state met."""
    dice = dice_of(effort.seed, 1)
    lifted, before, asked = np.empty(MOST_LIFTED, np.int32), np.empty(MOST_LIFTED, np.int32), np.empty(MOST_ASKED + 1, np.int32)
    total, least = 0.0, 0.0
    best = nodes["slot"][: effort.own].copy()
    for step in range(effort.steps):
        seed = hot[below(dice, len(hot))] if share(dice) < 0.7 else below(dice, effort.own)
        if nodes[seed].arcs == 0 or nodes[seed].held:
            continue
        count = _lift_around(arcs, nodes, people, member, effort.own, seed, dice, asked, lifted)
        change, moves = 0.0, 0
        for r in range(count):
            n = lifted[r]
            before[r] = nodes[n].slot
            moves -= moves_of(arcs, nodes, n)
            if nodes[n].who >= 0:
                change += leave(arcs, nodes, people, member, mates, mate_node, rates, n)
            moves += nodes[n].waiting_moves
        more, left = _recreate(arcs, nodes, people, member, mates, mate_node, rates, lifted, count, moves_left - moves, dice)
        change += more
        allowed = effort.heat * (1.0 - step / effort.steps) * -math.log(share(dice) + 1e-12)
        if change <= allowed and left >= min(0, moves_left):
            total += change
            moves_left = left
            if total < least - 1e-9:
                least = total
                best[:] = nodes["slot"][: effort.own]
        else:
            _put_back(arcs, nodes, people, member, mates, mate_node, rates, lifted, before, count)
    if total > least + 1e-9:
        for n in range(effort.own):
            if nodes[n].slot != best[n] and nodes[n].who >= 0:
                leave(arcs, nodes, people, member, mates, mate_node, rates, n)
        for n in range(effort.own):
            if nodes[n].slot != best[n] and best[n] >= 0:
                take(arcs, nodes, people, member, mates, mate_node, rates, n, best[n])


@njit(cache=True)
def _lift_around(
    arcs: Records, nodes: Records, people: Records, member: Ints, own: int, seed: int, dice: Dice, asked: Ints, lifted: Ints
) -> int:  # fmt: skip
    """Lists the seed and a node or two of each of a few practitioners who could take it, its own among them; returns how many."""
    people_asked, degree = 0, nodes[seed].arcs
    if nodes[seed].who >= 0:
        asked[0] = nodes[seed].who
        people_asked = 1
    for _ in range(1 + below(dice, MOST_ASKED)):
        # The better of two draws: near the front of the list, where the cheap arcs are.
        p = arcs[seed, min(below(dice, degree), below(dice, degree))].to
        is_new = people_asked <= MOST_ASKED
        for at in range(people_asked):
            is_new &= asked[at] != p
        if is_new:
            asked[people_asked] = p
            people_asked += 1
    lifted[0] = seed
    count = 1
    for at in range(people_asked):
        p = asked[at]
        for _ in range(1 + below(dice, 2)):
            if people[p].size == 0 or count == MOST_LIFTED:
                continue
            n = member[people[p].first + below(dice, people[p].size)]
            is_new = not nodes[n].held and n < own
            for r in range(count):
                is_new &= lifted[r] != n
            if is_new:
                lifted[count] = n
                count += 1
    return count


@njit(cache=True)
def _recreate(
    arcs: Records, nodes: Records, people: Records, member: Ints, mates: Records, mate_node: Ints, rates: Rates, lifted: Ints,
    count: int, moves_left: int, dice: Dice,
) -> tuple[float, int]:  # fmt: skip
    """Hands the listed nodes out again in an order by chance, each where it changes the price least; returns change and moves left."""
    change = 0.0
    # `before` follows the order of the list, so the list is not stirred: some go first, by chance, and the rest follow.
    for _ in range(count):
        n = lifted[below(dice, count)]
        if nodes[n].who < 0:
            gained, moves_left = _place(arcs, nodes, people, member, mates, mate_node, rates, n, moves_left, dice)
            change += gained
    for r in range(count):
        if nodes[lifted[r]].who < 0:
            gained, moves_left = _place(arcs, nodes, people, member, mates, mate_node, rates, lifted[r], moves_left, dice)
            change += gained
    return change, moves_left


@njit(cache=True)
def _place(
    arcs: Records, nodes: Records, people: Records, member: Ints, mates: Records, mate_node: Ints, rates: Rates, n: int,
    moves_left: int, dice: Dice,
) -> tuple[float, int]:  # fmt: skip
    """The waiting node joins whom it changes the price least with, one arc overlooked now and then; returns change and moves left."""
    best, least, overlooked = -1, nodes[n].waiting, below(dice, 8 * nodes[n].arcs)
    for k in range(nodes[n].arcs):
        if k != overlooked and fits(arcs, nodes, people, n, k):
            price = added_hours(arcs, nodes, people, mates, mate_node, rates, n, k)
            if price < least:
                best, least = k, price
    if best < 0:
        return 0.0, moves_left
    moves_left -= arcs[n, best].moves - nodes[n].waiting_moves
    return take(arcs, nodes, people, member, mates, mate_node, rates, n, best), moves_left


@njit(cache=True)
def _put_back(
    arcs: Records, nodes: Records, people: Records, member: Ints, mates: Records, mate_node: Ints, rates: Rates, lifted: Ints,
    before: Ints, count: int,
) -> None:  # fmt: skip
    """Every listed node is where it was."""
    for r in range(count):
        if nodes[lifted[r]].who >= 0:
            leave(arcs, nodes, people, member, mates, mate_node, rates, lifted[r])
    for r in range(count):
        if before[r] >= 0:
            take(arcs, nodes, people, member, mates, mate_node, rates, lifted[r], before[r])
