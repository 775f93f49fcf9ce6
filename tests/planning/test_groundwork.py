"""A plan of facts that differ in a little takes over what is the same, and comes out the same as if it were counted anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenload.exchange.example import example_rows
from evenload.exchange.facts import program_from
from evenload.planning import period_travel
from evenload.planning.balance import capacity_problems, plan_on
from evenload.planning.period_travel import groundwork, plan_program
from evenload.planning.problems import CaseError
from evenload.planning.program import Absence, Duty, Period, Program, Visit
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
from evenload.planning.sums import total
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


def test_drives_are_looked_for_anew_only_where_they_can_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    program = community()
    known, asked = groundwork(program), []
    whole = period_travel._travel_and_drives
    monkeypatch.setattr(period_travel, "_travel_and_drives", lambda stated, *places: asked.append(stated) or whole(stated, *places))
    someone, stated = program.practitioners[0].id, program.classes[0].id
    fewer = changed(Scenario("", program), "", StaffChanges(someone, {"weekly_hours": Fraction(10)})).program
    more_visits = changed(Scenario("", program), "", StandardChanges(stated, {"visits": Fraction(30)})).program
    nearer = changed(Scenario("", program), "", StaffChanges(someone, {"longest_drive_minutes": 3})).program

    fewer_clients = changed(Scenario("", program), "", ClientsChange(stated, 1)).program
    more_clients = changed(Scenario("", program), "", ClientsChange(stated, 60)).program

    for after in (fewer, more_visits, fewer_clients, more_clients):
        groundwork(after, known=known)
    assert asked == []
    groundwork(nearer, known=known)
    assert asked == [nearer]


def _edit(program: Program, dice: Random) -> Change:
    """One change of one figure, of those that a worksheet offers, and a few that it does not."""
    person, stated = dice.choice(program.practitioners).id, dice.choice(program.classes).id
    amount = Fraction(dice.randrange(0, 60))
    return dice.choice(
        (
            StaffChanges(person, {"weekly_hours": Fraction(dice.choice((0, 10, 37)))}),
            StaffChanges(person, {"longest_drive_minutes": dice.choice((2, 20, None))}),
            ReserveChanges(Fraction(dice.randrange(20))),
            AbsenceAdded(Absence("*", "more", days=Fraction(dice.randrange(9)))),
            DutyAdded(Duty(person, "more", "percent", Fraction(5))),
            StandardChanges(stated, {"visits": amount}),
            StandardChanges(stated, {"direct_minutes": amount}),
            StandardChanges(stated, {"episode_minutes": amount}),
            StandardChanges(stated, {"travel_minutes": dice.choice((None, amount))}),
            ClientsChange(stated, dice.randrange(60)),
        )
    )


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("setting", ["community", "school"])
def test_after_any_edits_the_figures_are_those_of_a_full_count(setting: str, seed: int) -> None:
    """Each edit upon the one before, as a manager makes them; every figure, every notice and the travel of every unit."""
    dice = Random(seed)
    program = program_from(example_rows(practitioners=6, units=50, setting=setting, seed=seed))
    if setting == "school" or seed % 2:  # travel that is modelled in some classes only
        modelled = [replace(one, travel_minutes=dice.choice((None, Fraction(10)))) for one in program.classes]
        program = replace(program, classes=tuple(modelled), contracted_visits=Fraction(400), period=_half_over(program.period, seed))
    known = groundwork(program)
    plan_on(known, {})
    for _ in range(6):
        program = changed(Scenario("", known.program), "", _edit(known.program, dice)).program
        if problems := capacity_problems(program, {}):
            with pytest.raises(CaseError) as found:
                groundwork(program, known=known)
            assert found.value.problems == problems
            continue
        anew, after = groundwork(program), groundwork(program, known=known)
        assert after.nearest_travel == anew.nearest_travel
        assert plan_on(after, {}) == plan_on(anew, {})
        known = after


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("setting", ["community", "school"])
def test_clients_come_and_go_class_by_class_and_the_figures_are_those_of_a_full_count(setting: str, seed: int) -> None:
    """From none to many and back, with pins, bundles, and in half of the programs places that nobody knows."""
    dice = Random(100 + seed)
    program = program_from(example_rows(practitioners=6, units=120, setting=setting, seed=seed))
    classes = [replace(one, travel_minutes=None) for one in program.classes]
    people = [one if seed % 4 else replace(one, base=dice.choice((None, one.base))) for one in program.practitioners]
    units = [replace(one, place=dice.choice((None, one.place))) if seed % 2 else one for one in program.units]
    units = [replace(one, pinned=one.current_practitioner is not None and dice.random() < 0.3) for one in units]
    pinned = replace(program, classes=tuple(classes), practitioners=tuple(people), units=tuple(units))
    known = groundwork(pinned if not capacity_problems(pinned, {}) else replace(pinned, units=program.units))
    for _ in range(8):
        change = ClientsChange(dice.choice(program.classes).id, dice.choice((0, 1, 5, 30, 60)))
        after = changed(Scenario("", known.program), "", change).program
        if problems := capacity_problems(after, {}):
            with pytest.raises(CaseError) as found:
                groundwork(after, known=known)
            assert found.value.problems == problems
            continue
        anew, known = groundwork(after), groundwork(after, known=known)
        assert known.nearest_travel == anew.nearest_travel
        assert {unit: known.nearest_drives[unit] for unit in anew.nearest_drives} == anew.nearest_drives
        assert plan_on(known, {}) == plan_on(anew, {})


def _half_over(period: Period, seed: int) -> Period:
    return replace(period, as_of=period.starts_on + timedelta(weeks=period.weeks // 2 if seed % 3 else 0))


@given(st.lists(st.fractions(max_denominator=500)))
def test_a_sum_by_denominators_is_the_sum(values: list[Fraction]) -> None:
    assert total(values) == sum(values, Fraction(0))


def test_so_many_clients_are_spread_as_they_lie_and_a_class_without_any_gets_a_unit() -> None:
    program = worked_example()
    grown = changed(Scenario("", program), "", ClientsChange("mod", 77)).program
    empty = replace(program, units=tuple(unit for unit in program.units if unit.class_id != "low"))
    begun = changed(Scenario("", empty), "", ClientsChange("low", 5)).program

    assert sum(unit.clients for unit in grown.units if unit.class_id == "mod") == 77
    assert [(unit.kind, unit.clients, unit.site) for unit in begun.units if unit.class_id == "low"] == [("area", 5, None)]
    assert changed(Scenario("", empty), "", ClientsChange("low", 0)).program.units == empty.units
