"""Past visits as planning reads them: added up, kept, and the same as one by one, whatever came or went since."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cast import NOW, Cast
from evenload.exchange.rows import VisitRow
from evenload.records.models import KeptFigures, Program, RecordedVisit
from evenload.workflow import visit_rows as of_visits
from evenload.workflow.visit_rows import PART, days_of_classes, grouped_visit_rows, visit_rows

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


def test_a_fresh_process_finds_what_was_added_up_and_reads_only_what_came_since(everybody: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(of_visits, "WRITTEN_AFTER", 3)
    program, dice = everybody.program_a, Random(4)
    for number in range(25):
        known = list(program.recorded_visits.all())
        if known and dice.random() < 0.2:
            dice.choice(known).delete()
        else:
            seen(program, dice.choice((30, 45)), ago=dice.randrange(90), outcome=dice.choice(("done", "done", "cancelled")))
        if dice.random() < 0.6:
            of_visits.forget()  # as a process that has just begun
        assert grouped(program) == added_up(program), number
    assert KeptFigures.objects.filter(program=program, part=PART).count() == 1

    grouped(program)
    of_visits.forget()
    with CaptureQueriesContext(connection) as asked:
        grouped(program)
    assert not [query for query in asked.captured_queries if "GROUP BY" in query["sql"] and '"id" > ' not in query["sql"]]


def test_what_another_version_kept_is_added_up_anew(everybody: Cast) -> None:
    program = everybody.program_a
    seen(program, 45, ago=3)
    kept = {"stands_for": "of before", "counted_at": NOW, "figures": {"count": 1, "rows": []}}
    KeptFigures.objects.create(program=program, part=PART, **kept)

    assert grouped(program) == added_up(program) != {}


def test_the_days_of_a_class_are_the_first_and_the_last_on_which_somebody_was_seen(everybody: Cast) -> None:
    program = everybody.program_a
    for ago, outcome in ((40, "done"), (50, "no_show"), (3, "done"), (1, "cancelled"), (20, "done")):
        seen(program, 45, ago=ago, outcome=outcome)

    done = [one for one in program.recorded_visits.all() if one.outcome == "done"]
    days: list[date] = [one.on for one in done]
    assert days_of_classes(program) == {done[0].time_standard_id: (min(days), max(days))}
    assert days_of_classes(everybody.program_b) == {}
