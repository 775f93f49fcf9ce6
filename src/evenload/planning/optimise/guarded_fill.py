"""Weeks under protection, filled at prices of the nodes: the Γ largest spreads of a week take room too (`planning.robust`).

What a week keeps free is the least over thresholds θ of Γ·θ + Σ max(0, spread − θ), and the least lies at the Γ-th largest spread
(Bertsimas and Sim 2004). So the best week is the best of ordinary knapsacks, one for each θ, in which a node takes load + max(0, spread − θ)
of a room that Γ·θ is taken off; of nodes above θ there are fewer than Γ. The price of load depends on loads alone: a minute of max(0,
spread − θ) is given back at `slope` hours, and the price of what is taken is the least that is left over all ways to share it out. That
is exact where loads do not cross a corner of their price, and a bound in any case; with Γ = 1 it is always exact.

Thresholds whose price bound is above what another one came to are not looked at, nor are nodes whose reduced price is too far from 0.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from evenload.planning.optimise.arrays import Floats, Ints, Longs
from evenload.planning.optimise.knapsack import FIRST_CORE, MOST_CORE, SMALLEST_DOUBT, Weeks

BISECTIONS = 10

NEAR, NEAR_HOURS = 0.3, 0.5
"""How far the price of load may fall, as a share and in hours per hour, before items matter that are not among a week's nearest."""


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
def _gather(guarded: GuardedWeeks, w: int, prices: Floats, low: float, bench: GuardedBench) -> None:
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
def _beyond(bench: GuardedBench, price: float) -> float:
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
def _level(guarded: GuardedWeeks, w: int) -> int:
    """The minutes up to which the price of load rises by no more than `slope`: a corner."""
    level = 0
    for minutes in guarded.weeks.corner[w]:
        if minutes > 0 and guarded.weeks.hours[w, minutes] - guarded.weeks.hours[w, minutes - 1] <= guarded.slope[w] + 1e-12:
            level = max(level, minutes)
    return level


@njit(cache=True, forceinline=True)
def _most_extra(guarded: GuardedWeeks, w: int, t: int) -> int:
    """How many of the minutes taken may be beyond loads."""
    return guarded.spare[w, t] * (guarded.threshold[-1] - guarded.threshold[t])


@njit(cache=True, forceinline=True)
def _hours_at(guarded: GuardedWeeks, w: int, level: int, most_extra: int, minutes: int) -> float:
    """Least price of the load within `minutes` taken, what is beyond it paid at `slope`."""
    extra = max(0, min(most_extra, minutes - level))
    return guarded.weeks.hours[w, minutes - extra] + guarded.slope[w] * extra


@njit(cache=True)
def _rest(guarded: GuardedWeeks, w: int, t: int, level: int, price: float) -> tuple[float, int]:
    """min over whole minutes taken of their hours − price·minutes, and where it lies (the first one): at a corner."""
    room, most_extra = room_at(guarded, w, t), _most_extra(guarded, w, t)
    least, at = _hours_at(guarded, w, level, most_extra, room) - price * room, room
    for corner in guarded.weeks.corner[w]:
        # A corner above the level lies so much further as there may be minutes beyond the load; the level itself is two corners.
        for minutes in (corner if corner <= level else corner + most_extra, corner if corner < level else corner + most_extra):
            if minutes > room:
                continue
            value = _hours_at(guarded, w, level, most_extra, minutes) - price * minutes
            if value < least or (value == least and minutes < at):
                least, at = value, minutes
    return least, at


@njit(cache=True)
def _screen(guarded: GuardedWeeks, w: int, price: float, bench: GuardedBench) -> None:
    """What one price of load (at least `slope`) proves at every threshold, where that is more than was known: bench.bound and bench.price."""
    below, level = 0, _level(guarded, w)
    for c in range(bench.sizes[0]):
        if bench.value[c] + price * bench.load[c] < 0:
            bench.below[below] = c
            below += 1
    for t in range(len(guarded.threshold)):
        if room_at(guarded, w, t) < 0:
            bench.bound[t], bench.price[t] = np.inf, price
            continue
        total = _rest(guarded, w, t, level, price)[0]
        for at in range(below):
            c = bench.below[at]
            total += min(0.0, reduced_at(guarded, w, t, bench.value[c], bench.load[c], bench.spread[c], price))
        if total > bench.bound[t]:
            bench.bound[t], bench.price[t] = total, price


@njit(cache=True)
def _reduce(guarded: GuardedWeeks, w: int, t: int, price: float, bench: GuardedBench) -> tuple[float, int]:
    """Fills bench.reduced; returns the sum of what is below 0, and the minutes that it takes."""
    total, minutes, theta = 0.0, 0, guarded.threshold[t]
    for c in range(bench.sizes[0]):
        reduced = reduced_at(guarded, w, t, bench.value[c], bench.load[c], bench.spread[c], price)
        bench.reduced[c] = reduced
        if reduced < 0:
            total += reduced
            minutes += bench.load[c] + max(0, bench.spread[c] - theta)
    return total, minutes


