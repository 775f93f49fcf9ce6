"""An hour's worth against the linear programme solved again with the hour added (promise AS13)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from random import Random

import pytest
from one_pair import case, practitioner, unit

from evenload.planning.case import Case, Practitioner, Unit
from evenload.planning.eligibility import is_eligible
from evenload.planning.goals import load_hours, pair_hours, waiting_hours
from evenload.planning.program import Place
from evenload.planning.shadow import HOUR_MINUTES, hour_worth
from evenload.planning.targets import targets
from evenload.planning.travel import load_minutes

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("demand_share", [1.1, 1.25])
def test_where_hours_lack_an_hours_worth_agrees_with_the_optimum_after_adding_it_within_a_tenth(seed, demand_share) -> None:
    facts = program(Random(seed), demand_share)
    wanted = targets(facts)
    before, price = optimum(facts, wanted)
    for person in facts.practitioners:
        saved = before - optimum_with_an_hour_more(facts, person)
        assert hour_worth(facts, person, price[person.id], wanted[person.id]) == pytest.approx(saved, rel=0.1, abs=0.02)


def test_where_there_is_room_no_hour_is_called_worth_recruiting() -> None:
    facts = program(Random(7), 0.75)
    wanted = targets(facts)
    before, price = optimum(facts, wanted)
    for person in facts.practitioners:
        assert hour_worth(facts, person, price[person.id], wanted[person.id]) < 1
        assert before - optimum_with_an_hour_more(facts, person) < 1


def optimum_with_an_hour_more(facts: Case, person: Practitioner) -> float:
    grown = replace(person, capacity_minutes=person.capacity_minutes + HOUR_MINUTES, maximum_minutes=person.maximum_minutes + HOUR_MINUTES)
    larger = replace(facts, practitioners=tuple(grown if other is person else other for other in facts.practitioners))
    return optimum(larger, targets(larger))[0]


def program(dice: Random, demand_share: float) -> Case:
    """Eight practitioners of one discipline and as many units as fill this share of their hours."""

    def somewhere() -> Place:
        return Place(45.3 + dice.random() * 0.3, -75.9 + dice.random() * 0.5)

    people: list[Practitioner] = []
    for number in range(8):
        capacity, french = dice.randint(800, 1700), {"fr": "fluent"} if number % 3 == 0 else {}
        room = dice.choice([0, 0, 120])
        languages = {"en": "native", **french}
        hours = {"capacity_minutes": capacity, "maximum_minutes": capacity + room}
        people.append(practitioner(id=f"p{number}", base=somewhere(), languages=languages, **hours))
    units: list[Unit] = []
    while sum(piece.minutes + 30 for piece in units) < demand_share * sum(person.capacity_minutes for person in people):
        asked = {"language": dice.choice(["en", "en", "fr"]), "priority": dice.randint(1, 4), "weeks_waiting": dice.randint(0, 20)}
        units.append(unit(id=f"u{len(units)}", minutes=dice.randint(30, 400), place=somewhere(), trips=Fraction(1, 2), **asked))
    return case(tuple(people), tuple(units))


def optimum(facts: Case, wanted: Mapping[str, int]) -> tuple[float, dict[str, float]]:
    """Optimum of the linear programme (units may be shared out in fractions) and each practitioner's price of an hour of load."""
    import highspy

    model = highspy.Highs()
    model.silent()
    loads: dict[str, list[object]] = {person.id: [] for person in facts.practitioners}
    for piece in facts.units:
        shares = [model.addVariable(0, 1, obj=waiting_hours(facts, piece))]
        for person in facts.practitioners:
            if is_eligible(facts, person, piece):
                shares.append(model.addVariable(0, 1, obj=sum(pair_hours(facts, person, piece).values())))
                loads[person.id].append(shares[-1] * (load_minutes(facts, person, piece) / 60))
        model.addConstr(sum(shares) == 1)
    rows = {person.id: _add_load(model, facts, person, wanted[person.id], loads[person.id]) for person in facts.practitioners}
    model.run()
    duals = model.getSolution().row_dual
    return model.getInfo().objective_function_value, {id: -duals[row.index] for id, row in rows.items()}


def _add_load(model, facts: Case, person: Practitioner, target: int, loads: list[object]):
    """The convex price of one load, as the largest of its straight pieces."""
    load = model.addVariable(0, person.maximum_minutes / 60)
    price = model.addVariable(-1e9, 1e9, obj=1)
    capacity = person.capacity_minutes
    ends = {0, 0.7 * capacity, 0.95 * capacity, capacity, target - capacity / 10, target, target + capacity / 10, person.maximum_minutes}
    for low, high in pairwise(sorted(end for end in ends if 0 <= end <= person.maximum_minutes)):
        at_low, at_high = (sum(load_hours(facts, person, end, target)) for end in (low, high))
        slope = 60 * (at_high - at_low) / (high - low)
        model.addConstr(price - slope * load >= at_low - slope * low / 60)
    return model.addConstr(sum(loads) - load == 0)
