"""A stronger bound for the plan at hand: every part's weeks as exact knapsacks (`knapsack`), side by side.

Where listing every arc would not fit into memory, the weeks are filled from the listed arcs alone; at the end all others are priced
exactly (`unlisted`), and a week counts no more than what they leave of it: min(its knapsack, its price bound + their least excess).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from evenload.planning.optimise.arrays import FREE, Floats, Ints
from evenload.planning.optimise.begin import Placed, board_for
from evenload.planning.optimise.climb import climb_knapsacks
from evenload.planning.optimise.guarded_weeks import guarded_start, guarded_weeks, weigh
from evenload.planning.optimise.knapsack import weeks_of
from evenload.planning.optimise.parts import parts_of
from evenload.planning.optimise.setting import Priced, Setting, priced_with
from evenload.planning.optimise.state import Board, place_all, score_of_part
from evenload.planning.optimise.threads import side_by_side
from evenload.planning.optimise.unlisted import least_excess

MOST_WEEKS_FILLED = 6_000
"""Weeks of a part that are filled at most, all passes together: large programs get fewer passes, but …"""

LEAST_PASSES = 15
"""… never fewer than these."""

MOST_ARCS = 1_000_000
"""Up to so many pairs of node and practitioner all arcs are listed."""

PIECES = 8
"""Pieces in which the weeks of a large part are filled side by side."""

GOOD_ARCS = 4
"""What a node's price may come to differ by: what its first and its fourth arc do."""

LEAST_SCALE = 1e-3
"""hours per week"""

FEW_OPEN = 6
"""Arcs of each node, on average, with which a solver is worth trying."""

REACH = 3.0
"""Under protection node prices lie so many times as far from what the loads' prices give as where the climb starts."""


@dataclass(frozen=True, slots=True)
class Strengthened:
    """What knapsacks prove, all parts together, and whom they would give each node to (int32[N], −1 nobody)."""

    bound_hours: float
    picked: Ints
    part_hours: tuple[float, ...]
    """bound of each part, in the order of `parts_of`"""
    slack: Floats
    """[N, K] by how much at least the bound rises if the arc is taken; arcs as `priced_with` lists them in full; empty where it does not"""
    prices: Floats
    """[N] node prices that prove it: where the next ascent may start"""
    slack_hours: float
    """bound at these prices, from which the slack counts; `bound_hours` may be higher by what other prices prove"""
    slack_part_hours: tuple[float, ...]
    """the same of each part"""

    def joined(self, other: Strengthened) -> Strengthened:
        """What both prove, part by part; the prices and the slack stay."""
        if not self.slack.size or len(self.part_hours) != len(other.part_hours):
            return self
        part_hours = tuple(map(max, self.part_hours, other.part_hours))
        return replace(self, bound_hours=self.bound_hours + sum(part_hours) - sum(self.part_hours), part_hours=part_hours)

    def is_narrow(self, hours: float) -> bool:
        """Whether a plan that costs at most so much may use few enough arcs for a solver."""
        return bool(self.slack.size) and int((self.slack <= hours - self.slack_hours).sum()) <= FEW_OPEN * len(self.prices)


@dataclass(frozen=True, slots=True)
class _Part:
    nodes: Ints
    people: Ints


