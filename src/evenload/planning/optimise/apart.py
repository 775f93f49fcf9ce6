"""Prices crowd by crowd: an ascent, all pairs of the crowd, a second ascent, and all pairs again; no crowd waits for another.

An ascent is one thread's work, so with more crowds than cores some thread would stand still at each; here it prices another crowd's pairs
in the meantime. Nothing that one crowd reads is written by another, so the result is the same for any number of threads.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np

from evenload.planning.optimise.candidates import Listing, Worth
from evenload.planning.optimise.dual import Demand, Rooms
from evenload.planning.optimise.levels import Crowd, climb_by_levels, even_prices
from evenload.planning.optimise.records import Records
from evenload.planning.optimise.relisted import before_of, relisting_tasks
from evenload.planning.optimise.threads import Chain, in_chains

Climbs = tuple[tuple[int, tuple[float, float]], ...]
"""Of each ascent: passes, and first and last step in hours per hour."""


class Apart:
    """Two ascents, each followed by a list of the cheapest arcs under its prices: a lean one, then a usual one."""

    def __init__(self, rooms: Rooms, crowds: Sequence[Crowd], climbs: Climbs, lists: tuple[Listing, Listing]) -> None:
        people = len(rooms.size)
        self.rooms, self.crowds, self.climbs, self.lists = rooms, crowds, climbs, lists
        self.worth = [Worth(np.zeros(people), np.zeros(people), 0.0) for _ in lists]
        self.promised = np.zeros(len(crowds))
        """what each crowd's last ascent proves over the listed arcs"""

    def run(self, rows: Records, demand: Demand) -> None:
        """Fills lists and prices. rows: from `open_rows`, the arcs that the first ascents look at; demand: what belongs to them."""
        in_chains([*(self._chain(number, rows, demand) for number in range(len(self.crowds))), self._nobodys()])

    def _chain(self, number: int, rows: Records, demand: Demand) -> Chain:
        crowd, (lean, usual), (first, second) = self.crowds[number], self.lists, self.worth
        wings = [wing for wing in lean.instance.wings if np.isin(wing.members[:1], crowd.people).any()]
        yield [partial(self._climb, 0, number, rows, demand)]
        yield [task for wing in wings for task in lean.tasks(wing, first)]
        demand = demand._replace(waiting_moves=lean.found.waiting_moves, degree=lean.found.degree)
        yield [partial(self._climb, 1, number, lean.arcs, demand)]
        before = before_of(lean.instance, lean.listed(), first, second)
        yield [task for wing in wings for task in relisting_tasks(usual, wing, second, before)]

    def _nobodys(self) -> Chain:
        """Wings without practitioners are in no crowd."""
        wings = [wing for wing in self.lists[0].instance.wings if not len(wing.members)]
        yield [task for wing in wings for one, worth in zip(self.lists, self.worth, strict=True) for task in one.tasks(wing, worth)]

    def _climb(self, ascent: int, number: int, rows: Records, demand: Demand) -> None:
        crowd, (passes, steps) = self.crowds[number], self.climbs[ascent]
        start = self.worth[0] if ascent else even_prices(rows, demand, self.rooms, [crowd])
        found = climb_by_levels(rows, demand, self.rooms, start, [crowd], passes=passes, steps=steps, is_thinned=True)
        self.worth[ascent].minute[crowd.people] = found.worth.minute[crowd.people]
        self.worth[ascent].trip[crowd.people] = found.worth.trip[crowd.people]
        self.promised[number] = found.hours
