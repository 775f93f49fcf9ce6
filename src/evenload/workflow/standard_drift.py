"""Time standards that departed from what visits take: those who plan the program are told once in its period, standard by standard."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from evenload.records.models import Notice, Program, RecordedVisit, TimeStandard
from evenload.workflow import notices
from evenload.workflow.time_standards import lines_of


def tell_due(*, today: date, at: datetime) -> int:
    """Look at every program with visits; tell what departs and was not told yet. Returns how many standards that were."""
    programs = Program.objects.filter(pk__in=RecordedVisit.objects.values("program"))
    return sum(_tell(program, today, at) for program in programs)


def _tell(program: Program, today: date, at: datetime) -> int:
    departing = {_once(line.standard): line.standard for line in lines_of(program, today=today) if line.departing}
    known = Notice.objects.filter(program=program, event="standard_drifted", once__in=list(departing)).values_list("once", flat=True)
    new = {once: departing[once] for once in departing.keys() - set(known)}
    if not new:
        return 0
    with transaction.atomic():
        planners = notices.planners_of(program)
        for once, standard in sorted(new.items()):
            address = f"/programs/{program.code}/standards/{standard.pk}"
            values = {"program": program.name_en, "discipline": standard.discipline}
            notices.tell(planners, "standard_drifted", at=at, program=program, address=address, values=values, once=once)
    return len(new)


def _once(standard: TimeStandard) -> str:
    """One standard in one period of its program: a drift is told once in it."""
    return f"drift {standard.pk} {standard.program.period_start.isoformat()}"
