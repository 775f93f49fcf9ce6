"""Step 3: match what the practitioners can give with what the clients need, per pool and per discipline, in both directions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial
from typing import TypeVar

from evenload.planning.capacity import Capacity, capacities
from evenload.planning.capacity_plan import CapacityPlan, Caseload, ClassLine, CurrentCaseload, Match
from evenload.planning.caseload import caseload, fte_required, mix_of, mix_problems, mixes_by_discipline
from evenload.planning.contradictions import contradictions
from evenload.planning.ledger import (
    Groundwork,
    Need,
    Offer,
    disciplines_of,
    grouped,
    kept_sum,
    needs,
    offers,
    summed_needs,
    unit_lines,
)
from evenload.planning.plan_notices import plan_notices
from evenload.planning.pools import pools
from evenload.planning.problems import CaseError, Problem
from evenload.planning.program import Program
from evenload.planning.sensitivity import sensitivity
from evenload.planning.standards import ClassTime, class_problems, class_times
from evenload.planning.sums import total
from evenload.planning.wisn import wisn_view


def plan_capacity(
    program: Program, *, nearest_travel: Mapping[str, int] | None = None, mix: Mapping[str, Fraction] | None = None
) -> CapacityPlan:
    """The three steps for the whole period.

    `nearest_travel` is the weekly travel in minutes of the nearest eligible practitioner by stated unit id; it is used only
    where a class has no travel standard. `mix` replaces the units' mix of classes in the caseloads of the disciplines it
    names: class id → share, summing to 1 or 100 per discipline. Raises CaseError with every problem at once.
    """
    people = checked_capacities(program, mix or {})
    times = class_times(program)
    return plan_on(Groundwork(program, people, times, unit_lines(program, times), nearest_travel or {}), mix or {})


def plan_on(ground: Groundwork, mix: Mapping[str, Fraction]) -> CapacityPlan:
    """The three steps on this groundwork, whose facts must have no `capacity_problems` with this mix."""
    program, people = ground.program, ground.people
    needed = needs(ground)
    summed = summed_needs(ground, needed)
    offered = offers(program, people, summed)
    lines = class_lines(ground)
    matches = match(offered, summed, lines, mixes_by_discipline(mix, program.classes))
    rows = pools(offered, summed)
    return CapacityPlan(
        setting=program.setting,
        period=program.period,
        fte_weekly_hours=program.fte_weekly_hours,
        reserve_percent=program.reserve_percent,
        contracted_visits=program.contracted_visits,
        capacities=people,
        classes=lines,
        pools=rows,
        match=matches,
        wisn=tuple(
            wisn_view(row.discipline, _of(row.discipline, offered), _of(row.discipline, summed), _of(row.discipline, lines))
            for row in matches
        ),
        sensitivity=sensitivity(matches),
        current=current_caseloads(ground, needed),
        notices=plan_notices(ground, lines=lines, needed=needed, summed=summed, rows=rows),
    )


def class_lines(ground: Groundwork) -> tuple[ClassLine, ...]:
    """Step 2 per class, in the order stated: its units over the whole period with nothing used (definitions, "Unit minutes")."""
    of_class = grouped(needs(ground), lambda need: need.class_id)
    return tuple(
        kept_sum(ground, ("class", id), (time, *of_class.get(id, ())), partial(_class_line, ground, time, of_class.get(id, ())))
        for id, time in ground.times.items()
    )


def match(
    offered: Sequence[Offer], needed: Sequence[Need], lines: Sequence[ClassLine], mixes: Mapping[str, Mapping[str, Fraction]]
) -> tuple[Match, ...]:
    """One row per discipline. `mixes` holds the stated mix of a discipline; elsewhere the caseload takes its units' mix."""
    rows = []
    for discipline in disciplines_of(offered, needed):
        own_lines = _of(discipline, lines)
        mix = mixes.get(discipline) or mix_of(own_lines)
        supply = total(offer.hours for offer in _of(discipline, offered))
        carried = caseload(supply, mix, hours_per_client(own_lines))
        rows.append(_match(discipline, _of(discipline, offered), _of(discipline, needed), carried))
    return tuple(rows)


def hours_per_client(lines: Iterable[ClassLine]) -> dict[str, Fraction]:
    """Class standard plus modelled travel per client; classes without clients: the mean modelled travel of those that have it."""
    found = list(lines)
    modelled = [line for line in found if line.time.travel_minutes is None and line.clients]
    clients = sum(line.clients for line in modelled)
    mean = total(line.modelled_travel_hours for line in modelled) / clients if clients else Fraction(0)
    return {line.class_id: line.hours_per_client + _travel_per_client(line, mean) for line in found}


def current_caseloads(ground: Groundwork, needed: Iterable[Need]) -> tuple[CurrentCaseload, ...]:
    """For every practitioner: what the units that name her as current practitioner need, beside her plannable hours."""
    own = grouped(needed, lambda need: need.practitioner)
    return tuple(
        kept_sum(ground, ("current", one.practitioner), (one, *lines), partial(_current, one, lines))
        for one in ground.people
        for lines in (own.get(one.practitioner, ()),)
    )


