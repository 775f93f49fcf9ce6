"""The arrays say of every pair and every plan what the pair functions say."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from drawn_cases import drawn_case
from hypothesis import given
from hypothesis import strategies as st

from evenload.planning import eligibility, goals
from evenload.planning.case import Case, Practitioner, Unit
from evenload.planning.eligibility import is_eligible
from evenload.planning.goals import pair_hours, waiting_hours
from evenload.planning.optimise import tables
from evenload.planning.optimise.begin import board_for
from evenload.planning.optimise.pairs import empty_row, fill_row
from evenload.planning.optimise.setting import priced, setting_of
from evenload.planning.optimise.state import place_all, score_of
from evenload.planning.score import may_take, score
from evenload.planning.targets import nearest_travel, targets
from evenload.planning.travel import load_minutes, pair_travel_minutes
from planning.small_cases import random_assignment, random_case

pytestmark = pytest.mark.slow


@given(st.integers(0, 2**32))
def test_every_pair_is_priced_and_judged_as_the_pair_functions_do(seed: int) -> None:
    drawn = drawn_case(seed)
    setting = setting_of(drawn)
    instance = setting.instance
    for wing in instance.wings:
        row = empty_row(len(wing.members))
        for n in wing.nodes:
            bundle = instance.nodes[n]
            when_waiting = fill_row(wing, instance.units, setting.exact, instance.scale, instance.pinned[n], n, row)
            keepers = {p.id for p in drawn.practitioners if all(is_eligible(drawn, p, unit) for unit in bundle)}
            assert when_waiting == sum(unit.current in keepers for unit in bundle)
            for column, p in enumerate(wing.members):
                person = instance.practitioners[p]
                assert bool(row.eligible[column]) == (person.id in keepers)
                assert bool(row.fits[column]) == may_take(drawn, person, bundle)
                assert row.load[column] == sum(load_minutes(drawn, person, unit) for unit in bundle)
                assert row.travel[column] == sum(pair_travel_minutes(drawn, person, unit) for unit in bundle)
                hours = sum(sum(pair_hours(drawn, person, unit).values()) for unit in bundle)
                assert row.cost[column] == pytest.approx(hours, abs=1e-9)
                if person.id in keepers:
                    assert row.moves[column] == sum(unit.current in keepers and unit.current != person.id for unit in bundle)


@given(st.integers(0, 2**32))
def test_waiting_nearest_travel_and_targets_are_those_of_the_pair_functions(seed: int) -> None:
    drawn = drawn_case(seed)
    setting = setting_of(drawn)

    assert setting.targets_minutes == targets(drawn)
    nearest = nearest_travel(drawn)
    assert setting.targets_minutes == targets(drawn, nearest)
    for n, bundle in enumerate(setting.instance.nodes):
        assert setting.instance.waiting[n] == pytest.approx(sum(waiting_hours(drawn, unit) for unit in bundle))


@given(st.integers(0, 2**32))
def test_the_board_prices_a_plan_as_the_score_does(seed: int) -> None:
    dice = Random(seed)
    drawn = random_case(dice)
    setting = setting_of(drawn)
    board = board_for(setting, priced(setting, None))
    index = {p.id: i for i, p in enumerate(setting.instance.practitioners)}
    assignment = random_assignment(dice, drawn)
    who = [index[assignment[bundle[0].id]] if bundle[0].id in assignment else -1 for bundle in setting.instance.nodes]

    place_all(*board, np.array(who, np.int32))

    assert board.nodes["who"].tolist() == who
    hours, _ = score_of(*board)
    assert hours + setting.instance.held_back_hours == pytest.approx(score(drawn, assignment).hours, abs=1e-6)


def test_a_rule_or_goal_without_an_array_twin_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def weather(case: Case, practitioner: Practitioner, unit: Unit) -> None:
        return None

    assert tables.untwinned() == frozenset()
    monkeypatch.setattr(eligibility, "RULES", (*eligibility.RULES, weather))
    monkeypatch.setattr(goals, "PAIR_GOALS", (*goals.PAIR_GOALS, weather))
    assert tables.untwinned() == {"weather"}
