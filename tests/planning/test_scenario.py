from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenload.planning.balance import plan_capacity
from evenload.planning.comparison import Difference, compare, touched_practitioners
from evenload.planning.problems import CaseError
from evenload.planning.program import Absence, Duty, Program
from evenload.planning.scenario import (
    AbsenceAdded,
    Change,
    ContractChanges,
    DemandGrows,
    DutyAdded,
    MixChanges,
    PeriodChanges,
    ReserveChanges,
    Scenario,
    StaffChanges,
    StaffJoins,
    StaffLeaves,
    StandardChanges,
    changed,
    plan_scenario,
)
from planning.facts_made import complexity, person, program, unit
from planning.worked_example import worked_example

TODAY = Scenario("today", worked_example())


def differences(*changes: Change) -> tuple[Difference, ...]:
    """What the changes do to hours of care; travel stays out, so that the figures can be counted by hand."""
    what_if = changed(TODAY, "what if", *changes)
    return compare(plan_capacity(TODAY.program), plan_capacity(what_if.program, mix=what_if.mix))


def figure(found: tuple[Difference, ...], table: str, item: tuple[str, ...], name: str) -> Difference:
    (difference,) = [d for d in found if (d.table, d.item, d.figure) == (table, item, name)]
    return difference


def test_nothing_changed_is_no_difference() -> None:
    assert differences() == ()


def test_a_scenario_remembers_its_changes_and_leaves_the_original_alone() -> None:
    change = ReserveChanges(Fraction(10))
    what_if = changed(TODAY, "reserve", change)
    assert (what_if.name, what_if.changes, what_if.program.reserve_percent) == ("reserve", (change,), 10)
    assert (TODAY.program, TODAY.changes) == (worked_example(), ())


def test_a_changed_standard_shows_before_and_after_for_every_practitioner_it_touches() -> None:
    found = differences(StandardChanges("mod", {"direct_minutes": Fraction(60)}))
    assert touched_practitioners(found) == ("Ana", "Béa", "Cal")
    anas = figure(found, "practitioners", ("Ana",), "current_hours")
    assert (anas.before, anas.change) == (Fraction(29_080, 60), Fraction(14 * 16 * 15, 60))
    assert figure(found, "classes", ("mod",), "direct_minutes").after == 60


def test_a_standard_that_nobody_has_now_touches_nobody() -> None:
    found = differences(StandardChanges("high", {"visits": Fraction(20)}))
    assert touched_practitioners(found) == ()
    assert figure(found, "match", ("OT",), "demand_hours").change == -2 * 15


def test_one_more_practitioner_adds_her_hours_to_her_pools() -> None:
    found = differences(StaffJoins(person("Dee", 20, languages={"fr": "fluent"})))
    more = Fraction(368) - Fraction("36.8") - Fraction("36.8")
    assert [figure(found, "pools", ("OT", "all", language), "supply_hours").change for language in ("fr", "other", "all")] == [more] * 3
    joined = figure(found, "practitioners", ("Dee",), "plannable_hours")
    assert (joined.before, joined.after, joined.change) == (None, more, None)


def test_who_leaves_takes_her_hours_and_leaves_her_units() -> None:
    after = changed(TODAY, "without Béa", StaffLeaves("Béa"))
    assert [u.id for u in after.program.units if u.current_practitioner is None] == ["u2", "u4", "u5", "u6", "u7"]
    assert figure(differences(StaffLeaves("Béa")), "pools", ("OT", "all", "fr"), "supply_hours").after == 0


def test_travel_is_modelled_anew_for_those_who_are_left() -> None:
    before, after = (plan_scenario(s).match[0] for s in (TODAY, changed(TODAY, "without Cal", StaffLeaves("Cal"))))
    assert after.care_hours == before.care_hours
    assert after.modelled_travel_hours > before.modelled_travel_hours > 0


def test_who_leaves_leaves_no_reference_behind() -> None:
    stated = program(
        practitioners=(person("ana"), person("bob")),
        classes=(complexity(),),
        units=(unit("a", current_practitioner="ana", pinned=True), unit("b", barred_practitioners=frozenset({"ana", "bob"}))),
        absences=(Absence("ana", "leave", hours=Fraction(1)), Absence("*", "leave", hours=Fraction(2))),
        duties=(Duty("ana", "x", "percent", Fraction(1)), Duty("*", "x", "percent", Fraction(2))),
    )
    after = changed(Scenario("now", stated), "later", StaffLeaves("ana"))
    assert [row.who for row in (*after.program.absences, *after.program.duties)] == ["*", "*"]
    assert [(u.current_practitioner, u.pinned, sorted(u.barred_practitioners)) for u in after.program.units] == [
        (None, False, []),
        (None, False, ["bob"]),
    ]
    assert plan_scenario(after).match[0].supply_hours > 0


def test_facts_of_a_practitioner_may_change() -> None:
    found = differences(StaffChanges("Béa", {"languages": {"fr": "functional"}}))
    assert figure(found, "pools", ("OT", "all", "fr"), "gap_hours").after == -294
    assert {d.item[2] for d in found if d.table == "pools"} == {"fr", "other"}


