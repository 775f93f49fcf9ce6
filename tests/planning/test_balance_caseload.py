from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import floor

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from evenload.planning.balance import plan_capacity
from evenload.planning.caseload import caseload, demand_hours, fte_required, whole_clients
from evenload.planning.program import Program
from evenload.planning.sensitivity import gap_range
from planning.facts_made import complexity, person, positive_amounts, program, unit

times = st.dictionaries(st.sampled_from(["low", "mod", "high", "max"]), positive_amounts, min_size=1)
counts = st.lists(st.integers(1, 400), min_size=4, max_size=4)


def mix_from(numbers: list[int], ids: dict[str, Fraction]) -> dict[str, Fraction]:
    own = dict(zip(ids, numbers, strict=False))
    return {id: Fraction(n, sum(own.values())) for id, n in own.items()}


@given(positive_amounts, times, counts)
def test_the_two_directions_are_exactly_inverse(hours: Fraction, per_client: dict[str, Fraction], numbers: list[int]) -> None:
    carried = caseload(hours, mix_from(numbers, per_client), per_client)
    assert fte_required(demand_hours(carried.by_class, per_client), hours) == 1


@given(positive_amounts, times, counts)
def test_doubling_the_hours_doubles_the_clients(hours: Fraction, per_client: dict[str, Fraction], numbers: list[int]) -> None:
    mix = mix_from(numbers, per_client)
    once, twice = caseload(hours, mix, per_client).clients, caseload(2 * hours, mix, per_client).clients
    assert once is not None
    assert twice == 2 * once


@given(positive_amounts, times, counts)
def test_whole_clients_fit_the_hours_and_miss_the_exact_number_by_less_than_one(
    hours: Fraction, per_client: dict[str, Fraction], numbers: list[int]
) -> None:
    carried = caseload(hours, mix_from(numbers, per_client), per_client)
    assert carried.spare_hours >= 0
    for id, exact in carried.by_class.items():
        assert floor(exact) <= carried.whole_clients[id] <= floor(exact) + 1
        assert abs(carried.whole_clients[id] - exact) < 1
        if carried.whole_clients[id] == floor(exact) != exact:
            assert per_client[id] > carried.spare_hours


def test_equal_remainders_go_to_the_first_id() -> None:
    assert whole_clients({"b": Fraction("1.5"), "a": Fraction("1.5")}, {"a": Fraction(2), "b": Fraction(2)}, Fraction(6)) == {
        "b": 1,
        "a": 2,
    }


def test_the_largest_remainder_comes_first() -> None:
    assert whole_clients({"a": Fraction("1.2"), "b": Fraction("1.8")}, {"a": Fraction(2), "b": Fraction(2)}, Fraction(6)) == {
        "a": 1,
        "b": 2,
    }


def test_a_smaller_client_may_still_fit_where_a_larger_one_does_not() -> None:
    whole = whole_clients({"high": Fraction("1.9"), "low": Fraction("1.1")}, {"high": Fraction(100), "low": Fraction(1)}, Fraction("191.1"))
    assert whole == {"high": 1, "low": 2}


def test_a_class_of_share_zero_gets_nobody() -> None:
    assert caseload(Fraction(10), {"a": Fraction(1), "b": Fraction(0)}, {"a": Fraction(3), "b": Fraction(1)}).whole_clients == {
        "a": 3,
        "b": 0,
    }


def made(hours: int, clients: list[int], minutes: list[int]) -> Program:
    return program(
        practitioners=(person(hours=hours),),
        classes=tuple(complexity(f"c{i}", direct_minutes=m, travel_minutes=5) for i, m in enumerate(minutes)),
        units=tuple(unit(f"u{i}", f"c{i}", clients=n) for i, n in enumerate(clients)),
    )


@given(st.integers(1, 40), st.lists(st.tuples(st.integers(1, 50), st.integers(1, 90)), min_size=1, max_size=4))
def test_clients_that_the_hours_carry_require_exactly_the_staff_there_is(hours: int, rows: list[tuple[int, int]]) -> None:
    stated = made(hours, [n for n, _ in rows], [m for _, m in rows])
    first = plan_capacity(stated).match[0]
    assert first.caseload.clients is not None
    scale = first.caseload.clients / first.clients
    again = fte_required(demand_hours(first.caseload.by_class, first.caseload.hours_per_client), first.supply_hours / first.fte_current)
    assert again == first.fte_current
    assert first.ratio == scale


@given(st.integers(1, 40), st.lists(st.tuples(st.integers(1, 50), st.integers(1, 90)), min_size=1, max_size=4))
def test_ten_percent_up_and_down_bracket_the_gap(hours: int, rows: list[tuple[int, int]]) -> None:
    plan = plan_capacity(made(hours, [n for n, _ in rows], [m for _, m in rows]))
    match = plan.match[0]
    least, most = gap_range(plan.sensitivity, "OT")
    assert least < match.gap_hours < most
    widest = max(match.supply_hours, match.demand_hours) / 10
    assert (most - match.gap_hours, match.gap_hours - least) == (widest, widest)


def test_sensitivity_has_four_rows_each_with_staff_and_clients() -> None:
    plan = plan_capacity(made(30, [10], [40]))
    match = plan.match[0]
    assert [(row.what, row.percent) for row in plan.sensitivity] == [("times", -10), ("times", 10), ("hours", -10), ("hours", 10)]
    assert match.fte_required is not None
    assert match.caseload.clients is not None
    longer = plan.sensitivity[1]
    assert (longer.fte_required, longer.clients) == (match.fte_required * Fraction(11, 10), match.caseload.clients / Fraction(11, 10))
    fewer = plan.sensitivity[2]
    assert (fewer.fte_required, fewer.clients) == (match.fte_required / Fraction(9, 10), match.caseload.clients * Fraction(9, 10))


def test_ten_percent_longer_times_are_what_ten_percent_longer_standards_give() -> None:
    stated = made(30, [10, 4], [40, 60])
    longer = replace(
        stated,
        classes=tuple(
            replace(
                one,
                direct_minutes=one.direct_minutes * Fraction(11, 10),
                indirect_minutes=one.indirect_minutes * Fraction(11, 10),
                travel_minutes=Fraction("5.5"),
            )
            for one in stated.classes
        ),
    )
    row, recomputed = plan_capacity(stated).sensitivity[1], plan_capacity(longer).match[0]
    assert (row.demand_hours, row.fte_required, row.clients) == (
        recomputed.demand_hours,
        recomputed.fte_required,
        recomputed.caseload.clients,
    )


@given(st.integers(0, 30), st.integers(1, 30))
def test_more_missed_visits_never_lengthen_the_caseload(rate: int, more: int) -> None:
    assume(rate + more < 100)
    base = program(practitioners=(person(),), units=(unit(clients=3),))
    carried = [
        plan_capacity(replace(base, classes=(complexity(no_show_rate=Fraction(percent, 100)),))).match[0].caseload.clients or Fraction(0)
        for percent in (rate, rate + more)
    ]
    assert carried[1] <= carried[0]


def test_a_staff_direction_without_hours_is_an_error_never_infinity() -> None:
    with pytest.raises(ZeroDivisionError):
        fte_required(Fraction(10), Fraction(0))
