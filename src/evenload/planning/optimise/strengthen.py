"""A stronger bound for the plan at hand: every part's weeks as exact knapsacks (`knapsack`), side by side."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from evenload.planning.optimise.arrays import Floats, Ints
from evenload.planning.optimise.begin import Placed, board_for
from evenload.planning.optimise.knapsack import climb_knapsacks, item_slack, weeks_of
from evenload.planning.optimise.parts import parts_of
from evenload.planning.optimise.setting import Priced, Setting, priced_with
from evenload.planning.optimise.state import Board, place_all, score_of_part
from evenload.planning.optimise.threads import side_by_side

MOST_WEEKS_FILLED = 100_000
"""Weeks that are filled at most, all passes together: large programs get fewer passes."""


AIM = 0.015
"""How much more than the loads' prices prove is aimed at, as a share; no plan at hand need be that good."""


@dataclass(frozen=True, slots=True)
class Strengthened:
    """What knapsacks prove, all parts together, and whom they would give each node to (int32[N], −1 nobody)."""

    bound_hours: float
    picked: Ints
    part_hours: tuple[float, ...]
    """bound of each part, in the order of `parts_of`"""
    slack: Floats
    """[N, K] by how much at least the bound rises if the arc is taken; arcs as `priced_with` lists them in full"""


@dataclass(frozen=True, slots=True)
class _Part:
    nodes: Ints
    people: Ints


def strengthened(setting: Setting, priced: Priced, placed: Placed, most_moves: int | None, *, passes: int) -> Strengthened:
    """Climbs from the loads' prices towards the price of the plan at hand. With a limit on moves, μ·moves counts as a price."""
    width = max(len(wing.members) for wing in setting.instance.wings)
    full = priced_with(setting, priced.worth, most_moves, placed.who, width=width)
    board = board_for(setting, full)
    place_all(*board, placed.who)
    of_person, of_node = parts_of(full.listed.arcs, full.listed.degree, setting.instance.groups, len(board.people))
    numbers = range(int(of_person.max(initial=-1)) + 1)
    parts = [_Part(np.flatnonzero(of_node == q).astype(np.int32), np.flatnonzero(of_person == q).astype(np.int32)) for q in numbers]
    climbs = side_by_side([partial(_climbed, setting, full, board, part, passes) for part in parts])
    picked, slack = placed.who.copy(), np.zeros(full.listed.arcs.shape)
    for part, climbed in zip(parts, climbs, strict=True):
        picked[part.nodes] = np.where(setting.instance.pinned[part.nodes] >= 0, picked[part.nodes], climbed.picked)
        slack.ravel()[climbed.arc] = climbed.slack
    part_hours = tuple(max(_price_bound(full, part), climbed.hours) for part, climbed in zip(parts, climbs, strict=True))
    alone = float(full.listed.node_hours[of_node < 0].sum()) - full.move_credit
    return Strengthened(alone + sum(part_hours), picked, part_hours, slack)


@dataclass(frozen=True, slots=True)
class _Climb:
    """What one part's ascent proved: its bound, whom it would give the nodes to, and the slack of its arcs."""

    hours: float
    picked: Ints
    arc: Ints
    slack: Floats


def _price_bound(full: Priced, part: _Part) -> float:
    return float(full.listed.node_hours[part.nodes].sum() + full.staff_shares[part.people].sum())


def _climbed(setting: Setting, full: Priced, board: Board, part: _Part, passes: int) -> _Climb:
    """The part's ascent; its hours are a bound: pinned nodes' prices are in them, and ν·limit is taken off."""
    free = part.nodes[setting.instance.pinned[part.nodes] < 0]
    fixed = float(full.listed.node_hours[part.nodes].sum() - full.listed.node_hours[free].sum()) - _pinned_loads(setting, full, part)
    fixed -= _trip_credit(setting, full, part.people)
    if not len(free):
        return _Climb(-np.inf, np.full(len(part.nodes), -1, np.int32), np.empty(0, np.int64), np.empty(0))
    weeks = weeks_of(setting, full, board, free, part.people)
    waiting = setting.instance.waiting[free] + full.worth.move * full.listed.waiting_moves[free]
    plan = float(score_of_part(*board, part.nodes, part.people)) - fixed + full.worth.move * _moves(board, part.nodes)
    # Towards a poor plan the steps would be far too long.
    target = min(plan, (1 + AIM) * _price_bound(full, part) - fixed)
    affordable = min(passes, max(20, MOST_WEEKS_FILLED // len(part.people)))
    climbed = climb_knapsacks(weeks, full.listed.node_hours[free], waiting, full.worth.minute[part.people], target, affordable)
    picked = np.full(len(part.nodes), -1, np.int32)
    picked[setting.instance.pinned[part.nodes] < 0] = climbed.picked
    slack = item_slack(weeks, climbed.prices, climbed.minute_prices)
    return _Climb(climbed.hours + fixed, picked, weeks.arc, slack)


def _pinned_loads(setting: Setting, full: Priced, part: _Part) -> float:
    """λ·load of what is pinned: it is in the node prices, but the weeks' own prices of load hold it already."""
    return float((full.worth.minute[part.people] * setting.pinned_minutes[part.people]).sum())


def _trip_credit(setting: Setting, full: Priced, people: Ints) -> float:
    limits: Floats = setting.rooms.trip_limit[people]
    return float((full.worth.trip[people] * np.where(np.isfinite(limits), limits, 0.0)).sum())


def _moves(board: Board, nodes: Ints) -> int:
    slot = board.nodes["slot"][nodes]
    return int(np.where(slot >= 0, board.arcs["moves"][nodes, slot], board.nodes["waiting_moves"][nodes]).sum())
