from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenload.planning.balance import plan_capacity
from evenload.planning.capacity_plan import CapacityPlan, ClassLine, Match
from evenload.planning.problems import CaseError
from evenload.planning.program import Absence, Duty, Program, Visit
from planning.facts_made import MONDAY, complexity, person, program, unit
from planning.worked_example import worked_example


def only(plan: CapacityPlan) -> Match:
    (row,) = plan.match
    return row


def line(plan: CapacityPlan, id: str) -> ClassLine:
    return next(line for line in plan.classes if line.class_id == id)


def notice_codes(plan: CapacityPlan) -> list[str]:
    return [notice.code for notice in plan.notices]


def simple(**facts: object) -> Program:
    """One therapist of 300 hours, ten clients of 10 hours each."""
    tables = {"practitioners": (person(),), "classes": (complexity(),), "units": (unit(clients=10, language="en"),)}
    return program(**(tables | facts))


def test_the_match_sets_supply_beside_demand_in_every_measure() -> None:
    row = only(plan_capacity(simple()))
    assert (row.supply_hours, row.demand_hours, row.gap_hours) == (300, 100, 200)
    assert (row.fte_current, row.fte_required, row.gap_fte) == (
        Fraction(30) / Fraction("37.5"),
        Fraction("0.8") / 3,
        Fraction("0.8") * 2 / 3,
    )
    assert (row.utilisation_percent, row.ratio) == (Fraction(100, 3), 3)
    assert (row.clients, row.visits, row.gap_clients, row.gap_visits) == (10, 100, 20, 200)


def test_the_gap_in_visits_is_at_the_mean_hours_of_a_visit() -> None:
    row = only(plan_capacity(simple(classes=(complexity(direct_minutes=75),))))
    assert (row.demand_hours, row.gap_hours, row.gap_visits) == (150, 150, 100)


def test_a_client_of_a_class_without_a_travel_standard_costs_its_own_modelled_travel() -> None:
    stated = simple(
        classes=(complexity("near"), complexity("far"), complexity("none")),
        units=(unit("a", "near", clients=10), unit("b", "far", clients=5)),
    )
    per_client = only(plan_capacity(stated, nearest_travel={"a": 60, "b": 120})).caseload.hours_per_client
    assert per_client == {"near": 11, "far": 14, "none": 12}


def test_supply_is_care_less_the_reserve() -> None:
    assert only(plan_capacity(simple(reserve_percent=Fraction(10)))).supply_hours == 270


def test_class_hours_count_the_whole_period_and_nothing_as_used() -> None:
    plan = plan_capacity(simple(units=(unit(clients=10, visits_used=Fraction(30)),)))
    assert line(plan, "mod").hours == 100


def test_visits_used_before_the_first_day_are_no_demand_of_the_period() -> None:
    assert only(plan_capacity(simple(units=(unit(clients=10, visits_used=Fraction(30)),)))).demand_hours == 70


def test_visits_used_within_the_period_stay_part_of_its_demand() -> None:
    halfway = simple(units=(unit(clients=10, visits_used=Fraction(30)),))
    halfway = replace(halfway, period=replace(halfway.period, as_of=MONDAY + timedelta(weeks=5)))
    assert only(plan_capacity(halfway)).demand_hours == 100


@given(st.integers(-10, 100))
def test_the_capacity_plan_does_not_depend_on_the_day_it_is_made(days: int) -> None:
    whole = worked_example()
    whole = replace(whole, units=tuple(replace(one, visits_used=None) for one in whole.units))
    later = replace(whole, period=replace(whole.period, as_of=whole.period.starts_on + timedelta(days)))
    assert plan_capacity(later).match == plan_capacity(whole).match


def test_modelled_travel_stands_beside_the_class_hours_and_inside_the_demand() -> None:
    plan = plan_capacity(simple(), nearest_travel={"u1": 30})
    assert (line(plan, "mod").hours, line(plan, "mod").travel_hours, line(plan, "mod").modelled_travel_hours) == (100, 0, 5)
    assert (only(plan).care_hours, only(plan).modelled_travel_hours, only(plan).demand_hours) == (100, 5, 105)
    assert "travel_modelled" in notice_codes(plan)


def test_a_travel_standard_is_never_counted_twice() -> None:
    plan = plan_capacity(simple(classes=(complexity(travel_minutes=6),)), nearest_travel={"u1": 30})
    assert (line(plan, "mod").travel_hours, line(plan, "mod").modelled_travel_hours) == (10, 0)
    assert only(plan).demand_hours == 110
    assert "travel_modelled" not in notice_codes(plan)


