"""Rounds over the regions of a very large program, and what is proved of it between them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np

from evenload.planning.optimise import cycles
from evenload.planning.optimise.begin import Placed
from evenload.planning.optimise.price_repair import mended
from evenload.planning.optimise.region_prices import RegionPrices
from evenload.planning.optimise.regions import Regions, Worked
from evenload.planning.optimise.setting import Priced, Setting
from evenload.planning.optimise.standing import Standing


class RegionRounds(Standing):
    """A solve that goes region by region."""

    def _share_regions(self, work: Callable[[int, Setting, Priced, int], Worked]) -> None:
        """Very large programs, region by region, round after round; the arcs of the whole are not needed meanwhile.

        work: searches a region: the number of the round, the region's setting and prices, dice.
        """
        self.priced = mended(self.setting, self.priced)
        self._prove(self.priced.bound_hours)
        listed = self.priced.listed
        cheapest = np.where(listed.degree > 0, listed.arcs[:, 0]["to"], -1).astype(np.int32)
        self.priced = replace(self.priced, listed=replace(listed, arcs=listed.arcs[:0].copy()))
        del listed
        self._tell(0.0)
        regions, most = Regions(self.setting, self.priced.worth, self.best, cheapest), self.limit.moves_per_unit * self._nodes()
        self.method = "regions"

        def tell() -> None:
            if regions.is_whole:
                self.best = Placed(regions.who, regions.hours, self.best.moves)
            self.steps = regions.steps
            self._tell(0.9 * (1.0 if self.limit.seconds is not None else min(1.0, self.steps / most)))

        prices = RegionPrices(regions)
        while not self._is_over() and (self.limit.seconds is not None or regions.steps < most):
            regions.round(partial(work, regions.rounds), self._is_over, tell)
            tell()
            if regions.rounds in cycles.REGIONS_PRICED_AFTER and prices.is_open():
                self._prove(prices.proved(self._is_over))
                tell()
                self.node_prices = prices.prices if prices.prices.size else None
        # Its price is counted where the board is filled (`_fill_room`).
        self.best = replace(self.best, who=regions.so_far())
