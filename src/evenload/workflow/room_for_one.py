"""Can one more be taken? A client of a class, or of so many minutes so often, beside everybody's weeks to the end of the period.

The client is counted as a unit of the records would be, by the same rules; nothing is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Final

from evenload.exchange.facts import program_from
from evenload.exchange.rows import ClassRow, UnitRow
from evenload.planning.case import Practitioner, Unit
from evenload.planning.eligibility import breaches
from evenload.planning.prepare import case_from
from evenload.planning.travel import load_minutes
from evenload.planning.weekly import Spread, exact_weeks
from evenload.workflow.desk_weeks import in_weeks, period_of
from evenload.workflow.draft_picture import Picture
from evenload.workflow.hour_ledger import hour_ledger
from evenload.workflow.refused import Refused
from evenload.workflow.snapshot import classes_as_counted

CODE: Final = "one-more"
"""code of the unit and of the class that only the question has"""
LEAVING: Final = "leaving"
"""stands beside the hard rules: who hands her units over takes nothing new"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One more client. `class_id` empty: `discipline` and `minutes` of a visit are stated; else they are the class's.

    `minutes` None: those of the class; `per_week` None: the pace of the class. `site` None: where is not known.
    """

    first_week: date
    class_id: str = ""
    discipline: str = ""
    language: str = ""
    minutes: Fraction | None = None
    per_week: Fraction | None = None
    site: str | None = None


@dataclass(frozen=True, slots=True)
class Room:
    """One practitioner with the client in addition.

    `breaks_on`, `by_minutes`: first week in which she would be above her maximum, and by how much there; None and 0: in no week.
    `above_range_on`: first week above her own range. `weeks_above`: weeks above her maximum. `away`: weeks without hours in which the
    client would be seen. `fullest`, `fullest_minutes`, `fullest_hours`: the week with the least left below the maximum, what she
    would carry there and what she has. `left_minutes`: least that is left below her maximum; below 0 where it breaks.
    """

    code: str
    breaks_on: date | None
    by_minutes: Fraction
    weeks_above: int
    above_range_on: date | None
    away: tuple[date, ...]
    fullest: date | None
    fullest_minutes: Fraction
    fullest_hours: int
    left_minutes: Fraction
    travel_minutes: int

    @property
    def fits(self) -> bool:
        """Whether she could take the client in every week."""
        return self.breaks_on is None


@dataclass(frozen=True, slots=True)
class Answer:
    """Who could take the client, the one with most room first; then whom it would break, the latest week first; then who may not.

    `minutes`: what the client is in an average week that is left, without modelled travel; `peak_minutes`: in a week of full frequency.
    """

    minutes: int
    peak_minutes: int
    rooms: tuple[Room, ...]
    may_not: tuple[tuple[str, tuple[str, ...]], ...]
    """code, and the rules that stand against her"""


def room_for_one(picture: Picture, wanted: Wanted) -> Answer:
    """Everybody of the discipline with this client in addition. Refused `class_unknown`, `class_without_visits`, `minutes_missing`."""
    unit = unit_of(picture, wanted)
    rooms: list[Room] = []
    may_not: list[tuple[str, tuple[str, ...]]] = []
    for person in picture.facts.by_discipline.get(unit.discipline, []):
        broken = [reason.code for reason in breaches(picture.facts.case, person, unit)]
        if person.id in picture.leaving:
            broken.append(LEAVING)
        if broken:
            may_not.append((person.id, tuple(broken)))
        else:
            rooms.append(_room(picture, person, unit, wanted.first_week))
    rooms.sort(key=_most_room_first)
    return Answer(unit.minutes, unit.peak_minutes, tuple(rooms), tuple(may_not))


def _most_room_first(room: Room) -> tuple[bool, int, Fraction, str]:
    latest = -room.breaks_on.toordinal() if room.breaks_on else 0
    return not room.fits, latest, room.by_minutes if room.breaks_on else -room.left_minutes, room.code


def unit_of(picture: Picture, wanted: Wanted) -> Unit:
    """The client as the Case would hold it. Refused as `room_for_one`."""
    facts = picture.facts
    rows = facts.snapshot.rows
    row = _class_of(classes_as_counted(facts.snapshot), wanted)
    per_week = row.visits / facts.case.weeks if wanted.per_week is None else wanted.per_week
    if per_week <= 0:
        raise Refused("class_without_visits")
    stated = UnitRow(
        id=CODE,
        kind="client",
        discipline=row.discipline,
        class_id=row.id,
        site=wanted.site,
        clients=1,
        visits_used=Fraction(0),
        visits_per_week=per_week,
        language=wanted.language or None,
        from_date=wanted.first_week,
    )
    little = replace(
        rows,
        program=replace(rows.program, contracted_visits=None),
        practitioners=(),
        absences=(),
        duties=(),
        sites=tuple(site for site in rows.sites if site.id == wanted.site),
        classes=(row,),
        units=(stated,),
        visits=(),
    )
    return case_from(program_from(little)).units[0]


def _class_of(classes: Sequence[ClassRow], wanted: Wanted) -> ClassRow:
    """The stated class, with other minutes where they are stated; without one, a class of these minutes and nothing else."""
    if not wanted.class_id:
        if wanted.minutes is None:
            raise Refused("minutes_missing")
        return ClassRow(CODE, wanted.discipline, CODE, visits=Fraction(0), direct_minutes=wanted.minutes)
    row = next((one for one in classes if one.id == wanted.class_id), None)
    if row is None:
        raise Refused("class_unknown")
    if wanted.minutes is None:
        return row
    zero = Fraction(0)
    return replace(
        row, direct_minutes=wanted.minutes, indirect_minutes=zero, travel_minutes=row.travel_minutes and zero, episode_minutes=zero
    )


def _room(picture: Picture, person: Practitioner, unit: Unit, first_week: date) -> Room:
    facts = picture.facts
    ledger, case = hour_ledger(picture), facts.case
    travel = load_minutes(case, person, unit) - unit.minutes
    # Care at its frequency, and the drive evenly from the first week on, as the hour ledger has both.
    spreads = [Spread(unit.minutes, unit.peak_minutes, first_week), Spread(travel, travel, first_week)]
    more = exact_weeks(spreads, period_of(facts))
    carried = [sum(week, Fraction(0)) for week in zip(ledger.committed[person.id], ledger.driving[person.id], more, strict=True)]
    people = in_weeks(facts, person)
    touched = [week for week, minutes in enumerate(more) if minutes > 0]
    there = [week for week in touched if people[week].maximum_minutes > 0]
    counted = there or touched  # somebody who is never there is not free: she would be above 0
    above = [week for week in counted if carried[week] > people[week].maximum_minutes]
    beyond = [week for week in there if 100 * carried[week] > people[week].comfortable_max_percent * people[week].capacity_minutes]
    fullest = min(counted, key=lambda week: (people[week].maximum_minutes - carried[week], week), default=None)
    days = ledger.mondays
    return Room(
        code=person.id,
        breaks_on=days[above[0]] if above else None,
        by_minutes=carried[above[0]] - people[above[0]].maximum_minutes if above else Fraction(0),
        weeks_above=len(above),
        above_range_on=days[beyond[0]] if beyond else None,
        away=tuple(days[week] for week in touched if people[week].capacity_minutes == 0),
        fullest=None if fullest is None else days[fullest],
        fullest_minutes=Fraction(0) if fullest is None else carried[fullest],
        fullest_hours=0 if fullest is None else people[fullest].capacity_minutes,
        left_minutes=Fraction(0) if fullest is None else people[fullest].maximum_minutes - carried[fullest],
        travel_minutes=travel,
    )
