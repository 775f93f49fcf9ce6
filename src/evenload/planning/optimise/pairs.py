"""Pairs in rows: for one node, eligibility, price, load, travel and moves of every practitioner of its wing.

These kernels are the array twin of `eligibility`, `goals.pair_hours`, `travel` and `score.may_take`; a property test holds
them against the pair functions. Drives and travel are equal to the last minute: what lies within 1e-7 minutes of a
rounding edge was decided by `travel` itself (`exact_drives`).
"""

from __future__ import annotations

import math
from functools import partial
from typing import NamedTuple

import numpy as np
from numba import njit

from evenload.planning.case import Unit
from evenload.planning.eligibility import HISTORY_FREE_RULES
from evenload.planning.optimise.arrays import FREE, Bytes, ExactDrives, Floats, Instance, Ints, Longs, Scale, Units, Wing, starts
from evenload.planning.optimise.bare import bare
from evenload.planning.optimise.cheapest import keep_flagged, least_of
from evenload.planning.optimise.places import has_place, on_sphere
from evenload.planning.optimise.reach import BLOCK, everywhere, near_wing, reach_of
from evenload.planning.optimise.threads import side_by_side
from evenload.planning.travel import drive_minutes

EDGE_MINUTES = 1e-7
"""How near to a rounding edge a drive is left to `travel.drive_minutes`."""

SHORT_HALF_CHORD = 0.05
"""Half chords below this (637 km of arc) take the series; it is exact to 1e-17 there."""

ALL_BUT_ANTIPODAL = 0.99
"""Half chords above this lose digits in any formula; `travel.drive_minutes` decides them."""


MOST_PAIRS = 100_000_000
"""Pairs of one wing up to which every drive on an edge is decided, within reach or not."""

CHUNK = 2000
"""Nodes of one task."""


class Row(NamedTuple):
    """One node against the W practitioners of its wing. Whole numbers are held in float64, exactly."""

    eligible: Bytes
    """[W] 1 where no hard rule stands against the pair, for any unit of the node"""
    fits: Bytes
    """[W] 1 where it is eligible and the load alone is within M, or it is pinned there (`score.may_take`)"""
    cost: Floats
    """[W] sum of pair_hours over the node's units, hours per week"""
    load: Floats
    """[W] minutes per week"""
    travel: Floats
    """[W] minutes per week"""
    moves: Floats
    """[W] units of the node that would leave an eligible current practitioner"""
    drive: Floats
    """[W] minutes one way of the last unit"""


@njit(cache=True)
def empty_row(width: int) -> Row:
    """A row for this many practitioners; its content is undefined until `fill_row`."""
    return Row(
        np.empty(width, np.uint8),
        np.empty(width, np.uint8),
        np.empty(width),
        np.empty(width),
        np.empty(width),
        np.empty(width),
        np.empty(width),
    )


@bare
def raw_drives(wing: Wing, units: Units, scale: Scale, u: int, drive: Floats) -> None:
    """Unrounded minutes one way from every base of the wing to unit u; NaN-free also where a place is unknown."""
    x, y, z = on_sphere(units, u)
    east, south, up, far = wing.base[0], wing.base[1], wing.base[2], 0
    # Counted, not the farthest looked for: a maximum of floats would keep the loop from being vector code.
    for i in range(len(drive)):
        dx, dy, dz = east[i] - x, south[i] - y, up[i] - z
        q = (dx * dx + dy * dy + dz * dz) * 0.25
        far += q > SHORT_HALF_CHORD**2
        series = 1 + q * (1 / 6 + q * (3 / 40 + q * (15 / 336 + q * (105 / 3456 + q * (945 / 42240)))))
        drive[i] = scale.minutes_per_radian * math.sqrt(q) * series
    if far > 0:
        for i in range(len(drive)):
            dx, dy, dz = east[i] - x, south[i] - y, up[i] - z
            half_chord = math.sqrt((dx * dx + dy * dy + dz * dz) * 0.25)
            if half_chord > SHORT_HALF_CHORD:
                drive[i] = scale.minutes_per_radian * math.asin(min(1.0, half_chord))


@bare
def _round(drive: Floats, has_base: Bytes, unknown_drive: float) -> None:
    for i in range(len(drive)):
        rounded = math.floor(drive[i] + 0.5)
        drive[i] = rounded if has_base[i] != 0 else unknown_drive


