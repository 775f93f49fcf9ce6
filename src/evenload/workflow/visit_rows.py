"""Past visits of a program as the workbook's rows: those of the organisation's own list, and those that practitioners recorded here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import TypeAlias

from django.db import connection
from django.db.models import Count, Max, QuerySet

from evenload.exchange.rows import Rows, VisitRow
from evenload.records.models import Program, RecordedVisit

_Figures: TypeAlias = tuple[int, str, Decimal, Decimal | None, Decimal | None]
FIGURES = ("time_standard_id", "outcome", "direct_minutes", "indirect_minutes", "travel_minutes")
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


@dataclass(frozen=True, slots=True)
class _Grouped:
    """A program's visits, added up: (class, outcome, direct, indirect, travel) → how often, and the last day."""

    count: int
    last: int
    times: Mapping[_Figures, tuple[int, date]]


_kept: dict[int, _Grouped] = {}


def grouped_visit_rows(program: Program) -> tuple[VisitRow, ...]:
    """The same, visits of one class with one outcome and the same minutes as one row with `times`: what planning needs of them.

    Nobody is named, and the day is that of the last. The database adds them up; what was added up before is kept per process, for
    a visit never changes: of ten years only the newest are read after each visit. One that was taken back has all added up anew.
    """
    found = _added_up(program)
    if not connection.in_atomic_block:  # what a transaction sees may be rolled back
        _kept[program.pk] = found
    codes = dict(program.time_standards.values_list("pk", "code"))
    exact = cache(Fraction)
    rows = (
        VisitRow(
            on=last,
            class_id=codes[class_key],
            direct_minutes=exact(direct),
            indirect_minutes=None if indirect is None else exact(indirect),
            travel_minutes=None if travel is None else exact(travel),
            outcome=outcome,
            times=times,
        )
        for (class_key, outcome, direct, indirect, travel), (times, last) in found.times.items()
        if class_key in codes
    )
    return tuple(sorted(rows, key=_in_order))


def _added_up(program: Program) -> _Grouped:
    visits, before = RecordedVisit.objects.filter(program=program).order_by(), _kept.get(program.pk)
    now = visits.aggregate(count=Count("pk"), last=Max("pk"))
    count, newest = now["count"], now["last"] or 0
    if before is not None and (before.count, before.last) == (count, newest):
        return before
    newer = visits.filter(pk__gt=before.last, pk__lte=newest) if before is not None else visits.filter(pk__lte=newest)
    rows = list(newer.values_list(*FIGURES).annotate(times=Count("pk"), last=Max("on")))
    added = sum(row[-2] for row in rows)
    if before is not None and before.count + added != count:
        _kept.pop(program.pk, None)
        return _added_up(program)
    times = dict(before.times) if before is not None else {}
    for *figures, often, last in rows:
        known, day = times.get(tuple(figures), (0, last))
        times[tuple(figures)] = known + often, max(day, last)
    return _Grouped(added + (before.count if before is not None else 0), newest, times)


def _in_order(row: VisitRow) -> tuple[object, ...]:
    return row.class_id, row.outcome, row.direct_minutes, row.indirect_minutes or -1, row.travel_minutes or -1


def forget() -> None:
    """Empty what is kept in this process: tests begin with other records under the same keys."""
    _kept.clear()


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
