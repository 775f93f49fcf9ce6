"""Reasons and fixes of waiting units: the screened form says the same as the pair form, word for word."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from drawn_cases import drawn_case
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.instances import Size, caseload
from evenload.planning.case import Case
from evenload.planning.fixes import waiting_entries
from evenload.planning.optimise.setting import setting_of
from evenload.planning.optimise.waiting_screened import waiting_entries_screened
from planning.small_cases import random_assignment

pytestmark = pytest.mark.slow


def said_twice(case: Case, assignment: dict[str, str]) -> tuple[object, object]:
    prices = {person.id: 0.5 for person in case.practitioners[:2]}
    return waiting_entries_screened(setting_of(case), assignment, prices), waiting_entries(case, assignment, prices)


@given(st.integers(0, 2**32), st.sampled_from([0, 0, 1, 2]))
def test_the_screened_form_agrees_on_small_programs(seed: int, robust: int) -> None:
    dice, case = Random(seed), drawn_case(seed)
    units = tuple(replace(unit, deviation_minutes=dice.choice([0, dice.randint(1, 200)])) for unit in case.units)
    case = replace(case, units=units, robust=robust)

    screened, plain = said_twice(case, random_assignment(dice, case))

    assert screened == plain


@pytest.mark.parametrize("robust", [0, 2])
def test_the_screened_form_agrees_on_a_full_program(robust: int) -> None:
    drawn = caseload(Size(20, 400, 1.1), seed=3)
    case = replace(drawn, units=tuple(replace(unit, deviation_minutes=unit.minutes // 5) for unit in drawn.units), robust=robust)
    dice = Random(7)
    for _ in range(2):
        screened, plain = said_twice(case, random_assignment(dice, case))
        assert len(screened) > 20
        assert screened == plain
