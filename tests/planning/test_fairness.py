"""Fairness and volatility against figures worked out by hand, and against the definition itself."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenload.planning.fairness import changes, gini, volatility

LOADS = st.lists(st.fractions(min_value=0, max_value=200, max_denominator=7), min_size=1, max_size=12)
MONDAY = date(2026, 1, 5)


@pytest.mark.parametrize(
    ("loads", "index"),
    [
        ([90, 90, 90], Fraction(0)),
        ([0, 0, 0, 100], Fraction(3, 4)),
        ([1, 2, 3, 4], Fraction(1, 4)),  # differences 1+2+3+1+2+1 = 10, twice: 20 / (2 × 4 × 10)
        ([50, 100], Fraction(1, 6)),  # 2 × 50 / (2 × 2 × 150)
        ([0, 0], Fraction(0)),
        ([80], Fraction(0)),
    ],
)
def test_the_index_is_that_of_the_sums_by_hand(loads: list[int], index: Fraction) -> None:
    assert gini(map(Fraction, loads)) == index


def test_without_anybody_there_is_no_index_and_a_load_below_nothing_is_refused() -> None:
    assert gini([]) is None
    with pytest.raises(ValueError, match="expected 0 or more, got -1"):
        gini([Fraction(3), Fraction(-1)])


@given(LOADS)
def test_it_is_the_double_sum_of_its_definition(loads: list[Fraction]) -> None:
    count, total = len(loads), sum(loads)
    pairs = sum(abs(one - other) for one in loads for other in loads)
    assert gini(loads) == (Fraction(pairs, 2 * count * total) if total else 0)


@given(LOADS, st.fractions(min_value=Fraction(1, 5), max_value=9))
def test_it_does_not_change_with_the_scale_and_lies_between_even_and_one_who_carries_all(loads: list[Fraction], scale: Fraction) -> None:
    index = gini(loads)
    assert index == gini([scale * load for load in loads])
    assert index is not None
    assert 0 <= index <= Fraction(len(loads) - 1, len(loads))


def test_volatility_is_the_mean_change_between_weeks_that_follow_each_other() -> None:
    loads = {MONDAY + timedelta(weeks=week): Fraction(percent) for week, percent in {0: 80, 1: 90, 2: 70, 4: 100}.items()}
    assert changes(loads) == (10, 20)
    assert volatility(loads) == 15


def test_a_single_week_says_nothing_of_change() -> None:
    assert volatility({MONDAY: Fraction(80)}) is None