def capacity_problems(program: Program, mix: Mapping[str, Fraction]) -> tuple[Problem, ...]:
    """Everything that keeps the three steps from being computed: contradictions, the mix, time standards, hours."""
    try:
        checked_capacities(program, mix)
    except CaseError as error:
        return error.problems
    return ()


def checked_capacities(program: Program, mix: Mapping[str, Fraction], *, sound: Program | None = None) -> tuple[Capacity, ...]:
    """Everybody's hours. Raises CaseError with everything that keeps the three steps from being computed.

    `sound` are facts without contradictions: where these differ from them in figures only, they have none either.
    """
    contradicting = () if sound is not None and differ_in_figures(program, sound) else contradictions(program)
    found = (*contradicting, *mix_problems(mix, program.classes), *class_problems(program))
    try:
        people = capacities(program)
    except CaseError as error:
        raise CaseError((*found, *error.problems)) from error
    if found:
        raise CaseError(found)
    return people


def differ_in_figures(program: Program, other: Program) -> bool:
    """Whether people, classes, sites and units are the same but for weekly hours, the figures of classes, and numbers of clients."""
    return (
        differ_in_hours(program, other)
        and len(program.units) == len(other.units)
        and all(now is then or replace(now, clients=then.clients) == then for now, then in zip(program.units, other.units, strict=True))
    )


def differ_in_hours(program: Program, other: Program) -> bool:
    """Whether people, classes and sites are the same but for weekly hours and the figures of classes, whatever the units are."""
    sides = (program.practitioners, other.practitioners), (program.classes, other.classes)
    if program.sites is not other.sites or any(len(now) != len(then) for now, then in sides):
        return False
    return all(
        now is then or replace(now, weekly_hours=then.weekly_hours) == then
        for now, then in zip(program.practitioners, other.practitioners, strict=True)
    ) and all((now.id, now.discipline) == (then.id, then.discipline) for now, then in zip(program.classes, other.classes, strict=True))


def _class_line(ground: Groundwork, time: ClassTime, own: Sequence[Need]) -> ClassLine:
    demands = [ground.lines[need.unit].whole for need in own]
    return ClassLine(
        class_id=time.class_id,
        discipline=time.discipline,
        clients=sum(need.clients for need in own),
        visits=total(demand.remaining for demand in demands),
        hours_per_client=time.hours_per_client,
        hours=total(demand.minutes for demand in demands) / 60,
        direct_hours=total(demand.direct_minutes for demand in demands) / 60,
        indirect_hours=total(demand.indirect_minutes for demand in demands) / 60,
        travel_hours=total(demand.travel_minutes for demand in demands) / 60,
        no_show_hours=total(demand.lost_minutes for demand in demands) / 60,
        modelled_travel_hours=total(need.modelled_travel_hours for need in own),
        time=time,
    )


def _match(discipline: str, offered: Sequence[Offer], needed: Sequence[Need], carried: Caseload) -> Match:
    supply, demand = carried.hours, total(need.hours for need in needed)
    current = total(offer.fte for offer in offered)
    required = fte_required(demand, supply / current) if supply and current else None
    visits = total(need.visits for need in needed)
    gap = supply - demand
    return Match(
        discipline=discipline,
        supply_hours=supply,
        demand_hours=demand,
        care_hours=total(need.care_hours for need in needed),
        modelled_travel_hours=total(need.modelled_travel_hours for need in needed),
        utilisation_percent=100 * demand / supply if supply else None,
        fte_current=current,
        fte_required=required,
        ratio=current / required if required else None,
        reason=None if required is not None else ("no_hours" if offered else "no_practitioner"),
        clients=sum(need.clients for need in needed),
        visits=visits,
        gap_clients=_gap_clients(carried, gap),
        gap_visits=gap * visits / demand if demand else None,
        caseload=carried,
    )


def _gap_clients(carried: Caseload, gap: Fraction) -> Fraction | None:
    mean = total(share * carried.hours_per_client[id] for id, share in carried.mix.items())
    return gap / mean if mean else None


def _travel_per_client(line: ClassLine, mean: Fraction) -> Fraction:
    if line.time.travel_minutes is not None:
        return Fraction(0)
    return line.modelled_travel_hours / line.clients if line.clients else mean


def _current(capacity: Capacity, own: Sequence[Need]) -> CurrentCaseload:
    return CurrentCaseload(
        practitioner=capacity.practitioner,
        units=len(own),
        clients=sum(need.clients for need in own),
        care_hours=total(need.care_hours for need in own),
        modelled_travel_hours=total(need.modelled_travel_hours for need in own),
        plannable_hours=capacity.plannable_hours,
    )


Line = TypeVar("Line", Offer, Need, ClassLine)


def _of(discipline: str, lines: Sequence[Line]) -> list[Line]:
    return [line for line in lines if line.discipline == discipline]
