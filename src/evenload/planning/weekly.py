"""Week by week: what a caseload is in each week that is left, and what hours there are, from the same figures as the averages.

A unit with a stated frequency is counted at that frequency from its first week until its visits are used up; any other unit evenly
from its first week to the end of the period. The weeks of a unit add up to its average times the weeks that are left, so that the
picture by week and the picture on average hold the same hours. A person's hours of a week: `planning.days_away`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import accumulate

from evenload.planning.case import round_half_up
from evenload.planning.program import Period

DAYS = 7


@dataclass(frozen=True, slots=True)
class Spread:
    """One unit as one practitioner has it: minutes of an average week and of a week of full frequency, and since when."""

    average_minutes: int
    peak_minutes: int
    from_date: date | None = None


def mondays(period: Period) -> tuple[date, ...]:
    """First day of every week that is left, the week of `as_of` first."""
    first = period.starts_on + timedelta(weeks=period.weeks - period.weeks_left)
    return tuple(first + timedelta(weeks=number) for number in range(period.weeks_left))


def minutes_by_week(spreads: Iterable[Spread], period: Period) -> tuple[int, ...]:
    """Minutes in each week that is left, all these units together; the weeks are rounded once, after they were added."""
    return tuple(round_half_up(minutes) for minutes in exact_weeks(spreads, period))


def exact_weeks(spreads: Iterable[Spread], period: Period) -> tuple[Fraction, ...]:
    """Minutes in each week that is left, all these units together, exact.

    Whole numbers are added per denominator, of which there are no more than weeks: a program's units cost no fraction each.
    """
    weeks, starts = period.weeks_left, mondays(period)[0]
    by_denominator: dict[int, list[int]] = {}
    for spread in spreads:
        for first, end, minutes, denominator in _whole_stretches(spread, weeks, _first(spread.from_date, starts, weeks)):
            steps = by_denominator.get(denominator)
            if steps is None:
                steps = by_denominator[denominator] = [0] * (weeks + 1)
            steps[first] += minutes
            steps[end] -= minutes
    running = {denominator: list(accumulate(steps)) for denominator, steps in by_denominator.items()}
    return tuple(sum((Fraction(sums[week], one) for one, sums in running.items()), Fraction(0)) for week in range(weeks))


def stretches(spread: Spread, period: Period) -> Iterable[tuple[int, int, Fraction]]:
    """Stretches of equal weeks: first week, the week after the last, minutes a week, exact: they add up to average × weeks left."""
    weeks = period.weeks_left
    for first, end, minutes, denominator in _whole_stretches(spread, weeks, first_week(spread.from_date, period)):
        yield first, end, Fraction(minutes, denominator)


def _whole_stretches(spread: Spread, weeks: int, first: int) -> Iterator[tuple[int, int, int, int]]:
    """As `stretches`, with the minutes of a week as numerator and denominator."""
    total = spread.average_minutes * weeks
    if spread.peak_minutes <= spread.average_minutes or total > spread.peak_minutes * (weeks - first):
        yield first, weeks, total, weeks - first
        return
    full, rest = divmod(total, spread.peak_minutes)
    yield first, first + full, spread.peak_minutes, 1
    if rest:
        yield first + full, first + full + 1, rest, 1


def first_week(begins_on: date | None, period: Period) -> int:
    """Number of the week, among those that are left, in which something begins; the last one where it lies beyond them."""
    return _first(begins_on, mondays(period)[0], period.weeks_left)


def _first(begins_on: date | None, starts: date, weeks: int) -> int:
    return 0 if begins_on is None or begins_on <= starts else min((begins_on - starts).days // DAYS, weeks - 1)


def fullest_week(minutes: Sequence[int]) -> int:
    """Number of the week with the most minutes, the first of several. Raises ValueError without weeks."""
    return max(range(len(minutes)), key=lambda number: (minutes[number], -number))
