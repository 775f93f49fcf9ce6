"""Small programs for the tests of the three steps: one line states what a test is about, the rest is ordinary."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from evenload.planning.program import ComplexityClass, Period, PractitionerFacts, Program, UnitFacts
from evenload.planning.standards import ClassTime, class_time

MONDAY = date(2026, 1, 5)


def program(weeks: int = 10, *, weeks_passed: int = 0, **facts: Any) -> Program:
    """A program of so many weeks with the given tables; what is not given is empty."""
    tables: dict[str, Any] = {"setting": "community", "practitioners": (), "classes": (), "units": ()}
    return Program(period=Period(MONDAY, weeks, MONDAY + timedelta(weeks=weeks_passed)), **(tables | facts))


def person(id: str = "ana", hours: int | str = 30, disciplines: tuple[str, ...] = ("OT",), **facts: Any) -> PractitionerFacts:
    """A practitioner with these weekly hours."""
    return PractitionerFacts(id, disciplines, facts.pop("engagement", "employee"), Fraction(hours), **facts)


def complexity(id: str = "mod", discipline: str = "OT", **facts: Any) -> ComplexityClass:
    """A class of ten visits of 45 + 15 minutes; every number may be given as int or text."""
    numbers = {name: Fraction(value) if isinstance(value, int | str) and name not in TEXTS else value for name, value in facts.items()}
    return ComplexityClass(
        id, discipline, **({"visits": Fraction(10), "direct_minutes": Fraction(45), "indirect_minutes": Fraction(15)} | numbers)
    )


def unit(id: str = "u1", class_id: str = "mod", **facts: Any) -> UnitFacts:
    """A site unit of the class."""
    return UnitFacts(id, facts.pop("kind", "site"), facts.pop("discipline", "OT"), class_id, **facts)


def time(**facts: Any) -> ClassTime:
    """The times of one class, nothing observed."""
    return class_time(complexity(**facts))


TEXTS = ("group_size", "source")

amounts = st.fractions(min_value=0, max_value=200, max_denominator=8)
positive_amounts = st.fractions(min_value=Fraction(1, 8), max_value=200, max_denominator=8)
shares = st.fractions(min_value=0, max_value=Fraction(95, 100), max_denominator=100)
