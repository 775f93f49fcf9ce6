"""Contracted visits: what was delivered, how it goes on at the rate so far with its spread, and when the visits run out.

The rate is the mean of the whole weeks that lie behind (Monday to Sunday, inside the contract). The total of the weeks to come is
predicted as D + m·r ± t·s·√(m + m²/n): D delivered, m weeks left, r and s the mean and the standard deviation of n weeks, t the
90 % quantile of Student's distribution with n − 1 degrees of freedom. Four times in five the final count lies in that range, if
the weeks to come are like those behind. Source: prediction of a future total from a sample, Hahn and Meeker, *Statistical
Intervals* (1991), section 4.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Final

LEAST_WEEKS: Final = 4
"""Fewer whole weeks give no rate."""
WEEK: Final = timedelta(weeks=1)
DAY: Final = timedelta(days=1)

T_90: Final = (
    *(3.078, 1.886, 1.638, 1.533, 1.476, 1.440, 1.415, 1.397, 1.383, 1.372),
    *(1.363, 1.356, 1.350, 1.345, 1.341, 1.337, 1.333, 1.330, 1.328, 1.325),
    *(1.323, 1.321, 1.319, 1.318, 1.316, 1.315, 1.314, 1.313, 1.311, 1.310),
)
"""90 % quantile of Student's t for 1 to 30 degrees of freedom; beyond, that of 30 (1.310 against 1.282 at the most)."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What was bought: so many visits from the first to the last day, and how far off a forecast is still on course, in percent."""

    starts_on: date
    ends_on: date
    visits: int
    tolerance_percent: Fraction

    @property
    def low_visits(self) -> Fraction:
        """Fewer than that is under-delivery."""
        return self.visits * (1 - self.tolerance_percent / 100)

    @property
    def high_visits(self) -> Fraction:
        """More than that is over-delivery."""
        return self.visits * (1 + self.tolerance_percent / 100)


@dataclass(frozen=True, slots=True)
class Rate:
    """Visits a week in `weeks` whole weeks: their mean, exact, and their standard deviation."""

    weeks: int
    mean: Fraction
    spread: float


@dataclass(frozen=True, slots=True)
class Forecast:
    """How a contract stands on a day, and where it is going. `expected`, `low`, `high`: visits at its end; None: nothing to go by.

    `state`: `before` it begins; `unknown`; `under`, `on_course` or `over`; once it has ended these are final. `runs_out_on`: the
    day on which the last contracted visit was or would be made, where that is before its last day.
    """

    delivered: int
    pace_visits: Fraction
    """what an even pace would have delivered by the day"""
    weeks_left: Fraction
    rate: Rate | None
    expected: Fraction | None
    low: float | None
    high: float | None
    state: str
    is_over: bool
    """it has ended"""
    runs_out_on: date | None


def forecast(terms: Terms, visits_by_day: Mapping[date, int], today: date) -> Forecast:
    """The contract as it stands on a day; visits outside its days, or after the day, are not counted.

    Raises ValueError where it ends before it begins.
    """
    if terms.ends_on < terms.starts_on:
        raise ValueError(f"expected a last day from {terms.starts_on} on, got {terms.ends_on}")
    counted = {day: count for day, count in visits_by_day.items() if terms.starts_on <= day <= min(today, terms.ends_on)}
    delivered, left = sum(counted.values()), weeks_left(terms, today)
    rate = rate_of(whole_weeks(terms, counted, today))
    expected, low, high = _predicted(delivered, left, rate)
    return Forecast(
        delivered=delivered,
        pace_visits=pace(terms, today),
        weeks_left=left,
        rate=rate,
        expected=expected,
        low=low,
        high=high,
        state=_state(terms, expected, delivered, today),
        is_over=today > terms.ends_on,
        runs_out_on=_runs_out_on(terms, counted, rate, today),
    )


def weeks_left(terms: Terms, today: date) -> Fraction:
    """Weeks of the contract after the day, exact: days / 7."""
    return Fraction(max(0, (terms.ends_on - max(today, terms.starts_on - DAY)).days), 7)


def pace(terms: Terms, today: date) -> Fraction:
    """Visits that an even pace would have delivered by the end of the day."""
    days = (terms.ends_on - terms.starts_on).days + 1
    passed = (min(today, terms.ends_on) - terms.starts_on).days + 1
    return Fraction(terms.visits * max(0, passed), days)


def whole_weeks(terms: Terms, visits_by_day: Mapping[date, int], today: date) -> tuple[int, ...]:
    """Visits in every whole week, Monday to Sunday, that lies inside the contract and before the day's own week ends."""
    first = terms.starts_on + timedelta(days=-terms.starts_on.weekday() % 7)
    last_day = min(terms.ends_on, today)
    count = max(0, ((last_day - first).days + 1) // 7)
    weeks = [0] * count
    for day, visits in visits_by_day.items():
        number = (day - first).days // 7
        if 0 <= number < count:
            weeks[number] += visits
    return tuple(weeks)


def rate_of(weeks: Iterable[int]) -> Rate | None:
    """Mean and standard deviation (n − 1) of these weeks; None with fewer than LEAST_WEEKS."""
    counts = tuple(weeks)
    if len(counts) < LEAST_WEEKS:
        return None
    mean = Fraction(sum(counts), len(counts))
    variance = sum(((count - mean) ** 2 for count in counts), Fraction(0)) / (len(counts) - 1)
    return Rate(len(counts), mean, math.sqrt(variance))


def half_width(rate: Rate, weeks: Fraction) -> float:
    """Half the width of the range in which the total of so many further weeks lies four times in five."""
    quantile = T_90[min(rate.weeks - 1, len(T_90)) - 1]
    return quantile * rate.spread * math.sqrt(weeks + weeks**2 / rate.weeks)


def _predicted(delivered: int, left: Fraction, rate: Rate | None) -> tuple[Fraction | None, float | None, float | None]:
    if left == 0:
        return Fraction(delivered), float(delivered), float(delivered)
    if rate is None:
        return None, None, None
    expected, half = delivered + left * rate.mean, half_width(rate, left)
    return expected, max(float(delivered), float(expected) - half), float(expected) + half


def _state(terms: Terms, expected: Fraction | None, delivered: int, today: date) -> str:
    if today < terms.starts_on:
        return "before"
    if delivered > terms.high_visits:
        return "over"
    if expected is None:
        return "unknown"
    if expected > terms.high_visits:
        return "over"
    return "under" if expected < terms.low_visits else "on_course"


def _runs_out_on(terms: Terms, visits_by_day: Mapping[date, int], rate: Rate | None, today: date) -> date | None:
    """Where the visits are used up before the last day: the day on which they were, or would be at the rate so far."""
    given = 0
    for day in sorted(visits_by_day):
        given += visits_by_day[day]
        if given >= terms.visits:
            return day if day < terms.ends_on else None
    if rate is None or rate.mean == 0 or today >= terms.ends_on:
        return None
    days = math.ceil((terms.visits - given) / rate.mean * 7)
    day = max(today, terms.starts_on) + timedelta(days=days)
    return day if day < terms.ends_on else None
