from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenload.planning.waitlist import (
    WaitingList,
    clients_on_caseload,
    pressure,
    protected_slots,
    queue_figures,
    relief_capacity,
    target_capacity,
    target_mean_wait,
    target_queue,
)
from planning.facts_made import positive_amounts

PUBLISHED = WaitingList(demand=Fraction(30), capacity=Fraction(27), queue=1200, mean_wait=Fraction(63), target_wait=Fraction(52))


def test_a_list_with_less_capacity_than_demand_grows() -> None:
    assert not queue_figures(PUBLISHED).is_stable
    assert not queue_figures(replace(PUBLISHED, capacity=Fraction(30))).is_stable
    assert queue_figures(replace(PUBLISHED, capacity=Fraction("30.1"))).is_stable


def test_a_queue_above_twice_its_target_needs_relief() -> None:
    assert queue_figures(PUBLISHED).needs_relief
    assert not queue_figures(replace(PUBLISHED, queue=780)).needs_relief


@pytest.mark.parametrize("referrals, slots", [("0", 0), ("1.2", 2), ("2", 2)])
def test_protected_slots_follow_the_referrals_rounded_up(referrals: str, slots: int) -> None:
    assert protected_slots(Fraction(referrals)) == slots


@pytest.mark.parametrize("nothing", [{"capacity": Fraction(0)}, {"target_wait": Fraction(0)}, {"demand": Fraction(0)}])
def test_a_figure_that_does_not_exist_is_an_error(nothing: dict[str, Fraction]) -> None:
    with pytest.raises(ZeroDivisionError):
        queue_figures(replace(PUBLISHED, **nothing))


@given(positive_amounts, positive_amounts)
def test_the_target_queue_is_littles_law_at_the_target_mean_wait(demand: Fraction, target: Fraction) -> None:
    assert target_queue(demand, target) == clients_on_caseload(demand, target_mean_wait(target))


@given(positive_amounts, st.integers(0, 5000), st.integers(1, 104))
def test_relief_capacity_brings_the_queue_to_its_target_in_time(demand: Fraction, queue: int, weeks: int) -> None:
    target = target_queue(demand, Fraction(18))
    assert queue + weeks * (demand - relief_capacity(demand, queue, target, weeks=weeks)) == target


@given(positive_amounts, positive_amounts)
def test_on_target_the_pressure_is_one_half(demand: Fraction, target: Fraction) -> None:
    assert pressure(target_mean_wait(target), target) == Fraction(1, 2)


def test_steadier_arrivals_need_less_capacity_above_demand() -> None:
    steady = target_capacity(Fraction(30), Fraction(52), demand_variation=Fraction(1, 2), capacity_variation=Fraction(0))
    assert Fraction(30) < steady < target_capacity(Fraction(30), Fraction(52))
