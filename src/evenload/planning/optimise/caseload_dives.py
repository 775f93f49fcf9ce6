"""Dives for caseloads: rounds over tiles, in each of which a few practitioners at a time get their weeks filled anew.

Small parts are dived for as wholes now and then (`week_dive.dive_all`); in large programs the tiles change from round to round. A node
whose companions have a price, or that is pinned, keeps its place here; the search by single changes moves it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np

from evenload.planning.optimise.arrays import Ints
from evenload.planning.optimise.candidates import STRENGTHENED_NODES
from evenload.planning.optimise.cooled_dives import COLD_FIRST, MOST_WHOLE, goes_on, heat_of, reopen_warm
from evenload.planning.optimise.dice import Dice, dice_of
from evenload.planning.optimise.dive import Patience
from evenload.planning.optimise.fill import Open
from evenload.planning.optimise.setting import Setting
from evenload.planning.optimise.state import Board
from evenload.planning.optimise.threads import side_by_side
from evenload.planning.optimise.tiles import lay_tiles, positions
from evenload.planning.optimise.week_climb import Ascent
from evenload.planning.optimise.week_dive import Bench, dive_all, least_values, nearness, reopen, week_prices
from evenload.planning.optimise.week_fill import climb_open, opened, scratch_of
from evenload.planning.optimise.week_pair import FEWER_SETS, MOST_SETS, sets
from evenload.planning.optimise.week_rows import Field, Start, field_of

STEPS_OF_TRY = 2_500
"""Steps of the search by single changes that take about as long as one sub-problem."""

WHOLE_EVERY = 4
"""Tiles of up to MOST_WHOLE practitioners are dived for as wholes in the first and then in every fourth round."""

WIDTHS = ((4, 7), (3, 5), (6, 10))
"""Least and most practitioners opened at a time in small tiles, in the rounds between."""

STEPS = ((10, 0.05), (8, 0.1), (8, 0.2))
"""Passes before each closing, and the first step as a share of how far a node's good arcs are apart: in turn."""

MOST_COMPANIONS = 0.05
"""as a share of all nodes"""

JITTER_WHOLE, JITTER_SOME = 0.3, 0.5

CLIMB, CLIMB_STEPS = 1000, (0.1, 0.002)
"""Passes of the ascent over the node prices of a tile that may be dived for as a whole, first and last step as such shares."""

TRIES = 10
"""Sub-problems of one round in a small tile."""


class Turn(NamedTuple):
    """A round in large tiles."""

    widths: tuple[int, int]
    """least and most practitioners opened at a time"""
    tries: int
    """sub-problems for each practitioner of the tile"""
    steps: int
    """what one counts for"""


PAIRS, FEW, SOME, MANY = Turn((2, 2), 10, 100), Turn((3, 4), 4, 400), Turn((4, 6), 2, 1_000), Turn((6, 10), 1, STEPS_OF_TRY)
FIRST_TURNS, TURNS = (PAIRS, FEW, FEW, FEW, FEW), (SOME, FEW, SOME, FEW, SOME, MANY)
"""The first rounds, and those that come again and again: a few practitioners at a time gain most in the same time while there is much to
gain."""

PATIENCE_LARGE = (5, 0.15)
"""Passes before each closing and first step, as above."""

FIRST_LARGE, AGAIN_LARGE = Ascent(8_000, (0.1, 0.01)), Ascent(16_000, (0.04, 0.001))
"""Ascents over the node prices of large programs, the first and later ones: dives begin soon."""

CLIMB_ONCE, CLIMBS_AGAIN, SHORT_CLIMB = (16,), (4, 10, 22, 46), 20
"""After so many rounds it goes on: once, or more often where ascents are shorter than so many passes."""


