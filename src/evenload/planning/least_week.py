"""The least price of one practitioner's week under protection, exactly, by plain loops: what certificates are recounted with.

What a week keeps free for the Γ largest deviations d is the least over thresholds θ of Γ·θ + Σ max(0, d − θ), and the least lies at the Γ-th
largest d. So for each θ among the deviations the week is a knapsack: a piece takes w + max(0, d − θ) of what Γ·θ leaves of the room. Prices
of a minute of load and of room bound each knapsack; whatever is worth less than the doubt is in or out for certain, and of the rest every
set is looked at that could still be the best (sets of equal minutes count once). The doubt grows until it holds the best of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from typing import TypeAlias

ROUNDING = 1e-9
BISECTIONS = 14
FIRST_DOUBT, GROWTH = 0.02, 3.0
"""hours per week"""

MOST_SETS = 4_000
"""Beyond so many sets at once minutes of load are not told from those of room: a bound (`_Knapsack.relaxed`), if not the least."""


@dataclass(frozen=True, slots=True)
class WeekBundle:
    """What could be in a week: its price less what it pays (hours per week), its minutes, and those that it may need beyond them."""

    hours: float
    minutes: int
    deviation: int


@dataclass(frozen=True, slots=True)
class Week:
    """Whose week: what is pinned, up to where it may reach in all, and the price of her load (hours per week)."""

    pinned_minutes: int
    pinned_deviations: tuple[int, ...]
    top_minutes: int
    budget: int
    """Γ"""
    corners: tuple[float, ...]
    """loads between which the price is a straight line, from pinned_minutes to top_minutes"""
    hours: Callable[[float], float]


_Taking: TypeAlias = tuple[float, int, int]
"""hours, minutes of load, minutes of room that one piece takes at a threshold"""

_Sets: TypeAlias = dict[tuple[int, int], tuple[float, float]]
"""minutes of load and of room → how far from the prices' own choice, and hours: the best set of so many minutes"""


@dataclass(frozen=True, slots=True)
class _Prices:
    """Hours per minute of load and of room."""

    load: float
    room: float


def least_hours(week: Week, pieces: Iterable[WeekBundle], start_price: float = 0.0) -> float:
    """The least of Σ hours + price of the load over all sets of pieces that protection allows beside what is pinned.

    start_price: hours per minute, a guess; the answer does not depend on it.
    """
    slope = _least_slope(week)
    near = [one for one in pieces if one.hours + slope * one.minutes < 0 and week.pinned_minutes + one.minutes <= week.top_minutes]
    best = week.hours(week.pinned_minutes)
    thresholds = {0, *week.pinned_deviations, *(one.deviation for one in near)}
    knapsacks = [found for theta in sorted(thresholds) if (found := _knapsack(week, near, theta)) is not None]
    if not near or not knapsacks:
        return best
    price = _Prices(max(start_price, slope), 0.0)
    waiting = [(one.bound(price), 0, number, price) for number, one in enumerate(knapsacks)]
    heapify(waiting)
    is_first = True
    while waiting:
        bound, stage, number, price = heappop(waiting)
        if bound >= best - ROUNDING:
            break
        if stage:
            best = min(best, knapsacks[number].least(price, bound, best))
            continue
        sharp, price = knapsacks[number].sharpened(price, bound)
        heappush(waiting, (sharp, 1, number, price))
        if is_first:  # the others' prices lie near the first one's
            waiting = [(max(low, knapsacks[n].bound(price)), at, n, price) if not at else (low, at, n, own) for low, at, n, own in waiting]
            heapify(waiting)
            is_first = False
    return best


def _least_slope(week: Week) -> float:
    """The least that one more minute may cost anywhere, hours."""
    return min(_slopes(week.corners, [week.hours(load) for load in week.corners]), default=0.0)