@njit(cache=True)
def _sharpen(guarded: GuardedWeeks, w: int, t: int, start: float, bench: GuardedBench) -> None:
    """A price of load at which about what there is room for is taken; kept where it proves more."""
    level, low = _level(guarded, w), max(bench.farther[0], guarded.weeks.least_slope[w] - 1e-6)
    high = max(2 * start, 1.0 / 60)
    for _ in range(8):
        if _reduce(guarded, w, t, high, bench)[1] <= _rest(guarded, w, t, level, high)[1]:
            break
        high *= 4
    price = min(max(start, low), high)
    for _ in range(BISECTIONS):
        total, minutes = _reduce(guarded, w, t, price, bench)
        rest, room = _rest(guarded, w, t, level, price)
        if total + rest > bench.bound[t]:
            bench.bound[t], bench.price[t] = total + rest, price
        if minutes > room:
            low = price
        else:
            high = price
        price = (low + high) / 2


@njit(cache=True)
def _core_value(guarded: GuardedWeeks, w: int, t: int, core: int, bench: GuardedBench) -> tuple[float, int]:
    """Least value when what is beyond the core is taken exactly where its reduced price is negative, and the minutes of the core."""
    base, fixed, slope, theta = 0, 0.0, guarded.slope[w], guarded.threshold[t]
    for at in range(core, bench.sizes[0]):
        c = bench.order[at]
        if bench.reduced[c] < 0:
            extra = max(0, bench.spread[c] - theta)
            base += bench.load[c] + extra
            fixed += bench.value[c] - slope * extra
    room = room_at(guarded, w, t) - base
    if room < 0:
        return np.inf, 0
    best, reach = bench.best, 0
    best[: room + 1] = np.inf
    best[0] = 0.0
    for k in range(core):
        c = bench.order[k]
        bench.taken[k, : room + 1] = 0
        if bench.reduced[c] == np.inf:
            continue
        extra = max(0, bench.spread[c] - theta)
        length, value = bench.load[c] + extra, bench.value[c] - slope * extra
        reach = min(room, reach + length)
        for minutes in range(reach, length - 1, -1):
            with_it = best[minutes - length] + value
            if with_it < best[minutes]:
                best[minutes] = with_it
                bench.taken[k, minutes] = 1
    least, at, level, most_extra = np.inf, 0, _level(guarded, w), _most_extra(guarded, w, t)
    for minutes in range(reach + 1):
        value = best[minutes] + _hours_at(guarded, w, level, most_extra, base + minutes)
        if value < least:
            least, at = value, minutes
    return fixed + least, at


@njit(cache=True)
def _note(guarded: GuardedWeeks, t: int, core: int, minutes: int, bench: GuardedBench) -> None:
    """bench.own: what the last knapsack took, backwards through the core, and what is clearly in beyond it."""
    count = 0
    for k in range(bench.sizes[0] - 1, -1, -1):
        c = bench.order[k]
        is_taken = bench.taken[k, minutes] == 1 if k < core else bench.reduced[c] < 0
        if is_taken:
            bench.own[count] = bench.item[c]
            count += 1
            minutes -= bench.load[c] + max(0, bench.spread[c] - guarded.threshold[t]) if k < core else 0
    bench.sizes[1] = count


@njit(cache=True)
def _upper_value(guarded: GuardedWeeks, w: int, t: int, bench: GuardedBench) -> float:
    """What the smallest core comes to: no less than the least value."""
    items = bench.sizes[0]
    bench.order[:items] = np.argsort(np.abs(bench.reduced[:items]))
    return _core_value(guarded, w, t, min(items, FIRST_CORE), bench)[0]


@njit(cache=True)
def _least_value(guarded: GuardedWeeks, w: int, t: int, best: float, bench: GuardedBench) -> float:
    """The least value where that is below `best`, and noted then; else something that is not; not a number: not proved.

    Whoever has a reduced price farther from 0 than the doubt there is, is in or out for certain: the others are the core.
    """
    core, rest = 0, bench.sizes[0]
    doubt = best - bench.bound[t]
    for c in range(bench.sizes[0]):
        if abs(bench.reduced[c]) < doubt:
            bench.order[core] = c
            core += 1
        else:
            rest -= 1
            bench.order[rest] = c
    if core > MOST_CORE or _beyond(bench, bench.price[t]) < doubt:
        return np.nan
    value, minutes = _core_value(guarded, w, t, core, bench)
    if value < best:
        _note(guarded, t, core, minutes, bench)
    return value


