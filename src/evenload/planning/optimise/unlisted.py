"""Arcs that nobody listed, priced exactly: what keeps a bound over some arcs a bound over all of them."""

from __future__ import annotations

from functools import partial

import numpy as np
from numba import njit

from evenload.planning.optimise.arrays import FREE, ExactDrives, Floats, Instance, Ints, Longs, Scale, Units, Wing
from evenload.planning.optimise.candidates import CHUNK, Listed, NodeFacts, Worth
from evenload.planning.optimise.pairs import Row, empty_row, fill_row
from evenload.planning.optimise.reach import BLOCK, everywhere, near_wing, reach_of
from evenload.planning.optimise.records import Records
from evenload.planning.optimise.threads import side_by_side


def least_excess(instance: Instance, exact: ExactDrives, listed: Listed, worth: Worth, prices: Floats, room: Longs) -> Floats:
    """[P] by how much a week's price bound rises at least when it takes any arc that is not listed.

    That is the least of cost + λ·load + ν·trips + μ·moves − u over them; where it is negative for some, their sum, which is what
    the week's price bound falls by. Infinite where every arc is listed. prices float64[N]: u; room int64[P]: minutes beside
    what is pinned; arcs that need more are in no week.
    """
    excess = np.full(len(instance.practitioners), np.inf)
    below = np.zeros(len(excess))
    nobody = np.full(len(instance.nodes), -1, np.int32)
    asked = NodeFacts(instance.waiting, instance.trips, instance.pinned, nobody)
    for wing in instance.wings:
        firsts = range(0, len(wing.nodes), CHUNK)
        found = np.full((len(firsts), 2, len(wing.members)), np.inf)
        found[:, 1] = 0.0
        reach = reach_of(wing, instance.scale)
        given = (wing, instance.units, exact, instance.scale, worth, asked, prices, room, listed.arcs, listed.degree, reach)
        side_by_side([partial(_excess_of, *given, first, first + CHUNK, found[task]) for task, first in enumerate(firsts)])
        excess[wing.members] = np.minimum(excess[wing.members], found[:, 0].min(axis=0, initial=np.inf))
        below[wing.members] += found[:, 1].sum(axis=0)
    return np.where(below < 0, below, excess)


@njit(cache=True, nogil=True)
def _excess_of(
    wing: Wing, units: Units, exact: ExactDrives, scale: Scale, worth: Worth, asked: NodeFacts, prices: Floats, room: Longs,
    arcs: Records, degree: Ints, reach: Floats, first: int, last: int, found: Floats,
) -> None:  # fmt: skip
    """Fills found [2, W]: the least excess of each column, and the sum of the negative ones."""
    column = everywhere(wing)
    for begin in range(first, min(len(wing.nodes), last), BLOCK):
        end = min(begin + BLOCK, len(wing.nodes), last)
        part = near_wing(wing, units, asked.pinned, reach, column, begin, end)
        row = empty_row(len(part.members))
        for place in range(begin, end):
            if asked.pinned[wing.nodes[place]] == FREE:
                fill_row(part, units, exact, scale, FREE, wing.nodes[place], row)
                _note_excess(wing, part, row, worth, asked, prices, room, arcs, degree, wing.nodes[place], found)


@njit(cache=True)
def _note_excess(
    wing: Wing, part: Wing, row: Row, worth: Worth, asked: NodeFacts, prices: Floats, room: Longs, arcs: Records, degree: Ints, n: int,
    found: Floats,
) -> None:  # fmt: skip
    for i in range(len(part.members)):
        p = part.members[i]
        c = wing.column[p]
        price = row.cost[i] + worth.minute[p] * row.load[i] + worth.trip[p] * asked.trips[n] + worth.move * row.moves[i] - prices[n]
        if row.fits[i] and row.load[i] <= room[p] and price < found[0, c] and not _is_listed(arcs, degree, n, p):
            if price < 0:
                found[1, c] += price
            else:
                found[0, c] = price


@njit(cache=True)
def _is_listed(arcs: Records, degree: Ints, n: int, p: int) -> bool:
    found = False
    for k in range(degree[n]):
        found |= arcs[n, k].to == p
    return found