def _knapsack(week: Week, near: Sequence[WeekBundle], theta: int) -> _Knapsack | None:
    """What is left at a threshold that fewer than Γ deviations lie above; None where what is pinned rules it out."""
    above = sum(deviation > theta for deviation in week.pinned_deviations)
    kept = week.budget * theta + sum(max(0, deviation - theta) for deviation in week.pinned_deviations)
    room = week.top_minutes - week.pinned_minutes - kept
    if room < 0 or above >= week.budget:
        return None
    spare = week.budget - 1 - above
    takings = [
        (one.hours, one.minutes, one.minutes + max(0, one.deviation - theta))
        for one in near
        if (spare or one.deviation <= theta) and one.minutes + max(0, one.deviation - theta) <= room
    ]
    return _Knapsack(week, takings, room, spare)


class _Knapsack:
    """One threshold: pieces that take room, and the price of the load that they make."""

    def __init__(self, week: Week, takings: list[_Taking], room: int, spare: int) -> None:
        """spare: so many pieces may lie above the threshold."""
        self._week, self._takings, self._room = week, takings, room
        self._most_extra = sum(sorted((taken - minutes for _, minutes, taken in takings), reverse=True)[:spare])
        top = week.pinned_minutes + room
        self._loads = sorted({*(load for load in week.corners if load < top), top})
        self._hours = [week.hours(load) for load in self._loads]
        self._slope = min(_slopes(self._loads, self._hours), default=0.0)

    def bound(self, price: _Prices) -> float:
        """What these prices prove: no set of this threshold costs less."""
        return self._proved(price)[0]

    def _proved(self, price: _Prices) -> tuple[float, float, float]:
        """The bound, and by how much it rises with the price of load and with that of room, as far as it goes."""
        total, load, taken = 0.0, 0, 0
        for hours, minutes, room in self._takings:
            reduced = hours + price.load * minutes + price.room * room
            if reduced < 0:
                total += reduced
                load += minutes
                taken += room
        pinned = self._week.pinned_minutes
        rest, at = min((hours - price.load * (x - pinned), x) for hours, x in zip(self._hours, self._loads, strict=True))
        return total + rest - price.room * self._room, load - (at - pinned), taken - self._room

    def sharpened(self, start: _Prices, bound: float) -> tuple[float, _Prices]:
        """Better prices: all of a minute's price on load, and the slope of the price of load there, the rest on room."""
        best, found = bound, start
        last = (self._hours[-1] - self._hours[-2]) / (self._loads[-1] - self._loads[-2]) if len(self._loads) > 1 else 0.0
        for most in dict.fromkeys((float("inf"), last if self._most_extra else float("inf"))):
            price = _split(_highest(lambda minute, most=most: self._along(minute, most), self._slope), most)  # type: ignore[misc]
            if (proved := self.bound(price)) > best:
                best, found = proved, price
        return best, found

    def _along(self, minute: float, most: float) -> tuple[float, float]:
        proved, with_load, with_room = self._proved(_split(minute, most))
        return proved, with_load if minute < most else with_room

    def least(self, price: _Prices, bound: float, best: float) -> float:
        """The least over all sets, where that is below `best`; else something that is not. Beyond MOST_SETS a bound."""
        pinned, limits = self._week.pinned_minutes, (bound, best, self._room)
        found, proved = _searched(self._takings, price, limits, lambda load, _: self._week.hours(pinned + load), most_sets=MOST_SETS)
        if found is not None:
            return found
        return min(best, max([proved, *(self.relaxed(slope, best) for slope in _slopes(self._loads, self._hours))]))

    def relaxed(self, slope: float, best: float) -> float:
        """A bound: minutes of room that are none of load cost `slope` less, and the price of load is read as low as they allow."""
        takings = [(hours - slope * (taken - minutes), 0, taken) for hours, minutes, taken in self._takings]
        pinned, room = self._week.pinned_minutes, self._room
        ends = sorted({0, room, *(load - pinned + extra for load in self._loads for extra in (0, self._most_extra))})
        ends = [taken for taken in ends if 0 <= taken <= room]
        rests = [self._rest(slope, taken) for taken in ends]

        def proved(minute: float) -> tuple[float, float]:
            total, sum_taken = 0.0, 0
            for hours, _, taken in takings:
                if hours + minute * taken < 0:
                    total, sum_taken = total + hours + minute * taken, sum_taken + taken
            rest, at = min((hours - minute * taken, taken) for hours, taken in zip(rests, ends, strict=True))
            return total + rest, sum_taken - at

        minute = _highest(proved, slope)
        limits = proved(minute)[0], best, room
        found, at_least = _searched(takings, _Prices(0.0, minute), limits, lambda _, taken: self._rest(slope, taken), most_sets=room + 1)
        return at_least if found is None else found

    def _rest(self, slope: float, taken: float) -> float:
        """The least price of the load within what is taken, the minutes beyond it given back at `slope`."""
        pinned, most = self._week.pinned_minutes, min(taken, self._most_extra)
        extras = [0.0, most, *(extra for load in self._loads if 0 <= (extra := taken - (load - pinned)) <= most)]
        return min(self._week.hours(pinned + taken - extra) + slope * extra for extra in extras)


