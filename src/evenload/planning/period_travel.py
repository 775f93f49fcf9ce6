"""Travel where a class has no travel standard: the nearest eligible practitioner's, over the whole period; a lower estimate.

The capacity plan knows no assignment, so it cannot know who will drive; nobody could drive less than the nearest one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from evenload.planning.balance import checked_capacities, differ_in_figures, plan_on
from evenload.planning.capacity import Capacity
from evenload.planning.capacity_plan import CapacityPlan
from evenload.planning.case import Case, Practitioner, Unit, round_half_up
from evenload.planning.eligibility import HISTORY_FREE_RULES
from evenload.planning.ledger import Groundwork, UnitLine, needs, unit_lines
from evenload.planning.prepare import case_from, trips_of_blocks
from evenload.planning.program import Program
from evenload.planning.standards import ClassTime, class_times
from evenload.planning.targets import nearest_drive, practitioners_by_discipline


def plan_program(program: Program, *, mix: Mapping[str, Fraction] | None = None) -> CapacityPlan:
    """The capacity plan of a program with its travel modelled. Raises CaseError with every problem at once."""
    return plan_on(groundwork(program, mix=mix), mix or {})


def groundwork(program: Program, *, mix: Mapping[str, Fraction] | None = None, known: Groundwork | None = None) -> Groundwork:
    """What the program's capacity plan rests on, travel modelled; `known` is that of facts which differ in a little.

    Raises CaseError with every problem at once. With or without `known` the result is the same.
    """
    people = checked_capacities(program, mix or {}, sound=known.program if known is not None else None)
    if known is None or known.program.period != program.period:
        times = class_times(program)
        travel, drives = _travel_and_drives(program)
        ground = Groundwork(program, people, times, unit_lines(program, times), travel, drives)
        return replace(ground, needs=needs(ground))
    times = class_times(program, _unchanged_times(program, known))
    lines = unit_lines(program, times, known.lines)
    travel, drives = _travel_known(program, people, lines, known) or _travel_and_drives(program)
    ground = Groundwork(program, people, times, lines, travel, drives, kept=dict(known.kept))
    return replace(ground, needs=needs(ground, known))


Travel = tuple[Mapping[str, int], Mapping[str, int | None]]
"""minutes per week by stated unit, and minutes one way from the nearest practitioner"""


def _travel_known(program: Program, people: tuple[Capacity, ...], lines: Mapping[str, UnitLine], known: Groundwork) -> Travel | None:
    """Travel from the drives that are known: only trips may be others, where a class has other visits or times. None: count it anew."""
    if not _drives_alike(program, people, known):
        return None
    travel, drives = dict(known.nearest_travel), known.nearest_drives
    sites, kinds = {site.id: site for site in program.sites}, _modelled_classes(program)
    for unit in program.units:
        if unit.class_id not in kinds or lines[unit.id] is known.lines[unit.id]:
            continue
        trips = trips_of_blocks(program, sites, unit, lines[unit.id].period)
        if unit.id not in drives:
            if any(trips):
                return None  # nobody drove there so far: who is the nearest is not known
            continue
        drive = drives[unit.id]
        if drive is not None:
            travel[unit.id] = sum(round_half_up(2 * drive * one) for one in trips)
    return travel, drives


def _unchanged_times(program: Program, known: Groundwork) -> dict[str, ClassTime]:
    """Times of the classes that are the very same as before, where the recorded visits are."""
    if known.program.visits is not program.visits:
        return {}
    before = {stated.id: stated for stated in known.program.classes}
    return {stated.id: known.times[stated.id] for stated in program.classes if before.get(stated.id) is stated}


def _drives_alike(program: Program, people: tuple[Capacity, ...], known: Groundwork) -> bool:
    """Whether nobody's drive can be another: the same units of the same modelled classes, and the same people, of whom only the hours
    may differ, as long as everybody who had some still has, and the others still have none. Visits and times of a class change trips,
    never who is the nearest."""
    before = known.program
    return (
        program.visits is before.visits
        and differ_in_figures(program, before)
        and all(_has_hours(now) == _has_hours(then) for now, then in zip(people, known.people, strict=True))
        and _modelled_classes(program) == _modelled_classes(before)
        and _with_no_people(program) == _with_no_people(before)
    )


def _has_hours(one: Capacity) -> bool:
    """As the Case counts them: in whole minutes a week."""
    return round_half_up(one.weekly_maximum_hours * 60) > 0


def _modelled_classes(program: Program) -> frozenset[str]:
    """The classes whose travel is modelled."""
    return frozenset(stated.id for stated in program.classes if stated.travel_minutes is None)


def _with_no_people(program: Program) -> tuple[object, ...]:
    """The rest of what a drive depends on."""
    return (program.sites, program.setting, program.speed_kmh, program.detour_factor, program.block_hours, program.fte_weekly_hours)


def whole_period_travel(program: Program) -> dict[str, int]:
    """Minutes per week of the nearest eligible practitioner by stated unit, blocks added up.

    Only units of classes without a travel standard; units that nobody may take are left out, for nobody can know their travel.
    Visits used within the period count as driven: the figures do not depend on `as_of`.
    """
    return dict(_travel_and_drives(program)[0])


def _travel_and_drives(program: Program) -> Travel:
    case = case_from(_whole_period(program))
    by_discipline = practitioners_by_discipline(case)
    travel: dict[str, int] = {}
    drives: dict[str, int | None] = {}
    for unit in case.units:
        people = by_discipline.get(unit.discipline, [])
        if unit.trips and unit.stated_id not in drives:
            drives[unit.stated_id] = nearest_drive(case, people, unit)
        drive = drives.get(unit.stated_id)
        if drive is not None or (not unit.trips and _somebody_may_take(case, people, unit)):
            travel[unit.stated_id] = travel.get(unit.stated_id, 0) + round_half_up(2 * (drive or 0) * unit.trips)
    return travel, drives


def _whole_period(program: Program) -> Program:
    """The program seen from its first day, without the contract's cut, and with the units whose travel is modelled only."""
    modelled = _modelled_classes(program)
    units = tuple(unit for unit in program.units if unit.class_id in modelled)
    if program.period.weeks_left < program.period.weeks:
        units = tuple(replace(unit, visits_used=Fraction(0)) for unit in units)
    return replace(program, units=units, period=replace(program.period, as_of=program.period.starts_on), contracted_visits=None)


def _somebody_may_take(case: Case, practitioners: list[Practitioner], unit: Unit) -> bool:
    return any(all(rule(case, one, unit) is None for rule in HISTORY_FREE_RULES) for one in practitioners)
