"""Past visits of a program as the workbook's rows: those of the organisation's own list, and those that practitioners recorded here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Final, TypeAlias

from django.db import DatabaseError, connection, transaction
from django.db.models import Count, Max, Min, QuerySet

from evenload.exchange.rows import Rows, VisitRow
from evenload.records.models import KeptFigures, Program, RecordedVisit

_Figures: TypeAlias = tuple[int, str, Decimal, Decimal | None, Decimal | None]
FIGURES = ("time_standard_id", "outcome", "direct_minutes", "indirect_minutes", "travel_minutes")
PART: Final = "visits added up"
FORM: Final = "class, outcome, direct, indirect, travel, times, first day, last day"
"""what a kept row says: another version of Evenload may have written otherwise"""
WRITTEN_AFTER: Final = 2_000
"""so many visits that the records do not keep added up are quickly read again"""
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
    """A program's visits, added up: (class, outcome, direct, indirect, travel) → how often, and the first and the last day.

    `count`, `last`: visits, and the key of the newest; `written`: visits in what the records keep of it.
    """

    count: int
    last: int
    times: Mapping[_Figures, tuple[int, date, date]]
    written: int = 0


_kept: dict[int, _Grouped] = {}


def grouped_visit_rows(program: Program) -> tuple[VisitRow, ...]:
    """The same, visits of one class with one outcome and the same minutes as one row with `times`: what planning needs of them.

    Nobody is named, and the day is that of the last. The database adds them up; what was added up before is kept, for a visit never
    changes: of ten years only the newest are read after each visit. One that was taken back has all added up anew.
    """
    found = _at_hand(program)
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
        for (class_key, outcome, direct, indirect, travel), (times, _, last) in found.times.items()
        if class_key in codes
    )
    return tuple(sorted(rows, key=_in_order))


def days_of_classes(program: Program) -> dict[int, tuple[date, date]]:
    """Key of a class → first and last day of its visits that took place."""
    found: dict[int, tuple[date, date]] = {}
    for (class_key, outcome, *_), (_, first, last) in _at_hand(program).times.items():
        if outcome == "done":
            earliest, latest = found.get(class_key, (first, last))
            found[class_key] = min(earliest, first), max(latest, last)
    return found


def _at_hand(program: Program) -> _Grouped:
    """Kept in this process, and from time to time in the records, where another process finds it."""
    found = _added_up(program, _kept.get(program.pk) or _from_records(program))
    if found.count - found.written >= WRITTEN_AFTER:
        _to_records(program, found)
        found = replace(found, written=found.count)
    if not connection.in_atomic_block:  # what a transaction sees may be rolled back
        _kept[program.pk] = found
    return found


def _added_up(program: Program, before: _Grouped | None) -> _Grouped:
    visits = RecordedVisit.objects.filter(program=program).order_by()
    now = visits.aggregate(count=Count("pk"), last=Max("pk"))
    count, newest = now["count"], now["last"] or 0
    if before is not None and (before.count, before.last) == (count, newest):
        return before
    newer = visits.filter(pk__gt=before.last, pk__lte=newest) if before is not None else visits.filter(pk__lte=newest)
    rows = list(newer.values_list(*FIGURES).annotate(times=Count("pk"), first=Min("on"), last=Max("on")))
    added = sum(row[-3] for row in rows)
    if before is not None and before.count + added != count:
        return _added_up(program, None)
    times = dict(before.times) if before is not None else {}
    for *figures, often, first, last in rows:
        known, earliest, latest = times.get(tuple(figures), (0, first, last))
        times[tuple(figures)] = known + often, min(earliest, first), max(latest, last)
    known, written = (before.count, before.written) if before is not None else (0, 0)
    return _Grouped(added + known, newest, times, written)


def _from_records(program: Program) -> _Grouped | None:
    row = KeptFigures.objects.filter(program=program, part=PART, stands_for=FORM).first()
    if row is None:
        return None
    times = {
        (key, outcome, Decimal(direct), *(None if one is None else Decimal(one) for one in others)): (
            often,
            date.fromisoformat(first),
            date.fromisoformat(last),
        )
        for key, outcome, direct, *others, often, first, last in row.figures["rows"]
    }
    count = row.figures["count"]
    return _Grouped(count, row.figures["last"], times, count)


def _to_records(program: Program, found: _Grouped) -> None:
    """A page that cannot write shows what it added up all the same."""
    rows = [
        (key, outcome, *(None if one is None else str(one) for one in minutes), often, first.isoformat(), last.isoformat())
        for (key, outcome, *minutes), (often, first, last) in found.times.items()
    ]
    newest = max(last for _, _, last in found.times.values())
    values = {
        "stands_for": FORM,
        "counted_at": datetime.combine(newest, time.min, UTC),
        "figures": {"count": found.count, "last": found.last, "rows": rows},
    }
    with suppress(DatabaseError), transaction.atomic():
        KeptFigures.objects.update_or_create(program=program, part=PART, defaults=values)


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
