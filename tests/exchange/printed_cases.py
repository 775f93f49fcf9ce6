"""Programs, capacity plans and plans that the printed pages are tested with; everything is computed, nothing is made up."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace

from evenload.exchange.example import example_rows
from evenload.exchange.facts import program_from
from evenload.exchange.rows import Rows
from evenload.planning.balance import plan_capacity
from evenload.planning.capacity_plan import CapacityPlan
from evenload.planning.case import Case, digest
from evenload.planning.eligibility import bundles
from evenload.planning.fixes import waiting_entries
from evenload.planning.plan import Assignment, Bound, Cover, Load, Plan, Provenance
from evenload.planning.prepare import case_from
from evenload.planning.program import Program
from evenload.planning.score import may_take, score
from evenload.planning.standing import standing_of
from evenload.planning.targets import targets
from evenload.planning.travel import load_minutes, pair_travel_minutes

HOSTILE_NAMES = ("=1+1", "+1", "-2", "@SUM(A1)", "\t=1", "＝1", '#read("/etc/passwd")', "$x$ *y* _z_ `w`", "<b>&amp;</b>", "Zoë Ñandú Đặng")


@dataclass(frozen=True)
class PrintedCase:
    """One program with everything that can be printed of it."""

    rows: Rows
    program: Program
    capacity: CapacityPlan
    case: Case
    plan: Plan


def printed_case(rows: Rows | None = None, **example: object) -> PrintedCase:
    """The example program of these arguments, or the given rows, planned and assigned by a plain first-fit."""
    stated = rows or example_rows(**{"practitioners": 6, "units": 40, "setting": "school", "seed": 3, **example})
    program = program_from(stated)
    case = case_from(program)
    return PrintedCase(stated, program, plan_capacity(program, nearest_travel=nearest_travel(case)), case, first_fit(case))


def with_hostile_names(rows: Rows) -> Rows:
    """The same program with names that are formulas, markup or foreign letters."""
    people = [replace(row, name=name) for row, name in zip(rows.practitioners, HOSTILE_NAMES, strict=False)]
    sites = [replace(row, name_en=f"=HYPERLINK({row.id})", name_fr=f"=LIEN({row.id})") for row in rows.sites]
    units = [replace(row, label=f"+{row.id}", note="@cmd|'/C calc'!A0") for row in rows.units]
    program = replace(rows.program, name_en="=cmd & Co", name_fr="=cmd & Cie")
    return replace(
        rows, program=program, practitioners=(*people, *rows.practitioners[len(people) :]), sites=tuple(sites), units=tuple(units)
    )


def nearest_travel(case: Case) -> dict[str, int]:
    """Weekly travel of the nearest practitioner who may take each unit, by stated unit."""
    found: dict[str, int] = defaultdict(int)
    for unit in case.units:
        travel = [pair_travel_minutes(case, p, unit) for p in case.practitioners if may_take(case, p, (unit,))]
        if travel and not unit.travel_in_standard:
            found[unit.stated_id] += min(travel)
    return dict(found)


def first_fit(case: Case) -> Plan:
    """Each bundle to the first who may take it and has room, the last practitioner first so that some units change hands."""
    holder: dict[str, str] = {}
    load: dict[str, int] = defaultdict(int)
    for bundle in bundles(case):
        for person in reversed(case.practitioners):
            needed = sum(load_minutes(case, person, unit) for unit in bundle)
            if may_take(case, person, bundle) and load[person.id] + needed <= person.maximum_minutes:
                holder.update({unit.id: person.id for unit in bundle})
                load[person.id] += needed
                break
    return plan_of(case, holder)


def plan_of(case: Case, holder: dict[str, str]) -> Plan:
    """The Plan that holds exactly this assignment, with the trivial bound."""
    wanted = targets(case)
    standing = standing_of(case, holder, wanted)
    units = {unit.id: unit for unit in case.units}
    rows = [(units[id], case.practitioner(name)) for id, name in holder.items()]
    return Plan(
        case_digest=digest(case),
        assignments=tuple(Assignment(u.id, p.id, u.minutes, pair_travel_minutes(case, p, u)) for u, p in rows),
        waiting=waiting_entries(case, holder, targets_minutes=wanted),
        cover=tuple(Cover(u.id, other.id) for u, p in rows for other in case.practitioners[:1] if other.id != p.id),
        loads=tuple(
            Load(
                practitioner=p.id,
                capacity_minutes=p.capacity_minutes,
                maximum_minutes=p.maximum_minutes,
                assigned_minutes=standing.weeks[p.id].minutes,
                travel_minutes=standing.weeks[p.id].travel_minutes,
                units=standing.weeks[p.id].units,
                clients=standing.weeks[p.id].clients,
                target_minutes=wanted[p.id],
                peak_minutes=standing.weeks[p.id].peak_minutes,
            )
            for p in case.practitioners
        ),
        score=score(case, holder, targets_minutes=wanted),
        bound=Bound(0.0, 0.0, dict.fromkeys((p.id for p in case.practitioners), 0.0), 0.0, "trivial"),
        notices=case.notices,
        provenance=Provenance(seed=0, version="test", seconds=0.0, method="first fit", stopped_by="end"),
    )
