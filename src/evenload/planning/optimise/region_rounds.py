"""Rounds over the regions of a very large program, and what is proved of it between them."""

from __future__ import annotations

import threading
from dataclasses import replace
from functools import partial

import numpy as np

from evenload.planning.optimise import cycles
from evenload.planning.optimise.arrays import FREE, Ints
from evenload.planning.optimise.begin import Placed, board_for, kept
from evenload.planning.optimise.candidates import Worth
from evenload.planning.optimise.limit import never
from evenload.planning.optimise.price_repair import cheapest_of, mended
from evenload.planning.optimise.region import cut_out
from evenload.planning.optimise.region_prices import RegionPrices
from evenload.planning.optimise.region_search import RegionSearch
from evenload.planning.optimise.regions import Regions, Worked, is_open_to_regions
from evenload.planning.optimise.setting import Priced, Setting, demand_of
from evenload.planning.optimise.standing import Standing
from evenload.planning.optimise.threads import cores
from evenload.planning.optimise.week_climb import Ascent
from evenload.planning.optimise.week_rows import Start

FIRST, AGAIN = Ascent(0, (0.1, 0.01)), Ascent(0, (0.04, 0.001))
"""Ascents over the prices of nodes, the fewest passes: the first one, and later ones."""


class RegionRounds(Standing):
    """A solve that goes region by region."""

    def _beginning(self) -> Placed:
        """What is kept; in a program of regions nothing is yet, for a board of the whole is what such a program has no room for."""
        if not is_open_to_regions(self.setting, self.limit.max_moves) or (self.setting.instance.pinned > FREE).any():
            return kept(self.setting)
        return _nobody_has_anything(self.setting)

    def _share_regions(self) -> None:
        """Very large programs, region by region, round after round; the arcs of the whole are not needed any more."""
        self.priced = mended(self.setting, self.priced)
        self._prove(self.priced.bound_hours)
        listed = self.priced.listed
        worth = self.priced.worth
        cheapest = cheapest_of(listed.arcs, demand_of(self.setting.instance, listed), worth.minute, worth.trip)
        self.priced = replace(self.priced, listed=replace(listed, arcs=listed.arcs[:0].copy()))
        del listed
        self._tell(0.0)
        regions, most = Regions(self.setting, self.priced.worth, cheapest), self.limit.moves_per_unit * self._nodes()
        self.method = "regions"
        # Half of those who work lay a region's weeks at a time: it takes three times what the region itself does.
        turn = threading.Semaphore(max(1, cores() // 2))
        regions.round(partial(self._work_on, 0, turn), never, lambda: None)

        def tell() -> None:
            self.best = Placed(regions.who, regions.hours, self.best.moves)
            self.steps = regions.steps
            self._tell(0.9 * (1.0 if self.limit.seconds is not None else min(1.0, self.steps / most)))

        tell()
        self._bound_weeks(regions, FIRST)
        while not self._is_over() and (self.limit.seconds is not None or regions.steps < most):
            regions.round(partial(self._work_on, regions.rounds, turn), self._is_late, tell)
            if regions.rounds in cycles.REGIONS_PRICED_AFTER:
                self._bound_weeks(regions, AGAIN)
        regions.fill()
        self.best = Placed(regions.who, regions.hours, self._moves(regions.who))

    def _bound_weeks(self, regions: Regions, ascent: Ascent) -> None:
        """Better prices of nodes, and what whole weeks prove at them."""
        prices = RegionPrices(regions)
        if self._is_over():
            return
        prices.look(ascent, self._is_late)
        if not prices.is_open():
            return
        proved = prices.proved(self._is_late)
        if proved > self.bound:
            self.node_prices = prices.prices()
        self._prove(proved)
        self._tell(self.share)

    def _work_on(
        self, stage: int, turn: threading.Semaphore, setting: Setting, priced: Priced, start: Start | None, dice: int
    ) -> Worked:  # fmt: skip
        """A region's search in this round."""
        is_late = never if stage == 0 else self._is_late
        return RegionSearch(setting, priced, self.seed * 1_000_000 + dice, self.limit, is_late).work(stage, start, turn)

    def _moves(self, who: Ints) -> int:
        """How many units leave an eligible current practitioner."""
        units = self.setting.instance.units
        holder = np.repeat(who, np.diff(units.start))
        return int(self.priced.listed.waiting_moves.sum()) - int(((holder >= 0) & (units.current == holder)).sum())


def _nobody_has_anything(setting: Setting) -> Placed:
    """The plan in which everything waits."""
    people, nothing = np.arange(len(setting.instance.practitioners), dtype=np.int32), np.zeros(len(setting.instance.practitioners))
    board = board_for(*cut_out(setting, Worth(nothing, nothing, 0.0), people, people[:0], people[:0]))
    hours = float((board.people["load_hours"] + board.people["totals_hours"]).sum() + setting.instance.waiting.sum())
    return Placed(np.full(len(setting.instance.nodes), -1, np.int32), hours, 0)
