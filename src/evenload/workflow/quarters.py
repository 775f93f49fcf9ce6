"""Quarters of which a report can be made: of the calendar (`2026-q1`), and stretches of 13 weeks of the program's period (`period-1`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db.models import Min

from evenload.records.models import Program, RecordedVisit, Referral

WEEKS: Final = 13
MONTHS: Final = 3
DAY: Final = timedelta(days=1)
BACK: Final = 40
"""quarters that can be chosen: ten years"""
SETTLED_AFTER: Final = timedelta(days=14)
"""So long into a quarter, the report that is written by itself is still that of the quarter before."""
_CALENDAR: Final = re.compile(r"(\d{4})-q([1-4])")


@dataclass(frozen=True, slots=True)
class Quarter:
    """First and last day. `number` counts within the calendar's `year`, or (year 0) within the program's period."""

    code: str
    first: date
    last: date
    year: int
    number: int

    def is_running(self, today: date) -> bool:
        """Whether its last day lies ahead."""
        return today < self.last


def of_calendar(day: date) -> Quarter:
    """The calendar's quarter that holds the day."""
    number = (day.month - 1) // MONTHS + 1
    first = date(day.year, (number - 1) * MONTHS + 1, 1)
    after = date(day.year + 1, 1, 1) if number == 4 else date(day.year, number * MONTHS + 1, 1)
    return Quarter(f"{day.year}-q{number}", first, after - DAY, day.year, number)


def of_period(program: Program) -> Iterator[Quarter]:
    """The period in stretches of 13 weeks; the last one ends with it."""
    ends = program.period_start + timedelta(weeks=program.period_weeks) - DAY
    for number in range(-(-program.period_weeks // WEEKS)):
        first = program.period_start + number * timedelta(weeks=WEEKS)
        yield Quarter(f"period-{number + 1}", first, min(first + timedelta(weeks=WEEKS) - DAY, ends), 0, number + 1)


def choices(program: Program, *, today: date) -> list[Quarter]:
    """Those that have begun: the calendar's back to the first record, newest first; then those of the period."""
    first, day, found = _first_day(program), today, list[Quarter]()
    while len(found) < BACK:
        found.append(of_calendar(day))
        day = found[-1].first - DAY
        if day < first:
            break
    return [*found, *(one for one in of_period(program) if one.first <= today)]


def quarter_of(program: Program, code: str, *, today: date) -> Quarter | None:
    """The quarter of that code; None where there is none, or it has not begun."""
    if stated := _CALENDAR.fullmatch(code):
        year, number = int(stated[1]), int(stated[2])
        found = of_calendar(date(year, (number - 1) * MONTHS + 1, 1)) if year >= date.min.year and year < date.max.year else None
    else:
        found = next((one for one in of_period(program) if one.code == code), None)
    return found if found is not None and found.first <= today else None


def to_be_written(today: date) -> Quarter:
    """That of the report that is written by itself: the running one so far; in its first two weeks the one before, which is whole."""
    running = of_calendar(today)
    return of_calendar(running.first - DAY) if today < running.first + SETTLED_AFTER else running


def _first_day(program: Program) -> date:
    received = Referral.objects.filter(client__program=program).aggregate(first=Min("received_on"))["first"]
    seen = RecordedVisit.objects.filter(program=program).aggregate(first=Min("on"))["first"]
    return min(day for day in (received, seen, program.period_start) if day is not None)
