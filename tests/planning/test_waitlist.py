from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenload.planning.waitlist import (
    Known,
    KnownFigures,
    WaitingList,
    clients_on_caseload,
    differ,
    known_figures,
    pressure,
    protected_slots,
    queue_figures,
    relief_capacity,
    target_capacity,
    target_mean_wait,
    target_queue,
    weekly_rate,
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


def test_what_is_known_says_the_same_as_the_whole_list() -> None:
    whole, known = queue_figures(PUBLISHED), known_figures(Known(Fraction(30), Fraction(27), 1200, Fraction(63), Fraction(52)))
    for name in KnownFigures.__slots__:
        assert getattr(known, name) == getattr(whole, name), name


def test_a_figure_whose_input_is_not_known_is_absent_and_never_0() -> None:
    assert known_figures(Known(None, None, None, None, None)) == KnownFigures()
    no_capacity = known_figures(Known(Fraction(3), Fraction(0), 5, Fraction(2), Fraction(4)))
    assert no_capacity.load is None
    assert no_capacity.target_queue == 3
    nobody_came = known_figures(Known(Fraction(0), Fraction(1), 5, Fraction(2), Fraction(4)))
    assert (nobody_came.target_queue, nobody_came.queue_ratio) == (0, None)
    with pytest.raises(ValueError, match="more than 0"):
        known_figures(Known(Fraction(3), None, None, None, Fraction(0)))


def test_a_rate_says_from_how_many_weeks_it_is_and_when_it_is_none_to_go_by() -> None:
    rate = weekly_rate((2, 0, 3, 1, 4))
    assert rate is not None
    assert (rate.weeks, rate.count, rate.low, rate.high, rate.mean, rate.lacks) == (5, 10, 0, 4, 2, "")
    # two standard errors: 2 × √(2.5 / 5)
    assert rate.margin == pytest.approx(2**0.5)
    lacking = [weekly_rate(counts) for counts in ((9, 9, 9), (0, 0, 0, 0), (1, 1, 1, 1))]
    assert [one.lacks for one in lacking if one] == ["few_weeks", "none", "few"]
    assert weekly_rate(()) is None


def test_two_rates_differ_only_by_more_than_chance() -> None:
    steady, more, wild = (weekly_rate(counts) for counts in ((5, 5, 5, 5), (7, 7, 7, 8), (0, 20, 0, 9)))
    assert steady
    assert more
    assert wild
    assert differ(steady, more)
    assert not differ(steady, wild)


@given(st.lists(st.integers(0, 60), min_size=1, max_size=30))
def test_a_rate_lies_between_its_least_and_its_most_week(counts: list[int]) -> None:
    rate = weekly_rate(counts)
    assert rate is not None
    assert rate.low <= rate.mean <= rate.high
