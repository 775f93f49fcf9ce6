"""PLAN.json, both ways: the Plan as other people's scripts read it (schema `evenload.plan/1`).

Canonical: keys sorted, rows in order of their ids, hours rounded to six decimals, so that equal plans give equal bytes.
A bound is rounded down and never above the score; prices keep all digits, for the bound is recounted from them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from typing import Any, Final

from evenload.exchange.plan_json_reading import Node, parsed
from evenload.planning.codes import SCORE_PARTS
from evenload.planning.plan import Assignment, Bound, Cover, Fix, Load, Plan, Protection, Provenance, Reason, Score, Waiting, WholeHour
from evenload.planning.problems import Notice, Where

SCHEMA: Final = "evenload.plan/1"
_SIX_PLACES: Final = Decimal("0.000001")
_NO_DECIMALS_ABOVE: Final = 2.0**53


def plan_to_json(plan: Plan) -> str:
    """The Plan as the text of PLAN.json; the same Plan gives the same text, whatever the order of its rows."""
    return json.dumps(_plan_table(plan), sort_keys=True, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def plan_from_json(text: str) -> Plan:
    """The Plan in the text of a PLAN.json. Unknown further keys are allowed.

    Raises CaseError with every problem found: no JSON, another schema, a missing field, a value of the wrong type.
    """
    return parsed(text, SCHEMA, _plan)


def rounded(hours: float) -> float:
    """Hours to six decimals, halves to even."""
    return _quantized(hours, ROUND_HALF_EVEN)


def _quantized(hours: float, rounding: str) -> float:
    if abs(hours) >= _NO_DECIMALS_ABOVE:
        return float(hours)
    # through the shortest decimal text, so that rounding twice changes nothing
    return float(Decimal(repr(float(hours))).quantize(_SIX_PLACES, rounding=rounding)) + 0.0


def _plan_table(plan: Plan) -> dict[str, Any]:
    score = _score_table(plan.score)
    table: dict[str, Any] = {
        "schema": SCHEMA,
        "case": plan.case_digest,
        "assignments": [_assignment_row(row) for row in sorted(plan.assignments, key=lambda row: row.unit)],
        "unassigned": [_waiting_row(row) for row in sorted(plan.waiting, key=lambda row: row.unit)],
        "cover": [{"unit": row.unit, "practitioner": row.practitioner} for row in sorted(plan.cover, key=lambda row: row.unit)],
        "practitioners": [_load_row(row) for row in sorted(plan.loads, key=lambda row: row.practitioner)],
        "score": score,
        "bound": _bound_table(plan.bound, score),
        "notices": [_notice_row(notice) for notice in sorted(plan.notices, key=_notice_order)],
        "provenance": _provenance_table(plan.provenance),
        "hours_saved": [_hour_row(row) for row in sorted(plan.hours_saved, key=lambda row: (row.discipline, row.language, row.area))],
    }
    if plan.protection is not None:
        table["protection"] = _protection_table(plan, plan.protection)
    return table


def _protection_table(plan: Plan, protection: Protection) -> dict[str, Any]:
    """The same figures with and without protection; prices in hours per week."""
    hours, without = rounded(plan.score.hours), rounded(protection.hours_without)
    return {
        "robust": protection.robust,
        "price_hours": rounded(max(0.0, hours - without)),
        "hours": {"without": without, "with": hours},
        "waiting_units": {"without": protection.waiting_units_without, "with": len(plan.waiting)},
        "waiting_minutes": {"without": protection.waiting_minutes_without, "with": sum(entry.minutes for entry in plan.waiting)},
    }


def _assignment_row(row: Assignment) -> dict[str, Any]:
    return {"unit": row.unit, "practitioner": row.practitioner, "minutes": row.minutes, "travel_minutes": row.travel_minutes}


def _waiting_row(row: Waiting) -> dict[str, Any]:
    return {
        "unit": row.unit,
        "minutes": row.minutes,
        "reasons": [_with_facts({"code": reason.code}, reason.facts) for reason in row.reasons],
        "nearest_fix": _with_facts({"code": row.nearest_fix.code, "practitioner": row.nearest_fix.practitioner}, row.nearest_fix.facts),
    }


def _with_facts(named: dict[str, Any], facts: Mapping[str, str | int | float]) -> dict[str, Any]:
    """One flat row, as the contract prints it. A fact may not take the name of a field: it could not be read back."""
    taken = sorted(set(named) & set(facts))
    if taken:
        raise ValueError(f"a fact may not be named {taken[0]!r}")
    return named | {name: rounded(fact) if isinstance(fact, float) else fact for name, fact in facts.items()}


def _load_row(load: Load) -> dict[str, Any]:
    return {
        "id": load.practitioner,
        "capacity_minutes": load.capacity_minutes,
        "maximum_minutes": load.maximum_minutes,
        "assigned_minutes": load.assigned_minutes,
        "travel_minutes": load.travel_minutes,
        "units": load.units,
        "clients": load.clients,
        "target_minutes": load.target_minutes,
        "peak_minutes": load.peak_minutes,
    }


def _score_table(score: Score) -> dict[str, Any]:
    parts = {name: rounded(score.parts[name]) for name in sorted(score.parts)}
    return {"hours": rounded(sum(parts.values())), "unavoidable": rounded(score.unavoidable), "parts": parts}


def _bound_table(bound: Bound, score: Mapping[str, Any]) -> dict[str, Any]:
    hours = min(_quantized(bound.hours, ROUND_FLOOR), float(score["hours"]))
    written = Score(parts=score["parts"], unavoidable=score["unavoidable"])
    shown = Bound(hours=hours, certified_hours=0.0, prices={}, move_price=0.0, method="")
    return {
        "hours": hours,
        "certified_hours": _quantized(bound.certified_hours, ROUND_FLOOR),
        "prices": {id: float(price) for id, price in bound.prices.items()},
        "move_price": float(bound.move_price),
        "trip_prices": {id: float(price) for id, price in bound.trip_prices.items()},
        "gap_percent": rounded(shown.gap_percent(written)),
        "method": bound.method,
        **({"unit_prices": {id: float(price) for id, price in bound.unit_prices.items()}} if bound.unit_prices else {}),
    }


def _hour_row(row: WholeHour) -> dict[str, Any]:
    return {"discipline": row.discipline, "language": row.language, "area": row.area, "hours": rounded(row.hours)}


def _notice_row(notice: Notice) -> dict[str, Any]:
    where = {"table": notice.where.table, "item": notice.where.item, "field": notice.where.field}
    return {"code": notice.code, "where": where, "facts": dict(notice.facts)}


def _notice_order(notice: Notice) -> tuple[str, ...]:
    where = notice.where
    return (notice.code, where.table, where.item or "", where.field or "", json.dumps(dict(notice.facts), sort_keys=True))


def _provenance_table(provenance: Provenance) -> dict[str, Any]:
    return {
        "seed": provenance.seed,
        "version": provenance.version,
        "seconds": rounded(provenance.seconds),
        "method": provenance.method,
        "stopped_by": provenance.stopped_by,
        "effort": provenance.effort,
        "max_moves": provenance.max_moves,
        "as_of": provenance.as_of.isoformat() if provenance.as_of else None,
        **({"robust": provenance.robust} if provenance.robust else {}),
        **({"seeds": provenance.seeds} if provenance.seeds > 1 else {}),
    }


def _plan(root: Node) -> Plan:
    return Plan(
        case_digest=root.text("case"),
        assignments=tuple(_assignment(row) for row in root.rows("assignments")),
        waiting=tuple(_waiting(row) for row in root.rows("unassigned")),
        cover=tuple(Cover(row.text("unit"), row.text("practitioner")) for row in root.rows("cover")),
        loads=tuple(_load(row) for row in root.rows("practitioners")),
        score=_score(root.table("score")),
        bound=_bound(root.table("bound")),
        notices=tuple(_notice(row) for row in root.rows("notices")),
        provenance=_provenance(root.table("provenance")),
        hours_saved=tuple(_hour(row) for row in root.rows("hours_saved", optional=True)),
        protection=_protection(root.table("protection", optional=True)),
    )


def _protection(table: Node) -> Protection | None:
    robust = table.whole("robust", 0)
    if not robust:
        return None
    units, minutes = table.table("waiting_units").whole("without"), table.table("waiting_minutes").whole("without")
    return Protection(robust, table.table("hours").number("without"), units, minutes)


def _hour(row: Node) -> WholeHour:
    return WholeHour(row.text("discipline"), row.text("language"), row.text("area"), row.number("hours"))


def _assignment(row: Node) -> Assignment:
    return Assignment(row.text("unit"), row.text("practitioner"), row.whole("minutes"), row.whole("travel_minutes"))


def _waiting(row: Node) -> Waiting:
    reasons = tuple(Reason(reason.text("code"), reason.facts("code")) for reason in row.rows("reasons"))
    fix = row.table("nearest_fix")
    nearest = Fix(fix.text("code"), fix.text_or_none("practitioner"), fix.facts("code", "practitioner"))
    return Waiting(row.text("unit"), row.whole("minutes"), reasons, nearest)


def _load(row: Node) -> Load:
    return Load(
        practitioner=row.text("id"),
        capacity_minutes=row.whole("capacity_minutes"),
        maximum_minutes=row.whole("maximum_minutes"),
        assigned_minutes=row.whole("assigned_minutes"),
        travel_minutes=row.whole("travel_minutes"),
        units=row.whole("units"),
        clients=row.whole("clients", 0),
        target_minutes=row.whole("target_minutes", 0),
        peak_minutes=row.whole("peak_minutes", 0),
    )


def _score(table: Node) -> Score:
    parts = table.numbers("parts")
    return Score({name: parts.get(name, 0.0) for name in (*SCORE_PARTS, *(set(parts) - set(SCORE_PARTS)))}, table.number("unavoidable"))


def _bound(table: Node) -> Bound:
    return Bound(
        hours=table.number("hours"),
        certified_hours=table.number("certified_hours"),
        prices=table.numbers("prices"),
        move_price=table.number("move_price"),
        method=table.text("method"),
        trip_prices=table.numbers("trip_prices", optional=True),
        unit_prices=table.numbers("unit_prices", optional=True),
    )


def _notice(row: Node) -> Notice:
    where = row.table("where", optional=True)
    place = Where(where.text("table", ""), where.text_or_none("item"), where.text_or_none("field"))
    return Notice(row.text("code"), place, row.table("facts", optional=True).texts())


def _provenance(table: Node) -> Provenance:
    return Provenance(
        seed=table.whole("seed"),
        version=table.text("version"),
        seconds=table.number("seconds"),
        method=table.text("method"),
        stopped_by=table.text("stopped_by"),
        effort=table.whole("effort", 0),
        max_moves=table.whole_or_none("max_moves"),
        as_of=table.day_or_none("as_of"),
        robust=table.whole("robust", 0),
        seeds=table.whole("seeds", 1),
    )
