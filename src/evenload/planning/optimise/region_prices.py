"""What whole weeks prove of a very large program: prices of nodes found region by region, then counted over every eligible pair.

Any node prices u give a bound, Σ u + Σ practitioners' cheapest weeks at u (`knapsack`). They are looked for in regions with a margin of
neighbours, who compete for the nodes at the region's edge; each region keeps its own nodes' prices. Then the weeks of each region's
practitioners are filled once more from all nodes that anyone of them may take, wherever these are: those sums are the bound.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial

import numpy as np

from evenload.planning.optimise.arrays import FREE, Floats, Instance, Ints, Longs, starts
from evenload.planning.optimise.begin import board_for
from evenload.planning.optimise.knapsack import Weeks, weeks_of, weigh_weeks
from evenload.planning.optimise.reach import reach_of
from evenload.planning.optimise.region import cut_out
from evenload.planning.optimise.regions import NodePrices, Region, Regions
from evenload.planning.optimise.setting import Priced
from evenload.planning.optimise.threads import cores, in_turn
from evenload.planning.optimise.unlisted import least_excess
from evenload.planning.optimise.week_climb import Ascent, climbing_over_all, start_of

MOST_PEOPLE = 320
"""Practitioners of a region at most while prices are looked for: with the margin, and with all nodes about, there is much more of it."""

MARGIN = 0.5
"""Practitioners around a region who compete for its nodes, as a share of its own."""

BLOCK = 8_192
"""Nodes that are looked through at a time where all about a region are."""


class RegionPrices:
    """Prices of nodes of a whole program, and what they prove."""

    def __init__(self, regions: Regions) -> None:
        self.regions, self.setting, self.worth = regions, regions.setting, regions.worth
        # Half of those who work hold arcs at a time.
        self.cutting = threading.Semaphore(max(1, cores() // 2))

    def is_open(self) -> bool:
        """Whether nodes are units without pins, and everybody's reach is bounded, so that a region's eligible nodes are near it."""
        instance = self.setting.instance
        reaches = [reach_of(wing, instance.scale) for wing in instance.wings]
        is_bounded = all(len(reach) == 0 or np.isfinite(reach).all() for reach in reaches)
        return is_bounded and len(instance.units.kind) == len(instance.nodes) and bool((instance.pinned == FREE).all())

    def look(self, ascent: Ascent, is_late: Callable[[], bool]) -> None:
        """Looks for better prices (`Regions.found`), in the regions that are begun before it is late."""
        regions = list(self.regions.laid(MOST_PEOPLE))
        nodes_of = _by_holder(self.regions.who, len(self.regions.weeks))
        found = self.regions.found
        # What was found before is read by all: where margins overlap, nobody sees whose turn it was.
        held = NodePrices(self.setting.instance.waiting.astype(np.float32), self.worth.minute.copy())
        if found is not None:
            held.nodes[:], held.minute[:] = found
        tasks = [partial(self._climbed, region, nodes_of, found, ascent, is_late) for region in regions]
        for region, climbed in zip(regions, in_turn(tasks), strict=True):
            if climbed is not None:
                held.nodes[region.nodes], held.minute[region.people] = climbed
        self.regions.found = held

    def proved(self, is_late: Callable[[], bool]) -> float:
        """What the prices prove, hours per week; −inf where it was late before everything was counted."""
        assert self.regions.found is not None
        prices, points = self.prices(), _points(self.setting.instance)
        # One after the other: what may be eligible about a region is several times the region, and memory is short.
        return float(prices.sum()) + sum(self._count(prices, points, is_late, region) for region in self.regions.laid(MOST_PEOPLE))

    def prices(self) -> Floats:
        """[N]"""
        assert self.regions.found is not None
        return np.minimum(self.regions.found.nodes, self.setting.instance.waiting)

    def _climbed(
        self, region: Region, nodes_of: Callable[[Ints], Longs], found: NodePrices | None, ascent: Ascent, is_late: Callable[[], bool]
    ) -> tuple[Floats, Floats] | None:
        """Prices of the region's nodes, and of its loads; None: it was late."""
        if is_late():
            return None
        people = np.sort(np.concatenate([region.people, self._margin(region)]))
        is_waiting = self.regions.who[region.nodes] < 0
        nodes = np.sort(np.concatenate([nodes_of(people), region.nodes[is_waiting]])).astype(np.int32)
        place = np.full(len(self.regions.weeks) + 1, -1, np.int32)
        place[people] = np.arange(len(people), dtype=np.int32)
        who = place[self.regions.who[nodes]]
        with self.cutting:
            setting, priced = cut_out(self.setting, self.worth, people, nodes, who)
            start = start_of(priced)
            if found is not None:
                start = start._replace(prices=found.nodes[nodes].astype(np.float64), minute=found.minute[people])
            climbing = climbing_over_all(setting, priced, who, start)
            del setting, priced, start, who  # the region's arcs are half of what an ascent would hold
        climbed = climbing.climbed(ascent)
        return climbed.prices[np.searchsorted(nodes, region.nodes)], climbed.minute[np.searchsorted(people, region.people)]

    def _margin(self, region: Region) -> Ints:
        """The nearest practitioners beside the region, of those whom its disciplines share."""
        where, others = self.regions.where, np.setdiff1d(self.regions.parts[region.part][0], region.people)
        box = where[region.people]
        scale = np.array([1.0, np.cos(np.radians(box[:, 0].mean()))])
        far = np.maximum(np.maximum(box.min(axis=0) - where[others], where[others] - box.max(axis=0)), 0.0) * scale
        nearest: Ints = others[np.argsort(far.max(axis=1), kind="stable")[: int(MARGIN * len(region.people))]]
        return nearest

    def _count(self, prices: Floats, points: Floats, is_late: Callable[[], bool], region: Region) -> float:
        """What the cheapest weeks of the region's practitioners cost at these prices [N], over every node that any of them may take."""
        if is_late():
            return -np.inf
        nodes = self._eligible(region, points)
        people, nobody = np.arange(len(region.people), dtype=np.int32), region.people[:0]
        empty, unlisted = cut_out(self.setting, self.worth, region.people, nobody, nobody)
        board = board_for(empty, unlisted)
        if not len(nodes):
            return float(board.people["load_hours"].sum())
        own, waits = prices[nodes], np.full(len(nodes), -1, np.int32)
        setting, priced = cut_out(self.setting, self.worth, region.people, nodes, waits, is_lean=True)
        weeks = with_gains(weeks_of(empty, unlisted, board, nobody, people), priced, own, setting.instance.trips)
        minute, values, bounds = priced.worth.minute.copy(), np.empty(len(people)), np.empty(len(people))
        weigh_weeks(weeks, own, minute, np.empty(len(weeks.node)), values, bounds)
        worth = priced.worth._replace(minute=minute)
        excess = least_excess(setting.instance, setting.exact, priced.listed, worth, own, weeks.room)
        limit = setting.rooms.trip_limit
        credit = float((worth.trip * np.where(np.isfinite(limit), limit, 0.0)).sum())
        return float(np.minimum(values, bounds + excess).sum()) - credit

    def _eligible(self, region: Region, points: Floats) -> Ints:
        """Every node of the region's disciplines that may lie within anybody's reach, ascending; those without a place too."""
        instance, nodes = self.setting.instance, self.regions.parts[region.part][1]
        wings = [wing for wing in instance.wings if (wing.column[region.people] >= 0).any()]
        if any(len(reach_of(wing, instance.scale)) == 0 for wing in wings):
            return nodes
        base = np.concatenate([wing.base[:, wing.column[region.people[wing.column[region.people] >= 0]]] for wing in wings], axis=1)
        farthest = max(float(reach_of(wing, instance.scale).max()) for wing in wings)
        middle = base.mean(axis=1)
        radius = float(np.sqrt(((base - middle[:, None]) ** 2).sum(axis=0).max())) + farthest + 1e-9
        near = []
        for first in range(0, len(nodes), BLOCK):
            some = nodes[first : first + BLOCK]
            off = points[:, some] - middle[:, None].astype(np.float32)
            # The points are kept in half the room: 1e-6 of the earth's radius, six metres, is more than what that loses.
            near.append(some[~((off * off).sum(axis=0) > (radius + 1e-6) ** 2)])
        return np.concatenate([nodes[:0], *near])


