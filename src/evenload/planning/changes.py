"""The first page's three lists: who is over, who has room, and what changes against today's practitioners."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from evenload.planning.case import Case, Practitioner, Unit
from evenload.planning.eligibility import bundles, is_eligible
from evenload.planning.plan import Plan
from evenload.planning.standing import load_state


@dataclass(frozen=True, slots=True)
class Over:
    """A practitioner whose load exceeds her capacity B. Minutes per week; percent of B, None where B is 0."""

    practitioner: str
    assigned_minutes: int
    capacity_minutes: int
    maximum_minutes: int
    over_minutes: int
    percent: float | None


@dataclass(frozen=True, slots=True)
class Room:
    """A practitioner below her own comfortable range: minutes per week up to its lower end, its upper end and B."""

    practitioner: str
    assigned_minutes: int
    capacity_minutes: int
    to_comfortable_min_minutes: int
    to_comfortable_max_minutes: int
    to_capacity_minutes: int
    percent: float


@dataclass(frozen=True, slots=True)
class Change:
    """One unit against today: practitioner today (`before`) and under the plan (`after`; None: waits).

    `is_forced`: today's practitioner may no longer have it (a hard rule, or the unit is held back).
    """

    unit: str
    clients: int
    minutes: int
    before: str | None
    after: str | None
    is_forced: bool = False


@dataclass(frozen=True, slots=True)
class Changes:
    """Every unit once, by what the plan does with it; each list in order of unit id."""

    kept: tuple[Change, ...]
    moved: tuple[Change, ...]
    newly_placed: tuple[Change, ...]
    newly_waiting: tuple[Change, ...]
    still_waiting: tuple[Change, ...]

    @property
    def changing_hands(self) -> tuple[Change, ...]:
        """Units that had a practitioner and do not keep her, waiting included."""
        return tuple(sorted((*self.moved, *self.newly_waiting), key=lambda change: change.unit))


def over(case: Case, plan: Plan) -> tuple[Over, ...]:
    """Who is above her capacity B, and by how much; furthest above first."""
    rows = [_over(person, minutes) for person, minutes in _people(case, plan) if minutes > person.capacity_minutes]
    return tuple(sorted(rows, key=lambda row: (-row.over_minutes, row.practitioner)))


def _over(person: Practitioner, minutes: int) -> Over:
    capacity = person.capacity_minutes
    percent = 100 * minutes / capacity if capacity else None
    return Over(person.id, minutes, capacity, person.maximum_minutes, minutes - capacity, percent)


def room(case: Case, plan: Plan) -> tuple[Room, ...]:
    """Who lies below her own comfortable range, and how much there is to its ends; most room first."""
    rows = [_room(person, minutes) for person, minutes in _people(case, plan) if load_state(person, minutes) == "room"]
    return tuple(sorted(rows, key=lambda row: (-row.to_comfortable_max_minutes, row.practitioner)))


def _room(person: Practitioner, minutes: int) -> Room:
    capacity = person.capacity_minutes

    def up_to(percent: Fraction) -> int:
        return int(percent * capacity / 100) - minutes

    return Room(
        practitioner=person.id,
        assigned_minutes=minutes,
        capacity_minutes=capacity,
        to_comfortable_min_minutes=max(0, up_to(person.comfortable_min_percent)),
        to_comfortable_max_minutes=max(0, up_to(person.comfortable_max_percent)),
        to_capacity_minutes=capacity - minutes,
        percent=100 * minutes / capacity,
    )


def _people(case: Case, plan: Plan) -> Iterable[tuple[Practitioner, int]]:
    return ((case.practitioner(load.practitioner), load.assigned_minutes) for load in plan.loads)


def changes(case: Case, plan: Plan) -> Changes:
    """What the plan changes against today's practitioners: kept, moved, newly placed, newly waiting, still waiting."""
    holder = {row.unit: row.practitioner for row in plan.assignments}
    forced = _forced(case)
    kinds: dict[str, list[Change]] = {"kept": [], "moved": [], "newly_placed": [], "newly_waiting": [], "still_waiting": []}
    for unit in sorted(case.units, key=lambda unit: unit.id):
        after = holder.get(unit.id)
        change = Change(unit.id, unit.clients, unit.minutes, unit.current, after, unit.id in forced and after != unit.current)
        kinds[_kind(unit, after)].append(change)
    return Changes(**{kind: tuple(found) for kind, found in kinds.items()})


def _kind(unit: Unit, after: str | None) -> str:
    if unit.current is None:
        return "still_waiting" if after is None else "newly_placed"
    if after is None:
        return "newly_waiting"
    return "kept" if after == unit.current else "moved"


def _forced(case: Case) -> set[str]:
    """Units whose practitioner of today may not have them: a hard rule for one of the bundle, or held back."""
    found = {unit.id for unit in case.units if unit.held_back is not None}
    for bundle in bundles(case):
        for unit in bundle:
            if unit.current is None or not case.has_practitioner(unit.current):
                continue
            person = case.practitioner(unit.current)
            if not all(is_eligible(case, person, member) for member in bundle):
                found.add(unit.id)
    return found
