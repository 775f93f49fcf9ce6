"""Every input that the policy names changes the plan of an example program when it is taken away."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import cache

import pytest

from evenload.exchange.example import example_rows
from evenload.exchange.facts import program_from
from evenload.planning.optimise import Limit, solve
from evenload.planning.prepare import case_from
from evenload.planning.program import Program, UnitFacts

pytestmark = pytest.mark.slow


@cache
def example() -> Program:
    """A school program that uses every input: one with a contract that binds and feedback on both sides."""
    return program_from(example_rows(practitioners=24, units=240, setting="school", seed=1))


def placed(program: Program) -> dict[str, str]:
    plan = solve(case_from(program), limit=Limit(moves_per_unit=200))
    return {row.unit: row.practitioner for row in plan.assignments}


@cache
def placed_with_everything() -> dict[str, str]:
    return placed(example())


def units(**facts: object) -> Program:
    return replace(example(), units=tuple(replace(unit, **facts) for unit in example().units))


def everybody(**facts: object) -> Program:
    return replace(example(), practitioners=tuple(replace(person, **facts) for person in example().practitioners))


def only_english(unit: UnitFacts) -> UnitFacts:
    return replace(unit, language="en" if unit.language else unit.language)


def test_the_example_states_every_input() -> None:
    program = example()
    assert program.contracted_visits is not None
    assert {person.feedback for person in program.practitioners} >= {"too_high", "too_low"}
    for name in ("skills", "interests", "languages", "years_experience", "base", "team"):
        assert any(getattr(person, name) for person in program.practitioners), name
    for name in ("visits_allotted", "waiting_since", "current_practitioner", "skills_required", "language"):
        assert any(getattr(unit, name) for unit in program.units), name


WITHOUT = {
    "visit allotments": lambda: units(visits_allotted=None, visits_used=None),
    "contracted visits": lambda: replace(example(), contracted_visits=example().contracted_visits / 2),
    "location": lambda: replace(
        everybody(base=None),
        sites=tuple(replace(site, place=None) for site in example().sites),
        units=tuple(replace(unit, place=None) for unit in example().units),
    ),
    "waitlist": lambda: units(waiting_since=None, priority=3),
    "feedback": lambda: everybody(feedback=None),
    "skills": lambda: replace(
        everybody(skills=frozenset()), units=units(skills_required=frozenset(), skills_preferred=frozenset(), pinned=False).units
    ),
    "interests": lambda: everybody(interests=frozenset()),
    "experience": lambda: everybody(years_experience=None),
    "language": lambda: replace(
        everybody(languages={"en": "native", "fr": "native"}), units=tuple(only_english(unit) for unit in example().units)
    ),
    "current practitioner": lambda: units(current_practitioner=None, pinned=False),
    "team": lambda: replace(everybody(team=None), sites=tuple(replace(site, team=None) for site in example().sites)),
    "capacity": lambda: everybody(weekly_hours=Fraction(75, 2), max_hours=None),
    "hours of units": lambda: replace(example(), classes=tuple(replace(one, direct_minutes=Fraction(45)) for one in example().classes)),
}


@pytest.mark.parametrize("taken_away", WITHOUT)
def test_without_it_the_plan_is_another(taken_away: str) -> None:
    assert placed(WITHOUT[taken_away]()) != placed_with_everything()
