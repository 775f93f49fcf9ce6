"""Time away by date: hours by hand, day by day and week by week; a day counts once, an allowance is used first."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from evenload.planning.capacity import Capacity, capacities
from evenload.planning.days_away import days_away, hours_by_week, minutes_in_week
from evenload.planning.program import Absence, Duty, Period, PractitionerFacts, Program

PERIOD = Period(starts_on=date(2026, 1, 5), weeks=10, as_of=date(2026, 1, 5))
ANA = PractitionerFacts("ana", ("OT",), "employee", Fraction(75, 2))
MON, WED, FRI = date(2026, 2, 2), date(2026, 2, 4), date(2026, 2, 6)


def _capacity(person: PractitionerFacts, *absences: Absence, duties: tuple[Duty, ...] = ()) -> Capacity:
    program = Program("school", PERIOD, (person,), (), (), absences=absences, duties=duties)
    return capacities(program)[0]


def test_a_stretch_takes_every_working_day_in_it_and_no_weekend() -> None:
    away = days_away(ANA, [Absence("ana", "vacation", from_date=FRI, to_date=FRI + timedelta(days=4))], PERIOD.starts_on, date(2026, 3, 15))

    assert [(one.on, one.hours) for one in away] == [
        (FRI, Fraction(15, 2)),
        (date(2026, 2, 9), Fraction(15, 2)),
        (date(2026, 2, 10), Fraction(15, 2)),
    ]


def test_a_day_is_one_of_her_own_days() -> None:
    three_days = replace(ANA, weekly_hours=Fraction(24), days=frozenset({"mon", "wed", "thu"}))
    week = Absence("ana", "vacation", from_date=MON, to_date=FRI)

    away = days_away(three_days, [week], MON, FRI)

    assert [(one.on, one.hours) for one in away] == [(MON, 8), (WED, 8), (date(2026, 2, 5), 8)]
    assert _capacity(three_days, week).weekly_care_hours == Fraction(240 - 24, 10)


def test_hours_of_a_stretch_lie_evenly_on_its_days_and_never_take_more_than_the_day() -> None:
    mornings = Absence("ana", "education", hours=Fraction(15), from_date=MON, to_date=FRI)
    too_many = Absence("ana", "education", hours=Fraction(99), from_date=MON, to_date=MON)

    assert {one.hours for one in days_away(ANA, [mornings], MON, FRI)} == {Fraction(3)}
    assert [one.hours for one in days_away(ANA, [too_many], MON, FRI)] == [Fraction(15, 2)]


def test_a_day_that_two_rows_name_is_taken_once() -> None:
    holiday, vacation = Absence("*", "statutory_holidays", from_date=MON), Absence("ana", "vacation", from_date=MON, to_date=FRI)

    found = _capacity(ANA, holiday, vacation)

    assert found.absences == (("statutory_holidays", Fraction(15, 2)), ("vacation", Fraction(30)))
    assert found.absence_hours == Fraction(75, 2)


def test_what_is_stated_without_dates_is_what_the_dated_days_are_taken_from() -> None:
    allowance = Absence("employee", "vacation", days=Fraction(4))
    two_days, a_week = (
        Absence("ana", "vacation", from_date=MON, to_date=date(2026, 2, 3)),
        Absence("ana", "vacation", from_date=MON, to_date=FRI),
    )

    assert _capacity(ANA, allowance, two_days) == _capacity(ANA, allowance)
    assert _capacity(ANA, allowance, a_week).absences == (("vacation", Fraction(30)), ("vacation", Fraction(15, 2)))
    assert _capacity(ANA, allowance, replace(a_week, kind="sick_time")).absence_hours == Fraction(30) + Fraction(75, 2)


def test_days_outside_the_period_or_her_time_there_take_nothing() -> None:
    before = Absence("ana", "vacation", from_date=date(2025, 12, 22), to_date=date(2026, 1, 6))
    leaver = replace(ANA, to_date=WED)

    assert _capacity(ANA, before).absence_hours == 15
    assert _capacity(leaver, Absence("ana", "vacation", from_date=MON, to_date=FRI)).absence_hours == Fraction(45, 2)


def test_who_is_away_all_along_has_no_hours_and_contradicts_nothing() -> None:
    always = Absence("ana", "sick_time", from_date=date(2026, 1, 1), to_date=date(2026, 12, 31))
    duties = (Duty("*", "meetings", "hours_per_week", Fraction(2)), Duty("*", "orientation", "hours_per_period", Fraction(20)))

    found = _capacity(ANA, Absence("*", "statutory_holidays", days=Fraction(2)), always, duties=duties)

    assert (found.available_hours, found.nonclient_hours, found.weekly_capacity_hours) == (0, 0, 0)


def test_duties_of_the_period_fall_with_the_share_of_it_that_she_is_away() -> None:
    """By hand: 375 h contracted, one week of ten away; 337.5 available; 20 h of duties in the period fall to 18."""
    found = _capacity(
        ANA, Absence("ana", "sick_time", from_date=MON, to_date=FRI), duties=(Duty("*", "orientation", "hours_per_period", Fraction(20)),)
    )

    assert found.duties == (("orientation", "*", Fraction(18)),)
    assert found.weekly_care_hours == Fraction(3195, 100)


def test_the_week_of_the_leave_falls_and_no_other() -> None:
    """By hand: 30 h a week for care on average of nine weeks at work are 27 on average of ten: 1,620 minutes."""
    weeks = hours_by_week(ANA, [Absence("ana", "vacation", from_date=MON, to_date=FRI)], PERIOD)

    assert weeks == tuple(Fraction(0) if number == 4 else Fraction(75, 2) for number in range(10))
    assert [minutes_in_week(1620, weeks, number) for number in (3, 4, 5)] == [1800, 0, 1800]


def test_a_part_of_the_week_counts_by_her_working_days() -> None:
    late, early = replace(ANA, from_date=WED), replace(ANA, to_date=FRI)

    assert hours_by_week(late, [], PERIOD)[3:6] == (0, Fraction(45, 2), Fraction(75, 2))
    assert hours_by_week(early, [], PERIOD)[3:6] == (Fraction(75, 2), Fraction(75, 2), 0)


def test_nobody_there_has_no_minutes_in_any_week() -> None:
    gone = replace(ANA, to_date=date(2025, 12, 31))

    assert minutes_in_week(0, hours_by_week(gone, [], PERIOD), 0) == 0


days = st.dates(date(2025, 12, 20), date(2026, 4, 1))
rows = st.lists(
    st.builds(
        lambda kind, first, length, hours: Absence("ana", kind, hours=hours, from_date=first, to_date=first + timedelta(days=length)),
        st.sampled_from(("vacation", "sick_time")),
        days,
        st.integers(0, 40),
        st.none() | st.integers(1, 60).map(Fraction),
    ),
    max_size=5,
)


@given(rows, st.integers(0, 3000))
def test_the_weeks_hold_the_minutes_of_the_average_whatever_is_told(absences: list[Absence], minutes: int) -> None:
    weeks = hours_by_week(ANA, absences, PERIOD)

    assert all(0 <= hours <= Fraction(75, 2) for hours in weeks)
    found = [minutes_in_week(minutes, weeks, number) for number in range(10)]
    assert abs(sum(found) - (minutes * 10 if any(weeks) else 0)) <= 5
    assert 0 <= _capacity(ANA, *absences).available_hours == sum(weeks)
