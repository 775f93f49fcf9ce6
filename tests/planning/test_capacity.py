from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenload.planning.capacity import Capacity, capacities, weeks_present
from evenload.planning.problems import CaseError
from evenload.planning.program import Absence, Duty, Program
from planning.facts_made import MONDAY, amounts, person, program, shares
from planning.worked_example import worked_example


def only(stated: Program) -> Capacity:
    (capacity,) = capacities(stated)
    return capacity


def codes(stated: Program) -> list[str]:
    with pytest.raises(CaseError) as raised:
        capacities(stated)
    return [problem.code for problem in raised.value.problems]


def test_worked_example_gives_the_printed_hours_per_week() -> None:
    weekly = {c.practitioner: c.weekly_care_hours for c in capacities(worked_example())}
    assert weekly == {"Ana": Fraction("29.21"), "Béa": Fraction("23.00"), "Cal": Fraction("14.72")}


def test_worked_example_shows_anas_waterfall() -> None:
    ana = capacities(worked_example())[0]
    assert (ana.contracted_hours, ana.absence_hours, ana.available_hours) == (750, 60, 690)
    assert (ana.worked_weeks, ana.nonclient_hours, ana.client_care_hours) == (Fraction("18.4"), Fraction("105.8"), Fraction("584.2"))
    assert ana.absences == (("leave", Fraction(60)),)
    assert ana.duties == (("administration", "*", Fraction(69)), ("meetings", "*", Fraction("36.8")))


def test_rows_for_everybody_the_engagement_and_the_person_add_up() -> None:
    rows = (
        Absence("*", "holidays", hours=Fraction(10)),
        Absence("employee", "leave", days=Fraction(2)),
        Absence("ana", "course", hours=Fraction(3)),
    )
    others = (Absence("independent", "leave", hours=Fraction(50)), Absence("bob", "leave", hours=Fraction(20)))
    ana, bob = capacities(program(practitioners=(person(hours=30), person("bob", 40)), absences=(*rows, *others)))
    assert ana.absence_hours == 10 + 2 * 6 + 3
    assert bob.absence_hours == 10 + 2 * 8 + 20


def test_a_duty_of_a_discipline_concerns_everybody_in_it_once() -> None:
    people = (person("ana", disciplines=("OT", "PT")), person("bob", disciplines=("SLP",)))
    ana, bob = capacities(program(practitioners=people, duties=(Duty("PT", "rounds", "hours_per_period", Fraction(12)),)))
    assert (ana.nonclient_hours, bob.nonclient_hours) == (12, 0)


def test_percent_is_of_available_hours_and_weekly_duties_of_worked_weeks() -> None:
    stated = program(
        practitioners=(person(hours=30),),
        absences=(Absence("*", "leave", hours=Fraction(60)),),
        duties=(
            Duty("*", "admin", "percent", Fraction(10)),
            Duty("*", "team", "hours_per_week", Fraction(2)),
            Duty("*", "report", "hours_per_period", Fraction(5)),
        ),
    )
    assert [hours for _, _, hours in only(stated).duties] == [24, 16, 5]


def test_the_maximum_of_a_week_at_work_is_spread_over_calendar_weeks() -> None:
    capacity = only(
        program(practitioners=(person(hours=30, max_hours=Fraction(20)),), absences=(Absence("*", "leave", hours=Fraction(60)),))
    )
    assert capacity.weekly_maximum_hours == Fraction(20) * 8 / 10
    assert capacity.weekly_capacity_hours == 16
    assert capacity.weekly_care_hours == 24


def test_without_a_stated_maximum_the_hours_for_care_are_the_maximum() -> None:
    capacity = only(program(practitioners=(person(hours=30),), reserve_percent=Fraction(10)))
    assert capacity.weekly_maximum_hours == capacity.weekly_care_hours == 27


def test_the_reserve_is_taken_from_the_hours_for_care() -> None:
    capacity = only(program(practitioners=(person(hours=30),), reserve_percent=Fraction(10)))
    assert (capacity.client_care_hours, capacity.reserve_hours, capacity.plannable_hours) == (300, 30, 270)


@pytest.mark.parametrize(
    "first, last, days",
    [(None, None, 70), (MONDAY + timedelta(14), None, 56), (None, MONDAY, 1), (MONDAY + timedelta(6), MONDAY + timedelta(8), 3)],
)
def test_weeks_present_count_the_first_and_the_last_day(first: date | None, last: date | None, days: int) -> None:
    assert weeks_present(person(from_date=first, to_date=last), program(weeks=10).period) == Fraction(days, 7)


def test_dates_outside_the_period_do_not_lengthen_it() -> None:
    long = person(from_date=MONDAY - timedelta(400), to_date=MONDAY + timedelta(4000))
    assert weeks_present(long, program(weeks=10).period) == 10


def test_who_arrives_halfway_has_half_the_hours_averaged_over_the_whole_period() -> None:
    capacity = only(program(practitioners=(person(hours=30, from_date=MONDAY + timedelta(35)),)))
    assert (capacity.contracted_hours, capacity.weekly_care_hours) == (150, 15)


