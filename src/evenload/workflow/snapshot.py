"""Records of one program as the workbook's rows, as facts, and as the Case that the engine works on."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from evenload.exchange.facts import program_from
from evenload.exchange.rows import (
    ClassRow,
    DutyRow,
    GoalRow,
    PractitionerRow,
    ProgramRow,
    Rows,
    SiteRow,
)
from evenload.planning import program as facts
from evenload.planning.case import Case, round_half_up
from evenload.planning.demand import UnitDemand
from evenload.planning.pieces import case_with_pieces
from evenload.planning.prepare import case_with_times
from evenload.planning.standards import ClassTime
from evenload.records.models import Assignment, Practitioner, Program, Site, TimeStandard
from evenload.workflow import unit_rows
from evenload.workflow.absence_rows import absence_rows
from evenload.workflow.computing import case_with_current
from evenload.workflow.visit_rows import grouped_visit_rows, telling, visit_rows

MOST_KEPT = 8
"""Snapshots kept per process: programs of which pages are being looked at."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A program at one version of its facts: its rows (without past visits) and its Case."""

    program_id: int
    facts_version: int
    rows: Rows
    case: Case
    visits: Mapping[str, tuple[int, int]]
    """unit → whole visits used and left, as a list shows them"""
    times: Mapping[str, ClassTime]
    """class → the times that its units were counted with, past visits blended in"""


_kept: dict[int, Snapshot] = {}
_lock = threading.Lock()


def rows_of(program: Program, *, with_held: bool = False) -> Rows:
    """What planning takes of the program, as the rows of the workbook. The query count does not grow with the program.

    Everything that is known (`with_held`) has more: units of clients who are on hold, and every past visit by itself.
    """
    return Rows(
        program=_program_row(program),
        practitioners=tuple(_practitioner_row(one) for one in program.practitioners.prefetch_related("languages")),
        absences=absence_rows(program),
        duties=_duty_rows(program),
        sites=tuple(_site_row(site) for site in program.sites.all()),
        classes=tuple(_class_row(standard) for standard in program.time_standards.all()),
        units=unit_rows.unit_rows(program, with_held=with_held),
        visits=visit_rows(program) if with_held else grouped_visit_rows(program),
        goals=tuple(GoalRow(price.goal, _fraction(price.price)) for price in program.goal_prices.order_by("id")),
    )


def facts_of(program: Program) -> facts.Program:
    """The program's facts, as planning takes them. Raises InputError or CaseError where they contradict themselves."""
    return program_from(telling(rows_of(program)))


def hours_facts_of(program: Program, weekly_hours: Mapping[str, Decimal]) -> facts.Program:
    """What hours are counted from (people, absences, duties), with other weekly hours for some of them, by code; without units."""
    people = [_practitioner_row(one) for one in program.practitioners.prefetch_related("languages")]
    changed = [replace(one, weekly_hours=_fraction(weekly_hours[one.id])) if one.id in weekly_hours else one for one in people]
    rows = Rows(_program_row(program), tuple(changed), absences=absence_rows(program), duties=_duty_rows(program))
    return program_from(rows)


def case_of(program: Program) -> Case:
    """The Case of the program as it stands, with the current practitioner of every piece. Raises CaseError."""
    return snapshot_of(program).case


def snapshot_of(program: Program) -> Snapshot:
    """Rows and Case of the program as it stands, kept per process until its facts change (`facts_version`). Raises CaseError."""
    version = _facts_version(program)
    kept = _kept.get(program.pk)
    while kept is None or kept.facts_version != version:
        rows = rows_of(Program.objects.get(pk=program.pk))
        stated = program_from(telling(rows))
        counted, times, demands = case_with_times(stated)
        case = case_with_current(counted, current_of_pieces(program))
        kept = Snapshot(program.pk, version, replace(rows, visits=()), case, _whole_visits(demands), times)
        # Facts may have changed between two of the queries: then everything is read again.
        version = _facts_version(program)
    with _lock:
        _kept.pop(program.pk, None)
        _kept[program.pk] = kept
        while len(_kept) > MOST_KEPT:
            _kept.pop(next(iter(_kept)))
    return kept


def classes_as_counted(snapshot: Snapshot) -> tuple[ClassRow, ...]:
    """The classes with the minutes that the Case counts with, so that facts without past visits count the same."""
    return tuple(_as_counted(row, snapshot.times[row.id]) for row in snapshot.rows.classes)


def _as_counted(row: ClassRow, time: ClassTime) -> ClassRow:
    return replace(
        row,
        direct_minutes=time.direct_minutes,
        indirect_minutes=time.indirect_minutes,
        travel_minutes=time.travel_minutes,
        no_show_rate=time.no_show_rate,
        no_show_minutes=time.no_show_minutes,
    )


def _whole_visits(demands: Mapping[str, UnitDemand]) -> dict[str, tuple[int, int]]:
    return {id: (round_half_up(one.used), round_half_up(one.remaining)) for id, one in demands.items()}


