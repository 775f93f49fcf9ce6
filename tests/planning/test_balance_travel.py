from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest

from evenload.planning.balance import plan_capacity
from evenload.planning.period_travel import plan_program, whole_period_travel
from evenload.planning.problems import CaseError
from evenload.planning.program import Duty
from planning.facts_made import complexity
from planning.worked_example import worked_example


def test_each_unit_takes_the_travel_of_its_nearest_eligible_practitioner() -> None:
    travel = whole_period_travel(worked_example())
    assert (travel["u1"], travel["u2"], travel["u4"], travel["u5"]) == (22, 15, 35, 6)


def test_travel_of_a_unit_that_nobody_may_take_is_left_out_and_said() -> None:
    stated = worked_example()
    bea = replace(stated.practitioners[1], languages={"fr": "functional"})
    without_french = replace(stated, practitioners=(stated.practitioners[0], bea, stated.practitioners[2]))
    assert not {"u2", "u5"} & set(whole_period_travel(without_french))
    (notice,) = [n for n in plan_program(without_french).notices if n.code == "travel_left_out"]
    assert notice.facts["ids"] == "u2; u5"


def test_classes_with_a_travel_standard_are_not_modelled() -> None:
    stated = worked_example()
    classes = tuple(replace(one, travel_minutes=Fraction(10)) if one.id == "mod" else one for one in stated.classes)
    assert set(whole_period_travel(replace(stated, classes=classes))) == {"u3", "u5", "u7"}


def test_modelled_travel_does_not_depend_on_the_day_nor_on_the_contract() -> None:
    stated = replace(worked_example(), units=tuple(replace(u, visits_used=None) for u in worked_example().units))
    later = replace(stated, period=replace(stated.period, as_of=stated.period.starts_on + timedelta(weeks=12)))
    assert whole_period_travel(later) == whole_period_travel(stated)
    assert whole_period_travel(replace(stated, contracted_visits=Fraction(1))) == whole_period_travel(stated)


def test_blocks_of_a_large_unit_add_up_under_its_own_name() -> None:
    stated = worked_example()
    grown = replace(stated, units=(replace(stated.units[0], clients=40), *stated.units[1:]))
    assert "u1#1" not in whole_period_travel(grown)
    assert whole_period_travel(grown)["u1"] > 22


def test_a_contract_does_not_cut_the_travel_of_large_units() -> None:
    stated = worked_example()
    large = replace(stated.units[0], class_id="high", clients=8)  # three blocks drive more often than one unit would
    grown = replace(stated, units=(large, *stated.units[1:]))
    assert whole_period_travel(replace(grown, contracted_visits=Fraction(1))) == whole_period_travel(grown)


def test_visits_used_within_the_period_were_driven_as_well() -> None:
    stated = worked_example()
    halfway = replace(stated, period=replace(stated.period, as_of=stated.period.starts_on + timedelta(weeks=10)))
    done = replace(halfway, units=(replace(stated.units[0], visits_used=Fraction(224)), *stated.units[1:]))
    assert whole_period_travel(done)["u1"] == 22


def test_the_planned_program_holds_care_and_travel() -> None:
    row, care = plan_program(worked_example()).match[0], plan_capacity(worked_example()).match[0]
    assert row.care_hours == care.demand_hours
    assert row.demand_hours == row.care_hours + row.modelled_travel_hours
    assert row.modelled_travel_hours == Fraction(sum(whole_period_travel(worked_example()).values()) * 20, 60)


def test_every_problem_is_reported_before_any_travel_is_modelled() -> None:
    stated = replace(
        worked_example(),
        duties=(Duty("*", "all", "percent", Fraction(100)),),
        classes=(*worked_example().classes, complexity("odd", no_show_rate=1)),
    )
    with pytest.raises(CaseError) as raised:
        plan_program(stated, mix={"nope": Fraction(1)})
    assert {p.code for p in raised.value.problems} == {"duties_exceed_available", "rate_out_of_range", "unknown_class"}
