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


def guarded_hours_saved(setting: Setting, priced: Priced, placed: Placed, prices: Floats | None) -> tuple[WholeHour, ...]:
    """What an hour a week more of each group saves, hours per week; prices [N]: the bound's node prices, None: there are none yet.

    Empty where there are none and the program is large.
    """
    if prices is None:
        if len(setting.instance.nodes) > MOST_CLIMBED:
            return ()
        prices = strengthened(setting, priced, placed, None, passes=PASSES).prices
    width = max(len(wing.members) for wing in setting.instance.wings)
    is_complete = width * len(setting.instance.nodes) <= MOST_ARCS
    full = priced_with(setting, priced.worth, None, placed.who, width=width) if is_complete else priced
    index = {p.id: i for i, p in enumerate(setting.instance.practitioners)}
    today, rows = _least_weeks(setting, full, prices), []
    for key, members in sorted(groups_of(setting.case).items()):
        hers = np.array([index[person.id] for person in members], np.int64)
        grown = replace(setting, staff=with_an_hour(setting.staff, hers))
        rows.append(WholeHour(*key, hours=max(0.0, float((today - _least_weeks(grown, full, prices))[hers].sum()))))
    return tuple(rows)


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
