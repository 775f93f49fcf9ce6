"""Weeks under protection as arrays: what each threshold leaves of a room, and what a node takes of it (`guarded_fill` says why)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from evenload.planning.optimise.arrays import Floats, Ints, Longs
from evenload.planning.optimise.knapsack import MOST_CORE, Weeks


class GuardedWeeks(NamedTuple):
    """The arcs of one part by practitioner, and what protection takes of each room."""

    weeks: Weeks
    """its prices of load are convex"""
    spread: Ints
    """[items] minutes that the node may need beyond its load"""
    threshold: Longs
    """[t] spreads that are the Γ-th largest of some week, ascending, from 0"""
    kept: Longs
    """[p, t] minutes of the room that Γ·θ and what is pinned take"""
    spare: Longs
    """[p, t] how many free nodes may have more than θ; −1 where what is pinned rules the threshold out"""
    slope: Floats
    """[p] hours per minute; changes as the weeks are filled"""

    @property
    def people(self) -> Ints:
        """int32[p] practitioners of the part."""
        return self.weeks.people


class GuardedBench(NamedTuple):
    """Scratch space of one week. Its nearest items (c) are those that may be in it or out of it; no other is worth its place."""

    item: Longs
    """[items at most] the nearest items, by their place among the week's own"""
    value: Floats
    """[items at most] their cost − u"""
    load: Longs
    """[items at most]"""
    spread: Longs
    """[items at most]"""
    sizes: Longs
    """[2] how many they are, and how many the best week holds"""
    farther: Floats
    """[3] the price of load from which no other item is worth its place, their least reduced price there, and their least load"""
    below: Longs
    """[items at most] items that may be worth their place at the price of load"""
    reduced: Floats
    """[items at most] at one threshold"""
    order: Longs
    """[items at most] the core, then the rest"""
    bound: Floats
    """[t] what the price of load proves"""
    price: Floats
    """[t] that price, per minute that is taken"""
    steps: Ints
    """[t] 1: its own price of load is found; 2: its least value as well"""
    best: Floats
    """[longest room + 1]"""
    taken: Ints
    """int8[core, longest room + 1]"""
    own: Longs
    """[items at most] what the best week holds, by place among the week's own"""


@njit(cache=True)
def bench_for(guarded: GuardedWeeks) -> GuardedBench:
    """Scratch space for any of these weeks."""
    weeks = guarded.weeks
    widest, longest, thresholds = 1, np.max(weeks.room) + 2, len(guarded.threshold)
    for w in range(len(weeks.people)):
        widest = max(widest, weeks.start[w + 1] - weeks.start[w])
    return GuardedBench(
        item=np.empty(widest, np.int64), value=np.empty(widest), load=np.empty(widest, np.int64), spread=np.empty(widest, np.int64),
        sizes=np.zeros(2, np.int64), farther=np.empty(3), below=np.empty(widest, np.int64), reduced=np.empty(widest),
        order=np.empty(widest, np.int64), bound=np.empty(thresholds), price=np.empty(thresholds), steps=np.zeros(thresholds, np.int32), best=np.empty(longest),
        taken=np.empty((min(widest, 2 * MOST_CORE), longest), np.int8), own=np.empty(widest, np.int64),
    )  # fmt: skip


@njit(cache=True)
def gather(guarded: GuardedWeeks, w: int, prices: Floats, low: float, bench: GuardedBench) -> None:
    """The nearest items: those that are worth their place at some price of load from `low` on, whatever the threshold."""
    weeks, slope, count = guarded.weeks, guarded.slope[w], 0
    bench.farther[0], bench.farther[1], bench.farther[2] = low, np.inf, np.inf
    for at in range(weeks.start[w], weeks.start[w + 1]):
        value, load, spread = weeks.cost[at] - prices[weeks.node[at]], weeks.load[at], guarded.spread[at]
        least = value + low * load - max(0.0, slope - low) * spread
        if least >= 0:
            bench.farther[1], bench.farther[2] = min(bench.farther[1], least), min(bench.farther[2], float(load))
            continue
        bench.item[count], bench.value[count] = at - weeks.start[w], value
        bench.load[count], bench.spread[count] = load, spread
        count += 1
    bench.sizes[0] = count


@njit(cache=True, forceinline=True)
def beyond(bench: GuardedBench, price: float) -> float:
    """The least reduced price of any item that is not among the nearest."""
    return bench.farther[1] + (price - bench.farther[0]) * bench.farther[2] if bench.farther[1] < np.inf else np.inf


@njit(cache=True, forceinline=True)
def room_at(guarded: GuardedWeeks, w: int, t: int) -> int:
    """Minutes of week w that are left at threshold t; below 0: it is nobody's."""
    return guarded.weeks.room[w] - guarded.kept[w, t] if guarded.spare[w, t] >= 0 else -1


@njit(cache=True, forceinline=True)
def reduced_at(guarded: GuardedWeeks, w: int, t: int, value: float, load: int, spread: int, price: float) -> float:
    """Reduced price of an item of value cost − u at a threshold; infinite where it cannot be in such a week."""
    extra = max(0, spread - guarded.threshold[t])
    if load + extra > room_at(guarded, w, t) or (extra > 0 and guarded.spare[w, t] == 0):
        return np.inf
    return value + price * load + (price - guarded.slope[w]) * extra


@njit(cache=True)
def level_of(guarded: GuardedWeeks, w: int) -> int:
    """The minutes up to which the price of load rises by no more than `slope`: a corner."""
    level = 0
    for minutes in guarded.weeks.corner[w]:
        if minutes > 0 and guarded.weeks.hours[w, minutes] - guarded.weeks.hours[w, minutes - 1] <= guarded.slope[w] + 1e-12:
            level = max(level, minutes)
    return level


@njit(cache=True, forceinline=True)
def most_extra_at(guarded: GuardedWeeks, w: int, t: int) -> int:
    """How many of the minutes taken may be beyond loads."""
    return guarded.spare[w, t] * (guarded.threshold[-1] - guarded.threshold[t])


@njit(cache=True, forceinline=True)
def hours_at(guarded: GuardedWeeks, w: int, level: int, most_extra: int, minutes: int) -> float:
    """Least price of the load within `minutes` taken, what is beyond it paid at `slope`."""
    extra = max(0, min(most_extra, minutes - level))
    return guarded.weeks.hours[w, minutes - extra] + guarded.slope[w] * extra


@njit(cache=True)
def least_rest(guarded: GuardedWeeks, w: int, t: int, level: int, price: float) -> tuple[float, int]:
    """min over whole minutes taken of their hours − price·minutes, and where it lies (the first one): at a corner."""
    room, most_extra = room_at(guarded, w, t), most_extra_at(guarded, w, t)
    least, at = hours_at(guarded, w, level, most_extra, room) - price * room, room
    for corner in guarded.weeks.corner[w]:
        # A corner above the level lies so much further as there may be minutes beyond the load; the level itself is two corners.
        for minutes in (corner if corner <= level else corner + most_extra, corner if corner < level else corner + most_extra):
            if minutes > room:
                continue
            value = hours_at(guarded, w, level, most_extra, minutes) - price * minutes
            if value < least or (value == least and minutes < at):
                least, at = value, minutes
    return least, at
