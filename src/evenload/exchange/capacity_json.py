"""CAPACITY.json: the three steps as other people's scripts read them (schema `evenload.capacity/1`).

Hours are over the whole period, decimals rounded to six places; what cannot be computed is null, with its reason beside it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any, Final

from evenload.planning.capacity import Capacity
from evenload.planning.capacity_plan import (
    CapacityPlan,
    Caseload,
    ClassLine,
    CurrentCaseload,
    Match,
    Pool,
    Sensitivity,
    WisnView,
    WorkloadComponent,
)

SCHEMA: Final = "evenload.capacity/1"
_POOL_ORDER: Final = {"fr": 0, "other": 1, "all": 2}


def capacity_to_json(plan: CapacityPlan) -> str:
    """The capacity plan as the text of CAPACITY.json; the same plan gives the same text."""
    table = {
        "schema": SCHEMA,
        "setting": plan.setting,
        "period": {"start": plan.period.starts_on.isoformat(), "weeks": plan.period.weeks},
        "practitioners": [_practitioner(row) for row in sorted(plan.capacities, key=lambda row: row.practitioner)],
        "classes": [_class(row) for row in sorted(plan.classes, key=lambda row: (row.discipline, row.class_id))],
        "pools": [_pool(row) for row in sorted(plan.pools, key=lambda row: (row.discipline, row.area, _POOL_ORDER[row.language]))],
        "match": [_match(row) for row in sorted(plan.match, key=lambda row: row.discipline)],
        "wisn": [_wisn(row) for row in sorted(plan.wisn, key=lambda row: row.discipline)],
        "sensitivity": [_sensitivity(row) for row in sorted(plan.sensitivity, key=lambda row: (row.discipline, row.what, row.percent))],
        "current": [_current(row) for row in sorted(plan.current, key=lambda row: row.practitioner)],
        "notices": [{"code": n.code, "item": n.where.item, "facts": dict(n.facts)} for n in plan.notices],
    }
    return json.dumps(table, sort_keys=True, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def decimal(exact: Fraction) -> float:
    """An exact figure to six decimals."""
    return float(round(exact, 6))


def _or_null(exact: Fraction | None) -> float | None:
    return None if exact is None else decimal(exact)


def _decimals(exact: Mapping[str, Fraction]) -> dict[str, float]:
    return {name: decimal(value) for name, value in exact.items()}


def _practitioner(row: Capacity) -> dict[str, Any]:
    return {
        "id": row.practitioner,
        "disciplines": list(row.disciplines),
        "contracted_hours": decimal(row.contracted_hours),
        "absence_hours": decimal(row.absence_hours),
        "available_hours": decimal(row.available_hours),
        "worked_weeks": decimal(row.worked_weeks),
        "nonclient_hours": decimal(row.nonclient_hours),
        "client_care_hours": decimal(row.client_care_hours),
        "reserve_hours": decimal(row.reserve_hours),
        "plannable_hours": decimal(row.plannable_hours),
        "weekly_capacity_hours": decimal(row.weekly_capacity_hours),
        "weekly_maximum_hours": decimal(row.weekly_maximum_hours),
        "absences": [{"kind": kind, "hours": decimal(hours)} for kind, hours in row.absences],
        "duties": [{"kind": kind, "stated_for": who, "hours": decimal(hours)} for kind, who, hours in row.duties],
    }


def _class(row: ClassLine) -> dict[str, Any]:
    return {
        "id": row.class_id,
        "discipline": row.discipline,
        "hours_per_client": decimal(row.hours_per_client),
        "clients": row.clients,
        "visits": decimal(row.visits),
        "hours": decimal(row.hours),
        "direct_hours": decimal(row.direct_hours),
        "indirect_hours": decimal(row.indirect_hours),
        "travel_hours": decimal(row.travel_hours),
        "no_show_hours": decimal(row.no_show_hours),
        "modelled_travel_hours": decimal(row.modelled_travel_hours),
    }


def _pool(row: Pool) -> dict[str, Any]:
    return {
        "discipline": row.discipline,
        "area": row.area,
        "language": row.language,
        "supply_hours": decimal(row.supply_hours),
        "demand_hours": decimal(row.demand_hours),
        "care_hours": decimal(row.care_hours),
        "gap_hours": decimal(row.gap_hours),
        "care_gap_hours": decimal(row.care_gap_hours),
    }


def _match(row: Match) -> dict[str, Any]:
    return {
        "discipline": row.discipline,
        "supply_hours": decimal(row.supply_hours),
        "demand_hours": decimal(row.demand_hours),
        "care_hours": decimal(row.care_hours),
        "modelled_travel_hours": decimal(row.modelled_travel_hours),
        "gap_hours": decimal(row.gap_hours),
        "gap_clients": _or_null(row.gap_clients),
        "gap_visits": _or_null(row.gap_visits),
        "gap_fte": _or_null(row.gap_fte),
        "utilisation_percent": _or_null(row.utilisation_percent),
        "fte_current": decimal(row.fte_current),
        "fte_required": _or_null(row.fte_required),
        "ratio": _or_null(row.ratio),
        "reason": row.reason,
        "clients": row.clients,
        "visits": decimal(row.visits),
        "caseload": _caseload(row.caseload),
    }


def _caseload(row: Caseload) -> dict[str, Any]:
    return {
        "mix": _decimals(row.mix),
        "hours_per_client": _decimals(row.hours_per_client),
        "clients": _or_null(row.clients),
        "by_class": _decimals(row.by_class),
        "whole_clients": dict(row.whole_clients),
        "spare_hours": decimal(row.spare_hours),
        "reason": row.reason,
    }


def _wisn(row: WisnView) -> dict[str, Any]:
    return {
        "discipline": row.discipline,
        "available_hours_per_fte": _or_null(row.available_hours_per_fte),
        "components": [_component(component) for component in row.components],
        "category_shares": _kinds(row.category_shares, "share"),
        "individual_hours": _kinds(row.individual_hours, "hours"),
        "basic_staff": _or_null(row.basic_staff),
        "category_factor": _or_null(row.category_factor),
        "individual_factor": _or_null(row.individual_factor),
        "required_staff": _or_null(row.required_staff),
        "current_staff": decimal(row.current_staff),
        "ratio": _or_null(row.ratio),
        "difference": _or_null(row.difference),
        "band": row.band,
        "reason": row.reason,
    }


def _component(row: WorkloadComponent) -> dict[str, Any]:
    return {
        "activity": row.activity,
        "hours": decimal(row.hours),
        "standard_workload": _or_null(row.standard_workload),
        "basic_staff": decimal(row.basic_staff),
    }


def _kinds(rows: Iterable[tuple[str, Fraction]], measure: str) -> list[dict[str, Any]]:
    return [{"kind": kind, measure: decimal(amount)} for kind, amount in rows]


def _sensitivity(row: Sensitivity) -> dict[str, Any]:
    return {
        "discipline": row.discipline,
        "what": row.what,
        "percent": row.percent,
        "supply_hours": decimal(row.supply_hours),
        "demand_hours": decimal(row.demand_hours),
        "gap_hours": decimal(row.gap_hours),
        "fte_required": _or_null(row.fte_required),
        "clients": _or_null(row.clients),
    }


def _current(row: CurrentCaseload) -> dict[str, Any]:
    return {
        "practitioner": row.practitioner,
        "units": row.units,
        "clients": row.clients,
        "care_hours": decimal(row.care_hours),
        "modelled_travel_hours": decimal(row.modelled_travel_hours),
        "plannable_hours": decimal(row.plannable_hours),
        "demand_hours": decimal(row.demand_hours),
        "utilisation_percent": _or_null(row.utilisation_percent),
    }
