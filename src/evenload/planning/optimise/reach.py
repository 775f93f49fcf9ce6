"""Who is within reach: of a wide wing, the practitioners near a few neighbouring nodes, as a small wing of its own.

Whoever states a longest drive may not take what lies beyond it, so a pass over all eligible pairs need not look at her there: in a
country of 10,000 practitioners of one discipline some two hundred are left. Neighbours in memory are neighbours on the ground (`build`),
so one small wing serves a block of nodes. It holds everybody who is eligible for any of them, in the order of the wide one: what a
pass answers is the same to the last bit.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from evenload.planning.optimise.arrays import Floats, Ints, Scale, Units, Wing
from evenload.planning.optimise.places import has_place, on_sphere

BLOCK = 64
"""Nodes that share one small wing."""

WIDE = 256
"""Practitioners of a wing from which on looking for the near ones is worth it."""

MARGIN_MINUTES = 0.51
"""A drive is rounded, so it may be half a minute longer than it counts."""


def reach_of(wing: Wing, scale: Scale) -> Floats:
    """[W] chord on the unit sphere beyond which each practitioner's drive is too long; infinite where none is; empty: do not look."""
    if len(wing.members) < WIDE or scale.minutes_per_radian <= 0:
        return np.empty(0)
    half = (wing.longest_drive + MARGIN_MINUTES) / scale.minutes_per_radian
    is_bounded = (half < math.pi / 2) & (wing.has_base > 0)
    return np.where(is_bounded, 2 * np.sin(np.where(is_bounded, half, 0.0)), np.inf)


@njit(cache=True)
def everywhere(wing: Wing) -> Ints:
    """int32[P] of −1: where the columns of small wings are written."""
    return np.full(len(wing.column), -1, np.int32)


@njit(cache=True)
def near_wing(wing: Wing, units: Units, pinned: Ints, reach: Floats, column: Ints, first: int, last: int) -> Wing:
    """The wing of those who may take any of the wing's nodes from first to last; all where `reach` is empty.

    column int32[P]: from `everywhere`, written over by each block; the small wing before must not be read again.
    """
    if len(reach) == 0:
        return wing
    near = np.empty(len(wing.members), np.int32)
    count = _find_near(wing, units, pinned, reach, first, last, near)
    members = np.empty(count, np.int32)
    column[:] = -1
    for i in range(count):
        members[i] = wing.members[near[i]]
        column[members[i]] = i
    base, has_base = np.empty((3, count)), np.empty(count, np.uint8)
    longest, accepts, maximum = np.empty(count), np.empty(count, np.uint8), np.empty(count)
    allowed, soft = np.empty((len(wing.allowed), count), np.uint8), np.empty((len(wing.soft), count))
    for i in range(count):
        c = near[i]
        base[0, i], base[1, i], base[2, i] = wing.base[0, c], wing.base[1, c], wing.base[2, c]
        has_base[i], longest[i], accepts[i], maximum[i] = wing.has_base[c], wing.longest_drive[c], wing.accepts_new[c], wing.maximum[c]
    for line in range(len(wing.allowed)):
        for i in range(count):
            allowed[line, i] = wing.allowed[line, near[i]]
    for line in range(len(wing.soft)):
        for i in range(count):
            soft[line, i] = wing.soft[line, near[i]]
    return Wing(members, column, base, has_base, longest, accepts, maximum, allowed, soft, wing.nodes)


@njit(cache=True)
def _find_near(wing: Wing, units: Units, pinned: Ints, reach: Floats, first: int, last: int, near: Ints) -> int:
    """Fills in the columns, in order; returns how many there are."""
    x, y, z, radius = _ball(wing, units, first, last)
    count, is_pinned = 0, False
    for place in range(first, last):
        is_pinned |= pinned[wing.nodes[place]] >= 0
    for i in range(len(wing.members)):
        limit = reach[i] + radius
        dx, dy, dz = wing.base[0, i] - x, wing.base[1, i] - y, wing.base[2, i] - z
        is_near = dx * dx + dy * dy + dz * dz <= limit * limit
        if is_pinned:
            for place in range(first, last):
                is_near |= pinned[wing.nodes[place]] == wing.members[i]
        if is_near:
            near[count] = i
            count += 1
    return count


@njit(cache=True)
def _ball(wing: Wing, units: Units, first: int, last: int) -> tuple[float, float, float, float]:
    """A ball that holds every unit of these nodes: its middle and its radius, infinite where a place is unknown."""
    most = 0
    for place in range(first, last):
        most += units.start[wing.nodes[place] + 1] - units.start[wing.nodes[place]]
    x, y, z, count, at = 0.0, 0.0, 0.0, 0, np.empty((3, most))
    for place in range(first, last):
        n = wing.nodes[place]
        for u in range(units.start[n], units.start[n + 1]):
            if not has_place(units, u):
                return 0.0, 0.0, 0.0, np.inf
            at[0, count], at[1, count], at[2, count] = on_sphere(units, u)
            x, y, z, count = x + at[0, count], y + at[1, count], z + at[2, count], count + 1
    x, y, z, square = x / max(1, count), y / max(1, count), z / max(1, count), 0.0
    for u in range(count):
        square = max(square, (at[0, u] - x) ** 2 + (at[1, u] - y) ** 2 + (at[2, u] - z) ** 2)
    return x, y, z, math.sqrt(square) + 1e-9
