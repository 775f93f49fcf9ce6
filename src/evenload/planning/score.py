"""The score: what a whole assignment costs, by part, in hours per week. The sum of goals defined in `goals`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction

from evenload.planning.case import Case, Practitioner, Unit
from evenload.planning.codes import SCORE_PARTS
from evenload.planning.eligibility import bundles, is_eligible, is_pinned_to
from evenload.planning.goals import load_hours, pair_hours, site_visit_hours, waiting_hours
from evenload.planning.plan import Score
from evenload.planning.robust import spread_minutes
from evenload.planning.targets import fair_shares, practitioners_by_discipline, targets
from evenload.planning.travel import load_minutes, pair_travel_minutes


def score(
    case: Case,
    assignment: Mapping[str, str],
    *,
    targets_minutes: Mapping[str, int] | None = None,
    unavoidable: float | None = None,
) -> Score:
    """Price of an assignment (unit id → practitioner id; the rest waits), by part, in hours per week.

    `targets_minutes` and `unavoidable` save computing them again where the caller has them (`targets`, `unavoidable_hours`).
    Raises KeyError for an unknown unit or practitioner.
    """
    known = {unit.id: unit for unit in case.units}
    parts = dict.fromkeys(SCORE_PARTS, 0.0)
    for unit_id, practitioner_id in sorted(assignment.items()):
        for name, hours in pair_hours(case, case.practitioner(practitioner_id), known[unit_id]).items():
            parts[name] += hours
    parts["waiting"] = sum(waiting_hours(case, unit) for unit in _by_id(case) if unit.id not in assignment)
    wanted = targets(case) if targets_minutes is None else targets_minutes
    for name, hours in _load_parts(case, assignment, wanted).items():
        parts[name] += hours
    for name, hours in companion_hours(case, assignment).items():
        parts[name] += hours
    return Score(parts=parts, unavoidable=unavoidable_hours(case) if unavoidable is None else unavoidable)


def _by_id(case: Case) -> list[Unit]:
    return sorted(case.units, key=lambda unit: unit.id)


def _load_parts(case: Case, assignment: Mapping[str, str], wanted: Mapping[str, int]) -> dict[str, float]:
    """overload, balance, site_visits, balance_clients and balance_travel: prices of each one's totals."""
    caseloads: dict[str, list[Unit]] = defaultdict(list)
    for unit in _by_id(case):
        if unit.id in assignment:
            caseloads[assignment[unit.id]].append(unit)
    parts = dict.fromkeys(("overload", "balance", "site_visits", "balance_clients", "balance_travel"), 0.0)
    shares = fair_shares(case) if case.prices.balance_clients or case.prices.balance_travel else {}
    for practitioner in sorted(case.practitioners, key=lambda p: p.id):
        units = caseloads[practitioner.id]
        minutes = sum(load_minutes(case, practitioner, unit) for unit in units)
        overload, balance = load_hours(case, practitioner, minutes, wanted[practitioner.id])
        parts["overload"] += overload
        parts["balance"] += balance
        parts["site_visits"] += site_visit_hours(case, practitioner, sum((unit.trips for unit in units), Fraction(0)))
        if shares:
            fair = shares[practitioner.id]
            driven = sum(pair_travel_minutes(case, practitioner, unit) for unit in units)
            parts["balance_clients"] += case.prices.balance_clients * abs(sum(u.clients for u in units) - float(fair.clients))
            parts["balance_travel"] += case.prices.balance_travel * max(0.0, driven - float(fair.travel_minutes)) / 60
    return parts


def companion_hours(case: Case, assignment: Mapping[str, str]) -> dict[str, float]:
    """split: each further practitioner of one stated unit's blocks; site_sharing: of one discipline at one site."""
    of_unit: dict[str, set[str]] = defaultdict(set)
    at_site: dict[tuple[str, str], set[str]] = defaultdict(set)
    for unit in case.units:
        if unit.id in assignment:
            of_unit[unit.stated_id].add(assignment[unit.id])
            if unit.site is not None:
                at_site[unit.site, unit.discipline].add(assignment[unit.id])
    further = sum(len(people) - 1 for people in of_unit.values())
    sharing = sum(len(people) - 1 for people in at_site.values())
    return {"split": case.prices.split * further, "site_sharing": case.prices.site_sharing * sharing}


def unavoidable_hours(case: Case) -> float:
    """Waiting price of units that nobody may take: held back, without an eligible practitioner, or larger than any maximum."""
    by_discipline = practitioners_by_discipline(case)
    hours = sum(waiting_hours(case, unit) for unit in _by_id(case) if unit.held_back is not None)
    for bundle in bundles(case):
        if not any(may_take(case, p, bundle) for p in by_discipline.get(bundle[0].discipline, [])):
            hours += sum(waiting_hours(case, unit) for unit in bundle)
    return hours


def may_take(case: Case, practitioner: Practitioner, bundle: tuple[Unit, ...]) -> bool:
    """Whether the practitioner is eligible for every unit of the bundle and it fits under her maximum (with what it may need
    beyond its own, where that is protected), or is pinned to her."""
    if not all(is_eligible(case, practitioner, unit) for unit in bundle):
        return False
    if is_pinned_to(practitioner, bundle[0]):
        return True
    needed = sum(load_minutes(case, practitioner, unit) for unit in bundle) + spread_minutes(case, bundle)
    return needed <= practitioner.maximum_minutes
