"""The worked example of the definitions, end to end, with each of its variants, as printed there."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from evenload.planning.check import differences
from evenload.planning.optimise import solve
from evenload.planning.plan import Plan
from evenload.planning.prepare import case_from
from evenload.planning.program import Place, Program, Site, UnitFacts
from planning.worked_example import worked_example

pytestmark = pytest.mark.slow


def solved(program: Program) -> Plan:
    case = case_from(program)
    plan = solve(case)
    assert differences(case, plan) == ()
    return plan


def holders(plan: Plan) -> dict[str, str]:
    return {row.unit: row.practitioner for row in plan.assignments}


def percent_of_capacity(plan: Plan) -> dict[str, int]:
    return {load.practitioner: round(100 * load.assigned_minutes / load.capacity_minutes) for load in plan.loads}


def with_units(change) -> Program:
    program = worked_example()
    return replace(program, units=tuple(change(unit) for unit in program.units))


def test_the_plan_comes_out_as_printed() -> None:
    plan = solved(worked_example())

    assert holders(plan) == {"u1": "Ana", "u2": "Béa", "u3": "Ana", "u4": "Cal", "u5": "Béa", "u6": "Béa", "u7": "Cal", "u8": "Cal"}
    assert {row.unit: (row.minutes, row.travel_minutes) for row in plan.assignments} == {
        "u1": (854, 22),
        "u2": (732, 15),
        "u3": (600, 70),
        "u4": (610, 35),
        "u5": (150, 6),
        "u6": (61, 12),
        "u7": (150, 29),
        "u8": (23, 4),
    }
    assert {load.practitioner: load.assigned_minutes for load in plan.loads} == {"Ana": 1546, "Béa": 976, "Cal": 851}
    assert percent_of_capacity(plan) == {"Ana": 88, "Béa": 71, "Cal": 96}
    assert plan.waiting == ()
    assert {name: round(hours, 2) for name, hours in plan.score.parts.items() if hours} == {
        "travel": 3.22,
        "language": 0.90,
        "interests": 0.40,
        "experience": 0.30,
        "balance": 0.12,
    }
    assert round(plan.score.hours, 2) == 4.93


def test_the_plan_is_proved_optimal_and_written_back_nothing_changes() -> None:
    plan = solved(worked_example())
    assert plan.bound.hours == pytest.approx(plan.score.hours, abs=1e-6)

    written_back = with_units(lambda unit: replace(unit, current_practitioner=holders(plan)[unit.id]))
    again = solved(written_back)
    assert holders(again) == holders(plan)
    assert again.score.hours == pytest.approx(plan.score.hours)


def test_too_high_lowers_cals_load_from_96_to_84_percent() -> None:
    program = worked_example()
    people = tuple(replace(p, feedback="too_high") if p.id == "Cal" else p for p in program.practitioners)
    assert percent_of_capacity(solved(replace(program, practitioners=people)))["Cal"] == 84


def test_without_a_french_speaker_exactly_the_two_french_units_wait() -> None:
    program = worked_example()
    people = tuple(replace(p, languages={"fr": "functional", "en": "fluent"}) if p.id == "Béa" else p for p in program.practitioners)
    plan = solved(replace(program, practitioners=people))
    assert {entry.unit for entry in plan.waiting} == {"u2", "u5"}
    assert {entry.reasons[0].code for entry in plan.waiting} == {"language_french"}


def test_a_school_of_thirty_becomes_five_blocks_of_six_and_ana_keeps_four() -> None:
    plan = solved(with_units(lambda unit: replace(unit, clients=30) if unit.id == "u1" else unit))
    placed = holders(plan)
    assert Counter(placed[f"u1#{n}"] for n in range(1, 6)) == {"Ana": 4, "Béa": 1}
    assert placed["u3"] == "Cal"
    assert {entry.unit for entry in plan.waiting} == {"u4"}


def test_of_a_further_school_one_block_goes_to_bea_and_the_others_wait() -> None:
    program = worked_example()
    site = Site(id="E", kind="school", place=Place(45.37, -75.66))
    unit = UnitFacts(id="u9", kind="site", site="E", discipline="OT", class_id="mod", clients=16, language="en")
    plan = solved(replace(program, sites=(*program.sites, site), units=(*program.units, unit)))
    blocks = {id: who for id, who in holders(plan).items() if id.startswith("u9")}
    assert list(blocks.values()) == ["Béa"]
    assert {entry.unit for entry in plan.waiting} == {"u9#1", "u9#2", "u9#3"} - blocks.keys()
