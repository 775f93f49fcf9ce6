"""Listing again under other prices: of each node only those are looked at who were cheap before, and those whose price fell enough since.

A pass that lists the cheapest arcs of a node also says what every pair that it did not list costs at least (`Listed.further`). Under other
prices such a pair costs that much more or less as the price of her minutes and trips rose or fell. Where this is above the cheapest arc that
was listed, it is not the least, so it need not be looked at. The least of a node, which the bound is made of, is the one over all pairs, to
the last bit; of the other arcs, the cheapest of those looked at are listed: nearly always those that a pass over all pairs would list.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np
from numba import njit

from evenload.planning.optimise.arrays import Bytes, ExactDrives, Floats, Instance, Ints, Scale, Units, Wing
from evenload.planning.optimise.bare import bare
from evenload.planning.optimise.candidates import CHUNK, Listed, Listing, NodeAnswers, NodeFacts, Worth, write_rounded_down
from evenload.planning.optimise.cheapest import LANES, least_of, ranked_of
from evenload.planning.optimise.pairs import Row, empty_row
from evenload.planning.optimise.places import has_place, on_sphere
from evenload.planning.optimise.reach import reach_of
from evenload.planning.optimise.records import Records
from evenload.planning.optimise.some_pairs import fill_some

ROUNDING = 1e-9
"""Hours by which a sum of prices may be rounded."""


class Before(NamedTuple):
    """What the pass before listed, and how prices have changed since; see Listed."""

    arcs: Records
    degree: Ints
    takers: Ints
    waiting_moves: Ints
    further: Floats
    minute: Floats
    """[P] prices of minutes now, less those of the pass before"""
    trip: Floats
    """[P] the same of trips"""
    longest: float
    """minutes one way that nobody drives more of"""


class Fallen(NamedTuple):
    """The columns of a wing, those first whose price fell most."""

    column: Ints
    """int32[W]"""
    rise: Floats
    """[W] by how much the price of a minute rose at least, trips counted in; ascending"""


def before_of(instance: Instance, listed: Listed, worth: Worth, now: Worth) -> Before:
    """listed: a lean list under the prices `worth`, of the same instance; its arcs must not be written over."""
    change = now.minute - worth.minute, now.trip - worth.trip
    known = listed.arcs, listed.degree, listed.takers, listed.waiting_moves, listed.further
    return Before(*known, *change, longest_drive(instance))


def longest_drive(instance: Instance) -> float:
    """Minutes one way beyond which nobody is eligible, unless a node is pinned."""
    longest = max((float(wing.longest_drive.max(initial=0.0)) for wing in instance.wings), default=0.0)
    if not math.isfinite(longest):
        longest = math.pi / 2 * instance.scale.minutes_per_radian + 1
    return max(longest, instance.scale.unknown_drive)


def relisting_tasks(listing: Listing, wing: Wing, worth: Worth, before: Before) -> list[Callable[[], None]]:
    """As `Listing.tasks`, the practitioners' names and rules the same as in the pass before."""
    instance = listing.instance
    facts = (wing, instance.units, listing.exact, instance.scale, worth, listing.asked)
    asks = (
        *facts,
        listing.kept(wing),
        listing.arcs,
        listing.found,
        before,
        _fallen(instance, wing, before),
        reach_of(wing, instance.scale),
    )
    return [partial(_list_again, *asks, first, first + CHUNK) for first in range(0, len(wing.nodes), CHUNK)]


def _fallen(instance: Instance, wing: Wing, before: Before) -> Fallen:
    rise = before.minute[wing.members].copy()
    trip = before.trip[wing.members]
    if (trip < 0).any():
        rise[trip < 0] += trip[trip < 0] * _trips_per_minute(instance.units, instance.trips, wing.nodes)
    order = np.argsort(rise, kind="stable").astype(np.int32)
    return Fallen(order, rise[order])


@njit(cache=True)
def _trips_per_minute(units: Units, trips: Floats, nodes: Ints) -> float:
    """The most of any node; infinite where one has trips and no minutes."""
    most = 0.0
    for n in nodes:
        minutes = 0.0
        for u in range(units.start[n], units.start[n + 1]):
            minutes += units.minutes[units.kind[u]]
        if trips[n] > 0:
            most = max(most, trips[n] / minutes if minutes > 0 else np.inf)
    return most


@njit(cache=True, nogil=True)
def _list_again(
    wing: Wing, units: Units, exact: ExactDrives, scale: Scale, worth: Worth, asked: NodeFacts, keep: int, arcs: Records,
    found: NodeAnswers, before: Before, fallen: Fallen, reach: Floats, first: int, last: int,
) -> None:  # fmt: skip
    width = len(wing.members)
    row, reduced, columns = empty_row(width), np.empty(width + LANES), np.empty(width, np.int32)
    named, best = np.zeros(width, np.uint8), np.empty(keep, np.int32)
    for place in range(first, min(len(wing.nodes), last)):
        n = wing.nodes[place]
        count = _name_known(wing, units, asked, before, n, columns, named)
        fill_some(wing, units, exact, scale, asked.pinned[n], n, before.waiting_moves[n], columns, 0, count, row)
        wait = asked.waiting[n] + worth.move * before.waiting_moves[n] if asked.pinned[n] < 0 else np.inf
        eligible = min(wait, _price(wing, worth, asked.trips[n], row, columns, 0, count, reduced))
        least = min(wait, least_of(reduced[:count]))
        if before.further[n] < np.inf:
            more = _name_fallen(wing, units, before, fallen, reach, n, least, count, columns, named)
            fill_some(wing, units, exact, scale, asked.pinned[n], n, before.waiting_moves[n], columns, count, more, row)
            eligible = min(eligible, _price(wing, worth, asked.trips[n], row, columns, count, more, reduced))
            least = min(least, least_of(reduced[count:more]))
            count = more
        found.node_hours[n], found.eligible_hours[n] = least, eligible
        found.takers[n], found.waiting_moves[n] = before.takers[n], before.waiting_moves[n]
        kept = ranked_of(reduced, count, best)
        found.degree[n] = _write_arcs(wing, units, n, asked.holder[n], row, columns, count, best, kept, arcs[n])
        for j in range(count):
            named[columns[j]] = 0


