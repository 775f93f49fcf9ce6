"""Candidate arcs: per node the cheapest eligible practitioners under given prices, and the exact price of the node.

One pass over *all* eligible pairs does both: it keeps the best arcs for the search, and it finds the exact minimum that the
bound needs. A bound from listed arcs alone would overstate.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numba import njit

from evenload.planning.optimise.arrays import FREE, Bytes, ExactDrives, Floats, Instance, Ints, Scale, Units, Wing
from evenload.planning.optimise.bare import bare
from evenload.planning.optimise.cheapest import first_of, keep_flagged, least_of, some_of
from evenload.planning.optimise.pairs import Row, empty_row, fill_row
from evenload.planning.optimise.reach import BLOCK, everywhere, near_wing, reach_of
from evenload.planning.optimise.records import ARC, LEAN_ARC, MOST_SMALL, OPEN_ARC, SMALL_ARC, Records
from evenload.planning.optimise.threads import side_by_side

CHEAPEST = 16
"""Arcs kept per node, by price with the load's price."""

SLOTS = 20
"""Arcs at most per node: the cheapest and current practitioners that are not among them."""

LARGE_NODES = 100_000
"""Programs from here on list fewer and smaller arcs (`records.SMALL_ARC`): memory is what they run short of."""

LARGE_CHEAPEST, LARGE_SLOTS = 7, 8
"""The same as CHEAPEST and SLOTS there."""

STRENGTHENED_NODES = 250_000
"""Up to so many the bound is strengthened by knapsacks, which ask for the nodes' prices; beyond, their arcs by practitioner would take
more memory than everything else, so of these prices the sum is kept."""

LEAN_CHEAPEST, LEAN_SLOTS = 14, 16
"""The same while prices are looked for: under prices that are not yet good, the cheapest seven of a node are often none of its best."""

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
    further: Floats
    """[N] as in Listed, or none where nobody asks"""


@dataclass(frozen=True, slots=True)
class Listed:
    """What one pass over all eligible pairs found."""

    arcs: Records
    """ARC[N, K], cheapest first; the slots beyond degree[n] are empty"""
    degree: Ints
    """[N]"""
    node_hours: Floats
    """[N] exact minimum over waiting and all arcs that fit, under the prices of the pass; beyond STRENGTHENED_NODES [1], their sum"""
    eligible_hours: Floats
    """[N] the same over all eligible pairs, whether the load alone fits or not; where records are small, [1] their sum"""
    waiting_moves: Ints
    """[N] moves that the node's waiting would count"""
    takers: Ints
    """[N] how many practitioners may take the node"""
    further: Floats
    """[N] price under the prices of the pass that no eligible pair which is not listed lies below (`relisted`); none unless the arcs are
    lean and usual"""


def is_small(instance: Instance) -> bool:
    """Whether the program is large enough for small records, and every number fits into them."""
    return len(instance.nodes) >= LARGE_NODES and fits_small(instance)


def fits_small(instance: Instance) -> bool:
    """Whether every number fits into small and lean records."""
    people, units = instance.practitioners, instance.units
    if not instance.wings or len(people) > MOST_SMALL:
        return False
    kept = np.bincount(units.current[units.current >= 0], minlength=1).max()
    if kept > MOST_SMALL or max(p.maximum_minutes for p in people) > MOST_SMALL // 2:
        return False
    longest = max(float(wing.longest_drive.max(initial=0.0)) for wing in instance.wings)
    if (instance.pinned > FREE).any() or not math.isfinite(longest):
        longest = math.pi / 2 * instance.scale.minutes_per_radian
    minutes = units.minutes + units.spread + 1 + 2 * max(longest, instance.scale.unknown_drive) * units.trips[:, 0] / units.trips[:, 1]
    if len(units.kind) == len(instance.nodes):  # asked again and again where memory is short: nothing is made for every node
        return bool(minutes.max() <= MOST_SMALL)
    node = np.repeat(np.arange(len(instance.nodes), dtype=np.int32), np.diff(units.start))
    return bool(np.bincount(node, minutes[units.kind], 1).max() <= MOST_SMALL)


def lean_record(instance: Instance) -> np.dtype[Any]:
    """What an ascent reads of an arc: it streams them all, so they should be as few bytes as their numbers allow."""
    return LEAN_ARC if fits_small(instance) else OPEN_ARC


def arcs_of(
    instance: Instance, exact: ExactDrives, worth: Worth, holder: Ints | None = None, *, keep: int | None = None, slots: int | None = None,
    into: Records | None = None, is_lean: bool = False, is_usual: bool = False,
) -> Listed:  # fmt: skip
    """The `keep` cheapest arcs of every node under these prices, and those of its holder and current practitioners.

    holder int32[N]: who has the node in the plan at hand (−1 nobody). Wings up to `slots` wide are listed whole. into: arcs of the
    same size to be written over, so that large programs need not hold two lists at once. is_lean: only what an ascent without a limit on
    moves reads. is_usual: usual records whatever the size, for a region of a large program.
    """
    listing = Listing(instance, exact, holder, keep=keep, slots=slots, into=into, is_lean=is_lean, is_usual=is_usual)
    side_by_side([task for wing in instance.wings for task in listing.tasks(wing, worth)])
    return listing.listed()


