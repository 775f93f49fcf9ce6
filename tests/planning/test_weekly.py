"""Week by week: the same hours as on average, in the weeks in which they fall."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenload.planning.program import Period
from evenload.planning.weekly import Spread, fullest_week, minutes_by_week, mondays

PERIOD = Period(starts_on=date(2026, 1, 5), weeks=10, as_of=date(2026, 1, 20))
"""two weeks have passed, eight are left: 2026-01-19 to 2026-03-15"""


def test_the_weeks_that_are_left_begin_with_that_of_as_of() -> None:
    assert mondays(PERIOD)[0] == date(2026, 1, 19)
    assert len(mondays(PERIOD)) == PERIOD.weeks_left == 8


def test_a_unit_without_a_frequency_lies_evenly_in_its_weeks() -> None:
    assert minutes_by_week([Spread(60, 60)], PERIOD) == (60,) * 8
    assert minutes_by_week([Spread(60, 60, date(2026, 2, 16))], PERIOD) == (0, 0, 0, 0, 120, 120, 120, 120)


def test_a_stated_frequency_is_kept_until_the_visits_are_used_up() -> None:
    assert minutes_by_week([Spread(60, 130)], PERIOD) == (130, 130, 130, 90, 0, 0, 0, 0)
    assert minutes_by_week([Spread(30, 130, date(2026, 2, 4))], PERIOD) == (0, 0, 130, 110, 0, 0, 0, 0)


def test_what_begins_after_the_period_stands_in_its_last_week() -> None:
    assert minutes_by_week([Spread(10, 10, date(2027, 1, 4))], PERIOD) == (0,) * 7 + (80,)


@given(
    st.lists(
        st.builds(
            Spread,
            st.integers(0, 3000),
            st.integers(0, 9000),
            st.none() | st.dates(date(2025, 12, 1), date(2026, 6, 1)),
        ),
        max_size=6,
    )
)
def test_the_weeks_hold_the_hours_of_the_average(spreads: list[Spread]) -> None:
    weeks = minutes_by_week(spreads, PERIOD)

    assert abs(sum(weeks) - 8 * sum(spread.average_minutes for spread in spreads)) <= 4
    assert min(weeks) >= 0


def test_the_fullest_week_is_the_first_of_several() -> None:
    assert fullest_week((3, 7, 7)) == 1
    with pytest.raises(ValueError, match="empty"):
        fullest_week(())
