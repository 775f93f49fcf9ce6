"""Rows of a workbook as records: what is created, changed, left as it was, and not named any more. All or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Protocol, TypeVar

from django.db import models, transaction
from django.db.models import F, Value
from django.db.models.functions import Coalesce, Greatest

from evenload.exchange.rows import AbsenceRow, ClassRow, PractitionerRow, ProgramRow, Rows, SiteRow, UnitRow
from evenload.records.models import (
    Absence,
    Assignment,
    Duty,
    GoalPrice,
    Practitioner,
    PractitionerLanguage,
    Program,
    RecordedVisit,
    Site,
    TimeStandard,
    Unit,
)
from evenload.workflow.absence_rows import not_told
from evenload.workflow.visit_rows import not_recorded


class Named(Protocol):
    """A row with an id."""

    @property
    def id(self) -> str:
        """The row's id in the organisation's list."""


R = TypeVar("R", bound=Named)
M = TypeVar("M", bound=models.Model)
Values = dict[str, Any]
BATCH = 500


@dataclass(slots=True)
class Counted:
    """How many rows of one sheet were created, changed, left as they were; and records that the sheet does not name."""

    created: int = 0
    changed: int = 0
    left: int = 0
    unnamed: int = 0


@dataclass(slots=True)
class Outcome:
    """The program after the rows were taken in, and what happened per sheet."""

    program: Program
    sheets: dict[str, Counted] = field(default_factory=dict)


@transaction.atomic
def take_in(rows: Rows, *, program: Program | None, code: str) -> Outcome:
    """Write the rows into a program: the given one, or a new one with this code.

    Practitioners, sites, classes and units are matched by id; what a sheet does not name any more is kept and counted, never
    deleted. Absences, duties, prices and past visits are replaced as a whole, but for visits that practitioners recorded here. A unit's current practitioner becomes an open
    assignment. The caller has checked the rows (intake); the database refuses what slips through, and nothing is kept then.
    """
    outcome = Outcome(_program(rows.program, program, code))
    whole = outcome.program
    people, outcome.sheets["practitioners"] = _matched(Practitioner, whole, rows.practitioners, _practitioner_values)
    sites, outcome.sheets["sites"] = _matched(Site, whole, rows.sites, _site_values)
    classes, outcome.sheets["classes"] = _matched(TimeStandard, whole, rows.classes, _class_values)
    units, outcome.sheets["units"] = _matched(
        Unit, whole, rows.units, lambda row, position: _unit_values(row, position, sites=sites, classes=classes)
    )
    _languages(rows.practitioners, people)
    _bars(rows.units, units, people)
    _current_practitioners(rows.units, units, people, on=rows.program.as_of or rows.program.period_start)
    _replace_lists(rows, whole, people=people, classes=classes, units=units)
    Program.objects.filter(pk=whole.pk).update(facts_version=F("facts_version") + 1)
    whole.refresh_from_db()
    return outcome


def _program(row: ProgramRow, program: Program | None, code: str) -> Program:
    values = {
        "name_en": row.name_en,
        "name_fr": row.name_fr or "",
        "setting": row.setting,
        "period_start": row.period_start,
        "period_weeks": row.period_weeks,
        "as_of": row.as_of,
        "contracted_visits": _decimal(row.contracted_visits),
        "fte_weekly_hours": _decimal(row.fte_weekly_hours),
        "reserve_percent": _decimal(row.reserve_percent),
        "block_hours": _decimal(row.block_hours),
        "other_disciplines": list(row.other_disciplines),
        "speed_kmh": _decimal(row.speed_kmh),
        "detour_factor": _decimal(row.detour_factor),
    }
    if program is None:
        return Program.objects.create(code=code, **values)
    for name, value in values.items():
        setattr(program, name, value)
    program.save(update_fields=list(values))
    return program


def _matched(model: type[M], program: Program, rows: Sequence[R], values_of: Callable[[R, int], Values]) -> tuple[dict[str, M], Counted]:
    """Records of the rows by id: new ones created, others changed where a value differs; one query each."""
    known: dict[str, M] = {getattr(record, "code"): record for record in model._default_manager.filter(program=program)}  # noqa: B009
    before, counted = len(known), Counted()
    created: list[M] = []
    stored: list[M] = []
    for position, row in enumerate(rows):
        values = values_of(row, position)
        record = known.get(row.id)
        if record is None:
            known[row.id] = model(program=program, code=row.id, **values)
            created.append(known[row.id])
            continue
        different = {name for name, value in values.items() if _differs(getattr(record, name), value)}
        # A row that only stands elsewhere in the list was not changed.
        counted.changed += bool(different - {"position"})
        if different:
            stored.append(model(program=program, code=row.id, **values))
            for name, value in values.items():
                setattr(record, name, value)
    model._default_manager.bulk_create(created, batch_size=BATCH)
    _store_again(model, stored, list(values_of(rows[0], 0)) if rows else [])
    counted.created = len(created)
    counted.left = len(rows) - len(created) - counted.changed
    counted.unnamed = before + len(created) - len(rows)
    return known, counted


def _store_again(model: type[M], records: list[M], names: list[str]) -> None:
    """Write records that exist already, in few statements: an update of each row by itself takes fifty times as long."""
    if records:
        model._default_manager.bulk_create(
            records, batch_size=BATCH, update_conflicts=True, unique_fields=["program", "code"], update_fields=names
        )


def _differs(stored: object, value: object) -> bool:
    if isinstance(stored, models.Model) or isinstance(value, models.Model):
        return getattr(stored, "pk", None) != getattr(value, "pk", None)
    return stored != value


def _practitioner_values(row: PractitionerRow, position: int) -> Values:
    return {
        "name": row.name or "",
        "disciplines": list(row.disciplines),
        "engagement": row.engagement,
        "weekly_hours": _decimal(row.weekly_hours),
        "max_hours": _decimal(row.max_hours),
        "comfortable_min_percent": _decimal(row.comfortable_min_percent),
        "comfortable_max_percent": _decimal(row.comfortable_max_percent),
        "skills": list(row.skills),
        "interests": list(row.interests),
        "years_experience": _decimal(row.years_experience),
        "base_postal": row.base_postal or "",
        "base_lat": _decimal(row.base_lat),
        "base_lon": _decimal(row.base_lon),
        "longest_drive_minutes": row.longest_drive_minutes,
        "max_sites_per_day": row.max_sites_per_day,
        "accepts_new": row.accepts_new,
        "team": row.team or "",
        "area": row.area or "",
        "from_date": row.from_date,
        "to_date": row.to_date,
        "days": list(row.days),
        "evenings": row.evenings,
        "feedback": row.feedback or "",
        "position": position,
    }


def _site_values(row: SiteRow, position: int) -> Values:  # noqa: ARG001 — sites keep the order in which they came
    return {
        "name_en": row.name_en,
        "name_fr": row.name_fr or "",
        "kind": row.kind,
        "area": row.area or "",
        "team": row.team or "",
        "language": row.language or "",
        "address": row.address or "",
        "town": row.town or "",
        "postal": row.postal or "",
        "lat": _decimal(row.lat),
        "lon": _decimal(row.lon),
    }


def _class_values(row: ClassRow, position: int) -> Values:  # noqa: ARG001
    return {
        "discipline": row.discipline,
        "label_en": row.label_en,
        "label_fr": row.label_fr or "",
        "visits": _decimal(row.visits),
        "direct_minutes": _decimal(row.direct_minutes),
        "indirect_minutes": _decimal(row.indirect_minutes),
        "travel_minutes": _decimal(row.travel_minutes),
        "episode_minutes": _decimal(row.episode_minutes),
        "group_size": row.group_size,
        "no_show_rate": _decimal(row.no_show_rate),
        "no_show_minutes": _decimal(row.no_show_minutes),
        "experience_years": _decimal(row.experience_years),
        "judgement_weight": _decimal(row.judgement_weight),
        "source": row.source or "",
    }


def _unit_values(row: UnitRow, position: int, *, sites: Mapping[str, Site], classes: Mapping[str, TimeStandard]) -> Values:
    return {
        "kind": row.kind,
        "site": sites[row.site] if row.site else None,
        "discipline": row.discipline,
        "time_standard": classes[row.class_id],
        "clients": row.clients,
        "visits_allotted": _decimal(row.visits_allotted),
        "visits_used": _decimal(row.visits_used),
        "visits_per_week": _decimal(row.visits_per_week),
        "language": row.language or "",
        "language_need": row.language_need,
        "skills_required": list(row.skills_required),
        "skills_preferred": list(row.skills_preferred),
        "priority": row.priority,
        "waiting_since": row.waiting_since,
        "pinned": row.pinned,
        "label": row.label or "",
        "together": row.together or "",
        "days": list(row.days),
        "evening": row.evening,
        "from_date": row.from_date,
        "note": row.note or "",
        "postal": row.postal or "",
        "lat": _decimal(row.lat),
        "lon": _decimal(row.lon),
        "position": position,
    }


def _languages(rows: Iterable[PractitionerRow], people: Mapping[str, Practitioner]) -> None:
    named = [(people[row.id], row.languages) for row in rows]
    PractitionerLanguage.objects.filter(practitioner__in=[one for one, _ in named]).delete()
    PractitionerLanguage.objects.bulk_create(
        [
            PractitionerLanguage(practitioner=one, language=language, level=level)
            for one, spoken in named
            for language, level in spoken.items()
        ],
        batch_size=500,
    )


def _bars(rows: Iterable[UnitRow], units: Mapping[str, Unit], people: Mapping[str, Practitioner]) -> None:
    through = Unit.barred_practitioners.through
    named = list(rows)
    through._default_manager.filter(unit_id__in=[units[row.id].pk for row in named]).delete()
    bars = [through(unit_id=units[row.id].pk, practitioner_id=people[code].pk) for row in named for code in row.barred_practitioners]
    through._default_manager.bulk_create(bars, batch_size=500)


def _current_practitioners(rows: Iterable[UnitRow], units: Mapping[str, Unit], people: Mapping[str, Practitioner], *, on: date) -> None:
    """Open one assignment where the list names somebody else than the records do; close what it does not name any more.

    What an edition published is kept and closed on the day the list stands for; what came in with a list is replaced. A unit
    whose blocks are with several practitioners is left alone while the list names one of them.
    """
    program_units = [unit.pk for unit in units.values()]
    holders: dict[int, set[int]] = {}
    for unit_id, practitioner_id in Assignment.objects.filter(unit_id__in=program_units, ends_on__isnull=True).values_list(
        "unit_id", "practitioner_id"
    ):
        holders.setdefault(unit_id, set()).add(practitioner_id)
    opened, closed = [], []
    for row in rows:
        unit, current = units[row.id], people[row.current_practitioner] if row.current_practitioner else None
        held = holders.get(unit.pk, set())
        if (current is None and not held) or (current is not None and current.pk in held):
            continue
        closed.append(unit.pk)
        if current is not None:
            opened.append(Assignment(unit=unit, piece=unit.code, practitioner=current))
    Assignment.objects.filter(unit_id__in=closed, ends_on__isnull=True, edition__isnull=True).delete()
    day = Value(on, output_field=models.DateField())
    ends_on = Greatest(Coalesce("starts_on", day), day)
    Assignment.objects.filter(unit_id__in=closed, ends_on__isnull=True).update(ends_on=ends_on)
    Assignment.objects.bulk_create(opened, batch_size=500)


def _replace_lists(
    rows: Rows, program: Program, *, people: Mapping[str, Practitioner], classes: Mapping[str, TimeStandard], units: Mapping[str, Unit]
) -> None:
    for model in (Absence, Duty, GoalPrice):
        model._default_manager.filter(program=program).delete()
    RecordedVisit.objects.filter(program=program, recorded_at__isnull=True).delete()
    Absence.objects.bulk_create([_absence(program, row) for row in not_told(program, rows.absences)])
    Duty.objects.bulk_create(
        [Duty(program=program, who=d.practitioner, kind=d.kind, basis=d.basis, amount=_exact(d.amount)) for d in rows.duties]
    )
    GoalPrice.objects.bulk_create([GoalPrice(program=program, goal=row.goal, price=_exact(row.price)) for row in rows.goals])
    RecordedVisit.objects.bulk_create(
        [
            RecordedVisit(
                program=program,
                on=visit.on,
                time_standard=classes[visit.class_id],
                practitioner=people.get(visit.practitioner or ""),
                unit=units.get(visit.unit or ""),
                direct_minutes=_exact(visit.direct_minutes),
                indirect_minutes=_decimal(visit.indirect_minutes),
                travel_minutes=_decimal(visit.travel_minutes),
                outcome=visit.outcome,
            )
            for visit in not_recorded(program, rows.visits)
        ],
        batch_size=500,
    )


def _absence(program: Program, row: AbsenceRow) -> Absence:
    return Absence(
        program=program,
        who=row.practitioner,
        kind=row.kind,
        days=_decimal(row.days),
        hours=_decimal(row.hours),
        from_date=row.from_date,
        to_date=row.to_date,
    )


def _decimal(value: Fraction | None) -> Decimal | None:
    return None if value is None else _exact(value)


def _exact(value: Fraction) -> Decimal:
    """Exact where the fraction is a decimal, as every figure that was typed is; the column's scale decides about the rest."""
    return Decimal(value.numerator) / Decimal(value.denominator)
