"""Drift: enough visits, far enough, and more than chance explains, all three or nothing is said."""

from __future__ import annotations

import math
from fractions import Fraction
from statistics import stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenload.planning.drift import DEPARTS_PERCENT, LEAST_VISITS, drift_from

PLANNED = Fraction(60)


def counts(*minutes: int) -> dict[Fraction, int]:
    found: dict[Fraction, int] = {}
    for one in minutes:
        found[Fraction(one)] = found.get(Fraction(one), 0) + 1
    return found


def test_mean_and_interval_are_those_of_the_visits() -> None:
    minutes = [50, 55, 60, 65, 70, 75, 80, 85, 90, 95] * 2
    found = drift_from(PLANNED, counts(*minutes))

    assert found is not None
    assert (found.count, found.mean, found.percent) == (20, Fraction(145, 2), Fraction(125, 6))
    half = 2.093 * stdev(minutes) / math.sqrt(20)  # 97.5 % quantile of Student's t, 19 degrees of freedom
    assert (found.low, found.high) == (pytest.approx(72.5 - half), pytest.approx(72.5 + half))
    assert found.departs


def test_no_visit_is_no_drift_and_one_has_no_interval() -> None:
    alone = drift_from(PLANNED, counts(90))

    assert drift_from(PLANNED, {}) is None
    assert alone is not None
    assert (alone.low, alone.high, alone.departs) == (None, None, False)


@pytest.mark.parametrize(
    ("minutes", "departs"),
    [
        ([70] * 10 + [72] * 9, False),  # 19 visits: too few
        ([70] * 10 + [72] * 10, True),
        ([62] * 10 + [64] * 10, False),  # 5 %: too near
        ([0] * 10 + [140] * 10, False),  # 16.7 % away, and chance explains it
        ([48] * 10 + [50] * 10, True),  # shorter as well as longer
    ],
)
def test_a_departure_needs_visits_distance_and_more_than_chance(minutes: list[int], departs: bool) -> None:
    found = drift_from(PLANNED, counts(*minutes))

    assert found is not None
    assert found.departs is departs


def test_what_takes_time_and_was_planned_with_none_departs_without_a_percentage() -> None:
    found = drift_from(Fraction(0), counts(*[10, 12] * 10))

    assert found is not None
    assert (found.percent, found.departs) == (None, True)


@given(st.lists(st.integers(0, 240), min_size=1, max_size=60), st.integers(0, 240))
def test_a_departure_is_always_far_enough_and_beyond_its_interval(minutes: list[int], planned: int) -> None:
    found = drift_from(Fraction(planned), counts(*minutes))

    assert found is not None
    if found.departs:
        assert found.count >= LEAST_VISITS
        assert found.percent is None or abs(found.percent) >= DEPARTS_PERCENT
        assert found.low is not None
        assert found.high is not None
        assert not found.low <= planned <= found.high
