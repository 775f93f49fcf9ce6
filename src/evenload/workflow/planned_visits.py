"""A practitioner's planned visits: the week made from the units that she holds, and changed by her as she likes.

The same facts make the same week. Planning a week again adds what is missing and touches nothing that stands: what she moved, dropped or
recorded stays as she left it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.timezone import localdate

from evenload.planning.codes import DAYS
from evenload.records.access import Person
from evenload.records.barred import barred_clients_of, barred_units
from evenload.records.models import Assignment, PlannedVisit, Practitioner, RecordedVisit, Referral, Unit
from evenload.workflow import journal, leave
from evenload.workflow.own_caseload import Held, held_units, units_of
from evenload.workflow.refused import Refused
from evenload.workflow.states import PLANNED_VISIT, step
from evenload.workflow.visits_needed import at_pace, clients_of_session, due_in_week, minutes_by_standard, pace_of

WEEK_DAYS: Final = ("mon", "tue", "wed", "thu", "fri")
"""worked where nobody stated the days"""
MOST_MINUTES: Final = 720
MOST_WEEKS_AHEAD: Final = 26


@dataclass(frozen=True, slots=True)
class Due:
    """Visits of one unit that a week still lacks: how many, of how many minutes each, and the days on which they can be."""

    held: Held
    visits: int
    minutes: int
    days: tuple[date, ...]


@dataclass(slots=True)
class _Week:
    """The week as it fills: minutes, sites and places taken on each day."""

    minutes: Counter[date] = field(default_factory=Counter)
    sites: dict[date, set[int | None]] = field(default_factory=lambda: defaultdict(set))
    units: dict[date, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    turns: Counter[date] = field(default_factory=Counter)

    def put(self, on: date, unit: Unit, minutes: int) -> None:
        """One more visit on that day."""
        self.minutes[on] += minutes
        self.units[on][unit.pk] += 1
        self.turns[on] += 1
        if unit.site_id is not None:
            self.sites[on].add(unit.site_id)

    def best(self, days: Iterable[date], unit: Unit, limits: dict[date, int]) -> date:
        """A day on which the unit is not seen yet, then one that has room, then one at the same site, then the emptiest, then the first."""

        def cost(on: date) -> tuple[int, int, int, date]:
            is_beyond = self.minutes[on] >= limits[on]
            return int(is_beyond), self.units[on][unit.pk], self.minutes[on] - (10_000 if unit.site_id in self.sites[on] else 0), on

        return min(days, key=cost)


def of_week(practitioner: Practitioner, monday: date) -> list[PlannedVisit]:
    """Her visits of a week, planned and recorded, day by day in their turn. What a client barred since is left out."""
    return between(practitioner, monday, monday + timedelta(days=6))


def between(practitioner: Practitioner, first: date, last: date) -> list[PlannedVisit]:
    """Her visits from a day to a day, both included; what is planned of a unit that she has no more, closed or on hold, is left out."""
    rows = _rows(practitioner).filter(on__gte=first, on__lte=last).exclude(state="dropped")
    rows = rows.filter(Q(state="recorded") | _still_due(practitioner))
    barring = barred_clients_of([practitioner])
    return list(rows.exclude(unit__in=barred_units(practitioner)).exclude(referral__client__in=barring))


def of_day(practitioner: Practitioner, day: date) -> list[PlannedVisit]:
    """Her visits of one day, in their turn."""
    return between(practitioner, day, day)


def _still_due(practitioner: Practitioner) -> Q:
    hers = Q(practitioner=practitioner) | Q(cover=practitioner)
    held = Assignment.objects.filter(hers, Q(ends_on__isnull=True) | Q(ends_on__gt=OuterRef("on")), unit=OuterRef("unit"))
    resting = Referral.objects.filter(unit=OuterRef("unit"), unit__kind="client", state="on_hold")
    return Q(Exists(held)) & ~Q(Exists(resting)) & Q(unit__closed_on__isnull=True)


def plan_week(practitioner: Practitioner, monday: date, *, by: Person, at: datetime) -> list[PlannedVisit]:
    """Plan what the week still lacks; the visits made. Days that are past, and days on which she is away, get none.

    Refused `week_not_monday`, `week_too_far` {weeks}.
    """
    _refuse_week(monday, at)
    with transaction.atomic():
        held = Practitioner.objects.select_for_update(of=("self",)).select_related("program").get(pk=practitioner.pk)
        week, made = _filled(held, monday), []
        limits = _limits(held, monday)
        for one in due(held, monday, today=localdate(at)):
            for _ in range(one.visits if one.days else 0):
                on = week.best(one.days, one.held.unit, limits)
                made.append(PlannedVisit(practitioner=held, unit=one.held.unit, on=on, turn=week.turns[on] + 1, minutes=one.minutes))
                week.put(on, one.held.unit, one.minutes)
        PlannedVisit.objects.bulk_create(made)
        journal.record(by, "week.plan", at=at, program=held.program, subject=held, clients=[one.unit.code for one in made], monday=monday)
    return made


def due(practitioner: Practitioner, monday: date, *, today: date) -> list[Due]:
    """What a week still lacks, unit by unit; without days where none of those left suits. Nothing is due in a week that is over for her.

    A number of queries that does not grow.
    """
    program, sunday = practitioner.program, monday + timedelta(days=6)
    on_hold = set(Referral.objects.filter(unit__program=program, unit__kind="client", state="on_hold").values_list("unit_id", flat=True))
    base = min(monday, monday_of(today))
    minutes, standing, given = minutes_by_standard(program), _standing(practitioner, monday), _given(practitioner, base)
    free = [day for day, limit in _limits(practitioner, monday).items() if limit > 0 and day >= today]
    found: list[Due] = []
    for one in held_units(practitioner, to=sunday) if free else ():
        if one.unit.pk in on_hold:
            continue
        pace = pace_of(_as_of(one.unit, given[one.unit.pk]), program, base, share=one.share)
        lacking = due_in_week(one.unit, program, at_pace(pace, one.unit, program, base=base, monday=monday), monday) - standing[one.unit.pk]
        if lacking > 0:
            direct = min(MOST_MINUTES, minutes[one.unit.time_standard_id][0])
            found.append(Due(one, lacking, direct, tuple(day for day in free if _suits(one, day))))
    return sorted(found, key=lambda one: (len(one.days), one.held.unit.site_id or 0, one.held.unit.position, one.held.unit.pk))


def add(practitioner: Practitioner, unit: Unit, *, on: date, by: Person, at: datetime, referral: Referral | None = None) -> PlannedVisit:
    """One more visit, on a day that she names. Refused `visit_not_hers`, `planned_in_past`, `week_too_far` {weeks}."""
    _refuse_day(on, at)
    with transaction.atomic():
        if not units_of(practitioner).filter(pk=unit.pk).exists():
            raise Refused("visit_not_hers")
        turn = PlannedVisit.objects.filter(practitioner=practitioner, on=on).count() + 1
        minutes = min(MOST_MINUTES, minutes_by_standard(practitioner.program)[unit.time_standard_id][0])
        made = PlannedVisit.objects.create(practitioner=practitioner, unit=unit, referral=referral, on=on, turn=turn, minutes=minutes)
        _write(made, "plan", by=by, at=at)
    return made


def move(planned: PlannedVisit, *, on: date, by: Person, at: datetime) -> PlannedVisit:
    """Another day; a time that was agreed for the old day is forgotten. Refused `planned_in_past`, `week_too_far`, `planned_changed`."""
    _refuse_day(on, at)
    turn = PlannedVisit.objects.filter(practitioner=planned.practitioner, on=on).count() + 1
    return _changed(planned, "plan", by=by, at=at, on=on, turn=turn, at_time=None)


def set_time(planned: PlannedVisit, when: time | None, *, by: Person, at: datetime) -> PlannedVisit:
    """The time of day that was agreed; None takes it away. Refused `planned_changed`."""
    return _changed(planned, "plan", by=by, at=at, at_time=when)


def drop(planned: PlannedVisit, *, by: Person, at: datetime) -> PlannedVisit:
    """Not this week: the visit is not planned any more, and planning the week again does not bring it back. Refused `planned_changed`."""
    with transaction.atomic():
        if not step(PlannedVisit.objects.filter(pk=planned.pk), PLANNED_VISIT, "planned", "dropped", sequence=F("sequence") + 1):
            raise Refused("planned_changed")
        _write(planned, "drop", by=by, at=at)
    planned.refresh_from_db()
    return planned


def monday_of(day: date) -> date:
    """First day of the day's week."""
    return day - timedelta(days=day.weekday())


