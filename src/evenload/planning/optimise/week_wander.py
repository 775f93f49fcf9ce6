"""Sub-problems of a caseload's plan, one after another, from plans that may be a little dearer than the best one (`week_dive.reopen`).

Weeks are so full that plans which no sub-problem betters are common; what lies a little above the best leads out of them.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from evenload.planning.optimise.arrays import Ints
from evenload.planning.optimise.dice import Dice, below
from evenload.planning.optimise.dive import Patience
from evenload.planning.optimise.fill import Open
from evenload.planning.optimise.week_dive import SLACK, Bench, at_hand, dive_all, dive_for_open, open_nodes, open_some, week_prices
from evenload.planning.optimise.week_fill import Items

WIDER, WIDEST = 0.02, 1.0
"""Each sub-problem in vain lets plans be so much dearer than the best one, up to so much: as shares of `scale`; …"""

RETURN, ANEW, LAST = 100, 300, 500
"""… each time so many were in vain it begins from the best one again; after so many from a dive of the whole part, until so many."""

JITTER_ANEW = 0.3


@njit(cache=True, nogil=True)
def wander(
    bench: Bench, state: Open, patience: Patience, tries: int, widths: tuple[int, int], scale: float, dice: Dice, plans: Ints, vain: int
) -> int:  # fmt: skip
    """So many times: a few practitioners of the plan at hand are opened and dived for; returns how many in vain there were in the end.

    plans int32[2, n], changed in place: the best one and the one at hand. widths: least and most practitioners opened at a time; scale: how
    far good arcs are apart, hours; vain: how many in vain there were before.
    """
    items, who, at = bench.items, plans[0], plans[1]
    plan, total, best = at_hand(bench, state, at), _hours(items, at), _hours(items, who)
    for _ in range(tries):
        open_some(bench, state, widths[0] + below(dice, widths[1] - widths[0] + 1), plan, dice)
        waiting = open_nodes(items, state, at, dice)
        band = min(WIDEST, WIDER * (vain % RETURN)) * scale
        total -= dive_for_open(bench, state, patience, plan, waiting, SLACK + max(0.0, best + band - total), dice)
        vain += 1
        if total < best - SLACK:
            best, vain = total, 0
            who[:] = at
        elif vain == ANEW:
            anew = at.copy()
            found = dive_all(bench, state, Patience(patience.passes, patience.step, JITTER_ANEW), np.inf, dice, anew)
            if found < np.inf:
                total = found
                at[:] = anew
                plan = at_hand(bench, state, at)
        elif vain % RETURN == 0 and (vain < ANEW or vain == LAST):
            total, vain = best, vain % LAST
            at[:] = who
            plan = at_hand(bench, state, at)
    return vain


@njit(cache=True)
def _hours(items: Items, who: Ints) -> float:
    total = np.sum(week_prices(items, who))
    for n in range(len(who)):
        total += items.waiting[n] if who[n] < 0 else 0.0
    return total
