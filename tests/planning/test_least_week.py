"""The least week under protection, counted by plain loops for certificates, against every set that there is."""

from __future__ import annotations

from itertools import combinations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenload.planning import least_week
from evenload.planning.least_week import Week, WeekBundle, least_hours


def drawn(seed: int, *, items: int) -> tuple[Week, list[WeekBundle]]:
    """A week with a price of load in straight lines, convex or not, and pieces of which some are worth their place."""
    dice = Random(seed)
    pinned, budget = [dice.randint(0, 10) for _ in range(dice.choice([0, 0, 1, 3]))], dice.choice([1, 1, 2, 3, 20])
    low = dice.choice([0, dice.randint(0, 20)]) if pinned else 0
    top = low + sum(sorted(pinned, reverse=True)[:budget]) + dice.randint(0, 60)
    corners = sorted({float(low), float(top), *(dice.uniform(low, top) for _ in range(3))})
    values = {corner: dice.uniform(-2, 4) for corner in corners}

    def hours(load: float) -> float:
        after = next((number for number, corner in enumerate(corners) if corner >= load), len(corners) - 1)
        if corners[after] == load or after == 0:
            return values[corners[after]]
        a, b = corners[after - 1], corners[after]
        return values[a] + (values[b] - values[a]) * (load - a) / (b - a)

    week = Week(low, tuple(sorted(pinned, reverse=True)), top, budget, tuple(corners), hours)
    pieces = [WeekBundle(dice.uniform(-4, 1), dice.randint(0, 30), dice.choice([0, dice.randint(0, 15)])) for _ in range(items)]
    return week, pieces


def tried(week: Week, pieces: list[WeekBundle]) -> float:
    """The least over every set that keeps to the maximum whichever Γ of the week run high."""
    found = []
    for count in range(len(pieces) + 1):
        for chosen in combinations(pieces, count):
            load = week.pinned_minutes + sum(one.minutes for one in chosen)
            high = sorted([*week.pinned_deviations, *(one.deviation for one in chosen)], reverse=True)[: week.budget]
            if load + sum(high) <= week.top_minutes:
                found.append(sum(one.hours for one in chosen) + week.hours(load))
    return min(found)


@given(st.integers(0, 2**32), st.floats(0, 0.5))
def test_the_least_week_is_the_least_of_every_set(seed: int, start: float) -> None:
    week, pieces = drawn(seed, items=8)

    assert least_hours(week, pieces, start) == pytest.approx(tried(week, pieces), abs=1e-8)


@given(st.integers(0, 2**32))
def test_where_there_are_too_many_sets_a_bound_is_told_that_is_never_above_the_least_and_not_far_below(seed: int) -> None:
    week, pieces = drawn(seed, items=9)
    most, least_week.MOST_SETS = least_week.MOST_SETS, 3
    try:
        told = least_hours(week, pieces)
    finally:
        least_week.MOST_SETS = most

    assert told <= tried(week, pieces) + 1e-8
