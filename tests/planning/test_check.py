"""The second count: a plan of the engine agrees with it, and every planted error is found by its own code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest

from evenload.planning.case import Case
from evenload.planning.check import counted_parts, differences, units_that_moved
from evenload.planning.optimise import Limit, solve
from evenload.planning.plan import Assignment, Cover, Plan, Reason
from evenload.planning.prepare import case_from
from evenload.planning.problems import Notice, Where
from evenload.planning.recount_bound import recounted_bound
from planning.worked_example import worked_example

pytestmark = pytest.mark.slow


@cache
def case() -> Case:
    program = worked_example()
    bound_together = tuple(replace(unit, together="pair") if unit.id in ("u7", "u8") else unit for unit in program.units)
    return case_from(replace(program, units=bound_together))


@cache
def plan() -> Plan:
    return solve(case())


def codes(changed: Plan) -> set[str]:
    return {problem.code for problem in differences(case(), changed)}


def test_a_plan_of_the_engine_agrees_with_the_second_count() -> None:
    assert differences(case(), plan()) == ()


def test_a_plan_of_another_case_is_not_counted_at_all() -> None:
    assert codes(replace(plan(), case_digest="sha256:0")) == {"other_case"}


def row(changed: Plan, unit: str, **facts: object) -> Plan:
    rows = tuple(replace(one, **facts) if one.unit == unit else one for one in changed.assignments)
    return replace(changed, assignments=rows)


def without(changed: Plan, unit: str) -> Plan:
    return replace(changed, assignments=tuple(one for one in changed.assignments if one.unit != unit))


def load(changed: Plan, practitioner: str, **facts: object) -> Plan:
    return replace(changed, loads=tuple(replace(one, **facts) if one.practitioner == practitioner else one for one in changed.loads))


def score_part(changed: Plan, name: str, more: float) -> Plan:
    parts = {**changed.score.parts, name: changed.score.parts[name] + more}
    return replace(changed, score=replace(changed.score, parts=parts))


PLANTED: dict[str, tuple[Callable[[Plan], Plan], set[str]]] = {
    "a unit is forgotten": (lambda p: without(p, "u1"), {"unit_missing"}),
    "a unit stands twice": (lambda p: replace(p, assignments=(*p.assignments, p.assignments[0])), {"unit_twice"}),
    "a unit is invented": (lambda p: replace(p, assignments=(*p.assignments, Assignment("u99", "Ana", 1, 0))), {"unit_unknown"}),
    "a practitioner is invented": (lambda p: row(p, "u1", practitioner="Zoé"), {"practitioner_unknown"}),
    "a French unit goes to somebody without French": (
        lambda p: replace(row(p, "u2", practitioner="Ana"), cover=()),
        {"rule_broken", "above_maximum", "minutes_differ", "load_differs", "score_differs"},
    ),
    "a bundle is scattered": (
        lambda p: replace(row(p, "u8", practitioner="Ana"), cover=()),
        {"together_scattered", "minutes_differ", "load_differs", "score_differs"},
    ),
    "minutes are wrong": (lambda p: row(p, "u1", minutes=853), {"minutes_differ"}),
    "travel is wrong": (lambda p: row(p, "u1", travel_minutes=23), {"minutes_differ"}),
    "a load is wrong": (lambda p: load(p, "Ana", assigned_minutes=1), {"load_differs"}),
    "a number of units is wrong": (lambda p: load(p, "Béa", units=99), {"load_differs"}),
    "a capacity is wrong": (lambda p: load(p, "Cal", capacity_minutes=884), {"load_differs"}),
    "a part of the score is wrong": (lambda p: score_part(p, "travel", 0.001), {"score_differs"}),
    "what is unavoidable is wrong": (
        lambda p: replace(p, score=replace(p.score, unavoidable=1.0)),
        {"score_differs"},
    ),
    "a bound lies above the score": (
        lambda p: replace(p, bound=replace(p.bound, hours=p.score.hours + 0.01)),
        {"bound_above_score"},
    ),
    "a bound is claimed that the prices do not certify": (
        lambda p: replace(p, bound=replace(p.bound, certified_hours=p.bound.certified_hours + 0.01)),
        {"bound_not_certified"},
    ),
    "cover cannot cover": (lambda p: replace(p, cover=(Cover("u2", "Ana"),)), {"cover_not_eligible"}),
    "cover is the holder": (lambda p: replace(p, cover=(Cover("u1", p.assignments[0].practitioner),)), {"cover_not_eligible"}),
}


@pytest.mark.parametrize("planted", PLANTED)
def test_a_planted_error_is_found(planted: str) -> None:
    change, expected = PLANTED[planted]
    assert codes(change(plan())) == expected


def test_a_unit_that_waits_without_a_reason_is_found() -> None:
    waiting = solve(without_french()).waiting
    bare = tuple(replace(entry, reasons=()) for entry in waiting)
    found = differences(without_french(), replace(solve(without_french()), waiting=bare))
    assert {problem.code for problem in found} == {"reason_missing"}
    assert all(isinstance(reason, Reason) for entry in waiting for reason in entry.reasons)


@cache
def without_french() -> Case:
    program = worked_example()
    people = tuple(replace(p, languages={"en": "fluent"}) for p in program.practitioners)
    return case_from(replace(program, practitioners=people))


def test_a_load_above_the_maximum_is_found_and_a_pin_above_it_is_not() -> None:
    program = worked_example()
    everything = {unit.id: "Ana" for unit in case().units}
    parts = counted_parts(case(), everything)
    assert parts["travel"] > 0
    pinned = tuple(replace(u, current_practitioner="Cal", pinned=True) if u.id in ("u3", "u4") else u for u in program.units)
    over = case_from(replace(program, units=pinned))
    found = solve(over)
    assert differences(over, found) == ()
    cal = next(one for one in found.loads if one.practitioner == "Cal")
    assert cal.assigned_minutes > cal.maximum_minutes
    assert cal.units == 2


def test_moves_above_the_limit_are_found_unless_the_plan_says_so() -> None:
    limited = solve(case(), limit=Limit(max_moves=0))
    assert differences(case(), limited) == ()
    moved = solve(moving_case())
    count = len(units_that_moved(moving_case(), {one.unit: one.practitioner for one in moved.assignments}))
    assert count > 0
    claimed = replace(moved, provenance=replace(moved.provenance, max_moves=count - 1))
    assert {problem.code for problem in differences(moving_case(), claimed)} == {"moves_above_limit"}
    notice = Notice("max_moves_exceeded", Where("provenance", None, "max_moves"))
    assert "moves_above_limit" not in {p.code for p in differences(moving_case(), replace(claimed, notices=(*claimed.notices, notice)))}


@cache
def moving_case() -> Case:
    """Everybody's school is with somebody far away, so that moving pays."""
    program = worked_example()
    wrong = {"u1": "Cal", "u3": "Ana", "u7": "Ana", "u8": "Béa"}
    units = tuple(replace(unit, current_practitioner=wrong.get(unit.id, unit.current_practitioner)) for unit in program.units)
    return case_from(replace(program, units=units))


def test_the_bound_counts_nothing_for_prices_that_prove_nothing() -> None:
    honest = recounted_bound(case(), plan())
    absurd = replace(plan(), bound=replace(plan().bound, trip_prices=dict.fromkeys(("Ana", "Béa", "Cal"), -5.0), move_price=-3.0))
    assert recounted_bound(case(), absurd) <= plan().score.hours
    assert honest <= plan().score.hours + 1e-9
