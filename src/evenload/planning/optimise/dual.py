"""Lagrangian dual: a price per practitioner's load and per her trips, one per move; any prices give a valid bound.

    bound(λ, ν, μ) = Σ nodes min(wait + μ·moves, min over arcs of cost + λ·load + ν·trips + μ·moves)
                   + Σ practitioners min over pinned ≤ L ≤ max(M, pinned) of f(L) − λ·L
                   − Σ practitioners with a trip limit of ν·limit                              0 ≤ ν ≤ price of a trip
                   − μ·N

λ in hours per minute of load here (per hour in the Plan). f is piecewise linear, so the second minimum lies at one of its
breaks; it is exact for any prices a manager may set. The ascent only has to be good, never exact: what it finds is priced
over all eligible pairs before it is called a bound (`candidates`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import numpy as np
from numba import njit

from evenload.planning.optimise.arrays import Floats, Ints, Rates, Staff
from evenload.planning.optimise.candidates import Worth
from evenload.planning.optimise.records import Records
from evenload.planning.optimise.threads import side_by_side

PARTS = 8
"""Parts that a large pass is summed in; fixed, so that the sum does not depend on the number of threads."""

MANY_NODES = 20_000
"""From here a pass is worth the threads."""

LEVEL_PASSES = 16
LOWEST_PRICE = -2 / 60
MOMENTUM = 0.95
SMALL_SLOPE = 0.02
"""Mismatch of load, as a share of the maximum, below which the climb slows down."""


class Rooms(NamedTuple):
    """Where each practitioner's load may lie, and what it costs at the breaks of its price."""

    breaks: Floats
    """[P, 8] minutes, each within pinned ≤ L ≤ max(M, pinned)"""
    hours: Floats
    """[P, 8] f at the breaks"""
    size: Floats
    """[P] minutes by which a mismatch of load is scaled; at least 1"""
    trip_limit: Floats
    """[P] weekly trips; infinite where trips are not priced"""
    trip_price: float
    """price of a trip above the limit: the dearest that ν may be"""


class Demand(NamedTuple):
    """What the ascent needs of the nodes beside their arcs."""

    waiting: Floats
    """[N] price of waiting; infinite for a node that is pinned"""
    trips: Floats
    """[N] trips per week"""
    waiting_moves: Ints
    """[N]"""
    degree: Ints
    """[N] arcs of the node"""


@dataclass(frozen=True, slots=True)
class Ascent:
    """Best prices found, and the value that the listed arcs alone give; that is no bound yet."""

    worth: Worth
    hours: float
    read_bytes: int
    """of arcs and of nodes' figures, over all passes"""


@njit(cache=True, forceinline=True)
def hours_of_load(rates: Rates, low: float, target: float, tenth: float, high: float, capacity: float, minutes: float) -> float:
    """Price of one load: overload + balance, hours per week (`goals.load_hours`); the marks in minutes, as in Staff."""
    off = abs(minutes - target)
    near = min(off, tenth)
    price = rates.too_little * max(0.0, low - minutes) + rates.near * near + rates.far * (off - near)
    return price + rates.dear * max(0.0, min(minutes, capacity) - high) + rates.overload * max(0.0, minutes - capacity)


@njit(cache=True)
def rooms_of(staff: Staff, rates: Rates, pinned_minutes: Floats) -> Rooms:
    """The breaks of every load's price between what is pinned [P] and the maximum."""
    count = len(staff.maximum)
    breaks, hours, size = np.empty((count, 8)), np.empty((count, 8)), np.empty(count)
    for p in range(count):
        marks, least = staff.marks[p], pinned_minutes[p]
        most = max(float(staff.maximum[p]), least)
        breaks[p, 0], breaks[p, 1], breaks[p, 2], breaks[p, 3] = least, most, marks[0], marks[3]
        breaks[p, 4], breaks[p, 5], breaks[p, 6], breaks[p, 7] = marks[4], marks[1] - marks[2], marks[1], marks[1] + marks[2]
        for b in range(8):
            breaks[p, b] = min(max(breaks[p, b], least), most)
            hours[p, b] = hours_of_load(rates, marks[0], marks[1], marks[2], marks[3], marks[4], breaks[p, b])
        size[p] = max(1.0, most)
    trip_limit = staff.trip_limit if rates.trip > 0 else np.full(count, np.inf)
    return Rooms(breaks, hours, size, trip_limit, rates.trip)


