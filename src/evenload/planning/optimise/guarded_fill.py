"""Weeks under protection, filled at prices of the nodes: the Γ largest spreads of a week take room too (`planning.robust`).

What a week keeps free is the least over thresholds θ of Γ·θ + Σ max(0, spread − θ), and the least lies at the Γ-th largest spread
(Bertsimas and Sim 2004). So the best week is the best of ordinary knapsacks, one for each θ, in which a node takes load + max(0, spread − θ)
of a room that Γ·θ is taken off; of nodes above θ there are fewer than Γ. The price of load depends on loads alone: a minute of max(0,
spread − θ) is given back at `slope` hours, and the price of what is taken is the least that is left over all ways to share it out. That
is exact where loads do not cross a corner of their price, and a bound in any case; with Γ = 1 it is always exact.

Thresholds whose price bound is above what another one came to are not looked at, nor are nodes whose reduced price is too far from 0.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from evenload.planning.optimise.arrays import Floats, Ints
from evenload.planning.optimise.guarded_rooms import (
    GuardedBench,
    GuardedWeeks,
    bench_for,
    beyond,
    gather,
    hours_at,
    least_rest,
    level_of,
    most_extra_at,
    reduced_at,
    room_at,
)
from evenload.planning.optimise.knapsack import FIRST_CORE, MOST_CORE, SMALLEST_DOUBT

BISECTIONS = 10

NEAR, NEAR_HOURS = 0.3, 0.5
"""How far the price of load may fall, as a share and in hours per hour, before items matter that are not among a week's nearest."""


@njit(cache=True)
def _screen(guarded: GuardedWeeks, w: int, price: float, bench: GuardedBench) -> None:
    """What one price of load (at least `slope`) proves at every threshold, where that is more than was known: bench.bound and bench.price."""
    below, level = 0, level_of(guarded, w)
    for c in range(bench.sizes[0]):
        if bench.value[c] + price * bench.load[c] < 0:
            bench.below[below] = c
            below += 1
    for t in range(len(guarded.threshold)):
        if room_at(guarded, w, t) < 0:
            bench.bound[t], bench.price[t] = np.inf, price
            continue
        total = least_rest(guarded, w, t, level, price)[0]
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
    level, low = level_of(guarded, w), max(bench.farther[0], guarded.weeks.least_slope[w] - 1e-6)
    high = max(2 * start, 1.0 / 60)
    for _ in range(8):
        if _reduce(guarded, w, t, high, bench)[1] <= least_rest(guarded, w, t, level, high)[1]:
            break
        high *= 4
    price = min(max(start, low), high)
    for _ in range(BISECTIONS):
        total, minutes = _reduce(guarded, w, t, price, bench)
        rest, room = least_rest(guarded, w, t, level, price)
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
    least, at, level, most_extra = np.inf, 0, level_of(guarded, w), most_extra_at(guarded, w, t)
    for minutes in range(reach + 1):
        value = best[minutes] + hours_at(guarded, w, level, most_extra, base + minutes)
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
    if core > MOST_CORE or beyond(bench, bench.price[t]) < doubt:
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
    gather(guarded, w, prices, start - max(NEAR * start, NEAR_HOURS / 60), bench)
    value, price = _fill(guarded, w, start, bench)
    if np.isnan(value):
        gather(guarded, w, prices, -1.0, bench)
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
        gather(guarded, w, prices, minute_prices[w], bench)
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
