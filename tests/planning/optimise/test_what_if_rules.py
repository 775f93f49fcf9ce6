"""No random change ever breaks a hard rule: ten thousand in every build, a million with `make soak`."""

from __future__ import annotations

from random import Random

import pytest
from drawn_cases import drawn_case
from drawn_changes import drawn_change

from benchmarks.instances import Size, caseload
from evenload.planning.check import placement_problems
from evenload.planning.eligibility import breaches
from evenload.planning.one_change import ImpossibleChangeError
from evenload.planning.optimise import Limit, solve
from evenload.planning.optimise.outcome import Outcome
from evenload.planning.optimise.what_if import Resident, hold, refreshed
from evenload.planning.score import score
from evenload.planning.travel import load_minutes

pytestmark = pytest.mark.slow

CHANGES_OF_A_CASE = 100
MOST_UNITS = 14
PARTS = 100
CHANGES_OF_A_PART = 10_000
FULL_RECOUNT = 500
"""Changes of the larger program between two recounts of the whole."""


def made_at_random(first: int, wanted: int) -> int:
    """Small programs from seed `first` on, each changed again and again, until so many changes have been made; returns how many."""
    made = 0
    for seed in range(first, first + wanted):
        if made >= wanted:
            break
        made += changed_at_random(seed)
    return made


def changed_at_random(seed: int) -> int:
    """A small program changed again and again, every rule counted after each change; returns how many were possible."""
    dice = Random(seed)
    case = drawn_case(seed)
    resident, made = hold(case, solve(case, limit=Limit(moves_per_unit=5))), 0
    for number in range(CHANGES_OF_A_CASE):
        made += changed(resident, dice, number)
        if number == CHANGES_OF_A_CASE // 2:
            resident = refreshed(resident)
    found = score(resident.case(), resident.assignment())
    assert resident.judged.hours == pytest.approx(found.hours, abs=1e-6)
    return made


def changed(resident: Resident, dice: Random, number: int) -> int:
    change = drawn_change(dice, resident.case(), number, most_units=MOST_UNITS)
    before = resident.assignment()
    try:
        outcome = resident.apply(change, steps=10)
    except ImpossibleChangeError:
        assert resident.assignment() == before, (number, change)
        return 0
    assert placement_problems(resident.case(), resident.assignment()) == (), (number, change)
    assert outcome.after.bound_hours <= outcome.after.hours + 1e-6
    return 1


class Counter:
    """Loads of a larger program, counted by hand from what each answer says changed hands; shares nothing with the engine."""

    def __init__(self, resident: Resident) -> None:
        self.resident = resident
        self.holder = dict(resident.assignment())

    def follow(self, outcome: Outcome) -> None:
        """Hard rules of every pair that the change made or touched, and the maxima of everybody whose week it altered."""
        for hand in outcome.hands:
            if hand.after is None:
                self.holder.pop(hand.unit, None)
            else:
                self.holder[hand.unit] = hand.after
        case = self.resident.case()
        units = {unit.id: unit for unit in case.units}
        touched = {getattr(outcome.change, "practitioner", None)} | {week.practitioner for week in outcome.weeks}
        touched |= {hand.after for hand in outcome.hands}
        loads, pinned = dict.fromkeys(touched, 0), dict.fromkeys(touched, 0)
        for id, name in self.holder.items():
            if name in touched:
                person, unit = case.practitioner(name), units[id]
                assert breaches(case, person, unit) == (), (outcome.change, id, name)
                minutes = load_minutes(case, person, unit)
                loads[name] += minutes
                pinned[name] += minutes if unit.is_pinned else 0
        for name in touched - {None}:
            assert loads[name] <= max(case.practitioner(name).maximum_minutes, pinned[name]), (outcome.change, name)

    def recount(self) -> None:
        """The whole: every pair, every maximum, every group that goes together; and that nothing changed hands untold."""
        assert self.holder == self.resident.assignment()
        assert placement_problems(self.resident.case(), self.holder) == ()


def followed(seed: int, wanted: int) -> int:
    """A program of 30 x 600 changed until so many changes have been made, each followed by the counter; returns how many."""
    dice, made = Random(seed), 0
    case = caseload(Size(30, 600, (0.95, 1.10)[seed % 2]), seed)
    resident = hold(case, solve(case, limit=Limit(gap_percent=5.0)))
    counter = Counter(resident)
    for number in range(2 * wanted):
        if made >= wanted:
            break
        change = drawn_change(dice, resident.case(), number, most_units=700)
        try:
            outcome = resident.apply(change)
        except ImpossibleChangeError:
            continue
        made += 1
        counter.follow(outcome)
        if made % FULL_RECOUNT == 0:
            counter.recount()
    counter.recount()
    return made


def test_ten_thousand_random_changes_break_no_hard_rule() -> None:
    assert made_at_random(0, 9_000) >= 9_000
    assert followed(0, 500) + followed(1, 500) == 1_000


@pytest.mark.soak
@pytest.mark.parametrize("part", range(PARTS))
def test_a_million_random_changes_break_no_hard_rule(part: int) -> None:
    first = 1_000_000 + part * CHANGES_OF_A_PART

    assert made_at_random(first, CHANGES_OF_A_PART) >= CHANGES_OF_A_PART


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(2, 12))
def test_fifty_thousand_changes_of_larger_programs_break_none_either(seed: int) -> None:
    assert followed(seed, 5_000) == 5_000
