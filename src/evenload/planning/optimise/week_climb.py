"""Good prices of nodes for whole programs: the ascent of `climb` over the fast weeks of `week_fill`, parts and pieces side by side.

What these prices prove is counted elsewhere, by `strengthen`; here they are only looked for.
"""

from __future__ import annotations

import threading
from functools import partial
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numba import njit

from evenload.planning.optimise.arrays import FREE, Ints, Longs
from evenload.planning.optimise.begin import board_for
from evenload.planning.optimise.fill import Open
from evenload.planning.optimise.parts import listed_parts
from evenload.planning.optimise.setting import Priced, Setting, priced_with
from evenload.planning.optimise.state import Board, place_all
from evenload.planning.optimise.strengthen import MOST_ARCS, scale_of
from evenload.planning.optimise.threads import side_by_side
from evenload.planning.optimise.week_fill import Items, Scratch, fill_person, move_prices, opened, scratch_of
from evenload.planning.optimise.week_rows import Start, field_of

PIECES = 8
"""Pieces in which the weeks of a part are filled side by side."""

SMALL = 60
"""Parts of up to so many practitioners are filled in one piece each."""


class Ascent(NamedTuple):
    """How far an ascent goes: weeks filled in all passes together, and first and last step as shares of `Start.scale`."""

    weeks: int
    steps: tuple[float, float]


FIRST, AGAIN = Ascent(20_000, (0.1, 0.004)), Ascent(30_000, (0.03, 0.001))
LEAST_PASSES, MOST_PASSES = 15, 1_000
AGAIN_AFTER = (96, 480, 1920, 7680)
"""Rounds of dives after which prices are looked for again, and the solver looks where the program is small."""

PASSES_TO_COUNT = 2
"""Passes of `strengthen` in which it is counted what prices prove."""


def start_of(priced: Priced) -> Start:
    """Where prices of nodes start: from those of loads."""
    return Start(priced.listed.node_hours, priced.worth.minute, priced.worth.trip, 0.0)


def climbed_over_all(setting: Setting, priced: Priced, who: Ints, start: Start, ascent: Ascent) -> Start:
    """Better prices of nodes and loads, over all arcs where these fit into memory; who int32[N]: a plan whose arcs are listed."""
    return climbing_over_all(setting, priced, who, start).climbed(ascent)


def climbing_over_all(setting: Setting, priced: Priced, who: Ints, start: Start) -> Climbing:
    """The same ascent, about to begin."""
    width = max(len(wing.members) for wing in setting.instance.wings)
    is_complete = width * len(setting.instance.nodes) <= MOST_ARCS
    full = priced_with(setting, priced.worth, None, who, width=width) if is_complete else priced
    board = board_for(setting, full)
    pinned = setting.instance.pinned
    place_all(*board, np.where(pinned > FREE, pinned, -1).astype(np.int32))
    parts = listed_parts(full.listed.arcs, full.listed.degree, setting.instance.groups, len(board.people))
    return Climbing(board, parts, start._replace(scale=scale_of(board)))


class Climbing:
    """An ascent that may begin: what it needs of the board is copied, so that the arcs may be forgotten where memory is short."""

    def __init__(self, board: Board, parts: list[tuple[Ints, Ints]], start: Start) -> None:
        self.start, self.climbs = start, [_Climb(board, nodes, people, start) for nodes, people in parts]

    def climbed(self, ascent: Ascent) -> Start:
        """Better prices."""
        return _climbed(self.climbs, self.start, ascent)


def _climbed(climbs: list[_Climb], start: Start, ascent: Ascent) -> Start:
    prices, minute = start.prices.copy(), start.minute.copy()
    passes = min(MOST_PASSES, max(LEAST_PASSES, ascent.weeks // len(minute)))
    step, shrink = ascent.steps[0] * start.scale, (ascent.steps[1] / ascent.steps[0]) ** (1 / passes)
    for _ in range(passes):
        side_by_side([task for climb in climbs for task in climb.tasks()])
        side_by_side([partial(climb.advance, step) for climb in climbs])
        step *= shrink
    for climb in climbs:
        prices[climb.field.nodes] = climb.best_price
        minute[climb.field.people] = climb.state.minute
    return start._replace(prices=prices, minute=minute)


class _Climb:
    """The ascent of one part."""

    def __init__(self, board: Board, nodes: Ints, people: Ints, start: Start) -> None:
        self.field = field_of(board, nodes, people, start.trip, is_for_prices=True)
        items, count = self.field.items, len(self.field.nodes)
        self.state: Open = opened(items, start.prices[self.field.nodes], start.minute[people])
        pieces = 1 if len(people) <= SMALL else PIECES
        self.edges = list(pairwise(len(people) * piece // pieces for piece in range(pieces + 1)))
        self.own = threading.local()  # of each thread: its scratch, however many pieces it fills
        self.taken, self.value = np.zeros((pieces, count), np.int64), np.zeros(pieces)
        self.mean, self.square = np.zeros(count), np.zeros(count)
        self.best, self.best_price = -np.inf, self.state.price.copy()

    def tasks(self) -> list[partial[None]]:
        """Fillings of the pieces."""
        return [partial(self._fill, piece) for piece in range(len(self.edges))]

    def _fill(self, piece: int) -> None:
        first, last = self.edges[piece]
        scratch: Scratch | None = getattr(self.own, "scratch", None)
        if scratch is None:
            scratch = self.own.scratch = scratch_of(self.field.items, is_quick=False)
        self.value[piece] = _fill_some(self.field.items, self.state, scratch, first, last, self.taken[piece])

    def advance(self, step: float) -> None:
        """One step of every price."""
        value = float(self.state.price.sum() + self.value.sum())
        if value > self.best:
            self.best = value
            self.best_price[:] = self.state.price
        self.state.taken[:] = self.taken.sum(axis=0)
        move_prices(self.field.items, self.state, self.mean, self.square, step)


@njit(cache=True, nogil=True)
def _fill_some(items: Items, state: Open, scratch: Scratch, first: int, last: int, taken: Longs) -> float:
    """Fills the weeks from `first` to before `last`; counts in taken [n] how often each node was taken."""
    total = 0.0
    taken[:] = 0
    for p in range(first, last):
        total += fill_person(items, state, scratch, p)
        for t in range(state.size[p]):
            taken[items.node[state.column[p, t]]] += 1
    return total