@bare
def fill_drives(wing: Wing, units: Units, exact: ExactDrives, scale: Scale, u: int, drive: Floats) -> None:
    """Whole minutes one way from every base of the wing to unit u (`travel.drive_minutes`)."""
    if has_place(units, u):
        raw_drives(wing, units, scale, u, drive)
        _round(drive, wing.has_base, scale.unknown_drive)
        for e in range(exact.start[u], exact.start[u + 1]):
            if wing.column[exact.person[e]] >= 0:
                drive[wing.column[exact.person[e]]] = exact.minutes[e]
    else:
        for i in range(len(drive)):
            drive[i] = scale.unknown_drive


@bare
def _add_unit(wing: Wing, units: Units, scale: Scale, u: int, is_first: bool, row: Row) -> None:
    """Adds unit u to the row whose drives are filled: rules of the pair, price, load, travel. What stood there before the first is lost.

    The loops are functions of plain arrays: so they become vector code, a record's columns within a loop do not.
    """
    here = wing.column[units.current[u]] if units.current[u] >= 0 else -1
    q = units.kind[u]
    if is_first:
        _set_travel(row.drive, row.travel, row.load, row.cost, units.trips[q], units.minutes[q], units.adds_travel[q], scale)
        row.eligible[:] = 1
    else:
        _add_travel(row.drive, row.travel, row.load, row.cost, units.trips[q], units.minutes[q], units.adds_travel[q], scale)
    if has_place(units, u):
        _keep_near(row.eligible, row.drive, wing.longest_drive, wing.has_base)
    # Whom the unit is with already is put back: a question within the loop would cost more.
    is_able, cost = np.uint8(0), 0.0
    if here >= 0:
        is_able, cost = row.eligible[here], row.cost[here]
    _keep(row.eligible, wing.accepts_new)
    if units.current[u] >= 0:
        _raise(row.cost, units.leave_hours[q])
    if here >= 0:
        row.eligible[here], row.cost[here] = is_able, cost
    for r in range(units.allowed_row.shape[1]):
        if units.allowed_row[q, r] > 0:
            _keep(row.eligible, wing.allowed[units.allowed_row[q, r]])
    for g in range(units.soft_row.shape[1]):
        if units.soft_row[q, g] > 0:
            _add(row.cost, wing.soft[units.soft_row[q, g]])
    for b in range(units.barred_start[q], units.barred_start[q + 1]):
        if wing.column[units.barred[b]] >= 0:
            row.eligible[wing.column[units.barred[b]]] = 0


@bare
def _add_travel(
    drive: Floats, travel: Floats, load: Floats, cost: Floats, trips: Floats, minutes: float, adds: float, scale: Scale
) -> None:  # fmt: skip
    twice, half, whole, per_minute = 4 * trips[0], trips[1], 2 * trips[1], scale.travel_hours_per_minute
    for i in range(len(drive)):
        driven = math.floor((twice * drive[i] + half) / whole)
        travel[i] += driven
        load[i] += minutes + adds * driven
        cost[i] += per_minute * driven


@bare
def _set_travel(
    drive: Floats, travel: Floats, load: Floats, cost: Floats, trips: Floats, minutes: float, adds: float, scale: Scale
) -> None:  # fmt: skip
    twice, half, whole, per_minute = 4 * trips[0], trips[1], 2 * trips[1], scale.travel_hours_per_minute
    for i in range(len(drive)):
        driven = math.floor((twice * drive[i] + half) / whole)
        travel[i] = driven
        load[i] = minutes + adds * driven
        cost[i] = per_minute * driven


@bare
def _keep_near(eligible: Bytes, drive: Floats, longest: Floats, has_base: Bytes) -> None:
    for i in range(len(drive)):
        eligible[i] &= (drive[i] <= longest[i]) | (has_base[i] == 0)


@bare
def _keep(eligible: Bytes, flags: Bytes) -> None:
    for i in range(len(eligible)):
        eligible[i] &= flags[i]


@bare
def _add(cost: Floats, hours: Floats) -> None:
    for i in range(len(cost)):
        cost[i] += hours[i]


@bare
def _raise(cost: Floats, hours: float) -> None:
    for i in range(len(cost)):
        cost[i] += hours


@bare
def _keep_fitting(fits: Bytes, eligible: Bytes, load: Floats, spread: float, maximum: Floats) -> None:
    for i in range(len(load)):
        fits[i] = eligible[i] & (load[i] + spread <= maximum[i])


