"""No bound ever lies above the best plan; a week is filled exactly; a warmed engine compiles nothing more."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import replace
from itertools import product
from random import Random

import numpy as np
import pytest
from drawn_cases import drawn_case
from hypothesis import given
from hypothesis import strategies as st

from evenload.planning import optimise
from evenload.planning.check import differences
from evenload.planning.optimise import Limit, solve
from evenload.planning.optimise.arrays import Ints
from evenload.planning.optimise.begin import Placed, board_for, placed_on
from evenload.planning.optimise.candidates import Worth
from evenload.planning.optimise.climb import climb_knapsacks
from evenload.planning.optimise.knapsack import Weeks, corners
from evenload.planning.optimise.polish import PROOF_TREE_NODES, Effort, polished
from evenload.planning.optimise.setting import priced_with, setting_of
from evenload.planning.optimise.state import Board, place_all
from evenload.planning.optimise.strengthen import strengthened
from evenload.planning.optimise.warm import crowded_case, tiny_case, warm
from evenload.planning.plan import Plan

pytestmark = pytest.mark.slow

ROUNDING = 1e-6


def holders(plan: Plan, setting: object) -> list[int]:
    index = {p.id: i for i, p in enumerate(setting.instance.practitioners)}
    holder = {row.unit: index[row.practitioner] for row in plan.assignments}
    return [holder.get(bundle[0].id, -1) for bundle in setting.instance.nodes]


@given(st.integers(0, 2**32), st.sampled_from([None, 0, 1, 2]))
def test_any_prices_give_a_bound_and_so_do_knapsacks(seed: int, max_moves: int | None) -> None:
    drawn = drawn_case(seed)
    plan = solve(drawn, limit=Limit(max_moves=max_moves))
    assert differences(drawn, plan) == ()
    assert plan.provenance.stopped_by == "proved"
    setting = setting_of(drawn)
    if not setting.instance.wings:
        return
    dice, people = np.random.default_rng(seed), len(setting.instance.practitioners)
    trip = np.where(np.isfinite(setting.rooms.trip_limit), dice.uniform(0, setting.instance.rates.trip, people), 0.0)
    worth = Worth(dice.normal(0.02, 0.05, people), trip, 0.0 if max_moves is None else 0.4)
    kept_moves = None if max_moves is None else max(max_moves, _moves(plan))
    optimum = plan.score.hours - setting.instance.held_back_hours

    found = priced_with(setting, worth, kept_moves, setting.current)

    assert found.certified_hours <= found.bound_hours + ROUNDING
    assert found.bound_hours <= optimum + ROUNDING
    placed = Placed(np.array(holders(plan, setting), np.int32), optimum, 0)
    assert strengthened(setting, found, placed, kept_moves, passes=100).bound_hours <= optimum + ROUNDING


def _moves(plan: Plan) -> int:
    return max((int(notice.facts["moves"]) for notice in plan.notices if notice.code == "max_moves_exceeded"), default=0)


@given(st.integers(0, 2**32))
def test_a_week_is_filled_exactly(seed: int) -> None:
    dice = Random(seed)
    items, room = dice.randint(1, 9), dice.randint(0, 60)
    load = [dice.randint(0, 30) for _ in range(items)]
    cost = [dice.uniform(0, 3) for _ in range(items)]
    prices = [dice.uniform(0, 4) for _ in range(items)]
    slopes = sorted(dice.uniform(-0.05, 0.1) for _ in range(room))
    hours = np.concatenate([[0.0], np.cumsum(slopes)])

    best = min(
        sum((cost[i] - prices[i]) for i in range(items) if chosen[i]) + hours[minutes]
        for chosen in product((False, True), repeat=items)
        if (minutes := sum(load[i] for i in range(items) if chosen[i])) <= room
    )
    kept = [i for i in range(items) if load[i] <= room]
    weeks = Weeks(
        people=np.zeros(1, np.int32),
        start=np.array([0, len(kept)], np.int64),
        node=np.array(kept, np.int32),
        load=np.array([load[i] for i in kept], np.int32),
        cost=np.array([cost[i] for i in kept], np.float64),
        hours=hours.reshape(1, -1),
        room=np.array([room], np.int64),
        least_slope=np.array([min(0.0, *slopes)] if slopes else [0.0]),
        corner=corners(hours.reshape(1, -1), np.array([room], np.int64)),
        arc=np.arange(len(kept)),
    )
    climbed = climb_knapsacks(weeks, np.array(prices), np.full(items, 10.0), np.zeros(1), 1e9, 1, scale=1.0)

    assert climbed.hours - sum(prices) == pytest.approx(best, abs=1e-9)


def compiled() -> dict[str, int]:
    """How many kinds of arguments each kernel was compiled for."""
    modules = (importlib.import_module(f"{optimise.__name__}.{module.name}") for module in pkgutil.iter_modules(optimise.__path__))
    return {
        f"{module.__name__}.{name}": len(member.signatures)
        for module in modules
        for name, member in vars(module).items()
        if hasattr(member, "signatures")
    }


def test_a_warmed_engine_compiles_nothing_more_for_other_sizes() -> None:
    warm()
    before = compiled()

    for units in (1, 7, 130):
        solve(tiny_case(units), limit=Limit(moves_per_unit=5))
    solve(tiny_case(20), limit=Limit(max_moves=2))

    assert len(before) > 30
    assert compiled() == before


def test_what_was_proved_by_other_means_closes_no_arc_that_the_best_plan_uses() -> None:
    crowded = crowded_case(24)
    plan = solve(crowded)
    setting = setting_of(crowded)
    optimum, best = plan.score.hours, np.array(holders(plan, setting), np.int32)
    found = priced_with(setting, Worth(np.zeros(3), np.zeros(3), 0.0), None, best)
    board = board_for(setting, found)
    others = [counted(board, np.where(np.arange(24) == node, -1, best)) for node in np.flatnonzero(best >= 0)]
    placed = min(others, key=lambda other: other.hours)
    proof = strengthened(setting, found, placed, None, passes=60)
    far = optimum - proof.slack_hours
    assert plan.provenance.stopped_by == "proved"
    assert far > placed.hours - optimum > 1e-3, "or nothing would be closed"
    told = replace(proof, part_hours=(optimum,), bound_hours=optimum, slack=np.full_like(proof.slack, far))

    (answer,) = polished(setting, found, placed, None, Effort(PROOF_TREE_NODES, 0.0, lambda: 60.0, lambda: False, 0), proof=told)

    assert counted(board, answer.who).hours == pytest.approx(optimum, abs=1e-5)


def counted(board: Board, who: Ints) -> Placed:
    place_all(*board, who.astype(np.int32))
    return placed_on(board)
