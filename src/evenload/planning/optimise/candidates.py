"""Candidate arcs: per node the cheapest eligible practitioners under given prices, and the exact price of the node.

One pass over *all* eligible pairs does both: it keeps the best arcs for the search, and it finds the exact minimum that the
bound needs. A bound from listed arcs alone would overstate.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import numpy as np
from numba import njit

from evenload.planning.optimise.arrays import FREE, Bytes, ExactDrives, Floats, Instance, Ints, Scale, Units, Wing
from evenload.planning.optimise.pairs import Row, empty_row, fill_row
from evenload.planning.optimise.reach import BLOCK, everywhere, near_wing, reach_of
from evenload.planning.optimise.records import ARC, MOST_SMALL, SMALL_ARC, Records
from evenload.planning.optimise.threads import side_by_side

CHEAPEST = 16
"""Arcs kept per node, by price with the load's price."""

SLOTS = 20
"""Arcs at most per node: the cheapest and current practitioners that are not among them."""

LARGE_NODES = 100_000
"""Programs from here on list fewer and smaller arcs (`records.SMALL_ARC`): memory is what they run short of."""

LARGE_CHEAPEST, LARGE_SLOTS = 8, 10
"""The same as CHEAPEST and SLOTS there."""

CHUNK = 2000
"""Nodes that one task lists."""


class Worth(NamedTuple):
    """Prices of scarce things: of each practitioner's load, and of a move."""

    minute: Floats
    """[P] hours per minute of load"""
    trip: Floats
    """[P] hours per weekly trip"""
    move: float
    """hours per unit that leaves an eligible current practitioner"""


class NodeFacts(NamedTuple):
    """What a pass asks about each node."""

    waiting: Floats
    """[N] price of waiting"""
    trips: Floats
    """[N] trips per week"""
    pinned: Ints
    """[N] see Instance.pinned"""
    holder: Ints
    """[N] practitioner who has the node in the plan at hand, −1 nobody; her arc is listed too"""


class NodeAnswers(NamedTuple):
    """What a pass answers for each node; see Listed."""

    node_hours: Floats
    eligible_hours: Floats
    waiting_moves: Ints
    takers: Ints
    degree: Ints


@dataclass(frozen=True, slots=True)
class Listed:
    """What one pass over all eligible pairs found."""

    arcs: Records
    """ARC[N, K], cheapest first; the slots beyond degree[n] are empty"""
    degree: Ints
    """[N]"""
    node_hours: Floats
    """[N] exact minimum over waiting and all arcs that fit, under the prices of the pass"""
    eligible_hours: Floats
    """[N] the same over all eligible pairs, whether the load alone fits or not"""
    waiting_moves: Ints
    """[N] moves that the node's waiting would count"""
    takers: Ints
    """[N] how many practitioners may take the node"""


def is_small(instance: Instance) -> bool:
    """Whether the program is large enough for small records, and every number fits into them."""
    people, units = instance.practitioners, instance.units
    if len(instance.nodes) < LARGE_NODES or not instance.wings or len(people) > MOST_SMALL:
        return False
    kept = np.bincount(units.current[units.current >= 0], minlength=1).max()
    if kept > MOST_SMALL or max(p.maximum_minutes for p in people) > MOST_SMALL // 2:
        return False
    longest = max(float(wing.longest_drive.max(initial=0.0)) for wing in instance.wings)
    if (instance.pinned > FREE).any() or not math.isfinite(longest):
        longest = math.pi / 2 * instance.scale.minutes_per_radian
    minutes = units.minutes + units.spread + 1 + 2 * max(longest, instance.scale.unknown_drive) * units.trips[:, 0] / units.trips[:, 1]
    node = np.repeat(np.arange(len(instance.nodes), dtype=np.int32), np.diff(units.start))
    return bool(np.bincount(node, minutes[units.kind], 1).max() <= MOST_SMALL)


def arcs_of(
    instance: Instance, exact: ExactDrives, worth: Worth, holder: Ints | None = None, *, keep: int | None = None, slots: int | None = None,
    into: Records | None = None,
) -> Listed:  # fmt: skip
    """The `keep` cheapest arcs of every node under these prices, and those of its holder and current practitioners.

    holder int32[N]: who has the node in the plan at hand (−1 nobody). Wings up to `slots` wide are listed whole. into: arcs of the
    same shape to be written over, so that large programs need not hold two lists at once.
    """
    nodes, small = len(instance.nodes), is_small(instance)
    keep = keep or (LARGE_CHEAPEST if small else CHEAPEST)
    slots = slots or (LARGE_SLOTS if small else SLOTS)
    width = max(1, min(slots, max((len(wing.members) for wing in instance.wings), default=1)))
    arcs = np.zeros((nodes, width), SMALL_ARC if small else ARC) if into is None or into.shape != (nodes, width) else into
    arcs["to"] = -1
    asked = NodeFacts(instance.waiting, instance.trips, instance.pinned, np.full(nodes, -1, np.int32) if holder is None else holder)
    counts = np.zeros((3, nodes), np.int16 if small else np.int32)
    found = NodeAnswers(instance.waiting.copy(), instance.waiting.copy(), counts[0], counts[1], counts[2])
    for wing in instance.wings:
        kept = len(wing.members) if len(wing.members) <= width else min(keep, width)
        asks = (wing, instance.units, exact, instance.scale, worth, asked, kept, arcs, found, reach_of(wing, instance.scale))
        side_by_side([partial(_list_nodes, *asks, first, first + CHUNK) for first in range(0, len(wing.nodes), CHUNK)])
    return Listed(arcs, found.degree, found.node_hours, found.eligible_hours, found.waiting_moves, found.takers)


