"""Dives for caseloads: weeks and the last two shared as every set tried shows; dives count their plan truly; bounds hold; one plan for any threads."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from evenload.planning.check import differences
from evenload.planning.optimise import Limit, solve
from evenload.planning.optimise.caseload_dives import is_open_to_dives
from evenload.planning.optimise.dice import dice_of
from evenload.planning.optimise.dive import Patience
from evenload.planning.optimise.setting import setting_of
from evenload.planning.optimise.warm import priced_case, tiny_case
from evenload.planning.optimise.week_dive import Bench, dive_all, least_values, nearness, reopen, week_prices
from evenload.planning.optimise.week_fill import Items, climb_open, fill_person, opened, scratch_of
from evenload.planning.optimise.week_pair import MOST_SETS, sets, share_two

pytestmark = pytest.mark.slow

PEOPLE, NODES = 3, 7


def drawn_items(seed: int) -> Items:
    """Weeks with a price below and above a middle, a limit, and for the last practitioner a limit of trips; some pairs are missing."""
    dice = np.random.default_rng(seed)
    load, cost = dice.integers(1, 21, (PEOPLE, NODES)), dice.uniform(0.2, 3.0, (PEOPLE, NODES))
    room = (0.8 * load.sum(axis=1) / PEOPLE).astype(np.int64) + 4
    minutes = np.arange(room.max() + 1)
    middle = room[:, None] * np.array([0.3, 0.6, 0.8])[:, None]
    hours = 0.1 * np.maximum(0, middle - minutes) + 0.05 * np.maximum(0, minutes - middle)
    trips, trip_price = dice.uniform(0.1, 0.5, NODES), np.array([0.0, 0.0, 0.4])
    limit = np.array([np.inf, np.inf, 0.8])
    hours -= np.array([0.0, 0.0, 0.4 * 0.8])[:, None]
    cost += trip_price[:, None] * trips
    is_arc = dice.random((PEOPLE, NODES)) < 0.85
    row = np.where(is_arc, np.cumsum(is_arc.ravel()).reshape(PEOPLE, NODES) - 1, -1).astype(np.int32)
    start = np.concatenate([[0], np.cumsum(is_arc.sum(axis=1))])
    node = np.tile(np.arange(NODES), PEOPLE)[is_arc.ravel()]
    corner = np.array([np.minimum(np.arange(room.max() + 1), most) for most in room])
    return Items(
        start, node, load[is_arc], cost[is_arc], hours, corner, np.diff(hours, axis=1).min(axis=1), room, dice.uniform(2.0, 6.0, NODES), trips,
        limit, trip_price, 1.0, row,
    )  # fmt: skip


def price_of(items: Items, who: tuple[int, ...]) -> float:
    """The price of a plan, counted plainly; infinite where it is not allowed."""
    total = sum(items.waiting[n] for n, p in enumerate(who) if p < 0)
    for p in range(PEOPLE):
        own = [n for n, to in enumerate(who) if to == p]
        rows = [items.row[p, n] for n in own]
        if min(rows, default=0) < 0 or sum(items.load[row] for row in rows) > items.room[p]:
            return float("inf")
        trips = sum(items.trips[n] for n in own)
        total += sum(items.cost[row] for row in rows) - items.trip_price[p] * trips
        total += items.hours[p, sum(items.load[row] for row in rows)]
        if np.isfinite(items.trip_limit[p]):
            total += items.trip_price[p] * items.trip_limit[p] + max(0.0, trips - items.trip_limit[p]) * items.dear_trip
    return float(total)


def bench_for(items: Items) -> tuple[Bench, object, float]:
    scratch = scratch_of(items, is_quick=False)
    state = opened(items, items.waiting / 2, np.full(PEOPLE, 0.05))
    proved = climb_open(items, state, scratch, 200, (0.5, 0.01))
    price, minute = state.price.copy(), state.minute.copy()
    return (
        Bench(items, scratch, sets(MOST_SETS), nearness(items, price, minute, 1.0), price, minute, least_values(items, state, scratch)),
        state,
        proved,
    )


@pytest.mark.parametrize("seed", range(5))
def test_a_priced_week_is_filled_as_well_as_any_set_of_nodes_fills_it(seed: int) -> None:
    items = drawn_items(seed)
    prices = np.random.default_rng(seed + 100).uniform(0.5, 2.0, NODES)
    state = opened(items, prices, np.full(PEOPLE, 0.05))
    state.node[seed] = 0
    for p in range(PEOPLE):
        value = fill_person(items, state, scratch_of(items, is_quick=False), p)
        able = [n for n in range(NODES) if items.row[p, n] >= 0 and n != seed]
        sets_of = [[n for n, is_in in zip(able, choice, strict=True) if is_in] for choice in product((0, 1), repeat=len(able))]
        worth = {
            tuple(own): sum(items.cost[items.row[p, n]] - prices[n] for n in own) + items.hours[p, minutes]
            for own in sets_of
            if (minutes := sum(items.load[items.row[p, n]] for n in own)) <= items.room[p]
        }
        taken = sorted(items.node[state.column[p, : state.size[p]]])
        assert value == pytest.approx(min(worth.values()), abs=1e-9)
        assert worth[tuple(taken)] == pytest.approx(value, abs=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_two_share_priced_weeks_and_waiting_as_cheaply_as_any_way_of_sharing(seed: int) -> None:
    items = drawn_items(seed)
    _, state, _ = bench_for(items)
    state.node[:], state.person[:] = 1, (1, 1, 0)
    ways = [price_of(items, who) for who in product((-1, 0, 1), repeat=NODES)]
    nobody_there = price_of(items, (-1,) * NODES) - items.waiting.sum() - items.hours[0, 0] - items.hours[1, 0]
    best, who = min(ways) - nobody_there, np.full(NODES, -9, np.int32)

    found = share_two(items, state, best + 5.0, sets(MOST_SETS), who)

    assert found == pytest.approx(best, abs=1e-9)
    assert price_of(items, tuple(who)) - nobody_there == pytest.approx(best, abs=1e-9)
    assert share_two(items, state, best, sets(MOST_SETS), who) == np.inf


@pytest.mark.parametrize("seed", range(5))
def test_dives_and_reopenings_count_their_plan_truly_and_nothing_proves_more_than_the_best(seed: int) -> None:
    items = drawn_items(seed)
    best = min(price_of(items, who) for who in product((-1, 0, 1, 2), repeat=NODES))
    bench, state, proved = bench_for(items)
    who = np.full(NODES, -9, np.int32)

    found = dive_all(bench, state, Patience(10, 0.3, 0.0), np.inf, dice_of(seed, 0), who)
    assert proved - 1e-9 <= best <= found + 1e-9
    assert found == pytest.approx(price_of(items, tuple(who)), abs=1e-9)
    gained = reopen(bench, state, Patience(8, 0.3, 0.5), 20, (2, 3), dice_of(seed, 1), who)
    assert found - gained == pytest.approx(price_of(items, tuple(who)), abs=1e-6)
    assert week_prices(items, who).sum() + items.waiting[who < 0].sum() == pytest.approx(found - gained, abs=1e-6)
    assert found - gained == pytest.approx(best, rel=0.02)


def test_which_caseloads_are_dived_for() -> None:
    case = priced_case(90)
    assert is_open_to_dives(setting_of(case), None)
    assert not is_open_to_dives(setting_of(case), 5)
    assert not is_open_to_dives(setting_of(replace(case, robust=1)), None)
    assert not is_open_to_dives(setting_of(tiny_case(90)), None)


def test_a_caseload_dived_for_counts_as_it_is_counted_again_with_one_plan_for_any_threads() -> None:
    case = priced_case(90)
    pinned = tuple(replace(unit, pinned_to="p1") if number in (3, 4) else unit for number, unit in enumerate(case.units))
    paired = tuple(replace(unit, stated_id="one") if number in (10, 11, 12) else unit for number, unit in enumerate(pinned))
    case = replace(case, units=paired)

    one, two = (solve(case, seed=3, limit=Limit(moves_per_unit=600, gap_percent=0.0), threads=threads) for threads in (1, 2))

    assert one.provenance.method in ("dives", "search and solver")
    assert not differences(case, one)
    assert one.bound.hours <= one.score.hours
    assert {row.practitioner for row in one.assignments if row.unit in ("u3", "u4")} == {"p1"}
    assert one.assignments == two.assignments
    assert (one.score, one.bound) == (two.score, two.bound)


def test_where_nobody_shares_a_unit_or_many_have_companions_the_search_goes_another_way() -> None:
    case = priced_case(90)
    paired = replace(case, units=tuple(replace(unit, stated_id=f"u{number // 2}") for number, unit in enumerate(case.units)))
    alone = replace(case, practitioners=case.practitioners[:1])

    assert not is_open_to_dives(setting_of(paired), None)
    assert solve(alone, limit=Limit(moves_per_unit=20, gap_percent=0.0)).provenance.method != "dives"