def strengthened(
    setting: Setting, priced: Priced, placed: Placed, most_moves: int | None, *, passes: int, start: Floats | None = None
) -> Strengthened:
    """Climbs towards the price of the plan at hand, from node prices `start` [N] (None: those that the loads' prices give).

    With a limit on moves, μ·moves counts as a price.
    """
    width = max(len(wing.members) for wing in setting.instance.wings)
    is_complete = width * len(setting.instance.nodes) <= MOST_ARCS
    full = priced_with(setting, priced.worth, most_moves, placed.who, width=width) if is_complete else priced
    board = board_for(setting, full)
    place_all(*board, placed.who)
    if start is None:
        prices = guarded_start(setting, full, board, most_moves) if setting.case.robust else full.listed.node_hours
    else:
        prices = start
    of_person, of_node = parts_of(full.listed.arcs, full.listed.degree, setting.instance.groups, len(board.people))
    numbers = range(int(of_person.max(initial=-1)) + 1)
    parts = [_Part(np.flatnonzero(of_node == q).astype(np.int32), np.flatnonzero(of_person == q).astype(np.int32)) for q in numbers]
    alone = float(full.listed.node_hours[of_node < 0].sum()) - full.move_credit
    reach = REACH * float(np.abs(prices - full.listed.node_hours).mean()) if setting.case.robust else 0.0
    way = _Way(prices, start is not None, scale_of(board), passes, 1 if is_complete else PIECES, reach)
    tasks = [partial(_climbed, setting, full, board, part, way) for part in parts]
    if is_complete:
        return _all_listed(setting, full, placed, parts, side_by_side(tasks), alone)
    climbs = [task() for task in tasks]
    return _some_listed(setting, full, board, placed, parts, climbs, alone)


@dataclass(frozen=True, slots=True)
class _Way:
    """Where an ascent starts and how it goes: see `climb_knapsacks`."""

    prices: Floats
    """[N]"""
    again: bool
    scale: float
    passes: int
    pieces: int
    reach: float
    """0 where nothing is protected: the loads' prices are near then"""


def scale_of(board: Board) -> float:
    """How far the prices of one node's good arcs are apart: the median over the nodes that have a choice."""
    degree = board.nodes["arcs"]
    chosen = np.flatnonzero(degree > 1)
    if not len(chosen):
        return LEAST_SCALE
    price = np.where(np.arange(board.arcs.shape[1]) < degree[:, None], board.arcs["priced"], np.inf)[chosen]
    price.partition(min(GOOD_ARCS, price.shape[1]) - 1, axis=1)
    last = np.minimum(GOOD_ARCS, degree[chosen]) - 1
    ordered = np.sort(price[:, :GOOD_ARCS], axis=1)
    return max(LEAST_SCALE, float(np.median(ordered[np.arange(len(chosen)), last] - ordered[:, 0])))


@dataclass(frozen=True, slots=True)
class _Climb:
    """What one part's ascent proved: its bound over the listed arcs, and whom it would give the nodes to."""

    hours: float
    fixed: float
    """of it what does not depend on node prices"""
    picked: Ints
    free: Ints
    """nodes that are not pinned"""
    prices: Floats
    """of the free nodes"""
    minute_prices: Floats
    """[p]"""
    values: Floats
    """[p] minimum of each week over the listed arcs"""
    bounds: Floats
    """[p] what its price of load proves of it"""
    arc: Ints
    slack: Floats


def _all_listed(
    setting: Setting, full: Priced, placed: Placed, parts: list[_Part], climbs: list[_Climb], alone: float
) -> Strengthened:  # fmt: skip
    slack, prices = np.zeros(full.listed.arcs.shape), full.listed.node_hours.copy()
    for climb in climbs:
        slack.ravel()[climb.arc] = climb.slack
        prices[climb.free] = climb.prices
    part_hours = tuple(max(_price_bound(full, part), climb.hours) for part, climb in zip(parts, climbs, strict=True))
    at_prices = tuple(climb.hours for climb in climbs)
    picked = _picked(setting, placed, parts, climbs)
    return Strengthened(alone + sum(part_hours), picked, part_hours, slack, prices, alone + sum(at_prices), at_prices)


def _some_listed(
    setting: Setting, full: Priced, board: Board, placed: Placed, parts: list[_Part], climbs: list[_Climb], alone: float
) -> Strengthened:
    """The bound over all arcs; parts that only unlisted arcs join are counted at the same prices, so they may be added up."""
    prices, minute = full.listed.node_hours.copy(), full.worth.minute.copy()
    for part, climb in zip(parts, climbs, strict=True):
        prices[climb.free], minute[part.people] = climb.prices, climb.minute_prices
    room = board.people["limit"] - setting.pinned_minutes.astype(np.int64)
    worth = full.worth._replace(minute=minute)
    excess = least_excess(setting.instance, setting.exact, full.listed, worth, prices, room)
    part_hours = tuple(
        climb.fixed + float(climb.prices.sum() + np.minimum(climb.values, climb.bounds + excess[part.people]).sum())
        for part, climb in zip(parts, climbs, strict=True)
    )
    proved = max(alone + sum(part_hours), full.bound_hours)
    return Strengthened(proved, _picked(setting, placed, parts, climbs), part_hours, np.empty((0, 0)), prices, proved, part_hours)


