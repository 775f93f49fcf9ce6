"""Sustained overload: how many weeks in a row somebody's load lay above a stated share of the hours that she had.

Load of a week in percent = 100 × minutes committed / minutes for client care. A week without hours (leave) neither counts nor
breaks a row; a week of which nothing is known breaks it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Final

OVERLOAD_PERCENT: Final = 110
"""A load above this share of her hours counts as too much for one week."""

OVERLOAD_WEEKS: Final = 4
"""So many such weeks in a row are a sustained overload."""


@dataclass(frozen=True, slots=True)
class PastWeek:
    """One past week of one practitioner, in minutes."""

    monday: date
    committed_minutes: Fraction
    hours_minutes: int

    @property
    def percent(self) -> Fraction | None:
        """Load in percent of her hours; None where she had none."""
        return 100 * self.committed_minutes / self.hours_minutes if self.hours_minutes else None


@dataclass(frozen=True, slots=True)
class Spell:
    """Weeks in a row above the threshold, up to the last week that is known. `first_monday` names the spell."""

    first_monday: date
    weeks: int
    worst_percent: Fraction


def running_spell(weeks: Iterable[PastWeek], *, above_percent: int = OVERLOAD_PERCENT, at_least: int = OVERLOAD_WEEKS) -> Spell | None:
    """The sustained overload that still runs in the last of these weeks; None where there is none. In any order."""
    row: list[PastWeek] = []
    after: date | None = None
    for week in sorted(weeks, key=lambda week: week.monday, reverse=True):
        if after is not None and after - week.monday != timedelta(weeks=1):
            break
        after = week.monday
        if week.percent is None:
            continue
        if week.percent <= above_percent:
            break
        row.append(week)
    if len(row) < at_least:
        return None
    return Spell(row[-1].monday, len(row), max(week.percent or Fraction(0) for week in row))
