from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenload.planning.demand import UnitDemand, sessions_per_visit, unit_demand, unit_demands
from planning.facts_made import MONDAY, complexity, program, shares, time, unit
from planning.worked_example import worked_example


def demand(stated: object = None, *, weeks: int = 10, left: int = 10, of: dict[str, object] | None = None, **facts: object) -> UnitDemand:
    return unit_demand(unit(**facts), time(**(of or {})), weeks=weeks, weeks_left=left)


def test_worked_example_gives_the_printed_weekly_minutes() -> None:
    weekly = {id: found.weekly_minutes for id, found in unit_demands(worked_example()).items()}
    assert weekly == {"u1": 854, "u2": 732, "u3": 600, "u4": 610, "u5": 150, "u6": 61, "u7": 150, "u8": 23}


def test_school_a_needs_the_printed_minutes_over_the_period() -> None:
    assert unit_demands(worked_example())["u1"].minutes == 14 * 16 * 65 + 14 * 180 == 17_080


def test_visits_of_the_class_are_per_client_and_of_the_unit_in_total() -> None:
    assert demand(clients=3).allotted == 30
    assert demand(clients=3, visits_allotted=Fraction(12)).allotted == 12
    assert demand(clients=3, visits_per_week=Fraction(2)).allotted == 20


def test_visits_not_stated_as_used_are_used_at_an_even_pace() -> None:
    halfway = demand(left=5)
    assert (halfway.used, halfway.remaining, halfway.visits_per_week) == (5, 5, 1)


def test_stated_use_is_taken_and_the_rest_falls_on_the_weeks_left() -> None:
    behind = demand(left=5, visits_used=Fraction(2))
    assert (behind.remaining, behind.weekly_minutes) == (8, 96)


def test_more_visits_used_than_allotted_is_overdrawn_and_needs_nothing_more() -> None:
    found = demand(visits_used=Fraction(11), of={"episode_minutes": 60})
    assert found.overdrawn
    assert (found.remaining, found.minutes, found.weekly_minutes) == (0, 0, 0)


def test_the_last_visit_used_is_not_overdrawn() -> None:
    assert not demand(visits_used=Fraction(10)).overdrawn


def test_a_group_costs_its_clock_time_once() -> None:
    group = {"group_size": 5, "direct_minutes": 60, "indirect_minutes": 15}
    alone, full, more = (demand(clients=n, of=group).minutes for n in (1, 5, 6))
    assert alone == full == 10 * 75
    assert more == 2 * 10 * 75


@pytest.mark.parametrize(
    "clients, size, factor",
    [(3, 1, Fraction(1)), (7, 3, Fraction(3, 7)), (6, 3, Fraction(1, 3)), (0, 4, Fraction(1, 4)), (0, 1, Fraction(1))],
)
def test_sessions_per_visit(clients: int, size: int, factor: Fraction) -> None:
    assert sessions_per_visit(clients, size) == factor


def test_missed_bookings_cost_their_minutes_for_single_clients_only() -> None:
    lost = {"no_show_rate": Fraction(1, 5), "no_show_minutes": 20}
    assert demand(of=lost).lost_minutes == 10 * Fraction(1, 4) * 20
    assert demand(clients=4, of={**lost, "group_size": 4}).lost_minutes == 0


def test_a_missed_booking_costs_direct_and_travel_minutes_unless_stated() -> None:
    assert time(no_show_rate=Fraction(1, 2), travel_minutes=10).no_show_minutes == 55
    assert time(no_show_rate=Fraction(1, 2)).no_show_minutes == 45


def test_episode_minutes_shrink_with_the_visits_that_remain() -> None:
    of = {"episode_minutes": 100}
    assert demand(clients=2, of=of).indirect_minutes == 20 * 15 + 200
    assert demand(clients=2, visits_used=Fraction(15), of=of).indirect_minutes == 5 * 15 + 50


def test_a_class_without_visits_spreads_its_episode_over_the_weeks() -> None:
    consultation = {"visits": 0, "episode_minutes": 100}
    assert demand(of=consultation).minutes == 100
    assert demand(of=consultation, left=4).minutes == 40
    assert demand(of=consultation, left=4).weekly_minutes == 10


def test_a_unit_without_clients_needs_nothing() -> None:
    for size in (1, 4):
        empty = demand(clients=0, of={"episode_minutes": 100, "group_size": size})
        assert (empty.minutes, empty.weekly_minutes, empty.visits_per_week) == (0, 0, 0)


def test_a_little_work_is_at_least_one_minute_a_week() -> None:
    assert demand(visits_allotted=Fraction(1, 100)).weekly_minutes == 1