def with_gains(empty: Weeks, priced: Priced, prices: Floats, trips: Floats) -> Weeks:
    """Weeks without items, given those that gain anything at these prices of nodes [n]: no cheapest week has any other.

    Without one that costs more than its node's price, and more than its minutes bring at the steepest fall of the price of load, a week
    is no dearer. Beside `knapsack.weeks_of` this needs a small part of the room: most of what is eligible is far away and gains nothing.
    """
    arcs, trip, reward = priced.listed.arcs, priced.worth.trip, np.minimum(empty.least_slope, 0.0)
    found: list[tuple[Ints, Ints, Ints, Floats]] = []
    for first in range(0, len(arcs), BLOCK):
        some, within = arcs[first : first + BLOCK], slice(first, first + BLOCK)
        to, load = some["to"].astype(np.int32), some["load"].astype(np.int32)
        cost = some["cost"] + trip[to] * trips[within, None]
        is_item = np.arange(arcs.shape[1]) < priced.listed.degree[within, None]
        is_item &= (load <= empty.room[to]) & (prices[within, None] - cost > reward[to] * load)
        n, k = np.nonzero(is_item)
        found.append(((n + first).astype(np.int32), to[n, k], load[n, k], cost[n, k]))
    node, to, load, cost = (np.concatenate(column) for column in zip(*found, strict=True))
    order = np.argsort(to, kind="stable")
    start = starts(np.bincount(to, minlength=len(empty.people)))
    return empty._replace(start=start, node=node[order], load=load[order], cost=cost[order])


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
