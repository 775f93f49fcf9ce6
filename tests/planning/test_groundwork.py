"""A plan of facts that differ in a little takes over what is the same, and comes out the same as if it were counted anew."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from evenload.exchange.example import example_rows
from evenload.exchange.facts import program_from
from evenload.planning import period_travel
from evenload.planning.balance import plan_on
from evenload.planning.period_travel import groundwork, plan_program
from evenload.planning.program import Absence, Duty, Program, Visit
from evenload.planning.scenario import (
    AbsenceAdded,
    AbsenceChanges,
    Change,
    ClientsChange,
    DutyAdded,
    DutyChanges,
    MixChanges,
    ReserveChanges,
    Scenario,
    StaffChanges,
    StaffLeaves,
    StandardChanges,
    changed,
)
from planning.worked_example import worked_example


def community() -> Program:
    return program_from(example_rows(practitioners=8, units=40, setting="community", seed=5))


CHANGES: tuple[tuple[Change, ...], ...] = (
    (StaffChanges("Ana", {"weekly_hours": Fraction(20)}),),
    (StaffChanges("Ana", {"weekly_hours": Fraction(0)}), AbsenceChanges(0, Fraction(0))),
    (StaffChanges("Béa", {"languages": {"en": "native"}}),),
    (StaffChanges("Cal", {"longest_drive_minutes": 3}),),
    (StaffLeaves("Béa"),),
    (AbsenceAdded(Absence("*", "more", days=Fraction(3))), DutyAdded(Duty("*", "more", "percent", Fraction(5)))),
    (AbsenceChanges(0, Fraction(12)), DutyChanges(1, Fraction(3)), ReserveChanges(Fraction(10))),
    (StandardChanges("mod", {"visits": Fraction(20)}),),
    (StandardChanges("low", {"travel_minutes": Fraction(12)}),),
    (ClientsChange("mod", 90),),
    (ClientsChange("high", 0),),
    (MixChanges({"low": Fraction(50), "mod": Fraction(50)}),),
)


@pytest.mark.parametrize("changes", CHANGES)
def test_what_is_taken_over_changes_no_figure(changes: tuple[Change, ...]) -> None:
    known = groundwork(worked_example())
    after = changed(Scenario("", worked_example()), "", *changes)
    same_objects = changed(Scenario("", known.program), "", *changes)

    found = plan_on(groundwork(same_objects.program, mix=same_objects.mix, known=known), same_objects.mix)

    assert found == plan_program(after.program, mix=after.mix)


def test_recorded_visits_make_the_times_new() -> None:
    known = groundwork(worked_example())
    visits = tuple(Visit(known.program.period.starts_on, "mod", Fraction(90), "done") for _ in range(10))
    after = replace(known.program, visits=visits)

    assert plan_on(groundwork(after, known=known), {}) == plan_program(after)


def test_travel_is_modelled_anew_only_where_it_can_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    program = community()
    known, asked = groundwork(program), []
    whole = period_travel.whole_period_travel
    monkeypatch.setattr(period_travel, "whole_period_travel", lambda stated: asked.append(stated) or whole(stated))
    someone = program.practitioners[0].id
    fewer = changed(Scenario("", program), "", StaffChanges(someone, {"weekly_hours": Fraction(10)})).program
    more_visits = changed(Scenario("", program), "", StandardChanges(program.classes[0].id, {"visits": Fraction(30)})).program

    groundwork(fewer, known=known)
    assert asked == []
    groundwork(more_visits, known=known)
    assert asked == [more_visits]


def test_so_many_clients_are_spread_as_they_lie_and_a_class_without_any_gets_a_unit() -> None:
    program = worked_example()
    grown = changed(Scenario("", program), "", ClientsChange("mod", 77)).program
    empty = replace(program, units=tuple(unit for unit in program.units if unit.class_id != "low"))
    begun = changed(Scenario("", empty), "", ClientsChange("low", 5)).program

    assert sum(unit.clients for unit in grown.units if unit.class_id == "mod") == 77
    assert [(unit.kind, unit.clients, unit.site) for unit in begun.units if unit.class_id == "low"] == [("area", 5, None)]
    assert changed(Scenario("", empty), "", ClientsChange("low", 0)).program.units == empty.units
