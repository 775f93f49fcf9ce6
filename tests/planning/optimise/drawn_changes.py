"""Random changes of a small Case, every kind of them, possible or not."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from drawn_cases import with_wishes

from evenload.planning.case import Case
from evenload.planning.one_change import Added, Barred, Change, Freed, Leaves, Moved, NewHours, Pinned, Removed
from planning.small_cases import random_unit


def drawn_change(dice: Random, case: Case, number: int, *, most_units: int = 1_000) -> Change:
    """One change; units and practitioners are mostly those of the Case, which grows to `most_units` at most."""
    people = [person.id for person in case.practitioners]
    units = [unit.id for unit in case.units] or ["nobody"]
    unit, person = dice.choice([*units, "nobody"] if dice.random() < 0.02 else units), dice.choice(people)
    kind = dice.choice([Leaves, NewHours, NewHours, NewHours, Added, Added, Removed, Barred, Pinned, Freed, Moved, Moved])
    if kind is Added and len(units) >= most_units:
        kind = Removed
    if kind is Leaves:
        return Leaves(person)
    if kind is NewHours:
        capacity = dice.choice([0, dice.randint(1, 1500), dice.randint(1, 1500)])
        return NewHours(person, capacity, capacity + dice.choice([0, 0, 200]) if capacity else 0)
    if kind is Added:
        return Added(drawn_unit(dice, f"n{number}", people))
    if kind is Moved:
        return Moved(unit, dice.choice([person, person, person, None]))
    return kind(unit) if kind in (Removed, Freed) else kind(unit, person)


def drawn_unit(dice: Random, id: str, people: list[str]) -> object:
    """A unit of any kind: held back, of several blocks, together with others, pinned."""
    drawn = with_wishes(dice, random_unit(dice, id, people))
    # Blocks of one id would be the same block; each further one has a number of its own.
    return replace(drawn, id=f"big#{id[1:]}n") if drawn.stated_id == "big" else drawn
