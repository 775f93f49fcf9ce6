"""How evenly load lies within a team, and how much it changes from week to week.

Fairness: the Gini index of the loads in percent of each one's own hours, G = Σᵢ Σⱼ |xᵢ − xⱼ| / (2 n Σ x): 0 where all are equally
full, (n − 1) / n where one carries everything (Gini 1912). Volatility: the mean of |xₜ − xₜ₋₁| over weeks that follow each other,
in percentage points.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise


def gini(values: Iterable[Fraction]) -> Fraction | None:
    """The Gini index of these values (0 or more): 0 even, towards 1 uneven; None without values. ValueError for one below 0.

    Counted from the sorted values: G = Σₖ (2k − n − 1) xₖ / (n Σ x) with k = 1 … n, which is the double sum of the definition.
    """
    ordered = sorted(values)
    if not ordered:
        return None
    if ordered[0] < 0:
        raise ValueError(f"values of a Gini index: expected 0 or more, got {ordered[0]}")
    total, count = sum(ordered, Fraction(0)), len(ordered)
    if not total:
        return Fraction(0)
    weighted = sum(((2 * place - count - 1) * value for place, value in enumerate(ordered, start=1)), Fraction(0))
    return weighted / (count * total)


def changes(percents: Mapping[date, Fraction]) -> tuple[Fraction, ...]:
    """|xₜ − xₜ₋₁| in points for every pair of weeks (by first day) that follow each other, in order."""
    weeks = sorted(percents)
    pairs = [(before, after) for before, after in pairwise(weeks) if after - before == timedelta(weeks=1)]
    return tuple(abs(percents[after] - percents[before]) for before, after in pairs)


def volatility(percents: Mapping[date, Fraction]) -> Fraction | None:
    """One person's mean change from week to week, in points; None where no two weeks follow each other."""
    return mean(changes(percents))


def mean(values: Sequence[Fraction]) -> Fraction | None:
    """The mean; None without values."""
    return sum(values, Fraction(0)) / len(values) if values else None
