"""solve: a Case becomes a Plan. Candidates, prices, a first plan, a search, a polish; then every row of the Plan.

Effort is counted in moves, never in seconds, so that the same Case, seed and effort give the same Plan on any machine;
`seconds` and `should_stop` only end the search between rounds.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from functools import partial

import numpy as np

from evenload.planning.case import Case
from evenload.planning.optimise.arrays import Floats
from evenload.planning.optimise.begin import NO_LIMIT, Placed, better, board_for, first_plan, kept, moves_left, placed_on
from evenload.planning.optimise.greedy import insert, regrets
from evenload.planning.optimise.limit import DEFAULT_LIMIT, Limit, Progress, never, untold
from evenload.planning.optimise.polish import Effort, polished
from evenload.planning.optimise.result import Found, Way, plan_of
from evenload.planning.optimise.search import Cooling, anneal_tile
from evenload.planning.optimise.setting import Setting, priced, priced_with, setting_of
from evenload.planning.optimise.state import place_all
from evenload.planning.optimise.strengthen import Strengthened, strengthened
from evenload.planning.optimise.threads import side_by_side, using_threads
from evenload.planning.optimise.tiles import lay_tiles, positions
from evenload.planning.plan import Plan

CYCLES = ((0.05, 3, 0.8), (0.2, 6, 0.9), (0.75, 10, 1.5))
"""Coolings of the search: share of the effort, rounds, and the first temperature. A good plan is there early; patience improves it."""

COLD = 0.08
"""Last temperature of a cycle; temperatures are shares of the mean price of a node's cheapest arc."""

EARLY_PASSES, LATE_PASSES = 60, 250
"""Passes of the stronger bound, after the first cycle and after the last."""

POLISHED_NODES = 1_000
"""Up to so many nodes the plan is polished by a solver …"""

PROVED_NODES = 80
"""… and up to so many until it is proved optimal."""

TREE_NODES, PROOF_TREE_NODES = 8, 200_000


def solve(
    case: Case,
    *,
    seed: int = 0,
    limit: Limit = DEFAULT_LIMIT,
    should_stop: Callable[[], bool] = never,
    progress: Progress = untold,
    threads: int | None = None,
) -> Plan:
    """The best plan found for the Case within the limit, with a bound that holds whatever the search did.

    Every unit is assigned or waits with a reason. `should_stop` is asked between rounds (the best plan so far is kept);
    `progress` is told the share of the effort and the proved gap. `threads` changes nothing but the time.
    Raises NotImplementedError where a rule or goal has no array twin, ValueError for trips that are not exact.
    """
    began = time.perf_counter()
    with using_threads(threads):
        search = Search(setting_of(case), seed, limit, should_stop, progress, began)
        found = search.run()
        return plan_of(found, search.way())