@bare
def _empty(eligible: Bytes, cost: Floats, load: Floats, travel: Floats) -> None:
    for i in range(len(cost)):
        eligible[i] = 1
        cost[i] = load[i] = travel[i] = 0.0


@bare
def fill_row(wing: Wing, units: Units, exact: ExactDrives, scale: Scale, pin: int, node: int, row: Row) -> int:
    """Fills the row of one node; returns the moves that its waiting would count.

    `pin` is Instance.pinned[node]: a pinned node may go to one practitioner only, a stranded one to nobody.
    """
    if units.start[node] == units.start[node + 1]:
        _empty(row.eligible, row.cost, row.load, row.travel)
    spread = 0.0
    for u in range(units.start[node], units.start[node + 1]):
        fill_drives(wing, units, exact, scale, u, row.drive)
        _add_unit(wing, units, scale, u, u == units.start[node], row)
        spread += units.spread[units.kind[u]]
    _keep_fitting(row.fits, row.eligible, row.load, spread, wing.maximum)
    if pin != -1:
        row.eligible[:] = 0
        row.fits[:] = 0
        if pin >= 0:
            row.eligible[wing.column[pin]] = 1
            row.fits[wing.column[pin]] = 1
    return count_moves(wing, units, node, row)


@bare
def count_moves(wing: Wing, units: Units, node: int, row: Row) -> int:
    """Fills in how many units of the node change hands with each column; returns how many do when it waits."""
    for i in range(len(row.moves)):
        row.moves[i] = 0.0
    when_waiting = 0
    for u in range(units.start[node], units.start[node + 1]):
        here = wing.column[units.current[u]] if units.current[u] >= 0 else -1
        if here >= 0 and row.eligible[here]:
            when_waiting += 1
            _raise(row.moves, 1.0)
            row.moves[here] -= 1.0
    return when_waiting


@njit(cache=True, nogil=True)
def _doubtful(wing: Wing, units: Units, scale: Scale, pinned: Ints, reach: Floats, first: int, last: int, found: Ints) -> int:
    """Pairs (unit, practitioner) within reach whose rounding floats cannot decide, of the wing's nodes from first to last; how many there are.

    found int32[room, 2] takes as many as there is room for.
    """
    count, column = 0, everywhere(wing)
    for begin in range(first, min(last, len(wing.nodes)), BLOCK):
        end = min(begin + BLOCK, last, len(wing.nodes))
        part = near_wing(wing, units, pinned, reach, column, begin, end)
        for place in range(begin, end):
            count += _doubtful_of_node(part, units, scale, wing.nodes[place], found[min(count, len(found)) :])
    return count


@njit(cache=True)
def _doubtful_of_node(wing: Wing, units: Units, scale: Scale, node: int, found: Ints) -> int:
    drive = np.empty(len(wing.members))
    count, antipodal = 0, scale.minutes_per_radian * math.asin(ALL_BUT_ANTIPODAL)
    for u in range(units.start[node], units.start[node + 1]):
        if not has_place(units, u):
            continue
        raw_drives(wing, units, scale, u, drive)
        if _any_doubt(drive, antipodal) == 0:
            continue
        for i in range(len(drive)):
            edge = abs(drive[i] - math.floor(drive[i]) - 0.5)
            if wing.has_base[i] and (edge < EDGE_MINUTES * (1 + drive[i]) or drive[i] > antipodal):
                if count < len(found):
                    found[count, 0] = u
                    found[count, 1] = wing.members[i]
                count += 1
    return count


@bare
def _any_doubt(drive: Floats, antipodal: float) -> int:
    """How many drives are in doubt, whether the practitioner's base is known or not; vector code."""
    count = 0
    for i in range(len(drive)):
        minutes = drive[i]
        count += (abs(minutes - math.floor(minutes) - 0.5) < EDGE_MINUTES * (1 + minutes)) | (minutes > antipodal)
    return count


def unit_at(instance: Instance, u: int) -> Unit:
    """The unit in row u."""
    n = int(np.searchsorted(instance.units.start, u, "right")) - 1
    return instance.nodes[n][u - int(instance.units.start[n])]


