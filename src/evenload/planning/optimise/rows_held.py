"""Rows of nodes as a what-if keeps them: the cheapest arcs, the exact prices the bound needs, and whose they are.

Whoever has no hours left is `gone`: the hard rule `no_capacity` is kept here as a flag, because a what-if changes hours.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from evenload.planning.optimise.arrays import Bytes, ExactDrives, Floats, Ints, Scale, Units, Wing
from evenload.planning.optimise.candidates import Worth
from evenload.planning.optimise.cheapest import first_of, keep_flagged
from evenload.planning.optimise.pairs import Row, count_moves, empty_row, fill_drives, fill_row
from evenload.planning.optimise.places import has_place
from evenload.planning.optimise.records import Records


class Facts(NamedTuple):
    """What a pass asks about nodes and practitioners."""

    waiting: Floats
    """[N] price of waiting"""
    trips: Floats
    """[N]"""
    pinned: Ints
    """[N] see Instance.pinned"""
    who: Ints
    """[N] practitioner who has the node, −1 nobody; her arc is listed too"""
    gone: Bytes
    """[P] 1: no hours at all"""


class Rows(NamedTuple):
    """What a pass finds of each node that it was asked about, in the order asked."""

    arcs: Records
    """ARC[n, K], cheapest first"""
    degree: Ints
    """[n] slots in use"""
    waiting_moves: Ints
    """[n] moves that the node's waiting would count"""
    node_hours: Floats
    """[n] least priced over waiting and all arcs that fit"""
    eligible_hours: Floats
    """[n] the same over all eligible pairs"""
    fit_to: Ints
    """[n] whose the cheapest arc is that fits, −1 where none does"""
    eligible_to: Ints
    """[n] whose the cheapest eligible arc is, −1 where there is none"""


def empty_rows(count: int, width: int, arc: np.dtype[np.void]) -> Rows:
    """Room for so many nodes with so many arcs each."""
    ints = [np.zeros(count, np.int32) for _ in range(4)]
    return Rows(np.zeros((count, width), arc), ints[0], ints[1], np.zeros(count), np.zeros(count), ints[2], ints[3])


@njit(cache=True, nogil=True)
def fill_rows(
    wing: Wing, units: Units, exact: ExactDrives, scale: Scale, worth: Worth, facts: Facts, keep: int, asked: Ints, at: Ints, rows: Rows
) -> None:  # fmt: skip
    """Prices the asked nodes, all of one wing, against every practitioner of it; at[i]: where the answer goes in `rows`."""
    row = empty_row(len(wing.members))
    reduced, best = np.empty(len(wing.members)), np.empty(min(keep, len(wing.members)), np.int32)
    place = np.empty(len(wing.members) + 1, np.int32)
    for i in range(len(asked)):
        n, r = asked[i], at[i]
        fill_row(wing, units, exact, scale, facts.pinned[n], n, row)
        _leave_out_gone(wing, facts.gone, facts.pinned[n], row)
        rows.waiting_moves[r] = count_moves(wing, units, n, row)
        wait = facts.waiting[n] + worth.move * rows.waiting_moves[r] if facts.pinned[n] < 0 else np.inf
        rows.eligible_hours[r], rows.eligible_to[r] = wait, -1
        _price(wing, worth, facts.trips[n], row, reduced)
        least = _least(row.eligible, reduced)
        if least >= 0:
            rows.eligible_hours[r], rows.eligible_to[r] = min(wait, reduced[least]), wing.members[least]
        keep_flagged(row.fits, reduced)
        kept = first_of(reduced, place, best)
        rows.node_hours[r], rows.fit_to[r] = wait, -1
        if kept > 0:
            rows.node_hours[r], rows.fit_to[r] = min(wait, reduced[best[0]]), wing.members[best[0]]
        rows.degree[r] = _write(wing, worth, units, n, facts, row, best, kept, rows.arcs, r)


@njit(cache=True)
def _leave_out_gone(wing: Wing, gone: Bytes, pin: int, row: Row) -> None:
    for i in range(len(row.fits)):
        if gone[wing.members[i]] and wing.members[i] != pin:
            row.eligible[i] = 0
            row.fits[i] = 0


@njit(cache=True)
def _price(wing: Wing, worth: Worth, trips: float, row: Row, reduced: Floats) -> None:
    for i in range(len(reduced)):
        p = wing.members[i]
        reduced[i] = row.cost[i] + worth.minute[p] * row.load[i] + worth.trip[p] * trips + worth.move * row.moves[i]


@njit(cache=True)
def _least(flags: Bytes, reduced: Floats) -> int:
    """The cheapest flagged column, ties to the first; −1 where none is flagged."""
    least = -1
    for i in range(len(flags)):
        if flags[i] and (least < 0 or reduced[i] < reduced[least]):
            least = i
    return least


