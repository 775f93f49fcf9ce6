"""The contract forecast: counted by hand, against the integral of Student's density, and by playing contracts to their end."""

from __future__ import annotations

import math
from datetime import date, timedelta
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenload.planning.contract_forecast import T_90, Rate, Terms, forecast, half_width, pace, rate_of, weeks_left, whole_weeks

MONDAY = date(2026, 1, 5)
YEAR = Terms(MONDAY, MONDAY + timedelta(weeks=20, days=-1), 100, Fraction(5))


def each_monday(*counts: int) -> dict[date, int]:
    return {MONDAY + timedelta(weeks=number): count for number, count in enumerate(counts)}


def after_weeks(count: int) -> date:
    return MONDAY + timedelta(weeks=count, days=-1)


def test_the_worked_example_is_counted_as_by_hand() -> None:
    """Four weeks of 4, 6, 5, 5: mean 5, variance 2/3; 16 weeks are left: 20 + 80 = 100, ± 1.638 × 0.8165 × √(16 + 64)."""
    found = forecast(YEAR, each_monday(4, 6, 5, 5), after_weeks(4))

    assert (found.delivered, found.weeks_left, found.expected) == (20, 16, 100)
    assert found.pace_visits == 20
    assert found.low == pytest.approx(100 - 11.962, abs=0.001)
    assert found.high == pytest.approx(100 + 11.962, abs=0.001)
    assert (found.state, found.runs_out_on, found.is_over) == ("on_course", None, False)


def test_too_many_visits_a_week_name_the_day_on_which_they_run_out() -> None:
    """60 after six weeks at ten a week: the other 40 last four weeks more."""
    found = forecast(YEAR, each_monday(10, 10, 10, 10, 10, 10), after_weeks(6))

    assert (found.state, found.expected) == ("over", 200)
    assert found.runs_out_on == after_weeks(6) + timedelta(weeks=4)
    assert found.low == found.high == 200


def test_too_few_are_said_to_be_too_few() -> None:
    found = forecast(YEAR, each_monday(2, 2, 2, 2), after_weeks(4))

    assert (found.state, found.expected, found.runs_out_on) == ("under", 40, None)


@pytest.mark.parametrize(("weekly", "state"), [(94, "under"), (95, "on_course"), (105, "on_course"), (106, "over")])
def test_the_tolerance_holds_up_to_its_very_edge(weekly: int, state: str) -> None:
    terms = Terms(MONDAY, MONDAY + timedelta(weeks=20, days=-1), 2000, Fraction(5))

    assert forecast(terms, each_monday(*[weekly] * 4), after_weeks(4)).state == state


def test_with_fewer_than_four_whole_weeks_there_is_no_forecast() -> None:
    found = forecast(YEAR, each_monday(9, 9, 9), after_weeks(3))

    assert (found.rate, found.expected, found.low, found.high, found.state) == (None, None, None, None, "unknown")


def test_before_it_begins_nothing_is_delivered_and_all_of_it_is_left() -> None:
    found = forecast(YEAR, each_monday(9), MONDAY - timedelta(days=30))

    assert (found.delivered, found.state, found.weeks_left, found.pace_visits) == (0, "before", 20, 0)


def test_once_it_has_ended_the_count_is_final() -> None:
    visits = each_monday(*[5] * 19) | {YEAR.ends_on: 5, YEAR.ends_on + timedelta(days=1): 50}

    found = forecast(YEAR, visits, YEAR.ends_on + timedelta(days=90))

    assert (found.delivered, found.expected, found.low, found.high) == (100, 100, 100, 100)
    assert (found.state, found.is_over, found.weeks_left, found.runs_out_on) == ("on_course", True, 0, None)


def test_the_day_on_which_the_visits_ran_out_is_a_fact_not_a_forecast() -> None:
    visits = {MONDAY + timedelta(days=10): 60, MONDAY + timedelta(days=12): 50}

    found = forecast(YEAR, visits, after_weeks(3))

    assert (found.state, found.runs_out_on) == ("over", MONDAY + timedelta(days=12))


def test_a_contract_of_no_visits_stands() -> None:
    terms = Terms(MONDAY, after_weeks(20), 0, Fraction(0))

    assert forecast(terms, {}, after_weeks(4)).state == "on_course"
    assert forecast(terms, each_monday(1), after_weeks(1)).state == "over"


