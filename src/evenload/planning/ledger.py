"""The hour ledger of the match: one line per unit (what it needs) and per practitioner and discipline (what she offers).

Pools, match, WISN view and sensitivity all add up the same lines, so that they cannot disagree.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from evenload.planning.areas import practitioner_area, speaks_french, unit_area, unit_language
from evenload.planning.capacity import Capacity
from evenload.planning.codes import DISCIPLINES
from evenload.planning.demand import UnitDemand, unit_demand, unit_weeks
from evenload.planning.program import PractitionerFacts, Program, UnitFacts
from evenload.planning.standards import ClassTime


@dataclass(frozen=True, slots=True)
class Need:
    """What one unit needs over the whole period, in hours; its home area and whether French is asked for."""

    unit: str
    discipline: str
    class_id: str
    area: str
    is_french: bool
    clients: int
    visits: Fraction
    care_hours: Fraction
    modelled_travel_hours: Fraction
    practitioner: str | None
    """the current practitioner"""

    @property
    def hours(self) -> Fraction:
        """Care and modelled travel."""
        return self.care_hours + self.modelled_travel_hours


@dataclass(frozen=True, slots=True)
class Offer:
    """What one practitioner offers one discipline over the whole period. `share` is the part of her hours that it gets."""

    practitioner: str
    discipline: str
    area: str
    speaks_french: bool
    share: Fraction
    hours: Fraction
    """plannable: client care less the reserve"""
    fte: Fraction
    capacity: Capacity


@dataclass(frozen=True, slots=True)
class UnitLine:
    """One unit with the times of its class: what it needs over the whole period, and what it would if nothing had been used yet."""

    unit: UnitFacts
    time: ClassTime
    period: UnitDemand
    whole: UnitDemand


@dataclass(frozen=True, slots=True)
class Groundwork:
    """What a capacity plan rests on: the facts, everybody's hours, the times, a line per unit id, and travel where it is modelled.

    A plan of facts that differ in a little takes over what is the same.
    """

    program: Program
    people: tuple[Capacity, ...]
    times: Mapping[str, ClassTime]
    lines: Mapping[str, UnitLine]
    nearest_travel: Mapping[str, int]
    """stated unit id → minutes per week, used where the class has no travel standard"""


def unit_lines(program: Program, times: Mapping[str, ClassTime], known: Mapping[str, UnitLine] | None = None) -> dict[str, UnitLine]:
    """One line per unit; `known` lines of the same period are taken over where neither unit nor times are others."""
    before = known or {}
    return {
        unit.id: line
        if (line := before.get(unit.id)) is not None and line.unit is unit and line.time is times[unit.class_id]
        else _unit_line(program, unit, times[unit.class_id])
        for unit in program.units
    }


def _unit_line(program: Program, unit: UnitFacts, time: ClassTime) -> UnitLine:
    """Visits used are part of the period's work, so they count as demand like the rest. Only on the first day of the period can
    they have been used before it: then they are taken off."""
    whole = whole_demand(program, replace(unit, visits_used=Fraction(0)), time)
    has_begun = program.period.weeks_left < program.period.weeks
    period = whole if has_begun or not unit.visits_used else whole_demand(program, unit, time)
    return UnitLine(unit, time, period, whole)


def needs(ground: Groundwork) -> tuple[Need, ...]:
    """One line per unit, travel included."""
    program = ground.program
    sites = {site.id: site for site in program.sites}
    lines = []
    for unit in program.units:
        time, demand = ground.lines[unit.id].time, ground.lines[unit.id].period
        lines.append(
            Need(
                unit=unit.id,
                discipline=unit.discipline,
                class_id=unit.class_id,
                area=unit_area(unit, sites),
                is_french=unit_language(unit, sites) == "fr",
                clients=unit.clients,
                visits=demand.remaining,
                care_hours=demand.minutes / 60,
                modelled_travel_hours=modelled_travel_hours(program, unit, time, ground.nearest_travel),
                practitioner=unit.current_practitioner,
            )
        )
    return tuple(lines)


def whole_demand(program: Program, unit: UnitFacts, time: ClassTime) -> UnitDemand:
    """The unit's demand counted from the first week (w = W), with the visits used that it states."""
    weeks = program.period.weeks
    return unit_demand(unit, time, weeks=weeks, weeks_left=weeks, own_weeks=unit_weeks(unit, program.period))


def modelled_travel_hours(program: Program, unit: UnitFacts, time: ClassTime, nearest_travel: Mapping[str, int]) -> Fraction:
    """Hours of the period at the nearest practitioner's weekly travel; 0 where the class's travel standard holds it already."""
    if time.travel_minutes is not None:
        return Fraction(0)
    return Fraction(nearest_travel.get(unit.id, 0) * program.period.weeks, 60)


def offers(program: Program, capacities: Iterable[Capacity], lines: Iterable[Need]) -> tuple[Offer, ...]:
    """One line per practitioner and discipline. Hours in several disciplines follow those disciplines' demand."""
    demand: dict[str, Fraction] = defaultdict(Fraction)
    for need in lines:
        demand[need.discipline] += need.hours
    facts_of = {facts.id: facts for facts in program.practitioners}
    return tuple(offer for capacity in capacities for offer in _offers_of(program, facts_of[capacity.practitioner], capacity, demand))


def _offers_of(program: Program, facts: PractitionerFacts, capacity: Capacity, demand: Mapping[str, Fraction]) -> Iterable[Offer]:
    full_time_hours = program.fte_weekly_hours * program.period.weeks
    for discipline, share in shares(facts.disciplines, demand).items():
        yield Offer(
            practitioner=facts.id,
            discipline=discipline,
            area=practitioner_area(facts, program.sites),
            speaks_french=speaks_french(facts),
            share=share,
            hours=capacity.plannable_hours * share,
            fte=capacity.contracted_hours * share / full_time_hours,
            capacity=capacity,
        )


def shares(disciplines: Iterable[str], demand: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """The part of one person's hours that each of her disciplines gets: by their demand; equal parts where there is none."""
    own = {discipline: demand.get(discipline, Fraction(0)) for discipline in disciplines}
    total = sum(own.values(), Fraction(0))
    return {discipline: hours / total if total else Fraction(1, len(own)) for discipline, hours in own.items()}


def disciplines_of(offered: Iterable[Offer], needed: Iterable[Need]) -> tuple[str, ...]:
    """Every discipline that offers or needs hours: the known ones in their usual order, then others by name."""
    found = {line.discipline for line in offered} | {line.discipline for line in needed}
    return tuple(sorted(found, key=lambda code: (DISCIPLINES.index(code) if code in DISCIPLINES else len(DISCIPLINES), code)))
