"""A plan made by hand, for tests of what reads plans: no search, the trivial bound."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from evenload.exchange.facts import program_from
from evenload.exchange.open_input import open_input
from evenload.exchange.plan_json import plan_to_json
from evenload.planning.case import Case, digest
from evenload.planning.eligibility import bundles
from evenload.planning.fixes import waiting_entries
from evenload.planning.plan import Assignment, Bound, Load, Plan, Provenance
from evenload.planning.prepare import case_from
from evenload.planning.score import may_take, score
from evenload.planning.targets import targets
from evenload.planning.travel import load_minutes, pair_travel_minutes

WORKED = {"u1": "Ana", "u3": "Ana", "u2": "Béa", "u5": "Béa", "u6": "Béa", "u4": "Cal", "u7": "Cal", "u8": "Cal"}


def write_plan(workbook: Path, path: Path, assignment: Mapping[str, str] | None = None) -> Plan:
    """Writes a PLAN.json of this assignment, or of the first that fits, and returns the plan."""
    case = case_from(program_from(open_input(workbook).rows))
    plan = plan_of(case, first_fit(case) if assignment is None else assignment)
    path.write_text(plan_to_json(plan), encoding="utf-8")
    return plan


def first_fit(case: Case) -> dict[str, str]:
    """Every bundle with its current practitioner, else with the first who has room."""
    assignment: dict[str, str] = {}
    load: dict[str, int] = defaultdict(int)
    for bundle in bundles(case):
        for person in sorted(case.practitioners, key=lambda person: (person.id != bundle[0].current, person.id)):
            minutes = sum(load_minutes(case, person, unit) for unit in bundle)
            if may_take(case, person, bundle) and load[person.id] + minutes <= person.maximum_minutes:
                load[person.id] += minutes
                assignment |= {unit.id: person.id for unit in bundle}
                break
    return assignment


def plan_of(case: Case, assignment: Mapping[str, str]) -> Plan:
    """The plan that holds exactly this assignment."""
    wanted = targets(case)
    own = {person.id: [unit for unit in case.units if assignment.get(unit.id) == person.id] for person in case.practitioners}
    rows = []
    loads = []
    for person in case.practitioners:
        driven = {unit.id: pair_travel_minutes(case, person, unit) for unit in own[person.id]}
        rows += [Assignment(unit.id, person.id, unit.minutes, driven[unit.id]) for unit in own[person.id]]
        minutes = sum(load_minutes(case, person, unit) for unit in own[person.id])
        peak = minutes + sum(unit.peak_minutes - unit.minutes for unit in own[person.id])
        loads.append(
            Load(
                practitioner=person.id,
                capacity_minutes=person.capacity_minutes,
                maximum_minutes=person.maximum_minutes,
                assigned_minutes=minutes,
                travel_minutes=sum(driven.values()),
                units=len(own[person.id]),
                clients=sum(unit.clients for unit in own[person.id]),
                target_minutes=wanted[person.id],
                peak_minutes=peak,
            )
        )
    return Plan(
        case_digest=digest(case),
        assignments=tuple(sorted(rows, key=lambda row: row.unit)),
        waiting=waiting_entries(case, assignment),
        cover=(),
        loads=tuple(loads),
        score=score(case, assignment),
        bound=Bound(0.0, 0.0, {}, 0.0, "trivial"),
        notices=(),
        provenance=Provenance(0, "test", 0.0, "by hand", "hand"),
    )