def test_more_absence_and_duties_take_hours_away() -> None:
    assert (
        figure(differences(AbsenceAdded(Absence("Ana", "course", hours=Fraction(30)))), "practitioners", ("Ana",), "available_hours").change
        == -30
    )
    assert (
        figure(
            differences(DutyAdded(Duty("Ana", "students", "hours_per_period", Fraction(20)))), "practitioners", ("Ana",), "plannable_hours"
        ).change
        == -20
    )


def test_another_contract_is_kept_in_the_scenario() -> None:
    codes = {n.code for n in plan_scenario(changed(TODAY, "cut", ContractChanges(Fraction(100)))).notices}
    assert "contracted_visits_short" in codes


def test_another_mix_changes_the_caseload_only() -> None:
    found = differences(MixChanges({"high": Fraction(1)}))
    assert [(d.table, d.figure) for d in found] == [("match", "caseload_clients")]


def test_changes_are_applied_in_order() -> None:
    after = changed(TODAY, "both", ReserveChanges(Fraction(10)), ReserveChanges(Fraction(20)))
    assert after.program.reserve_percent == 20


@pytest.mark.parametrize("change", [StaffLeaves("Eve"), StaffChanges("Eve", {}), StandardChanges("rare", {}), StaffJoins(person("Ana"))])
def test_a_change_of_what_is_not_there_is_an_error(change: Change) -> None:
    with pytest.raises(CaseError):
        changed(TODAY, "impossible", change)


def clients_by_class(stated: Program) -> dict[str, int]:
    return {c.id: sum(u.clients for u in stated.units if u.class_id == c.id) for c in stated.classes}


def test_growth_is_in_whole_clients_per_class() -> None:
    grown = changed(TODAY, "more", DemandGrows(Fraction(10))).program
    assert clients_by_class(TODAY.program) == {"low": 20, "mod": 38, "high": 2}
    assert clients_by_class(grown) == {"low": 22, "mod": 42, "high": 2}


def test_growth_may_concern_one_class_only() -> None:
    grown = changed(TODAY, "more", DemandGrows(Fraction(50), class_id="high")).program
    assert clients_by_class(grown) == {"low": 20, "mod": 38, "high": 3}
    assert [u.id for u in grown.units][4:6] == ["u5", "u5+1"]


def test_growth_of_another_discipline_changes_nothing() -> None:
    assert changed(TODAY, "more", DemandGrows(Fraction(50), discipline="PT")).program == TODAY.program


def test_growing_twice_makes_no_id_twice() -> None:
    grown = changed(TODAY, "more", DemandGrows(Fraction(50), class_id="high"), DemandGrows(Fraction(50), class_id="high")).program
    ids = [u.id for u in grown.units]
    assert len(ids) == len(set(ids))
    assert clients_by_class(grown)["high"] == 5


def test_a_grown_site_takes_its_stated_visits_along() -> None:
    stated = program(classes=(complexity(),), units=(unit(clients=10, visits_allotted=Fraction(40), visits_per_week=Fraction(4)),))
    (grown,) = changed(Scenario("now", stated), "more", DemandGrows(Fraction(20))).program.units
    assert (grown.clients, grown.visits_allotted, grown.visits_per_week) == (12, 48, Fraction("4.8"))


def test_new_clients_have_no_practitioner() -> None:
    stated = program(
        practitioners=(person(),), classes=(complexity(),), units=(unit(kind="client", current_practitioner="ana", pinned=True),)
    )
    old, new = changed(Scenario("now", stated), "more", DemandGrows(Fraction(100))).program.units
    assert (old.current_practitioner, new.current_practitioner, new.pinned) == ("ana", None, False)


def test_shrinking_to_nothing_leaves_no_unit_and_an_empty_unit_stays() -> None:
    stated = program(classes=(complexity(),), units=(unit("a", clients=4), unit("b", clients=0)))
    after = changed(Scenario("now", stated), "none", DemandGrows(Fraction(-100))).program
    assert [(u.id, u.clients) for u in after.units] == [("b", 0)]


@given(st.lists(st.integers(0, 30), min_size=1, max_size=8), st.integers(-100, 200))
def test_growth_hits_the_rounded_total_exactly(sizes: list[int], percent: int) -> None:
    stated = program(
        classes=(complexity(),), units=tuple(unit(f"u{i}", clients=n, kind="client" if n == 1 else "site") for i, n in enumerate(sizes))
    )
    grown = changed(Scenario("now", stated), "then", DemandGrows(Fraction(percent))).program
    exact = Fraction(sum(sizes) * (100 + percent), 100)
    assert abs(sum(u.clients for u in grown.units) - exact) <= Fraction(1, 2)


def test_a_longer_period_brings_hours_and_no_visits() -> None:
    """30 h a week: 300 h in ten weeks, 390 h in thirteen; ten visits of an hour for each of four clients either way."""
    stated = program(10, practitioners=(person(),), classes=(complexity(travel_minutes=0),), units=(unit(clients=4),))
    before, after = (plan_scenario(one) for one in (Scenario("ten", stated), changed(Scenario("", stated), "13", PeriodChanges(13))))

    assert (before.match[0].supply_hours, before.match[0].demand_hours) == (300, 40)
    assert (after.match[0].supply_hours, after.match[0].demand_hours) == (390, 40)
    grown = [plan_scenario(changed(Scenario("", stated), "more", DemandGrows(Fraction(percent)))) for percent in (10, 20)]
    assert [plan.match[0].demand_hours for plan in grown] == [40, 50]  # 4.4 and 4.8 clients are 4 and 5 people
