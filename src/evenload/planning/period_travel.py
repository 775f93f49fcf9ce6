"""Travel where a class has no travel standard: the nearest eligible practitioner's, over the whole period; a lower estimate.

The capacity plan knows no assignment, so it cannot know who will drive; nobody could drive less than the nearest one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from evenload.planning.balance import capacity_problems, plan_capacity
from evenload.planning.capacity_plan import CapacityPlan
from evenload.planning.case import Case, Practitioner, Unit
from evenload.planning.eligibility import HISTORY_FREE_RULES
from evenload.planning.prepare import case_from
from evenload.planning.problems import CaseError
from evenload.planning.program import Program
from evenload.planning.targets import nearest_travel, practitioners_by_discipline


def plan_program(program: Program, *, mix: Mapping[str, Fraction] | None = None) -> CapacityPlan:
    """The capacity plan of a program with its travel modelled. Raises CaseError with every problem at once."""
    found = capacity_problems(program, mix or {})
    if found:
        raise CaseError(found)
    return plan_capacity(program, nearest_travel=whole_period_travel(program), mix=mix)


def whole_period_travel(program: Program) -> dict[str, int]:
    """Minutes per week of the nearest eligible practitioner by stated unit, blocks added up.

    Only units of classes without a travel standard; units that nobody may take are left out, for nobody can know their travel.
    Visits used within the period count as driven: the figures do not depend on `as_of`.
    """
    case = case_from(_whole_period(program))
    nearest, by_discipline = nearest_travel(case), practitioners_by_discipline(case)
    travel: dict[str, int] = {}
    for unit in case.units:
        if nearest[unit.id] or _somebody_may_take(case, by_discipline.get(unit.discipline, []), unit):
            travel[unit.stated_id] = travel.get(unit.stated_id, 0) + nearest[unit.id]
    return travel


def _whole_period(program: Program) -> Program:
    """The program seen from its first day, without the contract's cut, and with the units whose travel is modelled only."""
    modelled = {stated.id for stated in program.classes if stated.travel_minutes is None}
    units = tuple(unit for unit in program.units if unit.class_id in modelled)
    if program.period.weeks_left < program.period.weeks:
        units = tuple(replace(unit, visits_used=Fraction(0)) for unit in units)
    return replace(program, units=units, period=replace(program.period, as_of=program.period.starts_on), contracted_visits=None)


def _somebody_may_take(case: Case, practitioners: list[Practitioner], unit: Unit) -> bool:
    return any(all(rule(case, one, unit) is None for rule in HISTORY_FREE_RULES) for one in practitioners)
