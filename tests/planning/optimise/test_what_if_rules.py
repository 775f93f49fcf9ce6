"""No random change ever breaks a hard rule: ten thousand in every build, a million with `make soak`."""

from __future__ import annotations

from random import Random

import pytest
from drawn_cases import drawn_case
from drawn_changes import drawn_change

from evenload.planning.check import placement_problems
from evenload.planning.one_change import ImpossibleChangeError
from evenload.planning.optimise import Limit, solve
from evenload.planning.optimise.what_if import Resident, hold, refreshed
from evenload.planning.score import score

pytestmark = pytest.mark.slow

CHANGES_OF_A_CASE = 100
MOST_UNITS = 14


def changed_at_random(seed: int) -> int:
    """A small program changed again and again, every rule counted after each change; returns how many were possible."""
    dice = Random(seed)
    case = drawn_case(seed)
    resident, made = hold(case, solve(case, limit=Limit(moves_per_unit=5))), 0
    for number in range(CHANGES_OF_A_CASE):
        made += changed(resident, dice, number)
        if number == CHANGES_OF_A_CASE // 2:
            resident = refreshed(resident)
    found = score(resident.case(), resident.assignment())
    assert resident.judged.hours == pytest.approx(found.hours, abs=1e-6)
    return made


def changed(resident: Resident, dice: Random, number: int) -> int:
    change = drawn_change(dice, resident.case(), number, most_units=MOST_UNITS)
    try:
        outcome = resident.apply(change, steps=10)
    except ImpossibleChangeError:
        return 0
    assert placement_problems(resident.case(), resident.assignment()) == (), (number, change)
    assert outcome.after.bound_hours <= outcome.after.hours + 1e-6
    return 1


def test_ten_thousand_random_changes_break_no_hard_rule() -> None:
    possible = sum(changed_at_random(seed) for seed in range(10_000 // CHANGES_OF_A_CASE))

    assert possible > 5_000


@pytest.mark.soak
@pytest.mark.parametrize("part", range(100))
def test_a_million_random_changes_break_no_hard_rule(part: int) -> None:
    first = 1_000_000 + part * 100
    possible = sum(changed_at_random(seed) for seed in range(first, first + 100))

    assert possible > 5_000
