"""Candidate arcs: per node the cheapest eligible practitioners under given prices, and the exact price of the node.

One pass over *all* eligible pairs does both: it keeps the best arcs for the search, and it finds the exact minimum that the
bound needs. A bound from listed arcs alone would overstate.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numba import njit, prange

from evenload.planning.optimise.arrays import Bytes, ExactDrives, Floats, Instance, Ints, Scale, Units, Wing
from evenload.planning.optimise.pairs import Row, empty_row, fill_row

CHEAPEST = 16
"""Arcs kept per node, by price with the load's price."""

SLOTS = 20
"""Arcs at most per node: the cheapest and current practitioners that are not among them."""

CHUNK = 64
"""Nodes that share one scratch row."""


class Arcs(NamedTuple):
    """Arcs of N nodes in K slots, cheapest first under the prices they were chosen with; the first count[n] are in use."""

    to: Ints
    """[N, K] practitioner"""
    cost: Floats
    """[N, K] hours per week"""
    load: Ints
    """[N, K] minutes per week"""
    travel: Ints
    """[N, K] minutes per week"""
    moves: Ints
    """[N, K] units that would leave an eligible current practitioner"""
    count: Ints
    """[N]"""


class Worth(NamedTuple):
    """Prices of scarce things: of each practitioner's load, and of a move."""

    minute: Floats
    """[P] hours per minute of load"""
    move: float
    """hours per unit that leaves an eligible current practitioner"""


class NodeFacts(NamedTuple):
    """What a pass asks about each node."""

    waiting: Floats
    """[N] price of waiting"""
    pinned: Ints
    """[N] see Instance.pinned"""


class NodeAnswers(NamedTuple):
    """What a pass answers for each node; see Listed."""

    node_hours: Floats
    eligible_hours: Floats
    waiting_moves: Ints
    takers: Ints


@dataclass(frozen=True, slots=True)
class Listed:
    """What one pass over all eligible pairs found."""

    arcs: Arcs
    node_hours: Floats
    """[N] exact minimum over waiting and all arcs that fit, under the prices of the pass"""
    eligible_hours: Floats
    """[N] the same over all eligible pairs, whether the load alone fits or not"""
    waiting_moves: Ints
    """[N] moves that the node's waiting would count"""
    takers: Ints
    """[N] how many practitioners may take the node"""


def arcs_of(instance: Instance, exact: ExactDrives, worth: Worth, *, keep: int = CHEAPEST, slots: int = SLOTS) -> Listed:
    """The `keep` cheapest arcs of every node under these prices; current practitioners always; wings up to `slots` wide whole."""
    count = len(instance.nodes)
    width = max(1, min(slots, max((len(wing.members) for wing in instance.wings), default=1)))
    arcs = _empty_arcs(count, width)
    node_hours, eligible_hours = instance.waiting.copy(), instance.waiting.copy()
    waiting_moves, takers = np.zeros(count, np.int32), np.zeros(count, np.int32)
    for wing in instance.wings:
        kept = len(wing.members) if len(wing.members) <= width else keep
        asked = NodeFacts(instance.waiting, instance.pinned)
        found = NodeAnswers(node_hours, eligible_hours, waiting_moves, takers)
        _list_wing(wing, instance.units, exact, instance.scale, worth, asked, min(kept, width), arcs, found)
    return Listed(arcs, node_hours, eligible_hours, waiting_moves, takers)


def _empty_arcs(count: int, width: int) -> Arcs:
    return Arcs(
        to=np.full((count, width), -1, np.int32),
        cost=np.zeros((count, width)),
        load=np.zeros((count, width), np.int32),
        travel=np.zeros((count, width), np.int32),
        moves=np.zeros((count, width), np.int32),
        count=np.zeros(count, np.int32),
    )


