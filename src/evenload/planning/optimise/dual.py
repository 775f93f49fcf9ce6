"""Lagrangian dual: one price per practitioner's load, one per move; any prices give a valid bound.

    bound(λ, μ) = Σ nodes min(wait + μ·moves, min over arcs of cost + λ·load + μ·moves)
                + Σ practitioners min over pinned ≤ L ≤ max(M, pinned) of f(L) − λ·L
                − μ·N

λ in hours per minute of load here (per hour in the Plan). f is piecewise linear, so the second minimum lies at one of its
breaks; it is exact for any prices a manager may set. The ascent only has to be good, never exact: what it finds is priced
over all eligible pairs before it is called a bound (`candidates`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numba import njit, prange

from evenload.planning.optimise.arrays import Floats, Ints, Rates, Staff
from evenload.planning.optimise.candidates import Arcs, Worth

CHUNKS = 16
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


class Demand(NamedTuple):
    """What the ascent needs of the nodes beside their arcs."""

    waiting: Floats
    """[N] price of waiting; infinite for a node that is pinned"""
    waiting_moves: Ints
    """[N]"""


@dataclass(frozen=True, slots=True)
class Ascent:
    """Best prices found, and the value that the listed arcs alone give; that is no bound yet."""

    worth: Worth
    hours: float


@njit(cache=True)
def load_hours(rates: Rates, marks: Floats, minutes: float) -> float:
    """Price of one load: overload + balance, hours per week (`goals.load_hours`); marks as in Staff, one row."""
    off = abs(minutes - marks[1])
    near = min(off, marks[2])
    price = rates.too_little * max(0.0, marks[0] - minutes) + rates.near * near + rates.far * (off - near)
    return price + rates.dear * max(0.0, min(minutes, marks[4]) - marks[3]) + rates.overload * max(0.0, minutes - marks[4])


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
            hours[p, b] = load_hours(rates, marks, breaks[p, b])
        size[p] = max(1.0, most)
    return Rooms(breaks, hours, size)


@njit(cache=True)
def room_hours(rooms: Rooms, minute_prices: Floats, chosen: Floats) -> float:
    """Σ min f(L) − λ·L; fills the load [P] at which each minimum lies."""
    total = 0.0
    for p in range(len(minute_prices)):
        least = np.inf
        for b in range(rooms.breaks.shape[1]):
            value = rooms.hours[p, b] - minute_prices[p] * rooms.breaks[p, b]
            if value < least:
                least = value
                chosen[p] = rooms.breaks[p, b]
        total += least
    return total


@njit(cache=True)
def _pass_over(
    arcs: Arcs, demand: Demand, minute_prices: Floats, move: float, first: int, last: int, loads: Floats
) -> tuple[float, float]:  # fmt: skip
    """Σ over nodes first ≤ n < last of their least price, and the moves it makes; adds their loads to loads[P]."""
    total, moves = 0.0, 0.0
    for n in range(first, last):
        least, at = demand.waiting[n] + move * demand.waiting_moves[n], -1
        for k in range(arcs.count[n]):
            price = arcs.cost[n, k] + minute_prices[arcs.to[n, k]] * arcs.load[n, k] + move * arcs.moves[n, k]
            if price < least:
                least, at = price, k
        total += least
        if at >= 0:
            loads[arcs.to[n, at]] += arcs.load[n, at]
            moves += arcs.moves[n, at]
        else:
            moves += demand.waiting_moves[n]
    return total, moves


@njit(cache=True)
def _pass_chunk(arcs: Arcs, demand: Demand, minute_prices: Floats, move: float, loads: Floats, sums: Floats, chunk: int) -> None:
    chunks, count = len(sums), len(demand.waiting)
    loads[chunk, :] = 0.0
    ends = count * chunk // chunks, count * (chunk + 1) // chunks
    sums[chunk, 0], sums[chunk, 1] = _pass_over(arcs, demand, minute_prices, move, ends[0], ends[1], loads[chunk])


@njit(cache=True, parallel=True)
def _wide_pass(arcs: Arcs, demand: Demand, minute_prices: Floats, move: float, loads: Floats, sums: Floats) -> None:
    for chunk in prange(len(sums)):
        _pass_chunk(arcs, demand, minute_prices, move, loads, sums, chunk)


@njit(cache=True)
def _pass(arcs: Arcs, demand: Demand, minute_prices: Floats, move: float, loads: Floats, sums: Floats) -> tuple[float, float]:
    """Σ least prices and moves over all nodes; loads[0] holds the loads. Summed by chunks, whatever the threads."""
    if len(sums) == 1:
        _pass_chunk(arcs, demand, minute_prices, move, loads, sums, 0)
    else:
        _wide_pass(arcs, demand, minute_prices, move, loads, sums)
    for chunk in range(1, len(sums)):
        loads[0] += loads[chunk]
    return sums[:, 0].sum(), sums[:, 1].sum()


@njit(cache=True)
def _level(arcs: Arcs, demand: Demand, rooms: Rooms, wing_of: Ints, loads: Floats, sums: Floats) -> Floats:
    """One common price per wing, by bisection of demand against room: where the climb starts."""
    wings = wing_of.max() + 1
    low, high = np.full(wings, LOWEST_PRICE), np.full(wings, 1 / 60)
    is_bracketed = np.zeros(wings, np.bool_)
    minute_prices, chosen, excess = np.zeros(len(wing_of)), np.zeros(len(wing_of)), np.zeros(wings)
    for _ in range(LEVEL_PASSES):
        for p in range(len(wing_of)):
            w = wing_of[p]
            minute_prices[p] = (low[w] + high[w]) / 2 if is_bracketed[w] else high[w]
        _pass(arcs, demand, minute_prices, 0.0, loads, sums)
        room_hours(rooms, minute_prices, chosen)
        excess[:] = 0.0
        for p in range(len(wing_of)):
            excess[wing_of[p]] += loads[0, p] - chosen[p]
        for w in range(wings):
            at = (low[w] + high[w]) / 2 if is_bracketed[w] else high[w]
            if excess[w] > 0:
                low[w] = at
                high[w] = high[w] if is_bracketed[w] else 4 * at
            else:
                high[w] = at
                is_bracketed[w] = True
    return minute_prices


@njit(cache=True)
def _climb(
    arcs: Arcs, demand: Demand, rooms: Rooms, minute_prices: Floats, move: float, most_moves: float,
    passes: int, first_step: float, last_step: float, loads: Floats, sums: Floats,
) -> tuple[float, Floats, float]:  # fmt: skip
    """Supergradient ascent with momentum, each coordinate scaled by its own history; returns best value, prices, move price.

    most_moves < 0: no limit on moves. Steps in hours per hour, shrinking from the first to the last by a constant factor.
    """
    count = len(minute_prices)
    prices, best_prices, best, best_move = minute_prices.copy(), minute_prices.copy(), -np.inf, move
    mean, square, chosen = np.zeros(count + 1), np.zeros(count + 1), np.zeros(count)
    step, shrink = first_step / 60, (last_step / first_step) ** (1 / passes)
    move_size = max(1.0, 0.05 * demand.waiting_moves.sum())
    for _ in range(passes):
        value, moves = _pass(arcs, demand, prices, move, loads, sums)
        value += room_hours(rooms, prices, chosen) - move * max(0.0, most_moves)
        if value > best:
            best, best_move = value, move
            best_prices[:] = prices
        step *= shrink
        for p in range(count + 1):
            slope = (loads[0, p] - chosen[p]) / rooms.size[p] if p < count else (moves - most_moves) / move_size
            mean[p] = MOMENTUM * mean[p] + (1 - MOMENTUM) * slope
            square[p] = MOMENTUM * square[p] + (1 - MOMENTUM) * slope * slope
            change = step * mean[p] / (math.sqrt(square[p]) + SMALL_SLOPE)
            if p < count:
                prices[p] += change
            elif most_moves >= 0:
                move = max(0.0, move + 60 * change)
    return best, best_prices, best_move


def ascend(
    arcs: Arcs, demand: Demand, rooms: Rooms, start: Worth, *, most_moves: int | None, passes: int, steps: tuple[float, float]
) -> Ascent:
    """Climbs from `start`; `steps` = first and last step in hours per hour. Same result for any number of threads."""
    loads, sums = _scratch(arcs, len(start.minute))
    limit = -1.0 if most_moves is None else float(most_moves)
    hours, prices, move = _climb(arcs, demand, rooms, start.minute, start.move, limit, passes, *steps, loads, sums)
    return Ascent(Worth(prices, move), hours)


def level_prices(arcs: Arcs, demand: Demand, rooms: Rooms, wing_of: Ints) -> Worth:
    """Common prices per wing to start from; wing_of[P] names a wing of each practitioner."""
    loads, sums = _scratch(arcs, len(wing_of))
    return Worth(_level(arcs, demand, rooms, wing_of, loads, sums), 0.0)


def _scratch(arcs: Arcs, practitioners: int) -> tuple[Floats, Floats]:
    chunks = CHUNKS if len(arcs.count) >= MANY_NODES else 1
    return np.zeros((chunks, practitioners)), np.zeros((chunks, 2))