def test_travel_that_nobody_can_drive_is_said_to_be_left_out() -> None:
    (notice,) = [n for n in plan_capacity(simple()).notices if n.code == "travel_left_out"]
    assert notice.facts == {"count": "1", "ids": "u1"}


def test_the_caseload_takes_the_mix_of_the_units() -> None:
    stated = simple(
        classes=(complexity("low"), complexity("high", visits=20)), units=(unit("a", "low", clients=3), unit("b", "high", clients=1))
    )
    carried = only(plan_capacity(stated)).caseload
    assert carried.mix == {"low": Fraction(3, 4), "high": Fraction(1, 4)}
    assert carried.clients == Fraction(300) / Fraction("12.5") == 24
    assert carried.whole_clients == {"low": 18, "high": 6}


@pytest.mark.parametrize("low, high", [("0.25", "0.75"), ("25", "75"), ("0.2501", "0.75"), ("25.1", "75.3")])
def test_a_stated_mix_replaces_it_and_may_be_shares_or_percent(low: str, high: str) -> None:
    stated = simple(classes=(complexity("low"), complexity("high", visits=20)), units=(unit("a", "low", clients=3),))
    carried = only(plan_capacity(stated, mix={"low": Fraction(low), "high": Fraction(high)})).caseload
    assert sum(carried.mix.values()) == 1
    assert carried.mix["low"] == Fraction(low) / (Fraction(low) + Fraction(high))


def test_a_mix_changes_the_caseload_only() -> None:
    stated = simple(classes=(complexity("low"), complexity("high", visits=20)), units=(unit("a", "low", clients=3),))
    without, under = plan_capacity(stated), plan_capacity(stated, mix={"high": Fraction(1)})
    assert only(under).caseload.clients == 15
    assert (only(under).demand_hours, under.pools, under.wisn) == (only(without).demand_hours, without.pools, without.wisn)


def test_disciplines_that_a_mix_does_not_name_keep_theirs() -> None:
    stated = simple(
        practitioners=(person(), person("pia", disciplines=("PT",))),
        classes=(complexity("low"), complexity("high"), complexity("walk", "PT")),
        units=(unit("a", "low"), unit("b", "walk", discipline="PT")),
    )
    caseloads = {row.discipline: row.caseload.mix for row in plan_capacity(stated, mix={"high": Fraction(1)}).match}
    assert caseloads == {"OT": {"high": 1}, "PT": {"walk": 1}}


@pytest.mark.parametrize(
    "mix, codes",
    [
        ({"mod": Fraction("0.9")}, ["mix_sum"]),
        ({"mod": Fraction("100.6")}, ["mix_sum"]),
        ({"mod": Fraction(0)}, ["mix_sum"]),
        ({"nope": Fraction(1)}, ["unknown_class"]),
        ({"mod": Fraction(-1), "nope": Fraction(2)}, ["negative", "unknown_class", "mix_sum"]),
    ],
)
def test_a_mix_that_cannot_be_meant_is_an_error(mix: dict[str, Fraction], codes: list[str]) -> None:
    with pytest.raises(CaseError) as raised:
        plan_capacity(simple(), mix=mix)
    assert sorted(p.code for p in raised.value.problems) == sorted(codes)


def test_problems_of_every_step_are_reported_at_once() -> None:
    stated = simple(
        duties=(Duty("*", "all", "percent", Fraction(100)),), classes=(complexity(no_show_rate=1),), units=(unit(class_id="gone"),)
    )
    with pytest.raises(CaseError) as raised:
        plan_capacity(stated, mix={"nope": Fraction(1)})
    assert {p.code for p in raised.value.problems} == {"duties_exceed_available", "rate_out_of_range", "unknown_class"}
    assert len(raised.value.problems) == 4


def test_a_discipline_without_practitioners_requires_no_number_but_says_why() -> None:
    row = next(row for row in plan_capacity(simple(practitioners=(person(disciplines=("PT",)),))).match if row.discipline == "OT")
    assert (row.fte_required, row.ratio, row.utilisation_percent, row.reason) == (None, None, None, "no_practitioner")
    assert (row.gap_hours, row.gap_fte) == (-100, None)


def test_a_discipline_whose_people_are_all_away_says_so() -> None:
    row = only(plan_capacity(simple(absences=(Absence("*", "leave", hours=Fraction(300)),))))
    assert (row.fte_current, row.fte_required, row.reason) == (Fraction("0.8"), None, "no_hours")