# In parallel kernels the loop's body is one call: writes to arrays inside named tuples would not leave a prange body.
@njit(cache=True, parallel=True)
def _list_wing(
    wing: Wing, units: Units, exact: ExactDrives, scale: Scale, worth: Worth, asked: NodeFacts, keep: int, arcs: Arcs, found: NodeAnswers
) -> None:
    for chunk in prange((len(wing.nodes) + CHUNK - 1) // CHUNK):
        _list_chunk(wing, units, exact, scale, worth, asked, keep, arcs, found, chunk)


@njit(cache=True)
def _list_chunk(
    wing: Wing, units: Units, exact: ExactDrives, scale: Scale, worth: Worth, asked: NodeFacts, keep: int, arcs: Arcs, found: NodeAnswers,
    chunk: int,
) -> None:  # fmt: skip
    row = empty_row(len(wing.members))
    reduced, best = np.empty(len(wing.members)), np.empty(keep, np.int32)
    for place in range(chunk * CHUNK, min(len(wing.nodes), (chunk + 1) * CHUNK)):
        n = wing.nodes[place]
        found.waiting_moves[n] = fill_row(wing, units, exact, scale, asked.pinned[n], n, row)
        wait = asked.waiting[n] + worth.move * found.waiting_moves[n] if asked.pinned[n] < 0 else np.inf
        found.eligible_hours[n] = min(wait, _price_row(wing, worth, row, reduced))
        kept = _cheapest(row, reduced, best)
        found.node_hours[n] = min(wait, reduced[best[0]]) if kept > 0 else wait
        found.takers[n] = _how_many(row.fits)
        _write_arcs(wing, units, n, row, best, kept, arcs)


@njit(cache=True)
def _how_many(flags: Bytes) -> int:
    count = 0
    for flag in flags:
        count += flag
    return count


@njit(cache=True)
def _price_row(wing: Wing, worth: Worth, row: Row, reduced: Floats) -> float:
    """Fills the reduced price of every pair; returns the least over the eligible ones."""
    least = np.inf
    for i in range(len(reduced)):
        reduced[i] = row.cost[i] + worth.minute[wing.members[i]] * row.load[i] + worth.move * row.moves[i]
        if row.eligible[i] and reduced[i] < least:
            least = reduced[i]
    return least


@njit(cache=True)
def _cheapest(row: Row, reduced: Floats, best: Ints) -> int:
    """The columns of the cheapest pairs that fit, cheapest first, ties by column; returns how many were found."""
    kept = 0
    for i in range(len(reduced)):
        if not row.fits[i] or (kept == len(best) and reduced[i] >= reduced[best[kept - 1]]):
            continue
        at = kept if kept < len(best) else kept - 1
        kept = max(kept, at + 1)
        while at > 0 and reduced[best[at - 1]] > reduced[i]:
            best[at] = best[at - 1]
            at -= 1
        best[at] = i
    return kept


@njit(cache=True)
def _write_arcs(wing: Wing, units: Units, n: int, row: Row, best: Ints, kept: int, arcs: Arcs) -> None:
    for k in range(kept):
        _write_arc(wing, n, k, row, best[k], arcs)
    for u in range(units.start[n], units.start[n + 1]):
        here = wing.column[units.current[u]] if units.current[u] >= 0 else -1
        if here >= 0 and row.fits[here] and kept < arcs.to.shape[1]:
            is_listed = False
            for k in range(kept):
                is_listed |= arcs.to[n, k] == units.current[u]
            if not is_listed:
                _write_arc(wing, n, kept, row, here, arcs)
                kept += 1
    arcs.count[n] = kept


@njit(cache=True)
def _write_arc(wing: Wing, n: int, k: int, row: Row, column: int, arcs: Arcs) -> None:
    arcs.to[n, k] = wing.members[column]
    arcs.cost[n, k] = row.cost[column]
    arcs.load[n, k] = np.int32(row.load[column])
    arcs.travel[n, k] = np.int32(row.travel[column])
    arcs.moves[n, k] = np.int32(row.moves[column])