def _picked(setting: Setting, placed: Placed, parts: list[_Part], climbs: list[_Climb]) -> Ints:
    picked = placed.who.copy()
    for part, climb in zip(parts, climbs, strict=True):
        picked[part.nodes] = np.where(setting.instance.pinned[part.nodes] > FREE, picked[part.nodes], climb.picked)
    return picked


def _price_bound(full: Priced, part: _Part) -> float:
    return float(full.listed.node_hours[part.nodes].sum() + full.staff_shares[part.people].sum())


def _climbed(setting: Setting, full: Priced, board: Board, part: _Part, way: _Way) -> _Climb:
    """The part's ascent; its hours are a bound: pinned nodes' prices are in them, and ν·limit is taken off."""
    free = part.nodes[setting.instance.pinned[part.nodes] < 0]
    fixed = float(full.listed.node_hours[part.nodes].sum() - full.listed.node_hours[free].sum()) - _pinned_loads(setting, full, part)
    fixed -= _trip_credit(setting, full, part.people)
    picked = np.full(len(part.nodes), -1, np.int32)
    if not len(free):
        return _nothing_free(full, part, picked)
    plain, is_guarded = weeks_of(setting, full, board, free, part.people), setting.case.robust > 0
    weeks = guarded_weeks(plain, setting, board, full.worth.minute[part.people]) if is_guarded else plain
    waiting = setting.instance.waiting[free] + full.worth.move * full.listed.waiting_moves[free]
    plan = float(score_of_part(*board, part.nodes, part.people)) - fixed + full.worth.move * _moves(board, part.nodes)
    affordable = min(way.passes, max(LEAST_PASSES, MOST_WEEKS_FILLED // len(part.people)))
    minute_prices = full.worth.minute[part.people]
    climbed = climb_knapsacks(
        weeks, way.prices[free], waiting, minute_prices, plan, affordable, scale=way.scale, pieces=way.pieces, again=way.again,
        reach=way.reach,
    )  # fmt: skip
    picked[setting.instance.pinned[part.nodes] < 0] = climbed.picked
    minute, slack = climbed.minute_prices.copy(), np.empty(len(plain.node))
    values, bounds = np.empty(len(part.people)), np.empty(len(part.people))
    hours = weigh(weeks, climbed, minute, slack, (values, bounds))
    return _Climb(hours + fixed, fixed, picked, free, climbed.prices, minute, values, bounds, plain.arc, slack)


def _nothing_free(full: Priced, part: _Part, picked: Ints) -> _Climb:
    """A part in which everything is pinned: its weeks are worth what their prices prove."""
    bounds = full.staff_shares[part.people]
    nothing = np.empty(0, np.int64)
    return _Climb(
        -np.inf, _price_bound(full, part) - float(bounds.sum()), picked, nothing, np.empty(0), full.worth.minute[part.people], bounds, bounds,
        nothing, np.empty(0),
    )  # fmt: skip


def _pinned_loads(setting: Setting, full: Priced, part: _Part) -> float:
    """λ·load of what is pinned: it is in the node prices, but the weeks' own prices of load hold it already."""
    return float((full.worth.minute[part.people] * setting.pinned_minutes[part.people]).sum())


def _trip_credit(setting: Setting, full: Priced, people: Ints) -> float:
    limits: Floats = setting.rooms.trip_limit[people]
    return float((full.worth.trip[people] * np.where(np.isfinite(limits), limits, 0.0)).sum())


def _moves(board: Board, nodes: Ints) -> int:
    slot = board.nodes["slot"][nodes]
    return int(np.where(slot >= 0, board.arcs["moves"][nodes, slot], board.nodes["waiting_moves"][nodes]).sum())
