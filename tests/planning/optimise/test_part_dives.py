"""Small caseloads part by part: margins and targets as every set and every plan tried show; one plan for any threads; branches counted again."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from test_caseload_dives import NODES, PEOPLE, bench_for, drawn_items, price_of

from benchmarks.instances import Size, caseload
from evenload.planning.check import differences
from evenload.planning.optimise import Limit, solve
from evenload.planning.optimise.dice import dice_of
from evenload.planning.optimise.dive import Patience
from evenload.planning.optimise.part_dives import PartDives
from evenload.planning.optimise.setting import priced, setting_of
from evenload.planning.optimise.solve import Search
from evenload.planning.optimise.tree import FOUND, OPEN, REFUTED, STUCK, Aim, stack_of
from evenload.planning.optimise.warm import priced_case
from evenload.planning.optimise.week_fill import Items
from evenload.planning.optimise.week_margins import Arcs, arcs_of, branch_of, settle, space_of, weigh_week
from evenload.planning.optimise.week_targets import WeekTargets
from evenload.planning.optimise.week_tree import search
from evenload.planning.optimise.week_wander import ANEW, LAST, WIDEST, wander

pytestmark = pytest.mark.slow

MUCH = 10**9
BY_HAND = 1e-7
"""hours; targets leave a part of it"""


def cheapest(items: Items) -> float:
    """Every plan tried."""
    return min(price_of(items, who) for who in product(range(-1, PEOPLE), repeat=NODES))


def weeks_tried(items: Items, arcs: Arcs, rows: list[int], prices: np.ndarray, p: int, base: int) -> dict[frozenset[int], float]:
    """Σ cost − u + f(load) of every set of rows that fits beside `base` minutes."""
    found = {}
    for number in range(2 ** len(rows)):
        own = frozenset(row for at, row in enumerate(rows) if (number >> at) & 1)
        minutes = base + sum(int(arcs.load[row]) for row in own)
        if minutes <= items.room[p]:
            found[own] = sum(float(arcs.cost[row] - prices[arcs.node[row]]) for row in own) + float(items.hours[p, minutes])
    return found


@pytest.mark.parametrize("seed", range(4))
def test_margins_of_priced_weeks_are_what_every_set_of_nodes_shows(seed: int) -> None:
    items = drawn_items(seed)
    arcs, prices = arcs_of(items), np.random.default_rng(seed + 100).uniform(0.3, 3.0, NODES)
    branch, space = branch_of(arcs, prices), space_of(arcs)
    given = int(np.flatnonzero(arcs.person == seed % PEOPLE)[0])
    branch.open[(arcs.node == arcs.node[given]) & (np.arange(len(arcs.node)) != given)] = 0
    settle(arcs, branch)
    for p in range(PEOPLE):
        weigh_week(arcs, branch, space, p)
        rows = [row for row in range(arcs.start[p], arcs.start[p + 1]) if branch.open[row] and branch.arcs[arcs.node[row]] > 1]
        value = weeks_tried(items, arcs, rows, prices, p, int(arcs.load[given]) if p == seed % PEOPLE else 0)
        assert branch.value[p] == pytest.approx(min(value.values()))
        for row in rows:
            taken, left = (min(of for own, of in value.items() if (row in own) is is_in) for is_in in (True, False))
            assert branch.value[p] + branch.to_take[row] == pytest.approx(taken)
            assert branch.value[p] + branch.to_leave[row] == pytest.approx(left)


def answer(items: Items, target: float, depth: int = NODES, cells: int = MUCH) -> int:
    arcs = arcs_of(items)
    branch, stack = branch_of(arcs, items.waiting / 2), stack_of(arcs, NODES, depth)
    return search(arcs, branch, space_of(arcs), stack, Aim(target, 1.0, 1.0), cells)


@pytest.mark.parametrize("seed", range(8))
def test_a_target_is_refuted_below_the_cheapest_plan_and_reached_at_it(seed: int) -> None:
    items = drawn_items(seed)
    best = cheapest(items)

    assert answer(items, best - 0.001) == REFUTED
    assert answer(items, best) == FOUND
    assert answer(items, best + 0.5) == FOUND


def test_work_stops_where_cells_are_used_up_and_no_space_is_no_proof() -> None:
    items = drawn_items(2)
    best = cheapest(items)
    assert answer(items, best - 0.001, cells=1) in (OPEN, REFUTED)
    assert any(answer(drawn_items(seed), cheapest(drawn_items(seed)) - 0.001, depth=0) == STUCK for seed in range(8))


@pytest.mark.parametrize("seed", range(8))
def test_targets_end_with_the_cheapest_of_all_plans_and_prove_it(seed: int) -> None:
    items = drawn_items(seed)
    targets, best = WeekTargets(items, 1.0), float(price_of(items, (-1,) * NODES))
    targets.weigh(items.waiting / 2)
    proved = targets.proved
    for _ in range(100):
        who = targets.look(MUCH, best)
        if who is None:
            break
        assert price_of(items, tuple(who)) < best
        best = price_of(items, tuple(who))

    assert best == pytest.approx(cheapest(items), abs=1e-9)
    assert proved - 1e-9 <= targets.proved <= best
    assert best - targets.proved < BY_HAND


@pytest.mark.parametrize("seed", range(3))
def test_sub_problems_keep_the_best_plan_and_end_with_the_cheapest(seed: int) -> None:
    items = drawn_items(seed)
    bench, state, _ = bench_for(items)
    plans, vain, best = np.full((2, NODES), -1, np.int32), 0, price_of(items, (-1,) * NODES)
    for number in range(8):
        vain = wander(bench, state, Patience(8, 0.3, 0.5), 20, (2, 3), 0.5, dice_of(seed, number), plans, vain)
        hours = price_of(items, tuple(plans[0]))
        assert hours <= best + 1e-9
        assert 0 <= vain < LAST
        best = hours

    assert best == pytest.approx(cheapest(items), rel=0.01)


def test_parts_go_on_from_plans_that_are_dearer_but_never_far_from_the_best() -> None:
    setting = setting_of(caseload(Size(9, 120, 1.1), seed=2))
    dives, dearer = PartDives(setting, priced(setting, None), 0), 0
    dives.begin(setting.current)
    for _ in range(12):
        before = [part.hours for part in dives.parts]
        dives.round()
        for part, hours in zip(dives.parts, before, strict=True):
            who, at = (price_of(part.field.items, tuple(plan)) for plan in (part.who, part.at))
            assert who == pytest.approx(part.hours, abs=1e-6)
            assert who <= hours + 1e-9
            assert who - 1e-6 <= at
            assert at <= who + WIDEST * part.scale + 1e-6 or part.vain >= ANEW
            dearer += at > who + 1e-6

    assert dearer > 0


def test_a_small_caseload_counts_as_it_is_counted_again_with_one_plan_for_any_threads() -> None:
    case = priced_case(150)
    case = replace(case, units=tuple(replace(unit, pinned_to="p1") if number in (3, 4) else unit for number, unit in enumerate(case.units)))

    one, two = (solve(case, seed=3, limit=Limit(moves_per_unit=2_000, gap_percent=0.0), threads=threads) for threads in (1, 2))

    assert one.provenance.method == "dives"
    assert not differences(case, one)
    assert one.bound.hours <= one.score.hours
    assert {row.practitioner for row in one.assignments if row.unit in ("u3", "u4")} == {"p1"}
    assert (one.assignments, one.score, one.bound) == (two.assignments, two.score, two.bound)


def test_branches_prove_more_than_prices_do_and_noting_them_changes_nothing() -> None:
    found = []
    for is_noted in (False, True):
        search_ = Search(setting_of(caseload(Size(9, 90, 1.1), seed=1)), 0, Limit(moves_per_unit=4_000, gap_percent=0.0))
        search_.notes_branches = is_noted
        found.append((search_.run().placed.hours, search_.bound, len(search_.parts_refuted) > 0))
        assert search_.bound > search_.priced.bound_hours

    assert found[0][:2] == found[1][:2]
    assert [is_noted for _, _, is_noted in found] == [False, True]


@pytest.mark.parametrize(("practitioners", "are_small"), [(60, True), (90, False)])
def test_parts_of_up_to_two_dozen_practitioners_are_worked_on_by_themselves(practitioners: int, are_small: bool) -> None:
    setting = setting_of(caseload(Size(practitioners, 300, 0.95), seed=1))
    assert PartDives(setting, priced(setting, None), 0).are_small() is are_small
