"""Targets and fair shares, kept up to date when hours or demand change: `targets.targets` and `targets.fair_shares` in arrays.

Targets are whole minutes: floats decide them, and what lies on a rounding edge is decided by exact fractions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from evenload.planning.case import Practitioner, round_half_up
from evenload.planning.optimise.arrays import Floats, Ints, Longs

EDGE_MINUTES = 1e-6
"""How near to a rounding edge a target is left to fractions."""


@dataclass(frozen=True, slots=True)
class Demand:
    """What the units of one discipline ask for, held-back ones left out."""

    minutes: int = 0
    """with the nearest travel where the class has no travel standard"""
    clients: int = 0
    travel_minutes: int = 0
    """nearest travel of all units"""

    def plus(self, other: Demand, sign: int = 1) -> Demand:
        """Both together, or one less the other."""
        return Demand(
            self.minutes + sign * other.minutes, self.clients + sign * other.clients, self.travel_minutes + sign * other.travel_minutes
        )


@dataclass(frozen=True, slots=True)
class Supply:
    """Capacities by practitioner, and summed by sets of disciplines: people of one set have the same shares."""

    sets: tuple[tuple[str, ...], ...]
    set_of: Ints
    """int32[P]"""
    middle: tuple[Fraction, ...]
    """[P] middle of the comfortable range, as a share of B"""
    middle_float: Floats
    high: tuple[Fraction, ...]
    """[P] top of the comfortable range, as a share of B"""
    high_float: Floats
    capacity: Longs
    """int64[P] B in minutes"""
    weighted: tuple[Fraction, ...]
    """per set: Σ capacity × middle"""
    total: tuple[int, ...]
    """per set: Σ capacity"""

    def with_capacity(self, p: int, minutes: int) -> Supply:
        """The supply after practitioner p got another capacity."""
        number, more = int(self.set_of[p]), minutes - int(self.capacity[p])
        capacity = self.capacity.copy()
        capacity[p] = minutes
        weighted, total = list(self.weighted), list(self.total)
        weighted[number] += more * self.middle[p]
        total[number] += more
        return replace(self, capacity=capacity, weighted=tuple(weighted), total=tuple(total))

    def targets(self, demand: dict[str, Demand]) -> Floats:
        """float64[P]: whole minutes per week, as `targets.targets` counts them."""
        wanted = self._wanted(demand)
        floats = np.array([float(ratio) for ratio in wanted])
        share = np.minimum(self.high_float, floats[self.set_of] * self.middle_float) if len(wanted) else self.high_float
        minutes = share * self.capacity + 0.5
        target = np.floor(minutes)
        for p in np.flatnonzero(np.abs(minutes - np.rint(minutes)) < EDGE_MINUTES):
            exact = min(self.high[p], wanted[self.set_of[p]] * self.middle[p]) * int(self.capacity[p])
            target[p] = round_half_up(exact)
        return target

    def _shares(self, disciplines: tuple[str, ...], demand: dict[str, Demand]) -> dict[str, Fraction]:
        asked = {code: demand[code].minutes if code in demand else 0 for code in disciplines}
        total = sum(asked.values())
        return {code: Fraction(minutes, total) if total else Fraction(1, len(asked)) for code, minutes in asked.items()}

    def _wanted(self, demand: dict[str, Demand]) -> list[Fraction]:
        """Per set of disciplines: load per middle of the range."""
        shares = [self._shares(disciplines, demand) for disciplines in self.sets]
        weighted = dict.fromkeys(demand, Fraction(0))
        for number, of_set in enumerate(shares):
            for code, share in of_set.items():
                if code in weighted:
                    weighted[code] += share * self.weighted[number]
        ratio = {code: demand[code].minutes / weighted[code] if weighted[code] else Fraction(0) for code in demand}
        return [sum((share * ratio.get(code, Fraction(0)) for code, share in of_set.items()), Fraction(0)) for of_set in shares]

    def fair(self, demand: dict[str, Demand]) -> tuple[Floats, Floats]:
        """float64[P] fair clients and fair travel minutes, as `targets.fair_shares` counts them."""
        shares = [self._shares(disciplines, demand) for disciplines in self.sets]
        capacity: dict[str, Fraction] = {}
        for number, of_set in enumerate(shares):
            for code, share in of_set.items():
                capacity[code] = capacity.get(code, Fraction(0)) + share * self.total[number]
        clients, travel = np.zeros(len(shares)), np.zeros(len(shares))
        for number, of_set in enumerate(shares):
            for code, share in of_set.items():
                if capacity[code] and code in demand:
                    clients[number] += float(share * demand[code].clients / capacity[code])
                    travel[number] += float(share * demand[code].travel_minutes / capacity[code])
        return clients[self.set_of] * self.capacity, travel[self.set_of] * self.capacity


def supply_of(people: Sequence[Practitioner]) -> Supply:
    """The supply of these practitioners."""
    sets: dict[tuple[str, ...], int] = {}
    set_of = np.array([sets.setdefault(p.disciplines, len(sets)) for p in people], np.int32)
    middle = tuple((p.comfortable_min_percent + p.comfortable_max_percent) / 200 for p in people)
    high = tuple(p.comfortable_max_percent / 100 for p in people)
    weighted, total = [Fraction(0)] * len(sets), [0] * len(sets)
    for person, number, share in zip(people, set_of, middle, strict=True):
        weighted[number] += person.capacity_minutes * share
        total[number] += person.capacity_minutes
    return Supply(
        sets=tuple(sets),
        set_of=set_of,
        middle=middle,
        middle_float=np.array([float(share) for share in middle], np.float64),
        high=high,
        high_float=np.array([float(share) for share in high], np.float64),
        capacity=np.array([p.capacity_minutes for p in people], np.int64),
        weighted=tuple(weighted),
        total=tuple(total),
    )
