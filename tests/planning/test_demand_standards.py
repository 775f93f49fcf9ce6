from __future__ import annotations

from collections import Counter
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenload.planning.problems import CaseError
from evenload.planning.program import Visit
from evenload.planning.standards import blend, class_time, class_times, observed, quantile
from planning.facts_made import MONDAY, amounts, complexity, program


def visit(direct: int, outcome: str = "done", *, class_id: str = "mod", indirect: int | None = None, travel: int | None = None) -> Visit:
    return Visit(
        MONDAY,
        class_id,
        Fraction(direct),
        outcome,
        indirect_minutes=None if indirect is None else Fraction(indirect),
        travel_minutes=None if travel is None else Fraction(travel),
    )


def test_without_past_visits_the_judgement_is_the_standard() -> None:
    found = class_time(complexity(direct_minutes=70))
    assert (found.direct_minutes, found.direct.observed, found.direct.drift_percent) == (70, None, None)


def test_a_judgement_of_weight_zero_gives_way_to_the_first_visit() -> None:
    stated = complexity(direct_minutes=70, judgement_weight=0)
    assert class_time(stated).direct_minutes == 70
    assert class_time(stated, [visit(55)]).direct_minutes == 55


def test_only_visits_that_took_place_are_blended() -> None:
    found = class_time(complexity(direct_minutes=70, judgement_weight=1), [visit(50), visit(0, "no_show"), visit(0, "cancelled")])
    assert found.direct_minutes == 60


def test_each_part_is_blended_with_its_own_count() -> None:
    stated = complexity(direct_minutes=40, indirect_minutes=20, travel_minutes=10, judgement_weight=1)
    found = class_time(stated, [visit(60, indirect=40), visit(60), visit(60, travel=30)])
    assert (found.direct_minutes, found.indirect_minutes, found.travel_minutes) == (55, 30, 20)


def test_observed_travel_never_makes_a_travel_standard_of_its_own() -> None:
    found = class_time(complexity(), [visit(45, travel=30)])
    assert found.travel_minutes is None
    assert found.observed_travel is not None
    assert found.observed_travel.mean == 30


def test_an_empty_rate_takes_the_observed_share_missed() -> None:
    recorded = [visit(45), visit(45), visit(0, "no_show"), visit(0, "cancelled")]
    assert class_time(complexity(), recorded).no_show_rate == Fraction(1, 2)
    assert class_time(complexity(no_show_rate="0.1"), recorded).no_show_rate == Fraction(1, 10)
    assert class_time(complexity(no_show_rate=0), recorded).no_show_rate == 0
    assert class_time(complexity()).no_show_rate == 0


def test_visits_count_for_their_own_class_only() -> None:
    stated = program(classes=(complexity("mod"), complexity("high")), visits=(visit(99, class_id="high"),))
    found = class_times(stated)
    assert found["mod"].bookings_recorded == 0
    assert found["high"].bookings_recorded == 1


def test_drift_is_how_far_the_observed_mean_lies_from_what_is_planned_with() -> None:
    found = class_time(complexity(direct_minutes=40, judgement_weight=1), [visit(60)])
    assert found.direct.drift_percent == 20


def test_range_and_quantiles_are_those_of_a_spreadsheet() -> None:
    found = observed(Fraction(n) for n in (50, 10, 20, 40, 30))
    assert found is not None
    assert (found.count, found.mean, found.least, found.most) == (5, 30, 10, 50)
    assert (found.p10, found.p50, found.p90) == (14, 30, 46)


def test_one_visit_is_its_own_range() -> None:
    found = observed([Fraction(42)])
    assert found is not None
    assert found.p10 == found.p50 == found.p90 == 42


def test_hours_per_client_are_those_of_full_groups() -> None:
    group = class_time(complexity(visits=10, direct_minutes=60, indirect_minutes=15, group_size=5, episode_minutes=60))
    assert group.hours_per_client == (10 * Fraction(15) + 60) / 60


def test_impossible_standards_are_reported_at_once() -> None:
    stated = program(
        classes=(
            complexity("a", direct_minutes=-1, no_show_rate=1),
            complexity("b", group_size=0),
            complexity("c", no_show_rate=Fraction(-1, 10)),
            complexity("d"),
        ),
        visits=(visit(0, "no_show", class_id="d"),),
    )
    with pytest.raises(CaseError) as raised:
        class_times(stated)
    assert [(p.where.item, p.code) for p in raised.value.problems] == [
        ("a", "negative"),
        ("a", "rate_out_of_range"),
        ("b", "not_positive"),
        ("c", "rate_out_of_range"),
        ("d", "every_visit_missed"),
    ]


@given(amounts, amounts, amounts, st.integers(0, 500))
def test_a_blend_lies_between_judgement_and_observation(judged: Fraction, weight: Fraction, mean: Fraction, count: int) -> None:
    blended = blend(judged, weight, count, mean)
    assert min(judged, mean) <= blended <= max(judged, mean)


@given(st.lists(amounts, min_size=1))
def test_quantiles_are_ordered_and_within_the_range(minutes: list[Fraction]) -> None:
    ordered = sorted(minutes)
    found = [quantile(ordered, Fraction(n, 10)) for n in range(11)]
    assert found == sorted(found)
    assert (found[0], found[-1]) == (ordered[0], ordered[-1])


@given(
    st.lists(st.tuples(st.sampled_from([0, 25, 30, 45, 45, 60, 75]), st.sampled_from(["done", "done", "no_show", "cancelled"])), min_size=1)
)
def test_visits_that_are_alike_count_the_same_as_one_row(found: list[tuple[int, str]]) -> None:
    stated = complexity(direct_minutes=50, judgement_weight=3, no_show_rate=Fraction(1, 10))
    together = [replace(visit(direct, outcome), times=often) for (direct, outcome), often in Counter(found).items()]
    assert class_time(stated, together) == class_time(stated, [visit(*one) for one in found])
