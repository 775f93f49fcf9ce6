"""The certificate of a protected plan: counted again from the plan's prices of units, refused where bound or prices were altered."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import combinations
from random import Random
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_protected_loads import drawn, feasible

from evenload.exchange.plan_json import plan_from_json, plan_to_json
from evenload.planning.case import Case, Practitioner
from evenload.planning.check import differences
from evenload.planning.eligibility import bundles, is_eligible
from evenload.planning.goals import load_hours, pair_hours, trip_limit, waiting_hours
from evenload.planning.optimise import Limit, solve
from evenload.planning.optimise.warm import tiny_case
from evenload.planning.plan import Plan
from evenload.planning.recount_bound import recounted_bound
from evenload.planning.recount_protected import recounted_protected_bound
from evenload.planning.robust import guard_minutes
from evenload.planning.score import score
from evenload.planning.targets import targets
from evenload.planning.travel import load_minutes

pytestmark = pytest.mark.slow

ROUNDING = 1e-6


def tried(case: Case, plan: Plan) -> float:
    """The bound at the plan's prices of units, without a limit on moves, with every set of every week."""
    bound, price, weeks = plan.bound, dict[str, float](), {person.id: [] for person in case.practitioners}
    total = sum(waiting_hours(case, unit) for unit in case.units if unit.held_back is not None)
    for bundle in bundles(case):
        able = [p for p in case.practitioners if all(is_eligible(case, p, unit) for unit in bundle)]
        waits = sum(waiting_hours(case, unit) for unit in bundle)
        name, is_pinned = bundle[0].id, bool(able) and bundle[0].is_pinned
        price[name] = 0.0 if is_pinned else waits if not able else min(waits, sum(bound.unit_prices.get(unit.id, 0.0) for unit in bundle))
        total += price[name]
        for person in able:
            weeks[person.id].append((bundle, is_pinned))
    for person in case.practitioners:
        total += least_of_all(case, plan, person, weeks[person.id], price)
    return total


def least_of_all(case: Case, plan: Plan, person: Practitioner, hers: list, price: dict[str, float]) -> float:
    trip = min(max(0.0, plan.bound.trip_prices.get(person.id, 0.0)), case.prices.site_visits) if trip_limit(person) is not None else 0.0
    pins, others, wanted = (
        [b for b, is_pinned in hers if is_pinned],
        [b for b, is_pinned in hers if not is_pinned],
        targets(case)[person.id],
    )

    def minutes(chosen: list) -> tuple[int, int]:
        load = sum(load_minutes(case, person, unit) for bundle in chosen for unit in bundle)
        return load, load + guard_minutes((sum(unit.deviation_minutes for unit in bundle) for bundle in chosen), case.robust)

    top, found = max(person.maximum_minutes, minutes(pins)[1]), []
    for count in range(len(others) + 1):
        for some in combinations(others, count):
            chosen = [*pins, *some]
            load, reached = minutes(chosen)
            if reached <= top:
                units = [unit for bundle in chosen for unit in bundle]
                cost = sum(sum(pair_hours(case, person, unit).values()) + trip * float(unit.trips) for unit in units)
                found.append(cost - sum(price[bundle[0].id] for bundle in some) + sum(load_hours(case, person, load, wanted)))
    return min(found) - trip * (trip_limit(person) or 0.0)


@given(st.integers(0, 2**32), st.integers(1, 3), st.booleans())
def test_any_prices_of_units_give_a_bound_that_brute_force_counts_too_and_no_protected_plan_is_below_it(
    seed: int, robust: int, is_altered: bool
) -> None:
    case = drawn(seed, robust, units=5)
    plan = solve(case)
    if is_altered:
        dice = Random(seed)
        prices = {unit.id: dice.uniform(-2, 12) for unit in case.units}
        plan = replace(plan, bound=replace(plan.bound, unit_prices=prices))

    counted = recounted_protected_bound(case, plan)

    assert counted == pytest.approx(tried(case, plan), abs=ROUNDING)
    assert counted <= min(score(case, assignment).hours for assignment in feasible(case)) + ROUNDING


@pytest.fixture(scope="module", params=[(1, None), (2, None), (2, 6)])
def protected(request: pytest.FixtureRequest) -> tuple[Case, Plan]:
    """A program with more work than protected weeks hold, and its plan as it was written and read again."""
    robust, most_moves = request.param
    dice, plain = Random(3), tiny_case(60)
    units = tuple(
        replace(unit, deviation_minutes=dice.randint(0, 40), minutes=40 + dice.randint(0, 50), current=dice.choice([None, "a", "b"]))
        for unit in plain.units
    )
    case = replace(plain, units=units, robust=robust)
    plan = solve(case, limit=Limit(moves_per_unit=20, gap_percent=2.0, max_moves=most_moves))
    return case, plan_from_json(plan_to_json(plan))


def test_the_certificate_of_a_protected_plan_is_counted_again(protected: tuple[Case, Plan]) -> None:
    case, plan = protected

    assert plan.bound.unit_prices
    assert differences(case, plan) == ()
    assert plan.bound.certified_hours > recounted_bound(case, plan) + 0.01
    assert plan.bound.certified_hours == pytest.approx(recounted_protected_bound(case, plan), rel=0.01)
    assert plan.bound.certified_hours <= plan.bound.hours + ROUNDING


def test_a_protected_plan_with_a_higher_bound_or_other_prices_is_refused(protected: tuple[Case, Plan]) -> None:
    case, plan = protected
    counted, bound = recounted_protected_bound(case, plan), plan.bound
    dice = Random(5)
    altered = {
        "bound": replace(bound, hours=counted + 0.02, certified_hours=counted + 0.02),
        "none": replace(bound, unit_prices=MappingProxyType({})),
        "some": replace(bound, unit_prices=dict(list(bound.unit_prices.items())[10:])),
        "lower": replace(bound, unit_prices={id: 0.9 * price for id, price in bound.unit_prices.items()}),
        "higher": replace(bound, unit_prices={id: 1.2 * price for id, price in bound.unit_prices.items()}),
        "mixed": replace(bound, unit_prices=dict(zip(bound.unit_prices, dice.sample([*bound.unit_prices.values()], 60), strict=False))),
    }

    for name, other in altered.items():
        found = {problem.code for problem in differences(case, replace(plan, bound=other))}
        assert found & {"bound_not_certified", "bound_above_score"}, name


def test_prices_of_units_are_written_of_protected_plans_alone(protected: tuple[Case, Plan]) -> None:
    case, plan = protected
    plain = solve(replace(tiny_case(12)))

    assert set(json.loads(plan_to_json(plan))["bound"]["unit_prices"]) <= {unit.id for unit in case.units}
    assert "unit_prices" not in json.loads(plan_to_json(plain))["bound"]
