"""Time away that is known by date: how many hours of which day it takes, and what is left of every week.

A day takes the hours of one working day: weekly hours over the practitioner's own working days (five where none are stated).
A day is taken once, however many rows name it. Hours are exact.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Final, Protocol

from evenload.planning.case import round_half_up
from evenload.planning.codes import DAYS
from evenload.planning.program import Absence, Period

WEEKDAYS: Final = DAYS[:5]
ONE_DAY: Final = timedelta(days=1)


class Works(Protocol):
    """Who works when: facts or rows of a practitioner. No `days`: Monday to Friday."""

    @property
    def weekly_hours(self) -> Fraction:
        """Hours of a week at work."""

    @property
    def days(self) -> Collection[str]:
        """Her working days."""

    @property
    def from_date(self) -> date | None:
        """Her first day."""

    @property
    def to_date(self) -> date | None:
        """Her last day."""


@dataclass(frozen=True, slots=True)
class DayAway:
    """Hours that one row takes of one working day."""

    on: date
    kind: str
    hours: Fraction


def works_on(person: Works, day: date) -> bool:
    """Whether this is one of her working days, between her first and her last."""
    is_there = (person.from_date is None or day >= person.from_date) and (person.to_date is None or day <= person.to_date)
    return is_there and DAYS[day.weekday()] in (person.days or WEEKDAYS)


def day_hours(person: Works) -> Fraction:
    """Hours of one of her working days."""
    return person.weekly_hours / len(person.days or WEEKDAYS)


def days_away(person: Works, rows: Iterable[Absence], first: date, last: date) -> tuple[DayAway, ...]:
    """What the dated rows take of her working days from `first` to `last`; rows without dates take nothing here.

    Stated hours (or days) of a row lie evenly on its working days, at most the whole of each; with neither, the days are taken whole.
    """
    whole, left = day_hours(person), dict[date, Fraction]()
    found = []
    for row in rows:
        if row.from_date is None:
            continue
        each = _hours_each_day(person, row, whole)
        for day in _days(max(first, row.from_date), min(last, row.to_date or row.from_date)):
            if not works_on(person, day):
                continue
            taken = min(each, left.get(day, whole))
            left[day] = left.get(day, whole) - taken
            if taken:
                found.append(DayAway(day, row.kind, taken))
    return tuple(sorted(found, key=lambda one: one.on))


def _hours_each_day(person: Works, row: Absence, whole: Fraction) -> Fraction:
    total = row.hours if row.hours is not None else None if row.days is None else row.days * whole
    if total is None or row.from_date is None:
        return whole
    working = sum(DAYS[day.weekday()] in (person.days or WEEKDAYS) for day in _days(row.from_date, row.to_date or row.from_date))
    return min(whole, total / working) if working else Fraction(0)


def period_days(period: Period) -> tuple[date, date]:
    """First and last day of the period."""
    return period.starts_on, period.starts_on + timedelta(weeks=period.weeks) - ONE_DAY


def hours_by_week(person: Works, rows: Iterable[Absence], period: Period) -> tuple[Fraction, ...]:
    """Her hours in every week of the period, the first one first: working days on which she is there, less the dated time away."""
    first, last = period_days(period)
    whole, weeks = day_hours(person), [Fraction(0)] * period.weeks
    for day in _days(first, last):
        if works_on(person, day):
            weeks[(day - first).days // 7] += whole
    for away in days_away(person, rows, first, last):
        weeks[(away.on - first).days // 7] -= away.hours
    return tuple(weeks)


def minutes_in_week(average_minutes: int, weeks_hours: Sequence[Fraction], number: int) -> int:
    """An average over all weeks of the period, brought to one of them in proportion to her hours there; rounded once.

    The weeks of the period add up to average × weeks; somebody who is never there has 0 in each.
    """
    return minutes_in_weeks(average_minutes, weeks_hours)[number]


def minutes_in_weeks(average_minutes: int, weeks_hours: Sequence[Fraction]) -> tuple[int, ...]:
    """The same in every week of the period."""
    total = sum(weeks_hours, Fraction(0))
    if not total:
        return (0,) * len(weeks_hours)
    per_hour = average_minutes * len(weeks_hours) / total
    return tuple(round_half_up(per_hour * hours) for hours in weeks_hours)


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += ONE_DAY
