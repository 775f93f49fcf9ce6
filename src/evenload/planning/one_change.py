"""One change of a Case, as a manager thinks of it: who leaves, who gets more hours, which unit comes, goes, stays or moves.

`case_after` says what the Case is after it. The engine's what-if (`optimise.what_if`) answers it in milliseconds, and is held
against the recount of the Case that this module gives.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from evenload.planning.case import Case, Practitioner, Unit
from evenload.planning.eligibility import breaches


@dataclass(frozen=True, slots=True)
class Leaves:
    """A practitioner has no hours left in the period; units pinned to her are free again."""

    practitioner: str


@dataclass(frozen=True, slots=True)
class NewHours:
    """A practitioner's weekly minutes from now on: B and M (M ≥ B)."""

    practitioner: str
    capacity_minutes: int
    maximum_minutes: int


@dataclass(frozen=True, slots=True)
class Added:
    """One more unit. Where it goes together with others, their pin is its own."""

    unit: Unit


@dataclass(frozen=True, slots=True)
class Removed:
    """A unit that is no longer there."""

    unit: str


@dataclass(frozen=True, slots=True)
class Barred:
    """The clients of a unit do not want this practitioner."""

    unit: str
    practitioner: str


@dataclass(frozen=True, slots=True)
class Pinned:
    """A unit, and all that goes together with it, stays with this practitioner."""

    unit: str
    practitioner: str


@dataclass(frozen=True, slots=True)
class Freed:
    """A unit, and all that goes together with it, is pinned no more, and may move again where it was put by hand."""

    unit: str


@dataclass(frozen=True, slots=True)
class Moved:
    """A unit, and all that goes together with it, is given to somebody by hand (None: it waits). The Case stays as it is."""

    unit: str
    practitioner: str | None


Change = Leaves | NewHours | Added | Removed | Barred | Pinned | Freed | Moved


class ImpossibleChangeError(ValueError):
    """The change cannot be made: a code and its facts.

    Codes: `unit_unknown`, `practitioner_unknown`, `unit_known` (added twice), `hours_contradict` (M below B, or below 0),
    `rule_broken` (facts: practitioner and rules), `pinned` (what is pinned to somebody cannot be moved, nor its practitioner
    be barred), `held_back`, `no_room` (what may not leave her fills her maximum already).
    """

    def __init__(self, code: str, **facts: str) -> None:
        super().__init__(f"{code}: {', '.join(f'{name}={value}' for name, value in facts.items())}")
        self.code, self.facts = code, facts


def person_after(person: Practitioner, change: Leaves | NewHours) -> Practitioner:
    """The practitioner with her new hours. Raises ImpossibleChangeError (`hours_contradict`)."""
    capacity, maximum = (0, 0) if isinstance(change, Leaves) else (change.capacity_minutes, change.maximum_minutes)
    if not 0 <= capacity <= maximum:
        raise ImpossibleChangeError("hours_contradict", capacity_minutes=str(capacity), maximum_minutes=str(maximum))
    return replace(person, capacity_minutes=capacity, maximum_minutes=maximum)


def bundle_after(bundle: tuple[Unit, ...], change: Barred | Pinned | Freed) -> tuple[Unit, ...]:
    """The units of one bundle after a bar, a pin or the end of one. Raises ImpossibleChangeError (`pinned`)."""
    if isinstance(change, Barred):
        if any(unit.pinned_to == change.practitioner for unit in bundle):
            raise ImpossibleChangeError("pinned", unit=change.unit, practitioner=change.practitioner)
        return tuple(replace(unit, barred=unit.barred | {change.practitioner}) if unit.id == change.unit else unit for unit in bundle)
    pin = change.practitioner if isinstance(change, Pinned) else None
    return tuple(replace(unit, pinned_to=pin) for unit in bundle)


def joined(unit: Unit, companions: Sequence[Unit]) -> Unit:
    """The unit with the pin of those that it goes together with."""
    return replace(unit, pinned_to=companions[0].pinned_to) if companions else unit


def refuse_pin(case: Case, person: Practitioner, bundle: tuple[Unit, ...]) -> None:
    """Raises ImpossibleChangeError (`rule_broken`) where a hard rule stands against the pinned bundle and her."""
    rules = sorted({reason.code for unit in bundle for reason in breaches(case, person, unit)})
    if rules:
        raise ImpossibleChangeError("rule_broken", practitioner=person.id, rules=" ".join(rules))


def case_after(case: Case, change: Change) -> Case:
    """The Case after the change. Raises ImpossibleChangeError."""
    units = {unit.id: unit for unit in case.units}
    if isinstance(change, Moved):
        _known_unit(units, change.unit)
        return case
    if isinstance(change, Leaves | NewHours):
        return _with_person(case, change)
    if isinstance(change, Added):
        if change.unit.id in units:
            raise ImpossibleChangeError("unit_known", unit=change.unit.id)
        companions = [one for one in case.units if change.unit.together and one.together == change.unit.together]
        return replace(case, units=(*case.units, joined(change.unit, companions)))
    unit = _known_unit(units, change.unit)
    if isinstance(change, Removed):
        return replace(case, units=tuple(one for one in case.units if one is not unit))
    bundle = tuple(one for one in case.units if one is unit or (unit.together and one.together == unit.together))
    after = {one.id: one for one in bundle_after(bundle, change)}
    if isinstance(change, Pinned):
        refuse_pin(case, known_person(case, change.practitioner), tuple(after.values()))
    return replace(case, units=tuple(after.get(one.id, one) for one in case.units))


def known_person(case: Case, id: str) -> Practitioner:
    """The practitioner with this id. Raises ImpossibleChangeError (`practitioner_unknown`)."""
    if not case.has_practitioner(id):
        raise ImpossibleChangeError("practitioner_unknown", practitioner=id)
    return case.practitioner(id)


def _known_unit(units: Mapping[str, Unit], id: str) -> Unit:
    if id not in units:
        raise ImpossibleChangeError("unit_unknown", unit=id)
    return units[id]


def _with_person(case: Case, change: Leaves | NewHours) -> Case:
    after = person_after(known_person(case, change.practitioner), change)
    people = tuple(after if person.id == after.id else person for person in case.practitioners)
    units = case.units
    if isinstance(change, Leaves):
        units = tuple(replace(unit, pinned_to=None) if unit.pinned_to == after.id else unit for unit in units)
    return replace(case, practitioners=people, units=units)
