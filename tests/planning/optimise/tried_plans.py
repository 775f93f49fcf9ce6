"""The cheapest plan of a small tight program, by trying every one."""

from __future__ import annotations

from itertools import product

import numpy as np

from evenload.planning.optimise.fill import Items
from evenload.planning.optimise.margins import Arcs

PEOPLE, NODES = 3, 8


def cheapest_by_trying(rows: Items | Arcs) -> float:
    """Its price where every one of PEOPLE may take each of NODES nodes; infinite where nothing fits."""
    cost, load = rows.cost.reshape(PEOPLE, NODES), rows.load.reshape(PEOPLE, NODES)
    best, nodes = np.inf, np.arange(NODES)
    for choice in product(range(PEOPLE), repeat=NODES):
        who = np.array(choice)
        if (np.bincount(who, load[who, nodes], PEOPLE) <= rows.room).all():
            best = min(best, cost[who, nodes].sum())
    return float(best)