def _rows(practitioner: Practitioner) -> QuerySet[PlannedVisit]:
    rows = PlannedVisit.objects.filter(practitioner=practitioner).order_by("on", "turn", "pk")
    return rows.select_related("unit__site", "unit__time_standard", "referral__client", "recorded")


def _changed(planned: PlannedVisit, action: str, *, by: Person, at: datetime, **changes: Any) -> PlannedVisit:
    if "at_time" in changes:
        changes["at"] = changes.pop("at_time")
    with transaction.atomic():
        rows = PlannedVisit.objects.filter(pk=planned.pk, state="planned")
        if not rows.update(sequence=F("sequence") + 1, **changes):
            raise Refused("planned_changed")
        _write(planned, action, by=by, at=at)
    planned.refresh_from_db()
    return planned


def _write(planned: PlannedVisit, action: str, *, by: Person, at: datetime) -> None:
    program, codes = planned.practitioner.program, [planned.unit.code]
    journal.record(by, f"visit.{action}", at=at, program=program, subject=("plannedvisit", planned.pk), clients=codes)


def _filled(practitioner: Practitioner, monday: date) -> _Week:
    """The week as it stands; what is closed or on hold takes no room."""
    week = _Week()
    for one in of_week(practitioner, monday):
        week.put(one.on, one.unit, one.minutes)
    return week


