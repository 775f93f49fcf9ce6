"""Past visits of a program as the workbook's rows: those of the organisation's own list, and those that practitioners recorded here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction
from functools import cache

from django.db.models import Count, Max, QuerySet

from evenload.exchange.rows import Rows, VisitRow
from evenload.records.models import Program, RecordedVisit

FIGURES = ("time_standard__code", "outcome", "direct_minutes", "indirect_minutes", "travel_minutes")
COLUMNS = (
    "on",
    "time_standard__code",
    "practitioner__code",
    "unit__code",
    "direct_minutes",
    "indirect_minutes",
    "travel_minutes",
    "outcome",
)


def visit_rows(program: Program) -> tuple[VisitRow, ...]:
    """Every past visit, recorded and imported. One query."""
    return tuple(_rows(RecordedVisit.objects.filter(program=program)))


def grouped_visit_rows(program: Program) -> tuple[VisitRow, ...]:
    """The same, visits of one class with one outcome and the same minutes as one row with `times`: what planning needs of them.

    Nobody is named, and the day is that of the last. One query, added up by the database: ten years of visits are a few thousand rows.
    """
    rows = RecordedVisit.objects.filter(program=program).order_by().values_list(*FIGURES)
    rows = rows.annotate(last=Max("on"), times=Count("pk")).order_by(*FIGURES)
    exact = cache(Fraction)
    return tuple(
        VisitRow(
            on=last,
            class_id=class_id,
            direct_minutes=exact(direct),
            indirect_minutes=None if indirect is None else exact(indirect),
            travel_minutes=None if travel is None else exact(travel),
            outcome=outcome,
            times=times,
        )
        for class_id, outcome, direct, indirect, travel, last, times in rows
    )


def telling(rows: Rows) -> Rows:
    """The rows as planning takes them: without the visits of a class without a stated rate of which none took place yet.

    That all of the first few were missed says nothing of a share; counted, it would leave no Case, and nobody a desk.
    """
    seen = {visit.class_id for visit in rows.visits if visit.outcome == "done"}
    stated = {one.id for one in rows.classes if one.no_show_rate is not None}
    return replace(rows, visits=tuple(visit for visit in rows.visits if visit.class_id in seen | stated))


def not_recorded(program: Program, rows: Iterable[VisitRow]) -> list[VisitRow]:
    """The rows of a list that nobody recorded here: an exported list that comes back brings no visit twice."""
    here = RecordedVisit.objects.filter(program=program, recorded_at__isnull=False)
    known = Counter(_rows(here))
    kept = []
    for row in rows:
        if known[row] > 0:
            known[row] -= 1
        else:
            kept.append(row)
    return kept


def _rows(visits: QuerySet[RecordedVisit]) -> Iterator[VisitRow]:
    """Read as plain columns, and each figure made exact once: there are many visits, and few different minutes."""
    exact = cache(Fraction)
    for on, class_id, practitioner, unit, direct, indirect, travel, outcome in visits.values_list(*COLUMNS).iterator(chunk_size=2000):
        yield VisitRow(
            on=on,
            class_id=class_id,
            practitioner=practitioner,
            unit=unit,
            direct_minutes=exact(direct),
            indirect_minutes=None if indirect is None else exact(indirect),
            travel_minutes=None if travel is None else exact(travel),
            outcome=outcome,
        )
