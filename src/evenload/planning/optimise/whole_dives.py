"""A plan for a whole program out of good prices of nodes: weeks are closed many at a time, those that nobody contests first.

`week_dive` closes one practitioner after another, which is what the last percent needs and what large programs have no time for. Here a
few passes over all that is open move the prices, then every practitioner whose nodes were hers most steadily, and whose week shares no
node with one closed just before, keeps it. What nobody takes in the end waits.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import pairwise

import numpy as np
from numba import njit

from evenload.planning.optimise.arrays import FREE, Floats, Ints, Longs
from evenload.planning.optimise.begin import NO_LIMIT, Placed, board_for, by_regret, placed_on
from evenload.planning.optimise.fill import Open
from evenload.planning.optimise.greedy import insert
from evenload.planning.optimise.limit import never
from evenload.planning.optimise.parts import listed_parts
from evenload.planning.optimise.setting import Priced, Setting
from evenload.planning.optimise.state import Board, place_all
from evenload.planning.optimise.threads import side_by_side
from evenload.planning.optimise.week_fill import Items, Scratch, fill_person, move_prices, opened, scratch_of
from evenload.planning.optimise.week_rows import Start, field_of

PIECES = 8
"""Pieces in which the weeks of a part are filled side by side."""

PASSES = 20
"""Passes over all open weeks before each closing."""

STEP = 0.2
"""Step of a node's price as a share of how far its good arcs are apart."""

CLOSED = 0.2
"""Share of the open practitioners that is closed at a time, at most."""

FADING = 0.5
"""What passes before the last closing count for steadiness."""


FEW_LEFT = 0.01
"""of all nodes"""


def begun(setting: Setting, priced: Priced, board: Board, start: Start, *, is_late: Callable[[], bool] = never) -> Placed:
    """A plan from these prices; what waits after the dive is inserted where there is room. The board is left with it."""
    who = whole_plan(setting, priced, start, is_late=is_late)
    order = by_regret(board)
    place_all(*board, who)
    insert(*board, order, NO_LIMIT)
    return placed_on(board)


def are_few_left(placed: Placed) -> bool:
    """Whether hardly anything waits, but something does: room for it is to be gathered from many weeks."""
    waiting = int((placed.who < 0).sum())
    return 0 < waiting <= FEW_LEFT * len(placed.who)


def whole_plan(setting: Setting, priced: Priced, start: Start, *, is_late: Callable[[], bool] = never) -> Ints:
    """int32[N]: who has each node (−1 waits), from these prices of nodes and loads; arcs as `priced` lists them.

    Once `is_late`, whoever is open is left without a week.
    """
    board = board_for(setting, priced)
    pinned = setting.instance.pinned
    who: Ints = np.where(pinned > FREE, pinned, -1).astype(np.int32)
    place_all(*board, who)
    parts = listed_parts(priced.listed.arcs, priced.listed.degree, setting.instance.groups, len(board.people))
    dives = [_Whole(board, nodes, people, start) for nodes, people in parts]
    del board
    while (open_dives := [dive for dive in dives if dive.left]) and not is_late():
        for _ in range(PASSES):
            side_by_side([task for dive in open_dives for task in dive.tasks()])
            side_by_side([partial(dive.advance) for dive in open_dives])
        side_by_side([task for dive in open_dives for task in dive.tasks()])
        side_by_side([partial(dive.close) for dive in open_dives])
    for dive in dives:
        who[dive.field.nodes] = np.where(dive.who >= 0, dive.field.people[np.maximum(dive.who, 0)], -1)
    return who


class _Whole:
    """The dive of one part."""

    def __init__(self, board: Board, nodes: Ints, people: Ints, start: Start) -> None:
        self.field = field_of(board, nodes, people, start.trip, is_for_prices=True)
        items, count = self.field.items, len(self.field.nodes)
        self.state: Open = opened(items, start.prices[self.field.nodes], start.minute[people])
        pieces = min(PIECES, len(people))
        self.edges = list(pairwise(len(people) * piece // pieces for piece in range(pieces + 1)))
        self.scratch = [scratch_of(items, is_quick=True) for _ in self.edges]
        self.taken = np.zeros((pieces, count), np.int64)
        self.mean, self.square = np.zeros(count), np.full(count, 0.3)
        self.steady, self.step = np.zeros(len(items.node)), STEP * start.scale
        self.left, self.who = len(people), np.full(count, -1, np.int32)

    def tasks(self) -> list[partial[None]]:
        """Fillings of the pieces."""
        return [partial(self._fill, piece) for piece in range(len(self.edges))]

    def _fill(self, piece: int) -> None:
        first, last = self.edges[piece]
        fill_steadily(self.field.items, self.state, self.scratch[piece], first, last, self.taken[piece], self.steady)

    def advance(self) -> None:
        """One step of every open price."""
        self.state.taken[:] = self.taken.sum(axis=0)
        move_prices(self.field.items, self.state, self.mean, self.square, self.step)

    def close(self) -> None:
        """The steadiest weeks that share no node are closed."""
        self.left -= close_some(self.field.items, self.state, self.steady, max(1, int(np.ceil(CLOSED * self.left))), self.who)
        self.steady *= FADING


@njit(cache=True, nogil=True)
def fill_steadily(items: Items, state: Open, scratch: Scratch, first: int, last: int, taken: Longs, steady: Floats) -> None:
    """Fills the open weeks from `first` to before `last`; counts in taken [n] and steady [rows] how often each was taken."""
    taken[:] = 0
    for p in range(first, last):
        if state.person[p] == 1:
            fill_person(items, state, scratch, p)
            for t in range(state.size[p]):
                taken[items.node[state.column[p, t]]] += 1
                steady[state.column[p, t]] += 1.0


@njit(cache=True, nogil=True)
def close_some(items: Items, state: Open, steady: Floats, most: int, who: Ints) -> int:
    """Closes up to so many practitioners, steadiest first, each with what she took last; who int32[n] takes them. Returns how many."""
    open_people = np.flatnonzero(state.person == 1)
    mark = np.empty(len(open_people))
    for at in range(len(open_people)):
        p, total = open_people[at], 0.0
        for t in range(state.size[p]):
            total += steady[state.column[p, t]]
        mark[at] = -total / max(1, state.size[p])
    closed = 0
    for at in np.argsort(mark, kind="mergesort"):
        p, is_alone = open_people[at], True
        for t in range(state.size[p]):
            is_alone &= state.node[items.node[state.column[p, t]]] == 1
        if not is_alone:
            continue
        state.person[p] = 0
        for t in range(state.size[p]):
            n = items.node[state.column[p, t]]
            state.node[n] = 0
            who[n] = p
        closed += 1
        if closed == most:
            break
    return closed
