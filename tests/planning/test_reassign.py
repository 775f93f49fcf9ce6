"""A few bundles placed anew: allowed, never dearer than leaving them, and the best door where there is one bundle only."""

from __future__ import annotations

from itertools import product
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_cases import cases_with_assignment, random_assignment, random_case

from evenload.planning.case import Case
from evenload.planning.eligibility import bundles, is_eligible
from evenload.planning.reassign import placed_anew
from evenload.planning.score import score
from evenload.planning.standing import Standing, standing_of
from evenload.planning.travel import load_minutes


def without(case: Case, assignment: dict[str, str], chosen: list[int]) -> tuple[Standing, list[tuple]]:  # type: ignore[type-arg]
    """The standing without some bundles, and these bundles."""
    taken = [bundle for number, bundle in enumerate(bundles(case)) if number in chosen]
    gone = {unit.id for bundle in taken for unit in bundle}
    return standing_of(case, {id: name for id, name in assignment.items() if id not in gone}), taken


def price(standing: Standing) -> float:
    return score(standing.case, standing.holder, targets_minutes=standing.targets_minutes, unavoidable=0.0).hours


@given(cases_with_assignment(), st.sets(st.integers(0, 7)))
def test_the_others_keep_theirs_every_rule_is_kept_and_it_never_costs_more(drawn: tuple[Case, dict[str, str]], chosen: set[int]) -> None:
    case, assignment = drawn
    standing, taken = without(case, assignment, sorted(chosen))
    after = placed_anew(standing, taken)
    own = {unit.id for bundle in taken for unit in bundle}
    assert {id: name for id, name in after.holder.items() if id not in own} == dict(standing.holder)
    for bundle in taken:
        holders = {after.holder.get(unit.id) for unit in bundle}
        assert len(holders) == 1
        for name in holders - {None}:
            assert all(is_eligible(case, case.practitioner(name), unit) for unit in bundle)
    for person in case.practitioners:
        minutes = sum(load_minutes(case, person, unit) for unit in after.caseloads[person.id])
        assert minutes == after.weeks[person.id].minutes
        assert minutes <= max(person.maximum_minutes, standing.weeks[person.id].minutes)
    assert price(after) <= price(standing) + 1e-6
    assert placed_anew(standing, list(reversed(taken))).holder == after.holder


@pytest.mark.parametrize("seed", range(60))
def test_what_is_found_is_the_best_there_is_or_near_it(seed: int) -> None:
    dice = Random(seed)
    case = random_case(dice)
    standing, taken = without(case, random_assignment(dice, case), dice.sample(range(8), 3))
    doors = [
        [None, *(person.id for person in case.practitioners if all(is_eligible(case, person, unit) for unit in bundle))] for bundle in taken
    ]
    prices = [price(tried) for choice in product(*doors) if (tried := _placed(standing, taken, choice)) is not None]
    found = price(placed_anew(standing, taken))
    assert found >= min(prices) - 1e-6
    slack = 1e-6 if len(taken) == 1 else 0.02 * max(prices) + 1e-6
    assert found <= min(prices) + slack


def _placed(standing: Standing, taken: list[tuple], choice: tuple[str | None, ...]) -> Standing | None:  # type: ignore[type-arg]
    """The bundles placed so; None where somebody's maximum would be exceeded."""
    for bundle, to in zip(taken, choice, strict=True):
        if to is None:
            continue
        person = standing.case.practitioner(to)
        if standing.over_minutes(person, sum(load_minutes(standing.case, person, unit) for unit in bundle), bundle) > 0:
            return None
        standing = standing.with_bundle(bundle, to)
    return standing