@bare
def _name_known(wing: Wing, units: Units, asked: NodeFacts, before: Before, n: int, columns: Ints, named: Bytes) -> int:
    """Fills in the columns of whom the list names and who has the node; returns how many they are."""
    count = 0
    for k in range(before.degree[n]):
        count = _name(wing, before.arcs[n, k].to, columns, count, named)
    count = _name(wing, asked.holder[n], columns, count, named)
    count = _name(wing, asked.pinned[n], columns, count, named)
    for u in range(units.start[n], units.start[n + 1]):
        count = _name(wing, units.current[u], columns, count, named)
    return count


@bare
def _name(wing: Wing, practitioner: int, columns: Ints, count: int, named: Bytes) -> int:
    column = wing.column[practitioner] if practitioner >= 0 else -1
    if column < 0 or named[column] != 0:
        return count
    columns[count], named[column] = column, 1
    return count + 1


@bare
def _name_fallen(
    wing: Wing, units: Units, before: Before, fallen: Fallen, reach: Floats, n: int, least: float, count: int, columns: Ints, named: Bytes
) -> int:
    """Adds the columns within reach whom an arc below `least` may lead to though no list names them; returns how many columns there are now."""
    fewest, most = 0.0, 0.0
    for u in range(units.start[n], units.start[n + 1]):
        q = units.kind[u]
        fewest += units.minutes[q]
        most += units.minutes[q] + units.adds_travel[q] * (2 * before.longest * units.trips[q, 0] / units.trips[q, 1] + 1)
    over = least - before.further[n] + ROUNDING
    rise = over / most if over <= 0 and most > 0 else over / fewest if fewest > 0 else np.inf
    u = units.start[n]
    x, y, z = on_sphere(units, u)
    is_bounded = len(reach) > 0 and has_place(units, u)
    for place in range(len(fallen.rise)):
        if fallen.rise[place] > rise:
            break
        i = fallen.column[place]
        if named[i] != 0:
            continue
        dx, dy, dz = wing.base[0, i] - x, wing.base[1, i] - y, wing.base[2, i] - z
        if is_bounded and dx * dx + dy * dy + dz * dz > reach[i] * reach[i]:
            continue
        columns[count], named[i] = i, 1
        count += 1
    return count


@bare
def _price(wing: Wing, worth: Worth, trips: float, row: Row, columns: Ints, begin: int, end: int, reduced: Floats) -> float:
    """Fills the reduced prices of pairs that fit, infinite elsewhere; returns the least over all that are eligible."""
    least = np.inf
    for j in range(begin, end):
        p = wing.members[columns[j]]
        price = row.cost[j] + worth.minute[p] * row.load[j] + worth.trip[p] * trips + worth.move * row.moves[j]
        least = price if row.eligible[j] != 0 and price < least else least
        reduced[j] = price if row.fits[j] != 0 else np.inf
    return least


@bare
def _write_arcs(
    wing: Wing, units: Units, n: int, holder: int, row: Row, columns: Ints, count: int, best: Ints, kept: int, own: Records
) -> int:
    """Fills the node's slots as a pass over all pairs does; returns how many are in use."""
    for k in range(kept):
        _write_arc(wing, k, row, columns, best[k], own)
    kept = _write_further(wing, holder, row, columns, count, kept, own)
    for u in range(units.start[n], units.start[n + 1]):
        kept = _write_further(wing, units.current[u], row, columns, count, kept, own)
    for k in range(kept, len(own)):
        own[k].to = -1
    return kept


@bare
def _write_further(wing: Wing, practitioner: int, row: Row, columns: Ints, count: int, kept: int, own: Records) -> int:
    if practitioner < 0 or kept == len(own):
        return kept
    for k in range(kept):
        if own[k].to == practitioner:
            return kept
    for j in range(count):
        if wing.members[columns[j]] == practitioner and row.fits[j] != 0:
            _write_arc(wing, kept, row, columns, j, own)
            return kept + 1
    return kept


@bare
def _write_arc(wing: Wing, k: int, row: Row, columns: Ints, j: int, own: Records) -> None:
    own[k].to = wing.members[columns[j]]
    write_rounded_down(own, k, row.cost[j])
    own[k].load = np.int32(row.load[j])
    own[k].travel = np.int32(row.travel[j])
    own[k].moves = np.int32(row.moves[j])
