"""One hour ledger per practitioner and week: what is committed to whom, what nobody has, and what is needed, in exact minutes.

Commitments are the visits that remain × their minutes, dated by a stated frequency or lying evenly in the weeks that are left
(`planning.weekly`). Care and the travel that a class states are counted; modelled travel depends on who drives and stands apart.
Commitments of everybody + what nobody has = what is needed, in every week.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from evenload.planning.case import Unit
from evenload.planning.program import Period
from evenload.planning.waiting_reasons import Bundle
from evenload.planning.weekly import Spread, mondays, stretches
from evenload.workflow.desk_weeks import in_week, period_of
from evenload.workflow.draft_picture import Picture

Weeks = tuple[Fraction, ...]
"""Minutes in each week that is left, the week of `as_of` first."""


@dataclass(frozen=True, slots=True)
class HourLedger:
    """A draft's hours by week. `driving`: modelled travel of each practitioner; `hours_minutes`, `maximum_minutes`: what she has."""

    mondays: tuple[date, ...]
    committed: Mapping[str, Weeks]
    driving: Mapping[str, Weeks]
    nobody: Weeks
    needed: Weeks
    hours_minutes: Mapping[str, tuple[int, ...]]
    maximum_minutes: Mapping[str, tuple[int, ...]]

    def free(self, code: str) -> Weeks:
        """What is left of her hours in each week; below 0 where she is over."""
        lines = zip(self.hours_minutes[code], self.committed[code], self.driving[code], strict=True)
        return tuple(hours - committed - driving for hours, committed, driving in lines)

    def forecast(self, code: str) -> tuple[Fraction, Fraction]:
        """To the end of the period: minutes committed and driven, and minutes that she has."""
        return sum(self.committed[code] + self.driving[code], Fraction(0)), Fraction(sum(self.hours_minutes[code]))


@dataclass(frozen=True, slots=True)
class WeekLine:
    """One practitioner in one week: minutes committed, driven, and what she has; `left` is below 0 where she is over."""

    monday: date
    committed: float
    driving: float
    hours_minutes: int
    left: float


def week_lines(picture: Picture, code: str) -> tuple[WeekLine, ...]:
    """One practitioner's ledger, week by week."""
    ledger = hour_ledger(picture, only=code)
    lines = zip(ledger.mondays, ledger.committed[code], ledger.driving[code], ledger.hours_minutes[code], ledger.free(code), strict=True)
    return tuple(WeekLine(monday, float(care), float(driving), hours, float(left)) for monday, care, driving, hours, left in lines)


def hour_ledger(picture: Picture, *, only: str = "") -> HourLedger:
    """The ledger of a draft as it stands; with `only`, of one practitioner."""
    facts, period = picture.facts, period_of(picture.facts)
    days, case = mondays(period), picture.facts.case
    people = [one for one in case.practitioners if not only or one.id == only]
    held = {one.id: picture.standing.caseloads[one.id] for one in people}
    weekly = {one.id: [in_week(picture, one, monday) for monday in days] for one in people}
    return HourLedger(
        mondays=days,
        committed={code: _weeks((_care(picture, unit) for unit in units), period) for code, units in held.items()},
        driving={code: _weeks((_driving(picture, code, unit) for unit in units), period) for code, units in held.items()},
        nobody=_weeks((_care(picture, unit) for piece, unit in facts.units.items() if picture.places[piece].practitioner is None), period),
        needed=_weeks((_care(picture, unit) for unit in case.units), period),
        hours_minutes={code: tuple(one.capacity_minutes for one in weeks) for code, weeks in weekly.items()},
        maximum_minutes={code: tuple(one.maximum_minutes for one in weeks) for code, weeks in weekly.items()},
    )


def weeks_above(ledger: HourLedger, picture: Picture, code: str, bundle: Bundle) -> tuple[date, ...]:
    """Can she take one more? First days of the weeks in which these units would lift her above her maximum; none: she can."""
    period = period_of(picture.facts)
    new = [unit for unit in bundle if picture.places[unit.id].practitioner != code]
    more = _weeks([*(_care(picture, unit) for unit in new), *(_driving(picture, code, unit) for unit in new)], period)
    carried = zip(ledger.committed[code], ledger.driving[code], more, ledger.maximum_minutes[code], strict=True)
    return tuple(monday for monday, line in zip(ledger.mondays, carried, strict=True) if sum(line[:3], Fraction(0)) > line[3])


def _care(picture: Picture, unit: Unit) -> Spread:
    return Spread(unit.minutes, unit.peak_minutes, picture.facts.unit_rows[unit.stated_id].from_date)


def _driving(picture: Picture, code: str, unit: Unit) -> Spread:
    """Modelled travel of the pair, which lies evenly; 0 where the class states its travel."""
    minutes = picture.facts.load_minutes(unit.id, code) - unit.minutes
    return Spread(minutes, minutes, picture.facts.unit_rows[unit.stated_id].from_date)


def _weeks(spreads: Iterable[Spread], period: Period) -> Weeks:
    found = [Fraction(0)] * period.weeks_left
    for spread in spreads:
        for first, end, minutes in stretches(spread, period):
            for week in range(first, end):
                found[week] += minutes
    return tuple(found)
