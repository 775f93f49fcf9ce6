"""Very large programs, region by region: tilings that shift from round to round, and what each region's search writes back.

Of the whole only a few bytes a unit are kept: who has it. A region (`region.cut_out`) is made where it is worked on and forgotten
afterwards, as many at a time as there are threads. Regions of one round share neither practitioners nor nodes, so the number of threads
changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

import numpy as np
from numba import njit

from evenload.planning.optimise.arrays import Floats, Instance, Ints
from evenload.planning.optimise.begin import Placed
from evenload.planning.optimise.candidates import Worth, is_small
from evenload.planning.optimise.records import Records
from evenload.planning.optimise.region import cut_out
from evenload.planning.optimise.setting import Priced, Setting
from evenload.planning.optimise.state import Board
from evenload.planning.optimise.threads import side_by_side
from evenload.planning.optimise.tiles import positions

MOST_PEOPLE = 256
"""Practitioners of a region at most."""

AT_ONCE = 8
"""Regions between two looks at the clock; `progress` is told after each such batch."""

SHARES = (0.5, 0.35, 0.65, 0.42, 0.58)
"""Where the first cuts lie, round by round."""


class Worked(NamedTuple):
    """What the search of a region ends with."""

    board: Board
    """holds the plan to be kept"""
    gain: float
    """by how much it is cheaper than what it began with, hours"""
    steps: int


Work = Callable[[Setting, Priced, int], Worked]
"""Searches a region: its setting, its prices, dice."""


def is_open_to_regions(setting: Setting, most_moves: int | None) -> bool:
    """Whether the program is one for small records, nobody has companions, nothing is protected, and moves are not limited."""
    instance = setting.instance
    return most_moves is None and not setting.case.robust and not len(instance.groups.node) and is_small(instance)


class Region(NamedTuple):
    """Practitioners int32[p] and nodes int32[n] that are searched together, both ascending; `part`: which disciplines."""

    people: Ints
    nodes: Ints
    part: int


class Regions:
    """The plan of a large program while its regions are worked on: who has each node, and what each week costs."""

    def __init__(self, setting: Setting, worth: Worth, beginning: Placed, cheapest: Ints) -> None:
        """`cheapest` int32[N]: the practitioner whom prices would give each node, −1 none."""
        self.setting, self.worth, self.beginning, self.cheapest = setting, worth, beginning, cheapest
        self.who, self.hours = beginning.who.copy(), beginning.hours
        self.weeks = np.full(len(setting.instance.practitioners), np.nan)
        self.where, self.parts = positions(setting.instance), _parts(setting.instance)
        self.is_done = np.zeros(len(self.who), np.bool_)
        self.steps, self.rounds = 0, 0

    def round(self, work: Work, is_over: Callable[[], bool], tell: Callable[[], None]) -> bool:
        """Works on the regions of one tiling; `tell` is called after each batch. False where it ended before all were worked on."""
        regions = list(self.laid())
        for first in range(0, len(regions), AT_ONCE):
            if is_over():
                return False
            some = regions[first : first + AT_ONCE]
            tasks = [partial(self._work_on, region, work, first + at) for at, region in enumerate(some)]
            done = side_by_side(tasks)
            self.hours -= sum(gain for gain, _ in done)
            self.steps += sum(steps for _, steps in done)
            tell()
        self.rounds += 1
        # Sums of changes drift; after each round the whole is counted anew.
        self.hours = float(self.weeks.sum() + self.setting.instance.waiting[self.who < 0].sum())
        return True

    @property
    def is_whole(self) -> bool:
        """Whether every region was worked on at least once: before, what is not done yet is not a plan."""
        return self.rounds > 0

    def so_far(self) -> Ints:
        """int32[N] a plan, also while the first round is not over: what is not done yet stays where it was, unless she has a new week."""
        if self.is_whole:
            return self.who
        is_new = ~np.isnan(self.weeks)
        is_left = ~self.is_done & (self.who >= 0) & is_new[np.maximum(self.who, 0)]
        return np.where(is_left, -1, self.who).astype(np.int32)

    def _work_on(self, region: Region, work: Work, number: int) -> tuple[float, int]:
        """Works on one region and writes its plan back; returns its gain and the steps it took."""
        people, nodes = region.people, region.nodes
        place = np.full(len(self.weeks) + 1, -1, np.int32)
        place[people] = np.arange(len(people), dtype=np.int32)
        setting, priced = cut_out(self.setting, self.worth, people, nodes, place[self.who[nodes]])
        worked = work(setting, priced, 1_000 * self.rounds + number)
        own = worked.board.nodes["who"]
        self.weeks[people] = week_prices(worked.board.arcs, worked.board.nodes, worked.board.people)
        self.who[nodes] = np.where(own >= 0, people[np.maximum(own, 0)], -1)
        self.is_done[nodes] = True
        return worked.gain, worked.steps

    def laid(self) -> Iterator[Region]:
        """The regions of this round."""
        region_of = np.empty(len(self.weeks), np.int32)
        place, tile = self.setting.instance.units, np.full(len(self.who), -1, np.int32)
        tiles: list[tuple[Ints, int]] = []
        for part, (people, nodes) in enumerate(self.parts):
            waiting = nodes[self.who[nodes] < 0]
            points = place.place[place.start[waiting]]
            middle = self.where[people].mean(axis=0)
            points = np.where(np.isnan(points), middle, points)
            for members, own in self._cut(people, points, np.arange(len(waiting))):
                region_of[members] = len(tiles)
                tile[waiting[own]] = len(tiles)
                tiles.append((np.sort(members), part))
        whose = self.who if self.is_whole else np.where(self.cheapest >= 0, self.cheapest, self.who)
        tile[whose >= 0] = region_of[whose[whose >= 0]]
        order = np.argsort(tile, kind="stable").astype(np.int32)
        edges = np.searchsorted(tile[order], np.arange(len(tiles) + 1))
        for number, (people, part) in enumerate(tiles):
            yield Region(people, np.ascontiguousarray(order[edges[number] : edges[number + 1]]), part)

    def _cut(self, people: Ints, points: Floats, own: Ints, depth: int = 0) -> Iterator[tuple[Ints, Ints]]:
        """Halves of halves of at most MOST_PEOPLE; what waits (its rows `own` of points [n, 2]) goes where its place is."""
        if len(people) <= MOST_PEOPLE:
            yield people, own
            return
        axis = (depth + self.rounds) % 2
        share = SHARES[self.rounds % len(SHARES)] if depth < 2 else 0.5
        order = people[np.argsort(self.where[people, axis], kind="stable")]
        middle = max(1, min(len(order) - 1, int(len(order) * share)))
        is_left = points[own, axis] < self.where[order[middle], axis]
        yield from self._cut(order[:middle], points, own[is_left], depth + 1)
        yield from self._cut(order[middle:], points, own[~is_left], depth + 1)


def _parts(instance: Instance) -> list[tuple[Ints, Ints]]:
    """Practitioners and nodes of the disciplines that share practitioners, both ascending; whom nobody needs is with the first."""
    groups: list[tuple[set[int], list[int]]] = []
    for number, wing in enumerate(instance.wings):
        members, numbers = set(wing.members.tolist()), [number]
        for other in [group for group in groups if group[0] & members]:
            members, numbers = members | other[0], other[1] + numbers
            groups.remove(other)
        groups.append((members, numbers))
    groups[0][0].update(set(range(len(instance.practitioners))).difference(*(members for members, _ in groups)))
    return [
        (np.array(sorted(members), np.int32), np.sort(np.concatenate([instance.wings[number].nodes for number in numbers])))
        for members, numbers in groups
    ]


@njit(cache=True, nogil=True)
def week_prices(arcs: Records, nodes: Records, people: Records) -> Floats:
    """[P] what each week on the board costs: its load, its totals and its arcs."""
    price = np.empty(len(people))
    for p in range(len(people)):
        price[p] = people[p].load_hours + people[p].totals_hours
    for n in range(len(nodes)):
        if nodes[n].slot >= 0:
            price[nodes[n].who] += arcs[n, nodes[n].slot].cost
    return price