def _highest(proved: Callable[[float], tuple[float, float]], low: float) -> float:
    """A price at which what is proved is about the highest: where it rises no more. Returns it per minute."""
    low, high = min(0.0, low) - ROUNDING, 1 / 60
    while high < 1e6 and proved(high)[1] > 0:
        high *= 4
    found = [(proved(low)[0], low)]
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        hours, rises = proved(middle)
        found.append((hours, middle))
        low, high = (middle, high) if rises > 0 else (low, middle)
    return max(found)[1]


def _searched(
    takings: Sequence[_Taking],
    price: _Prices,
    limits: tuple[float, float, int],
    rest: Callable[[int, int], float],
    *,
    most_sets: int,
) -> tuple[float | None, float]:
    """The least of hours + rest(load, room) over all sets within the room, never above `best`; None and what was proved: too many sets.

    limits: what `price` proves, the best that is known, the room.
    """
    bound, best, room = limits
    doubt, proved = FIRST_DOUBT, bound
    while True:
        doubt = min(doubt, max(best - bound, 0.0) + ROUNDING)
        sets = _within(takings, price, (doubt, room), most_sets)
        if sets is None:
            return None, proved
        fitting = (hours + rest(load, taken) for (load, taken), (_, hours) in sets.items())
        best, proved = min(best, min(fitting, default=best)), bound + doubt
        if best <= proved:
            return best, proved
        doubt *= GROWTH


def _within(takings: Sequence[_Taking], price: _Prices, limits: tuple[float, int], most_sets: int) -> _Sets | None:
    """The sets within the room that differ from what the prices would take by less than the doubt; None: there are too many."""
    fixed, load, room, open_pieces = 0.0, 0, 0, []
    for hours, minutes, taken in takings:
        reduced = hours + price.load * minutes + price.room * taken
        if abs(reduced) < limits[0]:
            open_pieces.append((abs(reduced), reduced < 0, (hours, minutes, taken)))
        elif reduced < 0:
            fixed, load, room = fixed + hours, load + minutes, room + taken
    sets: _Sets = {(load, room): (0.0, fixed)} if room <= limits[1] else {}
    for worth, is_taken, piece in sorted(open_pieces, reverse=True):
        sets = _joined(sets, piece, (0.0, worth) if is_taken else (worth, 0.0), limits)
        if len(sets) > most_sets:
            return None
    return sets


def _slopes(loads: Sequence[float], hours: Sequence[float]) -> list[float]:
    """Hours per minute of every straight line of the price of load."""
    return sorted({(b - a) / (y - x) for a, b, x, y in zip(hours, hours[1:], loads, loads[1:], strict=False)})


def _split(minute: float, most: float) -> _Prices:
    """A price of a minute: on load up to `most`, the rest on room."""
    return _Prices(min(minute, most), max(0.0, minute - most))


def _joined(sets: _Sets, piece: _Taking, regrets: tuple[float, float], limits: tuple[float, int]) -> _Sets:
    """The sets with and without one more piece; regrets: of taking it, of leaving it; limits: the doubt and the room."""
    (hours, minutes, taken), (doubt, most) = piece, limits
    joined = {key: (regret + regrets[1], price) for key, (regret, price) in sets.items() if regret + regrets[1] < doubt}
    for (load, room), (regret, price) in sets.items():
        key, more = (load + minutes, room + taken), regret + regrets[0]
        if more < doubt and key[1] <= most and (key not in joined or price + hours < joined[key][1]):
            joined[key] = (more, price + hours)
    return joined
