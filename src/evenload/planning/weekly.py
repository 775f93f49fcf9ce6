"""Week by week: what a caseload is in each week that is left, and what hours there are, from the same figures as the averages.

A unit with a stated frequency is counted at that frequency from its first week until its visits are used up; any other unit evenly
from its first week to the end of the period. The weeks of a unit add up to its average times the weeks that are left, so that the
picture by week and the picture on average hold the same hours. A person's hours of a week: `planning.days_away`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

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
    """Minutes in each week that is left, all these units together; each unit's weeks are rounded once, together."""
    weeks = period.weeks_left
    steps = [Fraction(0)] * (weeks + 1)
    for spread in spreads:
        for first, end, minutes in stretches(spread, period):
            steps[first] += minutes
            steps[end] -= minutes
    running, found = Fraction(0), []
    for step in steps[:weeks]:
        running += step
        found.append(round_half_up(running))
    return tuple(found)


def stretches(spread: Spread, period: Period) -> Iterable[tuple[int, int, Fraction]]:
    """Stretches of equal weeks: first week, the week after the last, minutes a week, exact: they add up to average × weeks left."""
    weeks = period.weeks_left
    first = first_week(spread.from_date, period)
    total = spread.average_minutes * weeks
    if spread.peak_minutes <= spread.average_minutes or total > spread.peak_minutes * (weeks - first):
        yield first, weeks, Fraction(total, weeks - first)
        return
    full = total // spread.peak_minutes
    yield first, first + full, Fraction(spread.peak_minutes)
    if rest := total - full * spread.peak_minutes:
        yield first + full, first + full + 1, Fraction(rest)


def first_week(begins_on: date | None, period: Period) -> int:
    """Number of the week, among those that are left, in which something begins; the last one where it lies beyond them."""
    first = mondays(period)[0]
    if begins_on is None or begins_on <= first:
        return 0
    return min((begins_on - first).days // DAYS, period.weeks_left - 1)


def fullest_week(minutes: Sequence[int]) -> int:
    """Number of the week with the most minutes, the first of several. Raises ValueError without weeks."""
    return max(range(len(minutes)), key=lambda number: (minutes[number], -number))
