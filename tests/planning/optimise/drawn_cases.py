"""Random small Cases in which days, evenings, pins and places anywhere on earth matter too."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from evenload.planning.case import Case, Practitioner, Unit
from evenload.planning.program import Place
from planning.small_cases import random_case

WEEK = ("mon", "tue", "wed")


def drawn_case(seed: int) -> Case:
    """A random small Case in which days, evenings, pins and places anywhere on earth matter too."""
    dice = Random(seed)
    drawn = random_case(dice)
    return replace(
        drawn,
        practitioners=tuple(with_hours(dice, person) for person in drawn.practitioners),
        units=tuple(with_wishes(dice, unit) for unit in drawn.units),
    )


def with_hours(dice: Random, person: Practitioner) -> Practitioner:
    days = frozenset(day for day in WEEK if dice.random() < 0.5)
    base = anywhere(dice) if dice.random() < 0.3 else person.base
    return replace(person, days=days, evenings=dice.choice([None, True, False]), base=base)


def with_wishes(dice: Random, unit: Unit) -> Unit:
    days = frozenset(day for day in WEEK if dice.random() < 0.3)
    pinned_to = unit.current if not unit.together and dice.random() < 0.2 else None
    place = anywhere(dice) if dice.random() < 0.3 else unit.place
    return replace(unit, days=days, evening=dice.random() < 0.3, pinned_to=pinned_to, place=place)


def anywhere(dice: Random) -> Place:
    return Place(dice.uniform(-90, 90), dice.uniform(-180, 180))
