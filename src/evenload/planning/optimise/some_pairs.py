"""A few pairs of a node, named by their columns: what `pairs.fill_row` says of them, to the last bit, without looking at the others."""

from __future__ import annotations

import math

from evenload.planning.optimise.arrays import FREE, ExactDrives, Floats, Ints, Scale, Units, Wing
from evenload.planning.optimise.bare import bare
from evenload.planning.optimise.pairs import SHORT_HALF_CHORD, Row
from evenload.planning.optimise.places import has_place, on_sphere


@bare
def fill_some(
    wing: Wing, units: Units, exact: ExactDrives, scale: Scale, pin: int, node: int, waiting_moves: int, columns: Ints, begin: int,
    end: int, row: Row,
) -> None:  # fmt: skip
    """Fills the places from begin to end of a row with what `fill_row` says of the columns that stand there; the same to the last bit.

    waiting_moves: what `fill_row` returns for the node.
    """
    spread = 0.0
    for j in range(begin, end):
        row.eligible[j], row.moves[j] = 1, waiting_moves
        row.cost[j] = row.load[j] = row.travel[j] = 0.0
    for u in range(units.start[node], units.start[node + 1]):
        _drive_some(wing, units, exact, scale, u, columns, begin, end, row.drive)
        _add_unit_to_some(wing, units, scale, u, columns, begin, end, row)
        spread += units.spread[units.kind[u]]
    for j in range(begin, end):
        i = columns[j]
        row.fits[j] = row.eligible[j] & (row.load[j] + spread <= wing.maximum[i])
        if pin != FREE:
            row.eligible[j] = row.fits[j] = pin == wing.members[i]
    for u in range(units.start[node], units.start[node + 1]):
        if units.current[u] >= 0:
            for j in range(begin, end):
                row.moves[j] -= (wing.members[columns[j]] == units.current[u]) & (row.eligible[j] != 0)


@bare
def _drive_some(
    wing: Wing, units: Units, exact: ExactDrives, scale: Scale, u: int, columns: Ints, begin: int, end: int, drive: Floats
) -> None:  # fmt: skip
    x, y, z = on_sphere(units, u)
    is_known = has_place(units, u)
    for j in range(begin, end):
        i = columns[j]
        dx, dy, dz = wing.base[0, i] - x, wing.base[1, i] - y, wing.base[2, i] - z
        q = (dx * dx + dy * dy + dz * dz) * 0.25
        series = 1 + q * (1 / 6 + q * (3 / 40 + q * (15 / 336 + q * (105 / 3456 + q * (945 / 42240)))))
        minutes = scale.minutes_per_radian * math.sqrt(q) * series
        if math.sqrt(q) > SHORT_HALF_CHORD:
            minutes = scale.minutes_per_radian * math.asin(min(1.0, math.sqrt(q)))
        drive[j] = math.floor(minutes + 0.5) if is_known and wing.has_base[i] != 0 else scale.unknown_drive
    if is_known:
        for e in range(exact.start[u], exact.start[u + 1]):
            for j in range(begin, end):
                if wing.members[columns[j]] == exact.person[e]:
                    drive[j] = exact.minutes[e]


@bare
def _add_unit_to_some(wing: Wing, units: Units, scale: Scale, u: int, columns: Ints, begin: int, end: int, row: Row) -> None:
    q, current, is_known = units.kind[u], units.current[u], has_place(units, u)
    twice, half, whole = 4 * units.trips[q, 0], units.trips[q, 1], 2 * units.trips[q, 1]
    minutes, adds, leave = units.minutes[q], units.adds_travel[q], units.leave_hours[q]
    for j in range(begin, end):
        i = columns[j]
        driven = math.floor((twice * row.drive[j] + half) / whole)
        row.travel[j] += driven
        row.load[j] += minutes + adds * driven
        row.cost[j] += scale.travel_hours_per_minute * driven
        is_near = (not is_known) | (row.drive[j] <= wing.longest_drive[i]) | (wing.has_base[i] == 0)
        is_hers = wing.members[i] == current
        row.eligible[j] &= is_near & (is_hers | (wing.accepts_new[i] != 0))
        row.cost[j] += leave if current >= 0 and not is_hers else 0.0
    for r in range(units.allowed_row.shape[1]):
        line = units.allowed_row[q, r]
        if line > 0:
            for j in range(begin, end):
                row.eligible[j] &= wing.allowed[line, columns[j]]
    for g in range(units.soft_row.shape[1]):
        line = units.soft_row[q, g]
        if line > 0:
            for j in range(begin, end):
                row.cost[j] += wing.soft[line, columns[j]]
    for b in range(units.barred_start[q], units.barred_start[q + 1]):
        for j in range(begin, end):
            if wing.members[columns[j]] == units.barred[b]:
                row.eligible[j] = 0
