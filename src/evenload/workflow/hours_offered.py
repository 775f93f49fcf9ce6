"""Weekly hours that a practitioner offers from a day on; a planner takes them up, or says why not."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from evenload.planning.capacity import capacities
from evenload.planning.problems import CaseError
from evenload.records.access import Person
from evenload.records.models import HoursOffered, Practitioner
from evenload.workflow import journal, notices
from evenload.workflow.leave import FARTHEST_DAYS, facts_change
from evenload.workflow.refused import Refused
from evenload.workflow.snapshot import hours_facts_of
from evenload.workflow.states import HOURS_OFFERED, step

MOST_HOURS: Final = 80
"""a week; more is a slip of the pen"""


def offer(practitioner: Practitioner, *, weekly_hours: Decimal, from_day: date, by: Person, at: datetime, note: str = "") -> HoursOffered:
    """She offers to work so many hours a week from a day on. Consequences: her planners are told; nothing else changes yet.

    Refused `hours_odd`, `hours_same`, `hours_day_past`, `hours_day_far`, `hours_open` while an earlier offer has no answer.
    """
    today = localdate(at)
    if not 0 < weekly_hours <= MOST_HOURS:
        raise Refused("hours_odd", most=MOST_HOURS)
    if weekly_hours == practitioner.weekly_hours:
        raise Refused("hours_same")
    if from_day < today:
        raise Refused("hours_day_past")
    if (from_day - today).days > FARTHEST_DAYS:
        raise Refused("hours_day_far")
    try:
        with transaction.atomic():
            made = HoursOffered.objects.create(
                practitioner=practitioner, weekly_hours=weekly_hours, from_day=from_day, note=note.strip()[:200], offered_at=at
            )
            _tell_planners(made, at)
            journal.record(
                by, "hours.offer", at=at, program=practitioner.program, subject=practitioner, hours=weekly_hours, from_day=from_day
            )
    except IntegrityError as error:
        raise Refused("hours_open") from error
    return made


def withdraw(offered: HoursOffered, *, by: Person, at: datetime) -> None:
    """She takes her offer back. Refused `hours_answered` where it has an answer already."""
    with transaction.atomic():
        _tell_planners(_step(offered, "withdrawn", at=at), at, answer="withdrawn")
        journal.record(by, "hours.withdraw", at=at, program=offered.practitioner.program, subject=offered.practitioner)


def take(offered: HoursOffered, *, by: Person, at: datetime) -> HoursOffered:
    """A planner takes the hours up: from today on where the day has come, else when it comes (`apply_due`).

    Consequences: capacity changes with the hours; she is told. Refused `hours_answered`; `hours_contradict` (problem code)
    where her duties and absences would leave nothing of them.
    """
    with transaction.atomic():
        held = _step(offered, "taken", at=at, answered_by=by.account)
        _refuse_contradiction(held)
        if held.from_day <= localdate(at):
            _apply(held, at)
        _tell_her(held, at)
        one = held.practitioner
        journal.record(by, "hours.take", at=at, program=one.program, subject=one, hours=held.weekly_hours, from_day=held.from_day)
    return held


def decline(offered: HoursOffered, *, answer: str, by: Person, at: datetime) -> HoursOffered:
    """A planner says why not; she is told, and may offer again. Refused `hours_word_missing`, `hours_answered`."""
    if not answer.strip():
        raise Refused("hours_word_missing")
    with transaction.atomic():
        held = _step(offered, "declined", at=at, answered_by=by.account, answer=answer.strip()[:200])
        _tell_her(held, at)
        journal.record(by, "hours.decline", at=at, program=held.practitioner.program, subject=held.practitioner)
    return held


def apply_due(*, today: date, at: datetime) -> int:
    """Hours that were taken up and whose day has come become her weekly hours, each once. How many did."""
    due = HoursOffered.objects.filter(state="taken", applied_at=None, from_day__lte=today).order_by("from_day", "pk")
    count = 0
    for offered in due.select_related("practitioner__program"):
        with transaction.atomic():
            if _apply(offered, at):
                one = offered.practitioner
                journal.record(None, "hours.apply", at=at, program=one.program, subject=one, hours=offered.weekly_hours)
                count += 1
    return count


def _apply(offered: HoursOffered, at: datetime) -> bool:
    """Guarded: only the one who sets `applied_at` changes the hours."""
    if not HoursOffered.objects.filter(pk=offered.pk, state="taken", applied_at=None).update(applied_at=at):
        return False
    Practitioner.objects.filter(pk=offered.practitioner_id).update(weekly_hours=offered.weekly_hours)
    offered.applied_at = at
    facts_change(offered.practitioner)
    return True


def _step(offered: HoursOffered, after: str, *, at: datetime, **changes: object) -> HoursOffered:
    rows = HoursOffered.objects.filter(pk=offered.pk)
    if not step(rows, HOURS_OFFERED, "offered", after, answered_at=at, **changes):
        raise Refused("hours_answered")
    return rows.select_related("practitioner__program", "practitioner__account", "answered_by").get()


def _refuse_contradiction(offered: HoursOffered) -> None:
    """Whether her hours would still hold her duties and absences: asked with the hours in place, which are taken back again."""
    one = offered.practitioner
    facts = hours_facts_of(one.program, {one.code: offered.weekly_hours})
    try:
        capacities(facts)
    except CaseError as error:
        hers = [problem for problem in error.problems if problem.where.item == one.code]
        if hers:
            raise Refused("hours_contradict", problem=hers[0].code) from error


def _tell_planners(made: HoursOffered, at: datetime, answer: str = "") -> None:
    program = made.practitioner.program
    values = {"practitioner": str(made.practitioner), "number": str(made.weekly_hours), "day": made.from_day.isoformat()}
    values |= {"answer": answer} if answer else {}
    notices.tell(
        notices.planners_of(program), "hours_offered", at=at, program=program, address=f"/programs/{program.code}/team", values=values
    )


def _tell_her(held: HoursOffered, at: datetime) -> None:
    one = held.practitioner
    values = {"answer": held.state, "number": str(held.weekly_hours), "day": held.from_day.isoformat()}
    notices.tell(notices.account_of(one), "hours_answered", at=at, program=one.program, address="/leave", values=values)
