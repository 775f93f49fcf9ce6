"""Where a solve stands: the best plan so far, what is proved of it, and what its limit leaves."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from evenload.planning.optimise.arrays import Floats, Ints
from evenload.planning.optimise.begin import Placed, better, board_for, kept, placed_on
from evenload.planning.optimise.limit import Limit, Progress, never, untold
from evenload.planning.optimise.noted import Refuted
from evenload.planning.optimise.part_dives import RefutedPart
from evenload.planning.optimise.parts import listed_parts
from evenload.planning.optimise.result import Way
from evenload.planning.optimise.setting import Priced, Setting
from evenload.planning.optimise.state import place_all
from evenload.planning.optimise.strengthen import Strengthened
from evenload.planning.optimise.tight import next_step

PROVED_NODES = 80
"""Up to so many nodes a solve goes on until its plan is proved optimal."""


class Standing:
    """What the ways of a solve share: the best plan so far (`best`) and what is proved of it (`bound`), both without held-back units.

    `began` is the reading of `time.perf_counter` that `limit.seconds` counts from; None: now. Where `notes_branches` is set before the solve,
    `refuted` holds the branches of the last target of a tight program that was refuted, `parts_refuted` those of a small caseload's parts.
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
        self.best = self._beginning()
        self.most_moves = None if limit.max_moves is None else max(limit.max_moves, self.best.moves)
        self.stopped_by, self.steps, self.method = "", 0, "first plan"
        self.proof: Strengthened | None = None
        self.notes_branches = False
        self.refuted: Refuted | None = None
        self.parts_refuted: list[RefutedPart] = []
        self.node_prices: Floats | None = None
        self.share, self.done, self.rounds, self.polishes = 0.0, 0.0, 0, 0
        self.step = 0.0
        self.bound = -math.inf
        self.priced: Priced

    def _beginning(self) -> Placed:
        """The plan that is there before the search."""
        return kept(self.setting)

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

    def _is_late(self) -> bool:
        return self._seconds_left() <= 0 or self.should_stop()

    def _prove(self, hours: float) -> None:
        """Takes up a bound; where plans' prices differ by whole steps, the next step above it is proved."""
        self.bound = max(self.bound, min(next_step(hours, self.step), self.best.hours))

    def _set_board(self) -> None:
        """A board for the arcs at hand, and its parts: nodes and practitioners that share no arc or companion with others."""
        self.board = board_for(self.setting, self.priced)
        listed = self.priced.listed
        self.parts = listed_parts(listed.arcs, listed.degree, self.setting.instance.groups, len(self.board.people))

    def _take_complete(self, who: Ints, method: str) -> None:
        """A complete plan (int32[N]), its price counted anew."""
        place_all(*self.board, who)
        self.best = better(self.best, placed_on(self.board), self.most_moves)
        self.method = method
        self._tell(0.9)
