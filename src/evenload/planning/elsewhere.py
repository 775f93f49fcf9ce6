"""Which of a practitioner's bundles could go to somebody else, cheapest first, looked up no farther than it is asked for.

Before a pair is priced exactly, it has a floor: what the load costs at least at that door, and leaving the current practitioner; its travel,
preferences and sharing cost nothing less than 0. A door whose floor is above the best price so far is not looked at.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from itertools import accumulate
from typing import TypeAlias

from evenload.planning.case import Practitioner
from evenload.planning.eligibility import bundles, is_eligible
from evenload.planning.goals import continuity, load_hours
from evenload.planning.standing import Standing
from evenload.planning.targets import practitioners_by_discipline
from evenload.planning.travel import load_minutes
from evenload.planning.waiting_reasons import Bundle

_Floor: TypeAlias = tuple[float, str, Practitioner]
"""hours per week that it costs at least, the practitioner's id and the practitioner"""

ROUNDING = 1e-9
"""Sums of floats in another order must not rule out a door."""


@dataclass(frozen=True, slots=True)
class Move:
    """One bundle that could go from its holder to another practitioner with room; the change of price in hours per week."""

    bundle: Bundle
    to: Practitioner
    freed_minutes: int
    change_hours: float


class Elsewhere:
    """Which of a practitioner's bundles could move elsewhere, cheapest first. Asked often, so each answer is kept.

    `pinned` are units that a draft keeps where they are, beside those that the Case pins. `bundle_of`, unit id → its bundle,
    saves finding the bundles again.
    """

    def __init__(self, standing: Standing, pinned: Container[str] = (), bundle_of: Mapping[str, Bundle] | None = None) -> None:
        self._standing = standing
        self._pinned = pinned
        self._by_discipline = practitioners_by_discipline(standing.case)
        self._bundle_of = {unit.id: one for one in bundles(standing.case) for unit in one} if bundle_of is None else bundle_of
        self._doors: dict[str, list[_Door]] = {}
        self._floors: dict[tuple[str, int], list[_Floor]] = {}
        self._leavings: dict[str, _Leaving] = {}

    def moves_of(self, practitioner: Practitioner, least_minutes: int = 0) -> Iterator[Move]:
        """Her bundles that somebody else may take and has room for, each with the cheapest other practitioner; the cheapest bundle first.

        Only those that free so many minutes of her week. What is not asked for is not looked up.
        """
        waiting = [
            (one.floor_hours, False, one.bundle[0].id, one) for one in self._leaving(practitioner) if one.freed_minutes >= least_minutes
        ]
        heapify(waiting)
        while waiting:
            _, is_priced, id, one = heappop(waiting)
            move = one.cheapest(self._standing)
            if is_priced and move is not None:
                yield move
            elif move is not None:
                heappush(waiting, (move.change_hours, True, id, one))

    def _leaving(self, practitioner: Practitioner) -> Iterator[_Leaving]:
        """Her bundles that may go: nothing of them is pinned or held back."""
        for first in self._standing.caseloads[practitioner.id]:
            bundle = self._bundle_of.get(first.id, ())
            if bundle[:1] == (first,) and first.held_back is None and not any(one.is_pinned or one.id in self._pinned for one in bundle):
                if first.id not in self._leavings:
                    self._leavings[first.id] = _Leaving(self._standing, practitioner, bundle, self._doors_for(bundle))
                yield self._leavings[first.id]

    def _doors_for(self, bundle: Bundle) -> list[_Floor]:
        """Everybody of the discipline with room for its minutes, before travel; the least floor first. Bundles of equal length share it."""
        discipline, minutes = bundle[0].discipline, sum(unit.minutes for unit in bundle)
        if discipline not in self._doors:
            self._doors[discipline] = [_Door(self._standing, person) for person in self._by_discipline.get(discipline, [])]
        if (discipline, minutes) not in self._floors:
            with_room = (door for door in self._doors[discipline] if door.free_minutes >= minutes)
            self._floors[discipline, minutes] = sorted((door.least_hours(minutes), door.person.id, door.person) for door in with_room)
        return self._floors[discipline, minutes]


