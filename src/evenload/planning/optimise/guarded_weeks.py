"""The weeks of a protected program: made of those without protection, and filled and weighed like them (`guarded_fill`)."""

from __future__ import annotations

import numpy as np

from evenload.planning.optimise.arrays import FREE, Floats, Longs
from evenload.planning.optimise.climb import Climbed
from evenload.planning.optimise.dual import ascend, rooms_of
from evenload.planning.optimise.guarded_fill import weigh_guarded
from evenload.planning.optimise.guarded_rooms import GuardedWeeks
from evenload.planning.optimise.knapsack import Weeks, corners, weigh_weeks
from evenload.planning.optimise.model import lower_hull
from evenload.planning.optimise.setting import Priced, Setting, demand_of
from evenload.planning.optimise.state import Board

PASSES, STEPS = 100, (1.0, 0.02)
"""Of the ascent over prices of loads that the node prices start from; steps in hours per hour."""


def guarded_weeks(weeks: Weeks, setting: Setting, board: Board, minute_prices: Floats) -> GuardedWeeks:
    """The same weeks, protected; minute_prices [p]: the slope of each price of load is first supposed to lie there."""
    instance, people, spread = setting.instance, weeks.people, board.nodes["spread"]
    threshold = np.unique(np.append(spread, 0)).astype(np.int64)
    kept = np.repeat(setting.case.robust * threshold[None, :], len(people), axis=0)
    spare = np.full(kept.shape, setting.case.robust - 1, np.int64)
    for n in np.flatnonzero(instance.pinned > FREE):
        w = np.flatnonzero(people == instance.pinned[n])
        above = np.maximum(0, spread[n] - threshold)
        kept[w] += above
        spare[w] -= above > 0
    hours = _convex(weeks.hours, weeks.room)
    return GuardedWeeks(
        weeks=weeks._replace(hours=hours, corner=corners(hours, weeks.room)),
        spread=spread[weeks.arc // board.arcs.shape[1]].astype(np.int32),
        threshold=threshold,
        kept=kept,
        spare=spare,
        slope=minute_prices.copy(),
    )


def _convex(hours: Floats, room: Longs) -> Floats:
    """Tables of hours [p, longest + 1] with each row's lower hull up to its room [p] in its place, where it is not convex."""
    convex = hours.copy()
    for row, most in zip(convex, room, strict=True):
        if (np.diff(row[: most + 1], 2) < -1e-12).any():
            minutes = np.arange(most + 1, dtype=np.float64)
            row[: most + 1] = np.interp(minutes, *lower_hull(minutes, row[: most + 1]))
    return convex


def weigh(weeks: Weeks | GuardedWeeks, climbed: Climbed, minute: Floats, slack: Floats, into: tuple[Floats, Floats]) -> float:
    """`knapsack.weigh_weeks` at the prices climbed to, protected or not; `into`: values and bounds [p]. Returns what they prove.

    On the way protected weeks are filled roughly; here they are filled exactly.
    """
    values, bounds = into
    if isinstance(weeks, Weeks):
        weigh_weeks(weeks, climbed.prices, minute, slack, values, bounds)
        return climbed.hours
    weigh_guarded(weeks, climbed.prices, minute, slack, values, bounds)
    return float(climbed.prices.sum() + values.sum())


def guarded_start(setting: Setting, full: Priced, board: Board, most_moves: int | None) -> Floats:
    """[N] node prices at which a climb under protection starts: everybody's threshold is that of the plan on the board.

    The loads' own prices do not see protection, so that the nodes' prices from them lie far too low.
    """
    nodes, people, listed = board.nodes, board.people, full.listed
    staff = setting.staff._replace(maximum=np.maximum(0, people["limit"] - people["budget"] * people["last"]))
    rooms, demand = rooms_of(staff, setting.instance.rates, setting.pinned_minutes), demand_of(setting.instance, listed)
    arcs = listed.arcs.copy()
    arcs["load"] += np.maximum(0, nodes["spread"][:, None] - people["last"][arcs["to"]]).astype(np.int32)
    worth = ascend(arcs, demand, rooms, full.worth, most_moves=most_moves, passes=PASSES, steps=STEPS).worth
    price = arcs["cost"] + worth.minute[arcs["to"]] * arcs["load"] + full.worth.trip[arcs["to"]] * setting.instance.trips[:, None]
    price += full.worth.move * arcs["moves"]
    least = np.where(np.arange(arcs.shape[1]) < listed.degree[:, None], price, np.inf).min(axis=1)
    return np.asarray(np.minimum(least, demand.waiting + full.worth.move * listed.waiting_moves), np.float64)
