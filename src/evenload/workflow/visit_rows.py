"""Past visits of a program as the workbook's rows: those of the organisation's own list, and those that practitioners recorded here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from evenload.exchange.rows import Rows, VisitRow
from evenload.records.models import Program, RecordedVisit


def visit_rows(program: Program) -> tuple[VisitRow, ...]:
    """Every past visit, recorded and imported. One query."""
    return tuple(map(_row, RecordedVisit.objects.filter(program=program).select_related("time_standard", "practitioner", "unit")))


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
    known = Counter(map(_row, here.select_related("time_standard", "practitioner", "unit")))
    kept = []
    for row in rows:
        if known[row] > 0:
            known[row] -= 1
        else:
            kept.append(row)
    return kept


def _row(visit: RecordedVisit) -> VisitRow:
    return VisitRow(
        on=visit.on,
        class_id=visit.time_standard.code,
        practitioner=visit.practitioner.code if visit.practitioner else None,
        unit=visit.unit.code if visit.unit else None,
        direct_minutes=Fraction(str(visit.direct_minutes)),
        indirect_minutes=_exact(visit.indirect_minutes),
        travel_minutes=_exact(visit.travel_minutes),
        outcome=visit.outcome,
    )


def _exact(value: Decimal | None) -> Fraction | None:
    return None if value is None else Fraction(str(value))
