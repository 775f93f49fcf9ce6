"""A practitioner's week, day by day, with the order of visits that makes the shortest way, and the order she uses.

Travel is that of the engine: modelled minutes between places, the program's median drive where a place is not known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Final

from django.db import transaction
from django.db.models import F

from evenload.planning.case import Case
from evenload.planning.problems import CaseError
from evenload.planning.program import Place
from evenload.planning.travel import minutes_between
from evenload.records.access import Person
from evenload.records.models import PlannedVisit, Practitioner
from evenload.workflow import journal, leave, planned_visits
from evenload.workflow.refused import Refused
from evenload.workflow.snapshot import case_of

MOST_STOPS: Final = 24
"""places of one day that are ordered; more are no day of visits"""

LEAST_SAVED: Final = 3
"""minutes; modelled ways of whole minutes are not sharper, and for less nobody changes a day"""


@dataclass(frozen=True, slots=True)
class Ground:
    """Where a week's visits lie. `base`: where she begins and ends; None where it is not known, then only the way between visits counts."""

    base: Place | None
    places: Mapping[int, Place | None]
    """unit's key → place"""
    unknown_minutes: int
    minutes_per_km: float

    def between(self, a: PlannedVisit | None, b: PlannedVisit | None) -> int:
        """Minutes from one visit to the next, whole and the same both ways; None stands for the base."""
        if a is not None and b is not None and a.unit_id == b.unit_id:
            return 0
        if (a is None or b is None) and self.base is None:
            return 0
        one, other = (self.base if visit is None else self.places.get(visit.unit_id) for visit in (a, b))
        return self.unknown_minutes if one is None or other is None else minutes_between(one, other, self.minutes_per_km)

    def travel_minutes(self, visits: Sequence[PlannedVisit]) -> int:
        """From the base through these visits in their order, and back."""
        return sum(self.between(a, b) for a, b in pairwise([None, *visits, None])) if visits else 0


@dataclass(frozen=True, slots=True)
class Suggested:
    """Another order of a day's visits that are still planned, and the travel it takes."""

    visits: tuple[PlannedVisit, ...]
    travel_minutes: int
    saved_minutes: int


@dataclass(frozen=True, slots=True)
class Day:
    """One day: visits in their turn, travel in minutes. `away`: minutes of the day that she is away, None for the whole of it, 0 for none.

    `suggested` is None where no order found saves a few minutes, or where `why_none` says why none is suggested.
    """

    on: date
    visits: tuple[PlannedVisit, ...]
    away: int | None
    travel_minutes: int
    suggested: Suggested | None
    why_none: str
    """`agreed_times`: they cannot all be kept; `too_many`; empty"""
    unknown_places: int


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days. `ground` is None where the program's facts contradict each other, which its desk explains: then no way is counted."""

    monday: date
    days: tuple[Day, ...]
    ground: Ground | None

    @property
    def visits(self) -> int:
        """How many stand in it."""
        return sum(len(day.visits) for day in self.days)


def week_of(practitioners: Sequence[Practitioner], monday: date, *, today: date) -> Week:
    """The week of one person, in all her programs together; orders are suggested from today on."""
    visits = [one for practitioner in practitioners for one in planned_visits.of_week(practitioner, monday)]
    visits.sort(key=lambda one: (one.on, one.turn, one.pk))
    ground = ground_of(practitioners, visits)
    away = _away(practitioners, monday)
    days = []
    for number in range(7):
        on = monday + timedelta(days=number)
        days.append(_day(on, [one for one in visits if one.on == on], ground, away.get(on, 0), may_order=on >= today))
    return Week(monday, tuple(days), ground)


def _away(practitioners: Iterable[Practitioner], monday: date) -> dict[date, int | None]:
    found: dict[date, int | None] = {}
    for one in practitioners:
        for on, minutes in leave.days_away(one, monday, monday + timedelta(days=6)).items():
            found[on] = None if minutes is None or found.get(on, 0) is None else max(minutes, found.get(on) or 0)
    return found


def _day(on: date, visits: Sequence[PlannedVisit], ground: Ground | None, away: int | None, *, may_order: bool) -> Day:
    if ground is None:
        return Day(on, tuple(visits), away, 0, None, "", 0)
    unknown = sum(ground.places.get(one.unit_id) is None for one in visits)
    suggested, why_none = suggestion(visits, ground) if may_order else (None, "")
    return Day(on, tuple(visits), away, ground.travel_minutes(visits), suggested, why_none, unknown)


