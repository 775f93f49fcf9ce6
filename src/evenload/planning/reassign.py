"""A few bundles placed anew while everybody else keeps what they have: for a leave or a departure, where nothing else may move.

Exact prices, from the standing; regret insertion, then single moves and exchanges until none helps. For whole programs there
is `evenload.planning.optimise`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import combinations

from evenload.planning.case import Practitioner
from evenload.planning.eligibility import is_eligible
from evenload.planning.goals import waiting_hours
from evenload.planning.standing import Standing
from evenload.planning.targets import practitioners_by_discipline
from evenload.planning.travel import load_minutes
from evenload.planning.waiting_reasons import Bundle

WORTH_HOURS = 1e-6
"""A change below this is rounding."""

MOST_PASSES = 5


def placed_anew(standing: Standing, bundles: Sequence[Bundle], *, ruled_out: Collection[str] = ()) -> Standing:
    """The standing with these bundles, which nobody holds in it, placed as cheaply as single moves and exchanges find.

    A bundle for which nobody has room, or for whom everybody costs more than waiting, is left waiting. Nobody in `ruled_out`
    gets any; no hard rule is broken and nobody's maximum exceeded. Deterministic.
    """
    search = _Search(standing, sorted(bundles, key=lambda bundle: bundle[0].id), ruled_out)
    search.insert_by_regret()
    search.improve()
    return search.standing


class _Search:
    """The bundles' doors, and the standing as it becomes better."""

    def __init__(self, standing: Standing, bundles: list[Bundle], ruled_out: Collection[str]) -> None:
        self.standing, self.bundles, case = standing, bundles, standing.case
        by_discipline = practitioners_by_discipline(case)
        self.doors: dict[str, list[tuple[Practitioner, int]]] = {
            bundle[0].id: [
                (person, sum(load_minutes(case, person, unit) for unit in bundle))
                for person in by_discipline.get(bundle[0].discipline, [])
                if person.id not in ruled_out and all(is_eligible(case, person, unit) for unit in bundle)
            ]
            for bundle in bundles
            if bundle[0].held_back is None
        }
        self.waiting = {bundle[0].id: sum(waiting_hours(case, unit) for unit in bundle) for bundle in bundles}

    def insert_by_regret(self) -> None:
        """First the bundle that would lose most if its best door closed. Prices are counted again only at the door just used."""
        left = {bundle[0].id: bundle for bundle in self.bundles if bundle[0].id in self.doors}
        prices = {id: {person.id: self._price(person, needed, left[id]) for person, needed in self.doors[id]} for id in left}
        while left:
            id = max(left, key=lambda one: (self._regret(prices[one], self.waiting[one]), one))
            bundle = left.pop(id)
            to = self._best(prices[id], self.waiting[id])
            if to is None:
                continue
            self.standing = self.standing.with_bundle(bundle, to)
            for other, doors in prices.items():
                if other in left and to in doors:
                    person, needed = next(door for door in self.doors[other] if door[0].id == to)
                    doors[to] = self._price(person, needed, left[other])

    def _price(self, person: Practitioner, needed: int, bundle: Bundle) -> float | None:
        """Hours per week of giving her the bundle; None where it does not fit."""
        if self.standing.over_minutes(person, needed, bundle) > 0:
            return None
        return sum(self.standing.added_hours(person, bundle).values())

    @staticmethod
    def _best(prices: dict[str, float | None], waiting: float) -> str | None:
        fitting = [(price, id) for id, price in prices.items() if price is not None and price < waiting - WORTH_HOURS]
        return min(fitting)[1] if fitting else None

    @staticmethod
    def _regret(prices: dict[str, float | None], waiting: float) -> float:
        fitting = sorted(price for price in prices.values() if price is not None and price < waiting)
        return [*fitting, waiting, waiting][1] - [*fitting, waiting][0]

    def improve(self) -> None:
        """Single moves and exchanges of two, as long as one helps."""
        for _ in range(MOST_PASSES):
            moved = [self._moved(bundle) for bundle in self.bundles]
            exchanged = [self._exchanged(one, other) for one, other in combinations(self.bundles, 2)]
            if not any(moved) and not any(exchanged):
                return

    def _moved(self, bundle: Bundle) -> bool:
        id = bundle[0].id
        if id not in self.doors:
            return False
        now = self.standing.holder.get(id)
        without = self.standing.with_bundle(bundle, None)
        before, self.standing = self.standing, without
        prices = {person.id: self._price(person, needed, bundle) for person, needed in self.doors[id]}
        present = self.waiting[id] if now is None else prices.get(now)
        to = self._best(prices, self.waiting[id])
        best = self.waiting[id] if to is None else prices[to]
        if present is None or best is None or best >= present - WORTH_HOURS:
            self.standing = before
            return False
        self.standing = without.with_bundle(bundle, to)
        return True

    def _exchanged(self, one: Bundle, other: Bundle) -> bool:
        first, second = self.standing.holder.get(one[0].id), self.standing.holder.get(other[0].id)
        if first == second or first is None or second is None:
            return False
        if not self._has_door(one, second) or not self._has_door(other, first):
            return False
        without = self.standing.with_bundle((*one, *other), None)
        now = self._both(without, (one, first), (other, second))
        then = self._both(without, (one, second), (other, first))
        if now is None or then is None or then >= now - WORTH_HOURS:
            return False
        self.standing = without.with_bundle(one, second).with_bundle(other, first)
        return True

    def _has_door(self, bundle: Bundle, to: str) -> bool:
        return any(person.id == to for person, _ in self.doors[bundle[0].id])

    def _both(self, without: Standing, one: tuple[Bundle, str], other: tuple[Bundle, str]) -> float | None:
        """Hours per week of both placements; None where one of them is not possible."""
        hours, standing = 0.0, without
        for bundle, to in (one, other):
            door = next((door for door in self.doors[bundle[0].id] if door[0].id == to), None)
            if door is None or standing.over_minutes(*door, bundle) > 0:
                return None
            hours += sum(standing.added_hours(door[0], bundle).values())
            standing = standing.with_bundle(bundle, to)
        return hours
