"""Targets above the bound of a caseload's part, one after another: refuted, or reached by a plan that is then the best (`week_tree`).

What `targets` does for tight programs, for weeks whose load has a price. A target lies some way above what prices prove, farther
after each that was refuted, until the best plan itself is aimed at. Only arcs are open that such a plan may use, weighed exactly at the
best prices of nodes. A plan that is found lowers the target, and the branches go on where they are.
"""

from __future__ import annotations

import numpy as np

from evenload.planning.optimise.arrays import Floats, Ints
from evenload.planning.optimise.noted import NOTED, Fetched, Refuted, note_prices
from evenload.planning.optimise.tree import FOUND, OPEN, REFUTED, STUCK, Aim, Stack, stack_of
from evenload.planning.optimise.week_fill import Items
from evenload.planning.optimise.week_margins import Arcs, Branch, Space, arcs_of, branch_of, narrowed, settle, space_of
from evenload.planning.optimise.week_tree import ROUNDING, fill_all, look_at, search, weigh_all

ROOT_PASSES = 100

FIRST_WAY = 1 / 16
"""The first target is above what prices prove by such a share of the way to the best plan; …"""

SOON, LONGER, A_LITTLE = 30_000_000, 2.0, 1.35
"""… the next ones so many times as far where so few cells decided the last one, elsewhere so many: each takes two to three times the work."""

MOST_CELLS, MOST_PUT_OFF = 20_000_000, 200_000_000
"""Cells of the widest week, and bytes of branches put off, up to which targets are tried."""


class WeekTargets:
    """What is proved of one part: no plan costs less than `proved`, hours per week, pinned weeks' costs left out."""

    def __init__(self, items: Items, scale: float, *, is_noted: bool = False) -> None:
        self.is_noted = is_noted
        self.weighed: list[Floats] = []
        self.refuted: Refuted | None = None
        self.arcs, self.scale = arcs_of(items), scale
        self.least: Floats = np.full(len(self.arcs.node), -np.inf)
        self.known = self.proved = -np.inf
        self.prices: Floats = items.waiting.copy()
        self.way, self.is_stuck = 0.0, _is_too_large(self.arcs, len(items.waiting))
        self.tree: WeekTree | None = None

    def weigh(self, prices: Floats) -> None:
        """Takes up prices of nodes [n]: what they prove, and what a plan with each arc costs at least."""
        if self.is_stuck:
            return
        # Rounded as they are noted (`noted`).
        prices = prices.astype(np.float32).astype(np.float64)
        branch, space, stack = branch_of(self.arcs, prices), space_of(self.arcs), _stack_of(self.arcs, len(prices), 0)
        given = settle(self.arcs, branch)
        if not np.isfinite(given):
            return
        value = given + fill_all(self.arcs, branch, space, stack)
        bound = np.full(len(self.arcs.node), value)
        weigh_all(self.arcs, branch, space, stack, value, np.inf, bound)
        self.least = np.maximum(self.least, bound)
        self.proved = max(self.proved, value)
        self.weighed.append(prices)
        if value > self.known:
            self.known, self.prices = value, prices.copy()

    def look(self, cells: int, best: float) -> Ints | None:
        """Goes on for so many cells against a best plan of so many hours; a cheaper plan (int32[n] practitioners, −1 waits), or None."""
        while cells > 0 and not self.is_stuck and best - self.proved > 4 * ROUNDING:
            if self.tree is None:
                self._aim(best)
                continue
            cells -= self.tree.go_on(cells, best - 2 * ROUNDING)
            if self.tree.state == REFUTED:
                self.refuted = self.tree.refuted() if self.is_noted else None
                self._refuted(self.tree.aim.target)
            elif self.tree.state == FOUND:
                return self.tree.who()
            elif self.tree.state == STUCK:
                self.is_stuck = True
        return None

    def _refuted(self, target: float) -> None:
        is_soon = self.tree is None or self.tree.counted < SOON
        self.proved, self.tree, self.way = max(self.proved, target + ROUNDING), None, self.way * (LONGER if is_soon else A_LITTLE)

    def _aim(self, best: float) -> None:
        """Sets the next target; where some node has no arc left to it, the target is refuted at once."""
        self.way = max(self.way or FIRST_WAY * (best - self.known), self.proved - self.known)
        target = min(self.known + self.way, best - 2 * ROUNDING)
        arcs = narrowed(self.arcs, np.flatnonzero(self.least <= target + ROUNDING))
        if len(np.unique(arcs.node)) < len(self.prices):
            self._refuted(target)
            return
        aim = Aim(target, self.scale, target - self.known + ROUNDING)
        self.tree = WeekTree(arcs, self.prices, aim, ROOT_PASSES, weighed=self.weighed if self.is_noted else None)
        self.prices = self.tree.branch.price.copy()


def _is_too_large(arcs: Arcs, nodes: int) -> bool:
    widest = int(np.diff(arcs.start).max(initial=0)) + 1
    return widest * (int(arcs.room.max()) + 1) > MOST_CELLS or nodes * (len(arcs.node) + 8 * nodes) > MOST_PUT_OFF


def _stack_of(arcs: Arcs, nodes: int, depth: int, noted: int = 0) -> Stack:
    return stack_of(arcs, nodes, depth, noted)  # type: ignore[arg-type]  # only rows are counted


class WeekTree:
    """The branches of one target. weighed: prices of nodes at which arcs were left out, where it is noted what shows a refutation."""

    def __init__(self, arcs: Arcs, prices: Floats, aim: Aim, passes: int, *, weighed: list[Floats] | None = None) -> None:
        self.arcs, self.aim = arcs, aim
        self.branch: Branch = branch_of(arcs, prices)
        self.space: Space = space_of(arcs)
        self.stack: Stack = _stack_of(arcs, len(prices), len(prices), 0 if weighed is None else NOTED)
        self.first = list(weighed or [])
        for price in self.first:
            note_prices(self.stack.notes, price)
        self.state = look_at(arcs, self.branch, self.space, self.stack, aim, np.zeros(len(arcs.node)), passes)
        self.fetched = Fetched(self.stack.notes)
        self.counted = 0

    def go_on(self, cells: int, most: float) -> int:
        """Searches on for a plan of at most so many hours; returns the cells filled since the last time."""
        self.aim = self.aim._replace(target=min(self.aim.target, most))
        if self.state in (OPEN, FOUND):
            self.state = search(self.arcs, self.branch, self.space, self.stack, self.aim, cells)
        self.fetched.fetch()
        filled = int(self.stack.tally[2]) - self.counted
        self.counted += filled
        return filled

    def refuted(self) -> Refuted | None:
        """What shows that the target is refuted; None where it was too much."""
        return self.fetched.refuted(self.aim.target, self.first[0], self.arcs)  # type: ignore[arg-type]  # only practitioners and nodes are read

    def who(self) -> Ints:
        """The plan found, int32[n], −1 waits."""
        who = np.full(len(self.branch.price), -1, np.int32)
        rows = np.flatnonzero(self.branch.plan)
        person = self.arcs.person[rows]
        who[self.arcs.node[rows]] = np.where(person < len(self.arcs.room) - 1, person, -1)
        return who
