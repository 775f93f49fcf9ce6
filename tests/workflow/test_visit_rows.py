"""Past visits as planning reads them: added up, kept, and the same as one by one, whatever came or went since."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cast import NOW, Cast
from evenload.exchange.rows import VisitRow
from evenload.records.models import Program, RecordedVisit
from evenload.workflow.visit_rows import grouped_visit_rows, visit_rows

pytestmark = [pytest.mark.both, pytest.mark.django_db(transaction=True)]
TODAY = NOW.date()


def seen(program: Program, minutes: int, *, ago: int, outcome: str = "done") -> RecordedVisit:
    standard = program.time_standards.order_by("pk")[0]
    on = TODAY - timedelta(days=ago)
    return RecordedVisit.objects.create(program=program, time_standard=standard, on=on, direct_minutes=minutes, outcome=outcome)


def added_up(program: Program) -> dict[VisitRow, tuple[int, object]]:
    """The rows one by one, added up by plain loops: row without its day → how often, and the last day."""
    found: dict[VisitRow, tuple[int, object]] = {}
    for row in visit_rows(program):
        key = replace(row, on=TODAY, practitioner=None, unit=None)
        often, last = found.get(key, (0, row.on))
        found[key] = often + 1, max(last, row.on)
    return found


def grouped(program: Program) -> dict[VisitRow, tuple[int, object]]:
    return {replace(row, on=TODAY, times=1): (row.times, row.on) for row in grouped_visit_rows(program)}


def test_what_came_and_went_since_counts_as_if_all_were_added_up_anew(everybody: Cast) -> None:
    program = everybody.program_a
    first = [seen(program, minutes, ago=ago) for minutes, ago in ((45, 30), (45, 20), (60, 10))]
    assert grouped(program) == added_up(program)
    seen(program, 45, ago=40)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert grouped(program) != {}
    assert any('"records_recordedvisit"."id" > ' in query["sql"] for query in asked.captured_queries)
    assert grouped(program) == added_up(program)
    first[1].delete()
    assert grouped(program) == added_up(program)
    first[0].delete()
    seen(program, 75, ago=5, outcome="no_show")
    assert grouped(program) == added_up(program)
    assert grouped(everybody.program_b) == added_up(everybody.program_b)
