"""What whole weeks prove of a very large program: prices of nodes found region by region, then counted over every eligible pair.

Any node prices u give a bound, Σ u + Σ practitioners' cheapest weeks at u (`knapsack`). They are looked for in regions with a margin of
neighbours, who compete for the nodes at the region's edge; each region keeps its own nodes' prices. Then the weeks of each region's
practitioners are filled once more from all nodes that anyone of them may take, wherever these are: those sums are the bound.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from evenload.planning.optimise.arrays import FREE, Floats, Instance, Ints, Longs
from evenload.planning.optimise.begin import Placed, board_for
from evenload.planning.optimise.knapsack import weeks_of, weigh_weeks
from evenload.planning.optimise.reach import reach_of
from evenload.planning.optimise.region import cut_out
from evenload.planning.optimise.regions import AT_ONCE, Region, Regions
from evenload.planning.optimise.strengthen import strengthened
from evenload.planning.optimise.threads import side_by_side
from evenload.planning.optimise.unlisted import least_excess

MARGIN = 128
"""Practitioners around a region who compete for its nodes."""

PASSES = 15
"""Fillings of all weeks of a region while prices are looked for."""


class RegionPrices:
    """Prices of nodes [N] of a whole program, and what they prove."""

    def __init__(self, regions: Regions) -> None:
        self.regions, self.setting, self.worth = regions, regions.setting, regions.worth
        self.prices: Floats = np.empty(0)
        self.points = _points(self.setting.instance)

    def is_open(self) -> bool:
        """Whether nodes are units without pins, and everybody's reach is bounded, so that a region's eligible nodes are near it."""
        instance = self.setting.instance
        reaches = [reach_of(wing, instance.scale) for wing in instance.wings]
        is_bounded = all(len(reach) == 0 or np.isfinite(reach).all() for reach in reaches)
        return is_bounded and len(instance.units.kind) == len(instance.nodes) and bool((instance.pinned == FREE).all())

    def proved(self, is_over: Callable[[], bool]) -> float:
        """Looks for prices and counts them: hours per week; −inf where it ended before everything was counted."""
        regions = list(self.regions.laid())
        nodes_of = _by_holder(self.regions.who, len(self.regions.weeks))
        found = np.minimum(self.prices if self.prices.size else np.inf, self.setting.instance.waiting)
        for task in (partial(self._climb, found, nodes_of, bool(self.prices.size)), partial(self._count, found)):
            hours = 0.0
            for first in range(0, len(regions), AT_ONCE):
                if is_over():
                    return -np.inf
                hours += sum(side_by_side([partial(task, region) for region in regions[first : first + AT_ONCE]]))
        self.prices = found
        return float(found.sum()) + hours

    def _climb(self, prices: Floats, nodes_of: Callable[[Ints], Longs], again: bool, region: Region) -> float:
        """Writes prices of the region's own nodes."""
        people = np.sort(np.concatenate([region.people, self._margin(region)]))
        is_waiting = self.regions.who[region.nodes] < 0
        nodes = np.sort(np.concatenate([nodes_of(people), region.nodes[is_waiting]])).astype(np.int32)
        place = np.full(len(self.regions.weeks) + 1, -1, np.int32)
        place[people] = np.arange(len(people), dtype=np.int32)
        who = place[self.regions.who[nodes]]
        setting, priced = cut_out(self.setting, self.worth, people, nodes, who)
        start = prices[nodes] if again else None
        climbed = strengthened(setting, priced, Placed(who, 0.0, 0), None, passes=PASSES, start=start)
        own = climbed.prices[np.searchsorted(nodes, region.nodes)]
        prices[region.nodes] = np.minimum(own, self.setting.instance.waiting[region.nodes])
        return 0.0

    def _margin(self, region: Region) -> Ints:
        """The nearest practitioners beside the region, of those whom its disciplines share."""
        where, others = self.regions.where, np.setdiff1d(self.regions.parts[region.part][0], region.people)
        box = where[region.people]
        scale = np.array([1.0, np.cos(np.radians(box[:, 0].mean()))])
        far = np.maximum(np.maximum(box.min(axis=0) - where[others], where[others] - box.max(axis=0)), 0.0) * scale
        nearest: Ints = others[np.argsort(far.max(axis=1), kind="stable")[:MARGIN]]
        return nearest

    def _count(self, prices: Floats, region: Region) -> float:
        """What the cheapest weeks of the region's practitioners cost at these prices [N], over every node that any of them may take."""
        nodes = self._eligible(region)
        setting, priced = cut_out(self.setting, self.worth, region.people, nodes, np.full(len(nodes), -1, np.int32))
        board, own, everybody = board_for(setting, priced), prices[nodes], np.arange(len(region.people), dtype=np.int32)
        if not len(nodes):
            return float(board.people["load_hours"].sum())
        weeks = weeks_of(setting, priced, board, np.arange(len(nodes), dtype=np.int32), everybody)
        minute, values, bounds = priced.worth.minute.copy(), np.empty(len(everybody)), np.empty(len(everybody))
        weigh_weeks(weeks, own, minute, np.empty(len(weeks.node)), values, bounds)
        worth = priced.worth._replace(minute=minute)
        excess = least_excess(setting.instance, setting.exact, priced.listed, worth, own, weeks.room)
        limit = setting.rooms.trip_limit
        credit = float((worth.trip * np.where(np.isfinite(limit), limit, 0.0)).sum())
        return float(np.minimum(values, bounds + excess).sum()) - credit

    def _eligible(self, region: Region) -> Ints:
        """Every node of the region's disciplines that may lie within anybody's reach, ascending; those without a place too."""
        instance, nodes = self.setting.instance, self.regions.parts[region.part][1]
        wings = [wing for wing in instance.wings if (wing.column[region.people] >= 0).any()]
        if any(len(reach_of(wing, instance.scale)) == 0 for wing in wings):
            return nodes
        base = np.concatenate([wing.base[:, wing.column[region.people[wing.column[region.people] >= 0]]] for wing in wings], axis=1)
        farthest = max(float(reach_of(wing, instance.scale).max()) for wing in wings)
        middle = base.mean(axis=1)
        radius = float(np.sqrt(((base - middle[:, None]) ** 2).sum(axis=0).max())) + farthest + 1e-9
        off = self.points[:, nodes] - middle[:, None].astype(np.float32)
        # The points are kept in half the room: 1e-6 of the earth's radius, six metres, is more than what that loses.
        return nodes[~((off * off).sum(axis=0) > (radius + 1e-6) ** 2)]


def _points(instance: Instance) -> Floats:
    """float32[3, N]: points on the unit sphere of the nodes' first units, NaN where the place is unknown."""
    lat, lon = np.radians(instance.units.place[instance.units.start[:-1]].T)
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)]).astype(np.float32)


def _by_holder(who: Ints, people: int) -> Callable[[Ints], Longs]:
    """The nodes of any practitioners."""
    order = np.argsort(who, kind="stable").astype(np.int32)
    edges = np.searchsorted(who[order], np.arange(people + 1))

    def nodes_of(some: Ints) -> Longs:
        return np.concatenate([order[edges[p] : edges[p + 1]] for p in some.tolist()])

    return nodes_of