@njit(cache=True)
def _fill(guarded: GuardedWeeks, w: int, start_price: float, bench: GuardedBench) -> tuple[float, float]:
    """The least price of week w over its nearest items, and a price of load; not a number where it is not proved.

    The threshold that the least is proved of comes next: first its own price of load is found, then its least value.
    """
    best, price, steps = np.inf, start_price, bench.steps
    bench.bound[:] = -np.inf
    steps[:] = 0
    _screen(guarded, w, price, bench)
    while True:
        t = -1
        for other in range(len(steps)):
            if steps[other] < 2 and (t < 0 or bench.bound[other] < bench.bound[t]):
                t = other
        if t < 0 or bench.bound[t] >= best - SMALLEST_DOUBT:
            return best, price
        steps[t] += 1
        if steps[t] == 1:
            _sharpen(guarded, w, t, price, bench)
            if best == np.inf:
                price = bench.price[t]
                _screen(guarded, w, max(price, guarded.slope[w]), bench)
            continue
        _reduce(guarded, w, t, bench.price[t], bench)
        upper = _upper_value(guarded, w, t, bench) + SMALLEST_DOUBT if best == np.inf else best
        value = _least_value(guarded, w, t, upper, bench)
        if np.isnan(value):
            return value, price
        if value < best:
            best, price = value, bench.price[t]


@njit(cache=True)
def fill_week(guarded: GuardedWeeks, w: int, prices: Floats, start_price: float, bench: GuardedBench) -> tuple[float, float]:
    """The least price of week w at node prices [n], and a price of load; bench.own is what it holds, bench.bound what is proved by θ.

    Where no core proves it, the least of the price bounds stands for it.
    """
    start = max(start_price, guarded.slope[w])
    _gather(guarded, w, prices, start - max(NEAR * start, NEAR_HOURS / 60), bench)
    value, price = _fill(guarded, w, start, bench)
    if np.isnan(value):
        _gather(guarded, w, prices, -1.0, bench)
        value, price = _fill(guarded, w, start, bench)
    if np.isnan(value):
        bench.sizes[1] = 0
        value = np.min(bench.bound)
    return value, price


@njit(cache=True)
def turn_slope(guarded: GuardedWeeks, w: int, bench: GuardedBench) -> None:
    """`slope` becomes that of the price of load where the week lies that was filled last."""
    load, hours = 0, guarded.weeks.hours[w]
    for at in range(bench.sizes[1]):
        load += guarded.weeks.load[guarded.weeks.start[w] + bench.own[at]]
    if guarded.weeks.room[w] > 0:
        load = min(max(load, 1), guarded.weeks.room[w])
        guarded.slope[w] = hours[load] - hours[load - 1]


@njit(cache=True, nogil=True)
def fill_guarded(
    guarded: GuardedWeeks, first: int, last: int, prices: Floats, load_prices: Floats, chosen: Ints, picked: Ints
) -> float:  # fmt: skip
    """`knapsack.fill_weeks` under protection; the weeks' slopes follow what they were filled with."""
    chosen[:] = 0
    picked[:] = -1
    bench, total = bench_for(guarded), 0.0
    for w in range(first, last):
        least, load_prices[w] = fill_week(guarded, w, prices, load_prices[w], bench)
        total += least
        for at in range(bench.sizes[1]):
            n = guarded.weeks.node[guarded.weeks.start[w] + bench.own[at]]
            chosen[n] += 1
            picked[n] = guarded.weeks.people[w] if picked[n] < 0 else picked[n]
        turn_slope(guarded, w, bench)
    return total


@njit(cache=True, nogil=True)
def weigh_guarded(guarded: GuardedWeeks, prices: Floats, minute_prices: Floats, slack: Floats, values: Floats, bounds: Floats) -> None:
    """`knapsack.weigh_weeks` under protection: minute_prices [p] is at least `slope`, so that no spread makes a node worth more."""
    weeks, bench = guarded.weeks, bench_for(guarded)
    for w in range(len(weeks.people)):
        value, price = _better_value(guarded, w, prices, minute_prices[w], bench)
        for at in range(weeks.start[w], weeks.start[w + 1]):
            least, own = np.inf, weeks.cost[at] - prices[weeks.node[at]]
            for t in range(len(guarded.threshold)):
                reduced = reduced_at(guarded, w, t, own, weeks.load[at], guarded.spread[at], bench.price[t])
                least = min(least, max(value, bench.bound[t] + max(0.0, reduced)))
            slack[at] = least - value
        minute_prices[w] = max(price, guarded.slope[w])
        _gather(guarded, w, prices, minute_prices[w], bench)
        bench.bound[:] = -np.inf
        _screen(guarded, w, minute_prices[w], bench)
        values[w], bounds[w] = value, np.min(bench.bound)


@njit(cache=True)
def _better_value(guarded: GuardedWeeks, w: int, prices: Floats, price: float, bench: GuardedBench) -> tuple[float, float]:
    """The higher of what two slopes prove, that at hand and that of the week found with it; the week keeps it."""
    slope = guarded.slope[w]
    value, _ = fill_week(guarded, w, prices, price, bench)
    turn_slope(guarded, w, bench)
    if fill_week(guarded, w, prices, price, bench)[0] < value:
        guarded.slope[w] = slope
    return fill_week(guarded, w, prices, price, bench)