def ground_of(practitioners: Sequence[Practitioner], visits: Iterable[PlannedVisit]) -> Ground | None:
    """Bases and places as the engine knows them; speed, detour and median drive are those of her first program."""
    places: dict[int, Place | None] = {}
    base, first = None, None
    by_program = {one.program_id: one for one in practitioners}
    units = {one.unit_id: one.unit for one in visits}
    for program_id, practitioner in by_program.items():
        case = _case(practitioner)
        if case is None:
            return None
        first = first or case
        keys = {unit.code: key for key, unit in units.items() if unit.program_id == program_id}
        places |= {keys[unit.stated_id]: unit.place for unit in case.units if unit.stated_id in keys}
        if base is None and case.has_practitioner(practitioner.code):
            base = case.practitioner(practitioner.code).base
    return Ground(base, places, first.unknown_place_drive, first.minutes_per_km) if first else None


def _case(practitioner: Practitioner) -> Case | None:
    try:
        return case_of(practitioner.program)
    except CaseError:
        return None


def suggestion(visits: Sequence[PlannedVisit], ground: Ground) -> tuple[Suggested | None, str]:
    """A shorter order of what is still planned, after what is recorded already; else why there is none.

    Also an order that is no shorter, where the agreed times do not stand in their order now.
    """
    recorded = [one for one in visits if one.state != "planned"]
    stops = _stops([one for one in visits if one.state == "planned"], ground)
    if len(stops) > MOST_STOPS:
        return None, "too_many"
    order = _ordered(stops, ground) if len(stops) > 1 else stops
    if order is None:
        return None, "agreed_times"
    found = (*recorded, *(visit for stop in order for visit in stop))
    now, then = ground.travel_minutes(visits), ground.travel_minutes(found)
    keeps_times = _keeps_times(visits)
    if found == tuple(visits) or (now - then < LEAST_SAVED and keeps_times):
        return None, ""
    return Suggested(found, then, now - then), ""


def _stops(visits: Iterable[PlannedVisit], ground: Ground) -> list[list[PlannedVisit]]:
    """Visits at one place go together, in their turn; one with an agreed time stands alone."""
    stops: dict[object, list[PlannedVisit]] = {}
    for one in visits:
        place = ground.places.get(one.unit_id)
        where: object = one.pk if one.at is not None else one.unit_id if place is None else (place.lat, place.lon)
        stops.setdefault((one.at is not None, where), []).append(one)
    return list(stops.values())


def _ordered(stops: list[list[PlannedVisit]], ground: Ground) -> list[list[PlannedVisit]] | None:
    from evenload.planning.optimise.day_order import Stop, shortest_order  # imported late: compiled code, and a solver

    heads = [None, *(stop[0] for stop in stops)]
    travel = [[ground.between(a, b) if a is not b else 0 for b in heads] for a in heads]
    wanted = [Stop(sum(one.minutes for one in stop), _minute(stop[0])) for stop in stops]
    order = shortest_order(travel, wanted)
    return None if order is None else [stops[number] for number in order]


def _minute(visit: PlannedVisit) -> int | None:
    return None if visit.at is None else 60 * visit.at.hour + visit.at.minute


def _keeps_times(visits: Iterable[PlannedVisit]) -> bool:
    """Whether the agreed times stand in the order of the day."""
    times = [one.at for one in visits if one.at is not None]
    return times == sorted(times)


def use_order(practitioners: Sequence[Practitioner], on: date, keys: Sequence[int], *, by: Person, at: datetime) -> tuple[int, ...]:
    """Gives the day's visits these turns, first to last; the keys in the order of before, for an undo.

    Refused `week_changed` where the day holds other visits by now.
    """
    with transaction.atomic():
        held = list(_day_rows(practitioners, on))
        before = tuple(one.pk for one in held)
        if sorted(keys) != sorted(before):
            raise Refused("week_changed")
        turns = {key: number for number, key in enumerate(keys, start=1)}
        moved = [one for one in held if one.turn != turns[one.pk]]
        for one in moved:
            PlannedVisit.objects.filter(pk=one.pk).update(turn=turns[one.pk], sequence=F("sequence") + 1)
        if moved:
            first = practitioners[0]
            journal.record(by, "week.order", at=at, program=first.program, subject=first, clients=[one.unit.code for one in moved], day=on)
    return before


def _day_rows(practitioners: Sequence[Practitioner], on: date) -> Iterable[PlannedVisit]:
    """What `planned_visits.of_week` shows of that day, held until the end of the transaction."""
    shown = {one.pk for person in practitioners for one in planned_visits.of_day(person, on)}
    rows = PlannedVisit.objects.select_for_update(of=("self",)).filter(pk__in=shown).select_related("unit")
    return rows.order_by("turn", "pk")