class Search:
    """One solve, step by step: the best plan so far (`best`) and what is proved of it (`bound`), both without held-back units.

    `began` is the reading of `time.perf_counter` that `limit.seconds` counts from; None: now.
    """

    def __init__(
        self,
        setting: Setting,
        seed: int,
        limit: Limit,
        should_stop: Callable[[], bool] = never,
        progress: Progress = untold,
        began: float | None = None,
    ) -> None:
        self.began = time.perf_counter() if began is None else began
        self.seed, self.limit, self.should_stop, self.progress = seed, limit, should_stop, progress
        self.setting = setting
        self.best = kept(self.setting)
        self.most_moves = None if limit.max_moves is None else max(limit.max_moves, self.best.moves)
        self.stopped_by, self.steps, self.method = "", 0, "first plan"
        self.proof: Strengthened | None = None
        self.share = 0.0

    def run(self) -> Found:
        """Prices, first plan, search, polish; `progress` is told at each step, when `best` and `bound` may be read."""
        self.priced = priced(self.setting, self.most_moves)
        is_a_choice = bool((self.priced.listed.takers > 0).any())
        self.bound = self.priced.bound_hours if is_a_choice else self.best.hours
        self.board = board_for(self.setting, self.priced)
        self.best = first_plan(self.setting, self.board, self.best, self.most_moves)
        self._tell(0.0)
        self._anneal()
        self._polish()
        self._fill_room()
        self._is_over()
        self._tell(1.0)
        return Found(self.setting, self.priced, self.best, self.bound, self.most_moves)

    def way(self) -> Way:
        """How the best plan came about, as far as the search has gone."""
        seconds = time.perf_counter() - self.began
        return Way(self.seed, seconds, self.method, self.stopped_by or "effort", self.steps, self.limit.max_moves)

    def _tell(self, share: float) -> None:
        self.share = share
        self.progress(share, self._gap_percent())

    def _nodes(self) -> int:
        return len(self.setting.instance.nodes)

    def _gap_hours(self) -> float:
        return max(0.0, self.best.hours - self.bound)

    def _avoidable_hours(self) -> float:
        return max(0.0, self.best.hours - self.setting.unavoidable_hours)

    def _gap_percent(self) -> float:
        return 100 * self._gap_hours() / self._avoidable_hours() if self._avoidable_hours() > 1e-9 else 0.0

    def _seconds_left(self) -> float:
        return math.inf if self.limit.seconds is None else self.limit.seconds - (time.perf_counter() - self.began)

    def _gap_is_reached(self) -> bool:
        """Small programs go on until the proof."""
        return self._gap_hours() <= 1e-6 or (self._nodes() > PROVED_NODES and self._gap_percent() <= self.limit.gap_percent)

    def _is_over(self) -> bool:
        if self.stopped_by in ("interrupted", "seconds"):
            return True
        if self._gap_is_reached():
            self.stopped_by = "proved" if self._gap_hours() <= 1e-6 else "gap"
        elif self.should_stop():
            self.stopped_by = "interrupted"
        elif self._seconds_left() <= 0:
            self.stopped_by = "seconds"
        return self.stopped_by != ""

    def _anneal(self) -> None:
        """Cycles of ruin and recreate on tiles that change from round to round; skipped where a proof is in reach."""
        if self._nodes() <= PROVED_NODES:
            return
        where, scale, done, number = positions(self.setting.instance), self._scale(), 0.0, 0
        for share, rounds, hot in CYCLES:
            heat = scale * np.geomspace(hot, COLD, rounds + 1)
            place_all(*self.board, self.best.who)
            for at in range(rounds):
                if self._is_over():
                    return
                self._round(where, number, share / rounds, (float(heat[at]), float(heat[at + 1])))
                self.best = better(self.best, placed_on(self.board), self.most_moves)
                self.method, number, done = "search", number + 1, done + share / rounds
                self._tell(0.9 * done)
            self._strengthen(EARLY_PASSES if share < CYCLES[-1][0] else LATE_PASSES)
            if share == CYCLES[-2][0]:
                self._polish()

    def _scale(self) -> float:
        """Mean price of the nodes' cheapest arcs, hours per week: what a temperature is measured by."""
        listed = self.priced.listed
        return max(0.05, float(listed.arcs["cost"][listed.degree > 0, 0].mean())) if (listed.degree > 0).any() else 1.0

    def _round(self, where: Floats, number: int, share: float, heat: tuple[float, float]) -> None:
        per_node = self.limit.moves_per_unit * share
        tiles = lay_tiles(self.board, where, number)
        coolings = [Cooling(per_node, *heat, self.seed * 1_000 + number, int(self.board.nodes["tile"][own[0]])) for own in tiles]
        self.steps += sum(int(per_node * len(own)) for own in tiles)
        if self.most_moves is None:
            side_by_side([partial(anneal_tile, *self.board, cooling, own, NO_LIMIT) for cooling, own in zip(coolings, tiles, strict=True)])
            return
        # Moves are one purse for all tiles, so the tiles take turns.
        left = moves_left(placed_on(self.board).moves, self.most_moves)
        for cooling, own in zip(coolings, tiles, strict=True):
            _, left = anneal_tile(*self.board, cooling, own, left)

    def _strengthen(self, passes: int) -> None:
        """Whole nodes instead of fractions: a better bound."""
        if self.setting.instance.wings and not self._is_over():
            self.proof = strengthened(self.setting, self.priced, self.best, self.most_moves, passes=passes)
            self.bound = max(self.bound, min(self.proof.bound_hours, self.best.hours))
            self._tell(self.share)

    def _polish(self) -> None:
        """A solver takes over: until the proof where the program is small, for the last percents elsewhere."""
        if self._nodes() > POLISHED_NODES or not self.setting.instance.wings or self._is_over():
            return
        is_small = self._nodes() <= PROVED_NODES
        effort = Effort(
            tree_nodes=PROOF_TREE_NODES if is_small else max(1, TREE_NODES * self.limit.moves_per_unit // 2000),
            gap_hours=0.0 if is_small else self.limit.gap_percent / 100 * self._avoidable_hours(),
            seconds=self._seconds_left,
            should_stop=self.should_stop,
            seed=self.seed,
        )
        self.method = "search and solver"
        for result in polished(self.setting, self.priced, self.best, self.most_moves, effort, proof=self.proof):
            self._take_up(Placed(result.who, self.best.hours, self.best.moves))
            place_all(*self.board, result.who)
            self.best = better(self.best, placed_on(self.board), self.most_moves)
            self.bound = max(self.bound, min(result.bound_hours, self.best.hours))
            self._tell(self.share)
            if self._is_over():
                return

    def _take_up(self, placed: Placed) -> None:
        """Lists the arcs that this assignment uses, so that the board can hold it."""
        self.priced = priced_with(self.setting, self.priced.worth, self.most_moves, placed.who)
        self.board = board_for(self.setting, self.priced)

    def _fill_room(self) -> None:
        """Nothing waits beside room that is cheaper than waiting."""
        self._take_up(self.best)
        order = np.argsort(-regrets(self.board.arcs, self.board.nodes), kind="stable")
        place_all(*self.board, self.best.who)
        insert(*self.board, order, moves_left(self.best.moves, self.most_moves))
        self.best = better(self.best, placed_on(self.board), self.most_moves)
