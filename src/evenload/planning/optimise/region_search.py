"""What is done in a region of a very large program, round by round: the ways of large caseloads, one after the other.

First a plan by regret; then good prices of its nodes and a dive over all its weeks; then the turns of dives, each in other regions.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace

from evenload.planning.optimise import cycles
from evenload.planning.optimise.begin import better, first_plan, placed_on
from evenload.planning.optimise.caseload_dives import CaseloadDives, Turn
from evenload.planning.optimise.cycle_rounds import CycleRounds
from evenload.planning.optimise.limit import Limit
from evenload.planning.optimise.regions import Worked
from evenload.planning.optimise.setting import Priced, Setting
from evenload.planning.optimise.state import place_all
from evenload.planning.optimise.strengthen import scale_of
from evenload.planning.optimise.week_climb import start_of
from evenload.planning.optimise.week_rows import Start
from evenload.planning.optimise.whole_dives import are_few_left, begun

FIRST_TURN = Turn((2, 2), 3, 100)
"""Pairs, as in large caseloads, but fewer tries."""


class RegionSearch(CycleRounds):
    """The search of one region, from the plan that it has."""

    def __init__(self, setting: Setting, priced: Priced, seed: int, limit: Limit, is_late: Callable[[], bool]) -> None:
        super().__init__(setting, seed, replace(limit, seconds=None), is_late)
        self.priced = priced
        self._set_board()

    def work(self, stage: int, start: Start | None, turn: AbstractContextManager[object]) -> Worked:
        """The work of this round over the whole; `start`: prices that were looked for before. turn: held where most memory is needed."""
        if stage == 0:
            self.best = first_plan(self.setting, self.board, self.best, None)
        else:
            start = (start or start_of(self.priced))._replace(scale=scale_of(self.board))
            if stage == 1:
                self._begin(start, turn)
            self._dive(stage - 1, start)
        place_all(*self.board, self.best.who)
        # A step a node at least: rounds in which nothing is left to dive for end as well.
        return Worked(self.board, max(self.steps, self._nodes()))

    def _begin(self, start: Start, turn: AbstractContextManager[object]) -> None:
        """A plan for all weeks at once; what it leaves waiting gets room from many weeks."""
        before = self.best
        with turn:
            self.best = begun(self.setting, self.priced, self.board, start, is_late=self._is_late)
        if are_few_left(self.best):
            self._cycle(*cycles.BEFORE_DIVES)
            self._scatter(cycles.SCATTERED, cycles.SCATTERED_BEFORE_DIVES)
        self.best = better(before, self.best, None)

    def _dive(self, turn: int, start: Start) -> None:
        """A round of dives from the best plan."""
        place_all(*self.board, self.best.who)
        dives = CaseloadDives(self.setting, self.seed, FIRST_TURN)
        dives.rounds = turn
        who, steps = dives.round(self.board, start, self._is_late)
        place_all(*self.board, who)
        self.best, self.steps = better(self.best, placed_on(self.board), None), self.steps + steps
