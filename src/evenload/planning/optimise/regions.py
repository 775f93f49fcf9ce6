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
from numpy.typing import NDArray

from evenload.planning.optimise.arrays import Floats, Instance, Ints
from evenload.planning.optimise.begin import NO_LIMIT, board_for, by_regret
from evenload.planning.optimise.candidates import Worth, is_small
from evenload.planning.optimise.greedy import insert
from evenload.planning.optimise.records import PERSON, Records
from evenload.planning.optimise.region import cut_out
from evenload.planning.optimise.setting import Priced, Setting
from evenload.planning.optimise.state import Board
from evenload.planning.optimise.threads import in_turn
from evenload.planning.optimise.tiles import positions
from evenload.planning.optimise.week_rows import Start

MOST_PEOPLE = 640
"""Practitioners of a region at most."""

FILLED_AT_ONCE = 50_000
"""Waiting nodes that places are looked for at a time, everybody's room beside them."""

WEEK = ("load", "trips", "clients", "travel", "load_hours", "totals_hours")
"""What a week holds and costs, its arcs aside."""

SHARES = (0.5, 0.35, 0.65, 0.42, 0.58)
"""Where the first cuts lie, round by round."""


class Worked(NamedTuple):
    """What the search of a region ends with."""

    board: Board
    """holds the plan to be kept"""
    steps: int


Work = Callable[[Setting, Priced, Start | None, int], Worked]
"""Searches a region: its setting, its prices, those of its nodes where they were looked for, dice."""


class NodePrices(NamedTuple):
    """Prices that were looked for: of nodes float32[N], and of loads float64[P] beside them."""

    nodes: NDArray[np.float32]
    minute: Floats


class _Done(NamedTuple):
    """What is kept of a region's search: who has each node, the weeks as records and what they cost, the steps it took."""

    who: Ints
    people: Records
    weeks: Floats
    steps: int


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
    """The plan of a large program while its regions are worked on: who has each node, what each week holds, and what it costs."""

    def __init__(self, setting: Setting, worth: Worth, cheapest: Ints) -> None:
        """`cheapest` int32[N]: the practitioner whom prices would give each node, −1 none: hers is the region where it is placed first."""
        self.setting, self.worth, self.cheapest = setting, worth, cheapest
        self.who: Ints = np.full(len(cheapest), -1, np.int32)
        self.people: Records = np.zeros(len(setting.instance.practitioners), PERSON)
        self.weeks = np.zeros(len(self.people))
        self.where, self.parts = positions(setting.instance), _parts(setting.instance)
        self.found: NodePrices | None = None
        self.steps, self.rounds = 0, 0

    def round(self, work: Work, is_late: Callable[[], bool], tell: Callable[[], None]) -> None:
        """Works on the regions of one tiling, those that are begun before it is late; `tell` is called after each."""
        regions, is_whole = list(self.laid()), True
        tasks = [partial(self._worked, region, work, number, is_late) for number, region in enumerate(regions)]
        for region, done in zip(regions, in_turn(tasks), strict=True):
            if done is None:
                is_whole = False
                continue
            self._take(region, done)
            tell()
        self.rounds += is_whole
        self.cheapest = self.cheapest[:0]

    @property
    def hours(self) -> float:
        """What the plan costs; after the first round it is one."""
        return float(self.weeks.sum() + self.setting.instance.waiting[self.who < 0].sum())

    def _worked(self, region: Region, work: Work, number: int, is_late: Callable[[], bool]) -> _Done | None:
        """What the search of one region ends with; None: it was late."""
        if is_late():
            return None
        people, nodes = region.people, region.nodes
        place = np.full(len(self.weeks) + 1, -1, np.int32)
        place[people] = np.arange(len(people), dtype=np.int32)
        holder = self.who[nodes] if self.rounds else self.setting.current[nodes]
        setting, priced = cut_out(self.setting, self.worth, people, nodes, place[holder])
        board, steps = work(setting, priced, self._start(region), 1_000 * self.rounds + number)
        own = board.nodes["who"]
        who: Ints = np.where(own >= 0, people[np.maximum(own, 0)], -1).astype(np.int32)
        return _Done(who, board.people, week_prices(board.arcs, board.nodes, board.people), steps)

    def _take(self, region: Region, done: _Done) -> None:
        """Writes a region's plan back."""
        self.who[region.nodes], self.people[region.people], self.weeks[region.people] = done.who, done.people, done.weeks
        self.steps += done.steps

    def _start(self, region: Region) -> Start | None:
        if self.found is None:
            return None
        prices = self.found.nodes[region.nodes].astype(np.float64)
        return Start(prices, self.found.minute[region.people], self.worth.trip[region.people], 0.0)

    def fill(self) -> None:
        """Nothing waits beside room that is cheaper than waiting, whichever region it is in."""
        waiting, people = np.flatnonzero(self.who < 0).astype(np.int32), np.arange(len(self.people), dtype=np.int32)
        for first in range(0, len(waiting), FILLED_AT_ONCE):
            nodes = waiting[first : first + FILLED_AT_ONCE]
            setting, priced = cut_out(self.setting, self.worth, people, nodes, np.full(len(nodes), -1, np.int32))
            board = board_for(setting, priced)
            for name in WEEK:
                board.people[name] = self.people[name]
            insert(*board, by_regret(board), NO_LIMIT)
            self.weeks += week_prices(*board[:3]) - self.people["load_hours"] - self.people["totals_hours"]
            self.who[nodes] = board.nodes["who"]
            for name in WEEK:
                self.people[name] = board.people[name]

    def laid(self, most: int | None = None) -> Iterator[Region]:
        """The regions of this round, of `most` practitioners each (MOST_PEOPLE)."""
        region_of = np.empty(len(self.weeks), np.int32)
        place, tile = self.setting.instance.units, np.full(len(self.who), -1, np.int32)
        tiles: list[tuple[Ints, int]] = []
        whose = self.who if self.rounds else self.cheapest
        for part, (people, nodes) in enumerate(self.parts):
            waiting = nodes[whose[nodes] < 0]
            points = place.place[place.start[waiting]]
            middle = self.where[people].mean(axis=0)
            points = np.where(np.isnan(points), middle, points)
            for members, own in self._cut(people, points, np.arange(len(waiting)), most or MOST_PEOPLE):
                region_of[members] = len(tiles)
                tile[waiting[own]] = len(tiles)
                tiles.append((np.sort(members), part))
        tile[whose >= 0] = region_of[whose[whose >= 0]]
        order = np.argsort(tile, kind="stable").astype(np.int32)
        edges = np.searchsorted(tile[order], np.arange(len(tiles) + 1))
        for number, (people, part) in enumerate(tiles):
            yield Region(people, np.ascontiguousarray(order[edges[number] : edges[number + 1]]), part)

    def _cut(self, people: Ints, points: Floats, own: Ints, most: int, depth: int = 0) -> Iterator[tuple[Ints, Ints]]:
        """Halves of halves of at most so many; what waits (its rows `own` of points [n, 2]) goes where its place is."""
        if len(people) <= most:
            yield people, own
            return
        axis = (depth + self.rounds) % 2
        share = SHARES[self.rounds % len(SHARES)] if depth < 2 else 0.5
        order = people[np.argsort(self.where[people, axis], kind="stable")]
        middle = max(1, min(len(order) - 1, int(len(order) * share)))
        is_left = points[own, axis] < self.where[order[middle], axis]
        yield from self._cut(order[:middle], points, own[is_left], most, depth + 1)
        yield from self._cut(order[middle:], points, own[~is_left], most, depth + 1)


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