def is_open_to_dives(setting: Setting, most_moves: int | None) -> bool:
    """Whether weeks can be filled one by one: no limit on moves, no protection, no price on clients or travel of whole weeks.

    Few companions at most, for these stand still in dives; and no more nodes than have their prices kept.
    """
    instance = setting.instance
    nodes = len(instance.nodes)
    if nodes > STRENGTHENED_NODES or len(np.unique(instance.groups.node)) > MOST_COMPANIONS * nodes:
        return False
    return (
        most_moves is None
        and not setting.case.robust
        and instance.rates.client == 0
        and instance.rates.travel == 0
        and bool(instance.wings)
    )


def turn_of(number: int) -> Turn:
    """The round of this number in large tiles."""
    return FIRST_TURNS[number] if number < len(FIRST_TURNS) else TURNS[(number - len(FIRST_TURNS)) % len(TURNS)]


class _Done(NamedTuple):
    """What a round of one tile ends with: who has each of its nodes, and the steps it counts for."""

    nodes: Ints
    who: Ints
    steps: int


class _Tile:
    """One tile and what its dives need, which is made where it is first needed: by the thread that dives."""

    def __init__(self, field: Field, start: Start, number: int, *, first_turn: Turn, heat: float | None) -> None:
        self.field, self.start, self.number, self.first_turn, self.heat = field, start, number, first_turn, heat
        self.who = field.who.copy()
        self.bench: Bench | None = None

    def is_open(self) -> bool:
        """Whether anything can change hands."""
        return len(self.field.nodes) > 0 and len(self.field.people) > 1

    def round_unless(self, is_over: Callable[[], bool], number: int, seed: int) -> int:
        """The round, unless the search is over; returns the steps it counts for."""
        return 0 if is_over() else self.round(number, seed)

    def round(self, number: int, seed: int) -> int:
        """A dive of the whole or sub-problems of the plan; returns the steps it counts for."""
        bench = self.bench = self.bench or self._prepared()
        is_small, dice = len(self.field.people) <= MOST_WHOLE, dice_of(seed * 1_000 + number, self.number)
        if self.heat is not None:
            return self._warm(bench, self.heat, dice)
        if not is_small:
            return self._turn(bench, turn_of(number) if number else self.first_turn, dice)
        passes, share = STEPS[number // WHOLE_EVERY % len(STEPS)]
        step = share * self.start.scale
        if number % WHOLE_EVERY == 0:
            fresh: Ints = np.full(len(self.who), -1, np.int32)
            found = dive_all(bench, self.state, Patience(passes, step, JITTER_WHOLE if number else 0.0), self._hours(), dice, fresh)
            self.who = fresh if np.isfinite(found) else self.who
            return STEPS_OF_TRY * len(self.field.people) // 4
        reopen(bench, self.state, Patience(passes, step, JITTER_SOME), TRIES, WIDTHS[number % WHOLE_EVERY - 1], dice, self.who)
        return STEPS_OF_TRY * TRIES

    def _turn(self, bench: Bench, turn: Turn, dice: Dice) -> int:
        passes, share = PATIENCE_LARGE
        tries = int(turn.tries * len(self.field.people))
        reopen(bench, self.state, Patience(passes, share * self.start.scale, JITTER_SOME), tries, turn.widths, dice, self.who)
        return turn.steps * tries

    def _warm(self, bench: Bench, heat: float, dice: Dice) -> int:
        passes, share = PATIENCE_LARGE
        tries, scale = int(FEW.tries * len(self.field.people)), self.start.scale
        patience = Patience(passes, share * scale, JITTER_SOME)
        reopen_warm(bench, self.state, patience, heat * scale, tries, FEW.widths, dice, self.who)
        return FEW.steps * tries

    def _prepared(self) -> Bench:
        items, scale = self.field.items, self.start.scale
        scratch = scratch_of(items, is_quick=True)
        self.state: Open = opened(items, self.start.prices[self.field.nodes], self.start.minute[self.field.people])
        if len(self.field.people) <= MOST_WHOLE:
            climb_open(items, self.state, scratch_of(items, is_quick=False), CLIMB, (CLIMB_STEPS[0] * scale, CLIMB_STEPS[1] * scale))
        prices, minute = self.state.price.copy(), self.state.minute.copy()
        near, least = nearness(items, prices, minute, scale), least_values(items, self.state, scratch)
        space = sets(MOST_SETS if len(self.field.people) <= MOST_WHOLE else FEWER_SETS)
        return Bench(items, scratch, space, near, prices, minute, least)

    def _hours(self) -> float:
        return float(week_prices(self.field.items, self.who).sum() + self.field.items.waiting[self.who < 0].sum())


class CaseloadDives:
    """Rounds of dives from the plan on a board; is_cooled: after the first ones a plan may become dearer for a while (`cooled_dives`)."""

    def __init__(self, setting: Setting, seed: int, first_turn: Turn = PAIRS, *, is_cooled: bool = False) -> None:
        self.first_turn = first_turn
        self.seed, self.rounds, self.where = seed, 0, positions(setting.instance)
        self.is_cooled = is_cooled
        self.kept: list[_Tile] = []

    def round(self, board: Board, start: Start, is_over: Callable[[], bool]) -> tuple[Ints, int]:
        """One round from the plan on the board; returns the plan after it (int32[N]) and the steps it counts for."""
        who = board.nodes["who"].copy()
        tasks = [partial(self._again, tile, is_over) for tile in self.kept] or self._laid(board, start, is_over)
        done = side_by_side(tasks)
        for one in done:
            who[one.nodes] = one.who
        self.rounds += 1
        return who, sum(one.steps for one in done)

    def goes_on(self) -> bool:
        """Whether the next round goes on from the last one's plan, not from the best."""
        return self.is_cooled and goes_on(self.rounds)

    def is_to_climb(self) -> bool:
        """Whether better prices of nodes are to be looked for after this round."""
        if self.is_cooled:
            return self.rounds == COLD_FIRST
        is_short = AGAIN_LARGE.weeks < SHORT_CLIMB * len(self.where)
        return self.rounds in (CLIMBS_AGAIN if is_short else CLIMB_ONCE)

    def renew(self) -> None:
        """Other arcs or prices are at hand: everything that was made of the old ones is forgotten."""
        self.kept = []

    def _laid(self, board: Board, start: Start, is_over: Callable[[], bool]) -> list[Callable[[], _Done]]:
        """Rounds of newly laid tiles. Where all are small, these are kept; else each is made where its turn comes, and forgotten."""
        owns, tile_of = lay_tiles(board, self.where, self.rounds), board.people["tile"]
        numbers = [int(board.nodes["tile"][own[0]]) for own in owns]
        laid = [(own, np.flatnonzero(tile_of == number).astype(np.int32), number) for own, number in zip(owns, numbers, strict=True)]
        if any(len(people) > MOST_WHOLE for _, people, _ in laid):
            return [partial(self._once, board, start, is_over, *one) for one in laid]
        tiles = [self._tile(board, start, *one) for one in laid]
        self.kept = [tile for tile in tiles if tile.is_open()]
        return [partial(self._again, tile, is_over) for tile in self.kept]

    def _tile(self, board: Board, start: Start, own: Ints, people: Ints, number: int) -> _Tile:
        heat = heat_of(self.rounds) if self.is_cooled and self.rounds >= COLD_FIRST else None
        return _Tile(field_of(board, own, people, start.trip), start, number, first_turn=self.first_turn, heat=heat)

    def _once(self, board: Board, start: Start, is_over: Callable[[], bool], own: Ints, people: Ints, number: int) -> _Done:
        """A round of a tile that is made for it alone; the board stands still meanwhile."""
        if is_over():
            return _Done(own[:0], own[:0], 0)
        tile = self._tile(board, start, own, people, number)
        return self._again(tile, is_over) if tile.is_open() else _Done(own[:0], own[:0], 0)

    def _again(self, tile: _Tile, is_over: Callable[[], bool]) -> _Done:
        steps, field = tile.round_unless(is_over, self.rounds, self.seed), tile.field
        return _Done(field.nodes, np.where(tile.who >= 0, field.people[np.maximum(tile.who, 0)], -1).astype(np.int32), steps)
