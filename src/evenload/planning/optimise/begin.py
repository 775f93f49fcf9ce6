"""Assignments as a search keeps them, and the first of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evenload.planning.optimise.arrays import FREE, Ints, Longs
from evenload.planning.optimise.candidates import Worth, arcs_of
from evenload.planning.optimise.greedy import insert, regrets, trim
from evenload.planning.optimise.records import LEAN_ARC
from evenload.planning.optimise.setting import Priced, Setting
from evenload.planning.optimise.state import Board, board_of, place_all, score_of

SMALLEST_GAIN = 1e-7
"""Hours per week by which a plan must be cheaper to replace another: the plan at hand stands in a tie."""

NO_LIMIT = 2**40


@dataclass(frozen=True, slots=True)
class Placed:
    """One assignment: who has each node (int32[N], −1 waits), its price without held-back units, and its moves."""

    who: Ints
    hours: float
    moves: int


def board_for(setting: Setting, priced: Priced) -> Board:
    """An empty board with the arcs and prices at hand."""
    return board_of(setting.instance, priced.listed, setting.staff, setting.pinned_minutes, priced.worth)


def placed_on(board: Board) -> Placed:
    """What the board holds, its price counted anew."""
    hours, moves = score_of(*board)
    return Placed(board.nodes["who"].copy(), float(hours), int(moves))


def better(at_hand: Placed, other: Placed, most_moves: int | None) -> Placed:
    """The other one where it is truly cheaper and within the limit on moves; else the one at hand."""
    is_allowed = most_moves is None or other.moves <= most_moves
    return other if is_allowed and other.hours < at_hand.hours - SMALLEST_GAIN else at_hand


def kept(setting: Setting) -> Placed:
    """Everybody keeps whom she has, as far as the hours go; as few as possible leave. Everybody else waits."""
    people = len(setting.instance.practitioners)
    worth, listed = Worth(np.zeros(people), np.zeros(people), 0.0), setting.unpriced
    if listed.arcs.dtype == LEAN_ARC:  # moves and travel are not told there
        listed = arcs_of(setting.instance, setting.exact, worth, setting.current)
    unpriced = Priced(worth, listed, np.zeros(people), 0.0)
    board = board_for(setting, unpriced)
    place_all(*board, setting.current)
    trim(*board)
    return placed_on(board)


def first_plan(setting: Setting, board: Board, beginning: Placed, most_moves: int | None) -> Placed:
    """The cheapest of: what is kept; that and the rest inserted by regret; everything inserted by regret."""
    order = by_regret(board)
    place_all(*board, beginning.who)
    insert(*board, order, moves_left(beginning.moves, most_moves))
    best = better(beginning, placed_on(board), most_moves)
    if most_moves is None:
        place_all(*board, np.where(setting.instance.pinned > FREE, setting.instance.pinned, -1).astype(np.int32))
        insert(*board, order, NO_LIMIT)
        best = better(best, placed_on(board), most_moves)
    return best


def by_regret(board: Board) -> Longs:
    """int64[N]: the nodes, those first for which it would cost most to be left over.

    Under good prices of loads the second choice is seldom much dearer than the first; what is dear is that no week has room left.
    """
    regret = regrets(board.arcs, board.nodes)
    np.negative(regret, out=regret)
    return np.argsort(regret, kind="stable")


def moves_left(moves: int, most_moves: int | None) -> int:
    """Moves that may still be made."""
    return NO_LIMIT if most_moves is None else max(0, most_moves - moves)