class _Door:
    """Somebody who could take more: her room, and the least that more minutes would cost her."""

    def __init__(self, standing: Standing, person: Practitioner) -> None:
        case, capacity, target = standing.case, person.capacity_minutes, standing.targets_minutes[person.id]
        self.person, self.free_minutes = person, standing.free_minutes(person)
        self._case, self._target, self._now = case, target, standing.weeks[person.id].minutes
        self._is_known = not standing.fair  # a fair share of clients or travel may make more of them cheaper
        ends = (float(person.comfortable_min_percent) / 100 * capacity, float(person.comfortable_max_percent) / 100 * capacity)
        self._corners = sorted((*ends, capacity, target - capacity / 10, target, target + capacity / 10))
        hours = [sum(load_hours(case, person, corner, target)) for corner in self._corners]
        self._least_from = [*list(accumulate(reversed(hours), min))[::-1], float("inf")]
        self._hours_now = sum(load_hours(case, person, self._now, target))

    def least_hours(self, minutes: int) -> float:
        """What so many more minutes, or more than them, cost at least: the price of load is straight between its corners."""
        if not self._is_known:
            return float("-inf")
        after = self._now + minutes
        beyond = self._least_from[bisect_left(self._corners, after)]
        return min(beyond, sum(load_hours(self._case, self.person, after, self._target))) - self._hours_now - ROUNDING


class _Leaving:
    """One bundle that may leave its holder: a floor of what that changes, and, when it is asked for, the cheapest door."""

    __slots__ = ("_doors", "_found", "_is_sought", "_leaving_hours", "_removed_hours", "bundle", "floor_hours", "freed_minutes")

    def __init__(self, standing: Standing, holder: Practitioner, bundle: Bundle, doors: list[_Floor]) -> None:
        self.bundle, self.freed_minutes = bundle, sum(load_minutes(standing.case, holder, unit) for unit in bundle)
        self._removed_hours = sum(standing.removed_hours(holder, bundle).values())
        self._doors = (holder, doors)
        # Whoever has units of it now takes them without that price; everybody else pays at least so much.
        currents = {unit.current for unit in bundle} - {None, holder.id}
        self._leaving_hours = (
            0.0 if currents else sum(continuity(standing.case, other, unit) for other in _first(holder, doors) for unit in bundle)
        )
        floors = (floor for floor, _, other in doors if other is not holder)
        self.floor_hours = next(floors, float("inf")) + self._leaving_hours - self._removed_hours
        self._found: Move | None = None
        self._is_sought = False

    def cheapest(self, standing: Standing) -> Move | None:
        """The cheapest practitioner who may have it and has room; the first by id of several."""
        if not self._is_sought:
            self._found, self._is_sought = self._sought(standing), True
        return self._found

    def _sought(self, standing: Standing) -> Move | None:
        best: Move | None = None
        holder, doors = self._doors
        for floor, _, other in doors:
            if best is not None and floor + self._leaving_hours - self._removed_hours > best.change_hours:
                break
            if other is holder or not _takes(standing, other, self.bundle):
                continue
            change = sum(standing.added_hours(other, self.bundle).values()) - self._removed_hours
            if best is None or (change, other.id) < (best.change_hours, best.to.id):
                best = Move(self.bundle, other, self.freed_minutes, change)
        return best


def _first(holder: Practitioner, doors: list[_Floor]) -> list[Practitioner]:
    """Somebody else, if there is anybody."""
    return [other for _, _, other in doors[:2] if other is not holder][:1]


def _takes(standing: Standing, other: Practitioner, bundle: Bundle) -> bool:
    needed = sum(load_minutes(standing.case, other, unit) for unit in bundle)
    return standing.over_minutes(other, needed, bundle) <= 0 and all(is_eligible(standing.case, other, unit) for unit in bundle)