def test_who_is_not_there_in_the_period_has_no_hours_and_no_problem() -> None:
    gone = person(to_date=MONDAY - timedelta(1))
    stated = program(
        practitioners=(gone,),
        absences=(Absence("*", "leave", hours=Fraction(8)),),
        duties=(Duty("*", "x", "hours_per_period", Fraction(1)),),
    )
    assert only(stated).weekly_capacity_hours == 0


def test_who_is_on_leave_all_along_has_capacity_zero() -> None:
    stated = program(
        practitioners=(person(hours=30),),
        absences=(Absence("ana", "leave", hours=Fraction(300)),),
        duties=(Duty("*", "a", "percent", Fraction(10)),),
    )
    assert only(stated).client_care_hours == 0


def test_absence_above_the_contracted_hours_is_an_error() -> None:
    assert codes(program(practitioners=(person(),), absences=(Absence("ana", "leave", hours=Fraction(301)),))) == [
        "absence_exceeds_contracted"
    ]


@pytest.mark.parametrize("percent", [100, 120])
def test_duties_that_leave_nothing_are_an_error_never_clamped(percent: int) -> None:
    assert codes(program(practitioners=(person(),), duties=(Duty("*", "all", "percent", Fraction(percent)),))) == [
        "duties_exceed_available"
    ]


def test_duties_during_leave_are_an_error() -> None:
    away = Absence("ana", "leave", hours=Fraction(300))
    assert codes(program(practitioners=(person(),), absences=(away,), duties=(Duty("ana", "x", "hours_per_period", Fraction(1)),))) == [
        "duties_exceed_available"
    ]


def test_every_problem_of_every_practitioner_is_reported_at_once() -> None:
    stated = program(
        practitioners=(person("ana"), person("bob")),
        absences=(Absence("ana", "leave", hours=Fraction(400)),),
        duties=(Duty("bob", "all", "percent", Fraction(100)),),
    )
    assert codes(stated) == ["absence_exceeds_contracted", "duties_exceed_available"]


def test_rows_that_cannot_be_meant_are_reported_at_once() -> None:
    stated = program(
        practitioners=(person("ana", from_date=MONDAY, to_date=MONDAY - timedelta(1)), person("bob", hours=-1)),
        absences=(
            Absence("eve", "leave", hours=Fraction(1)),
            Absence("ana", "leave"),
            Absence("ana", "leave", hours=Fraction(1), days=Fraction(-1)),
        ),
        duties=(Duty("XY", "x", "percent", Fraction(1)), Duty("ana", "x", "per_moon", Fraction(-1))),
        reserve_percent=Fraction(101),
    )
    assert sorted(codes(stated)) == [
        "dates_reversed",
        "days_and_hours",
        "days_or_hours_missing",
        "negative",
        "negative",
        "negative",
        "percent_out_of_range",
        "unknown_code",
        "unknown_practitioner",
        "unknown_practitioner",
    ]


def test_a_problem_names_its_place_and_the_figures_that_contradict() -> None:
    with pytest.raises(CaseError) as raised:
        capacities(program(practitioners=(person(),), absences=(Absence("ana", "leave", hours=Fraction(301)),)))
    (problem,) = raised.value.problems
    assert (problem.where.table, problem.where.item) == ("practitioners", "ana")
    assert problem.facts == {"absence_hours": "301", "contracted_hours": "300"}


@given(hours=st.integers(5, 45), leave=st.integers(0, 20), more=st.integers(0, 20), percent=shares)
def test_more_leave_never_gives_more_capacity(hours: int, leave: int, more: int, percent: Fraction) -> None:
    def weekly(days: int) -> Fraction:
        stated = program(
            20,
            practitioners=(person(hours=hours),),
            absences=(Absence("*", "leave", days=Fraction(days)),),
            duties=(Duty("*", "admin", "percent", 100 * percent),),
        )
        return only(stated).weekly_capacity_hours

    assert weekly(leave + more) <= weekly(leave)


@given(amounts, shares)
def test_the_waterfall_always_adds_up(duty: Fraction, percent: Fraction) -> None:
    stated = program(
        practitioners=(person(hours=168),),
        duties=(Duty("*", "fixed", "hours_per_period", duty / 4), Duty("*", "admin", "percent", 90 * percent)),
        reserve_percent=Fraction(7),
    )
    c = only(stated)
    assert c.contracted_hours == c.absence_hours + c.nonclient_hours + c.reserve_hours + c.plannable_hours
    assert c.plannable_hours == c.weekly_care_hours * 10


@given(st.permutations(range(3)))
def test_the_order_of_rows_does_not_matter(order: list[int]) -> None:
    whole = worked_example()
    shuffled = replace(whole, practitioners=tuple(whole.practitioners[i] for i in order), duties=whole.duties[::-1])
    found = {c.practitioner: c.weekly_capacity_hours for c in capacities(shuffled)}
    assert found == {c.practitioner: c.weekly_capacity_hours for c in capacities(whole)}
