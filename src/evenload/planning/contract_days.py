"""Which contract a visit belongs to, day by day, and what of the visits to come lies in whose days.

A visit counts to the contract that its allotment or its referral names, on the days of that contract; else to the contract of its
discipline on that day; else to the one of every discipline. Where several fit, to the one that ends first. Exact.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Bought:
    """One contract: its key, its first and last day, and its discipline; empty: every discipline."""

    key: int
    starts_on: date
    ends_on: date
    discipline: str = ""

    def holds(self, day: date, discipline: str) -> bool:
        """Whether it buys visits of this discipline on this day."""
        return self.starts_on <= day <= self.ends_on and self.discipline in ("", discipline)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days, the last one included, with so many visits on each."""

    first_day: date
    last_day: date
    visits_per_day: Fraction


def contract_of(contracts: Iterable[Bought], day: date, discipline: str, stated: int | None = None) -> int | None:
    """Key of the contract that a visit of this day and discipline counts to; `stated`: the one it names. None: no contract fits."""
    fitting = [one for one in contracts if one.holds(day, discipline)]
    if not fitting:
        return None
    return min(fitting, key=lambda one: (one.key != stated, one.discipline == "", one.ends_on, one.key)).key


def owners(contracts: Sequence[Bought], discipline: str, stated: int | None = None) -> tuple[tuple[date, date, int], ...]:
    """Stretches of days with the contract that they belong to, in order; days that belong to none are left out."""
    edges = sorted({day for one in contracts for day in (one.starts_on, one.ends_on + DAY)})
    found = []
    for first, after in pairwise(edges):
        key = contract_of(contracts, first, discipline, stated)
        if key is not None:
            found.append((first, after - DAY, key))
    return tuple(found)


def visits_by_contract(stretches: Iterable[Stretch], owned: Sequence[tuple[date, date, int]], *, from_day: date) -> dict[int, Fraction]:
    """Visits of these stretches on or after a day that lie in the days of each contract."""
    found: dict[int, Fraction] = defaultdict(Fraction)
    for stretch in stretches:
        for first, last, key in owned:
            days = (min(last, stretch.last_day) - max(first, stretch.first_day, from_day)).days + 1
            if days > 0:
                found[key] += days * stretch.visits_per_day
    return dict(found)