def test_a_contract_that_ends_before_it_begins_is_an_error() -> None:
    with pytest.raises(ValueError, match="expected a last day"):
        forecast(Terms(MONDAY, MONDAY - timedelta(days=1), 1, Fraction(0)), {}, MONDAY)


def test_only_whole_weeks_of_the_contract_are_a_week() -> None:
    """It begins on a Wednesday: the first whole week begins on the Monday after; the week that runs is not whole."""
    terms = Terms(date(2026, 1, 7), date(2026, 2, 10), 10, Fraction(5))
    visits = {date(2026, 1, 8): 1, date(2026, 1, 12): 2, date(2026, 1, 25): 3, date(2026, 1, 26): 4}

    assert whole_weeks(terms, visits, date(2026, 1, 31)) == (2, 3)
    assert whole_weeks(terms, visits, date(2026, 2, 1)) == (2, 3, 4)
    assert whole_weeks(terms, visits, date(2026, 12, 31)) == (2, 3, 4, 0)
    assert whole_weeks(terms, visits, date(2026, 1, 8)) == ()


@given(
    length=st.integers(1, 400),
    visits=st.integers(0, 5000),
    passed=st.integers(-40, 500),
    counts=st.dictionaries(st.integers(-20, 450), st.integers(0, 9), max_size=40),
)
def test_days_and_visits_add_up_on_every_day(length: int, visits: int, passed: int, counts: dict[int, int]) -> None:
    terms = Terms(MONDAY, MONDAY + timedelta(days=length - 1), visits, Fraction(5))
    today = MONDAY + timedelta(days=passed)
    made = {MONDAY + timedelta(days=number): count for number, count in counts.items()}

    found = forecast(terms, made, today)

    assert found.delivered == sum(count for number, count in counts.items() if 0 <= number <= min(passed, length - 1))
    assert 7 * weeks_left(terms, today) == min(length, max(0, length - 1 - passed))
    assert 0 <= pace(terms, today) <= visits
    assert pace(terms, terms.ends_on) == visits
    if found.expected is not None and found.low is not None and found.high is not None:
        assert found.delivered <= found.low <= float(found.expected) + 1e-9 <= found.high + 2e-9
    if found.runs_out_on is not None:
        assert MONDAY <= found.runs_out_on < terms.ends_on


def density(degrees: int, at: float) -> float:
    """Student's density, from its definition."""
    scale = math.exp(math.lgamma((degrees + 1) / 2) - math.lgamma(degrees / 2)) / math.sqrt(degrees * math.pi)
    return scale * (1 + at * at / degrees) ** (-(degrees + 1) / 2)


@pytest.mark.parametrize("degrees", range(1, 31))
def test_the_quantiles_leave_a_tenth_above_them(degrees: int) -> None:
    """The integral from 0 to t (Simpson's rule) is 0.4."""
    steps, t = 400, T_90[degrees - 1]
    lines = [density(degrees, t * number / steps) * (1 if number in (0, steps) else 4 if number % 2 else 2) for number in range(steps + 1)]

    assert sum(lines) * t / steps / 3 == pytest.approx(0.4, abs=0.0002)


def test_four_contracts_in_five_end_inside_the_range() -> None:
    """Contracts whose weeks are drawn, played to their end: the forecast of week 8 holds the end of week 20 in four of five."""
    dice, inside, played = Random(8), 0, 4000
    for _ in range(played):
        weeks = [dice.gauss(50, 9) for _ in range(20)]
        mean = Fraction(sum(weeks[:8]) / 8)
        spread = math.sqrt(sum((one - float(mean)) ** 2 for one in weeks[:8]) / 7)
        half = half_width(Rate(8, mean, spread), Fraction(12))
        inside += abs(sum(weeks[8:]) - 12 * float(mean)) <= half

    assert inside / played == pytest.approx(0.8, abs=0.02)


def test_the_rate_is_the_mean_and_the_spread_of_a_sample() -> None:
    found = rate_of([2, 4, 4, 4, 5, 5, 7, 9])

    assert found is not None
    assert (found.weeks, found.mean) == (8, 5)
    assert found.spread == pytest.approx(math.sqrt(32 / 7))