@njit(cache=True, nogil=True)
def _list_nodes(
    wing: Wing, units: Units, exact: ExactDrives, scale: Scale, worth: Worth, asked: NodeFacts, keep: int, arcs: Records,
    found: NodeAnswers, reach: Floats, first: int, last: int,
) -> None:  # fmt: skip
    column, best = everywhere(wing), np.empty(keep, np.int32)
    for begin in range(first, min(len(wing.nodes), last), BLOCK):
        end = min(begin + BLOCK, len(wing.nodes), last)
        part = near_wing(wing, units, asked.pinned, reach, column, begin, end)
        row, reduced = empty_row(len(part.members)), np.empty(len(part.members))
        for place in range(begin, end):
            _list_node(part, units, exact, scale, worth, asked, arcs, found, wing.nodes[place], row, reduced, best)


@njit(cache=True)
def _list_node(
    wing: Wing, units: Units, exact: ExactDrives, scale: Scale, worth: Worth, asked: NodeFacts, arcs: Records, found: NodeAnswers, n: int,
    row: Row, reduced: Floats, best: Ints,
) -> None:  # fmt: skip
    found.waiting_moves[n] = fill_row(wing, units, exact, scale, asked.pinned[n], n, row)
    wait = asked.waiting[n] + worth.move * found.waiting_moves[n] if asked.pinned[n] < 0 else np.inf
    found.eligible_hours[n] = min(wait, _price_row(wing, worth, asked.trips[n], row, reduced))
    kept = cheapest(row, reduced, best)
    found.node_hours[n] = min(wait, reduced[best[0]]) if kept > 0 else wait
    found.takers[n] = _how_many(row.fits)
    found.degree[n] = _write_arcs(wing, units, n, asked.holder[n], row, best, kept, arcs)


@njit(cache=True)
def _how_many(flags: Bytes) -> int:
    count = 0
    for flag in flags:
        count += flag
    return count


@njit(cache=True)
def _price_row(wing: Wing, worth: Worth, trips: float, row: Row, reduced: Floats) -> float:
    """Fills the reduced price of every pair; returns the least over the eligible ones."""
    least = np.inf
    for i in range(len(reduced)):
        p = wing.members[i]
        reduced[i] = row.cost[i] + worth.minute[p] * row.load[i] + worth.trip[p] * trips + worth.move * row.moves[i]
        if row.eligible[i] and reduced[i] < least:
            least = reduced[i]
    return least


@njit(cache=True)
def cheapest(row: Row, reduced: Floats, best: Ints) -> int:
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
def _write_arcs(wing: Wing, units: Units, n: int, holder: int, row: Row, best: Ints, kept: int, arcs: Records) -> int:
    """Fills the node's slots; returns how many are in use."""
    for k in range(kept):
        _write_arc(wing, n, k, row, best[k], arcs)
    kept = _write_further(wing, n, kept, holder, row, arcs)
    for u in range(units.start[n], units.start[n + 1]):
        kept = _write_further(wing, n, kept, units.current[u], row, arcs)
    return kept


@njit(cache=True)
def _write_further(wing: Wing, n: int, kept: int, practitioner: int, row: Row, arcs: Records) -> int:
    """Lists this practitioner too, where she fits and a slot is left; returns how many slots are in use."""
    column = wing.column[practitioner] if practitioner >= 0 else -1
    if column < 0 or not row.fits[column] or kept == arcs.shape[1]:
        return kept
    for k in range(kept):
        if arcs[n, k].to == practitioner:
            return kept
    _write_arc(wing, n, kept, row, column, arcs)
    return kept + 1


@njit(cache=True)
def _write_arc(wing: Wing, n: int, k: int, row: Row, column: int, arcs: Records) -> None:
    arcs[n, k].to = wing.members[column]
    arcs[n, k].cost = row.cost[column]
    if arcs[n, k].cost > row.cost[column]:
        arcs[n, k].cost = np.nextafter(np.float32(row.cost[column]), np.float32(-np.inf))
    arcs[n, k].load = np.int32(row.load[column])
    arcs[n, k].travel = np.int32(row.travel[column])
    arcs[n, k].moves = np.int32(row.moves[column])
