"""solve: a Case becomes a Plan. Candidates, prices, a first plan, a search, a polish; then every row of the Plan.

Effort is counted in moves, never in seconds, so that the same Case, seed and effort give the same Plan on any machine;
`seconds` and `should_stop` only end the search between rounds.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from evenload.planning.case import Case
from evenload.planning.optimise import cycles
from evenload.planning.optimise.arrays import Floats
from evenload.planning.optimise.begin import (
    Placed,
    better,
    by_regret,
    first_plan,
    moves_left,
    placed_on,
)
from evenload.planning.optimise.candidates import STRENGTHENED_NODES
from evenload.planning.optimise.caseload_dives import AGAIN_LARGE, FIRST_LARGE, CaseloadDives, is_open_to_dives
from evenload.planning.optimise.cooled_dives import is_open_to_heat
from evenload.planning.optimise.cycle_rounds import CycleRounds
from evenload.planning.optimise.greedy import insert
from evenload.planning.optimise.limit import DEFAULT_LIMIT, Limit, Progress, never, untold
from evenload.planning.optimise.openings import Openings
from evenload.planning.optimise.part_dives import COUNTED_AFTER, PartDives
from evenload.planning.optimise.polish import FEW_ARCS, PROOF_TREE_NODES, Effort, polished, tree_nodes_of
from evenload.planning.optimise.region_rounds import RegionRounds
from evenload.planning.optimise.regions import is_open_to_regions
from evenload.planning.optimise.result import Found, plan_of
from evenload.planning.optimise.setting import priced, priced_with, setting_of, without_unpriced_arcs
from evenload.planning.optimise.standing import PROVED_NODES
from evenload.planning.optimise.state import place_all
from evenload.planning.optimise.strengthen import strengthened
from evenload.planning.optimise.targets import Targets
from evenload.planning.optimise.threads import using_threads
from evenload.planning.optimise.tight import (
    PROVING_PASSES,
    TARGETS_AFTER,
    Dives,
    everybody_fits,
    is_tight,
    next_step,
    priced_over_all,
    rounds_of,
    share_of_openings,
    share_of_targets,
    step_between_plans,
)
from evenload.planning.optimise.week_climb import AGAIN, AGAIN_AFTER, FIRST, PASSES_TO_COUNT, Ascent, climbed_over_all, start_of
from evenload.planning.optimise.week_rows import Start
from evenload.planning.optimise.whole_dives import are_few_left, begun
from evenload.planning.plan import Plan

EARLY_PASSES, LATE_PASSES = 60, 250
"""Passes of the stronger bound, after the first cycle and after the last."""

SOLVER_AFTER = 12
"""Rounds over parts after which the solver looks once at what is not proved, where that is little."""

POLISHED_NODES = 1_000
"""Up to so many nodes the plan is polished by a solver (up to PROVED_NODES until it is proved optimal)."""


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


class Search(CycleRounds, RegionRounds):
    """One solve, step by step: prices, a first plan, the way that the Case's shape calls for, a polish."""

    def run(self) -> Found:
        """Prices, first plan, search, polish; `progress` is told at each step, when `best` and `bound` may be read."""
        self.priced = priced(self.setting, self.most_moves, uses_up=True)
        is_a_choice = bool((self.priced.listed.takers > 0).any())
        self.bound = self.priced.bound_hours if is_a_choice else self.best.hours
        self.setting = without_unpriced_arcs(self.setting)
        if is_open_to_regions(self.setting, self.most_moves):
            self._share_regions()
        else:
            self._search()
            self._fill_room()
        self._is_over()
        self._tell(1.0)
        prices = self.proof.prices if self.proof else self.node_prices
        return Found(self.setting, self.priced, self.best, self.bound, self.most_moves, prices)

    def _search(self) -> None:
        """A first plan and the way that the Case's shape calls for."""
        self._set_board()
        self._tell(0.0)
        self.best = first_plan(self.setting, self.board, self.best, self.most_moves)
        self._tell(0.0)
        if not self._dive() and not self._share_parts():
            if not self._share_weeks():
                self._anneal()
            self._polish()

    def _anneal(self) -> None:
        """Cycles of search on tiles that change from round to round; skipped where a proof is in reach."""
        if self._nodes() <= PROVED_NODES:
            return
        if self._nodes() <= POLISHED_NODES:
            self._strengthen(EARLY_PASSES)
        is_large = self._nodes() > POLISHED_NODES
        self._scatter(*((cycles.LARGE_FIRST, cycles.LARGE_FIRST_SHARE) if is_large else (cycles.FIRST, cycles.FIRST_SHARE)))
        planned = cycles.LARGE_CYCLES if is_large else cycles.CYCLES
        for number, (kind, share) in enumerate(planned, 1):
            self._cycle(kind, share)
            self._strengthen(EARLY_PASSES if number < len(planned) else LATE_PASSES)
        number = 0
        while self.limit.seconds is not None and not self._is_over():
            number += 1
            self._cycle(*(cycles.AGAIN_SINGLE if number % cycles.SINGLE_EVERY == 0 else cycles.AGAIN_WEEKS))
            if number in cycles.POLISHED_AFTER:
                self._polish()

    def _dive(self) -> bool:
        """Tight programs: dives, and targets above the bound in turn. False where this is no such program, or nothing ends with a plan."""
        if self._nodes() <= PROVED_NODES or not is_tight(self.setting, self.most_moves):
            return False
        over_all = priced_over_all(self.setting)
        if not everybody_fits(self.setting, over_all):
            return False
        self.priced, self.step = over_all, step_between_plans(self.setting, over_all)
        self._set_board()
        dives, targets, opened = Dives(self.setting, over_all, self.seed, self.step), None, 0
        self._strengthen(PROVING_PASSES, start=dives.prices)
        last = rounds_of(self.limit.moves_per_unit)
        while not self._is_over() and not dives.are_vain() and (self.limit.seconds is not None or dives.rounds < last):
            cells = dives.cells()
            if dives.round(self._is_late, self._seconds_left):
                self._take_complete(dives.who, "dives")
            if dives.rounds == TARGETS_AFTER:
                self._strengthen(EARLY_PASSES)
                if self.proof is not None and self.proof.slack.size:
                    noted = self.notes_branches
                    targets = Targets(self.setting, over_all, self.best.who, self.proof, self.step, dives.scale, is_noted=noted)
                    openings = Openings(targets.weeks, targets.slack, targets.prices, dives.scale)
            if targets is not None and not self._is_over():
                cells, opened = dives.cells() - cells, openings.filled - opened
                self._look_at(targets, dives, cells + int(share_of_openings(dives.vain_rounds()) * opened))
                opened = openings.filled
                if dives.open(openings, cells, targets.known, self._is_late):
                    self._take_complete(dives.who, "dives and openings")
        return not dives.are_vain()

    def _look_at(self, targets: Targets, dives: Dives, cells: int) -> None:
        """Targets above the bound, with as much work as is worth it beside that of the last dives."""
        share = share_of_targets(self.best.hours - targets.proved, self.step, dives.vain_rounds())
        if targets.look(int(share * cells), self.best.hours, partial(next_step, step=self.step), self._is_late):
            self._prove(targets.proved)
            self.refuted = targets.refuted
            if targets.who is not None:
                self._take_complete(targets.who, "dives and targets")
                dives.take(self.best.who, self.best.hours)
            self._tell(self.share)

    def _share_weeks(self) -> bool:
        """Caseloads whose weeks can be filled one by one: dives, and the solver now and then. False where this is no such program."""
        if self._nodes() <= PROVED_NODES or not is_open_to_dives(self.setting, self.most_moves):
            return False
        is_large = self._nodes() > POLISHED_NODES
        start, who = self._climb(start_of(self.priced), FIRST_LARGE if is_large else FIRST), self.best.who
        if is_large and not self._is_over():
            # The dive's plan is gone on from even where the first plan is cheaper: the few that wait in it are dear, all others are well placed.
            before, self.best = self.best, begun(self.setting, self.priced, self.board, start, is_late=self._is_late)
            if are_few_left(self.best):
                self._cycle(*cycles.BEFORE_DIVES)
                self._scatter(cycles.SCATTERED, cycles.SCATTERED_BEFORE_DIVES)
            who, self.best = self.best.who, better(before, self.best, self.most_moves)
            self._tell(0.0)
        is_cooled = is_large and is_open_to_heat(self.parts, self._nodes())
        dives, most = CaseloadDives(self.setting, self.seed, is_cooled=is_cooled), self.steps + self.limit.moves_per_unit * self._nodes()
        while not self._is_over() and (self.limit.seconds is not None or self.steps < most):
            place_all(*self.board, who if dives.rounds == 0 or dives.goes_on() else self.best.who)
            who, steps = dives.round(self.board, start, self._is_late)
            if steps == 0 and not self._is_over():
                return False
            place_all(*self.board, who)
            self.best, self.steps = self._best_with(placed_on(self.board)), self.steps + steps
            self.method = "dives"
            self._tell(0.9 * (1.0 if self.limit.seconds is not None else min(1.0, self.steps / most)))
            if is_large and dives.is_to_climb():
                start = self._climb(start, AGAIN_LARGE)
            if dives.rounds in AGAIN_AFTER:
                start = self._climb(start, AGAIN)
                self._polish()
                dives.renew()
        return True

    def _share_parts(self) -> bool:
        """Small caseloads: dives and targets part by part. False where this is no such program, or a part is too large for it."""
        if not PROVED_NODES < self._nodes() <= POLISHED_NODES or not is_open_to_dives(self.setting, self.most_moves):
            return False
        dives, most = PartDives(self.setting, self.priced, self.seed), self.steps + self.limit.moves_per_unit * self._nodes()
        if not dives.are_small():
            return False
        dives.begin(self.best.who, is_noted=self.notes_branches)
        while not self._is_over() and (self.limit.seconds is not None or self.steps < most):
            who, steps = dives.round()
            if steps == 0:
                break
            place_all(*dives.board, who)
            self.best, self.steps = better(self.best, placed_on(dives.board), self.most_moves), self.steps + steps
            self.method = "dives"
            if dives.rounds - 1 in COUNTED_AFTER:
                self._strengthen(PASSES_TO_COUNT, start=dives.prices())
            if self.proof is not None:
                self.proof = dives.proved(self.proof)
                self._prove(self.proof.bound_hours)
            self._tell(0.9 * (1.0 if self.limit.seconds is not None else min(1.0, self.steps / most)))
            if dives.rounds == SOLVER_AFTER and dives.open_arcs() <= FEW_ARCS:
                self._polish()
        if dives.rounds < SOLVER_AFTER and dives.open_arcs() <= FEW_ARCS:
            self._polish()
        self.parts_refuted = dives.refuted()
        self._take_up(self.best)
        return True

    def _climb(self, start: Start, ascent: Ascent) -> Start:
        """Better prices of nodes, and what they prove over all arcs."""
        if self._is_over():
            return start
        found = climbed_over_all(self.setting, self.priced, self.best.who, start, ascent)
        self._strengthen(PASSES_TO_COUNT, start=found.prices)
        return found

    def _strengthen(self, passes: int, start: Floats | None = None) -> None:
        """Whole nodes instead of fractions: a better bound, from these prices of nodes [N] or the last ones."""
        if self.setting.instance.wings and self._nodes() <= STRENGTHENED_NODES and not self._is_over():
            before = self.proof
            start = before.prices if start is None and before is not None else start
            found = strengthened(self.setting, self.priced, self.best, self.most_moves, passes=passes, start=start)
            self.proof = found if before is None else found.joined(before)
            self._prove(self.proof.bound_hours)
            self._tell(self.share)

    def _polish(self) -> None:
        """A solver takes over: until the proof where the program is small, for the last percents elsewhere."""
        if self._nodes() > POLISHED_NODES or not self.setting.instance.wings or self._is_over():
            return
        is_small = self._nodes() <= PROVED_NODES
        self.polishes += 0 if is_small else 1
        effort = Effort(
            tree_nodes=PROOF_TREE_NODES if is_small else tree_nodes_of(self.limit.moves_per_unit, self.polishes),
            gap_hours=0.0 if is_small else self.limit.gap_percent / 100 * self._avoidable_hours(),
            seconds=self._seconds_left,
            should_stop=self.should_stop,
            seed=self.seed,
            least_gain=self.step,
        )
        self.method = "search and solver"
        for result in polished(self.setting, self.priced, self.best, self.most_moves, effort, proof=self.proof):
            self._take_up(Placed(result.who, self.best.hours, self.best.moves))
            place_all(*self.board, result.who)
            self.best = better(self.best, placed_on(self.board), self.most_moves)
            self._prove(result.bound_hours)
            if self.proof is not None and self.most_moves is None:
                self.proof = replace(self.proof, part_hours=result.part_hours)
            self._tell(self.share)
            if self._is_over():
                return

    def _take_up(self, placed: Placed, *, uses_up: bool = False) -> None:
        """Lists the arcs that this assignment uses, so that the board can hold it; `uses_up`: where the arcs before were."""
        into = self.priced.listed.arcs if uses_up else None
        vars(self).pop("board", None)  # a large program has no room for two, and none while it is in regions
        self.priced = priced_with(self.setting, self.priced.worth, self.most_moves, placed.who, into=into)
        self._set_board()

    def _fill_room(self) -> None:
        """Nothing waits beside room that is cheaper than waiting."""
        self._take_up(self.best, uses_up=True)
        order = by_regret(self.board)
        place_all(*self.board, self.best.who)
        self.best = placed_on(self.board)
        insert(*self.board, order, moves_left(self.best.moves, self.most_moves))
        self.best = better(self.best, placed_on(self.board), self.most_moves)
