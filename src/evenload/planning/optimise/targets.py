"""Targets above the bound of a tight program, one after another: refuted, or reached by a plan that is then the best (`tree`).

The least price that is not refuted yet is the target. Few arcs are open to a plan that costs so little, so it is either refuted, which raises
the bound to the next possible price, or a plan is found that no other beats. The work is counted in cells of weeks filled, and goes on
where it stopped.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from evenload.planning.optimise.arrays import Floats, Ints
from evenload.planning.optimise.begin import board_for
from evenload.planning.optimise.knapsack import Weeks, weeks_of
from evenload.planning.optimise.margins import Arcs, Branch, Space, arcs_of, branch_of, space_of
from evenload.planning.optimise.noted import NOTED, Fetched, Refuted
from evenload.planning.optimise.setting import Priced, Setting, priced_with
from evenload.planning.optimise.strengthen import Strengthened
from evenload.planning.optimise.tree import FOUND, OPEN, REFUTED, ROUNDING, STUCK, Aim, Stack, look_at, search, stack_of

ROOT_PASSES = 100

AT_A_TIME = 100_000_000
"""Cells filled before the clock is looked at."""

FIRST_STRIDE = 1 / 16
"""Where prices are not whole, the target is above what is proved by such a share of the way to the best plan; twice as much after each refuted."""

MOST_CELLS, MOST_PUT_OFF = 20_000_000, 200_000_000
"""Cells of the widest week, and bytes of branches put off, up to which targets are tried."""


class Targets:
    """What is proved of a tight program beyond its knapsack bound.

    `proved`: no plan costs less, hours per week. `who` int32[N]: a plan found, None without one. `refuted`: the branches of the last target
    that was refuted, which alone show the bound, where they are noted and not too many; None before.
    """

    def __init__(
        self, setting: Setting, priced: Priced, who: Ints, proof: Strengthened, step: float, scale: float, *, is_noted: bool = False
    ) -> None:
        people = np.arange(len(setting.instance.practitioners), dtype=np.int32)
        nodes = np.arange(len(setting.instance.nodes), dtype=np.int32)
        full = priced_with(setting, priced.worth, None, who, width=len(people))
        self.weeks: Weeks = weeks_of(setting, full, board_for(setting, full), nodes, people)
        self.slack: Floats = proof.slack.ravel()[self.weeks.arc]
        self.owner = np.repeat(people.astype(np.int64), np.diff(self.weeks.start))
        self.first, self.known, self.step, self.scale = proof.prices, proof.slack_hours, step, scale
        self.prices: Floats = proof.prices.astype(np.float32).astype(np.float64)
        self.waiting_slack = float((setting.instance.waiting - proof.prices).min())
        self.proved, self.is_stuck, self.stride = proof.bound_hours, False, FIRST_STRIDE
        self.who: Ints | None = None
        self.tree: Tree | None = None
        self.is_noted = is_noted
        self.refuted: Refuted | None = None

    def look(self, cells: int, best: float, next_price: Callable[[float], float], is_over: Callable[[], bool]) -> bool:
        """Goes on for so many cells; whether more is proved or a plan found. best: price of the best plan at hand.

        next_price: the least price of a plan that is not below a bound.
        """
        before, self.who = self.proved, None
        while cells > 0 and self.who is None and not self.is_stuck and not is_over():
            if self.tree is None and not self._aim(next_price(self.proved), best):
                break
            assert self.tree is not None
            cells -= self.tree.go_on(min(cells, AT_A_TIME))
            if self.tree.state == REFUTED:
                self.proved = self.tree.aim.target + (self.step or ROUNDING)
                self.refuted = self.tree.refuted(self.first) or self.refuted
                self.tree, self.stride = None, min(1.0, 2 * self.stride)
            elif self.tree.state == FOUND:
                self.who, self.tree = self.tree.who(len(self.prices)), None
            self.is_stuck |= self.tree is not None and self.tree.state == STUCK
        return self.proved > before or self.who is not None

    def _aim(self, proved: float, best: float) -> bool:
        """Sets the next target; False where the best plan is proved, or too much is open."""
        target = proved if self.step > 0 else min(proved + self.stride * (best - proved), best - 2 * ROUNDING)
        if target < proved or best - target < max(0.5 * self.step, ROUNDING):
            return False
        way = target - self.known + ROUNDING
        is_open = self.slack <= way
        node, load = (part[is_open].astype(np.int64) for part in (self.weeks.node, self.weeks.load))
        arcs = arcs_of(self.owner[is_open], node, load, self.weeks.cost[is_open], self.weeks.room)
        self.is_stuck = self.waiting_slack <= way or _is_too_large(arcs, len(self.prices))
        if not self.is_stuck:
            self.tree = Tree(arcs, self.prices, Aim(target, self.scale, way), ROOT_PASSES, NOTED if self.is_noted else 0)
            self.prices = self.tree.root_prices
        return not self.is_stuck


def _is_too_large(arcs: Arcs, nodes: int) -> bool:
    widest = int(np.diff(arcs.start).max(initial=0)) + 1
    return widest * (int(arcs.room.max()) + 1) > MOST_CELLS or nodes * (len(arcs.node) + 8 * nodes) > MOST_PUT_OFF


class Tree:
    """The branches of one target. noted: space for what shows a refutation; 0: nothing is noted."""

    def __init__(self, arcs: Arcs, prices: Floats, aim: Aim, passes: int, noted: int = 0) -> None:
        self.arcs, self.aim = arcs, aim
        self.branch: Branch = branch_of(arcs, prices)
        self.space: Space = space_of(arcs)
        self.stack: Stack = stack_of(arcs, len(prices), len(prices), noted)
        self.state = look_at(arcs, self.branch, self.space, self.stack, aim, np.zeros(len(arcs.node)), passes)
        self.root_prices = self.branch.price.copy()
        self.counted = 0
        self.fetched = Fetched(self.stack.notes)

    def go_on(self, cells: int) -> int:
        """Searches on; returns the cells filled since the last time."""
        if self.state == OPEN:
            self.state = search(self.arcs, self.branch, self.space, self.stack, self.aim, cells)
        self.fetched.fetch()
        filled = int(self.stack.tally[2]) - self.counted
        self.counted += filled
        return filled

    def refuted(self, first: Floats) -> Refuted | None:
        """What shows that the target is refuted, where it was noted. first: prices [n] at which arcs were left out."""
        return self.fetched.refuted(self.aim.target, first, self.arcs)

    def who(self, nodes: int) -> Ints:
        """The plan found, int32[N]."""
        who = np.full(nodes, -1, np.int32)
        rows = np.flatnonzero(self.branch.open)
        who[self.arcs.node[rows]] = self.arcs.person[rows]
        return who
