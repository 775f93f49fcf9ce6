"""Sub-problems that may end dearer: heat falls to nothing in each cycle, plans are counted truly, and there is one plan for any threads."""

from __future__ import annotations

import numpy as np
import pytest
from test_caseload_dives import NODES, bench_for, drawn_items, price_of

from benchmarks.instances import Size, caseload
from evenload.planning.optimise.begin import board_for, first_plan, kept, placed_on
from evenload.planning.optimise.caseload_dives import CaseloadDives
from evenload.planning.optimise.cooled_dives import (
    COLD_FIRST,
    COLD_LAST,
    CYCLES,
    HEAT,
    MOST_NODES,
    MOST_PEOPLE,
    MOST_WHOLE,
    goes_on,
    heat_of,
    is_open_to_heat,
    reopen_warm,
)
from evenload.planning.optimise.dice import dice_of
from evenload.planning.optimise.dive import Patience
from evenload.planning.optimise.limit import never
from evenload.planning.optimise.setting import priced, setting_of
from evenload.planning.optimise.state import place_all
from evenload.planning.optimise.strengthen import scale_of
from evenload.planning.optimise.threads import using_threads
from evenload.planning.optimise.week_climb import start_of

pytestmark = pytest.mark.slow


def test_heat_falls_to_nothing_in_each_cycle_and_only_its_first_round_goes_on_from_the_best_plan() -> None:
    begin = COLD_FIRST
    assert not any(goes_on(number) for number in range(COLD_FIRST + 1))
    for rounds in (*CYCLES, CYCLES[-1]):
        heats = [heat_of(number) for number in range(begin, begin + rounds)]
        assert heats[0] == HEAT
        assert heats == sorted(heats, reverse=True)
        assert [number for number, heat in enumerate(heats) if heat == 0] == list(range(rounds - COLD_LAST, rounds))
        assert [goes_on(number) for number in range(begin, begin + rounds)] == [False] + [True] * (rounds - 1)
        begin += rounds


def test_heat_is_for_middle_programs_alone() -> None:
    def is_open(people: int, nodes: int) -> bool:
        nothing = np.empty(0, np.int32)
        return is_open_to_heat([(nothing, np.arange(people, dtype=np.int32)), (nothing, nothing)], nodes)

    assert is_open(MOST_WHOLE + 1, 2_000)
    assert is_open(MOST_PEOPLE, MOST_NODES)
    assert not is_open(MOST_WHOLE, 2_000)
    assert not is_open(MOST_PEOPLE + 1, 2_000)
    assert not is_open(MOST_PEOPLE, MOST_NODES + 1)


@pytest.mark.parametrize("seed", range(3))
def test_share_outs_that_end_dearer_are_counted_truly_and_without_heat_none_does(seed: int) -> None:
    items = drawn_items(seed)
    bench, state, _ = bench_for(items)
    who = np.full(NODES, -1, np.int32)
    waiting = price_of(items, tuple(who))
    for heat in (0.0, 2.0):
        before = price_of(items, tuple(who))
        gained = reopen_warm(bench, state, Patience(8, 0.3, 0.5), heat, 20, (2, 3), dice_of(seed, 1), who)
        assert before - gained == pytest.approx(price_of(items, tuple(who)), abs=1e-6)
        assert heat > 0 or 0 < gained < waiting


def test_a_round_with_heat_keeps_every_limit_leaves_a_plan_that_stood_still_and_is_one_plan_for_any_threads() -> None:
    setting = setting_of(caseload(Size(24, 480, 1.1), seed=2))
    prices = priced(setting, None)
    board = board_for(setting, prices)
    begins = first_plan(setting, board, kept(setting), None)
    start = start_of(prices)._replace(scale=scale_of(board))
    found = {}
    for name, threads, first in (("one", 1, COLD_FIRST), ("two", 2, COLD_FIRST), ("cold", 1, COLD_FIRST + CYCLES[0] - 1)):
        place_all(*board, begins.who)
        dives = CaseloadDives(setting, 0, is_cooled=True)
        dives.rounds = first
        with using_threads(threads):
            who, steps = dives.round(board, start, never)
        place_all(*board, who)
        assert steps > 0
        assert (board.people["load"] <= board.people["limit"]).all()
        found[name] = (who.tolist(), placed_on(board).hours)

    assert found["one"] == found["two"]
    assert found["one"][0] != found["cold"][0]
    assert prices.bound_hours <= found["cold"][1] < begins.hours
