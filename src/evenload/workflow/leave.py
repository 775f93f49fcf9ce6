"""Leave: days on which somebody does not work, or works fewer hours. She says so herself, or her manager does; planners have seen it or not.

What is told counts at once: the program's capacity and the hours of those very weeks fall (planning.days_away).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Final

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.timezone import localdate

from evenload.planning.case import round_half_up
from evenload.planning.days_away import day_hours, works_on
from evenload.planning.days_away import days_away as days_taken
from evenload.records.access import Person
from evenload.records.models import Assignment, Leave, Practitioner, Program
from evenload.records.models.weeks import LEAVE_KINDS
from evenload.workflow import journal, notices
from evenload.workflow.absence_rows import Working, dated, leave_row, listed_rows, stated
from evenload.workflow.refused import Refused
from evenload.workflow.states import LEAVE, step

LONGEST_DAYS: Final = 732
"""one leave; a longer one is told in parts"""
FARTHEST_DAYS: Final = 1096
"""how far a day may lie from today: further away it is a slip of the pen"""


def tell(
    practitioner: Practitioner,
    *,
    first_day: date,
    last_day: date,
    kind: str,
    by: Person,
    at: datetime,
    hours_per_day: Decimal | None = None,
) -> Leave:
    """Leave from a day to a day, both included; `hours_per_day` where she works the rest of those days.

    Consequences: capacity and the hours of those weeks fall in every page and plan; a planner's own word counts as seen.
    Refused `leave_kind_unknown`, `leave_days_reversed`, `leave_too_long`, `leave_too_far`, `leave_hours_odd`,
    `leave_no_working_day`, and `leave_overlaps` (first_day, last_day of the leave that is there).
    """
    _refuse_odd(practitioner, (first_day, last_day), kind, hours_per_day, today=localdate(at))
    is_hers = by.is_practitioner
    with transaction.atomic():
        held = Practitioner.objects.select_for_update().get(pk=practitioner.pk)
        there = told_leaves(held).filter(first_day__lte=last_day, last_day__gte=first_day).first()
        if there is not None:
            raise Refused("leave_overlaps", first_day=there.first_day, last_day=there.last_day)
        made = Leave.objects.create(
            practitioner=held,
            first_day=first_day,
            last_day=last_day,
            kind=kind,
            hours_per_day=hours_per_day,
            told_by=by.account,
            told_at=at,
            seen_by=None if is_hers else by.account,
            seen_at=None if is_hers else at,
        )
        facts_change(held)
        if is_hers:
            _tell_planners(made, at)
        journal.record(by, "leave.tell", at=at, program=held.program, subject=held, first_day=first_day, last_day=last_day)
    return made


def _tell_planners(made: Leave, at: datetime, answer: str = "") -> None:
    program = made.practitioner.program
    values: dict[str, object] = {
        "practitioner": str(made.practitioner),
        "day": made.first_day.isoformat(),
        "until": made.last_day.isoformat(),
    }
    uncovered = Assignment.objects.filter(practitioner=made.practitioner, ends_on__isnull=True, cover__isnull=True).count()
    values |= {"answer": answer} if answer else {"n": uncovered}
    address = f"/programs/{program.code}/team"
    notices.tell(notices.planners_of(program), "leave_told", at=at, program=program, address=address, values=values)


def _refuse_odd(practitioner: Practitioner, days: tuple[date, date], kind: str, hours: Decimal | None, *, today: date) -> None:
    first, last = days
    if kind not in LEAVE_KINDS:
        raise Refused("leave_kind_unknown")
    if last < first:
        raise Refused("leave_days_reversed")
    if (last - first).days >= LONGEST_DAYS:
        raise Refused("leave_too_long", days=LONGEST_DAYS)
    if abs((first - today).days) > FARTHEST_DAYS:
        raise Refused("leave_too_far")
    if hours is not None and not 0 < hours <= 24:
        raise Refused("leave_hours_odd")
    person = Working.of(practitioner)
    if not any(works_on(person, first + timedelta(days=number)) for number in range((last - first).days + 1)):
        raise Refused("leave_no_working_day")


def cancel(leave: Leave, *, by: Person, at: datetime) -> None:
    """Take a leave back: her hours are what they were. Refused `leave_cancelled` where it was already."""
    with transaction.atomic():
        if not step(Leave.objects.filter(pk=leave.pk), LEAVE, "told", "cancelled"):
            raise Refused("leave_cancelled")
        facts_change(leave.practitioner)
        one = leave.practitioner
        if by.is_practitioner:
            _tell_planners(leave, at, answer="cancelled")
        journal.record(by, "leave.cancel", at=at, program=one.program, subject=one, first_day=leave.first_day, last_day=leave.last_day)


def mark_seen(leave: Leave, *, by: Person, at: datetime) -> bool:
    """A planner has seen it and thought of who covers. False where somebody had already."""
    with transaction.atomic():
        if not Leave.objects.filter(pk=leave.pk, state="told", seen_at=None).update(seen_by=by.account, seen_at=at):
            return False
        journal.record(by, "leave.seen", at=at, program=leave.practitioner.program, subject=leave.practitioner)
    return True


def facts_change(practitioner: Practitioner) -> None:
    """Her hours changed: everything counted from the program's facts is counted again."""
    Program.objects.filter(pk=practitioner.program_id).update(facts_version=F("facts_version") + 1)


def told_leaves(practitioner: Practitioner) -> QuerySet[Leave]:
    """Her leaves that hold, earliest first."""
    return Leave.objects.filter(practitioner=practitioner, state="told").order_by("first_day", "pk")


def days_away(practitioner: Practitioner, first: date, last: date) -> dict[date, int | None]:
    """Her working days from `first` to `last` on which she is away: minutes of the day, None for the whole of it.

    Leave that was told, and dated absences of the organisation's own list.
    """
    person = Working.of(practitioner)
    leaves = told_leaves(practitioner).filter(first_day__lte=last, last_day__gte=first).select_related("practitioner")
    listed = dated(listed_rows(practitioner.program), practitioner.code, practitioner.engagement)
    whole, found = day_hours(person), dict[date, Fraction]()
    for one in days_taken(person, [*(stated(leave_row(leave)) for leave in leaves), *listed], first, last):
        found[one.on] = found.get(one.on, Fraction(0)) + one.hours
    return {on: None if hours >= whole else round_half_up(hours * 60) for on, hours in found.items()}
