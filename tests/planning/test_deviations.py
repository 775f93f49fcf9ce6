"""How much more than planned a unit may need: from recorded visits, else a stated share; and the guard of a week."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from one_pair import case, practitioner, unit

from evenload.planning.case import digest
from evenload.planning.check import placement_problems
from evenload.planning.deviations import LEAST_VISITS, deviation, protected
from evenload.planning.prepare import case_from
from evenload.planning.program import Visit
from evenload.planning.robust import guard_minutes, guard_of
from evenload.planning.score import may_take
from evenload.planning.standards import class_time
from evenload.planning.standing import standing_of
from planning import facts_made


def visits(direct: list[int], indirect: int | None = None) -> list[Visit]:
    return [
        Visit(facts_made.MONDAY, "mod", Fraction(one), "done", indirect_minutes=None if indirect is None else Fraction(indirect))
        for one in direct
    ]


def test_recorded_visits_give_their_ninety_percent_quantile_less_what_is_planned() -> None:
    # 41, 42 … 61: mean 51, 90 % quantile 59; ten visits' worth of judgement 51, so 51 minutes are planned
    time = class_time(facts_made.complexity(direct_minutes=51), visits(list(range(41, 62))))
    found = deviation(time)
    assert (found.minutes_per_visit, found.source) == (Fraction(8), "recorded")


def test_each_part_counts_with_its_own_record() -> None:
    time = class_time(facts_made.complexity(direct_minutes=51, indirect_minutes=15), visits(list(range(41, 62)), indirect=25))
    planned = (21 * Fraction(25) + 10 * Fraction(15)) / 31
    assert deviation(time).minutes_per_visit == 8 + 25 - planned


def test_too_few_records_leave_a_stated_share() -> None:
    few = class_time(facts_made.complexity(direct_minutes=40, indirect_minutes=10), visits([90] * (LEAST_VISITS - 1)))
    plain = class_time(facts_made.complexity(direct_minutes=40, indirect_minutes=10))
    assert deviation(few).source == "assumed"
    assert deviation(plain).minutes_per_visit == 10  # 20 % of 50 minutes


def test_a_program_is_protected_unit_by_unit_and_says_what_it_assumes() -> None:
    stated = facts_made.program(
        practitioners=(facts_made.person(),), classes=(facts_made.complexity(),), units=(facts_made.unit(clients=3), facts_made.unit("u2"))
    )
    plain = case_from(stated)
    assert protected(plain, stated, 0) is plain

    found = protected(plain, stated, 2)

    # three clients × 10 visits / 10 weeks × 20 % of 60 minutes
    assert {one.id: one.deviation_minutes for one in found.units} == {"u1": 36, "u2": 12}
    told = found.notices[-1]
    assert (told.code, told.facts["classes"], told.facts["percent"]) == ("deviation_assumed", "mod", "20")
    assert digest(found) != digest(plain)
    assert digest(replace(found, robust=0)) == digest(plain)


@pytest.mark.parametrize(("robust", "allowed"), [(0, True), (1, True), (2, False), (9, False)])
def test_the_worked_example(robust: int, allowed: bool) -> None:
    """M 600; 300 + 250 minutes that may be 30 and 50 more: 550, 600, 630."""
    ana = practitioner(maximum_minutes=600, capacity_minutes=600)
    pieces = (
        unit(id="u1", stated_id="u1", minutes=300, trips=Fraction(0), deviation_minutes=30),
        unit(id="u2", stated_id="u2", minutes=250, trips=Fraction(0), deviation_minutes=50),
    )
    made = replace(case((ana,), pieces), robust=robust)
    assert (placement_problems(made, {"u1": "Ana", "u2": "Ana"}) == ()) is allowed
    standing = standing_of(made, {"u1": "Ana"})
    assert (standing.over_minutes(ana, 250, pieces[1:]) <= 0) is allowed
    assert standing.free_minutes(ana) == 300 - (30 if robust else 0)


def test_units_that_go_together_run_high_together() -> None:
    pair = (unit(id="u1", together="t", deviation_minutes=30), unit(id="u2", together="t", deviation_minutes=20))
    made = replace(case((practitioner(),), (*pair, unit(id="u3", deviation_minutes=40))), robust=1)
    assert guard_of(made, made.units) == 50
    assert guard_minutes([30, 20, 40], 2) == 70
    assert may_take(made, practitioner(), pair)
    assert not may_take(made, practitioner(maximum_minutes=289, capacity_minutes=200), pair)