def test_a_discipline_without_clients_requires_nobody() -> None:
    row = only(plan_capacity(simple(units=())))
    assert (row.fte_required, row.ratio, row.gap_visits) == (0, None, None)
    assert (row.caseload.clients, row.caseload.reason, row.caseload.whole_clients) == (None, "no_clients", {})


def test_a_class_that_costs_no_time_has_no_finite_caseload() -> None:
    carried = only(plan_capacity(simple(classes=(complexity(visits=0),)))).caseload
    assert (carried.clients, carried.reason) == (None, "no_time")


def test_hours_in_several_disciplines_follow_their_demand() -> None:
    stated = simple(
        practitioners=(person(disciplines=("OT", "PT")),),
        classes=(complexity("mod"), complexity("walk", "PT")),
        units=(unit("a", clients=3), unit("b", "walk", discipline="PT", clients=1)),
    )
    rows = {row.discipline: row for row in plan_capacity(stated).match}
    assert (rows["OT"].supply_hours, rows["PT"].supply_hours) == (225, 75)
    assert rows["OT"].fte_current + rows["PT"].fte_current == Fraction("0.8")


def test_hours_in_several_disciplines_without_demand_are_shared_equally() -> None:
    rows = plan_capacity(simple(practitioners=(person(disciplines=("OT", "PT")),), units=())).match
    assert [row.supply_hours for row in rows] == [150, 150]


def test_a_class_with_no_clients_changes_nothing_but_its_own_line() -> None:
    stated = worked_example()
    more = replace(stated, classes=(*stated.classes, complexity("rare", visits=99)))
    before, after = plan_capacity(stated), plan_capacity(more)
    assert after.match[0].caseload.clients == before.match[0].caseload.clients
    assert (after.pools, after.wisn, after.sensitivity) == (before.pools, before.wisn, before.sensitivity)
    assert (line(after, "rare").clients, line(after, "rare").hours) == (0, 0)


def test_current_caseloads_stand_beside_the_hours_of_each_practitioner() -> None:
    ana, bea, cal = plan_capacity(worked_example()).current
    assert (ana.units, ana.clients, ana.care_hours) == (2, 34, Fraction(17_080 + 12_000, 60))
    assert (bea.units, bea.plannable_hours) == (1, 460)
    assert cal.utilisation_percent == 100 * Fraction("457.5") / 60 / Fraction("294.4")


def test_more_contracted_hours_for_care_than_the_own_maximum_are_said() -> None:
    (notice,) = [n for n in plan_capacity(simple(practitioners=(person(max_hours=Fraction(20)),))).notices if n.code == "above_own_maximum"]
    assert notice.facts == {"hours_per_week": "10", "maximum_hours": "20"}


def test_more_visits_than_the_contract_holds_are_said() -> None:
    assert "contracted_visits_short" in notice_codes(plan_capacity(simple(contracted_visits=Fraction(99))))
    assert "contracted_visits_short" not in notice_codes(plan_capacity(simple(contracted_visits=Fraction(100))))


def test_visits_used_have_come_out_of_the_contract_as_well() -> None:
    units = (unit(clients=10, visits_used=Fraction(30)),)
    assert "contracted_visits_short" in notice_codes(plan_capacity(simple(units=units, contracted_visits=Fraction(99))))


def test_overdrawn_units_and_unasked_languages_are_said() -> None:
    plan = plan_capacity(simple(units=(unit(visits_used=Fraction(11)),)))
    assert {"overdrawn", "language_not_asked"} <= set(notice_codes(plan))


@pytest.mark.parametrize("visits, minutes, said", [(10, 200, True), (9, 200, False), (10, 50, False)])
def test_a_standard_that_drifts_from_ten_visits_or_more_is_said(visits: int, minutes: int, said: bool) -> None:
    recorded = tuple(Visit(MONDAY, "mod", Fraction(minutes), "done") for _ in range(visits))
    assert ("standard_drifts" in notice_codes(plan_capacity(simple(visits=recorded)))) is said


@given(st.integers(1, 60), st.integers(0, 60))
def test_more_travel_never_lengthens_the_caseload(travel: int, more: int) -> None:
    def clients(minutes: int) -> Fraction:
        found = only(plan_capacity(simple(), nearest_travel={"u1": minutes})).caseload.clients
        assert found is not None
        return found

    assert clients(travel + more) <= clients(travel)


@given(st.permutations(range(8)))
def test_the_order_of_units_does_not_matter(order: list[int]) -> None:
    whole = worked_example()
    shuffled = replace(whole, units=tuple(whole.units[i] for i in order))
    assert plan_capacity(shuffled) == plan_capacity(whole)