def _limits(practitioner: Practitioner, monday: date) -> dict[date, int]:
    """Minutes of work on each day of the week: her hours over her days, less what she is away; 0 on days that are none of hers."""
    days = practitioner.days or WEEK_DAYS
    daily = int(practitioner.weekly_hours * 60 / Decimal(len(days)))
    away = leave.days_away(practitioner, monday, monday + timedelta(days=6))
    limits = {}
    for number in range(7):
        on = monday + timedelta(days=number)
        there = (practitioner.from_date or on) <= on <= (practitioner.to_date or on)
        gone = away.get(on, 0)
        limits[on] = max(0, daily - (daily if gone is None else int(gone))) if there and DAYS[number] in days else 0
    return limits


def _suits(held: Held, day: date) -> bool:
    begins = max((start for start in (held.since, held.unit.from_date) if start), default=day)
    return begins <= day and (not held.unit.days or DAYS[day.weekday()] in held.unit.days)


def _standing(practitioner: Practitioner, monday: date) -> Counter[int]:
    """Unit → visits of that week that are planned, recorded or dropped already, unplanned ones that were recorded included."""
    days = {"on__gte": monday, "on__lt": monday + timedelta(days=7)}
    planned = PlannedVisit.objects.filter(practitioner=practitioner, **days).values_list("unit_id", flat=True)
    others = RecordedVisit.objects.filter(practitioner=practitioner, planned__isnull=True, outcome="done", **days)
    return Counter([*planned, *others.exclude(unit=None).values_list("unit_id", flat=True)])


def _given(practitioner: Practitioner, monday: date) -> Counter[int]:
    """Unit → visits given since that Monday: the week was due before they were given."""
    done = RecordedVisit.objects.filter(practitioner=practitioner, outcome="done", on__gte=monday, recorded_at__isnull=False)
    return Counter(done.exclude(unit=None).values_list("unit_id", flat=True))


def _as_of(unit: Unit, given: int) -> Unit:
    """The unit with the visits used before that Monday."""
    if unit.visits_used is not None and given:
        unit.visits_used = max(Decimal(0), unit.visits_used - given * clients_of_session(unit))
    return unit


def _refuse_week(monday: date, at: datetime) -> None:
    if monday.weekday() != 0:
        raise Refused("week_not_monday")
    if monday > localdate(at) + timedelta(weeks=MOST_WEEKS_AHEAD):
        raise Refused("week_too_far", weeks=MOST_WEEKS_AHEAD)


def _refuse_day(on: date, at: datetime) -> None:
    if on < localdate(at):
        raise Refused("planned_in_past")
    if on > localdate(at) + timedelta(weeks=MOST_WEEKS_AHEAD):
        raise Refused("week_too_far", weeks=MOST_WEEKS_AHEAD)