def exact_drives(instance: Instance) -> ExactDrives:
    """The drives that `travel.drive_minutes` has to decide, for every unit of the instance.

    In the largest programs those beyond a practitioner's longest drive are left out: she may not take the unit either way.
    """
    rows: list[tuple[int, int, int]] = []
    for wing in instance.wings:
        for u, p in _doubtful_pairs(instance, wing):
            rows.append((u, p, drive_minutes(instance.case, instance.practitioners[p], unit_at(instance, u))))
    rows.sort()
    return ExactDrives(
        start=starts(np.bincount(np.array([row[0] for row in rows], np.int64), minlength=len(instance.units.kind))),
        person=np.array([row[1] for row in rows], np.int32),
        minutes=np.array([row[2] for row in rows], np.float64),
    )


def _doubtful_pairs(instance: Instance, wing: Wing) -> list[list[int]]:
    units, scale, pinned = instance.units, instance.scale, instance.pinned
    reach = reach_of(wing, scale) if len(wing.members) * len(wing.nodes) > MOST_PAIRS else np.empty(0)

    def of_part(first: int) -> list[list[int]]:
        found = np.empty((16, 2), np.int32)
        while (count := _doubtful(wing, units, scale, pinned, reach, first, first + CHUNK, found)) > len(found):
            found = np.empty((count, 2), np.int32)
        pairs: list[list[int]] = found[:count].tolist()
        return pairs

    parts = side_by_side([partial(of_part, first) for first in range(0, len(wing.nodes), CHUNK)])
    return [pair for part in parts for pair in part]


@njit(cache=True, nogil=True)
def _nearest(
    wing: Wing, units: Units, exact: ExactDrives, scale: Scale, pinned: Ints, reach: Floats, first: int, last: int, nearest: Floats
) -> None:  # fmt: skip
    column = everywhere(wing)
    for begin in range(first, min(last, len(wing.nodes)), BLOCK):
        end = min(begin + BLOCK, last, len(wing.nodes))
        part = near_wing(wing, units, pinned, reach, column, begin, end)
        for place in range(begin, end):
            _nearest_of_node(part, units, exact, scale, wing.nodes[place], nearest)


@njit(cache=True)
def _nearest_of_node(wing: Wing, units: Units, exact: ExactDrives, scale: Scale, node: int, nearest: Floats) -> None:
    """Fills the drive of the nearest practitioner whom no history-free rule excludes; infinite where there is none."""
    drive, able = np.empty(len(wing.members)), np.empty(len(wing.members), np.uint8)
    for u in range(units.start[node], units.start[node + 1]):
        fill_drives(wing, units, exact, scale, u, drive)
        q = units.kind[u]
        able[:] = 1
        for r in range(units.allowed_row.shape[1]):
            if units.allowed_row[q, r] > 0:
                _keep(able, wing.allowed[units.allowed_row[q, r]])
        for b in range(units.barred_start[q], units.barred_start[q + 1]):
            if wing.column[units.barred[b]] >= 0:
                able[wing.column[units.barred[b]]] = 0
        if has_place(units, u):
            _keep_near(able, drive, wing.longest_drive, wing.has_base)
        keep_flagged(able, drive)
        nearest[u] = least_of(drive)


def nearest_travel(instance: Instance, exact: ExactDrives) -> Longs:
    """int64[U] weekly travel minutes of the nearest eligible practitioner (`targets.nearest_travel`)."""
    case, units = instance.case, instance.units
    nearest = np.full(len(units.kind), np.inf)
    for wing in instance.wings:
        asked = (wing, units, exact, instance.scale, instance.pinned, reach_of(wing, instance.scale))
        side_by_side([partial(_nearest, *asked, first, first + CHUNK, nearest) for first in range(0, len(wing.nodes), CHUNK)])
    for n in np.flatnonzero(instance.pinned != FREE).tolist():
        for u, unit in enumerate(instance.nodes[n], int(units.start[n])):
            if unit.pinned_to is not None and case.has_practitioner(unit.pinned_to):
                practitioner = case.practitioner(unit.pinned_to)
                if all(rule(case, practitioner, unit) is None for rule in HISTORY_FREE_RULES):
                    nearest[u] = min(nearest[u], drive_minutes(case, practitioner, unit))
    nearest[np.isinf(nearest)] = 0.0
    numerator, denominator = units.trips.T
    travel: Longs = np.floor((4 * nearest * numerator[units.kind] + denominator[units.kind]) / (2 * denominator[units.kind])).astype(
        np.int64
    )
    return travel
