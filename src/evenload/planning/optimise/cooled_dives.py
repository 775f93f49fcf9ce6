"""Sub-problems of a caseload's plan that may end a little dearer, less so from round to round: a plan that stands still is left.

As `week_dive.reopen`, where a dearer share-out is never taken. Late in a large program nearly every few weeks are the best that they can be
by themselves, and what is left lies in how many of them hang together. So a share-out is taken where it is dearer by less than a draw
whose mean, the heat, falls to nothing; of what waits, the nodes that are cheapest for somebody opened are opened with her.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from evenload.planning.optimise.arrays import Floats, Ints, Longs
from evenload.planning.optimise.dice import Dice, below, share
from evenload.planning.optimise.dive import Patience
from evenload.planning.optimise.fill import NO_ARC, Open
from evenload.planning.optimise.week_dive import MOST_WAITING, SLACK, Bench, at_hand, dive_for_open, open_some

COLD_FIRST = 5
"""Rounds before the first cycle: while much is gained no heat is needed."""

HEAT = 0.2
"""The first heat of a cycle as a share of how far a node's good arcs are apart."""

CYCLES = (40, 60, 80)
"""Rounds of the cycles, the last of these again and again: …"""

COLD_LAST = 3
"""… so many of each without heat, at its end."""

MOST_PEOPLE, MOST_NODES = 128, 20_000
"""Above so many practitioners of a part, or nodes in all, a round takes too long for many of them, and plans do not stand still."""

MOST_WHOLE = 16
"""Parts of up to so many practitioners are dived for as wholes."""

LEAST_SHARE = 1e-12


def is_open_to_heat(parts: list[tuple[Ints, Ints]], nodes: int) -> bool:
    """Whether rounds are short enough: few enough nodes, and practitioners of each part (nodes, practitioners), but not only small parts."""
    most = max((len(people) for _, people in parts), default=0)
    return nodes <= MOST_NODES and MOST_WHOLE < most <= MOST_PEOPLE


def place_in_cycle(number: int) -> tuple[int, int]:
    """How many rounds of its cycle came before round `number` (COLD_FIRST or more), and how many rounds the cycle has."""
    number -= COLD_FIRST
    for rounds in CYCLES[:-1]:
        if number < rounds:
            return number, rounds
        number -= rounds
    return number % CYCLES[-1], CYCLES[-1]


def goes_on(number: int) -> bool:
    """Whether round `number` goes on from the plan of the one before, not from the best: within a cycle."""
    return number > COLD_FIRST and place_in_cycle(number)[0] > 0


def heat_of(number: int) -> float:
    """Heat of round `number` (COLD_FIRST or more), as such a share."""
    before, rounds = place_in_cycle(number)
    return HEAT * max(0.0, 1.0 - before / (rounds - COLD_LAST))


@njit(cache=True, nogil=True)
def reopen_warm(
    bench: Bench, state: Open, patience: Patience, heat: float, tries: int, widths: tuple[int, int], dice: Dice, who: Ints
) -> float:
    """So many times: a few practitioners of the plan (int32[n], changed in place) are opened and dived for; returns what was gained.

    heat: hours by which a share-out that is taken may be dearer, in the mean. widths: least and most practitioners opened at a time.
    """
    plan, gained = at_hand(bench, state, who), 0.0
    for _ in range(tries):
        open_some(bench, state, widths[0] + below(dice, widths[1] - widths[0] + 1), plan, dice)
        waiting = _open_nodes(bench, state, who)
        dearer = SLACK - heat * math.log(max(LEAST_SHARE, share(dice)))
        gained += dive_for_open(bench, state, patience, plan, waiting, dearer, dice)
    return gained


@njit(cache=True)
def _open_nodes(bench: Bench, state: Open, who: Ints) -> float:
    """Opens the nodes of the open practitioners and those that wait and are cheapest for one of them; returns what these cost waiting."""
    items, near, waiting = bench.items, np.zeros(len(who)), 0.0
    people = np.flatnonzero(state.person)
    for n in range(len(who)):
        if who[n] >= 0:
            state.node[n] = state.person[who[n]]
            continue
        state.node[n] = 0
        for p in people:
            if items.row[p, n] != NO_ARC:
                near[n] = max(near[n], bench.near[p, n])
    for n in _nearest(near):
        state.node[n] = 1
        waiting += items.waiting[n]
    return waiting


@njit(cache=True)
def _nearest(near: Floats) -> Longs:
    found = np.flatnonzero(near)
    if len(found) <= MOST_WAITING:
        return found
    return found[np.argsort(-near[found], kind="mergesort")[:MOST_WAITING]]
