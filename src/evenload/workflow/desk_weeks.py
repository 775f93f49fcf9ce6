"""The board of one week: everybody's hours in it, who is over in which week, and anybody's fullest week."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from evenload.planning.case import Practitioner, Unit
from evenload.planning.days_away import hours_by_week, minutes_in_weeks
from evenload.planning.explain import WeekLoad
from evenload.planning.program import Period
from evenload.planning.standing import load_state
from evenload.planning.weekly import DAYS, Spread, fullest_week, minutes_by_week, mondays
from evenload.workflow.absence_rows import dated
from evenload.workflow.desk_rows import Row
from evenload.workflow.draft_picture import Picture
from evenload.workflow.known_facts import KnownFacts


@dataclass(frozen=True, slots=True)
class WeekChoice:
    """One week that can be chosen: its first day, and how many people are over in it."""

    monday: date
    over: int


def period_of(facts: KnownFacts) -> Period:
    """The period of the program's Case."""
    case = facts.case
    return Period(case.starts_on, case.weeks, case.as_of)


def by_week(facts: KnownFacts, code: str, units: Iterable[Unit]) -> tuple[int, ...]:
    """Minutes of these units with this practitioner, in every week that is left."""
    return minutes_by_week((_spread(facts, code, unit) for unit in units), period_of(facts))


def _spread(facts: KnownFacts, code: str, unit: Unit) -> Spread:
    average = facts.load_minutes(unit.id, code)
    return Spread(average, average - unit.minutes + unit.peak_minutes, facts.unit_rows[unit.stated_id].from_date)


def choices(picture: Picture) -> tuple[WeekChoice, ...]:
    """Every week that is left, with the number of people over in it. Kept with the picture."""
    if "weeks" not in picture.kept:
        people = [(person, _profile(picture, person.id)) for person in picture.facts.case.practitioners]
        picture.kept["weeks"] = tuple(
            WeekChoice(monday, sum(load_state(in_week(picture, person, monday), minutes[number]) == "over" for person, minutes in people))
            for number, monday in enumerate(mondays(period_of(picture.facts)))
        )
    found: tuple[WeekChoice, ...] = picture.kept["weeks"]
    return found


def _profile(picture: Picture, code: str) -> tuple[int, ...]:
    """Her minutes in every week that is left, counted again when her caseload is another one."""
    kept, caseload = picture.facts.kept, picture.standing.caseloads[code]
    known: tuple[tuple[Unit, ...], tuple[int, ...]] | None = kept.get(("by week", code))
    if known is None or known[0] is not caseload:
        known = kept["by week", code] = (caseload, by_week(picture.facts, code, caseload))
    return known[1]


def in_week(picture: Picture, person: Practitioner, monday: date) -> Practitioner:
    """The practitioner with her hours of this week: none where she is not there, fewer where leave was told."""
    return _in_period(picture.facts, person)[(monday - picture.facts.case.starts_on).days // DAYS]


def in_weeks(facts: KnownFacts, person: Practitioner) -> tuple[Practitioner, ...]:
    """The practitioner with her hours of every week that is left."""
    return _in_period(facts, person)[-facts.case.weeks_left :]


def _in_period(facts: KnownFacts, person: Practitioner) -> tuple[Practitioner, ...]:
    """The practitioner in every week of the period. Kept with the facts."""
    key = ("in weeks", person.id)
    kept: tuple[Practitioner, tuple[Practitioner, ...]] | None = facts.kept.get(key)
    if kept is None or kept[0] is not person:
        kept = facts.kept[key] = (person, _by_hours(person, _hours_by_week(facts, person.id), facts.case.weeks))
    return kept[1]


def _by_hours(person: Practitioner, hours: Sequence[Fraction] | None, weeks: int) -> tuple[Practitioner, ...]:
    if hours is None:
        return (person,) * weeks
    capacity, maximum = (minutes_in_weeks(one, hours) for one in (person.capacity_minutes, person.maximum_minutes))
    return tuple(replace(person, capacity_minutes=b, maximum_minutes=m) for b, m in zip(capacity, maximum, strict=True))


def _hours_by_week(facts: KnownFacts, code: str) -> tuple[Fraction, ...] | None:
    """Her hours at work in every week of the period; None where they are the same in all of them. Kept with the facts."""
    key = ("hours by week", code)
    if key not in facts.kept:
        stated = facts.people[code]
        away = dated(facts.snapshot.rows.absences, code, stated.engagement)
        is_steady = not away and stated.from_date is None and stated.to_date is None
        facts.kept[key] = None if is_steady else hours_by_week(stated, away, period_of(facts))
    found: tuple[Fraction, ...] | None = facts.kept[key]
    return found


def rows_in_week(picture: Picture, rows: Sequence[Row], monday: date) -> tuple[Row, ...]:
    """The rows with the load of one week in place of the average, fullest first. Raises ValueError for a week that is not left."""
    number = mondays(period_of(picture.facts)).index(monday)
    found = []
    for row in rows:
        person = in_week(picture, picture.facts.case.practitioner(row.code), monday)
        found.append(replace(row, load=_load_in_week(row.load, person, _profile(picture, row.code)[number])))
    return tuple(sorted(found, key=_fullest_first))


def _fullest_first(row: Row) -> tuple[float, str]:
    """Who has units in a week without hours stands on top."""
    share = float(row.load.percent) if row.load.percent is not None else float("inf") if row.load.assigned_minutes else -1.0
    return -share, row.code


def _load_in_week(load: WeekLoad, person: Practitioner, minutes: int) -> WeekLoad:
    return replace(
        load,
        assigned_minutes=minutes,
        capacity_minutes=person.capacity_minutes,
        maximum_minutes=person.maximum_minutes,
        state=load_state(person, minutes),
    )


def peak_of(facts: KnownFacts, code: str, units: Iterable[Unit]) -> tuple[date, tuple[int, ...]]:
    """The fullest week of a caseload, and its minutes in every week."""
    minutes = by_week(facts, code, units)
    return mondays(period_of(facts))[fullest_week(minutes)], minutes
