"""Protected plans: Γ of anybody's pieces may run high at once, and nobody's maximum is passed; Γ = 0 is today's plan."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, pairwise, product
from random import Random

import pytest
from drawn_cases import drawn_case
from drawn_changes import drawn_change
from hypothesis import given
from hypothesis import strategies as st

from evenload.planning.case import Case, digest
from evenload.planning.check import differences, placement_problems
from evenload.planning.eligibility import bundles, is_eligible
from evenload.planning.one_change import ImpossibleChangeError
from evenload.planning.optimise import Limit, solve
from evenload.planning.optimise.warm import tiny_case
from evenload.planning.optimise.what_if import hold
from evenload.planning.plan import Plan
from evenload.planning.score import score
from evenload.planning.travel import load_minutes

pytestmark = pytest.mark.slow

ROUNDING = 1e-6


def drawn(seed: int, robust: int, *, units: int | None = None) -> Case:
    """A random small Case whose units may need more than planned."""
    dice, case = Random(seed), drawn_case(seed)
    pieces = tuple(replace(unit, deviation_minutes=dice.choice([0, dice.randint(1, 200)])) for unit in case.units[:units])
    return replace(case, units=pieces, robust=robust)


def is_protected(case: Case, assignment: dict[str, str], *, only_pins: bool = False) -> dict[str, int]:
    """The worst week of everybody: every way in which Γ of her pieces may run high at once, one after the other."""
    worst: dict[str, int] = {}
    for person in case.practitioners:
        hers = [b for b in bundles(case) if assignment.get(b[0].id) == person.id and (b[0].pinned_to or not only_pins)]
        load = sum(load_minutes(case, person, unit) for bundle in hers for unit in bundle)
        weeks = [
            load + sum(unit.deviation_minutes for bundle in high for unit in bundle)
            for count in range(min(case.robust, len(hers)) + 1)
            for high in combinations(hers, count)
        ]
        worst[person.id] = max(weeks)
    return worst


def feasible(case: Case) -> list[dict[str, str]]:
    """Every assignment that keeps every hard rule and, in every week that may come, every maximum."""
    pieces = bundles(case)
    choices: list[list[str | None]] = []
    for bundle in pieces:
        able = [p.id for p in case.practitioners if all(is_eligible(case, p, unit) for unit in bundle)]
        pinned = bundle[0].pinned_to
        choices.append([pinned] if pinned is not None and pinned in able else [None] if pinned is not None else [None, *able])
    found = []
    for chosen in product(*choices):
        assignment = {unit.id: name for bundle, name in zip(pieces, chosen, strict=True) if name is not None for unit in bundle}
        weeks, pins = is_protected(case, assignment), is_protected(case, assignment, only_pins=True)
        if all(weeks[p.id] <= max(p.maximum_minutes, pins[p.id]) for p in case.practitioners):
            found.append(assignment)
    return found


@given(st.integers(0, 2**32), st.integers(1, 3))
def test_the_best_protected_plan_is_found_among_all_that_are_protected(seed: int, robust: int) -> None:
    case = drawn(seed, robust, units=5)
    best = min(score(case, assignment).hours for assignment in feasible(case))

    plan = solve(case)

    assert differences(case, plan) == ()
    assert plan.provenance.stopped_by == "proved"
    assert plan.score.hours == pytest.approx(best, abs=ROUNDING)
    assert plan.bound.hours <= best + ROUNDING


@given(st.integers(0, 2**32))
def test_without_protection_deviations_change_nothing(seed: int) -> None:
    case = drawn(seed, 0)
    plain = replace(case, units=tuple(replace(unit, deviation_minutes=0) for unit in case.units))

    assert digest(case) == digest(plain)
    assert without_seconds(solve(case)) == without_seconds(solve(plain))


@given(st.integers(0, 2**32))
def test_where_nothing_deviates_protection_costs_nothing(seed: int) -> None:
    case = drawn(seed, 0)
    sure = replace(case, robust=2, units=tuple(replace(unit, deviation_minutes=0) for unit in case.units))

    assert solve(sure).score.hours == pytest.approx(solve(case).score.hours, abs=ROUNDING)


@given(st.integers(0, 2**32))
def test_more_protection_is_never_cheaper_and_beyond_the_last_piece_costs_no_more(seed: int) -> None:
    prices = [solve(drawn(seed, robust)).score.hours for robust in (0, 1, 2, 8, 1_000)]

    assert all(less <= more + ROUNDING for less, more in pairwise(prices))
    assert prices[-1] == pytest.approx(prices[-2], abs=ROUNDING)


@pytest.mark.parametrize("robust", [2, 500])
def test_the_search_keeps_protection_on_larger_programs(robust: int) -> None:
    dice, plain = Random(robust), tiny_case(110)
    units = tuple(replace(unit, deviation_minutes=dice.randint(0, 25), minutes=20 + dice.randint(0, 30)) for unit in plain.units)
    case = replace(plain, units=units, robust=robust)

    limit = Limit(moves_per_unit=20, gap_percent=25.0)
    plan = solve(case, limit=limit)
    again = solve(case, limit=limit, threads=1)

    assert differences(case, plan) == ()
    assert plan.waiting
    assert plan.bound.hours <= plan.score.hours
    assert without_seconds(plan) == without_seconds(again)
    limited = solve(case, limit=replace(limit, max_moves=5))
    assert differences(case, limited) == ()


@given(st.integers(0, 2**32), st.integers(1, 3))
def test_a_what_if_never_breaks_protection(seed: int, robust: int) -> None:
    dice, case = Random(seed), drawn(seed, robust)
    resident = hold(case, solve(case))
    for number in range(10):
        change = drawn_change(dice, resident.case(), number)
        try:
            resident.apply(change, steps=30)
        except ImpossibleChangeError:
            continue
        assert placement_problems(resident.case(), resident.assignment()) == ()
    assert [problem for problem in differences(resident.case(), resident.plan()) if problem.code != "rounding"] == []


def test_a_plan_that_is_not_protected_is_told_by_the_recount() -> None:
    plain = tiny_case(40)
    plan = solve(plain)
    open_case = replace(plain, units=tuple(replace(unit, deviation_minutes=1_000) for unit in plain.units))
    holder = {row.unit: row.practitioner for row in plan.assignments}

    assert placement_problems(open_case, holder) == ()
    assert {problem.code for problem in placement_problems(replace(open_case, robust=1), holder)} == {"above_maximum"}


def without_seconds(plan: Plan) -> Plan:
    return replace(plan, provenance=replace(plan.provenance, seconds=0.0))
