"""Tight programs: weeks and the last two shared exactly as every set tried shows; dives end feasible; bounds hold; one plan for any threads."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from tried_plans import NODES, PEOPLE, cheapest_by_trying

from evenload.planning.check import differences
from evenload.planning.optimise import Limit, solve
from evenload.planning.optimise.dice import dice_of
from evenload.planning.optimise.dive import Bench, Patience, dive_all, least_values, nearness, reopen
from evenload.planning.optimise.fill import Items, climb_open, fill_open, fill_person, opened, scratch_of
from evenload.planning.optimise.setting import setting_of
from evenload.planning.optimise.tight import is_tight, next_step
from evenload.planning.optimise.two_weeks import Pair, halves, share_two
from evenload.planning.optimise.warm import UNITS, tight_case, tiny_case

pytestmark = pytest.mark.slow


def drawn_items(seed: int, charge: float = 0.0) -> Items:
    dice = np.random.default_rng(seed)
    load = dice.integers(1, 21, (PEOPLE, NODES))
    cost = (30 - load + dice.integers(-5, 6, (PEOPLE, NODES))).astype(float)
    room = (0.85 * load.sum(axis=1) / PEOPLE).astype(np.int64) + 2
    start = np.arange(0, PEOPLE * NODES + 1, NODES)
    row = np.arange(PEOPLE * NODES, dtype=np.int32).reshape(PEOPLE, NODES)
    return Items(start, start[1:], np.tile(np.arange(NODES), PEOPLE), load.ravel(), cost.ravel(), room, row, charge)


@pytest.mark.parametrize("seed", range(5))
def test_a_week_is_filled_as_well_as_any_set_of_nodes_fills_it(seed: int) -> None:
    items = drawn_items(seed)
    prices = np.random.default_rng(seed + 100).uniform(10, 40, NODES)
    state = opened(items, prices, np.full(PEOPLE, 0.7))
    state.node[seed] = 0
    values = [fill_person(items, state, scratch_of(items), p) for p in range(PEOPLE)]
    for p, value in enumerate(values):
        rows = items.row[p]
        sets = [[n for n in range(NODES) if (number >> n) & 1 and n != seed] for number in range(2**NODES)]
        fits = [own for own in sets if sum(items.load[rows[n]] for n in own) <= items.room[p]]
        assert value == pytest.approx(min(sum(items.cost[rows[n]] - prices[n] for n in own) for own in fits), abs=1e-9)
        taken = items.node[state.column[p, : state.size[p]]]
        assert sum(items.cost[rows[n]] - prices[n] for n in taken) == pytest.approx(value, abs=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_two_share_nodes_as_cheaply_as_any_way_of_sharing_them(seed: int) -> None:
    dice = np.random.default_rng(seed)
    load = dice.integers(1, 21, (10, 2))
    pair = Pair(dice.integers(1, 30, (10, 2)).astype(float), load, (0.6 * load.sum(axis=0)).astype(np.int64))
    ways = [np.array(way) for way in product((0, 1), repeat=10)]
    fits = [way for way in ways if all(load[way == s, s].sum() <= pair.room[s] for s in (0, 1))]
    best = min(pair.cost[np.arange(10), way].sum() for way in fits)
    side = np.empty(10, np.int32)

    found, proved = share_two(pair, best + 50.0, np.ones(2), halves(), side)

    assert proved - 1e-9 <= best == pytest.approx(found)
    assert all(load[side == s, s].sum() <= pair.room[s] for s in (0, 1))
    assert share_two(pair, best, np.ones(2), halves(), side)[0] == np.inf


@pytest.mark.parametrize(("seed", "charge"), [(1, 0.0), (2, 0.0), (3, 0.4), (4, 0.4)])
def test_dives_end_within_limits_and_no_prices_prove_more_than_the_best(seed: int, charge: float) -> None:
    items = drawn_items(seed, charge)
    best, scratch = cheapest_by_trying(items), scratch_of(items)
    state = opened(items, np.full(NODES, 15.0), np.full(PEOPLE, 0.7))
    assert climb_open(items, state, scratch, 100, 1.0, 0.02) <= best + 1e-9
    assert fill_open(items, state, scratch) <= best + 1e-9
    least, near = least_values(items, state, scratch), nearness(items, state, 1.0)
    bench = Bench(items, scratch, halves(), near, state.price.copy(), state.minute.copy(), least)
    who, hours = np.full(NODES, -1, np.int32), np.inf
    for number in range(20):
        fresh = who.copy()
        found = dive_all(bench, state, Patience(6, 0.3, 0.5), hours, dice_of(seed, number), fresh)
        assert found == np.inf or found < hours
        if found < hours:
            who, hours = fresh, found
    hours -= reopen(bench, state, Patience(6, 0.3, 0.5), 20, (2, 3), dice_of(seed, 99), who)
    loads = np.bincount(who, items.load[items.row[who, np.arange(NODES)]], PEOPLE)
    assert (loads <= items.room).all()
    assert hours == pytest.approx(items.cost[items.row[who, np.arange(NODES)]].sum())
    assert best - 1e-9 <= hours <= 1.1 * best


def test_a_tight_case_gets_one_checked_plan_for_any_number_of_threads() -> None:
    case = tight_case(UNITS)
    assert is_tight(setting_of(case), None)
    assert not is_tight(setting_of(tiny_case(UNITS)), None)

    one, two = (solve(case, seed=3, limit=Limit(moves_per_unit=10, gap_percent=0.0), threads=threads) for threads in (1, 2))

    assert differences(case, one) == ()
    assert (one.assignments, one.score, one.bound) == (two.assignments, two.score, two.bound)
    assert one.bound.gap_percent(one.score) <= 1.0


def test_a_bound_is_rounded_up_only_where_prices_come_in_steps() -> None:
    assert next_step(10.2, 0.0) == 10.2
    assert next_step(10.2, 1.0) == 11.0
    assert next_step(11.0 + 1e-9, 1.0) == 11.0
    assert next_step(10.2, 5.0) == 15.0
