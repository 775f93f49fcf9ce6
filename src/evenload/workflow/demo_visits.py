"""Visits of the demonstration: those of the period so far, as many as each unit has used, and the week of those who sign in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from django.db.models import Min

from evenload.planning.codes import DAYS
from evenload.records.access import Person, person_of
from evenload.records.models import Allotment, Assignment, PlannedVisit, Practitioner, Program, RecordedVisit, Referral, Unit
from evenload.workflow import planned_visits, visits
from evenload.workflow.demo_cast import PRACTITIONER
from evenload.workflow.visits_needed import clients_of_session

if TYPE_CHECKING:
    from evenload.workflow.demo import Scene

BATCH: Final = 500
LENGTHS: Final = (Decimal("0.90"), Decimal("1.00"), Decimal("1.10"), Decimal("0.95"), Decimal("1.05"))
"""shares of the judged minutes that visits really took, in turn; 1 on the whole"""
MISSED: Final = 17
"""beside one visit in so many, one did not take place"""
STILL_UNSEEN: Final = 8
"""of so many clients who are new to somebody one was not seen yet"""
NEVER_SEEN: Final = 23
"""one client in so many was seen for the last time early in the period"""
EVENING: Final = time(16, 30)
ZONE: Final = ZoneInfo("America/Toronto")
WEEKS_PLANNED: Final = 2
CANCELLED: Final = 9
"""of so many visits of this week one was cancelled"""


def record_the_period(scene: Scene) -> None:
    """Every visit that the lists say was used, on the day and by the practitioner who made it; and first visits of referrals."""
    for program in scene.programs.values():
        last = scene.days.day(days=3)
        units = list(program.units.filter(visits_used__gt=0).select_related("time_standard"))
        held = _holders(program)
        only = _only_referrals(program)
        rows = [row for unit in units for row in _of_unit(unit, held.get(unit.pk, []), only.get(unit.pk), (program.period_start, last))]
        RecordedVisit.objects.bulk_create([*rows, *_first_seen(program, held, only, scene.days.day(days=3))], batch_size=BATCH)
        _date_first_visits(program)


def _first_seen(program: Program, held: dict[int, list[Assignment]], only: dict[int, Referral], last: date) -> list[RecordedVisit]:
    """Most clients who were given to somebody in the first edition have been seen once since; the lists do not know it yet."""
    new = program.units.filter(pk__in=only, visits_used=0, visits_allotted__gte=1).select_related("time_standard").order_by("pk")
    begun = {unit.pk: one for unit in new for one in held.get(unit.pk, []) if one.starts_on and one.ends_on is None}
    seen = [unit for unit in new if unit.pk in begun and unit.pk % STILL_UNSEEN]
    rows, allotments = [], []
    for unit in seen:
        one = begun[unit.pk]
        on = min((one.starts_on or last) + timedelta(days=3 + unit.pk % 10), last)
        allotment = next(iter(only[unit.pk].allotments.all()), None)
        rows.append(_visit(unit, one.practitioner, _working_day(one.practitioner, on, last), "done", Decimal(1), only[unit.pk], allotment))
        unit.visits_used = Decimal(1)
        if allotment is not None:
            allotment.used_visits = 1
            allotments.append(allotment)
    program.units.bulk_update(seen, ["visits_used"], batch_size=BATCH)
    Allotment.objects.bulk_update(allotments, ["used_visits"], batch_size=BATCH)
    return rows


def _holders(program: Program) -> dict[int, list[Assignment]]:
    found: dict[int, list[Assignment]] = defaultdict(list)
    rows = Assignment.objects.filter(unit__program=program).select_related("practitioner__account").order_by("pk")
    for one in rows:
        found[one.unit_id].append(one)
    return found


def _only_referrals(program: Program) -> dict[int, Referral]:
    """Unit of one client → her referral."""
    rows = Referral.objects.filter(unit__program=program, unit__kind="client").prefetch_related("allotments")
    return {one.unit_id: one for one in rows if one.unit_id is not None}


def _of_unit(unit: Unit, held: list[Assignment], referral: Referral | None, days: tuple[date, date]) -> Iterator[RecordedVisit]:
    """Sessions spread over the weeks so far, on working days of whoever had the unit then; some others were missed."""
    first, last = days
    if unit.pk % NEVER_SEEN == 0:
        last = first + timedelta(weeks=2)
    elif referral is not None:
        first = max(first, min(referral.received_on, last))
    sessions = max(1, int((unit.visits_used or Decimal(0)) / clients_of_session(unit)))
    span = (last - first).days + 1
    allotment = next(iter(referral.allotments.all()), None) if referral else None
    for number in range(sessions):
        on = first + timedelta(days=int(span * (number + Decimal(unit.pk % 10) / 10) / sessions))
        who = _had_it(held, on, number)
        if who is None:
            continue
        yield _visit(unit, who, _working_day(who, on, last), "done", LENGTHS[(unit.pk + number) % len(LENGTHS)], referral, allotment)
        if (unit.pk + number) % MISSED == 0:
            outcome = "no_show" if (unit.pk + number) % 2 else "cancelled"
            yield _visit(unit, who, _working_day(who, on - timedelta(days=1), last), outcome, Decimal(0), referral, None)


def _had_it(held: Iterable[Assignment], on: date, number: int) -> Practitioner | None:
    """Who had the unit, or one of its blocks in turn, on that day; before anything was published, who has had it since."""
    there = [one for one in held if (one.starts_on is None or one.starts_on <= on) and (one.ends_on is None or on < one.ends_on)]
    rows = there or list(held)[:1]
    return rows[number % len(rows)].practitioner if rows else None


def _working_day(who: Practitioner, on: date, last: date) -> date:
    """That day, or the last working day of hers before it."""
    days = who.days or DAYS[:5]
    on = min(on, last)
    while DAYS[on.weekday()] not in days:
        on -= timedelta(days=1)
    return on


def _visit(
    unit: Unit, who: Practitioner, on: date, outcome: str, length: Decimal, referral: Referral | None, allotment: Allotment | None
) -> RecordedVisit:
    standard = unit.time_standard
    return RecordedVisit(
        program_id=unit.program_id,
        on=on,
        time_standard=standard,
        practitioner=who,
        unit=unit,
        direct_minutes=round(standard.direct_minutes * length),
        indirect_minutes=round(standard.indirect_minutes * length) if outcome == "done" else None,
        outcome=outcome,
        reason="client_ill" if outcome == "cancelled" else "",
        referral=referral,
        allotment=allotment,
        recorded_by=who.account,
        recorded_at=datetime.combine(on, EVENING, ZONE),
    )


def _date_first_visits(program: Program) -> None:
    """Referrals that were seen in the period say since when."""
    seen = RecordedVisit.objects.filter(program=program, referral__isnull=False, outcome="done").order_by()
    firsts = dict(seen.values("referral").annotate(first=Min("on")).values_list("referral", "first"))
    rows = list(Referral.objects.filter(pk__in=firsts, first_visit_on__isnull=True))
    for one in rows:
        one.first_visit_on = firsts[one.pk]
    Referral.objects.bulk_update(rows, ["first_visit_on"], batch_size=BATCH)


def plan_and_record(scene: Scene) -> None:
    """Everybody with an account plans this week and the next on Monday morning; the one who signs in has recorded the days since."""
    monday = scene.days.monday
    people = Practitioner.objects.filter(account__isnull=False).select_related("program", "account").order_by("pk")
    for one in people:
        by = person_of(one.account, "practitioner") if one.account else None
        for week in range(WEEKS_PLANNED):
            if by is not None:
                planned_visits.plan_week(one, monday + timedelta(weeks=week), by=by, at=scene.days.at(minutes=-60))
    own = people.filter(account=scene.people[PRACTITIONER.username].account).first()
    if own is not None:
        _record_days(own, scene.people[PRACTITIONER.username], monday, until=scene.days.as_of)


def _record_days(own: Practitioner, by: Person, monday: date, *, until: date) -> None:
    """Her planned visits before `until`, each recorded in the evening of its day."""
    rows = PlannedVisit.objects.filter(practitioner=own, on__gte=monday, on__lt=until, state="planned")
    for number, planned in enumerate(rows.select_related("unit__program", "unit__time_standard", "referral")):
        is_cancelled = number % CANCELLED == CANCELLED - 1
        visits.record(
            own,
            planned.unit,
            on=planned.on,
            outcome="cancelled" if is_cancelled else "done",
            reason="client_ill" if is_cancelled else "",
            minutes=0 if is_cancelled else planned.minutes,
            by=by,
            at=datetime.combine(planned.on, EVENING, ZONE) + timedelta(minutes=number),
            planned=planned,
        )
