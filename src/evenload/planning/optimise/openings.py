"""Some practitioners of a tight program's plan opened, and what they share decided exactly (`tree`): is there a cheaper way among them?

How many are opened follows from what the last openings took: more where all was decided soon, fewer where it was not.
"""

from __future__ import annotations

import numpy as np

from evenload.planning.optimise.arrays import Floats, Ints
from evenload.planning.optimise.dice import Dice
from evenload.planning.optimise.dive import Bench, open_some
from evenload.planning.optimise.fill import Open
from evenload.planning.optimise.knapsack import Weeks
from evenload.planning.optimise.margins import arcs_of
from evenload.planning.optimise.targets import Tree
from evenload.planning.optimise.tree import FOUND, OPEN, Aim

FIRST_WIDTH, LEAST_WIDTH = 5, 3

CELLS, GROWTH, MOST_CELLS = 20_000_000, 1.01, 500_000_000
"""Cells of weeks filled for one opening, at most; so many times more after each in vain, up to the last."""

CELLS_OF_OPENING = 1_000_000
"""What an opening takes beside them."""

PASSES = 30
"""Passes of the ascent before its first branch."""

SOON = 0.25
"""An opening that took less than this share of its cells was decided soon."""

CAUTION = 0.25
"""By so many practitioners fewer are opened after one that was not decided, for each one more after one that soon was."""


class Openings:
    """Openings of one tight program. width: practitioners opened; cells: the most that one opening may take; filled: what all took."""

    def __init__(self, weeks: Weeks, slack: Floats, prices: Floats, scale: float) -> None:
        self.weeks, self.slack, self.prices, self.scale = weeks, slack, prices, scale
        self.owner = np.repeat(np.arange(len(weeks.people)), np.diff(weeks.start))
        self.width, self.cells, self.filled = float(min(FIRST_WIDTH, len(weeks.people))), float(CELLS), 0

    def open(self, bench: Bench, state: Open, who: Ints, dice: Dice, gain: tuple[float, float]) -> tuple[Ints | None, int]:
        """A cheaper plan (int32[N]) where one is found, and the cells that it took.

        gain: the least by which a cheaper plan is so, and the most that one can be, hours per week.
        """
        open_some(bench, state, round(self.width), who, dice)
        opened: Ints = np.flatnonzero(state.person == 1)
        nodes = np.flatnonzero(state.person[who] == 1)
        at_hand = float(bench.items.cost[bench.items.row[who[nodes], nodes]].sum())
        place = np.full(len(who), -1, np.int64)
        place[nodes] = np.arange(len(nodes))
        column = np.full(len(state.person), -1, np.int64)
        column[opened] = np.arange(len(opened))
        rows = np.flatnonzero((column[self.owner] >= 0) & (place[self.weeks.node] >= 0) & (self.slack <= gain[1]))
        load, cost = self.weeks.load[rows].astype(np.int64), self.weeks.cost[rows]
        arcs = arcs_of(column[self.owner[rows]], place[self.weeks.node[rows]], load, cost, self.weeks.room[opened])
        tree = Tree(arcs, self.prices[nodes], Aim(at_hand - gain[0], self.scale, gain[1]), PASSES)
        cells = CELLS_OF_OPENING + tree.go_on(int(self.cells))
        self.filled += cells
        self._widen(tree.state == OPEN, cells)
        if tree.state != FOUND:
            self.cells = min(MOST_CELLS, GROWTH * self.cells)
            return None, cells
        fresh = who.copy()
        fresh[nodes] = opened[tree.who(len(nodes))]
        return fresh, cells

    def _widen(self, is_open: bool, cells: int) -> None:
        if is_open:
            self.width = max(float(LEAST_WIDTH), self.width - 1.0)
        elif cells < SOON * self.cells:
            self.width = min(float(len(self.weeks.people)), self.width + CAUTION)
