"""The week ledger of a program: everybody's weeks to the end of the period, what nobody has, what is needed, and the units in each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Final

from evenload.planning.case import Practitioner, Unit, round_half_up
from evenload.planning.standing import load_state
from evenload.planning.weekly import Spread, mondays, stretches
from evenload.workflow.desk_weeks import in_weeks, period_of
from evenload.workflow.draft_picture import Picture
from evenload.workflow.hour_ledger import Weeks, care, driving, hour_ledger

OVER_MAXIMUM: Final = "over_maximum"
"""Above what she said is the most she can do; the other states are those of a load."""

WEEK: Final = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class WeekRow:
    """One practitioner's weeks: minutes she has, committed, driven, free (below 0: over), and where the load lies in each."""

    code: str
    hours: tuple[int, ...]
    committed: Weeks
    driving: Weeks
    free: Weeks
    states: tuple[str, ...]

    @property
    def total_hours(self) -> int:
        """Minutes she has in all these weeks."""
        return sum(self.hours)

    @property
    def total_committed(self) -> Fraction:
        """Minutes committed in all these weeks."""
        return sum(self.committed, Fraction(0))

    @property
    def total_driving(self) -> Fraction:
        """Minutes driven in all these weeks, where travel is modelled."""
        return sum(self.driving, Fraction(0))

    @property
    def total_free(self) -> Fraction:
        """What is left of her hours in all these weeks; below 0 where she is over."""
        return sum(self.free, Fraction(0))


@dataclass(frozen=True, slots=True)
class WeekLedger:
    """Everybody's weeks from one week on to the end of the period.

    In every week `everybody` + `nobody` = `needed`; `astray` are the weeks in which that were not so.
    """

    mondays: tuple[date, ...]
    rows: tuple[WeekRow, ...]
    everybody: Weeks
    nobody: Weeks
    needed: Weeks
    astray: tuple[date, ...]

    def row(self, code: str) -> WeekRow:
        """One practitioner's row. Raises KeyError for somebody who is not in the ledger."""
        found = next((row for row in self.rows if row.code == code), None)
        if found is None:
            raise KeyError(code)
        return found


def week_ledger(picture: Picture, *, today: date) -> WeekLedger:
    """The ledger of a picture, from the week of today on; all its weeks where today lies before or after them. Kept with the picture."""
    first = first_shown(mondays(period_of(picture.facts)), today)
    if ("week ledger", first) not in picture.kept:
        picture.kept["week ledger", first] = _ledger(picture, first)
    found: WeekLedger = picture.kept["week ledger", first]
    return found


def first_shown(days: tuple[date, ...], today: date) -> int:
    """Number of the week of today; 0 where today lies before or after these weeks."""
    return next((number for number, monday in enumerate(days) if monday <= today < monday + WEEK), 0)


def _ledger(picture: Picture, first: int) -> WeekLedger:
    ledger, facts = hour_ledger(picture), picture.facts
    rows = []
    for one in facts.case.practitioners:
        hours, held, driven = ledger.hours_minutes[one.id][first:], ledger.committed[one.id][first:], ledger.driving[one.id][first:]
        carried = [committed + drives for committed, drives in zip(held, driven, strict=True)]
        weekly = zip(in_weeks(facts, one)[first:], carried, strict=True)
        rows.append(
            WeekRow(
                code=one.id,
                hours=hours,
                committed=held,
                driving=driven,
                free=tuple(has - load for has, load in zip(hours, carried, strict=True)),
                states=tuple(week_state(person, load) for person, load in weekly),
            )
        )
    return WeekLedger(
        ledger.mondays[first:], tuple(rows), ledger.everybody[first:], ledger.nobody[first:], ledger.needed[first:], ledger.astray
    )


def week_state(person: Practitioner, minutes: Fraction) -> str:
    """Where so many minutes lie in a week in which she has these hours: a load's state, or `over_maximum`."""
    whole = round_half_up(minutes)
    return OVER_MAXIMUM if whole > person.maximum_minutes else load_state(person, whole)


@dataclass(frozen=True, slots=True)
class Part:
    """One unit of a row, week by week: minutes of care and of modelled travel, and the stretches of equal weeks, care and travel together.

    A stretch: first day of its first and of its last week, minutes in each.
    """

    unit: Unit
    committed: Weeks
    driving: Weeks
    stretches: tuple[tuple[date, date, Fraction], ...]

    @property
    def total(self) -> Fraction:
        """Minutes in all these weeks."""
        return sum(self.committed + self.driving, Fraction(0))


def parts_of(picture: Picture, code: str | None, *, today: date) -> tuple[Part, ...]:
    """The units of one practitioner (None: those that nobody has), the largest first; together they are the row of the ledger."""
    first = first_shown(mondays(period_of(picture.facts)), today)
    units: Iterable[Unit]
    if code is None:
        units = [unit for piece, unit in picture.facts.units.items() if picture.places[piece].practitioner is None]
    else:
        units = picture.standing.caseloads[code]
    found = [_part(picture, code, unit, first) for unit in units]
    return tuple(sorted(found, key=lambda part: (-part.total, part.unit.id)))


def _part(picture: Picture, code: str | None, unit: Unit, first: int) -> Part:
    facts = picture.facts
    days = mondays(period_of(facts))
    committed = _by_week(picture, care(facts, unit))[first:]
    driven = _by_week(picture, driving(facts, code, unit))[first:] if code is not None else (Fraction(0),) * len(committed)
    return Part(
        unit, committed, driven, tuple(_runs(days[first:], [held + drives for held, drives in zip(committed, driven, strict=True)]))
    )


def _by_week(picture: Picture, spread: Spread) -> Weeks:
    period = period_of(picture.facts)
    found = [Fraction(0)] * period.weeks_left
    for first, end, minutes in stretches(spread, period):
        for week in range(first, end):
            found[week] += minutes
    return tuple(found)


def _runs(days: tuple[date, ...], minutes: list[Fraction]) -> Iterable[tuple[date, date, Fraction]]:
    """Weeks in a row with the same minutes, those without any left out."""
    start = 0
    for week in range(1, len(days) + 1):
        if week == len(days) or minutes[week] != minutes[start]:
            if minutes[start]:
                yield days[start], days[week - 1], minutes[start]
            start = week
