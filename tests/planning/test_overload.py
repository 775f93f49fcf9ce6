"""Sustained overload: what counts as weeks in a row, and what ends them."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest

from evenload.planning.overload import OVERLOAD_PERCENT, OVERLOAD_WEEKS, PastWeek, Spell, running_spell

MONDAY = date(2026, 1, 5)


def weeks(*percents: int | None) -> list[PastWeek]:
    """Weeks of 30 hours in a row with these loads; None: a week without hours."""
    return [
        PastWeek(MONDAY + timedelta(weeks=number), Fraction(18 * (percent or 50)), 0 if percent is None else 1800)
        for number, percent in enumerate(percents)
    ]


def test_four_weeks_above_110_percent_are_a_spell_named_by_its_first_week() -> None:
    assert (OVERLOAD_PERCENT, OVERLOAD_WEEKS) == (110, 4)
    assert running_spell(weeks(90, 111, 120, 115, 112)) == Spell(MONDAY + timedelta(weeks=1), 4, Fraction(120))


@pytest.mark.parametrize(
    "loads",
    [
        (111, 111, 111),
        (111, 111, 111, 110),
        (120, 120, 120, 120, 100),
        (120, 100, 120, 120, 120),
        (),
    ],
    ids=["three weeks", "exactly 110 is not above", "over again", "interrupted", "nothing known"],
)
def test_less_than_that_is_none(loads: tuple[int, ...]) -> None:
    assert running_spell(weeks(*loads)) is None


def test_a_week_of_leave_neither_counts_nor_breaks_the_row() -> None:
    assert running_spell(weeks(120, 120, None, 120)) is None
    assert running_spell(weeks(120, 120, None, 120, 130)) == Spell(MONDAY, 4, Fraction(130))


def test_a_week_of_which_nothing_is_known_breaks_the_row() -> None:
    known = weeks(120, 120, 120, 120, 120)
    assert running_spell([*known[:2], *known[3:]]) is None


def test_threshold_and_length_can_be_stated() -> None:
    assert running_spell(weeks(101, 101), above_percent=100, at_least=2) == Spell(MONDAY, 2, Fraction(101))


def test_the_order_in_which_weeks_come_does_not_matter() -> None:
    assert running_spell(reversed(weeks(90, 111, 120, 115, 112))) == running_spell(weeks(90, 111, 120, 115, 112))