@njit(cache=True)
def _write(
    wing: Wing, worth: Worth, units: Units, n: int, facts: Facts, row: Row, best: Ints, kept: int, arcs: Records, r: int
) -> int:  # fmt: skip
    """Fills the node's slots: the cheapest, its holder, its current practitioners; returns how many are in use."""
    for k in range(kept):
        _write_arc(wing, worth, facts.trips[n], r, k, row, best[k], arcs)
    kept = _write_further(wing, worth, facts.trips[n], r, kept, facts.who[n], row, arcs)
    for u in range(units.start[n], units.start[n + 1]):
        kept = _write_further(wing, worth, facts.trips[n], r, kept, units.current[u], row, arcs)
    return kept


@njit(cache=True)
def _write_further(wing: Wing, worth: Worth, trips: float, r: int, kept: int, practitioner: int, row: Row, arcs: Records) -> int:
    column = wing.column[practitioner] if practitioner >= 0 else -1
    if column < 0 or not row.fits[column] or kept == arcs.shape[1]:
        return kept
    for k in range(kept):
        if arcs[r, k].to == practitioner:
            return kept
    _write_arc(wing, worth, trips, r, kept, row, column, arcs)
    return kept + 1


@njit(cache=True)
def _write_arc(wing: Wing, worth: Worth, trips: float, r: int, k: int, row: Row, column: int, arcs: Records) -> None:
    p = wing.members[column]
    arcs[r, k].to = p
    arcs[r, k].cost = row.cost[column]
    arcs[r, k].load = np.int32(row.load[column])
    arcs[r, k].travel = np.int32(row.travel[column])
    arcs[r, k].moves = np.int32(row.moves[column])
    arcs[r, k].priced = row.cost[column] + worth.minute[p] * row.load[column] + worth.trip[p] * trips


@njit(cache=True, nogil=True)
def fill_nearest(
    wing: Wing, units: Units, exact: ExactDrives, scale: Scale, gone: Bytes, asked: Ints, minutes: Floats, to: Ints
) -> None:  # fmt: skip
    """Drive (minutes one way, infinite: nobody) and practitioner (−1) nearest to each asked unit, history-free rules kept."""
    drive, able = np.empty(len(wing.members)), np.empty(len(wing.members), np.uint8)
    for i in range(len(asked)):
        u = asked[i]
        fill_drives(wing, units, exact, scale, u, drive)
        for c in range(len(able)):
            is_near = (drive[c] <= wing.longest_drive[c]) | (not has_place(units, u)) | (not wing.has_base[c])
            able[c] = is_near and not gone[wing.members[c]]
        for r in range(units.allowed_row.shape[1]):
            line = units.allowed_row[units.kind[u], r]
            if line > 0:
                for c in range(len(able)):
                    able[c] &= wing.allowed[line, c]
        for b in range(units.barred_start[units.kind[u]], units.barred_start[units.kind[u] + 1]):
            if wing.column[units.barred[b]] >= 0:
                able[wing.column[units.barred[b]]] = 0
        minutes[i], to[i] = np.inf, -1
        for c in range(len(able)):
            if able[c] and drive[c] < minutes[i]:
                minutes[i], to[i] = drive[c], wing.members[c]


@njit(cache=True, nogil=True)
def nodes_for_whom_she_counts(
    wing: Wing, units: Units, exact: ExactDrives, scale: Scale, worth: Worth, facts: Facts, person: int, least: int, asked: Ints,
    rows: Rows,
) -> Ints:  # fmt: skip
    """Of the asked nodes, those that this practitioner, who may take loads above `least` minutes now, makes cheaper or possible.

    wing: hers alone (one column). rows: the nodes' present answers, by node.
    """
    row, found, count = empty_row(1), np.empty(len(asked), np.int32), 0
    for n in asked:
        if facts.pinned[n] != -1 and facts.pinned[n] != person:
            continue
        if not _may_be_hers(wing, units, n):
            continue
        fill_row(wing, units, exact, scale, facts.pinned[n], n, row)
        if not row.eligible[0] or (
            row.load[0] + units.spread[units.kind[units.start[n] : units.start[n + 1]]].sum() <= least and least >= 0
        ):
            continue
        price = row.cost[0] + worth.minute[person] * row.load[0] + worth.trip[person] * facts.trips[n]
        is_cheaper = price < rows.eligible_hours[n] or (row.fits[0] and price < rows.node_hours[n])
        if is_cheaper or (row.fits[0] and rows.fit_to[n] < 0) or units_of_hers(units, n, person):
            found[count] = n
            count += 1
    return found[:count]


@njit(cache=True)
def _may_be_hers(wing: Wing, units: Units, n: int) -> bool:
    """Whether no table objects to the one practitioner of the wing."""
    allowed = True
    for u in range(units.start[n], units.start[n + 1]):
        for r in range(units.allowed_row.shape[1]):
            allowed &= wing.allowed[units.allowed_row[units.kind[u], r], 0] > 0
    return allowed


@njit(cache=True)
def units_of_hers(units: Units, n: int, person: int) -> bool:
    """Whether any unit of the node has this current practitioner."""
    found = False
    for u in range(units.start[n], units.start[n + 1]):
        found |= units.current[u] == person
    return found