def test_weekly_minutes_are_rounded_half_up_once() -> None:
    minutes = {"direct_minutes": 1, "indirect_minutes": 0}
    assert demand(visits_allotted=Fraction(25), of=minutes).weekly_minutes == 3
    assert demand(visits_allotted=Fraction(24), of=minutes).weekly_minutes == 2


def test_a_stated_frequency_limits_what_can_still_be_given() -> None:
    late = demand(left=4, visits_allotted=Fraction(30), visits_used=Fraction(0), visits_per_week=Fraction(3))
    assert (late.remaining, late.visits_per_week) == (12, 3)


def test_a_week_of_full_frequency_is_the_peak() -> None:
    found = demand(visits_allotted=Fraction(10), visits_per_week=Fraction(2))
    assert (found.weekly_minutes, found.peak_minutes) == (60, 120)


def test_the_peak_week_carries_its_part_of_the_episodes() -> None:
    found = demand(visits_allotted=Fraction(10), visits_per_week=Fraction(2), of={"episode_minutes": 100})
    assert (found.weekly_minutes, found.peak_minutes) == (70, 130)


def test_without_a_stated_frequency_the_peak_is_the_average_week() -> None:
    found = demand(clients=7)
    assert found.peak_minutes == found.weekly_minutes


def test_nothing_left_to_do_has_no_peak() -> None:
    assert demand(visits_per_week=Fraction(2), visits_used=Fraction(20)).peak_minutes == 0


def test_a_later_start_shortens_the_weeks_of_a_stated_frequency_only() -> None:
    stated = program(
        10,
        classes=(complexity(),),
        units=(
            unit("often", visits_per_week=Fraction(2), from_date=MONDAY + timedelta(28)),
            unit("allotted", visits_allotted=Fraction(20), from_date=MONDAY + timedelta(28)),
        ),
    )
    found = unit_demands(stated)
    assert (found["often"].allotted, found["allotted"].allotted) == (12, 20)
    assert found["often"].visits_per_week == Fraction(12, 10)


def test_before_its_start_a_unit_has_used_nothing() -> None:
    later = unit(visits_per_week=Fraction(2), from_date=MONDAY + timedelta(56))
    found = unit_demands(program(10, weeks_passed=5, classes=(complexity(),), units=(later,)))
    assert (found["u1"].used, found["u1"].remaining) == (0, 4)


def test_parts_add_up_to_the_minutes() -> None:
    found = demand(clients=3, of={"travel_minutes": 12, "no_show_rate": Fraction(1, 10), "episode_minutes": 90})
    parts = (found.direct_minutes, found.indirect_minutes, found.travel_minutes, found.lost_minutes)
    assert sum(parts) == found.minutes
    assert all(part > 0 for part in parts)


@given(st.integers(1, 12), st.integers(1, 12))
def test_therapist_hours_of_full_groups_do_not_depend_on_their_size(size: int, groups: int) -> None:
    assert demand(clients=size * groups, of={"group_size": size}).minutes == groups * 10 * 60


@given(st.integers(0, 40), st.integers(0, 60), shares, shares)
def test_more_travel_or_more_missed_visits_never_need_fewer_minutes(clients: int, travel: int, rate: Fraction, more: Fraction) -> None:
    base = demand(clients=clients, of={"travel_minutes": travel, "no_show_rate": min(rate, more)}).minutes
    assert demand(clients=clients, of={"travel_minutes": travel + 5, "no_show_rate": min(rate, more)}).minutes >= base
    assert demand(clients=clients, of={"travel_minutes": travel, "no_show_rate": max(rate, more)}).minutes >= base


@given(st.integers(1, 30), st.integers(1, 52), st.data())
def test_even_pace_keeps_the_weekly_rate_all_along(clients: int, weeks: int, data: st.DataObject) -> None:
    left = data.draw(st.integers(1, weeks))
    of = {"episode_minutes": 37}
    assert (
        demand(clients=clients, weeks=weeks, left=left, of=of).minutes / left
        == demand(clients=clients, weeks=weeks, left=weeks, of=of).minutes / weeks
    )


@given(st.integers(0, 200), st.integers(1, 30), st.integers(1, 10))
def test_the_peak_is_never_below_the_average_week(used: int, clients: int, per_week: int) -> None:
    found = demand(
        clients=clients, visits_per_week=Fraction(per_week), visits_allotted=Fraction(100), visits_used=Fraction(used), of={"group_size": 3}
    )
    assert found.peak_minutes >= found.weekly_minutes
