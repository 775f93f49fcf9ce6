"""The hour ledger of the match: one line per unit (what it needs) and per practitioner and discipline (what she offers).

Pools, match, WISN view and sensitivity all add up the same lines, so that they cannot disagree.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import partial
from operator import is_
from typing import Any, TypeVar

from evenload.planning.areas import practitioner_area, speaks_french, unit_area, unit_language
from evenload.planning.capacity import Capacity
from evenload.planning.codes import DISCIPLINES
from evenload.planning.demand import UnitDemand, unit_demand, unit_weeks, visits_of_unit
from evenload.planning.program import PractitionerFacts, Program, Site, UnitFacts
from evenload.planning.standards import ClassTime
from evenload.planning.sums import total

Sum = TypeVar("Sum")


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
    asks_language: bool = True
    """whether somebody recorded which language is asked for"""
    hours: Fraction = field(init=False)
    """care and modelled travel"""

    def __post_init__(self) -> None:
        """Asked for by every sum: added once."""
        object.__setattr__(self, "hours", self.care_hours + self.modelled_travel_hours)


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
    visits: tuple[Fraction, Fraction, Fraction]
    """allotted, used and left as of now"""
    is_overdrawn: bool
    """more visits used than allotted"""


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
    nearest_drives: Mapping[str, int | None] = field(default_factory=dict, repr=False)
    """stated unit id → minutes one way from the nearest practitioner who may take it, None: nobody may; of units that are driven to"""
    needs: tuple[Need, ...] | None = field(default=None, repr=False)
    """a line per unit, in the program's order; None: not counted yet"""
    kept: dict[object, Any] = field(default_factory=dict, compare=False, repr=False)
    """sums that plans of facts which differ in a little take over where what they sum up is the very same"""


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
    visits = visits_of_unit(unit, time.visits, program.period)
    return UnitLine(unit, time, period, whole, visits, is_overdrawn=visits[1] > visits[0])


def needs(ground: Groundwork, known: Groundwork | None = None) -> tuple[Need, ...]:
    """One line per unit, travel included; those of a `known` groundwork are taken over where nothing of them is other."""
    if ground.needs is not None:
        return ground.needs
    program, sites = ground.program, {site.id: site for site in ground.program.sites}
    before = _unchanged_needs(ground, known) if known is not None else {}
    return tuple(before.get(unit.id) or _need(ground, unit, sites) for unit in program.units)


def _unchanged_needs(ground: Groundwork, known: Groundwork) -> dict[str, Need]:
    if known.needs is None or known.program.sites is not ground.program.sites or known.program.period != ground.program.period:
        return {}
    lines, before, travel, then = ground.lines, known.lines, ground.nearest_travel, known.nearest_travel
    same_travel = travel is then
    return {
        need.unit: need
        for need in known.needs
        if (line := lines.get(need.unit)) is not None
        and line is before[need.unit]
        and (same_travel or travel.get(need.unit) == then.get(need.unit))
    }


def _need(ground: Groundwork, unit: UnitFacts, sites: Mapping[str, Site]) -> Need:
    time, demand = ground.lines[unit.id].time, ground.lines[unit.id].period
    language = unit_language(unit, sites)
    return Need(
        unit=unit.id,
        discipline=unit.discipline,
        class_id=unit.class_id,
        area=unit_area(unit, sites),
        is_french=language == "fr",
        clients=unit.clients,
        visits=demand.remaining,
        care_hours=demand.minutes / 60,
        modelled_travel_hours=modelled_travel_hours(ground.program, unit, time, ground.nearest_travel),
        practitioner=unit.current_practitioner,
        asks_language=language is not None,
    )


Key = TypeVar("Key", bound=Hashable)


def grouped(needed: Iterable[Need], key: Callable[[Need], Key]) -> dict[Key, list[Need]]:
    """The lines by a key, in their order."""
    found: dict[Key, list[Need]] = defaultdict(list)
    for need in needed:
        found[key(need)].append(need)
    return dict(found)


def kept_sum(ground: Groundwork, name: Hashable, of: Sequence[object], count: Callable[[], Sum]) -> Sum:
    """What was counted of the very same lines before, else counted now. `name` tells the sum from others."""
    known = ground.kept.get(name)
    if known is None or len(known[0]) != len(of) or not all(map(is_, known[0], of)):
        known = ground.kept[name] = (tuple(of), count())
    found: Sum = known[1]
    return found


def summed_needs(ground: Groundwork, needed: Sequence[Need]) -> tuple[Need, ...]:
    """The needs summed up by discipline, class, area and language: every sum by these is a sum of these."""
    groups = grouped(needed, lambda need: (need.discipline, need.class_id, need.area, need.is_french))
    return tuple(kept_sum(ground, ("needs", *key), lines, partial(_together, lines)) for key, lines in groups.items())


def _together(lines: Sequence[Need]) -> Need:
    return replace(
        lines[0],
        unit="",
        clients=sum(need.clients for need in lines),
        visits=total(need.visits for need in lines),
        care_hours=total(need.care_hours for need in lines),
        modelled_travel_hours=total(need.modelled_travel_hours for need in lines),
        practitioner=None,
    )


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
