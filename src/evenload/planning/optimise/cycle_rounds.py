"""Rounds of the search by single changes and by whole weeks, over tiles that change from round to round (`cycles` has their temperatures)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise

import numpy as np

from evenload.planning.optimise import cycles
from evenload.planning.optimise.arrays import Floats, Ints
from evenload.planning.optimise.begin import NO_LIMIT, SMALLEST_GAIN, Placed, better, by_regret, moves_left, placed_on
from evenload.planning.optimise.couples import refill_tile
from evenload.planning.optimise.greedy import insert, trim
from evenload.planning.optimise.search import Cooling, anneal_tile
from evenload.planning.optimise.standing import Standing
from evenload.planning.optimise.state import open_limits, place_all, score_of_part
from evenload.planning.optimise.threads import side_by_side
from evenload.planning.optimise.tiles import lay_tiles, positions


class CycleRounds(Standing):
    """A solve whose plan is cooled down, cycle by cycle."""

    def _cycle(self, kind: str, share: float) -> None:
        """One cycle from the best plan so far."""
        if kind == "weeks":
            self._share_out(share)
        elif kind == "cold":
            self._scatter(cycles.COLD, share)
        else:
            self._scatter(list(pairwise(np.geomspace(*cycles.SINGLE, cycles.SINGLE_ROUNDS + 1))), share)

    def _share_out(self, share: float, shared: tuple[float, float] = cycles.SHARED) -> None:
        """Weeks are shared out beyond their limits, the limits are kept again, single nodes find their places."""
        where, scale = positions(self.setting.instance), cycles.heat_unit(self.priced.listed)
        refills = share * cycles.SHARE_OF_REFILLS / len(cycles.DEARER)
        heat = scale * np.geomspace(*shared, len(cycles.DEARER) + 1)
        place_all(*self.board, self.best.who)
        for at, dearer in enumerate(cycles.DEARER):
            if self._is_over():
                break
            if self.most_moves is None and not self.setting.case.robust:
                self._open(dearer)
            self._round(refill_tile, where, refills, (float(heat[at]), float(heat[at + 1])))
        self._close()
        self._cool_down(cycles.SCATTERED, share * (1 - cycles.SHARE_OF_REFILLS))

    def _scatter(self, temperatures: Sequence[tuple[float, float]], share: float) -> None:
        """Rounds of ruin and recreate from the best plan."""
        place_all(*self.board, self.best.who)
        self._cool_down(temperatures, share)

    def _cool_down(self, temperatures: Sequence[tuple[float, float]], share: float) -> None:
        """Rounds of ruin and recreate from what is on the board."""
        where, scale = positions(self.setting.instance), cycles.heat_unit(self.priced.listed)
        for hot, cold in temperatures:
            if self._is_over():
                break
            self._round(anneal_tile, where, share / len(temperatures), (float(scale * hot), float(scale * cold)))
            self._keep()

    def _open(self, dearer: float) -> None:
        """Lets everybody be above her limit, at this multiple of the price of her load."""
        minute = self.priced.worth.minute
        who = self.board.nodes["who"].copy()
        open_limits(self.board.people, cycles.OPENED, dearer * np.maximum(minute, max(cycles.LEAST_PRICE, float(np.median(minute)))))
        place_all(*self.board, who)

    def _close(self) -> None:
        """Everybody's limit is kept again: who is above it gives back as little as possible, and what waits is inserted."""
        who = self.board.nodes["who"].copy()
        open_limits(self.board.people, 0.0, np.zeros(len(self.board.people)))
        place_all(*self.board, who)
        trim(*self.board)
        order = by_regret(self.board)
        insert(*self.board, order, moves_left(placed_on(self.board).moves, self.most_moves))
        self._keep()

    def _keep(self) -> None:
        """The best plan, part by part where parts do not touch each other; the board stays as it is."""
        self.best = self._best_with(placed_on(self.board))
        self.method = "search"
        self._tell(0.9 * min(1.0, self.done))

    def _best_with(self, placed: Placed) -> Placed:
        """The best plan so far or this one, which is on the board, part by part where parts do not touch each other; the board stays as it is."""
        best = better(self.best, placed, self.most_moves)
        if best is not placed and self.most_moves is None and len(self.parts) > 1:
            best = better(best, self._mixed(placed.who), self.most_moves)
            place_all(*self.board, placed.who)
        return best

    def _mixed(self, who: Ints) -> Placed:
        """Each part from the best plan or from the one on the board (who int32[N]), whichever is cheaper there."""
        on_board = [score_of_part(*self.board, *part) for part in self.parts]
        place_all(*self.board, self.best.who)
        mixed = self.best.who.copy()
        for part, hours in zip(self.parts, on_board, strict=True):
            if hours < score_of_part(*self.board, *part) - SMALLEST_GAIN:
                mixed[part[0]] = who[part[0]]
        place_all(*self.board, mixed)
        return placed_on(self.board)

    def _round(self, kernel: Callable[..., tuple[float, int]], where: Floats, share: float, heat: tuple[float, float]) -> None:
        per_node = self.limit.moves_per_unit * share
        tiles = lay_tiles(self.board, where, self.rounds)
        dice = self.seed * 1_000 + self.rounds
        coolings = [Cooling(per_node, *heat, dice, int(self.board.nodes["tile"][own[0]])) for own in tiles]
        self.steps += sum(int(per_node * len(own)) for own in tiles)
        self.rounds, self.done = self.rounds + 1, self.done + share
        if self.most_moves is None:
            side_by_side([partial(kernel, *self.board, cooling, own, NO_LIMIT) for cooling, own in zip(coolings, tiles, strict=True)])
            return
        # Moves are one purse for all tiles, so the tiles take turns.
        left = moves_left(placed_on(self.board).moves, self.most_moves)
        for cooling, own in zip(coolings, tiles, strict=True):
            _, left = kernel(*self.board, cooling, own, left)
