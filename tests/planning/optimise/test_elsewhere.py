"""Where room could be made: what is looked up lazily, behind floors, is what trying every pair finds, in the same order."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from drawn_cases import drawn_case
from hypothesis import given
from hypothesis import strategies as st

from evenload.planning.case import Case
from evenload.planning.eligibility import bundles, is_eligible
from evenload.planning.elsewhere import Elsewhere, Move
from evenload.planning.optimise.warm import tiny_case
from evenload.planning.standing import Standing, standing_of
from evenload.planning.travel import load_minutes

pytestmark = pytest.mark.slow


def held(seed: int) -> Standing:
    """A drawn program whose bundles are with anybody at all, with room in the end for most; sometimes a price on fair shares."""
    dice, case = Random(seed), drawn_case(seed)
    prices = replace(case.prices, balance_clients=dice.choice([0.0, 0.0, 0.3]), balance_near=dice.choice([0.1, 2.0]))
    people = tuple(replace(person, maximum_minutes=person.maximum_minutes + dice.choice([0, 300, 1_200])) for person in case.practitioners)
    case = replace(case, prices=prices, practitioners=people, robust=dice.choice([0, 0, 2]))
    holder = {
        unit.id: one for bundle in bundles(case) if (one := dice.choice([None, *(person.id for person in people)])) for unit in bundle
    }
    return standing_of(case, holder)


def tried(standing: Standing, person: str, least_minutes: int, pinned: set[str]) -> list[tuple[float, str, str, int]]:
    """Every bundle of hers beside everybody else, one after the other."""
    case, holder = standing.case, standing.case.practitioner(person)
    found = []
    for bundle in bundles(case):
        freed = sum(load_minutes(case, holder, unit) for unit in bundle)
        if any(standing.holder.get(unit.id) != person or unit.is_pinned or unit.id in pinned for unit in bundle) or freed < least_minutes:
            continue
        removed = sum(standing.removed_hours(holder, bundle).values())
        doors = [
            (sum(standing.added_hours(other, bundle).values()) - removed, bundle[0].id, other.id, freed)
            for other in case.practitioners
            if other is not holder and all(is_eligible(case, other, unit) for unit in bundle) and fits(case, standing, other.id, bundle)
        ]
        found += sorted(doors, key=lambda door: (door[0], door[2]))[:1]
    return sorted(found)


def fits(case: Case, standing: Standing, id: str, bundle) -> bool:
    other = case.practitioner(id)
    needed = sum(load_minutes(case, other, unit) for unit in bundle)
    return standing.free_minutes(other) >= sum(unit.minutes for unit in bundle) and standing.over_minutes(other, needed, bundle) <= 0


def told(move: Move) -> tuple[float, str, str, int]:
    return move.change_hours, move.bundle[0].id, move.to.id, move.freed_minutes


@given(st.integers(0, 2**32), st.sampled_from([0, 1, 60, 200]))
def test_what_could_go_elsewhere_is_what_trying_every_pair_finds_cheapest_first(seed: int, least_minutes: int) -> None:
    standing, dice = held(seed), Random(seed)
    pinned = {unit.id for unit in standing.case.units if dice.random() < 0.1}
    elsewhere = Elsewhere(standing, pinned)

    for person in standing.case.practitioners:
        expected = tried(standing, person.id, least_minutes, pinned)
        assert [told(move) for move in elsewhere.moves_of(person, least_minutes)] == expected
        assert [told(move) for move in elsewhere.moves_of(person)] == tried(standing, person.id, 0, pinned)


@pytest.mark.parametrize("robust", [0, 1])
def test_of_many_moves_the_cheapest_come_first_in_a_program_with_choice(robust: int) -> None:
    dice, plain = Random(robust), tiny_case(110)
    units = tuple(replace(unit, minutes=dice.choice([30, 60, 90]), deviation_minutes=dice.choice([0, 40])) for unit in plain.units)
    people = tuple(
        replace(one, id=f"{one.id}{n}", capacity_minutes=one.capacity_minutes + 40 * n, maximum_minutes=2_000, max_sites_per_day=1 + n)
        for n in range(4)
        for one in plain.practitioners
    )
    case = replace(plain, units=units, practitioners=people, robust=robust)
    holder = {unit.id: dice.choice(people).id for bundle in bundles(case) for unit in bundle if len(bundle) == 1}
    standing = standing_of(case, holder)
    elsewhere = Elsewhere(standing)

    found = {person.id: [told(move) for move in elsewhere.moves_of(person, 40)] for person in people}

    assert sum(map(len, found.values())) > 50
    assert found == {person.id: tried(standing, person.id, 40, set()) for person in people}