class Listing:
    """A pass over all eligible pairs: room for what it answers, and wing by wing the tasks that fill it (as `arcs_of`, which does both)."""

    def __init__(
        self, instance: Instance, exact: ExactDrives, holder: Ints | None = None, *, keep: int | None = None, slots: int | None = None,
        into: Records | None = None, is_lean: bool = False, is_usual: bool = False,
    ) -> None:  # fmt: skip
        nodes, self.small = len(instance.nodes), not is_usual and is_small(instance)
        self.instance, self.exact, self.is_lean = instance, exact, is_lean
        self.keep = keep or (LEAN_CHEAPEST if is_lean and self.small else LARGE_CHEAPEST if self.small else CHEAPEST)
        slots = slots or (LEAN_SLOTS if is_lean and self.small else LARGE_SLOTS if self.small else SLOTS)
        width = max(1, min(slots, max((len(wing.members) for wing in instance.wings), default=1)))
        record = lean_record(instance) if is_lean else SMALL_ARC if self.small else ARC
        self.arcs = _room_for((nodes, width), record, into)
        if not instance.wings:
            self.arcs["to"] = -1
        self.asked = NodeFacts(instance.waiting, instance.trips, instance.pinned, _int32(nodes, holder))
        counts = np.zeros((3, nodes), np.int16 if self.small else np.int32)
        further = np.full(nodes, np.inf) if is_lean and not self.small else np.empty(0)
        self.found = NodeAnswers(instance.waiting.copy(), instance.waiting.copy(), counts[0], counts[1], counts[2], further)

    def kept(self, wing: Wing) -> int:
        """How many of the cheapest arcs a node of this wing keeps."""
        width = self.arcs.shape[1]
        return len(wing.members) if len(wing.members) <= width else min(self.keep, width)

    def tasks(self, wing: Wing, worth: Worth) -> list[Callable[[], None]]:
        """What fills in the answers for the nodes of this wing."""
        facts = (wing, self.instance.units, self.exact, self.instance.scale, worth, self.asked)
        asks = (*facts, self.kept(wing), self.arcs, self.found, reach_of(wing, self.instance.scale))
        kernel = _list_nodes_leanly if self.is_lean else _list_nodes
        return [partial(kernel, *asks, first, first + CHUNK) for first in range(0, len(wing.nodes), CHUNK)]

    def listed(self) -> Listed:
        """The answers, once every wing's tasks have ended."""
        found, nodes = self.found, len(self.instance.nodes)
        eligible_hours = np.array([found.eligible_hours.sum()]) if self.small else found.eligible_hours
        node_hours = np.array([found.node_hours.sum()]) if self.small and nodes > STRENGTHENED_NODES else found.node_hours
        return Listed(self.arcs, found.degree, node_hours, eligible_hours, found.waiting_moves, found.takers, found.further)


def _int32(nodes: int, holder: Ints | None) -> Ints:
    return np.full(nodes, -1, np.int32) if holder is None else holder.astype(np.int32, copy=False)


def _room_for(shape: tuple[int, int], record: np.dtype[Any], into: Records | None) -> Records:
    """Arcs of this shape, over those that are not needed any more where there is room for them."""
    size = shape[0] * shape[1] * record.itemsize
    if into is None or into.nbytes < size or (into.dtype == record and into.shape != shape):
        return np.zeros(shape, record)
    return into.reshape(-1).view(np.uint8)[:size].view(record).reshape(shape)


@njit(cache=True, nogil=True)
def _list_nodes(
    wing: Wing, units: Units, exact: ExactDrives, scale: Scale, worth: Worth, asked: NodeFacts, keep: int, arcs: Records,
    found: NodeAnswers, reach: Floats, first: int, last: int,
) -> None:  # fmt: skip
    column, best = everywhere(wing), np.empty(keep, np.int32)
    for begin in range(first, min(len(wing.nodes), last), BLOCK):
        end = min(begin + BLOCK, len(wing.nodes), last)
        part = near_wing(wing, units, asked.pinned, reach, column, begin, end)
        row, reduced, among = empty_row(len(part.members)), np.empty(len(part.members)), np.empty(len(part.members) + 1, np.int32)
        own_worth = worth_within(part, worth)
        for place in range(begin, end):
            n = wing.nodes[place]
            list_node(part, units, exact, scale, own_worth, asked, arcs[n], found, n, row, reduced, among, best, True)


@njit(cache=True, nogil=True)
def _list_nodes_leanly(
    wing: Wing, units: Units, exact: ExactDrives, scale: Scale, worth: Worth, asked: NodeFacts, keep: int, arcs: Records,
    found: NodeAnswers, reach: Floats, first: int, last: int,
) -> None:  # fmt: skip
    column, best, own = everywhere(wing), np.empty(keep, np.int32), np.empty(arcs.shape[1], ARC)
    for begin in range(first, min(len(wing.nodes), last), BLOCK):
        end = min(begin + BLOCK, len(wing.nodes), last)
        part = near_wing(wing, units, asked.pinned, reach, column, begin, end)
        row, reduced, among = empty_row(len(part.members)), np.empty(len(part.members)), np.empty(len(part.members) + 1, np.int32)
        own_worth = worth_within(part, worth)
        for place in range(begin, end):
            n = wing.nodes[place]
            list_node(part, units, exact, scale, own_worth, asked, own, found, n, row, reduced, among, best, False)
            for k in range(found.degree[n]):
                write_rounded_down(arcs[n], k, own[k].cost)
                arcs[n, k].to = own[k].to
                arcs[n, k].load = own[k].load


