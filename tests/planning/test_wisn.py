from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenload.planning.balance import plan_capacity
from evenload.planning.capacity_plan import WisnView
from evenload.planning.program import Absence, Duty, Program
from evenload.planning.wisn import (
    AllowancesExceedTimeError,
    available_working_days,
    band,
    basic_staff,
    category_allowance_factor,
    individual_allowance_factor,
    required_staff,
    standard_workload,
)
from planning.facts_made import complexity, person, positive_amounts, program, shares, unit


def view(**facts: object) -> WisnView:
    tables = {"practitioners": (person("ana"), person("bob")), "classes": (complexity(),), "units": (unit(clients=10),)}
    (found,) = plan_capacity(program(**(tables | facts))).wisn
    return found


@given(positive_amounts, positive_amounts, shares)
def test_staff_by_category_factor_equals_staff_by_hours_for_care(demand: Fraction, available: Fraction, share: Fraction) -> None:
    basic = basic_staff([(demand, standard_workload(available, Fraction(1)))])
    assert required_staff(basic, category_allowance_factor([share])) == demand / (available * (1 - share))


@pytest.mark.parametrize("allowances", [[Fraction(1)], [Fraction(1, 2), Fraction(1, 2)], [Fraction(3, 2)]])
def test_allowances_of_all_the_time_or_more_are_an_error(allowances: list[Fraction]) -> None:
    with pytest.raises(AllowancesExceedTimeError):
        category_allowance_factor(allowances)


def test_available_working_days_are_what_absences_leave() -> None:
    assert available_working_days(Fraction(234), Fraction(10), Fraction(30), Fraction(15)) == 179


@pytest.mark.parametrize(
    "ratio, expected", [("0.89", "short"), ("0.9", "balanced"), ("1", "balanced"), ("1.1", "balanced"), ("1.11", "surplus")]
)
def test_the_ratio_is_read_by_bands(ratio: str, expected: str) -> None:
    assert band(Fraction(ratio)) == expected


def test_duties_of_groups_are_category_allowances_and_those_of_persons_individual_ones() -> None:
    rows = (
        Duty("*", "admin", "percent", Fraction(10)),
        Duty("employee", "team", "percent", Fraction(5)),
        Duty("OT", "equipment", "percent", Fraction(5)),
        Duty("ana", "students", "hours_per_period", Fraction(30)),
    )
    found = view(duties=rows)
    assert found.category_shares == (("admin", Fraction(1, 10)), ("equipment", Fraction(1, 20)), ("team", Fraction(1, 20)))
    assert found.individual_hours == (("students", Fraction(30)),)
    assert found.category_factor == Fraction(5, 4)
    assert found.individual_factor == Fraction(30) / Fraction(375)


def test_the_view_shows_the_whole_chain() -> None:
    found = view(duties=(Duty("*", "admin", "percent", Fraction(20)), Duty("ana", "students", "hours_per_period", Fraction(75))))
    assert found.available_hours_per_fte == 375
    (component,) = found.components
    assert (component.activity, component.hours, component.standard_workload) == ("mod", 100, Fraction("37.5"))
    assert (found.basic_staff, found.category_factor, found.individual_factor) == (Fraction(4, 15), Fraction(5, 4), Fraction(1, 5))
    assert (found.required_staff, found.current_staff) == (Fraction(8, 15), Fraction(8, 5))
    assert (found.ratio, found.difference, found.band) == (3, Fraction(16, 15), "surplus")


def test_modelled_travel_is_an_activity_of_its_own() -> None:
    stated = program(practitioners=(person(),), classes=(complexity(),), units=(unit(clients=10),))
    (found,) = plan_capacity(stated, nearest_travel={"u1": 30}).wisn
    assert [(c.activity, c.hours) for c in found.components] == [("mod", 100), ("travel", 5)]


@given(st.integers(0, 60), st.integers(0, 30), st.integers(0, 60), st.integers(0, 20))
def test_with_category_allowances_only_the_view_requires_what_step_3_requires(admin: int, team: int, clients: int, reserve: int) -> None:
    stated = program(
        practitioners=(person("ana"), person("bob", 20)),
        classes=(complexity(),),
        units=(unit(clients=clients),),
        absences=(Absence("*", "leave", hours=Fraction(11)),),
        duties=(Duty("*", "admin", "percent", Fraction(admin)), Duty("OT", "team", "hours_per_period", Fraction(team))),
        reserve_percent=Fraction(reserve),
    )
    plan = plan_capacity(stated)
    assert plan.wisn[0].required_staff == plan.match[0].fte_required


def test_nobody_there_gives_no_number_but_a_reason() -> None:
    assert view(practitioners=()).reason == "no_practitioner"
    assert view(absences=(Absence("*", "leave", hours=Fraction(300)),)).reason == "no_hours"
    assert view(reserve_percent=Fraction(100)).reason == "allowances_exceed_time"
    assert view(units=()).reason == "nothing_required"


def test_the_reserve_of_a_person_in_two_disciplines_is_shared_too() -> None:
    people, classes = (person(disciplines=("OT", "PT")),), (complexity(), complexity("walk", "PT"))
    units = (unit("a", clients=3), unit("b", "walk", discipline="PT", clients=1))
    for found in plan_capacity(program(practitioners=people, classes=classes, units=units, reserve_percent=Fraction(10))).wisn:
        assert found.category_shares == (("reserve", Fraction(1, 10)),)


def test_individual_allowances_are_staff_of_their_own() -> None:
    assert individual_allowance_factor([Fraction(100), Fraction(50)], Fraction(1500)) == Fraction(1, 10)


def test_a_person_in_two_disciplines_counts_in_each_by_its_share() -> None:
    stated: Program = program(
        practitioners=(person(disciplines=("OT", "PT")),),
        classes=(complexity(), complexity("walk", "PT")),
        units=(unit("a", clients=3), unit("b", "walk", discipline="PT", clients=1)),
        duties=(Duty("ana", "students", "hours_per_period", Fraction(40)),),
    )
    ot, pt = plan_capacity(stated).wisn
    assert (ot.individual_hours, pt.individual_hours) == ((("students", Fraction(30)),), (("students", Fraction(10)),))
    assert ot.available_hours_per_fte == pt.available_hours_per_fte == 375
