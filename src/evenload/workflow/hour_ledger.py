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
from evenload.planning.waiting_reasons import Bundle
from evenload.planning.weekly import Spread, exact_weeks, mondays
from evenload.workflow.desk_weeks import in_weeks, period_of
from evenload.workflow.draft_picture import Picture
from evenload.workflow.known_facts import KnownFacts

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

    @property
    def everybody(self) -> Weeks:
        """Commitments of everybody together."""
        return tuple(sum(week, Fraction(0)) for week in zip(*self.committed.values(), strict=True)) or (Fraction(0),) * len(self.mondays)

    @property
    def astray(self) -> tuple[date, ...]:
        """First days of the weeks in which commitments and what nobody has are not what is needed: none, or the ledger is wrong."""
        weeks = zip(self.mondays, self.everybody, self.nobody, self.needed, strict=True)
        return tuple(monday for monday, held, nobody, needed in weeks if held + nobody != needed)


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
    """The ledger of a draft as it stands; with `only`, of one practitioner. Kept with the picture."""
    key = ("hour ledger", only)
    if key not in picture.kept:
        picture.kept[key] = _counted(picture, only)
    found: HourLedger = picture.kept[key]
    return found


def _counted(picture: Picture, only: str) -> HourLedger:
    facts = picture.facts
    case, period = facts.case, period_of(facts)
    people = [one for one in case.practitioners if not only or one.id == only]
    held = {one.id: _held(picture, one.id) for one in people}
    weekly = {one.id: in_weeks(facts, one) for one in people}
    if "needed by week" not in facts.kept:
        facts.kept["needed by week"] = exact_weeks((care(facts, unit) for unit in case.units), period)
    waiting = (care(facts, unit) for piece, unit in facts.units.items() if picture.places[piece].practitioner is None)
    return HourLedger(
        mondays=mondays(period),
        committed={code: weeks[0] for code, weeks in held.items()},
        driving={code: weeks[1] for code, weeks in held.items()},
        nobody=exact_weeks(waiting, period),
        needed=facts.kept["needed by week"],
        hours_minutes={code: tuple(one.capacity_minutes for one in weeks) for code, weeks in weekly.items()},
        maximum_minutes={code: tuple(one.maximum_minutes for one in weeks) for code, weeks in weekly.items()},
    )


def _held(picture: Picture, code: str) -> tuple[Weeks, Weeks]:
    """Her commitments and her modelled travel by week, counted again when her caseload is another one."""
    facts, caseload = picture.facts, picture.standing.caseloads[code]
    known: tuple[tuple[Unit, ...], tuple[Weeks, Weeks]] | None = facts.kept.get(("ledger", code))
    if known is None or known[0] is not caseload:
        known = facts.kept["ledger", code] = (caseload, weeks_with(facts, code, caseload))
    return known[1]


def weeks_with(facts: KnownFacts, code: str, units: Iterable[Unit]) -> tuple[Weeks, Weeks]:
    """Care and modelled travel of these units with this practitioner, by week."""
    hers, period = list(units), period_of(facts)
    return exact_weeks((care(facts, unit) for unit in hers), period), exact_weeks((driving(facts, code, unit) for unit in hers), period)


def weeks_above(ledger: HourLedger, picture: Picture, code: str, bundle: Bundle) -> tuple[date, ...]:
    """Can she take one more? First days of the weeks in which these units would lift her above her maximum; none: she can.

    A week to which they add nothing is not theirs to break.
    """
    new = [unit for unit in bundle if picture.places[unit.id].practitioner != code]
    more = zip(*weeks_with(picture.facts, code, new), strict=True)
    carried = zip(ledger.mondays, ledger.committed[code], ledger.driving[code], more, ledger.maximum_minutes[code], strict=True)
    return tuple(monday for monday, held, drives, added, most in carried if sum(added) > 0 and held + drives + sum(added) > most)


def care(facts: KnownFacts, unit: Unit) -> Spread:
    """A unit's minutes, with the travel that its class states, whoever has it."""
    return Spread(unit.minutes, unit.peak_minutes, facts.unit_rows[unit.stated_id].from_date)


def driving(facts: KnownFacts, code: str, unit: Unit) -> Spread:
    """Modelled travel of the pair, which lies evenly; 0 where the class states its travel."""
    minutes = facts.load_minutes(unit.id, code) - unit.minutes
    return Spread(minutes, minutes, facts.unit_rows[unit.stated_id].from_date)
