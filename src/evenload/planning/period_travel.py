"""Travel where a class has no travel standard: the nearest eligible practitioner's, over the whole period; a lower estimate.

The capacity plan knows no assignment, so it cannot know who will drive; nobody could drive less than the nearest one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from evenload.planning.balance import checked_capacities, differ_in_hours, plan_on
from evenload.planning.capacity import Capacity
from evenload.planning.capacity_plan import CapacityPlan
from evenload.planning.case import Case, Practitioner, Unit, round_half_up
from evenload.planning.eligibility import HISTORY_FREE_RULES
from evenload.planning.ledger import Groundwork, UnitLine, needs, unit_lines
from evenload.planning.prepare import case_from, median_drive, place_of, trips_of_blocks
from evenload.planning.program import Place, Program, UnitFacts
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
    """Travel from the drives that are known: trips may be others, where a class has other visits or times, and units may have come or
    gone, as with the clients of a class; who is the nearest is asked for what came alone. None: count it all anew."""
    if not _drives_alike(program, people, known):
        return None
    kinds = _modelled_classes(program)
    now = [unit for unit in program.units if unit.class_id in kinds]
    then = {unit.id: unit for unit in known.program.units if unit.class_id in kinds}
    stayed = {unit.id for unit in now if (was := then.get(unit.id)) is unit or (was is not None and _drive_alike(unit, was))}
    came, went = ([unit for unit in units if unit.id not in stayed] for units in (now, then.values()))
    if any(unit.together for unit in came) or any(unit.together and unit.pinned for unit in went):
        return None  # a bundle goes where one of its units is pinned
    if (came or went) and not _median_holds(program, now, list(then.values())):
        return None
    return _on_known_drives(program, lines, known, (now, stayed))


def _on_known_drives(
    program: Program, lines: Mapping[str, UnitLine], known: Groundwork, units: tuple[list[UnitFacts], set[str]]
) -> Travel | None:
    """`units`: those whose travel is modelled, and the ids of those that were there before and are driven to alike."""
    sites, (now, stayed) = {site.id: site for site in program.sites}, units
    drives = {unit.id: known.nearest_drives[unit.id] for unit in now if unit.id in stayed and unit.id in known.nearest_drives}
    travel = {unit.id: known.nearest_travel[unit.id] for unit in now if unit.id in stayed and unit.id in known.nearest_travel}
    as_before = {_drive_facts(unit): drives[unit.id] for unit in now if unit.id in drives and not (unit.pinned or unit.together)}
    unseen = []
    for unit in now:
        if unit.id in stayed and lines[unit.id] is known.lines[unit.id]:
            continue
        trips = trips_of_blocks(program, sites, unit, lines[unit.id].period)
        if unit.id not in drives and any(trips) and not unit.pinned and (seen := _drive_facts(unit)) in as_before:
            drives[unit.id] = as_before[seen]
        if unit.id in drives:
            drive = drives[unit.id]
            if drive is not None:
                travel[unit.id] = sum(round_half_up(2 * drive * one) for one in trips)
        elif unit.id not in stayed or any(trips):
            unseen.append(unit)  # nobody drove there so far: who is the nearest is not known
    if not unseen:
        return travel, drives
    if any(unit.together for unit in unseen):
        return None
    more_travel, more_drives = _travel_and_drives(replace(program, units=tuple(unseen)), _places(program, now))
    return {**travel, **more_travel}, {**drives, **more_drives}


def _drive_facts(unit: UnitFacts) -> tuple[object, ...]:
    """All that says who may take a unit, by the rules without history, and how far it is; but for pins."""
    asks = unit.language, unit.language_need, unit.skills_required, unit.barred_practitioners, unit.days, unit.evening
    return unit.discipline, unit.site, unit.place, *asks


def _drive_alike(unit: UnitFacts, was: UnitFacts) -> bool:
    """Whether the nearest who may take it is the same: numbers of clients and visits, and who has it, play no part."""
    pins = [(one.together, one.current_practitioner if one.pinned else None) for one in (unit, was)]
    return pins[0] == pins[1] and _drive_facts(unit) == _drive_facts(was)


def _median_holds(program: Program, now: Sequence[UnitFacts], then: Sequence[UnitFacts]) -> bool:
    """Whether units that stayed are as far as before: the drive to an unknown place is the median of all of them."""
    before = _places(program, then)
    if all(place is not None for place in before) and all(one.base is not None for one in program.practitioners):
        return True
    return set(before) == set(_places(program, now))


def _places(program: Program, units: Sequence[UnitFacts]) -> list[Place | None]:
    sites = {site.id: site for site in program.sites}
    return [place_of(unit, sites[unit.site] if unit.site else None) for unit in units]


def _unchanged_times(program: Program, known: Groundwork) -> dict[str, ClassTime]:
    """Times of the classes that are the very same as before, where the recorded visits are."""
    if known.program.visits is not program.visits:
        return {}
    before = {stated.id: stated for stated in known.program.classes}
    return {stated.id: known.times[stated.id] for stated in program.classes if before.get(stated.id) is stated}


def _drives_alike(program: Program, people: tuple[Capacity, ...], known: Groundwork) -> bool:
    """Whether nobody's drive to a unit can be another: the same modelled classes, and the same people, of whom only the hours
    may differ, as long as everybody who had some still has, and the others still have none. Visits and times of a class change trips,
    never who is the nearest; what units are there is not asked here."""
    before = known.program
    return (
        program.visits is before.visits
        and differ_in_hours(program, before)
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


def _travel_and_drives(program: Program, places: Sequence[Place | None] | None = None) -> Travel:
    """`places`: those of the units that the median drive is of, where it is not these alone."""
    case = case_from(_whole_period(program))
    if places is not None:
        case = replace(case, unknown_place_drive=median_drive(program, places))
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
