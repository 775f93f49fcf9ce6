"""Reports that are written to the shared drive by themselves: what is written when, and the due days that have come.

A due day is one row, made once however many workers look. Days that passed while no worker ran are made up for once, by the last of
them. Writing is `report_writing`'s.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet

from evenload.records.access import Person
from evenload.records.models import Program, ReportSchedule, ReportWriting
from evenload.records.models.reports import CADENCES, REPORTS
from evenload.records.models.vocabulary import LANGUAGES_OF_THE_PRODUCT
from evenload.workflow import journal
from evenload.workflow.refused import Refused

DAYS_OF_A_WEEK: Final = 7


def due_day(cadence: str, day: date) -> date:
    """The first due day of the cadence on or after the day: a Monday, the first of a month or of a quarter. KeyError: unknown."""
    return _NEXT[cadence](day)


def _monday(day: date) -> date:
    return day + timedelta(days=-day.weekday() % DAYS_OF_A_WEEK)


def _first_of(day: date, months: int) -> date:
    """The first day, on or after the day, of a stretch of so many months, counted from January."""
    number = day.year * 12 + day.month - 1
    begun = number - number % months
    first = date(begun // 12, begun % 12 + 1, 1)
    return first if first >= day else date((begun + months) // 12, (begun + months) % 12 + 1, 1)


_NEXT: Final[dict[str, Callable[[date], date]]] = {
    "weekly": _monday,
    "monthly": lambda day: _first_of(day, 1),
    "quarterly": lambda day: _first_of(day, 3),
}


def begin(program: Program, chosen: tuple[str, str, str], *, by: Person, today: date, at: datetime) -> ReportSchedule:
    """Writes a report (report, language, cadence) from its next due day on. Refused `unknown_choice`, `scheduled_already`."""
    report, language, cadence = chosen
    if report not in REPORTS or language not in LANGUAGES_OF_THE_PRODUCT or cadence not in CADENCES:
        raise Refused("unknown_choice")
    made = ReportSchedule(program=program, report=report, language=language, cadence=cadence, made_by=by.account, made_at=at)
    made.next_on = due_day(cadence, today)
    try:
        with transaction.atomic():
            made.save(force_insert=True)
            journal.record(by, "report.schedule", at=at, program=program, report=report, language=language, cadence=cadence)
    except IntegrityError as error:
        raise Refused("scheduled_already") from error
    return made


def end(schedule: ReportSchedule, *, by: Person, at: datetime) -> None:
    """Writes it no more; what was written stays. Refused `ended_already`."""
    with transaction.atomic():
        if not ReportSchedule.objects.filter(pk=schedule.pk, ended_at__isnull=True).update(ended_at=at):
            raise Refused("ended_already")
        journal.record(by, "report.schedule_end", at=at, program=schedule.program, report=schedule.report, language=schedule.language)


def make_due(*, today: date) -> int:
    """What the worker does each time it looks: the due day of every schedule whose day has come. How many are new."""
    made = 0
    for one in ReportSchedule.objects.filter(ended_at__isnull=True, next_on__lte=today).order_by("pk"):
        with transaction.atomic():
            after = due_day(one.cadence, today + timedelta(days=1))
            moved = ReportSchedule.objects.filter(pk=one.pk, next_on=one.next_on, ended_at__isnull=True).update(next_on=after)
            if moved:
                ReportWriting.objects.create(schedule=one, due_on=_last_due(one, today))
                made += 1
    return made


def _last_due(schedule: ReportSchedule, today: date) -> date:
    """The latest of its due days that have come: those before it are not made up for one by one."""
    last = schedule.next_on
    while (later := due_day(schedule.cadence, last + timedelta(days=1))) <= today:
        last = later
    return last


def newest() -> QuerySet[ReportWriting]:
    """The newest due day of every schedule that runs: an older one is not written any more."""
    newer = ReportWriting.objects.filter(schedule=OuterRef("schedule"), due_on__gt=OuterRef("due_on"))
    return ReportWriting.objects.filter(~Exists(newer), schedule__ended_at__isnull=True)