@njit(cache=True)
def worth_within(wing: Wing, worth: Worth) -> Worth:
    """The prices of the wing's columns [W], in their order: what vector code reads one after the other."""
    return Worth(worth.minute[wing.members], worth.trip[wing.members], worth.move)


@bare
def list_node(
    wing: Wing, units: Units, exact: ExactDrives, scale: Scale, worth: Worth, asked: NodeFacts, own: Records, found: NodeAnswers, n: int,
    row: Row, reduced: Floats, place: Ints, best: Ints, is_ordered: bool,
) -> None:  # fmt: skip
    """Answers for node n; its arcs go to own ARC[K], the cheapest first where that is asked for. worth: `worth_within` this wing."""
    found.waiting_moves[n] = fill_row(wing, units, exact, scale, asked.pinned[n], n, row)
    wait = asked.waiting[n] + worth.move * found.waiting_moves[n] if asked.pinned[n] < 0 else np.inf
    least = _price_row(worth, asked.trips[n], row, reduced)
    found.eligible_hours[n] = found.node_hours[n] = min(wait, least)
    found.takers[n] = eligible = _how_many(row.eligible)
    if _how_many(row.fits) < eligible:
        keep_flagged(row.fits, reduced)
        found.node_hours[n], found.takers[n] = min(wait, least_of(reduced)), _how_many(row.fits)
    kept = first_of(reduced, place, best) if is_ordered else some_of(reduced, place, best)
    if len(found.further) > 0:
        further = _dearest_of(reduced, best, kept) if found.takers[n] > kept else np.inf
        found.further[n] = min(further, least) if eligible > found.takers[n] else further
    found.degree[n] = _write_arcs(wing, units, n, asked.holder[n], row, best, kept, own)


@bare
def _dearest_of(reduced: Floats, best: Ints, kept: int) -> float:
    most = -np.inf
    for k in range(kept):
        most = max(most, reduced[best[k]])
    return most


@bare
def _how_many(flags: Bytes) -> int:
    count = 0
    for flag in flags:
        count += flag
    return count


@bare
def _price_row(worth: Worth, trips: float, row: Row, reduced: Floats) -> float:
    """Fills the reduced price of every eligible pair, infinite elsewhere; returns the least."""
    _reduce(worth.minute, worth.trip, trips, row.cost, row.load, reduced)
    if worth.move != 0:
        _raise_by(row.moves, worth.move, reduced)
    keep_flagged(row.eligible, reduced)
    return least_of(reduced)


@bare
def _reduce(minute: Floats, trip: Floats, trips: float, cost: Floats, load: Floats, reduced: Floats) -> None:
    for i in range(len(reduced)):
        reduced[i] = cost[i] + minute[i] * load[i] + trip[i] * trips


@bare
def _raise_by(moves: Floats, move: float, reduced: Floats) -> None:
    for i in range(len(reduced)):
        reduced[i] += move * moves[i]


@bare
def _write_arcs(wing: Wing, units: Units, n: int, holder: int, row: Row, best: Ints, kept: int, own: Records) -> int:
    """Fills the node's slots; returns how many are in use."""
    for k in range(kept):
        _write_arc(wing, k, row, best[k], own)
    kept = _write_further(wing, kept, holder, row, own)
    for u in range(units.start[n], units.start[n + 1]):
        kept = _write_further(wing, kept, units.current[u], row, own)
    for k in range(kept, len(own)):
        own[k].to = -1
    return kept


@bare
def _write_further(wing: Wing, kept: int, practitioner: int, row: Row, own: Records) -> int:
    """Lists this practitioner too, where she fits and a slot is left; returns how many slots are in use."""
    column = wing.column[practitioner] if practitioner >= 0 else -1
    if column < 0 or not row.fits[column] or kept == len(own):
        return kept
    for k in range(kept):
        if own[k].to == practitioner:
            return kept
    _write_arc(wing, kept, row, column, own)
    return kept + 1


@bare
def write_rounded_down(own: Records, k: int, cost: float) -> None:
    """Writes the cost of an arc; where its record rounds, down, so that what is proved with it holds."""
    own[k].cost = cost
    if own[k].cost > cost:
        own[k].cost = np.nextafter(np.float32(cost), np.float32(-np.inf))


@bare
def _write_arc(wing: Wing, k: int, row: Row, column: int, own: Records) -> None:
    own[k].to = wing.members[column]
    write_rounded_down(own, k, row.cost[column])
    own[k].load = np.int32(row.load[column])
    own[k].travel = np.int32(row.travel[column])
    own[k].moves = np.int32(row.moves[column])
