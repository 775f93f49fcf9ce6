"""What one more hour a week is worth where plans are protected: everybody's week filled again with the hour, at the same node prices.

The linear program of `hours_saved` does not see protection. The node prices of the bound do: with them each practitioner's least week is
counted exactly, as it is and with her share of the hour (her ranges and target growing alike). The node prices would fall a little with the
hour, so that it saves this at most as far as the bound goes.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from evenload.planning.optimise.arrays import FREE, Floats, Longs, Staff
from evenload.planning.optimise.begin import Placed, board_for
from evenload.planning.optimise.guarded_fill import weigh_guarded
from evenload.planning.optimise.guarded_weeks import guarded_weeks
from evenload.planning.optimise.knapsack import weeks_of
from evenload.planning.optimise.setting import Priced, Setting, priced_with
from evenload.planning.optimise.strengthen import MOST_ARCS, strengthened
from evenload.planning.plan import WholeHour
from evenload.planning.shadow import HOUR_MINUTES, groups_of

CAPACITY = 4
"""Column of Staff.marks."""

PASSES, MOST_CLIMBED = 60, 1_000
"""Passes of the climb where a search came to its end without node prices, and up to how many nodes there is one."""


def node_prices_for(setting: Setting, priced: Priced, placed: Placed, most_moves: int | None) -> Floats | None:
    """[N] node prices where the search came to its end without any; None where the program is large, or nothing can be assigned."""
    if not setting.instance.wings or len(setting.instance.nodes) > MOST_CLIMBED:
        return None
    return strengthened(setting, priced, placed, most_moves, passes=PASSES).prices


def guarded_hours_saved(setting: Setting, priced: Priced, placed: Placed, prices: Floats | None) -> tuple[WholeHour, ...]:
    """What an hour a week more of each group saves, hours per week; prices [N]: the bound's node prices.

    Empty where there are none.
    """
    if prices is None:
        return ()
    full = _every_pair(setting, priced, placed, None) or priced
    index = {p.id: i for i, p in enumerate(setting.instance.practitioners)}
    today, rows = _least_weeks(setting, full, prices), []
    for key, members in sorted(groups_of(setting.case).items()):
        hers = np.array([index[person.id] for person in members], np.int64)
        grown = replace(setting, staff=with_an_hour(setting.staff, hers))
        rows.append(WholeHour(*key, hours=max(0.0, float((today - _least_weeks(grown, full, prices))[hers].sum()))))
    return tuple(rows)


def proved_by_nodes(setting: Setting, priced: Priced, placed: Placed, prices: Floats, most_moves: int | None) -> float | None:
    """What node prices [N] prove under protection, hours per week, over every pair: what `check` counts again. None: not every pair is listed.

    Under a limit on moves the prices of moves count, and those that there may be are taken off.
    """
    full = _every_pair(setting, priced, placed, most_moves)
    if full is None:
        return None
    free, minutes, limits = setting.instance.pinned == FREE, setting.pinned_minutes, setting.rooms.trip_limit
    fixed = float(full.listed.node_hours[~free].sum() - (full.worth.minute * minutes).sum()) - priced.move_credit
    fixed -= float((full.worth.trip * np.where(np.isfinite(limits), limits, 0.0)).sum())
    return fixed + float(prices[free].sum() + _least_weeks(setting, full, prices).sum())


def _every_pair(setting: Setting, priced: Priced, placed: Placed, most_moves: int | None) -> Priced | None:
    """The same prices with every pair listed; None where they are too many."""
    width = max(len(wing.members) for wing in setting.instance.wings)
    if width * len(setting.instance.nodes) > MOST_ARCS:
        return None
    return priced_with(setting, priced.worth, most_moves, placed.who, width=width)


def with_an_hour(staff: Staff, members: Longs) -> Staff:
    """The staff where these practitioners, who have hours, have one hour a week more together, spread by capacity."""
    share = np.ones(len(staff.maximum))
    share[members] += HOUR_MINUTES / staff.marks[members, CAPACITY].sum()
    return staff._replace(maximum=np.rint(staff.maximum * share).astype(np.int64), marks=staff.marks * share[:, None])


def _least_weeks(setting: Setting, full: Priced, prices: Floats) -> Floats:
    """[P] the least price of each week at these node prices."""
    board = board_for(setting, full)
    free, people = np.flatnonzero(setting.instance.pinned == FREE).astype(np.int32), np.arange(len(board.people), dtype=np.int32)
    minute = full.worth.minute.copy()
    weeks = guarded_weeks(weeks_of(setting, full, board, free, people), setting, board, minute)
    values, bounds = np.empty(len(people)), np.empty(len(people))
    weigh_guarded(weeks, prices[free], minute, np.empty(len(weeks.spread)), values, bounds)
    return values