@njit(cache=True)
def room_hours(rooms: Rooms, minute_prices: Floats, chosen: Floats) -> float:
    """Σ min f(L) − λ·L over practitioners; fills the load [P] at which each minimum lies. Prices beyond P are not looked at."""
    total = 0.0
    for p in range(len(chosen)):
        least = np.inf
        for b in range(rooms.breaks.shape[1]):
            value = rooms.hours[p, b] - minute_prices[p] * rooms.breaks[p, b]
            if value < least:
                least = value
                chosen[p] = rooms.breaks[p, b]
        total += least
    return total


class Climb(NamedTuple):
    """Where an ascent stands. C = 2 P + 1 coordinates: prices per minute, prices per trip, and last the price of a move."""

    at: Floats
    """[C]"""
    best_at: Floats
    """[C] prices of the best value so far"""
    best: Floats
    """[1] best value so far"""
    mean: Floats
    """[C] running mean of the slope"""
    square: Floats
    """[C] running mean of its square"""
    chosen: Floats
    """[P] load at which each practitioner's minimum lies"""


@njit(cache=True, nogil=True)
def _pass_part(arcs: Records, demand: Demand, at: Floats, used: Floats, sums: Floats, part: int) -> None:
    """Part `part` of a pass over its share of the nodes.

    used[part] = minutes [P], then trips [P], that the cheapest arcs use; sums[part] = (Σ least prices, moves).
    """
    parts, count, move, people = len(sums), len(demand.waiting), at[-1], len(at) // 2
    total, moves = 0.0, 0.0
    used[part, :] = 0.0
    for n in range(count * part // parts, count * (part + 1) // parts):
        least, chosen, trips = demand.waiting[n] + move * demand.waiting_moves[n], -1, demand.trips[n]
        for k in range(demand.degree[n]):
            arc = arcs[n, k]
            price = arc.cost + at[arc.to] * arc.load + at[people + arc.to] * trips + move * arc.moves
            if price < least:
                least, chosen = price, k
        total += least
        if chosen >= 0:
            used[part, arcs[n, chosen].to] += arcs[n, chosen].load
            used[part, people + arcs[n, chosen].to] += trips
            moves += arcs[n, chosen].moves
        else:
            moves += demand.waiting_moves[n]
    sums[part, 0], sums[part, 1] = total, moves


@njit(cache=True)
def staff_hours(rooms: Rooms, at: Floats, chosen: Floats) -> float:
    """The practitioners' share of the bound at prices [C]: loads and trips; fills the loads [P] as `room_hours` does."""
    total, people = room_hours(rooms, at, chosen), len(chosen)
    for p in range(people):
        if np.isfinite(rooms.trip_limit[p]):
            total -= at[people + p] * rooms.trip_limit[p]
    return total


@njit(cache=True)
def staff_shares(rooms: Rooms, minute_prices: Floats, trip_prices: Floats) -> Floats:
    """[P] each practitioner's share of the bound; their sum is `staff_hours`."""
    shares = np.empty(len(minute_prices))
    for p in range(len(shares)):
        shares[p] = np.min(rooms.hours[p] - minute_prices[p] * rooms.breaks[p])
        if np.isfinite(rooms.trip_limit[p]):
            shares[p] -= trip_prices[p] * rooms.trip_limit[p]
    return shares


@njit(cache=True)
def _step(rooms: Rooms, climb: Climb, used: Floats, sums: Floats, most_moves: float, move_size: float, step: float) -> None:
    """Notes the value of the pass and moves on; most_moves < 0: no limit on moves. `step` in hours per hour."""
    people, last = len(climb.chosen), 2 * len(climb.chosen)
    value = sums[:, 0].sum() + staff_hours(rooms, climb.at, climb.chosen) - climb.at[last] * max(0.0, most_moves)
    if value > climb.best[0]:
        climb.best[0] = value
        climb.best_at[:] = climb.at
    for p in range(people):
        _advance(climb, p, (used[:, p].sum() - climb.chosen[p]) / rooms.size[p], step / 60)
        if np.isfinite(rooms.trip_limit[p]):
            _advance(climb, people + p, (used[:, people + p].sum() - rooms.trip_limit[p]) / max(1.0, rooms.trip_limit[p]), step)
            climb.at[people + p] = min(max(0.0, climb.at[people + p]), rooms.trip_price)
    if most_moves >= 0:
        _advance(climb, last, (sums[:, 1].sum() - most_moves) / move_size, step)
        climb.at[last] = max(0.0, climb.at[last])


@njit(cache=True)
def _advance(climb: Climb, coordinate: int, slope: float, step: float) -> None:
    climb.mean[coordinate] = MOMENTUM * climb.mean[coordinate] + (1 - MOMENTUM) * slope
    climb.square[coordinate] = MOMENTUM * climb.square[coordinate] + (1 - MOMENTUM) * slope * slope
    climb.at[coordinate] += step * climb.mean[coordinate] / (math.sqrt(climb.square[coordinate]) + SMALL_SLOPE)


@njit(cache=True)
def _climb_alone(
    arcs: Records, demand: Demand, rooms: Rooms, climb: Climb, used: Floats, sums: Floats, most_moves: float, move_size: float,
    passes: int, step: float, shrink: float,
) -> None:  # fmt: skip
    for _ in range(passes):
        step *= shrink
        _pass_part(arcs, demand, climb.at, used, sums, 0)
        _step(rooms, climb, used, sums, most_moves, move_size, step)


def ascend(
    arcs: Records, demand: Demand, rooms: Rooms, start: Worth, *, most_moves: int | None, passes: int, steps: tuple[float, float]
) -> Ascent:
    """Supergradient ascent with momentum from `start`, each coordinate scaled by its own history.

    `steps`: first and last step in hours per hour. The result is the same for any number of threads.
    """
    people = len(start.minute)
    at = coordinates(start)
    climb = Climb(at.copy(), at.copy(), np.array([-np.inf]), np.zeros(len(at)), np.zeros(len(at)), np.zeros(people))
    used, sums = _scratch(demand, people)
    limit = -1.0 if most_moves is None else float(most_moves)
    move_size = max(1.0, 0.05 * float(demand.waiting_moves.sum()))
    step, shrink = steps[0], (steps[1] / steps[0]) ** (1 / passes)
    if len(sums) == 1:
        _climb_alone(arcs, demand, rooms, climb, used, sums, limit, move_size, passes, step, shrink)
    else:
        for number in range(passes):
            _pass(arcs, demand, climb.at, used, sums)
            _step(rooms, climb, used, sums, limit, move_size, step * shrink ** (number + 1))
    read = passes * (int(demand.degree.sum()) * arcs.dtype.itemsize + sum(column.nbytes for column in demand))
    return Ascent(worth_of(climb.best_at), float(climb.best[0]), read)


def worth_of(at: Floats) -> Worth:
    """The coordinates [2 P + 1] of an ascent as prices."""
    people = len(at) // 2
    return Worth(at[:people].copy(), at[people : 2 * people].copy(), float(at[-1]))


def coordinates(worth: Worth) -> Floats:
    """The prices as coordinates [2 P + 1] of an ascent."""
    return np.concatenate([worth.minute, worth.trip, [worth.move]])


def level_prices(arcs: Records, demand: Demand, rooms: Rooms, wing_of: Ints) -> Worth:
    """One common price per wing, by bisection of demand against room: where the ascent starts.

    wing_of int32[P]: a wing of each practitioner.
    """
    wings, people = int(wing_of.max(initial=0)) + 1, len(wing_of)
    low, high, is_bracketed = np.full(wings, LOWEST_PRICE), np.full(wings, 1 / 60), np.zeros(wings, bool)
    used, sums = _scratch(demand, people)
    chosen, at = np.zeros(people), np.zeros(2 * people + 1)
    for _ in range(LEVEL_PASSES):
        level = np.where(is_bracketed, (low + high) / 2, high)
        at[:people] = level[wing_of]
        _pass(arcs, demand, at, used, sums)
        room_hours(rooms, at, chosen)
        excess = np.bincount(wing_of, used[:, :people].sum(axis=0) - chosen, wings) > 0
        low = np.where(excess, level, low)
        high = np.where(excess & ~is_bracketed, 4 * level, np.where(excess, high, level))
        is_bracketed |= ~excess
    return worth_of(at)


def _pass(arcs: Records, demand: Demand, at: Floats, used: Floats, sums: Floats) -> None:
    side_by_side([partial(_pass_part, arcs, demand, at, used, sums, part) for part in range(len(sums))])


def _scratch(demand: Demand, people: int) -> tuple[Floats, Floats]:
    parts = PARTS if len(demand.waiting) >= MANY_NODES else 1
    return np.zeros((parts, 2 * people)), np.zeros((parts, 2))
