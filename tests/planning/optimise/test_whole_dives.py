"""Dives over whole programs: weeks closed together share no node, the steadiest first; the plan keeps every limit, and is one for any threads."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.instances import Size, caseload
from evenload.planning.check import differences
from evenload.planning.optimise import Limit, solve
from evenload.planning.optimise.begin import NO_LIMIT, Placed, board_for, by_regret, placed_on
from evenload.planning.optimise.caseload_dives import FIRST_TURNS, TURNS, turn_of
from evenload.planning.optimise.fill import Open
from evenload.planning.optimise.greedy import insert
from evenload.planning.optimise.setting import priced, setting_of
from evenload.planning.optimise.state import place_all
from evenload.planning.optimise.threads import using_threads
from evenload.planning.optimise.week_climb import FIRST, climbed_over_all, start_of
from evenload.planning.optimise.week_fill import Items
from evenload.planning.optimise.whole_dives import are_few_left, begun, close_some, whole_plan

pytestmark = pytest.mark.slow


def three_weeks() -> tuple[Items, Open]:
    """Three practitioners and four nodes, everybody may take everything; the first two want node 1, the third nodes 2 and 3."""
    people, nodes = 3, 4
    row = np.arange(people * nodes, dtype=np.int32).reshape(people, nodes)
    rows, one = np.tile(np.arange(nodes), people), np.ones(people)
    items = Items(
        np.arange(people + 1) * nodes, rows, np.full(12, 10), np.ones(12), np.zeros((people, 41)), np.zeros((people, 1), np.int64), 0 * one,
        np.full(people, 40), np.full(nodes, 9.0), np.zeros(nodes), np.full(people, np.inf), 0 * one, 0.0, row,
    )  # fmt: skip
    column = np.zeros((people, nodes + 1), np.int32)
    for p, own in enumerate(((0, 1), (1,), (2, 3))):
        column[p, : len(own)] = row[p, list(own)]
    open_all = Open(
        np.ones(nodes, np.int8), np.ones(people, np.int8), np.ones(nodes), 0 * one, np.zeros(nodes, np.int64), column, np.array([2, 1, 2])
    )
    return items, open_all


def test_weeks_that_share_no_node_are_closed_together_the_steadiest_first() -> None:
    items, state = three_weeks()
    steady = np.ones(12)
    steady[items.row[1, 1]] = 5.0
    who = np.full(4, -1, np.int32)

    assert close_some(items, state, steady, 3, who) == 2
    assert who.tolist() == [-1, 1, 2, 2]
    assert state.person.tolist() == [1, 0, 0]
    assert state.node.tolist() == [1, 0, 0, 0]


def test_no_more_weeks_are_closed_than_asked_for() -> None:
    items, state = three_weeks()
    who = np.full(4, -1, np.int32)

    assert close_some(items, state, np.ones(12), 1, who) == 1
    assert who.tolist() == [0, 0, -1, -1]


def test_a_whole_program_dived_for_keeps_every_limit_fills_cheaper_weeks_than_insertion_and_is_one_plan_for_any_threads() -> None:
    setting = setting_of(caseload(Size(24, 480, 0.95), seed=2))
    prices = priced(setting, None)
    board = board_for(setting, prices)
    place_all(*board, np.full(len(setting.instance.nodes), -1, np.int32))
    insert(*board, by_regret(board), NO_LIMIT)
    inserted = placed_on(board)
    start = climbed_over_all(setting, prices, inserted.who, start_of(prices), FIRST)

    with using_threads(1):
        one = whole_plan(setting, prices, start)
        begins = begun(setting, prices, board, start)
    with using_threads(2):
        two = whole_plan(setting, prices, start)

    assert one.tolist() == two.tolist()
    assert (whole_plan(setting, prices, start, is_late=lambda: True) == -1).all()
    assert (begins.who >= 0).sum() >= (one >= 0).sum()
    assert (board.people["load"] <= board.people["limit"]).all()
    assert prices.bound_hours <= begins.hours
    waiting = setting.instance.waiting
    assert begins.hours - waiting[begins.who < 0].sum() < inserted.hours - waiting[inserted.who < 0].sum()


def test_few_are_left_where_somebody_waits_but_hardly_anybody() -> None:
    def left(waiting: int) -> bool:
        return are_few_left(Placed(np.where(np.arange(1_000) < waiting, -1, 0).astype(np.int32), 1.0, 0))

    assert [left(waiting) for waiting in (0, 1, 10, 11)] == [False, True, True, False]


def test_rounds_of_large_tiles_begin_with_pairs_and_then_come_again() -> None:
    assert turn_of(0).widths == (2, 2)
    assert [turn_of(len(FIRST_TURNS) + number) for number in range(2 * len(TURNS))] == 2 * list(TURNS)


def test_a_large_caseload_counts_as_it_is_counted_again_with_one_plan_for_any_threads() -> None:
    case = caseload(Size(40, 1_100, 0.95), seed=3)

    one, two = (solve(case, limit=Limit(moves_per_unit=200, gap_percent=0.0), threads=threads) for threads in (1, 2))

    assert one.provenance.method == "dives"
    assert not differences(case, one)
    assert one.bound.gap_percent(one.score) < 5
    assert one.assignments == two.assignments
    assert (one.score, one.bound) == (two.score, two.bound)
