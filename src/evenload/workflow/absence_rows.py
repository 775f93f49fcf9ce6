"""Absences of a program as the workbook's rows: those of the organisation's own list, and the leave that was told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Final

from evenload.exchange.rows import AbsenceRow
from evenload.planning.capacity import EVERYBODY
from evenload.planning.days_away import day_hours, works_on
from evenload.planning.program import Absence as StatedAbsence
from evenload.records.models import Absence, Leave, Practitioner, Program

ABSENCE_OF_KIND: Final = {
    "vacation": "vacation",
    "sick": "sick_time",
    "family": "personal_days",
    "training": "education",
    "statutory": "statutory_holidays",
    "other": "leave",
}
"""leave's kind → the kind of the absences sheet: what is stated there without dates is the allowance that it is taken from"""


@dataclass(frozen=True, slots=True)
class Working:
    """A practitioner's working days and hours, as planning reads them."""

    weekly_hours: Fraction
    days: tuple[str, ...]
    from_date: date | None
    to_date: date | None

    @classmethod
    def of(cls, practitioner: Practitioner) -> Working:
        """Those of the record."""
        hours = Fraction(str(practitioner.weekly_hours))
        return cls(hours, tuple(practitioner.days), practitioner.from_date, practitioner.to_date)


def absence_rows(program: Program) -> tuple[AbsenceRow, ...]:
    """The list's own rows, then every leave that was told, as dated rows. Two queries."""
    told = Leave.objects.filter(practitioner__program=program, state="told").select_related("practitioner")
    return (*listed_rows(program), *(leave_row(leave) for leave in told.order_by("practitioner_id", "first_day", "pk")))


def listed_rows(program: Program) -> tuple[AbsenceRow, ...]:
    """The rows of the organisation's own list."""
    return tuple(_row(one) for one in program.absences.all())


def _row(one: Absence) -> AbsenceRow:
    return AbsenceRow(one.who, one.kind, days=_exact(one.days), hours=_exact(one.hours), from_date=one.from_date, to_date=one.to_date)


def leave_row(leave: Leave) -> AbsenceRow:
    """A leave as a dated row: hours are those of all its working days together, none where the days are taken whole."""
    return AbsenceRow(
        leave.practitioner.code,
        ABSENCE_OF_KIND[leave.kind],
        hours=_hours_in_all(leave),
        from_date=leave.first_day,
        to_date=leave.last_day,
    )


def _hours_in_all(leave: Leave) -> Fraction | None:
    if leave.hours_per_day is None:
        return None
    person = Working.of(leave.practitioner)
    always = Working(person.weekly_hours, person.days, None, None)
    days = (leave.last_day - leave.first_day).days + 1
    working = sum(works_on(always, leave.first_day + timedelta(days=number)) for number in range(days))
    return working * min(Fraction(str(leave.hours_per_day)), day_hours(person))


def not_told(program: Program, rows: Iterable[AbsenceRow]) -> list[AbsenceRow]:
    """Rows of an imported list without those that say a leave that was told here: it counts already, and stays hers to cancel."""
    leaves = Leave.objects.filter(practitioner__program=program, state="told").select_related("practitioner")
    told = {(row.practitioner, row.kind, row.from_date, row.to_date) for row in map(leave_row, leaves)}
    return [row for row in rows if (row.practitioner, row.kind, row.from_date, row.to_date or row.from_date) not in told]


def dated(rows: Iterable[AbsenceRow], practitioner: str, engagement: str) -> list[StatedAbsence]:
    """The dated rows that concern somebody, as planning reads them."""
    who = (practitioner, engagement, EVERYBODY)
    return [stated(row) for row in rows if row.from_date is not None and row.practitioner in who]


def stated(row: AbsenceRow) -> StatedAbsence:
    """A row as planning reads it."""
    return StatedAbsence(row.practitioner, row.kind, hours=row.hours, days=row.days, from_date=row.from_date, to_date=row.to_date)


def _exact(value: Decimal | None) -> Fraction | None:
    return None if value is None else Fraction(str(value))