def forget() -> None:
    """Empty what is kept in this process: tests begin with other records under the same keys."""
    _kept.clear()
    unit_rows.forget()


def _facts_version(program: Program) -> int:
    return Program.objects.values_list("facts_version", flat=True).get(pk=program.pk)


def case_with_draft(program: Program, *, pins: Mapping[str, str], bans: Mapping[str, Iterable[str]]) -> Case:
    """The Case with a draft's pins instead of the stated ones, and its bans beside the clients' directives; both by piece."""
    return case_with_pieces(without_pins(case_of(program)), pins=pins, bans=bans)


def without_pins(case: Case) -> Case:
    """The same Case with every pin taken off: an open draft says what is pinned."""
    return replace(case, units=tuple(replace(unit, pinned_to=None) if unit.is_pinned else unit for unit in case.units))


def current_of_pieces(program: Program) -> dict[str, str]:
    """Practitioner's code of every piece that has an open assignment."""
    open_rows = Assignment.objects.filter(unit__program=program, ends_on__isnull=True)
    return dict(open_rows.order_by("piece").values_list("piece", "practitioner__code"))


def cover_of_pieces(program: Program) -> dict[str, str]:
    """Code of whoever covers, by piece that has an open assignment with cover."""
    covered = Assignment.objects.filter(unit__program=program, ends_on__isnull=True, cover__isnull=False)
    return dict(covered.order_by("piece").values_list("piece", "cover__code"))


def _program_row(program: Program) -> ProgramRow:
    return ProgramRow(
        name_en=program.name_en,
        name_fr=program.name_fr or None,
        setting=program.setting,
        period_start=program.period_start,
        period_weeks=program.period_weeks,
        as_of=program.as_of,
        contracted_visits=_exact(program.contracted_visits),
        fte_weekly_hours=_fraction(program.fte_weekly_hours),
        reserve_percent=_fraction(program.reserve_percent),
        block_hours=_exact(program.block_hours),
        other_disciplines=tuple(program.other_disciplines),
        speed_kmh=_fraction(program.speed_kmh),
        detour_factor=_fraction(program.detour_factor),
    )


def _practitioner_row(one: Practitioner) -> PractitionerRow:
    return PractitionerRow(
        id=one.code,
        name=one.name or None,
        disciplines=tuple(one.disciplines),
        engagement=one.engagement,
        weekly_hours=_fraction(one.weekly_hours),
        max_hours=_exact(one.max_hours),
        comfortable_min_percent=_fraction(one.comfortable_min_percent),
        comfortable_max_percent=_fraction(one.comfortable_max_percent),
        languages={spoken.language: spoken.level for spoken in one.languages.all()},
        skills=tuple(one.skills),
        interests=tuple(one.interests),
        years_experience=_exact(one.years_experience),
        base_postal=one.base_postal or None,
        base_lat=_exact(one.base_lat),
        base_lon=_exact(one.base_lon),
        longest_drive_minutes=one.longest_drive_minutes,
        max_sites_per_day=one.max_sites_per_day,
        accepts_new=one.accepts_new,
        team=one.team or None,
        area=one.area or None,
        from_date=one.from_date,
        to_date=one.to_date,
        days=tuple(one.days),
        evenings=one.evenings,
        feedback=one.feedback or None,
    )


def _duty_rows(program: Program) -> tuple[DutyRow, ...]:
    return tuple(DutyRow(d.who, d.kind, d.basis, _fraction(d.amount)) for d in program.duties.all())


def _site_row(site: Site) -> SiteRow:
    return SiteRow(
        id=site.code,
        name_en=site.name_en,
        name_fr=site.name_fr or None,
        kind=site.kind,
        area=site.area or None,
        team=site.team or None,
        language=site.language or None,
        address=site.address or None,
        town=site.town or None,
        postal=site.postal or None,
        lat=_exact(site.lat),
        lon=_exact(site.lon),
    )


def _class_row(standard: TimeStandard) -> ClassRow:
    return ClassRow(
        id=standard.code,
        discipline=standard.discipline,
        label_en=standard.label_en,
        label_fr=standard.label_fr or None,
        visits=_fraction(standard.visits),
        direct_minutes=_fraction(standard.direct_minutes),
        indirect_minutes=_fraction(standard.indirect_minutes),
        travel_minutes=_exact(standard.travel_minutes),
        episode_minutes=_fraction(standard.episode_minutes),
        group_size=standard.group_size,
        no_show_rate=_exact(standard.no_show_rate),
        no_show_minutes=_exact(standard.no_show_minutes),
        experience_years=_exact(standard.experience_years),
        judgement_weight=_fraction(standard.judgement_weight),
        source=standard.source or None,
    )


def _fraction(value: Decimal | float) -> Fraction:
    """Exact. A default that has not been to the database yet is a float: its shortest decimal is meant."""
    return Fraction(str(value))


def _exact(value: Decimal | None) -> Fraction | None:
    return None if value is None else _fraction(value)
